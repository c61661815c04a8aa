//! A system of files, columns that name its objects, and pictures that hold a code in their name.

use engine::schema::Class;

use super::dice::Dice;
use super::shape::{Column, Shape, System, Table, Values};

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    if !dice.chance(40) {
        return;
    }
    let system = shape.systems.len();
    shape.systems.push(System { name: "vault", subjects: String::new(), ignored: Vec::new(), files: true });
    let mut named = false;
    for table in shape.tables.iter_mut().filter(|t| t.person.is_none() && !t.ignored && !t.association) {
        if dice.chance(60) {
            named = true;
            name_a_file(dice, table);
        }
    }
    let coded = shape.tables.iter().find(|t| t.person.is_some() && t.columns.iter().any(|c| c.name == "code"));
    let coded = coded.map(|t| (shape.systems[t.system].name, t.name.clone()));
    if let Some((of, persons)) = coded.filter(|_| dice.chance(70) || !named) {
        let role = dice.pick(&["owner", "owner", "mention"]);
        let untie = if role == "mention" { ", untie = \"delete\"" } else { "" };
        let link = format!("{{ role = \"{role}\", column = \"code\", to = \"{of}:{persons}.code\"{untie} }}");
        let mut pictures = files(system, "pictures", Values::Picture);
        pictures.columns.insert(1, Column::new("code", Class::Text, false, Values::PictureOf));
        pictures.keys.push("path = \"pictures/{code}.png\"".to_owned());
        pictures.links.push(link);
        shape.tables.push(pictures);
        named = true;
    }
    let mut objects = files(system, "objects", Values::Object);
    objects.ignored = true;
    if !named {
        shape.systems[system].ignored.push("objects".to_owned());
    }
    shape.tables.push(objects);
}

fn name_a_file(dice: &mut Dice, table: &mut Table) {
    table.columns.push(Column::new("file", Class::Text, true, Values::Named));
    let mut said = vec![format!("category = \"{}\"", dice.pick(&["user.content", "system.operations"]))];
    said.push("file = \"vault\"".to_owned());
    if dice.chance(40) {
        table.columns.push(Column::new("sum", Class::Text, true, Values::Sum));
        table.decided.push("sum = \"system.operations\"".to_owned());
        said.push("shared_by = \"sum\"".to_owned());
    }
    if dice.chance(30) {
        said.push("form = \"f/{}\"".to_owned());
    }
    if dice.chance(10) {
        said.push("access = \"withhold\"".to_owned());
    }
    table.decided.push(format!("file = {{ {} }}", said.join(", ")));
}

fn files(system: usize, name: &str, path: Values) -> Table {
    let columns = vec![
        Column::new("path", Class::Text, false, path),
        Column::new("size", Class::Int, false, Values::Number),
        Column::new("modified", Class::Text, false, Values::Status),
        Column::new("version", Class::Text, false, Values::Status),
    ];
    Table { system, name: name.to_owned(), columns, ..Table::default() }
}
