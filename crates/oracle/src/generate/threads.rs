//! Cases with posts and answers by several people, and who watches them: where texts name somebody who wrote nothing.

use engine::schema::Class;

use super::dice::Dice;
use super::shape::{Column, Shape, Table, Values};

/// Four tables in the first system, around its persons.
pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    let persons = shape.tables.iter().position(|t| t.person.is_some()).expect("tables of persons");
    let opener = dice.pick(&["owner", "author", "mention", "mention", "mention"]);
    let cases = table(shape, "cases", vec![reference("who", persons)], vec![to(opener, "who", shape, persons, "")]);
    let fate = dice.pick(&["", ", on_erase = \"delete\"", ", on_erase = { null = [\"c0\"] }"]);
    let posts = vec![
        reference("up", cases),
        reference("who", persons),
        body(),
        Column::new("c0", Class::Text, true, Values::Name),
    ];
    let links = vec![to("part", "up", shape, cases, ""), to("author", "who", shape, persons, fate)];
    let posts = table(shape, "posts", posts, links);
    let answers = vec![reference("up", posts), reference("who", persons), body()];
    let links = vec![to("part", "up", shape, posts, ""), to("author", "who", shape, persons, "")];
    table(shape, "answers", answers, links);
    let watching = Values::Reference { table: persons, wild: true };
    let columns = vec![Column::new("who", Class::Int, false, watching), reference("what", cases)];
    let links =
        vec![to("mention", "who", shape, persons, ", untie = \"delete\""), to("part", "what", shape, cases, "")];
    let watchers = table(shape, "watchers", columns, links);
    shape.tables[watchers].association = true;
    for t in [posts, watchers - 1] {
        shape.tables[t].decided.push("body = { category = \"user.content\", text = true, of = \"who\" }".to_owned());
    }
    shape.tables[posts].decided.push("c0 = \"user.name\"".to_owned());
}

pub(super) fn table(shape: &mut Shape, name: &str, more: Vec<Column>, links: Vec<String>) -> usize {
    let mut columns = vec![Column::new("id", Class::Int, false, Values::Key)];
    columns.extend(more);
    let system = shape.tables.iter().find(|t| t.person.is_some()).map_or(0, |t| t.system);
    shape.tables.push(Table { system, name: name.to_owned(), columns, links, ..Table::default() });
    shape.tables.len() - 1
}

pub(super) fn reference(name: &str, table: usize) -> Column {
    Column::new(name, Class::Int, true, Values::Reference { table, wild: true })
}

fn body() -> Column {
    Column::new("body", Class::Text, true, Values::Told)
}

pub(super) fn to(role: &str, column: &str, shape: &Shape, target: usize, said: &str) -> String {
    let target = &shape.tables[target].name;
    format!("{{ as = \"{column}\", role = \"{role}\", column = \"{column}\", to = \"{target}.id\"{said} }}")
}
