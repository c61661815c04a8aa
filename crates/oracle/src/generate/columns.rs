//! Columns that are neither keys nor references. Their `of` is added with the links.

use engine::schema::Class;

use super::dice::Dice;
use super::shape::{Column, Shape, Values};

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    for table in shape.tables.iter_mut().filter(|t| t.person.is_none() && !t.ignored && !t.association) {
        if dice.chance(60) {
            table.columns.push(Column::new("status", Class::Text, false, Values::Status));
            table.decided.push("status = \"system.operations\"".to_owned());
            if dice.chance(25) {
                table.keys.push("set_on_scrub = { status = \"erased\" }".to_owned());
            }
        }
        for n in 0..dice.below(4) {
            let (class, values) = dice.pick(&[
                (Class::Text, Values::Body),
                (Class::Text, Values::Body),
                (Class::Text, Values::Name),
                (Class::Int, Values::Number),
            ]);
            table.columns.push(Column::new(format!("c{n}"), class, dice.chance(60), values));
        }
    }
}

/// What the map says of such a column, now that the links have names.
pub(super) fn decide(dice: &mut Dice, table: &mut super::shape::Table) {
    for column in table.columns.iter().filter(|c| c.name.starts_with('c') && c.name.len() == 2) {
        let mut said = vec!["category = \"user.content\"".to_owned()];
        if column.values == Values::Body && dice.chance(70) {
            said.push(if column.name == "c1" { "text = \"all\"" } else { "text = true" }.to_owned());
        }
        if !table.names.is_empty() && dice.chance(50) {
            said.push(format!("of = \"{}\"", dice.pick(&table.names)));
        }
        if dice.chance(7) {
            said.push("access = \"withhold\"".to_owned());
        }
        let must = !column.nullable && column.class == Class::Int;
        if must || dice.chance(40) {
            said.push(format!("erase = {}", action(dice, column, table.columns.iter().any(|c| c.name == "status"))));
        }
        table.decided.push(format!("{} = {{ {} }}", column.name, said.join(", ")));
    }
}

fn action(dice: &mut Dice, column: &Column, has_status: bool) -> String {
    let mut possible = vec![];
    match column.class {
        Class::Text => possible.extend(["\"blank\"", "\"hash\"", "{ replace = \"removed\" }", "\"redact\""]),
        _ => possible.push("{ replace = 0 }"),
    }
    if column.nullable {
        possible.push("\"null\"");
    }
    if dice.chance(8) {
        possible = vec!["{ keep = \"tax\" }"];
    }
    let first = dice.pick(&possible);
    if has_status && dice.chance(20) {
        let second = dice.pick(&possible);
        return format!("[{{ when = {{ status = \"open\" }}, do = {first} }}, {{ do = {second} }}]");
    }
    first.to_owned()
}
