//! A plan as lines of a table: per system and table, rows by what becomes of them.

use std::collections::BTreeMap;

use engine::plan::{Action, Plan, Why};
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
    /// Rows inserted as stand-ins.
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
            let rows = step.keys.len();
            match step.action {
                Action::Delete => line.delete += rows,
                Action::Change { .. } => line.change += rows,
                Action::Export { .. } => line.export += rows,
                Action::Insert { .. } => line.insert += 1,
                Action::Confirm { .. } => line.task += 1,
            }
            say(line, step.reason.clone());
        }
    }
    for kept in &plan.kept {
        let line = line(&mut lines, &kept.system, &kept.table);
        line.keep += kept.keys.len();
        say(line, why(&kept.reason));
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

/// Why something stays, in words.
pub fn why(reason: &Why) -> String {
    match reason {
        Why::Law { law, until: Some(until) } => format!("kept by {law} until {until}"),
        Why::Law { law, until: None } => format!("kept by {law}"),
        Why::Needed { by } => format!("stays, emptied: {by} needs it"),
        Why::Left { link } if link.is_empty() => "left as it is".into(),
        Why::Left { link } => format!("left as it is ({link})"),
    }
}
