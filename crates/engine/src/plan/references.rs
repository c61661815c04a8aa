//! Which of the rows seen so far refer to which: by links, and by declared foreign keys.

use std::collections::{BTreeSet, HashMap};

use super::rows::{RowIx, Rows};
use super::values::{Joined, here, there};
use crate::policy::model::{ColumnIx, ForeignKey, Link, LinkIx, Match, Policy, TableId, Target};

/// How one row refers to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A link whose column holds the reference.
    Link(LinkIx),
    /// A link whose target holds it.
    Back(LinkIx),
    /// A declared foreign key of the table.
    Key(usize),
}

/// All references among the rows, in both directions.
pub struct References {
    out: Vec<Vec<(By, RowIx)>>,
    into: Vec<Vec<(By, RowIx)>>,
}

impl References {
    /// Compares every row with those that its links and keys may lead to.
    pub fn among(policy: &Policy, rows: &Rows) -> Self {
        let mut found = References { out: vec![Vec::new(); rows.count()], into: vec![Vec::new(); rows.count()] };
        for table in policy.table_ids().filter(|t| !rows.of(*t).is_empty()) {
            for (ix, link) in policy.table(table).links.iter().enumerate() {
                found.link(policy, rows, table, ix, link);
            }
            for (ix, key) in policy.table(table).foreign_keys.iter().enumerate() {
                found.key(rows, table, ix, key);
            }
        }
        found
    }

    /// What a row refers to.
    pub fn of(&self, row: RowIx) -> &[(By, RowIx)] {
        &self.out[row]
    }

    /// Who refers to a row.
    pub fn to(&self, row: RowIx) -> &[(By, RowIx)] {
        &self.into[row]
    }

    fn link(&mut self, policy: &Policy, rows: &Rows, table: TableId, ix: LinkIx, link: &Link) {
        let Target::Row { table: target, .. } = &link.target else { return };
        let by = if link.by { By::Back(ix) } else { By::Link(ix) };
        let mut targets: HashMap<Joined, Vec<RowIx>> = HashMap::new();
        for &row in rows.of(*target) {
            for (joined, _) in there(policy, link, rows, row) {
                targets.entry(joined).or_default().push(row);
            }
        }
        for &row in rows.of(table).iter().filter(|_| !targets.is_empty()) {
            let found = here(policy, link, rows, row);
            let led: BTreeSet<RowIx> = found.iter().filter_map(|j| targets.get(j)).flatten().copied().collect();
            led.into_iter().for_each(|target| self.add(row, by, target));
        }
    }

    fn key(&mut self, rows: &Rows, table: TableId, ix: usize, key: &ForeignKey) {
        let mut targets: HashMap<Joined, Vec<RowIx>> = HashMap::new();
        for &row in rows.of(key.table) {
            if let Some(joined) = texts(rows, row, &key.target_columns) {
                targets.entry(joined).or_default().push(row);
            }
        }
        for &row in rows.of(table).iter().filter(|_| !targets.is_empty()) {
            let joined = texts(rows, row, &key.columns);
            for target in joined.and_then(|j| targets.get(&j)).into_iter().flatten() {
                self.add(row, By::Key(ix), *target);
            }
        }
    }

    fn add(&mut self, row: RowIx, by: By, target: RowIx) {
        self.out[row].push((by, target));
        self.into[target].push((by, row));
    }
}

/// Values as a foreign key compares them; `None` where one is NULL.
pub fn texts(rows: &Rows, row: RowIx, columns: &[ColumnIx]) -> Option<Joined> {
    columns.iter().map(|c| rows.value(row, *c).join_text().map(|t| t.into_owned())).collect()
}

/// Does a link already ask for every row of this foreign key?
pub fn covers(policy: &Policy, table: TableId, key: &ForeignKey) -> bool {
    policy.table(table).links.iter().any(|l| {
        let same_target =
            matches!(&l.target, Target::Row { table, columns } if *table == key.table && *columns == key.target_columns);
        same_target
            && !l.by
            && l.columns == key.columns
            && l.when.0.is_empty()
            && l.to_when.0.is_empty()
            && l.nobody.is_empty()
            && l.matching == Match::Exact
            && l.reading.is_plain()
    })
}
