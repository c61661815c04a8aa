//! The other system's model once more, from its own description, over rows in memory: what a person gets, and what
//! forgetting them leaves.
//!
//! Each row has those who own it and those who may see it. A row of a person owns itself; rights follow the edges until
//! nothing changes, and go down from owning to seeing, never up.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::edges;
use super::sql::Table;

/// The values of a row.
pub type Row = Vec<Option<String>>;

/// All rows of each table, in the order of the tables.
pub type Rows = Vec<Vec<Row>>;

/// A row: its table and its place there.
type Place = (usize, usize);

/// What right a person has to which rows.
pub struct Model<'a> {
    tables: &'a [Table],
    rows: &'a Rows,
    owns: BTreeMap<Place, BTreeSet<Place>>,
    sees: BTreeMap<Place, BTreeSet<Place>>,
    flows: Vec<Flow>,
}

/// Rights of one row go to another.
struct Flow {
    from: Place,
    to: Place,
    owning: bool,
    along: String,
}

impl<'a> Model<'a> {
    pub fn new(tables: &'a [Table], rows: &'a Rows) -> Model<'a> {
        let mut model =
            Model { tables, rows, owns: BTreeMap::new(), sees: BTreeMap::new(), flows: flows(tables, rows) };
        for (t, _) in tables.iter().enumerate().filter(|(_, t)| t.data_subject) {
            for n in 0..rows[t].len() {
                model.owns.entry((t, n)).or_default().insert((t, n));
            }
        }
        while model.flow() {}
        model
    }

    /// One round; did anything change?
    fn flow(&mut self) -> bool {
        let mut changed = false;
        for Flow { from, to, owning, .. } in &self.flows {
            let owners = self.owns.get(from).cloned().unwrap_or_default();
            let mut seers = self.sees.get(from).cloned().unwrap_or_default();
            if *owning {
                changed |= add(self.owns.entry(*to).or_default(), owners);
            } else {
                seers.extend(owners);
            }
            changed |= add(self.sees.entry(*to).or_default(), seers);
        }
        changed
    }

    fn person(&self, table: &str, key: &str) -> Option<Place> {
        let t = self.tables.iter().position(|t| t.name == table)?;
        let at = column(&self.tables[t], self.tables[t].key.first()?);
        let n = self.rows[t].iter().position(|row| row[at].as_deref() == Some(key))?;
        Some((t, n))
    }

    fn reaches(&self, person: Place, row: Place) -> bool {
        [&self.owns, &self.sees].iter().any(|r| r.get(&row).is_some_and(|who| who.contains(&person)))
    }

    /// Along which edges a person reaches a row.
    fn along(&self, person: Place, row: Place) -> BTreeSet<&str> {
        let reached = self.flows.iter().filter(|f| f.to == row && self.reaches(person, f.from));
        reached.map(|f| f.along.as_str()).collect()
    }

    /// All edges along which the person reaches any row: the place of the row's table, and the edge.
    pub fn used(&self, table: &str, key: &str) -> BTreeSet<(usize, String)> {
        let Some(person) = self.person(table, key) else { return BTreeSet::new() };
        let along = |place: Place| self.along(person, place).into_iter().map(move |edge| (place.0, edge.to_owned()));
        self.places().flat_map(|(place, _)| along(place)).collect()
    }

    /// The rows that the person gets, by table.
    pub fn got(&self, table: &str, key: &str) -> Vec<(usize, Row)> {
        let Some(person) = self.person(table, key) else { return Vec::new() };
        let mut got = Vec::new();
        for (place, row) in self.places().filter(|(place, _)| self.reaches(person, *place)) {
            let Some(hidden) = self.ruled(person, place, false) else { continue };
            got.push((place.0, emptied(row, &hidden)));
        }
        got
    }

    /// What forgetting the person leaves.
    pub fn left(&self, table: &str, key: &str) -> Rows {
        let mut left: Rows = self.tables.iter().map(|_| Vec::new()).collect();
        let person = self.person(table, key);
        for (place, row) in self.places() {
            let kept = match person {
                // The row that is the person goes even where somebody else owns it too.
                Some(person) if place == person || self.owns.get(&place).is_some_and(|o| o.iter().eq([&person])) => {
                    None
                }
                Some(person) => self.ruled(person, place, true).map(|columns| emptied(row, &columns)),
                None => Some(row.clone()),
            };
            left[place.0].extend(kept);
        }
        left
    }

    /// The columns that rules empty for this person; `None`: one of them takes the whole row.
    fn ruled(&self, person: Place, place: Place, forget: bool) -> Option<BTreeSet<usize>> {
        let table = &self.tables[place.0];
        let along = self.along(person, place);
        let mut columns = BTreeSet::new();
        for rule in table.rules.iter().filter(|r| r.forget == forget && along.contains(r.along.as_str())) {
            if rule.columns.is_empty() {
                return None;
            }
            columns.extend(rule.columns.iter().map(|c| column(table, c)));
        }
        Some(columns)
    }

    fn places(&self) -> impl Iterator<Item = (Place, &Row)> {
        self.rows.iter().enumerate().flat_map(|(t, rows)| rows.iter().enumerate().map(move |(n, row)| ((t, n), row)))
    }
}

fn flows(tables: &[Table], rows: &Rows) -> Vec<Flow> {
    let at = |name: &str| tables.iter().position(|t| t.name == name).expect("a table of the schema");
    let mut flows = Vec::new();
    for edge in edges(tables) {
        let (here, there) = (at(&edge.table.name), at(&edge.reference.table));
        let (points, to) = (column(edge.table, &edge.reference.column), column(&tables[there], &edge.reference.to));
        for (n, row) in rows[here].iter().enumerate().filter(|(_, row)| row[points].is_some()) {
            for (m, _) in rows[there].iter().enumerate().filter(|(_, target)| target[to] == row[points]) {
                let (from, to) = if edge.forward { ((there, m), (here, n)) } else { ((here, n), (there, m)) };
                flows.push(Flow { from, to, owning: edge.owning, along: edge.name() });
            }
        }
    }
    flows
}

/// The place of a column.
pub fn column(table: &Table, name: &str) -> usize {
    table.columns.iter().position(|c| c.name.eq_ignore_ascii_case(name)).expect("a column of the table")
}

fn add(to: &mut BTreeSet<Place>, more: BTreeSet<Place>) -> bool {
    let before = to.len();
    to.extend(more);
    to.len() > before
}

fn emptied(row: &Row, columns: &BTreeSet<usize>) -> Row {
    row.iter().enumerate().map(|(n, v)| if columns.contains(&n) { None } else { v.clone() }).collect()
}
