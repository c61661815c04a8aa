//! Rows that the database would change by itself: `ON DELETE CASCADE`, `SET NULL` and `SET DEFAULT` act on whatever refers to
//! a deleted row, mapped or not. Each such row must be listed in the plan, or the run is refused.

use crate::ask::{By, Row, Select};
use crate::plan::{Action, Key, Step, SystemPlan};
use crate::schema::{ForeignKey, OnDelete, Schema};
use crate::value::Value;

/// One question: who refers to the rows of this step by this foreign key?
#[derive(Clone, Debug)]
pub struct Guard {
    /// The referring table.
    pub table: String,
    /// Its foreign key.
    pub fk: ForeignKey,
    /// The question.
    pub select: Select,
}

/// Questions for one delete step, whose locked rows are given.
pub fn guards(schema: &Schema, plan: &SystemPlan, step: &Step, rows: &[Row]) -> Vec<Guard> {
    let acting = schema.tables.iter().flat_map(|t| t.foreign_keys.iter().map(move |fk| (t, fk)));
    acting
        .filter(|(_, fk)| fk.table == step.table && fk.on_delete != OnDelete::Refuse)
        .filter_map(|(table, fk)| {
            let positions: Vec<usize> =
                fk.target_columns.iter().map(|c| step.decided_by.iter().position(|d| d == c)).collect::<Option<_>>()?;
            let values = rows.iter().map(|row| positions.iter().map(|p| row[*p].clone()).collect::<Vec<Value>>());
            let mut values: Vec<_> = values.filter(|v| v.iter().all(|v| !v.is_null())).collect();
            values.sort();
            values.dedup();
            // The plan may tell rows apart that the schema does not; what it does not list at all has no key that matters.
            let listed = plan.steps.iter().find(|s| s.table == table.name && !s.key.is_empty());
            let key = listed.map_or_else(|| fk.columns.clone(), |s| s.key.clone());
            let by = By::Values { columns: fk.columns.clone(), values };
            let select = Select { table: table.name.clone(), columns: key, by, filter: Vec::new(), lock: false };
            Some(Guard { table: table.name.clone(), fk: fk.clone(), select })
        })
        .collect()
}

/// Does deleting rows of this table delete others of it? Some databases count only those that the statement came to itself.
pub fn takes_along(schema: &Schema, table: &str) -> bool {
    let keys = schema.table(table).into_iter().flat_map(|t| &t.foreign_keys);
    keys.into_iter().any(|fk| fk.table == table && fk.on_delete == OnDelete::Cascade)
}

/// How many of the answered rows the plan does not list.
pub fn unlisted(plan: &SystemPlan, guard: &Guard, rows: &[Row]) -> u64 {
    let listed = |key: &Key| {
        plan.steps.iter().filter(|s| s.table == guard.table).any(|s| {
            let concerns = match &s.action {
                Action::Delete => true,
                Action::Change { columns, .. } => columns.iter().any(|(c, _)| guard.fk.columns.contains(c)),
                _ => false,
            };
            concerns && s.keys.binary_search(key).is_ok()
        })
    };
    rows.iter().filter(|key| !listed(key)).count() as u64
}
