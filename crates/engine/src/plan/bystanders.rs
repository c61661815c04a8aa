//! Holds on somebody else, and on rows. A hold stops the erasure of the rows of the persons it is about, whoever asks: where a
//! plan for one person reaches a row on which such a person has a claim, the row stays. One on tables or single rows keeps these
//! whosever they are.
//!
//! Claims lead down from a record; this looks up from the rows at hand to whoever may have one on them, and passes the roles
//! of those whom a hold names down again. Above a part may stand a row that a hold keeps, and the part with it. A mention by
//! a text alone is not looked for: a hold has no words to look for.

use std::collections::{BTreeSet, HashSet};

use super::claims::{compose, has_author};
use super::hold::{names_row, of_identity, of_record, of_row};
use super::holders::{Holders, Known, is_record};
use super::references::{By, References};
use super::register::Register;
use super::resolve::Person;
use super::rows::{RowIx, Rows};
use super::upward::Upward;
use super::values::here;
use super::{Answer, Ask};
use crate::policy::model::{Hold, KindId, Link, LinkIx, Policy, Population, Role, TableId, Target};
use crate::value::Value;

/// Which rows holds keep whoever asks, as a state machine.
#[derive(Default)]
pub struct Bystanders {
    /// Holds in force that are about others, or about rows: their places in the policy.
    holds: Vec<usize>,
    register: Option<Register>,
    /// Links along which is looked upwards.
    links: HashSet<(TableId, LinkIx)>,
    upward: Upward,
    holders: Holders,
    asked: Vec<TableId>,
    /// Rows below were looked at.
    looked: RowIx,
    /// So many rows were known when roles were passed down.
    settled: RowIx,
    kept: HashSet<(RowIx, usize)>,
    grew: bool,
}

impl Bystanders {
    /// With these holds.
    pub fn new(policy: &Policy, holds: Vec<usize>, register: Option<&Register>) -> Self {
        let links = holds.iter().flat_map(|hold| climbed(policy, &policy.holds[*hold])).collect();
        Bystanders { holds, register: register.cloned(), links, ..Bystanders::default() }
    }

    /// How many answers are awaited.
    pub fn awaited(&self) -> usize {
        self.asked.len()
    }

    /// Takes them.
    pub fn take(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        for (table, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            for values in answer.rows() {
                rows.take(policy, table, values);
            }
        }
    }

    /// Asks what the rows that came since lead to.
    pub fn ask(&mut self, policy: &Policy, person: &Person, rows: &Rows) -> Vec<Ask> {
        if self.holds.is_empty() {
            return Vec::new();
        }
        for ix in self.looked..rows.count() {
            let table = rows.row(ix).table;
            let links = (0..policy.table(table).links.len()).filter(|link| self.links.contains(&(table, *link)));
            links.collect::<Vec<_>>().into_iter().for_each(|link| self.want(policy, rows, ix, link));
        }
        self.looked = rows.count();
        let asks = self.questions(policy, rows);
        if !asks.is_empty() {
            return asks;
        }
        if self.settled < rows.count() {
            self.settled = rows.count();
            self.settle(policy, person, rows);
        }
        for (ix, link) in self.holders.beside() {
            self.want(policy, rows, ix, link);
        }
        self.questions(policy, rows)
    }

    /// Are rows kept of which this was not known before?
    pub fn grew(&mut self) -> bool {
        std::mem::take(&mut self.grew)
    }

    /// Holds that keep a row.
    pub fn holds_on<'p>(&'p self, policy: &'p Policy, ix: RowIx) -> impl Iterator<Item = &'p Hold> {
        self.holds.iter().filter(move |hold| self.kept.contains(&(ix, **hold))).map(|hold| &policy.holds[*hold])
    }

    /// Does any?
    pub fn keeps(&self, ix: RowIx) -> bool {
        self.holds.iter().any(|hold| self.kept.contains(&(ix, *hold)))
    }

    /// Tables of the columns that must stay readable with what is kept.
    pub fn read_with(&self, policy: &Policy) -> BTreeSet<TableId> {
        self.holds.iter().flat_map(|hold| &policy.holds[*hold].with).map(|(table, _)| *table).collect()
    }

    fn want(&mut self, policy: &Policy, rows: &Rows, ix: RowIx, link: LinkIx) {
        let identities = self.upward.want(policy, rows, ix, link);
        let link = &policy.table(rows.row(ix).table).links[link];
        // Whom a digest names is told by the value alone; else whoever has it must be known.
        let of_all = |hold: &Hold| hold.is_of_persons() && hold.persons.is_empty();
        if self.holds.iter().any(|hold| of_all(&policy.holds[*hold])) {
            identities.into_iter().for_each(|joined| self.holders.want(link, joined));
        }
    }

    fn questions(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let beside = self.holders.ask(policy).into_iter();
        let beside = beside.map(|(t, by)| (t, Ask::select(policy, t, rows.select(policy, t, by, Vec::new()))));
        let (tables, asks) = self.upward.ask(policy, rows).into_iter().chain(beside).unzip();
        self.asked = tables;
        asks
    }

    /// Keeps the rows that holds name, and passes the roles of everybody whom a hold is about down to those that they reach.
    fn settle(&mut self, policy: &Policy, person: &Person, rows: &Rows) {
        let (references, before) = (References::among(policy, rows), self.kept.len());
        for at in self.holds.clone() {
            let hold = &policy.holds[at];
            let itself = |ix: &RowIx| names_row(policy, self.register.as_ref(), rows, *ix, hold);
            let itself: Vec<RowIx> = (0..rows.count()).filter(itself).collect();
            self.keep(policy, rows, &references, at, itself);
            if !hold.is_of_persons() {
                continue;
            }
            let mut held: HashSet<(RowIx, Role)> = HashSet::new();
            let mut work: Vec<(RowIx, Role)> = Vec::new();
            let known = Known { policy, person, rows, references: &references };
            for (ix, _) in rows.all() {
                work.extend(self.is_about(&known, ix, hold).then_some((ix, Role::Own)));
                work.extend(self.named_by(&known, ix, hold));
            }
            while let Some((ix, role)) = work.pop() {
                if !held.insert((ix, role)) {
                    continue;
                }
                for &(by, row) in references.to(ix) {
                    let (By::Link(link) | By::Back(link)) = by else { continue };
                    let table = rows.row(row).table;
                    let passed = compose(policy.table(table).links[link].role, role, has_author(policy, table));
                    work.extend(passed.map(|role| (row, role)));
                }
            }
            let named = |ix: RowIx| hold.tables.as_ref().is_none_or(|t| t.contains(&rows.row(ix).table));
            let held = held.into_iter().map(|(ix, _)| ix).filter(|ix| named(*ix)).collect();
            self.keep(policy, rows, &references, at, held);
        }
        self.grew |= self.kept.len() > before;
    }

    /// Keeps rows for a hold, with their parts: of what is kept because of others, nobody asks for more of these than is known.
    fn keep(&mut self, policy: &Policy, rows: &Rows, references: &References, at: usize, mut work: Vec<RowIx>) {
        while let Some(ix) = work.pop() {
            if !self.kept.insert((ix, at)) {
                continue;
            }
            for &(by, part) in references.to(ix) {
                let (By::Link(link) | By::Back(link)) = by else { continue };
                work.extend((policy.table(rows.row(part).table).links[link].role == Role::Part).then_some(part));
            }
        }
    }

    /// Is the row a record of somebody whom the hold is about?
    fn is_about(&mut self, known: &Known, ix: RowIx, hold: &Hold) -> bool {
        let &Known { policy, rows, .. } = known;
        let kinds = policy.kinds.iter().enumerate().filter(|(at, _)| hold.kind.is_none_or(|kind| kind.0 == *at));
        let here = kinds.flat_map(|(at, kind)| kind.populations.iter().map(move |p| (KindId(at), p)));
        let mut here = here.filter(|(_, p)| p.table == rows.row(ix).table && is_record(p, rows, ix));
        here.any(|(kind, of)| hold.persons.is_empty() || self.names_record(known, (kind, of), ix, hold))
    }

    /// Does the hold name the person of this record: by the row itself, or by an identity within the tenant of the record?
    fn names_record(&mut self, known: &Known, (kind, of): (KindId, &Population), ix: RowIx, hold: &Hold) -> bool {
        let Some(register) = &self.register else { return false };
        let &Known { policy, rows, .. } = known;
        if hold.persons.contains(&of_row(policy, register, rows, ix)) {
            return true;
        }
        let tenant = self.holders.tenant_of_record(known, of, ix).map(Value::Text);
        let told = of.tenant.is_none() || tenant.is_some();
        told && of_record(policy, register, rows, kind, ix, tenant.as_ref()).iter().any(|d| hold.persons.contains(d))
    }

    /// The roles by which an identity in the row makes it one of somebody's whom the hold is about.
    fn named_by(&mut self, known: &Known, ix: RowIx, hold: &Hold) -> Vec<(RowIx, Role)> {
        let &Known { policy, rows, .. } = known;
        let table = rows.row(ix).table;
        let mut roles = Vec::new();
        for link in &policy.table(table).links {
            let Target::Identity { kind, identity } = &link.target else { continue };
            if hold.kind.is_some_and(|k| k != *kind) {
                continue;
            }
            let about = match hold.persons.is_empty() {
                true => self.holders.knows_stranger(known, ix, link),
                false => self.names_identity(known, (*kind, identity), ix, link, hold),
            };
            let role = about.then(|| compose(link.role, Role::Own, has_author(policy, table))).flatten();
            roles.extend(role.map(|role| (ix, role)));
        }
        roles
    }

    /// Does a link of the row lead to an identity of somebody whom the hold names, within the tenant of the row?
    fn names_identity(&mut self, known: &Known, of: (KindId, &str), ix: RowIx, link: &Link, hold: &Hold) -> bool {
        let Some(register) = &self.register else { return false };
        let &Known { policy, rows, .. } = known;
        let (populations, scoped) = (&policy.kinds[of.0.0].populations, |p: &Population| p.tenant.is_some());
        let tenant = populations.iter().any(scoped).then(|| self.holders.tenant_of_row(known, of.0, ix));
        let tenant = tenant.flatten().map(Value::Text);
        if tenant.is_none() && populations.iter().all(scoped) {
            return false;
        }
        let named = |joined: &String| {
            let digests = of_identity(policy, register, rows, of, tenant.as_ref(), ix, &Value::text(joined));
            digests.iter().any(|digest| hold.persons.contains(digest))
        };
        here(policy, link, rows, ix).iter().flatten().any(named)
    }
}

/// Links that tell whether a hold keeps a row. Parts of what is kept are kept; and whose a row is stands above it.
fn climbed(policy: &Policy, hold: &Hold) -> HashSet<(TableId, LinkIx)> {
    let named: HashSet<TableId> = match &hold.tables {
        Some(tables) if hold.rows.is_empty() => tables.iter().copied().collect(),
        _ => policy.table_ids().collect(),
    };
    let parts = beneath(policy, named);
    let tables = if hold.is_of_persons() { above(policy, parts.clone()) } else { parts.clone() };
    let leads = |link: &Link| hold.is_of_persons() || is_part_of(link, &parts);
    let links =
        tables.into_iter().flat_map(|t| policy.table(t).links.iter().enumerate().map(move |(ix, l)| (t, ix, l)));
    links.filter(|(_, _, link)| leads(link)).map(|(table, ix, _)| (table, ix)).collect()
}

/// Tables with parts of rows of these, and these.
fn beneath(policy: &Policy, mut tables: HashSet<TableId>) -> HashSet<TableId> {
    loop {
        let is_part = |table: &TableId| policy.table(*table).links.iter().any(|link| is_part_of(link, &tables));
        let more: Vec<TableId> = policy.table_ids().filter(|t| !tables.contains(t) && is_part(t)).collect();
        if more.is_empty() {
            return tables;
        }
        tables.extend(more);
    }
}

fn is_part_of(link: &Link, tables: &HashSet<TableId>) -> bool {
    link.role == Role::Part && target(link).is_some_and(|t| tables.contains(&t))
}

/// These tables, and those that their links lead to.
fn above(policy: &Policy, from: HashSet<TableId>) -> HashSet<TableId> {
    let (mut tables, mut work) = (HashSet::new(), Vec::from_iter(from));
    while let Some(table) = work.pop() {
        if tables.insert(table) {
            work.extend(policy.table(table).links.iter().filter_map(target));
        }
    }
    tables
}

fn target(link: &Link) -> Option<TableId> {
    match link.target {
        Target::Row { table, .. } => Some(table),
        Target::Identity { .. } => None,
    }
}
