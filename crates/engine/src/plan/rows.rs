//! The neighbourhood of the person: every row that was looked at, with the columns that decide, and the claims on it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::elsewhere::{Consulted, Elsewhere};
use super::types::Key;
use crate::ask::{By, Select};
use crate::policy::model::{
    ColumnIx, Cond, Erase, Kind, LinkIx, OnErase, Policy, Role, Scope, SystemKind, TableId, Target, Untie, Until,
};
use crate::value::Value;

static NULL: Value = Value::Null;

/// Index of a row in [`Rows`].
pub type RowIx = usize;

/// A person's claim on a row (LANGUAGE 1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// Role.
    pub role: Role,
    /// How it came about.
    pub via: Via,
}

/// The last step of a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// The row is a record of the person.
    Own,
    /// A link, from a row or, without parent, from an identity value.
    Link {
        /// Link of the row's table.
        link: LinkIx,
        /// The target row.
        parent: Option<RowIx>,
    },
    /// An identifier stands in this text column.
    Text(ColumnIx),
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its table.
    pub table: TableId,
    /// Its key.
    pub key: Key,
    /// Deciding columns, in the order of [`Rows::needed`].
    pub values: Vec<Value>,
    /// Claims of the person.
    pub claims: Vec<Claim>,
    /// Their roles, each once.
    pub roles: Vec<Role>,
}

/// All rows seen so far.
#[derive(Debug)]
pub struct Rows {
    rows: Vec<Row>,
    index: HashMap<(TableId, Key), RowIx>,
    by_table: Vec<Vec<RowIx>>,
    claims: HashSet<(RowIx, Claim)>,
    /// By table: the columns that decide, sorted; the same for each question, so that statement texts repeat.
    needed: Vec<Vec<ColumnIx>>,
    /// By record: values of its identities that stand in rows beside it.
    held: HashMap<RowIx, BTreeSet<(String, Value)>>,
    elsewhere: Elsewhere,
}

impl Rows {
    /// An empty neighbourhood.
    pub fn new(policy: &Policy) -> Self {
        Rows::with(policy, &[])
    }

    /// An empty neighbourhood, of which some more columns are read.
    pub fn with(policy: &Policy, more: &[(TableId, ColumnIx)]) -> Self {
        let mut needed: Vec<BTreeSet<ColumnIx>> = deciding(policy).into_iter().map(BTreeSet::from_iter).collect();
        for (table, column) in more {
            needed[table.0].insert(*column);
        }
        Rows {
            rows: Vec::new(),
            index: HashMap::new(),
            by_table: vec![Vec::new(); policy.tables.len()],
            claims: HashSet::new(),
            needed: needed.into_iter().map(Vec::from_iter).collect(),
            held: HashMap::new(),
            elsewhere: Elsewhere::of(policy),
        }
    }

    /// Values that conditions look up in other tables.
    pub fn elsewhere(&mut self) -> &mut Elsewhere {
        &mut self.elsewhere
    }

    /// Has what the rows so far look up asked with the next questions.
    pub fn look_up(&mut self, policy: &Policy) {
        for row in &self.rows {
            let columns = policy.table(row.table).names(&self.needed[row.table.0]);
            self.elsewhere.need(policy, row.table, &columns, std::slice::from_ref(&row.values));
        }
    }

    /// What conditions looked up.
    pub fn consulted(&self, policy: &Policy, nonce: &str) -> Vec<Consulted> {
        self.elsewhere.consulted(policy, nonce)
    }

    /// Does a condition on the columns of its table hold for a row?
    pub fn holds(&self, ix: RowIx, condition: &Cond) -> bool {
        self.holds_for(condition, |c| self.value(ix, c))
    }

    /// Does it hold for a row that was not taken in?
    pub fn holds_for<'a>(&self, condition: &Cond, value: impl Fn(ColumnIx) -> &'a Value) -> bool {
        condition.holds_where(value, &|lookup, value| self.elsewhere.found(lookup, value))
    }

    /// Columns of a table that decide.
    pub fn needed(&self, table: TableId) -> &[ColumnIx] {
        &self.needed[table.0]
    }

    /// A row.
    pub fn row(&self, ix: RowIx) -> &Row {
        &self.rows[ix]
    }

    /// The row with this key, if it was seen.
    pub fn find(&self, table: TableId, key: &Key) -> Option<RowIx> {
        self.index.get(&(table, key.clone())).copied()
    }

    /// How many rows.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// All rows.
    pub fn all(&self) -> impl Iterator<Item = (RowIx, &Row)> {
        self.rows.iter().enumerate()
    }

    /// The rows of a table.
    pub fn of(&self, table: TableId) -> &[RowIx] {
        &self.by_table[table.0]
    }

    /// The rows of a table that carry a claim.
    pub fn claimed(&self, table: TableId) -> impl Iterator<Item = (RowIx, &Row)> {
        self.by_table[table.0].iter().map(|&ix| (ix, &self.rows[ix])).filter(|(_, r)| !r.claims.is_empty())
    }

    /// The value of a deciding column; NULL for any other.
    pub fn value(&self, ix: RowIx, column: ColumnIx) -> &Value {
        let row = &self.rows[ix];
        match self.needed[row.table.0].binary_search(&column) {
            Ok(at) => &row.values[at],
            Err(_) => &NULL,
        }
    }

    /// Takes in an answered row (values of the needed columns) and says where it stands.
    pub fn take(&mut self, policy: &Policy, table: TableId, values: Vec<Value>) -> RowIx {
        let needed = &self.needed[table.0];
        let key: Key = policy
            .table(table)
            .key
            .iter()
            .map(|k| needed.binary_search(k).map_or(Value::Null, |at| values[at].clone()))
            .collect();
        *self.index.entry((table, key.clone())).or_insert_with(|| {
            self.rows.push(Row { table, key, values, claims: Vec::new(), roles: Vec::new() });
            self.by_table[table.0].push(self.rows.len() - 1);
            self.rows.len() - 1
        })
    }

    /// Remembers a value of an identity that a row beside the record holds; an empty one is nobody's.
    pub fn hold(&mut self, record: RowIx, identity: &str, value: Value) {
        if value.join_text().is_some() {
            self.held.entry(record).or_default().insert((identity.to_owned(), value));
        }
    }

    /// Identities of a record that rows beside it hold: names and values.
    pub fn held(&self, record: RowIx) -> impl Iterator<Item = &(String, Value)> {
        self.held.get(&record).into_iter().flatten()
    }

    /// Adds a claim; `true` if it is new, and whether its role is new on the row.
    pub fn claim(&mut self, ix: RowIx, claim: Claim) -> (bool, bool) {
        if !self.claims.insert((ix, claim.clone())) {
            return (false, false);
        }
        let row = &mut self.rows[ix];
        let new_role = !row.roles.contains(&claim.role);
        if new_role {
            row.roles.push(claim.role);
        }
        row.claims.push(claim);
        (true, new_role)
    }

    /// A read of the deciding columns of a table.
    pub fn select(&self, policy: &Policy, table: TableId, by: By, filter: Vec<(String, Vec<Value>)>) -> Select {
        let t = policy.table(table);
        Select { table: t.name.clone(), columns: t.names(self.needed(table)), by, filter, lock: false }
    }
}

/// By table: the columns that decide whose a row is and what becomes of it, sorted.
pub fn deciding(policy: &Policy) -> Vec<Vec<ColumnIx>> {
    let mut sets: Vec<BTreeSet<ColumnIx>> = policy.table_ids().map(|t| own_needs(policy, t)).collect();
    for table in &policy.tables {
        for link in &table.links {
            if let Target::Row { table, columns } = &link.target {
                sets[table.0].extend(columns);
                sets[table.0].extend(link.to_when.columns());
            }
        }
        for fk in &table.foreign_keys {
            sets[fk.table.0].extend(&fk.target_columns);
        }
    }
    for population in policy.kinds.iter().flat_map(|k: &Kind| &k.populations) {
        sets[population.table.0].extend(population.when.columns());
        for identity in &population.identities {
            sets[identity.table.0].insert(identity.column);
            sets[identity.table.0].extend(identity.when.columns());
        }
        if let Some(tenant) = &population.tenant {
            sets[population.table.0].insert(tenant.column);
            let name = &policy.table(population.table).columns[tenant.column].name;
            for identity in population.identities.iter().filter(|_| policy.table(population.table).made) {
                sets[identity.table.0].extend(policy.table(identity.table).column(name));
            }
            if let Some((table, column)) = tenant.through {
                sets[table.0].insert(column);
            }
        }
    }
    for (table, column) in scopes(policy) {
        sets[table.0].insert(column);
    }
    sets.into_iter().map(|s| s.into_iter().collect()).collect()
}

/// Columns of referring rows that decide which stand-in a reference leads to.
fn scopes(policy: &Policy) -> Vec<(TableId, ColumnIx)> {
    let mut columns = Vec::new();
    for id in policy.table_ids() {
        let table = policy.table(id);
        for link in table.links.iter().filter(|l| l.untie == Some(Untie::Placeholder)) {
            if let Some(Scope::Columns(names)) = policy.stand_in(link).map(|p| &p.scope) {
                columns.extend(names.iter().filter_map(|n| table.column(n)).map(|c| (id, c)));
            }
        }
    }
    columns
}

fn own_needs(policy: &Policy, id: TableId) -> BTreeSet<ColumnIx> {
    let table = policy.table(id);
    let mut set: BTreeSet<ColumnIx> = table.key.iter().copied().collect();
    set.extend(table.tenant);
    for link in &table.links {
        set.extend(&link.columns);
        set.extend(link.when.columns());
        for (cond, on_erase) in link.on_erase.iter().chain(&link.while_shared) {
            set.extend(cond.columns());
            match on_erase {
                OnErase::Keep(keep) => set.extend(until_column(keep.until.as_ref())),
                OnErase::Columns(list) => {
                    set.extend(list.iter().filter(|(e, _)| reads_old(e)).flat_map(|(_, columns)| columns))
                }
                OnErase::Fate(_) => {}
            }
        }
    }
    for fk in &table.foreign_keys {
        set.extend(&fk.columns);
    }
    if policy.system(table.system).kind == SystemKind::Files {
        // A file that was replaced is another file.
        set.extend(["size", "version"].iter().filter_map(|name| table.column(name)));
    }
    for (ix, column) in table.columns.iter().enumerate() {
        if let Some(file) = &column.file {
            set.extend(file.form.columns());
            set.extend(file.shared_by);
        }
        let reads = column.text || column.erase.iter().any(|(_, e)| reads_old(e));
        if reads {
            set.insert(ix);
        }
        for (cond, erase) in &column.erase {
            set.extend(cond.columns());
            if let Erase::Keep(keep) = erase {
                set.extend(until_column(keep.until.as_ref()));
            }
        }
    }
    set
}

/// Does what comes of the action depend on what the column held?
pub fn reads_old(erase: &Erase) -> bool {
    !matches!(erase, Erase::Null | Erase::Blank | Erase::Replace(_) | Erase::Shred)
}

fn until_column(until: Option<&Until>) -> Option<ColumnIx> {
    match until {
        Some(Until::After(column, _)) => Some(*column),
        _ => None,
    }
}
