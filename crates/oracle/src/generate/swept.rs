//! Tables into which the application writes while rows are deleted, and what it writes.
//!
//! It comes from dice of its own, like what is drawn on top.

use engine::policy::model::{Policy, TableId};
use engine::schema::Class;
use engine::value::Value;

use super::dice::Dice;
use super::shape::{Column, Shape, Values};
use super::threads::{reference, table, to};
use crate::world::{Row, World};

const SAID: &str = "sweep = \"after\"";

/// Has some tables written into meanwhile: those that nothing else is said of, and some of their own.
pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    for t in 0..shape.tables.len() {
        if is_apart(shape, t) && dice.chance(40) {
            shape.tables[t].keys.push(SAID.to_owned());
        }
    }
    if dice.chance(90) {
        logs(dice, shape);
    }
}

/// What is written there changes nothing for any other row, and makes nobody a person.
fn is_apart(shape: &Shape, t: usize) -> bool {
    let table = &shape.tables[t];
    let refers = |values: Values| match values {
        Values::Reference { table, .. } | Values::Seen { table } | Values::Ticket { table } => table == t,
        _ => false,
    };
    let referred = shape.tables.iter().flat_map(|t| &t.columns).any(|c| refers(c.values));
    let named = format!("{}.", table.name);
    let of_tables = shape.tables.iter().flat_map(|t| t.links.iter().chain(&t.decided).chain(&t.keys));
    let spoken_of = of_tables.chain(shape.systems.iter().map(|s| &s.subjects)).any(|said| said.contains(&named));
    let own = || table.links.iter().chain(&table.decided);
    let plain = !own().any(|said| ["last = ", "file = ", "text = ", "by = "].iter().any(|word| said.contains(word)));
    let free = !table.ignored && !table.keyless && table.person.is_none() && !shape.systems[table.system].files;
    free && !table.links.is_empty() && !referred && !spoken_of && plain
}

/// Who did what to which order, as triggers and audits write it.
fn logs(dice: &mut Dice, shape: &mut Shape) {
    let persons = shape.tables.iter().position(|t| t.person.is_some()).expect("tables of persons");
    let (role, fate) = dice.pick(&[
        ("owner", ""),
        ("author", ", on_erase = \"delete\""),
        ("author", ", on_erase = \"delete\""),
        ("author", ", on_erase = \"delete\""),
        ("co_owner", ""),
    ]);
    let orders = vec![reference("who", persons), reference("too", persons)];
    let links = vec![to(role, "who", shape, persons, fate), to("mention", "too", shape, persons, "")];
    let orders = table(shape, "orders", orders, links);
    for name in ["logs", "marks", "seen"] {
        let columns = vec![
            reference("who", persons),
            reference("what", orders),
            Column::new("c0", Class::Text, true, Values::Name),
        ];
        let (first, said) = dice.pick(&[
            ("owner", ""),
            ("author", ""),
            ("author", ", untie = \"null\""),
            ("co_owner", ""),
            ("mention", ""),
            ("viewer", ""),
            ("owner", ", on_erase = \"scrub\""),
            ("owner", ", on_erase = { keep = \"tax\", until = 2099-01-01 }"),
        ]);
        let second = dice.pick(&["part", "part", "part", "mention", "author"]);
        let links = vec![to(first, "who", shape, persons, said), to(second, "what", shape, orders, "")];
        let t = table(shape, name, columns, links);
        shape.tables[t].decided.push("c0 = { category = \"user.name\", of = \"who\" }".to_owned());
        shape.tables[t].keys.push(SAID.to_owned());
    }
}

/// What is written while an erasure is carried out: rows like those that are there, under keys that nobody had.
pub(super) fn meanwhile(dice: &mut Dice, policy: &Policy, world: &World) -> Vec<(TableId, Row)> {
    let mut came = Vec::new();
    for table in policy.table_ids() {
        let t = policy.table(table);
        let [key] = t.key[..] else { continue };
        let unique = t.columns.iter().enumerate().any(|(at, c)| at != key && c.unique);
        if !t.sweep_after || t.keyless || unique {
            continue;
        }
        for row in world.rows(table).iter().filter(|row| matches!(row[key], Value::Int(_))) {
            if dice.chance(80) {
                let mut row = row.clone();
                row[key] = Value::Int(5_000 + came.len() as i64);
                came.push((table, row));
            }
        }
    }
    came
}
