//! What becomes of each row at erasure (LANGUAGE 1.4): fates rise, vetoes stand, then deletions fall where a surviving row
//! needs the row.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};

use super::claims::link_holds;
use super::resolve::place;
use super::rows::{Claim, RowIx, Rows, Via};
use super::{Answer, Ask};
use crate::ask::By;
use crate::policy::model::{
    ColumnIx, Erase, Fate, ForeignKey, Keep, LinkIx, OnErase, Policy, Role, TableId, Target, Untie, Until,
};
use crate::value::Value;

/// The outcome for one row.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Its fate, after everything rose and fell.
    pub fate: Fate,
    /// The veto that keeps it as it is.
    pub veto: Option<Veto>,
    /// Exactly these columns, where a link says so.
    pub exact: Option<Vec<(Erase, Vec<ColumnIx>)>>,
    /// It would have been deleted, but this table needs it.
    pub needed_by: Option<TableId>,
    /// Columns that stay readable: column, law, end.
    pub stays: BTreeMap<ColumnIx, (String, Option<Date>)>,
}

/// Why a row is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// Id of the law.
    pub law: String,
    /// Last day, where known.
    pub until: Option<Date>,
    /// What must stay readable with it.
    pub with: Vec<(TableId, ColumnIx)>,
}

/// The computation as a state machine: it may ask for rows that refer to rows which are to go.
pub struct Fates {
    outcomes: Vec<Outcome>,
    guards: Vec<(TableId, ForeignKey)>,
    asked: bool,
    today: Date,
}

impl Fates {
    pub fn new(now: Timestamp) -> Self {
        Fates { outcomes: Vec::new(), guards: Vec::new(), asked: false, today: now.to_zoned(TimeZone::UTC).date() }
    }

    /// Takes answers, returns asks; none when the outcomes are final.
    pub fn step(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) -> Vec<Ask> {
        if !self.asked {
            self.asked = true;
            self.rise(policy, rows);
            let asks = self.ask_guards(policy, rows);
            if !asks.is_empty() {
                return asks;
            }
        }
        let guards = std::mem::take(&mut self.guards);
        for ((table, _), answer) in guards.into_iter().zip(answers) {
            for values in answer.rows() {
                rows.take(policy, table, values);
            }
        }
        self.outcomes.resize_with(rows.all().count(), Outcome::default);
        self.fall(policy, rows);
        Vec::new()
    }

    pub fn finish(self) -> Vec<Outcome> {
        self.outcomes
    }

    fn rise(&mut self, policy: &Policy, rows: &Rows) {
        self.outcomes = vec![Outcome::default(); rows.all().count()];
        self.vetoes(policy, rows);
        loop {
            let mut changed = false;
            for (ix, row) in rows.all() {
                let (fate, exact) = self.wanted(policy, rows, ix, &row.claims);
                let outcome = &mut self.outcomes[ix];
                if outcome.veto.is_none() && fate > outcome.fate {
                    outcome.fate = fate;
                    outcome.exact = exact;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        self.unties_that_delete(policy, rows);
        self.kept_columns(policy, rows);
    }

    /// Vetoes of links, then of the parts of kept rows.
    fn vetoes(&mut self, policy: &Policy, rows: &Rows) {
        for (ix, row) in rows.all() {
            self.outcomes[ix].veto = row.claims.iter().find_map(|claim| self.veto_of(policy, rows, ix, claim));
        }
        loop {
            let mut changed = false;
            for (ix, row) in rows.all().filter(|(_, r)| !r.claims.is_empty()) {
                if self.outcomes[ix].veto.is_some() {
                    continue;
                }
                let inherited = row.claims.iter().find_map(|c| match c.via {
                    Via::Link { link, parent: Some(parent) }
                        if policy.table(row.table).links[link].role == Role::Part =>
                    {
                        self.outcomes[parent].veto.clone()
                    }
                    _ => None,
                });
                changed |= inherited.is_some();
                self.outcomes[ix].veto = inherited;
            }
            if !changed {
                return;
            }
        }
    }

    fn veto_of(&self, policy: &Policy, rows: &Rows, ix: RowIx, claim: &Claim) -> Option<Veto> {
        let Via::Link { link, .. } = claim.via else { return None };
        match on_erase(policy, rows, ix, link)? {
            OnErase::Keep(keep) => {
                let until = until(rows, ix, keep);
                self.in_force(until).then(|| Veto { law: keep.law.clone(), until, with: keep.with.clone() })
            }
            _ => None,
        }
    }

    fn in_force(&self, until: Option<Date>) -> bool {
        until.is_none_or(|d| d >= self.today)
    }

    /// The highest fate over the claims on a row.
    fn wanted(
        &self,
        policy: &Policy,
        rows: &Rows,
        ix: RowIx,
        claims: &[Claim],
    ) -> (Fate, Option<Vec<(Erase, Vec<ColumnIx>)>>) {
        let mut best = (Fate::None, None);
        let mut exact: Vec<(Erase, Vec<ColumnIx>)> = Vec::new();
        let mut plain_scrub = false;
        for claim in claims {
            let (fate, columns) = self.fate_of(policy, rows, ix, claim);
            match columns {
                Some(columns) => exact.extend(columns),
                None if fate == Fate::Scrub => plain_scrub = true,
                None => {}
            }
            best.0 = best.0.max(fate);
        }
        if best.0 == Fate::Scrub && !plain_scrub {
            best.1 = Some(exact);
        }
        best
    }

    fn fate_of(
        &self,
        policy: &Policy,
        rows: &Rows,
        ix: RowIx,
        claim: &Claim,
    ) -> (Fate, Option<Vec<(Erase, Vec<ColumnIx>)>>) {
        let by_role = match claim.role {
            Role::Own | Role::Owner | Role::CoOwner => Fate::Delete,
            Role::Author => Fate::Scrub,
            Role::Viewer | Role::Mention | Role::Part => Fate::Untie,
        };
        let Via::Link { link, parent } = claim.via else { return (by_role, None) };
        let l = &policy.table(rows.row(ix).table).links[link];
        let said = on_erase(policy, rows, ix, link);
        if l.role == Role::Part
            && let Some(parent) = parent
        {
            let inherited = self.outcomes[parent].fate;
            // A replacement counts for claims of co-owners and above only.
            if claim.role < Role::CoOwner || said.is_none() {
                return (inherited, None);
            }
        }
        match said {
            None => (by_role, None),
            Some(OnErase::Fate(fate)) => (*fate, None),
            Some(OnErase::Columns(columns)) => (Fate::Scrub, Some(columns.clone())),
            // A veto that has ended asks for what the role asks for.
            Some(OnErase::Keep(_)) => (by_role, None),
        }
    }

    /// A pure association row goes with its tie.
    fn unties_that_delete(&mut self, policy: &Policy, rows: &Rows) {
        for (ix, _) in rows.all() {
            if matches!(self.outcomes[ix].fate, Fate::Untie | Fate::Scrub)
                && ties(policy, rows, &self.outcomes, ix).iter().any(|t| t.untie == Some(Untie::Delete))
            {
                self.outcomes[ix].fate = Fate::Delete;
            }
        }
    }

    /// A column that a law keeps keeps its row; what it is beside is scrubbed.
    fn kept_columns(&mut self, policy: &Policy, rows: &Rows) {
        for (ix, row) in rows.all() {
            if !matches!(self.outcomes[ix].fate, Fate::Scrub | Fate::Delete) {
                continue;
            }
            for (column, c) in policy.table(row.table).columns.iter().enumerate() {
                let Some((_, Erase::Keep(keep))) = c.erase.iter().find(|(when, _)| when.holds(|c| rows.value(ix, c)))
                else {
                    continue;
                };
                let end = until(rows, ix, keep);
                if self.in_force(end) && !rows.value(ix, column).is_null() {
                    self.outcomes[ix].fate = Fate::Scrub;
                    self.outcomes[ix].stays.insert(column, (keep.law.clone(), end));
                }
            }
        }
    }

    /// Rows that a declared foreign key ties to rows which are to go, and that no link has shown us yet.
    fn ask_guards(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let going: BTreeSet<TableId> =
            rows.all().filter(|(ix, _)| self.outcomes[*ix].fate == Fate::Delete).map(|(_, r)| r.table).collect();
        let mut asks = Vec::new();
        for table in policy.table_ids() {
            let t = policy.table(table);
            for fk in t.foreign_keys.iter().filter(|fk| going.contains(&fk.table)) {
                let covered = covered(policy, table, fk);
                let values: BTreeSet<Vec<Value>> = rows
                    .all()
                    .filter(|(ix, r)| r.table == fk.table && self.outcomes[*ix].fate == Fate::Delete)
                    .filter(|(_, r)| !(covered && r.claims.iter().any(|c| c.role >= Role::CoOwner)))
                    .map(|(ix, _)| fk.target_columns.iter().map(|c| rows.value(ix, *c).clone()).collect::<Vec<_>>())
                    .filter(|v| v.iter().all(|v| !v.is_null()))
                    .collect();
                if !values.is_empty() {
                    let by = By::Values { columns: t.names(&fk.columns), values: values.into_iter().collect() };
                    asks.push(Ask::select(policy, table, rows.select(policy, table, by, Vec::new())));
                    self.guards.push((table, fk.clone()));
                }
            }
        }
        asks
    }

    /// Deletions fall until nothing changes.
    fn fall(&mut self, policy: &Policy, rows: &Rows) {
        let edges = needs(policy, rows);
        loop {
            let mut changed = false;
            for (from, to, fk) in &edges {
                if self.outcomes[*to].fate != Fate::Delete || self.outcomes[*from].fate == Fate::Delete || from == to {
                    continue;
                }
                let undone = self.undone(policy, rows, *from, *to, fk.as_ref());
                if !undone {
                    self.outcomes[*to].fate = Fate::Scrub;
                    self.outcomes[*to].exact = None;
                    self.outcomes[*to].needed_by = Some(rows.row(*from).table);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        for (from, to, _) in edges {
            let Some(veto) = self.outcomes[from].veto.clone() else { continue };
            let table = rows.row(to).table;
            for (_, column) in veto.with.iter().filter(|(t, _)| *t == table) {
                if self.outcomes[to].fate == Fate::Scrub {
                    self.outcomes[to].stays.insert(*column, (veto.law.clone(), veto.until));
                }
            }
        }
    }

    /// Does the plan undo the reference of a surviving row to a row that is to go?
    fn undone(&self, policy: &Policy, rows: &Rows, from: RowIx, to: RowIx, fk: Option<&ForeignKey>) -> bool {
        let outcome = &self.outcomes[from];
        let undoing: Vec<_> =
            ties(policy, rows, &self.outcomes, from).into_iter().filter(|t| t.to == Some(to)).collect();
        let changes = outcome.veto.is_none() && outcome.fate >= Fate::Untie;
        match fk {
            Some(fk) => changes && undoing.iter().any(|t| t.untie.is_some() && t.columns == fk.columns),
            None if outcome.veto.is_some() => false,
            None => !changes || undoing.iter().all(|t| t.untie.is_some()),
        }
    }
}

/// A reference that a row holds to the person or to a row that goes (LANGUAGE 1.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The link.
    pub link: LinkIx,
    /// Its columns.
    pub columns: Vec<ColumnIx>,
    /// How it is undone.
    pub untie: Option<Untie>,
    /// The row it points at; none for an identity value.
    pub to: Option<RowIx>,
}

/// The ties of a row, given the fates so far.
pub fn ties(policy: &Policy, rows: &Rows, outcomes: &[Outcome], ix: RowIx) -> Vec<Tie> {
    let row = rows.row(ix);
    let t = policy.table(row.table);
    let mut ties: Vec<Tie> = Vec::new();
    for claim in &row.claims {
        let Via::Link { link, parent } = claim.via else { continue };
        let l = &t.links[link];
        if l.by {
            continue;
        }
        let is_tie = match parent {
            None => true,
            Some(p) => outcomes[p].fate == Fate::Delete || rows.row(p).claims.iter().any(|c| c.role == Role::Own),
        };
        let tie = Tie { link, columns: l.columns.clone(), untie: l.untie, to: parent };
        if is_tie && !ties.contains(&tie) {
            ties.push(tie);
        }
    }
    ties
}

/// What a link says for this row at erasure: the first entry whose condition holds.
pub fn on_erase<'p>(policy: &'p Policy, rows: &Rows, ix: RowIx, link: LinkIx) -> Option<&'p OnErase> {
    let l = &policy.table(rows.row(ix).table).links[link];
    l.on_erase.iter().find(|(when, _)| when.holds(|c| rows.value(ix, c))).map(|(_, said)| said)
}

/// Edges from rows to rows they refer to: by claims, and by declared foreign keys.
fn needs(policy: &Policy, rows: &Rows) -> Vec<(RowIx, RowIx, Option<ForeignKey>)> {
    let mut edges = Vec::new();
    let mut known = HashSet::new();
    for (ix, row) in rows.all() {
        let t = policy.table(row.table);
        for claim in &row.claims {
            if let Via::Link { link, parent: Some(parent) } = claim.via
                && !t.links[link].by
                && known.insert((ix, parent))
            {
                edges.push((ix, parent, None));
            }
        }
    }
    let mut targets: HashMap<(TableId, Vec<ColumnIx>), HashMap<Vec<String>, Vec<RowIx>>> = HashMap::new();
    let text = |ix: RowIx, columns: &[ColumnIx]| -> Option<Vec<String>> {
        columns.iter().map(|c| rows.value(ix, *c).join_text().map(|s| s.into_owned())).collect()
    };
    for (ix, row) in rows.all() {
        for fk in &policy.table(row.table).foreign_keys {
            let index = targets.entry((fk.table, fk.target_columns.clone())).or_insert_with(|| {
                let mut index: HashMap<Vec<String>, Vec<RowIx>> = HashMap::new();
                for (at, _) in rows.all().filter(|(_, r)| r.table == fk.table) {
                    if let Some(v) = text(at, &fk.target_columns) {
                        index.entry(v).or_default().push(at);
                    }
                }
                index
            });
            let hit = text(ix, &fk.columns).and_then(|v| index.get(&v));
            edges.extend(hit.into_iter().flatten().map(|to| (ix, *to, Some(fk.clone()))));
        }
    }
    edges
}

/// Has a link already asked for every row of this foreign key, whose target the person owns?
fn covered(policy: &Policy, table: TableId, fk: &ForeignKey) -> bool {
    policy.table(table).links.iter().any(|l| {
        let same_target =
            matches!(&l.target, Target::Row { table, columns } if *table == fk.table && *columns == fk.target_columns);
        same_target
            && !l.by
            && l.columns == fk.columns
            && l.when.0.is_empty()
            && l.nobody.is_empty()
            && l.matching == Default::default()
    })
}

/// The last day of a veto, where it has one.
fn until(rows: &Rows, ix: RowIx, keep: &Keep) -> Option<Date> {
    match keep.until.as_ref()? {
        Until::Date(date) => date.parse().ok(),
        Until::After(column, period) => {
            let Value::Text(text) = rows.value(ix, *column) else { return None };
            let date: Date = text.get(..10)?.parse().ok()?;
            date.checked_add(period.parse::<Span>().ok()?).ok()
        }
    }
}

/// Tables in a circle, for a refusal.
pub fn circle(policy: &Policy, tables: &BTreeSet<TableId>) -> Vec<String> {
    tables.iter().map(|t| place(policy, *t)).collect()
}

/// Does any link of the row that carries a claim hold at all? (Used where a row was read for its neighbours.)
pub fn held_links(policy: &Policy, rows: &Rows, ix: RowIx) -> BTreeSet<LinkIx> {
    let row = rows.row(ix);
    let links = row.claims.iter().filter_map(|c| match c.via {
        Via::Link { link, .. } => Some(link),
        _ => None,
    });
    links.filter(|l| link_holds(&policy.table(row.table).links[*l], rows, ix)).collect()
}
