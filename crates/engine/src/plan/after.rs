//! Rows that the application wrote while a plan was carried out, into tables of which the map says that it does so
//! (`sweep = "after"`). They are looked for once everything is committed, from what the plan remembers of the person, and get
//! the fate that they would have had in it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Question;
use super::fates::Outcome;
use super::kept::{Kept, Why};
use super::probe::steps;
use super::remainder::Stopped;
use super::rows::{RowIx, Rows};
use super::types::{Action, Key, Plan};
use crate::policy::model::{Policy, Right, TableId};
use crate::text::Words;

/// What is known before such rows are looked for.
pub(super) struct After {
    /// The plan that was carried out.
    pub plan: Plan,
    /// Rows that are only remembered.
    pub ghosts: usize,
    /// Rows that were dealt with: changed, or left for a reason that stands in a plan.
    dealt: HashSet<(TableId, Key)>,
}

/// Does the application write into a table of these systems while they are changed? Other rights than an erasure change
/// nothing that such rows could hang on; what a deactivation would find could not be sealed any more.
pub fn asks_again(policy: &Policy, plan: &Plan) -> bool {
    let changed =
        |name: &str| plan.systems.iter().any(|s| s.steps.iter().any(|s| s.action.changes()) && s.system == name);
    let swept = policy.tables.iter().filter(|t| t.sweep_after);
    plan.right == Right::Erasure && swept.map(|t| &policy.system(t.system).name).any(|name| changed(name))
}

impl After {
    /// After a plan, and plans for rows that were found after it before.
    pub fn new(policy: &Policy, plan: &Plan, earlier: &[Plan], ghosts: usize) -> After {
        let mut dealt = HashSet::new();
        let table = |system: &str, table: &str| policy.table_named(policy.system_named(system)?, table);
        for plan in std::iter::once(plan).chain(earlier) {
            let changes = steps(plan).filter(|(_, step)| matches!(step.action, Action::Change { .. }));
            let changed = changes.map(|(system, step)| (system, &*step.table, &step.keys));
            let kept = plan.kept.iter().map(|k| (&*k.system, &*k.table, &k.keys));
            for (table, keys) in changed.chain(kept).filter_map(|(s, t, keys)| Some((table(s, t)?, keys))) {
                dealt.extend(keys.iter().map(|key| (table, key.clone())));
            }
            let review = plan.review.iter().filter_map(|r| Some((table(&r.system, &r.table)?, r.key.clone())));
            dealt.extend(review);
        }
        After { plan: plan.clone(), ghosts, dealt }
    }

    /// The outcomes of rows that came since; nothing is done to any other.
    pub fn only(&self, policy: &Policy, rows: &Rows, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let came = |ix: RowIx| {
            let row = rows.row(ix);
            let swept = policy.table(row.table).sweep_after;
            ix >= self.ghosts && swept && !self.dealt.contains(&(row.table, row.key.clone()))
        };
        outcomes
            .into_iter()
            .enumerate()
            .map(|(ix, outcome)| if came(ix) { outcome } else { Outcome::default() })
            .collect()
    }
}

/// The question of a plan, asked again.
pub(super) fn question(policy: &Policy, plan: &Plan) -> Option<Question> {
    let mut question = Question {
        request: plan.request.clone(),
        right: plan.right,
        requested_by: plan.requested_by.clone(),
        kind: policy.kind(&plan.kind)?,
        tenant: plan.tenant.clone(),
        seeds: Vec::new(),
        corrections: Vec::new(),
        sweep: false,
        words: plan.identifiers.iter().filter(|i| !i.certain).map(|i| Words(i.text.0.clone())).collect(),
        token_key: [0; 32],
        nonce: [0; 16],
        made_at: plan.made_at,
        expires_at: plan.expires_at,
    };
    hex::decode_to_slice(&plan.token_key, &mut question.token_key).ok()?;
    hex::decode_to_slice(&plan.nonce, &mut question.nonce).ok()?;
    Some(question)
}

/// Rows of one table that were written meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meanwhile {
    /// The table.
    pub table: String,
    /// How many of them were deleted.
    pub deleted: u64,
    /// How many were changed.
    pub changed: u64,
}

/// What a plan does to the tables of a system.
pub fn meanwhile(plan: &Plan, system: &str) -> Vec<Meanwhile> {
    let mut tables: BTreeMap<&str, Meanwhile> = BTreeMap::new();
    for (_, step) in steps(plan).filter(|(s, _)| *s == system) {
        let empty = Meanwhile { table: step.table.clone(), deleted: 0, changed: 0 };
        let of = tables.entry(&step.table).or_insert(empty);
        match step.action {
            Action::Delete => of.deleted += step.rows(),
            Action::Change { .. } => of.changed += step.rows(),
            _ => {}
        }
    }
    tables.into_values().filter(|of| of.deleted + of.changed > 0).collect()
}

impl Plan {
    /// The plan, with what laws and holds keep of rows that came while it was carried out.
    pub fn keeping(mut self, since: Plan) -> Plan {
        let by_law = |kept: &Kept| matches!(kept.reason, Why::Law { .. } | Why::Hold { .. });
        self.kept.extend(since.kept.into_iter().filter(by_law));
        self.kept.sort();
        for stopped in since.stopped {
            let same = |known: &&mut Stopped| {
                (&known.system, &known.table, &known.decided_by)
                    == (&stopped.system, &stopped.table, &stopped.decided_by)
            };
            match self.stopped.iter_mut().find(same) {
                Some(known) => {
                    known.rows.extend(stopped.rows);
                    known.rows.sort();
                }
                None => self.stopped.push(stopped),
            }
        }
        self
    }

    /// The plan without what it does not change; `None` where that is all of it.
    pub fn changing(mut self) -> Option<Plan> {
        self.systems.retain_mut(|system| {
            system.steps.retain(|step| step.action.changes());
            let touched: BTreeSet<&String> = system.steps.iter().map(|s| &s.table).collect();
            system.fingerprint.retain(|table, _| touched.contains(table));
            !system.steps.is_empty()
        });
        (!self.systems.is_empty()).then_some(self)
    }
}
