//! How slowly a plan changes systems whose limits say so, and how long that takes at least.

use serde::{Deserialize, Serialize};

use super::types::{Action, Plan, Step, SystemPlan};
use crate::policy::model::Limits;

/// Limits under which a system is changed slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paced {
    /// Most rows changed in a second, never 0.
    pub rows_per_second: u64,
    /// How long others are expected to wait for a lock at most, in milliseconds.
    pub lock_timeout_ms: u64,
}

impl Paced {
    /// Of a system with these steps; `None` where its limits set no pace, or nothing is changed.
    pub(super) fn of(limits: &Limits, steps: &[Step]) -> Option<Paced> {
        let rows_per_second = limits.rows_per_second?;
        let changes = steps.iter().any(|step| step.action.changes());
        changes.then_some(Paced { rows_per_second, lock_timeout_ms: limits.lock_timeout_ms })
    }
}

/// One system that is changed slowly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wait {
    /// The system.
    pub system: String,
    /// Rows that are changed in it.
    pub rows: u64,
    /// Most of them in a second.
    pub rows_per_second: u64,
    /// How long that takes at least: the first of them wait for nothing.
    pub seconds: u64,
    /// Rows stay locked for that long, which is longer than others are expected to wait for a lock.
    pub locks: bool,
}

impl Plan {
    /// Systems that are changed slowly and in which that takes a second or more.
    pub fn waits(&self) -> Vec<Wait> {
        self.systems.iter().filter_map(wait).collect()
    }
}

fn wait(system: &SystemPlan) -> Option<Wait> {
    let Paced { rows_per_second, lock_timeout_ms } = system.paced?;
    let rows = system.steps.iter().map(changed).sum::<u64>();
    let seconds = rows.div_ceil(rows_per_second.max(1)).saturating_sub(1);
    // Files are deleted, and calls are made, without anything that others would wait for.
    let locks = system.files.is_none() && system.calls.is_none() && seconds.saturating_mul(1000) > lock_timeout_ms;
    (seconds > 0).then(|| Wait { system: system.system.clone(), rows, rows_per_second, seconds, locks })
}

fn changed(step: &Step) -> u64 {
    match step.action {
        Action::Insert { .. } => 1,
        _ if step.action.changes() => step.rows(),
        _ => 0,
    }
}
