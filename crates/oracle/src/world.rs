//! All rows of all systems, in memory.

use engine::policy::model::{Policy, TableId};
use engine::value::Value;

/// One row: values in the order of the table's columns.
pub type Row = Vec<Value>;

/// Values of a table's key columns.
pub type Key = Vec<Value>;

/// A row by table and key. Rows that are equal in a table without a key share it, and one fate.
pub type RowId = (TableId, Key);

/// The contents of every table of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    tables: Vec<Vec<Row>>,
}

impl World {
    /// Empty tables.
    pub fn new(policy: &Policy) -> Self {
        World { tables: vec![Vec::new(); policy.tables.len()] }
    }

    /// Adds a row.
    pub fn insert(&mut self, table: TableId, row: Row) {
        self.tables[table.0].push(row);
    }

    /// Does it hold the same rows, in whatever order? A database answers in the order of any index.
    pub fn has_rows_of(&self, other: &World) -> bool {
        let sorted = |world: &World| -> Vec<Vec<Row>> {
            let mut tables = world.tables.clone();
            tables.iter_mut().for_each(|rows| rows.sort());
            tables
        };
        sorted(self) == sorted(other)
    }

    /// Rows of one table.
    pub fn rows(&self, table: TableId) -> &[Row] {
        &self.tables[table.0]
    }

    /// Every row of every table with its id.
    pub fn all<'a>(&'a self, policy: &'a Policy) -> impl Iterator<Item = (RowId, &'a Row)> + 'a {
        policy.table_ids().flat_map(move |t| self.rows(t).iter().map(move |row| (id(policy, t, row), row)))
    }

    /// The row of an id.
    pub fn get<'a>(&'a self, policy: &Policy, id: &RowId) -> Option<&'a Row> {
        self.rows(id.0).iter().find(|row| key(policy, id.0, row) == id.1)
    }
}

/// The id of a row.
pub(crate) fn id(policy: &Policy, table: TableId, row: &Row) -> RowId {
    (table, key(policy, table, row))
}

fn key(policy: &Policy, table: TableId, row: &Row) -> Key {
    policy.table(table).key.iter().map(|&c| row[c].clone()).collect()
}
