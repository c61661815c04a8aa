//! Rows of tables without a key: equal rows share one key and one fate. How many they are is asked once their steps stand.

use std::collections::BTreeSet;

use super::digest::digest;
use super::types::{Key, Plan, Step, SystemPlan};
use super::{Answer, Ask};
use crate::ask::{By, Select};
use crate::policy::model::{Policy, TableId};

/// Steps on rows that no key tells apart, with the place of their system and their table.
pub(super) fn keyless<'p>(
    policy: &'p Policy,
    systems: &'p [SystemPlan],
) -> impl Iterator<Item = ((usize, usize), TableId, &'p Step)> {
    let steps = move |(s, system): (usize, &'p SystemPlan)| {
        let id = policy.system_named(&system.system);
        let table = move |step: &Step| policy.table_named(id?, &step.table).filter(|t| policy.table(*t).keyless);
        let steps = system.steps.iter().enumerate();
        steps.filter_map(move |(at, step)| Some(((s, at), table(step)?, step)))
    };
    systems.iter().enumerate().flat_map(steps)
}

/// Asks for all rows of such steps.
pub(super) fn ask_equals(policy: &Policy, plan: &Plan) -> Vec<Ask> {
    let ask = |(_, table, step): (_, TableId, &Step)| {
        let by = By::Keys { columns: step.key.clone(), values: step.keys.clone() };
        let (columns, name) = (step.decided_by.clone(), step.table.clone());
        Ask::select(policy, table, Select { table: name, columns, by, filter: Vec::new(), lock: false })
    };
    keyless(policy, &plan.systems).map(ask).collect()
}

/// Each such step knows how many rows it concerns, and its digest is over all of them.
pub(super) fn take_equals(policy: &Policy, plan: &mut Plan, answers: Vec<Answer>) {
    let places: Vec<(usize, usize)> = keyless(policy, &plan.systems).map(|(place, ..)| place).collect();
    for ((system, step), answer) in places.into_iter().zip(answers) {
        let step = &mut plan.systems[system].steps[step];
        // Whatever a database holds equal: a row that has none of these keys is not one of these.
        let rows: Vec<_> = answer.rows().into_iter().filter(|row| step.keys.binary_search(row).is_ok()).collect();
        let keys: BTreeSet<Key> = rows.iter().cloned().collect();
        step.copies = Some((rows.len() - keys.len()) as u64);
        step.digest = digest(&plan.nonce, &step.table, &step.decided_by, &rows);
    }
}
