//! What links of rows lead to: the rows above, each question asked once.

use std::collections::{BTreeMap, HashSet};

use super::Ask;
use super::claims::narrowed;
use super::rows::{RowIx, Rows};
use super::values::{Joined, by_reading, here};
use crate::ask;
use crate::policy::model::{LinkIx, Match, Policy, Reading, TableId, Target};
use crate::value::Value;

/// The questions for rows above others.
#[derive(Debug, Default)]
pub struct Upward {
    asked: HashSet<(TableId, LinkIx, Joined)>,
    pending: BTreeMap<(TableId, LinkIx), BTreeMap<Joined, Vec<Value>>>,
}

impl Upward {
    /// Wants to know what a link of a row leads to, unless that was asked before. Returns the identities that it leads to
    /// for the first time, where it leads to identities.
    pub fn want(&mut self, policy: &Policy, rows: &Rows, row: RowIx, ix: LinkIx) -> Vec<Joined> {
        let table = rows.row(row).table;
        let link = &policy.table(table).links[ix];
        let mut identities = Vec::new();
        for joined in here(policy, link, rows, row) {
            if !self.asked.insert((table, ix, joined.clone())) {
                continue;
            }
            let Target::Row { table: target, columns } = &link.target else {
                identities.push(joined);
                continue;
            };
            let values: Vec<Value> = match link.reading.is_plain() {
                true => link.columns.iter().map(|c| rows.value(row, *c).clone()).collect(),
                false => joined.iter().map(Value::text).collect(),
            };
            // A row with that key is the only one.
            let is_key = link.matching == Match::Exact && policy.table(*target).key == *columns;
            if !(is_key && rows.find(*target, &values).is_some()) {
                self.pending.entry((table, ix)).or_default().insert(joined, values);
            }
        }
        identities
    }

    /// The questions for what is wanted, with the tables of the rows that answer.
    pub fn ask(&mut self, policy: &Policy, rows: &Rows) -> Vec<(TableId, Ask)> {
        let mut asks = Vec::new();
        for ((table, ix), pending) in std::mem::take(&mut self.pending) {
            let link = &policy.table(table).links[ix];
            let Target::Row { table: target, columns } = &link.target else { continue };
            let names = policy.table(*target).names(columns);
            let plain = Reading::default();
            let reading = if link.by { &link.reading } else { &plain };
            let by = match link.matching {
                Match::Exact if reading.is_plain() => {
                    ask::By::Values { columns: names, values: pending.into_values().collect() }
                }
                m => by_reading(reading, m, names[0].clone(), pending.into_keys().map(|j| j[0].clone()).collect()),
            };
            let filter = narrowed(policy, *target, &link.to_when);
            asks.push((*target, Ask::select(policy, *target, rows.select(policy, *target, by, filter))));
        }
        asks
    }
}
