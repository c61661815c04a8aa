//! Which rows of a plan its bounds count.

use std::collections::BTreeMap;

use super::types::{Action, Plan};

/// Rows that a plan touches, by system and table.
pub(super) fn touched(plan: &Plan) -> BTreeMap<(String, String), u64> {
    let mut touched = BTreeMap::new();
    for system in &plan.systems {
        for step in system.steps.iter().filter(|s| !matches!(s.action, Action::Confirm { .. })) {
            *touched.entry((system.system.clone(), step.table.clone())).or_default() += step.rows();
        }
    }
    touched
}

/// Rows that a plan changes, by system and table.
pub(super) fn changed(plan: &Plan) -> BTreeMap<(String, String), u64> {
    let mut changed = BTreeMap::new();
    for system in &plan.systems {
        for step in system.steps.iter().filter(|s| !matches!(s.action, Action::Confirm { .. } | Action::Export { .. }))
        {
            *changed.entry((system.system.clone(), step.table.clone())).or_default() += step.rows();
        }
    }
    changed
}

/// Rows that a plan changes in one transaction, by system; files and web services have none.
pub(super) fn at_once(plan: &Plan) -> BTreeMap<String, u64> {
    let together = plan.systems.iter().filter(|s| s.files.is_none() && s.calls.is_none()).map(|s| &s.system);
    let mut at_once: BTreeMap<String, u64> = together.map(|system| (system.clone(), 0)).collect();
    for ((system, _), rows) in changed(plan) {
        at_once.entry(system).and_modify(|all| *all += rows);
    }
    at_once
}
