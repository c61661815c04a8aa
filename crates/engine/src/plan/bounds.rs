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
