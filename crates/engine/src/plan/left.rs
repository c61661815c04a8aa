//! What a plan left of rows whose whole row is their key: the plan itself gave them another.

use std::collections::HashMap;

use super::how::{How, hashed};
use super::probe::steps;
use super::types::{Action, Key, Plan, Step};
use crate::actions::address;
use crate::policy::model::{Policy, TableId};
use crate::text::Finder;
use crate::value::Value;

/// The changes of one plan to rows without a key of their own.
pub(super) struct Left<'p> {
    plan: &'p Plan,
    finder: Finder,
    changes: HashMap<TableId, Vec<Changed<'p>>>,
}

/// One step, with its keys by what it leaves of them.
struct Changed<'p> {
    step: &'p Step,
    /// By place in the key: how it changes, if it does.
    how: Vec<Option<&'p How>>,
    by_rest: HashMap<Vec<&'p Value>, Vec<&'p Key>>,
}

impl<'p> Left<'p> {
    /// By this plan.
    pub fn of(policy: &Policy, plan: &'p Plan) -> Self {
        let mut changes: HashMap<TableId, Vec<Changed<'p>>> = HashMap::new();
        for (system, step) in steps(plan) {
            let table = policy.system_named(system).and_then(|s| policy.table_named(s, &step.table));
            let Some(table) = table.filter(|t| policy.table(*t).keyless) else { continue };
            changes.entry(table).or_default().extend(Changed::of(step));
        }
        Left { plan, finder: Finder::new(&plan.identifiers), changes }
    }

    /// Keys that a row may have had when the plan was made; the one that it has is among them.
    pub fn before(&self, table: TableId, key: &Key) -> Vec<Key> {
        let mut keys = vec![key.clone()];
        for changed in self.changes.get(&table).into_iter().flatten() {
            let old = changed.by_rest.get(&changed.rest(key)).into_iter().flatten();
            keys.extend(old.filter(|old| self.leaves(changed, old, key)).map(|old| (*old).clone()));
        }
        keys
    }

    /// Could the step have left this of the row that had the old key?
    fn leaves(&self, changed: &Changed<'_>, old: &Key, now: &Key) -> bool {
        let columns = changed.step.key.iter().zip(&changed.how).zip(old.iter().zip(now));
        columns.into_iter().all(|((column, how), (old, now))| match how {
            None => true,
            Some(How::Hash) => hashed(&self.plan.token_key, &changed.step.table, column, old) == *now,
            Some(how) => match how.made(&self.plan.token_key, &self.finder, old) {
                Some(made) => super::stored::holds(&made, now) || (is_empty(&made) && is_empty(now)),
                None => how.stands(&self.finder, now),
            },
        })
    }
}

impl<'p> Changed<'p> {
    fn of(step: &'p Step) -> Option<Self> {
        let Action::Change { columns, .. } = &step.action else { return None };
        let how = |name: &String| columns.iter().find(|(column, _)| column == name).map(|(_, how)| how);
        let mut changed = Changed { step, how: step.key.iter().map(how).collect(), by_rest: HashMap::new() };
        for key in &changed.step.keys {
            let rest = changed.rest(key);
            changed.by_rest.entry(rest).or_default().push(key);
        }
        Some(changed)
    }

    /// The values that no change touches.
    fn rest<'k>(&self, key: &'k Key) -> Vec<&'k Value> {
        self.how.iter().zip(key).filter(|(how, _)| how.is_none()).map(|(_, value)| value).collect()
    }
}

impl How {
    /// Does a column hold what this wrote, as far as can be told without the old value?
    pub(super) fn stands(&self, finder: &Finder, value: &Value) -> bool {
        let named = || value.readable().is_some_and(|text| !finder.hits(text).is_empty());
        match self {
            How::Set(v) => super::stored::holds(v, value) || (is_empty(v) && is_empty(value)),
            How::Sealed => true,
            How::Redact => !named(),
            How::Within(within) => !within.is_in(value),
            // What the others wrote is no longer the last word on the column.
            How::Each(list) => list.iter().all(|how| matches!(how, How::Set(_)) || how.stands(finder, value)),
            How::RedactWithin(within) => within.is_done(finder, value),
            How::Pseudonym(form) => form.is(value),
            How::TruncateIp { otherwise } => {
                is_empty(value) || value == otherwise || address::truncated(value).as_ref() == Some(value)
            }
            How::Generalise { to, otherwise } => is_empty(value) || value == otherwise || to.is(value),
            How::Hash | How::Placeholder { .. } => !named(),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.join_text().is_none()
}
