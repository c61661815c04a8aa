//! What the search for a person does not follow by itself: steps that are refused, and what only hints lead to. It is listed,
//! and somebody may confirm it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Candidate, Resolver, Step, same};
use crate::plan::question::{Question, Refusal, Seed};
use crate::plan::rows::{RowIx, Rows};
use crate::plan::types::{Doubt, Key, Review};
use crate::policy::model::{Identity, Policy};
use crate::value::Value;

/// Why a record was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// Only a hint leads to it.
    Hint,
    /// Only what an earlier erasure left leads to it, and that one did not take it in.
    Left,
    /// It would be a second record where there may be one.
    Second,
    /// It is in another tenant.
    Tenant,
}

/// Records that were not taken in.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    found: BTreeMap<RowIx, (Why, Vec<String>)>,
    /// Records with an identity that several people share: the record, and the name of the identity.
    stopped: BTreeSet<(RowIx, String)>,
    /// Records that somebody confirmed: system, table, key.
    pub confirmed: Vec<(String, String, Key)>,
    /// What was asked for without proof: population, identity, normalised value, and what it is worth.
    pub asked: HashSet<(usize, usize, String, Step)>,
}

/// The records that somebody confirmed.
pub(super) fn confirmed(question: &Question) -> Vec<(String, String, Key)> {
    let confirmed = question.seeds.iter().filter_map(|s| match s {
        Seed::Confirmed { system, table, key } => Some((system.clone(), table.clone(), key.clone())),
        Seed::Identity { .. } | Seed::Record { .. } => None,
    });
    confirmed.collect()
}

impl Doubts {
    /// A record that is not taken in; the stronger reason counts.
    pub(super) fn add(&mut self, candidate: Candidate, doubt: Why) {
        let known = self.found.entry(candidate.row).or_insert((doubt, candidate.chain.clone()));
        if known.0 < doubt {
            *known = (doubt, candidate.chain);
        }
    }

    /// Records that were refused because a person has one there.
    pub(super) fn second(&self) -> impl Iterator<Item = RowIx> {
        self.found.iter().filter(|(_, (why, _))| *why == Why::Second).map(|(row, _)| *row)
    }

    /// A record has an identity that several people share.
    pub(super) fn stop(&mut self, record: RowIx, identity: &str) {
        self.stopped.insert((record, identity.to_owned()));
    }

    /// Did somebody confirm this record?
    pub(super) fn is_confirmed(&self, policy: &Policy, rows: &Rows, row: RowIx) -> bool {
        self.confirmed.iter().any(|c| is(policy, rows, row, c))
    }
}

fn is(policy: &Policy, rows: &Rows, row: RowIx, (system, table, key): &(String, String, Key)) -> bool {
    let (row, t) = (rows.row(row), policy.table(rows.row(row).table));
    let alike = |(a, b): (&Value, &Value)| same(a, b);
    policy.system(t.system).name == *system
        && t.name == *table
        && row.key.len() == key.len()
        && row.key.iter().zip(key).all(alike)
}

impl Resolver {
    /// Is the value one that several people share, and that nobody gave to find this person?
    pub(super) fn is_shared(
        &self,
        policy: &Policy,
        question: &Question,
        identity: &Identity,
        normal: &str,
        region: Option<&str>,
    ) -> bool {
        let given = |s: &Seed| match s {
            Seed::Identity { name, value } => {
                let value = crate::matching::normal(identity.matching, value, region);
                *name == identity.name && value.is_some_and(|v| v == normal)
            }
            Seed::Record { .. } | Seed::Confirmed { .. } => false,
        };
        policy.shared.holds(identity.matching, normal, region) && !question.seeds.iter().any(given)
    }

    /// Lists what was not followed. What was confirmed must have been met.
    pub(super) fn tell_doubts(&mut self, policy: &Policy, question: &Question, rows: &Rows) -> Result<(), Refusal> {
        let taken: HashSet<RowIx> = self.person.records.iter().map(|(r, _)| *r).collect();
        for wanted in confirmed(question) {
            if !taken.iter().any(|r| is(policy, rows, *r, &wanted)) {
                return Err(Refusal::NoDoubt { table: format!("{}.{}", wanted.0, wanted.1) });
            }
        }
        let mut review: Vec<Review> = Vec::new();
        for (row, (doubt, chain)) in self.doubts.found.iter().filter(|(r, _)| !taken.contains(r)) {
            let by = chain.join(", then ");
            let reason = match doubt {
                Why::Hint => format!("may be the person: has the same {}", chain.last().map_or("", |n| n)),
                Why::Left => {
                    format!(
                        "not followed: {by} leads to it from what an earlier erasure left, which did not take it in"
                    )
                }
                Why::Second => format!("not followed: {by} leads to a second record, and a person has one here"),
                Why::Tenant => format!("not followed: {by} leads to another tenant"),
            };
            let doubt = if *doubt == Why::Tenant { Doubt::Refused } else { Doubt::Candidate };
            review.push(entry(policy, rows, *row, reason, doubt));
        }
        for (row, name) in &self.doubts.stopped {
            let reason = format!("its {name} was not followed: several people share it");
            review.push(entry(policy, rows, *row, reason, Doubt::Refused));
        }
        self.person.review.extend(review);
        Ok(())
    }
}

fn entry(policy: &Policy, rows: &Rows, row: RowIx, reason: String, doubt: Doubt) -> Review {
    let (row, t) = (rows.row(row), policy.table(rows.row(row).table));
    Review { system: policy.system(t.system).name.clone(), table: t.name.clone(), key: row.key.clone(), reason, doubt }
}
