//! The changes that seals stand for, cell by cell, and the seals of all who are away, found by the rows they hold.
//!
//! A sealed change leads a cell from one value to another; where a row was made or deleted, from or to nothing. Let a
//! cell have held `base` before anybody left, and hold `now`. Over all seals,
//!
//! > changes that lead to v, less changes that lead from v  =  1 if v is `now`, less 1 if v is `base`
//!
//! for each v. A deactivation adds a change and moves `now` along; to undo a change moves `now` back and takes it away; to
//! join the changes a to b and b to c into one from a to c, or to hand one to another seal, leaves both sides as they are.
//! Nothing else is ever done. So, whoever returns in whatever order, a change that cannot be undone because the cell no
//! longer holds what it left there always finds another that leads on from it; and when no seal is left, `now` is `base`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::super::types::Key;
use crate::ask::Row;
use crate::seal::{Image, Sealed, SealedTable};
use crate::value::Value;

/// A change of one cell; nothing where the row is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub column: String,
    pub from: Option<Value>,
    pub to: Option<Value>,
}

/// What an image changed.
pub(super) fn edges(table: &SealedTable, image: &Image) -> Vec<Edge> {
    let cell = |row: &Option<Row>, at: usize| row.as_ref().map(|row| row[at].clone());
    let edge = |(at, column): (usize, &String)| {
        let (from, to) = (cell(&image.before, at), cell(&image.after, at));
        (from != to).then(|| Edge { column: column.clone(), from, to })
    };
    table.columns.iter().enumerate().filter_map(edge).collect()
}

/// The keys under which an image knows its row.
pub(super) fn keys(table: &SealedTable, image: &Image) -> BTreeSet<Key> {
    [&image.before, &image.after].into_iter().flatten().map(|row| table.key_of(row)).collect()
}

/// Where an image stands: seal, system, table and row.
pub(super) type Place = (usize, usize, usize, usize);

/// The seals of several deactivations by the rows that they hold.
pub(super) struct Seals {
    pub cases: Vec<(String, Vec<Sealed>)>,
    rows: HashMap<(String, String, Key), BTreeSet<Place>>,
    changed: BTreeSet<usize>,
}

impl Seals {
    /// The seals by case.
    pub fn new(cases: Vec<(String, Vec<Sealed>)>) -> Self {
        let mut seals = Seals { cases, rows: HashMap::new(), changed: BTreeSet::new() };
        for place in seals.places() {
            seals.note(place);
        }
        seals
    }

    fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (c, (_, sealed)) in self.cases.iter().enumerate() {
            for (s, system) in sealed.iter().enumerate() {
                for (t, table) in system.tables.iter().enumerate() {
                    places.extend((0..table.rows.len()).map(|r| (c, s, t, r)));
                }
            }
        }
        places
    }

    fn note(&mut self, place: Place) {
        let (system, table, image) = self.at(place);
        let names = (system.system.clone(), table.table.clone());
        for key in keys(table, image) {
            self.rows.entry((names.0.clone(), names.1.clone(), key)).or_default().insert(place);
        }
    }

    /// The image at a place.
    pub fn at(&self, (c, s, t, r): Place) -> (&Sealed, &SealedTable, &Image) {
        let system = &self.cases[c].1[s];
        (system, &system.tables[t], &system.tables[t].rows[r])
    }

    fn table(&mut self, (c, s, t, _): Place) -> &mut SealedTable {
        self.changed.insert(c);
        &mut self.cases[c].1[s].tables[t]
    }

    /// Images of one row: of those that know it by any of these keys.
    pub fn of_row(&self, system: &str, table: &str, keys: &BTreeSet<Key>) -> Vec<Place> {
        let of = |key: &Key| self.rows.get(&(system.to_owned(), table.to_owned(), key.clone()));
        let found: BTreeSet<Place> = keys.iter().filter_map(of).flatten().copied().collect();
        found.into_iter().collect()
    }

    /// Images of a row whose change leads on from a value that a cell of it held.
    pub fn leads_on(&self, place: Place, column: &str, from: Option<&Value>) -> bool {
        let (_, table, image) = self.at(place);
        let Some(at) = table.at(column) else { return false };
        let before = image.before.as_ref().map(|row| &row[at]);
        before == from && image.after.as_ref().map(|row| &row[at]) != before
    }

    /// Joins changes of a row, sealed first at that time, with those that the seal at this place has already.
    pub fn join(&mut self, place: Place, edges: &[Edge], since: Option<Timestamp>) {
        let row = place.3;
        let table = self.table(place);
        edges.iter().for_each(|edge| add_column(table, &edge.column));
        let image = &table.rows[row];
        let cells = |row: &Option<Row>| -> BTreeMap<&str, Option<Value>> {
            let cell = |at: usize| row.as_ref().map(|row| row[at].clone());
            table.columns.iter().enumerate().map(|(at, c)| (c.as_str(), cell(at))).collect()
        };
        let (mut before, mut after) = (cells(&image.before), cells(&image.after));
        for Edge { column, from, to } in edges {
            let column = column.as_str();
            let (was, left) = (before[column].clone(), after[column].clone());
            let (first, last) = match () {
                () if was == left => (from.clone(), to.clone()),
                () if was != *to && left == *from => (was, to.clone()),
                () => (from.clone(), left),
            };
            before.insert(column, first);
            after.insert(column, last);
        }
        let whole = |cells: BTreeMap<&str, Option<Value>>| -> Option<Row> {
            table.columns.iter().map(|c| cells[c.as_str()].clone()).collect()
        };
        let joined = Image { before: whole(before), after: whole(after), since: image.since.min(since) };
        table.rows[row] = joined;
        self.note(place);
    }

    /// Hands changes of a row to a case: they are joined with what it has of that row, or stand there as this image.
    pub fn hand(&mut self, case: &str, (system, like): (&str, &SealedTable), image: Image) {
        let Some(c) = self.cases.iter().position(|(name, _)| name == case) else { return };
        let own = self.of_row(system, &like.table, &keys(like, &image)).into_iter().find(|place| place.0 == c);
        if let Some(place) = own {
            return self.join(place, &edges(like, &image), image.since);
        }
        let sealed = &mut self.cases[c].1;
        let s = sealed.iter().position(|s| s.system == system).unwrap_or_else(|| {
            sealed.push(Sealed { system: system.to_owned(), tables: Vec::new() });
            sealed.len() - 1
        });
        let tables = &mut sealed[s].tables;
        let t = tables.iter().position(|t| t.table == like.table).unwrap_or_else(|| {
            tables.push(SealedTable { rows: Vec::new(), ..like.clone() });
            tables.len() - 1
        });
        let table = &mut tables[t];
        like.columns.iter().for_each(|column| add_column(table, column));
        let fit = |row: &Row| -> Row {
            let of = |c: &String| like.at(c).map_or(Value::Null, |at| row[at].clone());
            table.columns.iter().map(of).collect()
        };
        let (before, after) = (image.before.as_ref().map(fit), image.after.as_ref().map(fit));
        let image = Image { before, after, since: image.since };
        table.rows.push(image);
        let place = (c, s, t, table.rows.len() - 1);
        self.changed.insert(c);
        self.note(place);
    }

    /// A cell that was set back: whoever only looked on sees the row as it is now.
    pub fn look_on(&mut self, place: Place, Edge { column, from, to }: &Edge) {
        let (_, table, image) = self.at(place);
        let (Some(at), Some(from), Some(to)) = (table.at(column), from, to) else { return };
        let stale = |row: &Option<Row>| row.as_ref().is_some_and(|row| row[at] == *to);
        if !stale(&image.before) || !stale(&image.after) {
            return;
        }
        let image = &mut self.table(place).rows[place.3];
        [&mut image.before, &mut image.after].into_iter().flatten().for_each(|row| row[at] = from.clone());
        self.note(place);
    }

    /// The seals as they are now, sorted, and the cases whose seal is another.
    pub fn finish(mut self) -> (Vec<(String, Vec<Sealed>)>, Vec<String>) {
        let changed: Vec<String> = self.changed.iter().map(|c| self.cases[*c].0.clone()).collect();
        for c in &self.changed {
            for system in &mut self.cases[*c].1 {
                for table in &mut system.tables {
                    table.rows.retain(|image| image.before.is_some() || image.after.is_some());
                    table.rows.sort();
                }
                system.tables.sort_by(|a, b| a.table.cmp(&b.table));
            }
        }
        (self.cases, changed)
    }
}

/// A column that a seal does not have yet: the table has got it since.
fn add_column(table: &mut SealedTable, column: &str) {
    if table.at(column).is_none() {
        table.columns.push(column.to_owned());
        let rows = table.rows.iter_mut().flat_map(|i| [&mut i.before, &mut i.after]).flatten();
        rows.for_each(|row| row.push(Value::Null));
    }
}
