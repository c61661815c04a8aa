//! Rows that came to name a file since the plan was made: their file must stay, so the run is refused.

use std::collections::HashSet;

use crate::ask::{By, Row, Select};
use crate::plan::{Action, Key, Plan, Sharers};
use crate::value::Value;

/// Who names the files now?
pub fn select(sharers: &Sharers) -> Select {
    let by = By::Values { columns: sharers.columns.clone(), values: sharers.values.clone() };
    Select { table: sharers.table.clone(), columns: columns(sharers), by, filter: Vec::new(), lock: false }
}

fn columns(sharers: &Sharers) -> Vec<String> {
    sharers.key.iter().chain(&sharers.columns).chain(&sharers.path).cloned().collect()
}

/// How many of the answered rows name a file and are not in the plan.
pub fn unlisted(plan: &Plan, sharers: &Sharers, rows: &[Row]) -> u64 {
    let (keys, asked) = (sharers.key.len(), sharers.key.len() + sharers.columns.len());
    let texts = |values: &[Value]| values.iter().map(|v| v.join_text().map(|t| t.into_owned())).collect::<Vec<_>>();
    let wanted: HashSet<_> = sharers.values.iter().map(|v| texts(v)).collect();
    let names = |row: &&Row| row[asked..].iter().all(|v| v.join_text().is_some());
    let meant = |row: &&Row| wanted.contains(&texts(&row[keys..asked]));
    let listed = |row: &&Row| is_listed(plan, sharers, &row[..keys].to_vec());
    rows.iter().filter(names).filter(meant).filter(|row| !listed(row)).count() as u64
}

/// Does the plan delete the row, or change what its path is made of?
fn is_listed(plan: &Plan, sharers: &Sharers, key: &Key) -> bool {
    let systems = plan.systems.iter().filter(|s| s.system == sharers.system);
    let mut steps = systems.flat_map(|s| &s.steps).filter(|s| s.table == sharers.table);
    steps.any(|s| {
        let lets_go = match &s.action {
            Action::Delete => true,
            Action::Change { columns, .. } => columns.iter().any(|(c, _)| sharers.path.contains(c)),
            _ => false,
        };
        lets_go && s.keys.binary_search(key).is_ok()
    })
}
