//! What is drawn on top of a case: rows of several people, what may be seen, parts that go last, conditions on the other row.
//!
//! It comes from dice of its own, so that a seed's case without it stays what it was when it first showed a difference.

use engine::schema::Class;
use engine::value::Value;

use super::dice::Dice;
use super::features::has;
use super::shape::{Column, Shape, Table, Values};
use super::threads;
use crate::resolve::Question;

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    if dice.chance(25) {
        beside(dice, shape);
    }
    if dice.chance(85) {
        threads::draw(dice, shape);
    }
    for t in 0..shape.tables.len() {
        if shape.tables[t].ignored || shape.systems[shape.tables[t].system].files {
            continue;
        }
        if has("co_owner") && shape.tables[t].person.is_none() && dice.chance(45) {
            co_own(dice, shape, t);
        }
        for l in 0..shape.tables[t].links.len() {
            link(dice, shape, t, l);
        }
    }
}

fn is(link: &str, role: &str) -> bool {
    link.contains(&format!("role = \"{role}\""))
}

fn add(table: &mut Table, l: usize, said: &str) {
    let link = &mut table.links[l];
    link.truncate(link.len() - 2);
    link.push_str(&format!(", {said} }}"));
}

/// A table of more addresses of the first persons.
fn beside(dice: &mut Dice, shape: &mut Shape) {
    let persons = shape.tables.iter().position(|t| t.person.is_some()).expect("tables of persons");
    let (system, name) = (shape.tables[persons].system, shape.tables[persons].name.clone());
    let subjects = &mut shape.systems[system].subjects;
    *subjects =
        subjects.replacen("email = { column = \"email\"", "email = { column = [\"email\", \"beside.email\"]", 1);
    let columns = vec![
        Column::new("id", Class::Int, false, Values::Key),
        Column::new("who", Class::Int, true, Values::Reference { table: persons, wild: true }),
        Column::new("email", Class::Text, true, Values::Email),
    ];
    let role = dice.pick(&["owner", "part"]);
    let links = vec![format!("{{ as = \"who\", role = \"{role}\", column = \"who\", to = \"{name}.id\" }}")];
    let decided = vec!["email = \"user.contact.email\"".to_owned()];
    shape.tables.push(Table { system, name: "beside".to_owned(), columns, links, decided, ..Table::default() });
}

/// What one person had alone is several people's: a second column leads to another of them.
fn co_own(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let owners: Vec<usize> =
        (0..shape.tables[t].links.len()).filter(|&l| is(&shape.tables[t].links[l], "owner")).collect();
    if owners.is_empty() {
        return;
    }
    for &l in &owners {
        let link = &mut shape.tables[t].links[l];
        *link = link.replace("role = \"owner\"", "role = \"co_owner\"");
    }
    if !shape.tables[t].association {
        super::links::co_owner(dice, shape, t);
    }
}

fn link(dice: &mut Dice, shape: &mut Shape, t: usize, l: usize) {
    let text = shape.tables[t].links[l].clone();
    let table = &mut shape.tables[t];
    if is(&text, "co_owner") && has("while_shared") && dice.chance(45) {
        let loose = table.columns.iter().find(|c| c.nullable && c.name.starts_with('c')).map(|c| c.name.clone());
        let listed = loose.map_or("\"scrub\"".to_owned(), |c| format!("{{ null = [\"{c}\"] }}"));
        let fates = ["\"none\"", "\"untie\"", "\"untie\"", "\"delete\"", "{ keep = \"tax\" }", &listed];
        add(table, l, &format!("while_shared = {}", dice.pick(&fates)));
    }
    if is(&text, "part") && has("last") && dice.chance(30) {
        add(table, l, "last = true");
    }
    let turns = ["mention", "author", "owner"].into_iter().find(|role| is(&text, role));
    if let Some(role) = turns.filter(|_| table.person.is_none() && has("viewer") && dice.chance(28)) {
        table.links[l] = table.links[l].replace(&format!("role = \"{role}\""), "role = \"viewer\"");
    }
    if has("to_when") && dice.chance(20) {
        to_when(shape, t, l);
    }
}

/// Only where the other row has a status.
fn to_when(shape: &mut Shape, t: usize, l: usize) {
    let link = &shape.tables[t].links[l];
    let end = link.split(", ").find_map(|part| part.strip_prefix("to = \"").or(part.strip_prefix("by = \"")));
    let Some(end) = end.and_then(|e| e.split('"').next()) else { return };
    let name = end.rsplit(':').next().and_then(|e| e.split('.').next()).unwrap_or_default();
    let has_status = |t: &&Table| t.name == name && t.columns.iter().any(|c| c.name == "status");
    if shape.tables.iter().any(|t| has_status(&t)) {
        add(&mut shape.tables[t], l, "to_when = { status = \"open\" }");
    }
}

/// Questions that are refused more often than chance would have it.
pub(super) fn ask(dice: &mut Dice, question: &mut Question) {
    if dice.chance(5) {
        question.identities.iter_mut().for_each(|(_, value)| *value = Value::text(""));
    }
    if dice.chance(60) {
        question.tenant = None;
    }
}
