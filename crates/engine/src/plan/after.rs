//! Rows that the application wrote while a plan was carried out, into tables of which the map says that it does so
//! (`sweep = "after"`). They are looked for once everything is committed, from what the plan remembers of the person, and get
//! the fate that they would have had in it.
//!
//! What is deleted then was approved by nobody, so nothing is believed that is not asked again: a key that somebody bears,
//! and an identity that somebody has, lead nowhere.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Question;
use super::fates::Outcome;
use super::ghosts::Gone;
use super::left::Left;
use super::probe::steps;
use super::references::References;
use super::rows::{RowIx, Rows};
use super::types::{Action, Freed, Key, Plan, Review};
use crate::policy::model::{Policy, Right, SystemKind, TableId, Target};
use crate::text::Words;

/// What is known before such rows are looked for.
pub(super) struct After<'p> {
    policy: &'p Policy,
    /// The plan that was carried out.
    pub plan: &'p Plan,
    /// Rows that are only remembered.
    ghosts: usize,
    /// Of these, those that were deleted.
    pub gone: Gone,
    /// Rows that were dealt with: changed, or left for a reason that stands in a plan.
    dealt: HashSet<(TableId, Key)>,
    /// What the plans changed where the whole row is the key.
    left: Vec<Left<'p>>,
}

/// Does the application write into a table of these systems while they are changed? Other rights than an erasure change
/// nothing that such rows could hang on; what a deactivation would find could not be sealed any more.
pub fn asks_again(policy: &Policy, plan: &Plan) -> bool {
    let changed =
        |name: &str| plan.systems.iter().any(|s| s.steps.iter().any(|s| s.action.changes()) && s.system == name);
    let swept = policy.table_ids().filter(|t| is_swept(policy, *t));
    let mut systems = swept.map(|t| &policy.system(policy.table(t).system).name);
    plan.right == Right::Erasure && systems.any(|name| changed(name))
}

/// Is it asked again? A web service is not: what was sent to it, and not answered, must not be sent again by itself.
fn is_swept(policy: &Policy, table: TableId) -> bool {
    let t = policy.table(table);
    t.sweep_after && policy.system(t.system).kind != SystemKind::Http
}

/// Tables from which links lead on to one that is asked again, and these themselves: claims on rows of any other matter to
/// nothing that is looked for.
pub(super) fn leading(policy: &Policy) -> HashSet<TableId> {
    let mut leading: HashSet<TableId> = policy.table_ids().filter(|t| is_swept(policy, *t)).collect();
    let mut work: Vec<TableId> = leading.iter().copied().collect();
    while let Some(table) = work.pop() {
        for link in &policy.table(table).links {
            if let Target::Row { table: parent, .. } = &link.target {
                work.extend(leading.insert(*parent).then_some(*parent));
            }
        }
    }
    leading
}

impl<'p> After<'p> {
    /// After a plan, and plans for rows that were found after it before.
    pub fn new(policy: &'p Policy, plan: &'p Plan, earlier: &'p [Plan], ghosts: usize, gone: Gone) -> After<'p> {
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
        let left = std::iter::once(plan).chain(earlier).map(|plan| Left::of(policy, plan)).collect();
        After { policy, plan, ghosts, gone, dealt, left }
    }

    /// Did this row come since?
    fn came(&self, rows: &Rows, ix: RowIx) -> bool {
        let (table, key) = (rows.row(ix).table, &rows.row(ix).key);
        let known = |key: Key| self.dealt.contains(&(table, key));
        let dealt = || known(key.clone()) || self.left.iter().any(|l| l.before(table, key).into_iter().any(known));
        ix >= self.ghosts && is_swept(self.policy, table) && !dealt()
    }

    /// The outcomes of rows that came since; every other is put aside, and nothing is done to it or told of it.
    pub fn only(&self, rows: &Rows, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let one = |(ix, outcome)| if self.came(rows, ix) { outcome } else { Outcome::aside() };
        outcomes.into_iter().enumerate().map(one).collect()
    }

    /// Doubts about rows that came since.
    pub fn doubts(&self, rows: &Rows, review: Vec<Review>) -> Vec<Review> {
        let came = |r: &Review| {
            let table = self.policy.system_named(&r.system).and_then(|s| self.policy.table_named(s, &r.table));
            table.and_then(|table| rows.find(table, &r.key)).is_some_and(|ix| self.came(rows, ix))
        };
        review.into_iter().filter(came).collect()
    }

    /// The freed keys from which something was found that the plan deals with: it holds only while nobody bears them.
    pub fn freed(&self, rows: &Rows, outcomes: &[Outcome]) -> Vec<Freed> {
        let references = References::among(self.policy, rows);
        let dealt = outcomes.iter().enumerate().filter(|(_, o)| !o.aside && o.tells());
        let mut work: Vec<RowIx> = dealt.map(|(ix, _)| ix).collect();
        let mut seen: HashSet<RowIx> = work.iter().copied().collect();
        let mut freed: BTreeMap<TableId, BTreeSet<Key>> = BTreeMap::new();
        while let Some(ix) = work.pop() {
            if self.gone.is(ix) {
                freed.entry(rows.row(ix).table).or_default().insert(rows.row(ix).key.clone());
                continue;
            }
            work.extend(references.of(ix).iter().map(|(_, to)| *to).filter(|to| seen.insert(*to)));
        }
        let of = |(table, keys): (TableId, BTreeSet<Key>)| {
            let t = self.policy.table(table);
            let system = self.policy.system(t.system).name.clone();
            Freed { system, table: t.name.clone(), key: t.names(&t.key), keys: keys.into_iter().collect() }
        };
        freed.into_iter().map(of).collect()
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
    /// The plan of rows that were written meanwhile, without what it does not change; `None` where there is nothing to change
    /// and nothing to tell.
    pub fn of_meanwhile(mut self) -> Option<Plan> {
        self.systems.retain_mut(|system| {
            system.steps.retain(|step| step.action.changes());
            let touched: BTreeSet<&String> = system.steps.iter().map(|s| &s.table).collect();
            system.fingerprint.retain(|table, _| touched.contains(table));
            !system.steps.is_empty()
        });
        let silent = self.kept.is_empty() && self.stopped.is_empty() && self.review.is_empty();
        (!self.systems.is_empty() || !silent || !self.shreds.is_empty()).then_some(self)
    }

    /// This plan with those of rows that were written while it was carried out: all that was done and left in the end. It is
    /// for reading; what is approved and certified bears the hash of the first.
    pub fn and(&self, found: &[Plan]) -> Plan {
        let mut whole = self.clone();
        for plan in found {
            for system in &plan.systems {
                match whole.systems.iter_mut().find(|s| s.system == system.system) {
                    Some(known) => known.steps.extend(system.steps.iter().cloned()),
                    None => whole.systems.push(system.clone()),
                }
            }
            whole.kept.extend(plan.kept.iter().cloned());
            whole.stopped.extend(plan.stopped.iter().cloned());
            whole.review.extend(plan.review.iter().cloned());
            whole.absent.extend(plan.absent.iter().cloned());
            whole.shreds.extend(plan.shreds.iter().cloned());
        }
        whole
    }
}
