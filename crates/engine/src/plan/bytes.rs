//! Files of rows: which go with an erasure, and which an answer returns.
//!
//! A row holds the file that a column of it names. When it goes, or when the erasure changes what the path is made of, it
//! lets go of the file; the bytes go with the last row that held them. So one more question is asked when the fates are
//! settled: who else holds these files?

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::draft::Draft;
use super::fates::Outcome;
use super::rows::{RowIx, Rows};
use super::types::{Absent, Holder, Kept, Key, Sharers, Why};
use super::{Answer, Ask};
use crate::ask::By;
use crate::policy::model::{ColumnIx, Fate, File, OBJECTS, PATH, Policy, SystemId, SystemKind, TableId};
use crate::value::Value;

/// A row, and the column by which it names a file.
type Naming = (RowIx, ColumnIx);

/// A file: the table `objects` of its system, and its path.
type Place = (TableId, String);

/// Questions for rows that name files: table, columns asked for, columns of the path; and values.
type Holding = BTreeMap<(TableId, Vec<ColumnIx>, Vec<ColumnIx>), BTreeSet<Vec<Value>>>;

/// Who has to do with a file.
#[derive(Debug, Default)]
struct Wanted {
    /// Rows that let go of it, or whose answer returns it.
    by: Vec<Naming>,
    /// Rows of tables of files that are the file itself.
    itself: Vec<RowIx>,
}

/// The files of a plan, as a state machine: `step` until it asks nothing.
#[derive(Debug)]
pub struct Bytes {
    stage: Stage,
    wanted: BTreeMap<Place, Wanted>,
    let_go: HashSet<Naming>,
    asked: Vec<TableId>,
    /// Rows of `objects`, and who names them.
    found: BTreeMap<RowIx, Vec<Naming>>,
    /// Files that stay, because rows of this table hold them too.
    shared: Vec<(Place, TableId)>,
    absent: BTreeMap<(TableId, ColumnIx), usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Start { erasure: bool },
    Holders,
    Objects,
    Done,
}

impl Bytes {
    /// Before anything is known.
    pub fn none() -> Bytes {
        Bytes {
            stage: Stage::Done,
            wanted: BTreeMap::new(),
            let_go: HashSet::new(),
            asked: Vec::new(),
            found: BTreeMap::new(),
            shared: Vec::new(),
            absent: BTreeMap::new(),
        }
    }

    /// Files that rows let go of.
    pub fn of_erasure(draft: &Draft<'_>, outcomes: &[Outcome]) -> Bytes {
        let mut bytes = Bytes { stage: Stage::Start { erasure: true }, ..Bytes::none() };
        for (ix, row) in draft.rows.all() {
            for (column, file) in files(draft.policy, row.table) {
                let Some(path) = file.form.path(|c| draft.rows.value(ix, c)) else { continue };
                if outcomes[ix].goes || draft.breaks(ix, outcomes, &file.form) {
                    bytes.let_go.insert((ix, column));
                    bytes.wanted.entry((file.objects, path)).or_default().by.push((ix, column));
                }
            }
            if let Some(place) = itself(draft.policy, draft.rows, ix).filter(|_| outcomes[ix].goes) {
                bytes.wanted.entry(place).or_default().itself.push(ix);
            }
        }
        bytes
    }

    /// Files that an answer returns: those of columns whose value it returns.
    pub fn of_access(draft: &Draft<'_>) -> Bytes {
        let mut bytes = Bytes { stage: Stage::Start { erasure: false }, ..Bytes::none() };
        for (ix, row) in draft.rows.all().filter(|(_, r)| !r.claims.is_empty()) {
            let returned = draft.returned(ix);
            for (column, file) in files(draft.policy, row.table).filter(|(c, _)| returned.contains(c)) {
                if let Some(path) = file.form.path(|c| draft.rows.value(ix, c)) {
                    bytes.wanted.entry((file.objects, path)).or_default().by.push((ix, column));
                }
            }
            if draft.returns_itself(row.table, &returned)
                && let Some(place) = itself(draft.policy, draft.rows, ix)
            {
                bytes.wanted.entry(place).or_default().itself.push(ix);
            }
        }
        bytes
    }

    /// Takes answers, returns the next asks; none when it is known which files go. Rows that are files and must stay for
    /// others get another outcome.
    pub fn step(
        &mut self,
        policy: &Policy,
        rows: &mut Rows,
        outcomes: &mut Vec<Outcome>,
        answers: Vec<Answer>,
    ) -> Vec<Ask> {
        let asked = std::mem::take(&mut self.asked);
        for (table, answer) in asked.into_iter().zip(answers) {
            for values in answer.rows() {
                rows.take(policy, table, values);
            }
        }
        outcomes.resize_with(rows.count(), Outcome::default);
        loop {
            let asks = match self.stage {
                Stage::Start { erasure } => {
                    self.stage = if erasure { Stage::Holders } else { Stage::Objects };
                    if erasure { self.ask_holders(policy, rows) } else { self.ask_objects(policy, rows) }
                }
                Stage::Holders => {
                    self.spare(policy, rows, outcomes);
                    self.stage = Stage::Objects;
                    self.ask_objects(policy, rows)
                }
                Stage::Objects => {
                    self.find(policy, rows);
                    self.stage = Stage::Done;
                    Vec::new()
                }
                Stage::Done => return Vec::new(),
            };
            if !asks.is_empty() {
                return asks;
            }
        }
    }

    /// Rows of `objects` that go, or are returned.
    pub fn found(&self) -> impl Iterator<Item = RowIx> + '_ {
        self.found.keys().copied()
    }

    /// The rows that name a file: one of `objects`, or of a table of files.
    pub fn holders(&self, policy: &Policy, rows: &Rows, file: RowIx) -> Vec<Holder> {
        let by = self.naming(policy, rows, file);
        let mut holders: Vec<Holder> = by
            .iter()
            .map(|(row, column)| {
                let t = policy.table(rows.row(*row).table);
                Holder {
                    system: policy.system(t.system).name.clone(),
                    table: t.name.clone(),
                    column: t.columns[*column].name.clone(),
                    key: rows.row(*row).key.clone(),
                }
            })
            .collect();
        holders.sort();
        holders
    }

    /// Rows and columns that name a file.
    pub fn naming(&self, policy: &Policy, rows: &Rows, file: RowIx) -> &[Naming] {
        match self.found.get(&file) {
            Some(by) => by,
            None => itself(policy, rows, file).and_then(|place| self.wanted.get(&place)).map_or(&[], |w| &w.by),
        }
    }

    /// `table.column` of each column that names a file.
    pub fn named_by(&self, policy: &Policy, rows: &Rows, file: RowIx) -> Vec<String> {
        let name = |(row, column): &Naming| {
            let t = policy.table(rows.row(*row).table);
            format!("{}.{}", t.name, t.columns[*column].name)
        };
        let names: BTreeSet<String> = self.naming(policy, rows, file).iter().map(name).collect();
        names.into_iter().collect()
    }

    /// Files that rows name and that are not there.
    pub fn absent(&self, policy: &Policy) -> Vec<Absent> {
        let absent = self.absent.iter().map(|((table, column), files)| {
            let t = policy.table(*table);
            let (system, table) = (policy.system(t.system).name.clone(), t.name.clone());
            Absent { system, table, column: t.columns[*column].name.clone(), files: *files }
        });
        absent.collect()
    }

    /// Files that stay because others hold them.
    pub fn kept(&self, policy: &Policy) -> Vec<Kept> {
        let mut kept: BTreeMap<(TableId, TableId), Vec<Key>> = BTreeMap::new();
        for ((objects, path), by) in &self.shared {
            kept.entry((*objects, *by)).or_default().push(vec![Value::Text(path.clone())]);
        }
        let kept = kept.into_iter().map(|((objects, by), mut keys)| {
            keys.sort();
            let t = policy.table(objects);
            let reason = Why::Shared { by: policy.table(by).name.clone() };
            let (system, table) = (policy.system(t.system).name.clone(), t.name.clone());
            Kept { system, table, keys, reason, columns: Vec::new() }
        });
        kept.collect()
    }

    /// Who could still come to hold the files of a system that go.
    pub fn sharers(&self, policy: &Policy, rows: &Rows, system: SystemId) -> Vec<Sharers> {
        let here = |(objects, _): &Place| policy.table(*objects).system == system;
        let asks = self.holding(policy, rows, |place| here(place));
        let sharers =
            asks.into_iter().filter(|(_, values)| !values.is_empty()).map(|((table, columns, path), values)| {
                let t = policy.table(table);
                Sharers {
                    system: policy.system(t.system).name.clone(),
                    table: t.name.clone(),
                    key: t.names(&t.key),
                    columns: t.names(&columns),
                    values: values.into_iter().collect(),
                    path: t.names(&path),
                }
            });
        sharers.collect()
    }

    /// The questions for rows that name these files, or share their bytes.
    fn holding(&self, policy: &Policy, rows: &Rows, which: impl Fn(&Place) -> bool) -> Holding {
        let mut asks = Holding::new();
        for (place, wanted) in self.wanted.iter().filter(|(place, _)| which(place)) {
            for table in policy.table_ids() {
                for (column, file) in files(policy, table).filter(|(_, f)| f.objects == place.0) {
                    let path: Vec<ColumnIx> = file.form.columns().collect();
                    let values = file.form.values(&place.1).into_iter();
                    let values = values.map(|tuple| tuple.into_iter().map(Value::Text).collect());
                    asks.entry((table, path.clone(), path.clone())).or_default().extend(values);
                    let Some(shared) = file.shared_by else { continue };
                    let here = wanted.by.iter().filter(|(r, c)| rows.row(*r).table == table && *c == column);
                    let values = here.map(|(row, _)| rows.value(*row, shared)).filter(|v| v.join_text().is_some());
                    asks.entry((table, vec![shared], path)).or_default().extend(values.map(|v| vec![v.clone()]));
                }
            }
        }
        asks
    }

    fn ask_holders(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let mut asks = Vec::new();
        for ((table, columns, _), values) in self.holding(policy, rows, |_| true) {
            let by = By::Values { columns: policy.table(table).names(&columns), values: values.into_iter().collect() };
            self.ask(policy, rows, table, by, &mut asks);
        }
        for table in policy.table_ids().filter(|t| is_described(policy, *t)) {
            let system = policy.table(table).system;
            let here = self.wanted.keys().filter(|(objects, _)| policy.table(*objects).system == system);
            let paths = here.map(|(_, path)| path.clone()).collect();
            self.ask(policy, rows, table, by_path(paths), &mut asks);
        }
        asks
    }

    fn ask_objects(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let mut paths: BTreeMap<TableId, Vec<String>> = BTreeMap::new();
        for ((objects, path), _) in self.wanted.iter().filter(|(_, w)| w.itself.is_empty()) {
            paths.entry(*objects).or_default().push(path.clone());
        }
        let mut asks = Vec::new();
        paths.into_iter().for_each(|(objects, paths)| self.ask(policy, rows, objects, by_path(paths), &mut asks));
        asks
    }

    fn ask(&mut self, policy: &Policy, rows: &Rows, table: TableId, by: By, asks: &mut Vec<Ask>) {
        if matches!(&by, By::Values { values, .. } if !values.is_empty()) {
            asks.push(Ask::select(policy, table, rows.select(policy, table, by, Vec::new())));
            self.asked.push(table);
        }
    }

    /// Spares every file that a surviving row still holds.
    fn spare(&mut self, policy: &Policy, rows: &Rows, outcomes: &mut [Outcome]) {
        let mut by_path: BTreeMap<Place, TableId> = BTreeMap::new();
        let mut by_value: BTreeMap<(TableId, ColumnIx, String), TableId> = BTreeMap::new();
        for (ix, row) in rows.all().filter(|(ix, _)| !outcomes[*ix].goes) {
            for (column, file) in files(policy, row.table).filter(|(c, _)| !self.let_go.contains(&(ix, *c))) {
                let Some(path) = file.form.path(|c| rows.value(ix, c)) else { continue };
                by_path.entry((file.objects, path)).or_insert(row.table);
                if let Some(value) = file.shared_by.and_then(|c| rows.value(ix, c).join_text()) {
                    by_value.entry((row.table, column, value.into_owned())).or_insert(row.table);
                }
            }
            if let Some(place) = itself(policy, rows, ix) {
                by_path.entry(place).or_insert(row.table);
            }
        }
        let same_value = |(row, column): &Naming| {
            let table = rows.row(*row).table;
            let shared = policy.table(table).columns[*column].file.as_ref()?.shared_by?;
            let value = rows.value(*row, shared).join_text()?.into_owned();
            by_value.get(&(table, *column, value)).copied()
        };
        let held = |place: &Place, wanted: &Wanted| {
            by_path.get(place).copied().or_else(|| wanted.by.iter().find_map(same_value))
        };
        let wanted = std::mem::take(&mut self.wanted);
        for (place, wanted) in wanted {
            match held(&place, &wanted) {
                None => drop(self.wanted.insert(place, wanted)),
                Some(by) if wanted.itself.is_empty() => self.shared.push((place, by)),
                Some(by) => wanted.itself.iter().for_each(|ix| {
                    let outcome = &mut outcomes[*ix];
                    (outcome.goes, outcome.fate, outcome.needed_by) = (false, Fate::None, Some(by));
                }),
            }
        }
    }

    /// Which of the files are there?
    fn find(&mut self, policy: &Policy, rows: &Rows) {
        let objects = policy.table_ids().filter(|t| policy.table(*t).name == OBJECTS).flat_map(|t| rows.of(t));
        let path = |ix: &RowIx| Some((rows.row(*ix).table, rows.row(*ix).key.first()?.join_text()?.into_owned()));
        let there: BTreeMap<Place, RowIx> = objects.filter_map(|ix| Some((path(ix)?, *ix))).collect();
        for (place, wanted) in self.wanted.iter().filter(|(_, w)| w.itself.is_empty()) {
            match there.get(place) {
                Some(ix) => drop(self.found.insert(*ix, wanted.by.clone())),
                None => {
                    let by: BTreeSet<_> = wanted.by.iter().map(|(r, c)| (rows.row(*r).table, *c)).collect();
                    by.into_iter().for_each(|named| *self.absent.entry(named).or_default() += 1);
                }
            }
        }
    }
}

/// Columns of a table that name files.
fn files(policy: &Policy, table: TableId) -> impl Iterator<Item = (ColumnIx, &File)> {
    policy.table(table).columns.iter().enumerate().filter_map(|(ix, c)| Some((ix, c.file.as_ref()?)))
}

/// Is it a table of files that the map describes?
pub fn is_described(policy: &Policy, table: TableId) -> bool {
    let t = policy.table(table);
    policy.system(t.system).kind == SystemKind::Files && t.name != OBJECTS
}

/// The file that a row of such a table is.
fn itself(policy: &Policy, rows: &Rows, ix: RowIx) -> Option<Place> {
    let row = rows.row(ix);
    let path = row.key.first().filter(|_| is_described(policy, row.table))?.join_text()?;
    let objects = policy.table_named(policy.table(row.table).system, OBJECTS)?;
    Some((objects, path.into_owned()))
}

fn by_path(paths: Vec<String>) -> By {
    let values = paths.into_iter().map(|p| vec![Value::Text(p)]).collect();
    By::Values { columns: vec![PATH.to_owned()], values }
}
