//! What is drawn on top of a case: columns with every action, documents, patterns, copies, numbers that count from 1970,
//! references within texts and documents, stand-ins for rows and combinations, addresses that several people share.
//!
//! It comes from dice of its own, so that a seed's case without it stays what it was when it first showed a difference.

use engine::policy::model::{Match, Policy};
use engine::schema::Class;
use engine::value::Value;

use super::dice::Dice;
use super::shape::{Column, Shape, Table, Values};
use crate::world::World;

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape, bytes: bool) {
    for system in 0..shape.systems.len() {
        scopes(dice, shape, system);
    }
    for t in 0..shape.tables.len() {
        let table = &shape.tables[t];
        if table.ignored || table.association || shape.systems[table.system].files {
            continue;
        }
        if dice.chance(45) {
            for n in 0..1 + dice.below(3) {
                column(dice, &mut shape.tables[t], n, bytes);
            }
        }
        if shape.tables[t].person.is_none() && dice.chance(30) {
            within(dice, shape, t);
        }
        if dice.chance(25) {
            period(dice, &mut shape.tables[t]);
        }
    }
    for t in 0..shape.tables.len() {
        if dice.chance(35) {
            copy(dice, shape, t);
        }
    }
}

/// Stand-ins for each row, or for each combination of values of a column that every table has.
fn scopes(dice: &mut Dice, shape: &mut Shape, system: usize) {
    let scope = dice.pick(&["", "", "scope = \"row\"\n", "scope = [\"id\"]\n", "scope = \"person\"\n"]);
    let subjects = &mut shape.systems[system].subjects;
    let line = "email = \"{token:12}@gone.example\"\n";
    *subjects = subjects.replace(line, &format!("{line}{scope}"));
}

fn push(table: &mut Table, name: &str, class: Class, values: Values, said: String) {
    table.columns.push(Column::new(name, class, true, values));
    table.decided.push(format!("{name} = {{ {said} }}"));
}

/// A column with an action that its values call for.
fn column(dice: &mut Dice, table: &mut Table, n: usize, bytes: bool) {
    let name = format!("x{n}");
    let of = match table.names.is_empty() || dice.chance(60) {
        true => String::new(),
        false => format!(", of = \"{}\"", dice.pick(&table.names)),
    };
    let erase = |what: &str| format!("category = \"user.content\"{of}, erase = \"{what}\"");
    let address =
        format!("category = \"user.device.ip_address\"{of}, erase = \"{}\"", dice.pick(&["truncate_ip", "generalise"]));
    let postcode = format!("category = \"user.contact.address.postal_code\"{of}, erase = \"generalise\"");
    let text = format!("category = \"user.content\"{of}, text = true");
    let inside = "json = { \"$.by\" = \"user.name\", \"$.list[*].by\" = \"user.name\" }";
    let place = format!("category = \"system.operations\"{of}, codec = \"json\", {inside}");
    let (class, values, said) = match dice.below(if bytes { 15 } else { 12 }) {
        0 | 11 => (Class::Text, Values::Ip, address),
        1 => (Class::Text, Values::Code, erase("pseudonym")),
        2 => (Class::Int, Values::Amount, erase("generalise")),
        3 => (
            Class::Int,
            Values::Epoch,
            format!("{}, time = \"{}\"", erase("generalise"), dice.pick(&["s", "ms", "us"])),
        ),
        4 => (Class::Text, Values::Zip, postcode),
        5 => (Class::Text, Values::Body, erase("shred")),
        6 => (Class::Text, Values::Document, format!("{text}, codec = \"json\"")),
        7 => (Class::Text, Values::Document, place),
        8 => (Class::Text, Values::Document, format!("{text}, codec = \"json\", {inside}, erase = \"redact\"")),
        9 => (Class::Text, Values::Query, format!("{text}, codec = \"url\"")),
        12 => (Class::Bytes, Values::Body, text),
        13 => (Class::Bytes, Values::Body, format!("{text}, erase = \"redact\"")),
        14 => (Class::Bytes, Values::Document, format!("{text}, codec = \"json\", {inside}")),
        _ => (Class::Text, Values::Formed, format!("{text}, form = [\"from {{}}: *\", \"*, by {{}}\"]")),
    };
    push(table, &name, class, values, said);
}

/// A reference inside a document or a text.
fn within(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let persons: Vec<usize> = (0..shape.tables.len()).filter(|&p| shape.tables[p].person.is_some()).collect();
    let target = dice.pick(&persons);
    let same = shape.tables[t].system == shape.tables[target].system;
    let to = match same {
        true => format!("{}.id", shape.tables[target].name),
        false => format!("{}:{}.id", shape.systems[shape.tables[target].system].name, shape.tables[target].name),
    };
    let who = shape.tables[target].person.clone().expect("a table of persons");
    let mut ways = vec!["", ", untie = \"null\""];
    ways.extend(who.nobody.then_some(", untie = \"nobody\""));
    let role = dice.pick(&["mention", "mention", "author", "owner"]);
    let (values, reading) = match dice.below(3) {
        0 => (Values::Seen { table: target }, "codec = \"json\", path = \"$.seen[*]\""),
        1 => (Values::Seen { table: target }, "path = \"$.list[*].id\""),
        _ => (Values::Ticket { table: target }, "form = [\"Ticket-{}\", \"*/user-{}\"]"),
    };
    match values {
        Values::Seen { .. } => ways.extend([", untie = \"drop\"", ", untie = \"drop\"", ", untie = \"pseudonym\""]),
        _ => ways.extend([", untie = \"pseudonym\"", ", untie = \"blank\""]),
    }
    ways.extend(who.placeholder.then_some(", untie = \"placeholder\""));
    let untie = dice.pick(&ways);
    let table = &mut shape.tables[t];
    let name = format!("l{}", table.names.len());
    table.names.push(name.clone());
    table.columns.push(Column::new("within", Class::Text, true, values));
    table.decided.push("within = \"system.operations\"".to_owned());
    table.links.push(format!(
        "{{ as = \"{name}\", role = \"{role}\", column = \"within\", to = \"{to}\", {reading}{untie} }}"
    ));
}

/// A law that keeps rows for some years after a number that counts from 1970.
fn period(dice: &mut Dice, table: &mut Table) {
    let free: Vec<usize> = (0..table.links.len()).filter(|&l| !table.links[l].contains("on_erase")).collect();
    if free.is_empty() {
        return;
    }
    let link = &mut table.links[dice.pick(&free)];
    link.truncate(link.len() - 2);
    link.push_str(", on_erase = { keep = \"tax\", until = { column = \"made\", period = \"P5Y\" } } }");
    push(table, "made", Class::Int, Values::Made, "category = \"system.operations\", time = \"ms\"".to_owned());
}

/// A copy of a column of the same table, or of another one of the system.
fn copy(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let table = &shape.tables[t];
    if table.ignored || table.association || shape.systems[table.system].files {
        return;
    }
    let mut sources = Vec::new();
    for (s, source) in shape.tables.iter().enumerate().filter(|(_, s)| s.system == table.system && !s.ignored) {
        for column in &source.columns {
            let free = column.name.len() == 2 && column.name.starts_with(['c', 'x']);
            if free && (s == t || dice.chance(25)) {
                let name = if s == t { column.name.clone() } else { format!("{}.{}", source.name, column.name) };
                sources.push((name, column.class, column.values));
            }
        }
    }
    if sources.is_empty() {
        return;
    }
    let (source, class, values) = dice.pick(&sources);
    // Written anew, so that nothing said of the source comes from the copy.
    let said = if values == Values::Epoch { ", time = \"ms\"" } else { "" };
    let codec = if values == Values::Document { ", codec = \"json\"" } else { "" };
    push(&mut shape.tables[t], "copied", class, values, format!("copy_of = \"{source}\"{said}{codec}"));
    if dice.chance(40) {
        push(&mut shape.tables[t], "again", class, values, format!("copy_of = \"copied\"{said}{codec}"));
    }
}

/// Mailboxes of offices instead of some addresses.
pub(super) fn share(dice: &mut Dice, policy: &Policy, world: World) -> World {
    if !dice.chance(20) {
        return world;
    }
    let mut shared = World::new(policy);
    let populations: Vec<_> = policy.kinds.iter().flat_map(|k| &k.populations).collect();
    for (id, row) in world.all(policy) {
        let mut row = row.clone();
        let identities = populations.iter().flat_map(|p| &p.identities).filter(|i| i.table == id.0);
        for identity in identities.filter(|i| i.matching == Match::Email && i.reading.is_plain()) {
            if dice.chance(30) {
                row[identity.column] = Value::text(dice.pick(&["info@x.example", "Info@x.example", "ann@x.example"]));
            }
        }
        shared.insert(id.0, row);
    }
    shared
}
