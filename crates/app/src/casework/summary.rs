//! A plan as lines of a table: per system and table, rows by what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use engine::plan::{Action, Kept, Key, Plan, Why};
use serde::Serialize;

/// One line: a table and the number of its rows by fate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// System.
    pub system: String,
    /// Table, or the team of a task.
    pub table: String,
    /// Rows deleted.
    pub delete: usize,
    /// Rows changed.
    pub change: usize,
    /// Rows returned.
    pub export: usize,
    /// Rows kept, whole or in part.
    pub keep: usize,
    /// Rows inserted as stand-ins, or put back.
    pub insert: usize,
    /// Tasks for people.
    pub task: usize,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// The lines of a plan, sorted by system and table.
pub fn lines(plan: &Plan) -> Vec<Line> {
    let mut lines: BTreeMap<(String, String), Line> = BTreeMap::new();
    for system in &plan.systems {
        for step in &system.steps {
            let table = match &step.action {
                Action::Confirm { team, .. } => team.clone(),
                _ => step.table.clone(),
            };
            let line = line(&mut lines, &system.system, &table);
            let rows = step.rows() as usize;
            match step.action {
                Action::Delete => line.delete += rows,
                Action::Change { .. } => line.change += rows,
                Action::Export { .. } => line.export += rows,
                Action::Insert { .. } => line.insert += 1,
                Action::Reinsert { .. } => line.insert += rows,
                Action::Confirm { .. } => line.task += 1,
            }
            say(line, step.reason.clone());
        }
    }
    let mut kept_rows: BTreeSet<(&str, &str, &Key)> = BTreeSet::new();
    for kept in &plan.kept {
        let line = line(&mut lines, &kept.system, &kept.table);
        line.keep += kept.keys.iter().filter(|key| kept_rows.insert((&kept.system, &kept.table, key))).count();
    }
    for shred in &plan.shreds {
        let columns = shred.columns.join(", ");
        say(
            line(&mut lines, &shred.system, &shred.table),
            format!("{columns}: unreadable, the person's key is destroyed"),
        );
    }
    for ((system, table), line) in &mut lines {
        for reason in reasons(plan.kept.iter().filter(|k| k.system == *system && k.table == *table)) {
            say(line, reason);
        }
    }
    lines.into_values().collect()
}

fn line<'a>(lines: &'a mut BTreeMap<(String, String), Line>, system: &str, table: &str) -> &'a mut Line {
    let new = || Line { system: system.to_owned(), table: table.to_owned(), ..Line::default() };
    lines.entry((system.to_owned(), table.to_owned())).or_insert_with(new)
}

fn say(line: &mut Line, reason: String) {
    if !line.reasons.contains(&reason) {
        line.reasons.push(reason);
    }
}

/// Why rows of one table stay, in words: laws with their first and last end.
fn reasons<'a>(kept: impl Iterator<Item = &'a Kept>) -> Vec<String> {
    let mut laws: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut others = BTreeSet::new();
    for k in kept {
        match &k.reason {
            Why::Law { law, until } => laws.entry(law.clone()).or_default().extend(until.as_deref()),
            Why::Hold { hold, until } => laws.entry(format!("hold {hold}")).or_default().extend(until.as_deref()),
            Why::Needed { by } => {
                others.insert(format!("stays, emptied: {by} needs it"));
            }
            Why::CoOwned => {
                others.insert("stays: other people co-own it".to_owned());
            }
            Why::Shared { by } => {
                others.insert(format!("stays: {by} holds it too"));
            }
            Why::Changed => {
                others.insert("changed by somebody else since: that stays".to_owned());
            }
            Why::Waits { by } => {
                others.insert(format!("comes back with {by}, which another deactivation took away"));
            }
            Why::Gone { by } => {
                others.insert(format!("cannot come back: it needs a row of {by} that is gone"));
            }
            Why::LeadsNowhere { by } => {
                let rows = k.keys.len();
                let (count, refer) = if rows == 1 { ("1 row", "refers") } else { ("rows", "refer") };
                let count = if rows == 1 { count.to_owned() } else { format!("{rows} {count}") };
                others.insert(format!("{count} {refer} to a stand-in of {by} that goes, and will lead nowhere"));
            }
            Why::Left { .. } => {
                others.insert("left as it is".to_owned());
            }
        }
    }
    let laws = laws.into_iter().map(|(law, ends)| match (ends.first(), ends.last()) {
        (Some(first), Some(last)) if first == last => format!("kept by {law} until {first}"),
        (Some(first), Some(last)) => format!("kept by {law} until {first} to {last}"),
        _ => format!("kept by {law}"),
    });
    laws.chain(others).collect()
}
