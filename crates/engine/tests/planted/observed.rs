//! What somebody observed of a live system, as pages of the manual write it in blocks marked `live` and `locked`:
//!
//! ```text
//! slow orders.customer_id 250000      # a question by that column passes over the table
//! read least                          # the reading role holds what it needs ..
//! read and UPDATE orders.note         # .. and more
//! write least
//! write without DELETE orders         # .. or less
//! ```
//!
//! A block `locked` describes the tables of the locked schema beside `customers`.

use std::collections::BTreeMap;

use engine::diagnostic::Diagnostic;
use engine::grants::{Held, Rights, Side, needs};
use engine::live::{Observed, Slow, drifted, findings};
use engine::plan::lookups;
use engine::policy::compile::compile;
use engine::policy::model::{Policy, SystemId};
use engine::policy::parse;
use engine::schema::Schema;
use engine::source::Source;

use crate::compact;

/// Findings about what the blocks observed of system `desk`.
pub fn found(blocks: &[(&str, &str)], source: &Source, live: &BTreeMap<String, Schema>, base: &str) -> Vec<Diagnostic> {
    let (mut folder, _) = parse::parse(source);
    for (_, lines) in blocks.iter().filter(|(info, _)| *info == "locked") {
        folder.schemas.insert("desk".to_owned(), compact::schema(&format!("{base}\n{lines}")));
    }
    let mut found = drifted(&folder, live);
    let policy = compile(source, Some(live)).policy;
    for (_, lines) in blocks.iter().filter(|(info, _)| *info == "live") {
        let policy = policy.as_ref().expect("an example that is observed compiles");
        let seen = observed(policy, &live["desk"], lines);
        found.extend(findings(&folder, policy, live, &BTreeMap::from([("desk".to_owned(), seen)])));
    }
    found
}

fn observed(policy: &Policy, schema: &Schema, lines: &str) -> Observed {
    let mut seen = Observed::default();
    let system = policy.system_named("desk").expect("system desk");
    for line in lines.lines().filter(|l| !l.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["slow", place, rows] => seen.slow.push(slow(policy, system, place, rows)),
            [side, "least"] => drop(seen.held.insert(named(side), least(policy, system, schema, named(side)))),
            [side, verb @ ("and" | "without"), privilege, place] => {
                let held = seen.held.get_mut(&named(side)).expect("`least` before");
                change(held, verb == "and", privilege, place);
            }
            _ => panic!("{line}"),
        }
    }
    seen
}

fn named(side: &str) -> Side {
    match side {
        "read" => Side::Read,
        "write" => Side::Write,
        other => panic!("no side {other}"),
    }
}

fn slow(policy: &Policy, system: SystemId, place: &str, rows: &str) -> Slow {
    let (table, column) = place.split_once('.').expect("table.column");
    let mut all = lookups(policy, system).into_iter();
    let lookup = all.find(|l| l.select.table == table && l.columns() == [column]).expect("such a question");
    let index = format!("CREATE INDEX CONCURRENTLY ON \"public\".\"{table}\" (\"{column}\");");
    Slow { lookup, rows: rows.parse().expect("a number"), indexes: vec![index] }
}

fn least(policy: &Policy, system: SystemId, schema: &Schema, side: Side) -> Held {
    let needs = needs(policy, system, schema);
    let mut tables = needs.of(side).clone();
    for rights in tables.values_mut() {
        rights.update.extend(rights.lock.take());
    }
    let role = if side == Side::Read { "desk_read" } else { "desk_write" };
    Held { role: role.to_owned(), usage: true, tables, sequences: needs.sequences, ..Held::default() }
}

fn change(held: &mut Held, add: bool, privilege: &str, place: &str) {
    let (table, column) = place.split_once('.').map_or((place, None), |(t, c)| (t, Some(c)));
    let rights: &mut Rights = held.tables.entry(table.to_owned()).or_default();
    let list = match privilege {
        "SELECT" => &mut rights.select,
        "INSERT" => &mut rights.insert,
        "UPDATE" => &mut rights.update,
        "DELETE" => return rights.delete = add,
        other => panic!("no privilege {other}"),
    };
    let column = column.expect("a column").to_owned();
    if add {
        list.insert(column);
    } else {
        list.remove(&column);
    }
}
