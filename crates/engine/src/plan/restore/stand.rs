//! What of a deactivation still stands, and so can be undone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use super::super::how::How;
use super::super::types::{HandedOn, Key, Why};
use super::edges::{Place, Seals, edges, keys};
use super::references::{Reference, equal, holds, made, references, tables, untied};
use super::veil::Veils;
use super::{Asked, Deactivation, handing, system_of};
use crate::ask::Row;
use crate::policy::model::{Policy, TableId};
use crate::seal::{Image, Sealed, SealedTable};
use crate::value::Value;

/// Key of a row, and the values by which it refers, then those that decide whether it does.
pub(super) type Referring = (Key, Vec<Value>);

/// Key of a row that comes back, and columns that get another value than the sealed one.
type Back = (Key, Vec<(String, Value)>);

/// What columns of a row get instead of the sealed values, by its place in the seal and its key.
type Instead = HashMap<((usize, usize), Key), Vec<(String, Value)>>;

/// The rows as they are now.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// By place in the seal (system, table) and key.
    now: HashMap<(usize, usize), HashMap<Key, Row>>,
    /// Values that rows of a table have in these columns.
    there: HashMap<(TableId, Vec<String>), HashSet<Vec<Value>>>,
    /// Rows that refer to stand-in records: table, its columns, and key with the values.
    pub(super) referring: Vec<(TableId, Vec<String>, Vec<Referring>)>,
}

/// What becomes of each sealed row.
#[derive(Debug, Default)]
pub(super) struct Stood {
    /// Rows to put back, by system and table, with the values that some columns get instead.
    pub back: BTreeMap<(String, String), Vec<Back>>,
    /// Columns to undo, by system and table, with the row as it is now.
    pub(super) undo: BTreeMap<(String, String), Vec<Undo>>,
    /// Columns that come back without names of people who are away, and whether the row comes back with them.
    pub veiled: BTreeMap<(String, String), Vec<Veiled>>,
    /// Stand-in records that nobody needs.
    pub(super) unused: BTreeMap<(String, String), Vec<Key>>,
    pub kept: Vec<(String, String, Key, Why, Vec<String>)>,
    pub handed_on: Vec<HandedOn>,
}

/// Values of rows, by the table and columns that others refer to.
type Coming = HashMap<(TableId, Vec<String>), HashSet<Vec<Value>>>;

/// A reactivation among other deactivations.
pub(super) struct Sides<'s> {
    pub policy: &'s Policy,
    pub own: &'s Deactivation,
    pub others: &'s [Deactivation],
    /// The seals of the others.
    pub seals: &'s Seals,
    pub veils: &'s Veils<'s>,
}

/// A row of the seal.
#[derive(Clone, Copy)]
struct Sight<'s> {
    at: (usize, usize),
    system: &'s Sealed,
    table: &'s SealedTable,
    id: Option<TableId>,
    image: &'s Image,
}

/// A row of ours that comes back with another deactivation.
struct Waiting<'s> {
    id: TableId,
    table: &'s SealedTable,
    row: &'s Row,
    case: String,
}

/// What a reference leads to is not there.
#[derive(Clone)]
struct Missed<'s> {
    why: Why,
    /// The deactivation with which it comes back.
    case: Option<String>,
    /// The one that took it away itself.
    held_by: Option<&'s Deactivation>,
}

/// A row, and how columns of it come back; whether the row itself comes back with them.
type Veiled = (Row, Vec<(String, How)>, bool);

#[derive(Debug)]
pub(super) struct Undo {
    pub columns: Vec<String>,
    pub key: Key,
    pub row: Row,
}

/// Rows by how columns of theirs come back, and by whether the rows come back themselves.
pub type Hidden = BTreeMap<(Vec<(String, How)>, bool), Vec<Row>>;

impl Stood {
    /// Rows by the columns that are undone in them.
    pub fn undone(&self, system: &str, table: &str) -> BTreeMap<Vec<String>, Vec<Row>> {
        let mut grouped: BTreeMap<Vec<String>, Vec<Row>> = BTreeMap::new();
        for undo in self.undo.get(&(system.to_owned(), table.to_owned())).into_iter().flatten() {
            grouped.entry(undo.columns.clone()).or_default().push(undo.row.clone());
        }
        grouped
    }

    /// Rows by the columns that come back without some names, and by whether they come back themselves.
    pub fn hidden(&self, system: &str, table: &str) -> Hidden {
        let mut grouped = Hidden::new();
        for (row, columns, new) in self.veiled.get(&(system.to_owned(), table.to_owned())).into_iter().flatten() {
            grouped.entry((columns.clone(), *new)).or_default().push(row.clone());
        }
        grouped
    }

    pub fn unused(&self, system: &str, table: &str) -> Vec<Key> {
        self.unused.get(&(system.to_owned(), table.to_owned())).cloned().unwrap_or_default()
    }

    pub(super) fn keep(&mut self, system: &Sealed, table: &SealedTable, row: &Row, why: Why, columns: Vec<String>) {
        let key = table.key_of(row);
        self.kept.push((system.system.clone(), table.table.clone(), key, why, columns));
    }

    fn hand(&mut self, case: &str, of: Sight<'_>, key: &Key, columns: Option<Vec<String>>) {
        self.handed_on.push(handing(case, &of.system.system, &of.table.table, key, columns));
    }

    /// Takes those of the columns out that would name somebody who is away: they wait for that one, and the rest of them comes
    /// back. `now` is the row as it is, where it is there.
    fn veil(&mut self, sides: &Sides<'_>, of: Sight<'_>, now: Option<&Row>, columns: &mut Vec<String>) {
        let (Some(before), Some(id)) = (&of.image.before, of.id) else { return };
        let Some(row) = now.or(Some(before)) else { return };
        let mut hidden = Vec::new();
        columns.retain(|column| {
            let Some(at) = of.table.at(column) else { return true };
            let Some((how, made, case)) = sides.veils.over(sides.policy, (id, column), &before[at], of.image.since)
            else {
                return true;
            };
            self.hand(case, of, &of.table.key_of(row), Some(vec![column.clone()]));
            let why = Why::Waits { by: "somebody whom it names".to_owned() };
            self.keep(of.system, of.table, row, why, vec![column.clone()]);
            if now.is_none_or(|now| now[at] != made) {
                hidden.push((column.clone(), how));
            }
            false
        });
        if !hidden.is_empty() {
            let place = (of.system.system.clone(), of.table.table.clone());
            self.veiled.entry(place).or_default().push((row.clone(), hidden, now.is_none()));
        }
    }
}

impl Standing {
    pub fn take(&mut self, policy: &Policy, own: &Deactivation, asked: Asked, rows: Vec<Row>) {
        match asked {
            Asked::Rows(s, t) => {
                let table = &own.sealed[s].tables[t];
                let by_key = rows.into_iter().map(|row| (table.key_of(&row), row)).collect();
                self.now.insert((s, t), by_key);
            }
            Asked::Targets(id, columns) => {
                let skip = policy.table(id).key.len();
                let end = skip + columns.len();
                let values = rows.into_iter().map(|row| row[skip..end].to_vec());
                self.there.entry((id, columns)).or_default().extend(values);
            }
            Asked::Referring(id, columns) => {
                let at = policy.table(id).key.len();
                let rows = rows.into_iter().map(|row| (row[..at].to_vec(), row[at..].to_vec())).collect();
                self.referring.push((id, columns, rows));
            }
        }
    }

    /// What sealed rows refer to: table, columns, values.
    pub fn targets(&self, policy: &Policy, own: &Deactivation) -> Vec<(TableId, Vec<String>, Vec<Vec<Value>>)> {
        let mut wanted: BTreeMap<(TableId, Vec<String>), BTreeSet<Vec<Value>>> = BTreeMap::new();
        for (id, table) in tables(policy, &own.sealed) {
            let back = || table.rows.iter().filter_map(|i| i.before.as_ref());
            for reference in references(policy, id) {
                let values = back().filter_map(|row| reference.values(policy, id, table, row));
                wanted.entry((reference.to, reference.there.clone())).or_default().extend(values);
            }
        }
        let list = wanted.into_iter().map(|((id, columns), values)| (id, columns, values.into_iter().collect()));
        list.collect()
    }

    /// Who could refer to the stand-in records that were made.
    pub fn referring(&self, policy: &Policy, own: &Deactivation) -> Vec<(TableId, Vec<String>, Vec<Vec<Value>>)> {
        let mut wanted: BTreeMap<(TableId, Vec<String>), BTreeSet<Vec<Value>>> = BTreeMap::new();
        for (made_in, table) in tables(policy, &own.sealed) {
            let made: Vec<&Row> = made(table).collect();
            for id in policy.table_ids().filter(|_| !made.is_empty()) {
                for reference in references(policy, id).into_iter().filter(|r| r.to == made_in) {
                    let values = made.iter().filter_map(|row| table.values(row, &reference.there));
                    wanted.entry((id, reference.columns)).or_default().extend(values);
                }
            }
        }
        let list = wanted.into_iter().map(|((id, columns), values)| (id, columns, values.into_iter().collect()));
        list.collect()
    }

    /// Is the row of this key there now?
    pub fn is_now(&self, at: (usize, usize), key: &Key) -> bool {
        self.now.get(&at).is_some_and(|rows| rows.contains_key(key))
    }

    /// Decides on each sealed row but the stand-in records.
    pub fn settle(&self, sides: &Sides<'_>) -> Stood {
        let mut stood = Stood::default();
        let (mut changed, mut away) = (Vec::new(), Vec::new());
        for sight in sights(sides) {
            let row = sight.image.stands().map(|row| sight.table.key_of(row));
            let row = row.and_then(|key| self.now.get(&sight.at)?.get(&key));
            match (&sight.image.before, &sight.image.after, row) {
                (None, ..) => {}
                (Some(_), None, None) => away.push(sight),
                (Some(_), Some(_), Some(row)) => changed.push((sight, row)),
                (Some(before), None, Some(_)) => {
                    let why = again(sides, sight, &edges(sight.table, sight.image)[..1]);
                    stood.keep(sight.system, sight.table, before, why, Vec::new());
                }
                (Some(_), Some(after), None) => lost(sides, sight, after, &mut stood),
            }
        }
        let without = sides.others.iter().rev().find_map(|other| person_away(sides.own, other));
        if let Some(missed) = &without {
            away.drain(..).for_each(|sight| wait(&mut stood, sight, missed));
        }
        let (coming, waiting) = self.bring_back(sides, away, &mut stood);
        for (sight, row) in changed {
            let missed = |reference: &Reference<'_>| {
                let values = reference.values(sides.policy, sight.id?, sight.table, sight.image.before.as_ref()?)?;
                self.missed(sides, (reference, sight.image.since), &values, &coming, &waiting)
            };
            let references = sight.id.map(|id| references(sides.policy, id)).unwrap_or_default();
            let missing: Vec<(Vec<String>, Missed)> = match &without {
                Some(missed) => vec![(sight.table.columns.clone(), missed.clone())],
                None => references.iter().filter_map(|r| Some((r.columns.clone(), missed(r)?))).collect(),
            };
            undo(sides, &mut stood, sight, row, &missing);
        }
        stood
    }

    /// Rows that were deleted come back, unless what they refer to is away. Returns the values that come, and rows that wait.
    fn bring_back<'s>(
        &self,
        sides: &Sides<'s>,
        mut away: Vec<Sight<'s>>,
        stood: &mut Stood,
    ) -> (Coming, Vec<Waiting<'s>>) {
        let mut instead: Instead = HashMap::new();
        let mut waiting: Vec<Waiting<'s>> = Vec::new();
        loop {
            let coming = self.coming(&away);
            let (mut rest, mut stays): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
            for sight in away {
                let (Some(row), Some(id)) = (&sight.image.before, sight.id) else { continue };
                let place = (sight.at, sight.table.key_of(row));
                let mut away_with = None;
                for reference in references(sides.policy, id) {
                    let set = instead.get(&place).into_iter().flatten();
                    let undone = set.map(|(c, _)| c).any(|c| reference.columns.contains(c));
                    let values = reference.values(sides.policy, id, sight.table, row).filter(|_| !undone);
                    let Some(values) = values else { continue };
                    let Some(missed) = self.missed(sides, (&reference, sight.image.since), &values, &coming, &waiting)
                    else {
                        continue;
                    };
                    let untied = |other| untied(sides.policy, other, sight.table, id, &reference, &values);
                    match missed.held_by.and_then(untied) {
                        Some(set) => instead.entry(place.clone()).or_default().extend(set),
                        None => away_with = Some(missed),
                    }
                }
                match away_with {
                    None => rest.push(sight),
                    Some(missed) => stays.push((sight, missed)),
                }
            }
            away = rest;
            if stays.is_empty() {
                self.come(&away, instead, sides, stood);
                return (coming, waiting);
            }
            for (sight, missed) in stays {
                wait(stood, sight, &missed);
                let (Some(row), Some(id), Some(case)) = (&sight.image.before, sight.id, missed.case) else { continue };
                waiting.push(Waiting { id, table: sight.table, row, case });
            }
        }
    }

    /// The rows that come back indeed, and what some of them hold meanwhile.
    fn come(&self, away: &[Sight<'_>], mut instead: Instead, sides: &Sides<'_>, stood: &mut Stood) {
        for sight in away {
            let (Some(row), Some(id)) = (&sight.image.before, sight.id) else { continue };
            let key = sight.table.key_of(row);
            let set = instead.remove(&(sight.at, key.clone())).unwrap_or_default();
            // Each reference that is undone meanwhile belongs to whoever took away what it leads to.
            let mut left = set.clone();
            for reference in references(sides.policy, id) {
                let (own, rest): (Vec<_>, Vec<_>) =
                    left.iter().cloned().partition(|(c, _)| reference.columns.contains(c));
                let values = reference.values(sides.policy, id, sight.table, row).filter(|_| !own.is_empty());
                let Some(values) = values else { continue };
                let holder =
                    sides.others.iter().rev().find(|o| holds(sides.policy, o, &reference, &values, sight.image.since));
                if let Some(holder) = holder {
                    left = rest;
                    stood.hand(&holder.case, *sight, &key, Some(own.into_iter().map(|(c, _)| c).collect()));
                }
            }
            let whole = |c: &&String| !set.iter().any(|(other, _)| other == *c);
            let mut columns = sight.table.columns.iter().filter(whole).cloned().collect();
            stood.veil(sides, *sight, None, &mut columns);
            let place = (sight.system.system.clone(), sight.table.table.clone());
            stood.back.entry(place).or_default().push((key, set));
        }
    }

    /// What a reference, sealed first at that time, would miss: nothing where it leads nowhere, or to a row that is there or comes.
    fn missed<'s>(
        &self,
        sides: &Sides<'s>,
        (reference, since): (&Reference<'_>, Option<Timestamp>),
        values: &[Value],
        coming: &Coming,
        waiting: &[Waiting<'s>],
    ) -> Option<Missed<'s>> {
        if self.is_there(reference, values, coming) {
            return None;
        }
        let by = sides.policy.table(reference.to).name.clone();
        let same = |w: &&Waiting<'_>| {
            let there = w.table.values(w.row, &reference.there);
            w.id == reference.to && there.is_some_and(|there| equal(&there, values))
        };
        if let Some(found) = waiting.iter().find(same) {
            return Some(Missed { why: Why::Waits { by }, case: Some(found.case.clone()), held_by: None });
        }
        match sides.others.iter().rev().find(|o| holds(sides.policy, o, reference, values, since)) {
            Some(other) => {
                Some(Missed { why: Why::Waits { by }, case: Some(other.case.clone()), held_by: Some(other) })
            }
            // A mere link may have led nowhere before.
            None => reference.link.is_none().then_some(Missed { why: Why::Gone { by }, case: None, held_by: None }),
        }
    }

    /// Values that rows which come back have, by table and columns that others refer to.
    fn coming(&self, away: &[Sight<'_>]) -> Coming {
        let mut coming = Coming::new();
        let wanted: HashSet<(TableId, Vec<String>)> = self.there.keys().cloned().collect();
        for sight in away {
            for (of, columns) in wanted.iter().filter(|(of, _)| Some(*of) == sight.id) {
                let values = sight.image.before.as_ref().and_then(|row| sight.table.values(row, columns));
                coming.entry((*of, columns.clone())).or_default().extend(values);
            }
        }
        coming
    }

    fn is_there(&self, reference: &Reference<'_>, values: &[Value], coming: &Coming) -> bool {
        let place = (reference.to, reference.there.clone());
        let found = |set: &Coming| {
            let there = set.get(&place);
            there.is_some_and(|t| t.contains(values) || t.iter().any(|v| equal(v, values)))
        };
        found(&self.there) || found(coming)
    }
}

/// The person's own record went with another deactivation, without which nothing of theirs comes back: it would name them.
fn person_away<'s>(own: &Deactivation, other: &'s Deactivation) -> Option<Missed<'s>> {
    let went = |system: &str, of: &str, key: &Key| {
        let tables = other.sealed.iter().filter(|s| s.system == system).flat_map(|s| &s.tables);
        let mut images = tables.filter(|t| t.table == of).flat_map(|t| t.rows.iter().map(move |i| (t, i)));
        images.any(|(t, i)| i.after.is_none() && i.before.as_ref().is_some_and(|row| t.key_of(row) == *key))
    };
    let record = own.plan.persons.iter().find(|r| went(&r.system, &r.table, &r.key))?;
    let why = Why::Waits { by: record.table.clone() };
    Some(Missed { why, case: Some(other.case.clone()), held_by: Some(other) })
}

/// A deleted row waits for another deactivation.
fn wait(stood: &mut Stood, of: Sight<'_>, missed: &Missed<'_>) {
    let Some(row) = &of.image.before else { return };
    if let Some(case) = &missed.case {
        stood.hand(case, of, &of.table.key_of(row), None);
    }
    stood.keep(of.system, of.table, row, missed.why.clone(), Vec::new());
}

/// All rows of the seal.
fn sights<'s>(sides: &Sides<'s>) -> Vec<Sight<'s>> {
    let mut sights = Vec::new();
    for (s, system) in sides.own.sealed.iter().enumerate() {
        for (t, table) in system.tables.iter().enumerate() {
            let id = system_of(sides.policy, system).and_then(|id| sides.policy.table_named(id, &table.table));
            let sight = |image| Sight { at: (s, t), system, table, id, image };
            sights.extend(table.rows.iter().map(sight));
        }
    }
    sights
}

/// What other seals have of the same row.
fn beside(sides: &Sides<'_>, of: Sight<'_>) -> Vec<Place> {
    sides.seals.of_row(&of.system.system, &of.table.table, &keys(of.table, of.image))
}

/// Why cells no longer hold what was left there: another deactivation changed them again, or somebody else did.
fn again(sides: &Sides<'_>, of: Sight<'_>, edges: &[super::edges::Edge]) -> Why {
    let places = beside(sides, of);
    let led = |e: &super::edges::Edge| places.iter().any(|p| sides.seals.leads_on(*p, &e.column, e.to.as_ref()));
    if edges.iter().all(led) { Why::Waits { by: of.table.table.clone() } } else { Why::Changed }
}

/// A row that was changed, and is no longer there under its key.
fn lost(sides: &Sides<'_>, of: Sight<'_>, after: &Row, stood: &mut Stood) {
    let key = of.table.key_of(after);
    let moved = beside(sides, of).into_iter().find(|place| {
        let (_, table, image) = sides.seals.at(*place);
        let was = image.before.as_ref().map(|row| table.key_of(row));
        was.as_ref() == Some(&key) && image.after.as_ref().is_some_and(|row| table.key_of(row) != key)
    });
    let edges = edges(of.table, of.image);
    let why = match moved {
        Some(place) => {
            // Another deactivation gave it another key: it is found again only with that one.
            let columns = edges.into_iter().map(|e| e.column).collect();
            stood.hand(&sides.seals.cases[place.0].0, of, &key, Some(columns));
            Why::Waits { by: of.table.table.clone() }
        }
        None => again(sides, of, &edges),
    };
    stood.keep(of.system, of.table, after, why, Vec::new());
}

/// Undoes what still stands of a change, but no reference to what is not there.
fn undo(sides: &Sides<'_>, stood: &mut Stood, of: Sight<'_>, row: &Row, missing: &[(Vec<String>, Missed<'_>)]) {
    let key = of.table.key_of(row);
    let now = |column: &str| of.table.at(column).map(|at| &row[at]);
    let (stands, others): (Vec<_>, Vec<_>) =
        edges(of.table, of.image).into_iter().partition(|e| now(&e.column) == e.to.as_ref());
    for edge in others {
        let why = again(sides, of, std::slice::from_ref(&edge));
        stood.keep(of.system, of.table, row, why, vec![edge.column]);
    }
    let mut stands: Vec<String> = stands.into_iter().map(|e| e.column).collect();
    for (columns, missed) in missing {
        let (open, rest): (Vec<String>, Vec<String>) = stands.into_iter().partition(|c| columns.contains(c));
        stands = rest;
        if open.is_empty() {
            continue;
        }
        if let Some(case) = &missed.case {
            stood.hand(case, of, &key, Some(open.clone()));
        }
        stood.keep(of.system, of.table, row, missed.why.clone(), open);
    }
    stood.veil(sides, of, Some(row), &mut stands);
    if !stands.is_empty() {
        let place = (of.system.system.clone(), of.table.table.clone());
        stood.undo.entry(place).or_default().push(Undo { columns: stands, key, row: row.clone() });
    }
}
