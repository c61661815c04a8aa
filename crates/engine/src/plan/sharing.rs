//! Who else holds what the person holds (LANGUAGE 1.4): other people who co-own a row, and the other parents of a part that
//! goes with the last of them. All of it is settled before any fate is.
//!
//! Claims lead down from the person; this looks up from the rows where it decides something, along the links that make
//! somebody hold a row, until it meets a record that is not the person's.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::holders::{Holders, Known, is_stranger};
use super::references::{By, References};
use super::resolve::Person;
use super::rows::{Claim, RowIx, Rows, Via};
use super::upward::Upward;
use super::values::here;
use super::{Answer, Ask};
use crate::policy::model::{Link, LinkIx, OnErase, Policy, Role, TableId, Target};

/// What others hold, and the search for it as a state machine.
#[derive(Default)]
pub struct Sharing {
    /// Rows that somebody outside co-owns.
    co_owned: HashSet<RowIx>,
    /// The same, and what the person holds through such rows alone.
    others: HashSet<RowIx>,
    /// Rows that are the person's alone by a claim of an owner, whoever co-owns them.
    owned: HashSet<RowIx>,
    /// Parts that go with the last of their parents, with all of them.
    parents: HashMap<RowIx, Vec<RowIx>>,
    /// Rows of which is to be found out who else co-owns them.
    open: BTreeSet<RowIx>,
    upward: Upward,
    holders: Holders,
    asked: Vec<TableId>,
    started: bool,
}

impl Sharing {
    /// Takes answers, returns the next asks; none when everything is known.
    pub fn step(&mut self, policy: &Policy, person: &Person, rows: &mut Rows, answers: Vec<Answer>) -> Vec<Ask> {
        for (table, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            for values in answer.rows() {
                rows.take(policy, table, values);
            }
        }
        if !self.started {
            self.started = true;
            self.open = rows.all().map(|(ix, _)| ix).filter(|ix| may_be_shared(policy, rows, *ix)).collect();
            rows.all().map(|(ix, _)| ix).filter(|ix| goes_last(policy, rows, *ix)).for_each(|ix| {
                self.parents.insert(ix, Vec::new());
            });
        }
        if self.open.is_empty() && self.parents.is_empty() {
            return Vec::new();
        }
        let references = References::among(policy, rows);
        for part in self.parents.keys().copied().collect::<Vec<_>>() {
            for link in last_links(policy, rows.row(part).table) {
                self.want(policy, rows, part, link);
            }
        }
        for row in self.open.clone() {
            self.look(policy, person, rows, &references, row);
        }
        let asks = self.ask(policy, rows);
        if asks.is_empty() {
            self.settle(policy, rows, &references);
        }
        asks
    }

    /// Do others hold the row of a claim as much as the person does by it?
    pub fn claims_with_others(&self, policy: &Policy, rows: &Rows, row: RowIx, claim: &Claim) -> bool {
        let Via::Link { link, parent } = claim.via else { return false };
        let link = &policy.table(rows.row(row).table).links[link];
        if link.last {
            let others = |p: &RowIx| self.others.contains(p) && !self.owned.contains(p);
            return self.parents.get(&row).is_some_and(|p| p.iter().any(|p| !is_held(rows, *p) || others(p)));
        }
        let here = link.role != Role::Part && self.co_owned.contains(&row);
        claim.role == Role::CoOwner && (here || parent.is_some_and(|p| self.others.contains(&p)))
    }

    /// Does somebody outside co-own this row? Known of rows where it decides something.
    pub fn is_co_owned(&self, row: RowIx) -> bool {
        self.co_owned.contains(&row)
    }

    /// Rows that a row is part of by links with `last`; all of them, whosever they are.
    pub fn parents(&self, row: RowIx) -> &[RowIx] {
        self.parents.get(&row).map(Vec::as_slice).unwrap_or_default()
    }

    /// Looks from a row upwards, as far as is known, for somebody outside who co-owns it; what is not known yet is asked.
    fn look(&mut self, policy: &Policy, person: &Person, rows: &Rows, references: &References, start: RowIx) {
        if is_stranger(policy, person, rows, start) {
            return self.found(start);
        }
        let (mut seen, mut frontier) = (HashSet::new(), vec![start]);
        let mut unknown = Vec::new();
        // Where a circle leads back to the row, whoever holds it holds it by any link.
        let mut first = true;
        while let Some(row) = frontier.pop() {
            let table = rows.row(row).table;
            for (ix, link) in policy.table(table).links.iter().enumerate() {
                let carries = if first { link.role == Role::CoOwner } else { holds(link.role) };
                if !carries || here(policy, link, rows, row).is_empty() {
                    continue;
                }
                if self.holders.knows_stranger(&Known { policy, person, rows, references }, row, link) {
                    return self.found(start);
                }
                unknown.push((row, ix));
                let targets = references.of(row).iter().filter(|(by, _)| *by == By::Link(ix) || *by == By::Back(ix));
                for &(_, target) in targets {
                    if is_stranger(policy, person, rows, target) {
                        return self.found(start);
                    }
                    if seen.insert(target) {
                        frontier.push(target);
                    }
                }
            }
            first = false;
        }
        for (row, ix) in unknown.into_iter().chain(self.holders.beside()) {
            self.want(policy, rows, row, ix);
        }
    }

    fn found(&mut self, row: RowIx) {
        self.open.remove(&row);
        self.co_owned.insert(row);
    }

    /// Wants to know what a link of a row leads to, unless that was asked before.
    fn want(&mut self, policy: &Policy, rows: &Rows, row: RowIx, ix: LinkIx) {
        let link = &policy.table(rows.row(row).table).links[ix];
        for identity in self.upward.want(policy, rows, row, ix) {
            self.holders.want(link, identity);
        }
    }

    fn ask(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let mut asks = Vec::new();
        for (table, ask) in self.upward.ask(policy, rows) {
            asks.push(ask);
            self.asked.push(table);
        }
        for (table, by) in self.holders.ask(policy) {
            asks.push(Ask::select(policy, table, rows.select(policy, table, by, Vec::new())));
            self.asked.push(table);
        }
        asks
    }

    fn settle(&mut self, policy: &Policy, rows: &Rows, references: &References) {
        for (part, parents) in &mut self.parents {
            let last = last_links(policy, rows.row(*part).table);
            let by_last = |by: &By| matches!(by, By::Link(l) | By::Back(l) if last.contains(l));
            parents.extend(references.of(*part).iter().filter(|(by, _)| by_last(by)).map(|(_, to)| *to));
            parents.sort_unstable();
            parents.dedup();
        }
        self.others = self.co_owned.clone();
        let owns = |claim: &Claim| claim.role >= Role::Owner;
        self.owned = rows.all().filter(|(_, row)| row.claims.iter().any(owns)).map(|(ix, _)| ix).collect();
        loop {
            let with_others = |ix: RowIx, claim: &Claim| self.claims_with_others(policy, rows, ix, claim);
            let shared = |ix: RowIx| rows.row(ix).claims.iter().any(|c| with_others(ix, c));
            let more: Vec<RowIx> =
                rows.all().map(|(ix, _)| ix).filter(|ix| !self.others.contains(ix) && shared(*ix)).collect();
            let alone = |ix: RowIx| rows.row(ix).claims.iter().any(|c| owns(c) && !with_others(ix, c));
            let less: Vec<RowIx> = self.owned.iter().copied().filter(|ix| !alone(*ix)).collect();
            if more.is_empty() && less.is_empty() {
                return;
            }
            self.others.extend(more);
            self.owned.retain(|ix| !less.contains(ix));
        }
    }
}

/// Links along which may be asked who else holds a row, where a claim can come by the links of `starts`.
pub fn climbed(policy: &Policy, starts: impl Fn(TableId, LinkIx) -> bool) -> BTreeSet<(TableId, LinkIx)> {
    let (mut found, mut work) = (BTreeSet::new(), Vec::new());
    let target = |table: TableId, ix: LinkIx| match &policy.table(table).links[ix].target {
        Target::Row { table, .. } => Some(*table),
        Target::Identity { .. } => None,
    };
    for table in policy.table_ids() {
        let links = &policy.table(table).links;
        let asks = |which: fn(&Link) -> bool| links.iter().enumerate().any(|(ix, l)| which(l) && starts(table, ix));
        let (last, shared) = (asks(|l| l.last), asks(|l| l.role != Role::Part));
        for (ix, link) in links.iter().enumerate() {
            if shared && link.role == Role::CoOwner {
                work.extend(target(table, ix));
                found.insert((table, ix));
            }
            if last && link.last {
                found.insert((table, ix));
            }
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(table) = work.pop() {
        if !seen.insert(table) {
            continue;
        }
        for (ix, _) in policy.table(table).links.iter().enumerate().filter(|(_, l)| holds(l.role)) {
            found.insert((table, ix));
            work.extend(target(table, ix));
        }
    }
    found
}

/// By a link of this role whoever holds the target holds the row as well.
pub fn holds(role: Role) -> bool {
    matches!(role, Role::Owner | Role::CoOwner | Role::Part)
}

/// Does it decide something who else co-owns this row: for a co-owner, or for a law of shared rows?
fn may_be_shared(policy: &Policy, rows: &Rows, ix: RowIx) -> bool {
    let row = rows.row(ix);
    let links = &policy.table(row.table).links;
    let keeps = |link: &Link| link.while_shared.iter().any(|(_, said)| matches!(said, OnErase::Keep(_)));
    row.claims.iter().any(|c| match c.via {
        Via::Link { link, .. } => c.role == Role::CoOwner || keeps(&links[link]),
        Via::Own | Via::Text(_) => false,
    })
}

/// Has the person a claim on this row by a link with `last`?
fn goes_last(policy: &Policy, rows: &Rows, ix: RowIx) -> bool {
    let row = rows.row(ix);
    let links = &policy.table(row.table).links;
    row.claims.iter().any(|c| matches!(c.via, Via::Link { link, .. } if links[link].last))
}

fn last_links(policy: &Policy, table: TableId) -> Vec<LinkIx> {
    let links = policy.table(table).links.iter().enumerate();
    links.filter(|(_, l): &(_, &Link)| l.last).map(|(ix, _)| ix).collect()
}

fn is_held(rows: &Rows, row: RowIx) -> bool {
    rows.row(row).roles.iter().any(|r| *r >= Role::CoOwner)
}
