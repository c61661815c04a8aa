//! What of a deactivation still stands, and so can be undone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::resolve::same;
use super::super::types::{HandedOn, Key, Why};
use super::{Asked, Deactivation, handing, system_of};
use crate::ask::Row;
use crate::policy::model::{Link, Policy, Role, SystemId, TableId, Target, Untie};
use crate::seal::{Image, Sealed, SealedTable};
use crate::value::Value;

/// Key of a row, and the values by which it refers.
type Referring = (Key, Vec<Value>);

/// Key of a row that comes back, and columns that get another value than the sealed one.
type Back = (Key, Vec<(String, Value)>);

/// The rows as they are now.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// By place in the seal (system, table) and key.
    now: HashMap<(usize, usize), HashMap<Key, Row>>,
    /// Values that rows of a table have in these columns.
    there: HashMap<(TableId, Vec<String>), HashSet<Vec<Value>>>,
    /// Rows that refer to stand-in records: table, its columns, and key with the values.
    referring: Vec<(TableId, Vec<String>, Vec<Referring>)>,
}

/// What becomes of each sealed row.
#[derive(Debug, Default)]
pub(super) struct Stood {
    /// Rows to put back, by system and table, with the values that some columns get instead.
    pub back: BTreeMap<(String, String), Vec<Back>>,
    /// Columns to undo, by system and table, with the row as it is now.
    undo: BTreeMap<(String, String), Vec<Undo>>,
    /// Stand-in records that nobody needs.
    unused: BTreeMap<(String, String), Vec<Key>>,
    pub kept: Vec<(String, String, Key, Why, Vec<String>)>,
    pub handed_on: Vec<HandedOn>,
}

/// Values of rows, by the table and columns that others refer to.
type Coming = HashMap<(TableId, Vec<String>), HashSet<Vec<Value>>>;

/// A reactivation among other deactivations.
struct Sides<'s> {
    policy: &'s Policy,
    own: &'s Deactivation,
    others: &'s [Deactivation],
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

#[derive(Debug)]
struct Undo {
    columns: Vec<String>,
    key: Key,
    row: Row,
}

impl Stood {
    /// Rows by the columns that are undone in them.
    pub fn undone(&self, system: &str, table: &str) -> BTreeMap<Vec<String>, Vec<Row>> {
        let mut grouped: BTreeMap<Vec<String>, Vec<Row>> = BTreeMap::new();
        for undo in self.undo.get(&(system.to_owned(), table.to_owned())).into_iter().flatten() {
            grouped.entry(undo.columns.clone()).or_default().push(undo.row.clone());
        }
        grouped
    }

    pub fn unused(&self, system: &str, table: &str) -> Vec<Key> {
        self.unused.get(&(system.to_owned(), table.to_owned())).cloned().unwrap_or_default()
    }
}

/// A reference of a table: its columns, the table referred to and the columns there; the link, where it is one.
pub(super) struct Reference<'p> {
    pub columns: Vec<String>,
    pub to: TableId,
    pub there: Vec<String>,
    pub link: Option<&'p Link>,
}

/// The foreign keys of a table and its links to rows.
pub(super) fn references(policy: &Policy, id: TableId) -> Vec<Reference<'_>> {
    let t = policy.table(id);
    let keys = t.foreign_keys.iter().map(|fk| Reference {
        columns: t.names(&fk.columns),
        to: fk.table,
        there: policy.table(fk.table).names(&fk.target_columns),
        link: None,
    });
    let links =
        t.links.iter().filter(|l| !l.by && l.reading.document.is_none()).filter_map(|link| match &link.target {
            Target::Row { table, columns } => Some(Reference {
                columns: t.names(&link.columns),
                to: *table,
                there: policy.table(*table).names(columns),
                link: Some(link),
            }),
            Target::Identity { .. } => None,
        });
    keys.chain(links).collect()
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
                let values = rows.into_iter().map(|row| row[skip..].to_vec());
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
                let values = back().filter_map(|row| table.values(row, &reference.columns));
                let values = values.filter(|v| v.iter().all(|v| !v.is_null()));
                wanted.entry((reference.to, reference.there)).or_default().extend(values);
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

    /// Decides on each sealed row.
    pub fn settle(&self, policy: &Policy, own: &Deactivation, others: &[Deactivation]) -> Stood {
        let empty = HashMap::new();
        let mut stood = Stood::default();
        let mut changed: Vec<(usize, usize, &Image, &Row)> = Vec::new();
        let mut away: Vec<(usize, usize, &Image)> = Vec::new();
        for (s, system) in own.sealed.iter().enumerate() {
            for (t, table) in system.tables.iter().enumerate() {
                let now = self.now.get(&(s, t)).unwrap_or(&empty);
                for image in &table.rows {
                    match (&image.before, &image.after) {
                        (Some(before), None) => {
                            if now.contains_key(&table.key_of(before)) {
                                keep(&mut stood, system, table, before, Why::Changed, Vec::new());
                            } else {
                                away.push((s, t, image));
                            }
                        }
                        (Some(_), Some(after)) => match now.get(&table.key_of(after)) {
                            Some(row) => changed.push((s, t, image, row)),
                            None => keep(&mut stood, system, table, after, Why::Changed, Vec::new()),
                        },
                        _ => {}
                    }
                }
            }
        }
        let sides = Sides { policy, own, others };
        let without = others.iter().rev().find_map(|other| person_away(own, other));
        if let Some(missed) = &without {
            away.into_iter().for_each(|(s, t, image)| wait(&mut stood, own, (s, t, image), missed));
            away = Vec::new();
        }
        let (coming, waiting) = self.bring_back(&sides, away, &mut stood);
        for (s, t, image, row) in changed {
            let (system, table) = (&own.sealed[s], &own.sealed[s].tables[t]);
            let id = system_of(policy, system).and_then(|id| policy.table_named(id, &table.table));
            let missed = |reference: &Reference<'_>| {
                let values = table.values(image.before.as_ref()?, &reference.columns)?;
                self.missed(&sides, reference, &values, &coming, &waiting)
            };
            let references = || id.map(|id| references(policy, id)).unwrap_or_default();
            let missing: Vec<(Vec<String>, Missed)> = match &without {
                Some(missed) => vec![(table.columns.clone(), missed.clone())],
                None => references().iter().filter_map(|r| Some((r.columns.clone(), missed(r)?))).collect(),
            };
            undo(&mut stood, system, table, image, row, &missing);
        }
        self.stand_ins(&sides, &mut stood);
        stood
    }

    /// Rows that were deleted come back, unless what they refer to is away. Returns the values that come, and rows that wait.
    fn bring_back<'s>(
        &self,
        sides: &Sides<'s>,
        mut away: Vec<(usize, usize, &'s Image)>,
        stood: &mut Stood,
    ) -> (Coming, Vec<Waiting<'s>>) {
        let (policy, own) = (sides.policy, sides.own);
        let mut instead: HashMap<(usize, usize, Key), Vec<(String, Value)>> = HashMap::new();
        let mut waiting: Vec<Waiting<'s>> = Vec::new();
        loop {
            let coming = self.coming(policy, own, &away);
            let (mut rest, mut stays): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
            for (s, t, image) in away {
                let (system, table) = (&own.sealed[s], &own.sealed[s].tables[t]);
                let Some(row) = &image.before else { continue };
                let key = table.key_of(row);
                let id = system_of(policy, system).and_then(|id| policy.table_named(id, &table.table));
                let mut away_with = None;
                for reference in id.map(|id| references(policy, id)).unwrap_or_default() {
                    let set = instead.get(&(s, t, key.clone())).into_iter().flatten();
                    let undone = set.map(|(c, _)| c).any(|c| reference.columns.contains(c));
                    let Some(values) = table.values(row, &reference.columns).filter(|_| !undone) else { continue };
                    let Some(missed) = self.missed(sides, &reference, &values, &coming, &waiting) else { continue };
                    match missed.held_by.and_then(|other| untied(policy, other, table, id, &reference, &values)) {
                        Some(set) => instead.entry((s, t, key.clone())).or_default().extend(set),
                        None => away_with = Some(missed),
                    }
                }
                match away_with {
                    None => rest.push((s, t, image)),
                    Some(missed) => stays.push((s, t, image, missed)),
                }
            }
            away = rest;
            if stays.is_empty() {
                self.come(own, &away, instead, sides, stood);
                return (coming, waiting);
            }
            for (s, t, image, missed) in stays {
                let (system, table) = (&own.sealed[s], &own.sealed[s].tables[t]);
                wait(stood, own, (s, t, image), &missed);
                let (Some(row), Some(case)) = (&image.before, missed.case) else { continue };
                let id = system_of(policy, system).and_then(|id| policy.table_named(id, &table.table));
                waiting.extend(id.map(|id| Waiting { id, table, row, case }));
            }
        }
    }

    /// The rows that come back indeed, and what some of them hold meanwhile.
    fn come(
        &self,
        own: &Deactivation,
        away: &[(usize, usize, &Image)],
        mut instead: HashMap<(usize, usize, Key), Vec<(String, Value)>>,
        sides: &Sides<'_>,
        stood: &mut Stood,
    ) {
        for (s, t, image) in away {
            let (system, table) = (&own.sealed[*s], &own.sealed[*s].tables[*t]);
            let Some(row) = &image.before else { continue };
            let key = table.key_of(row);
            let set = instead.remove(&(*s, *t, key.clone())).unwrap_or_default();
            // Each reference that is undone meanwhile belongs to whoever took away what it leads to.
            let id = system_of(sides.policy, system).and_then(|id| sides.policy.table_named(id, &table.table));
            for reference in id.map(|id| references(sides.policy, id)).unwrap_or_default() {
                let own: Vec<_> = set.iter().filter(|(c, _)| reference.columns.contains(c)).cloned().collect();
                let Some(values) = table.values(row, &reference.columns).filter(|_| !own.is_empty()) else { continue };
                let holder = sides.others.iter().rev().find(|o| holds(sides.policy, o, &reference, &values));
                let handed = holder.map(|o| handing(&o.case, &system.system, &table.table, &key, Some(own)));
                stood.handed_on.extend(handed.filter(|h| !stood.handed_on.contains(h)));
            }
            stood.back.entry((system.system.clone(), table.table.clone())).or_default().push((key, set));
        }
    }

    /// What a reference would miss: nothing where it leads nowhere, or to a row that is there or comes.
    fn missed<'s>(
        &self,
        sides: &Sides<'s>,
        reference: &Reference<'_>,
        values: &[Value],
        coming: &Coming,
        waiting: &[Waiting<'s>],
    ) -> Option<Missed<'s>> {
        if values.iter().any(Value::is_null) || self.is_there(reference, values, coming) {
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
        match sides.others.iter().rev().find(|o| holds(sides.policy, o, reference, values)) {
            Some(other) => {
                Some(Missed { why: Why::Waits { by }, case: Some(other.case.clone()), held_by: Some(other) })
            }
            // A mere link may have led nowhere before.
            None => reference.link.is_none().then_some(Missed { why: Why::Gone { by }, case: None, held_by: None }),
        }
    }

    /// Values that rows which come back have, by table and columns that others refer to.
    fn coming(&self, policy: &Policy, own: &Deactivation, away: &[(usize, usize, &Image)]) -> Coming {
        let mut coming = Coming::new();
        let wanted: HashSet<(TableId, Vec<String>)> = self.there.keys().cloned().collect();
        for (s, t, image) in away {
            let table = &own.sealed[*s].tables[*t];
            let id = system_of(policy, &own.sealed[*s]).and_then(|id| policy.table_named(id, &table.table));
            for (of, columns) in wanted.iter().filter(|(of, _)| Some(*of) == id) {
                let values = image.before.as_ref().and_then(|row| table.values(row, columns));
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

    /// Stand-in records to which nothing refers once all is undone. One to which something does goes with whoever holds on to
    /// that row.
    fn stand_ins(&self, sides: &Sides<'_>, stood: &mut Stood) {
        let empty = HashMap::new();
        for (s, system) in sides.own.sealed.iter().enumerate() {
            for (t, table) in system.tables.iter().enumerate() {
                let id = system_of(sides.policy, system).and_then(|id| sides.policy.table_named(id, &table.table));
                let now = self.now.get(&(s, t)).unwrap_or(&empty);
                for row in made(table).filter(|row| now.contains_key(&table.key_of(row))) {
                    let key = table.key_of(row);
                    let users = id.map(|id| self.users(sides.policy, (id, table, row), stood)).unwrap_or_default();
                    if users.is_empty() {
                        let place = (system.system.clone(), table.table.clone());
                        stood.unused.entry(place).or_default().push(key);
                        continue;
                    }
                    let case = users.iter().find_map(|(from, user)| holder(sides, stood, *from, user));
                    let handed = case.map(|c| handing(&c, &system.system, &table.table, &key, Some(Vec::new())));
                    stood.handed_on.extend(handed);
                    let why = Why::Needed { by: "rows that were changed since".into() };
                    keep(stood, system, table, row, why, Vec::new());
                }
            }
        }
    }

    /// The rows that refer to a stand-in record, itself aside, and still do when all is undone.
    fn users(
        &self,
        policy: &Policy,
        (id, table, row): (TableId, &SealedTable, &Row),
        stood: &Stood,
    ) -> Vec<(TableId, Key)> {
        let key = table.key_of(row);
        let mut found = Vec::new();
        for (from, columns, rows) in &self.referring {
            let to = references(policy, *from).into_iter().find(|r| r.to == id && r.columns == *columns);
            let Some(there) = to.and_then(|r| table.values(row, &r.there)) else { continue };
            let users = rows.iter().filter(|(_, values)| equal(&there, values)).map(|(user, _)| user);
            let users = users.filter(|user| !(*from == id && **user == key));
            let users = users.filter(|user| !self.undoes(policy, stood, *from, user, columns));
            found.extend(users.map(|user| (*from, user.clone())));
        }
        found
    }

    /// Does the plan undo this reference of the row?
    fn undoes(&self, policy: &Policy, stood: &Stood, id: TableId, key: &Key, columns: &[String]) -> bool {
        let t = policy.table(id);
        let place = (policy.system(t.system).name.clone(), t.name.clone());
        let undone = stood.undo.get(&place).into_iter().flatten();
        undone.filter(|u| u.key == *key).any(|u| columns.iter().any(|c| u.columns.contains(c)))
    }
}

/// The deactivation with which a row comes back to what it was: to which it is handed on, or which changed it itself.
fn holder(sides: &Sides<'_>, stood: &Stood, id: TableId, key: &Key) -> Option<String> {
    let t = sides.policy.table(id);
    let system = &sides.policy.system(t.system).name;
    let handed = stood.handed_on.iter().find(|h| h.system == *system && h.table == t.name && h.key == *key);
    let changed = |other: &&Deactivation| {
        let mut tables = tables(sides.policy, &other.sealed).filter(|(of, _)| *of == id);
        tables.any(|(_, table)| table.image(key).is_some())
    };
    let other = || sides.others.iter().rev().find(changed).map(|other| other.case.clone());
    handed.map(|h| h.case.clone()).or_else(other)
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
fn wait(stood: &mut Stood, own: &Deactivation, (s, t, image): (usize, usize, &Image), missed: &Missed<'_>) {
    let (system, table) = (&own.sealed[s], &own.sealed[s].tables[t]);
    let Some(row) = &image.before else { return };
    let handed = missed.case.as_ref().map(|c| handing(c, &system.system, &table.table, &table.key_of(row), None));
    stood.handed_on.extend(handed);
    keep(stood, system, table, row, missed.why.clone(), Vec::new());
}

/// What a row holds while what it refers to is away with another deactivation: as the map undoes such a tie. `None` where
/// it cannot be told, or the row is a part of what is away.
fn untied(
    policy: &Policy,
    other: &Deactivation,
    table: &SealedTable,
    id: Option<TableId>,
    reference: &Reference<'_>,
    values: &[Value],
) -> Option<Vec<(String, Value)>> {
    let own = policy.table(id?);
    let links = own.links.iter().filter(|l| !l.by && own.names(&l.columns) == reference.columns);
    let link = links.into_iter().find(|l| matches!(&l.target, Target::Row { table, .. } if *table == reference.to))?;
    if link.role == Role::Part || reference.columns.iter().any(|c| table.key.contains(c)) {
        return None;
    }
    let each = |value: &Value| Some(reference.columns.iter().map(|c| (c.clone(), value.clone())).collect());
    match link.untie? {
        Untie::Null => each(&Value::Null),
        Untie::Blank => each(&Value::text("")),
        Untie::Nobody => each(link.nobody.first()?),
        Untie::Placeholder => {
            let made = tables(policy, &other.sealed).filter(|(to, _)| *to == reference.to).find_map(|(_, t)| {
                let row = made(t).next()?;
                t.values(row, &reference.there)
            })?;
            (made != values).then(|| reference.columns.iter().cloned().zip(made).collect())
        }
        Untie::Drop | Untie::Delete | Untie::Pseudonym => None,
    }
}

/// Undoes what still stands of a change, but no reference to what is not there.
fn undo(
    stood: &mut Stood,
    system: &Sealed,
    table: &SealedTable,
    image: &Image,
    row: &Row,
    missing: &[(Vec<String>, Missed<'_>)],
) {
    let Some(after) = &image.after else { return };
    let names = |places: &[usize]| places.iter().map(|at| table.columns[*at].clone()).collect::<Vec<_>>();
    let (mut stands, others): (Vec<usize>, Vec<usize>) =
        SealedTable::changed(image).into_iter().partition(|at| row[*at] == after[*at]);
    if !others.is_empty() {
        keep(stood, system, table, row, Why::Changed, names(&others));
    }
    for (columns, missed) in missing {
        let (open, rest): (Vec<usize>, Vec<usize>) =
            stands.into_iter().partition(|at| columns.contains(&table.columns[*at]));
        stands = rest;
        if open.is_empty() {
            continue;
        }
        let meanwhile = open.iter().map(|at| (table.columns[*at].clone(), row[*at].clone())).collect();
        let key = table.key_of(row);
        let handed = missed.case.as_ref().map(|c| handing(c, &system.system, &table.table, &key, Some(meanwhile)));
        stood.handed_on.extend(handed);
        keep(stood, system, table, row, missed.why.clone(), names(&open));
    }
    if !stands.is_empty() {
        let place = (system.system.clone(), table.table.clone());
        let (columns, key) = (names(&stands), table.key_of(row));
        stood.undo.entry(place).or_default().push(Undo { columns, key, row: row.clone() });
    }
}

fn keep(stood: &mut Stood, system: &Sealed, table: &SealedTable, row: &Row, why: Why, columns: Vec<String>) {
    let key = table.key_of(row);
    stood.kept.push((system.system.clone(), table.table.clone(), key, why, columns));
}

/// The sealed tables that the map has.
pub(super) fn tables<'s>(policy: &'s Policy, sealed: &'s [Sealed]) -> impl Iterator<Item = (TableId, &'s SealedTable)> {
    let systems = sealed.iter().filter_map(|s| Some((system_of(policy, s)?, s)));
    systems.flat_map(move |(id, s): (SystemId, &Sealed)| {
        s.tables.iter().filter_map(move |t| Some((policy.table_named(id, &t.table)?, t)))
    })
}

/// Stand-in records that a deactivation made.
pub(super) fn made(table: &SealedTable) -> impl Iterator<Item = &Row> {
    table.rows.iter().filter(|i| i.before.is_none()).filter_map(|i| i.after.as_ref())
}

/// Did another deactivation take away what this refers to?
fn holds(policy: &Policy, other: &Deactivation, reference: &Reference<'_>, values: &[Value]) -> bool {
    tables(policy, &other.sealed).filter(|(id, _)| *id == reference.to).any(|(_, table)| {
        let deleted = table.rows.iter().filter(|i| i.after.is_none()).filter_map(|i| i.before.as_ref());
        deleted.filter_map(|row| table.values(row, &reference.there)).any(|there| equal(&there, values))
    })
}

/// Values of two tables, or two systems, that mean the same.
fn equal(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || same(a, b))
}
