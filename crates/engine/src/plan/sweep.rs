//! The search of all rows of `text = "all"` columns for a person's identifiers (LANGUAGE 1.7), which a question asks for.

use std::collections::BTreeSet;

use super::claims::tenants;
use super::needles::needles;
use super::resolve::{Person, same};
use super::rows::{RowIx, Rows};
use super::{Ask, What};
use crate::ask::By;
use crate::matching::folded;
use crate::policy::model::{ColumnIx, Match, Path, Place, Policy, Reading, TableId};
use crate::text::{Finder, Identifier};

/// One person's search.
pub struct Sweep {
    finder: Finder,
    values: Vec<String>,
    found: BTreeSet<RowIx>,
}

impl Sweep {
    /// For these identifiers. A name of one word and an address that several people share would find strangers.
    pub fn new(person: &Person, mut identifiers: Vec<Identifier>) -> Sweep {
        let shared = |text: &str| person.not_followed.iter().any(|(_, value)| *value == folded(text));
        identifiers.retain(|i| (i.certain || i.text.0.trim().contains(char::is_whitespace)) && !shared(&i.text.0));
        let values = identifiers.iter().map(|i| folded(&i.text.0)).collect();
        Sweep { finder: Finder::new(&identifiers), values, found: BTreeSet::new() }
    }

    /// What decides whether an identifier stands in a row that the person has no claim on.
    pub fn finder(&self) -> &Finder {
        &self.finder
    }

    /// Rows that were read.
    pub fn found(&self) -> impl Iterator<Item = RowIx> {
        self.found.iter().copied()
    }

    /// Notes rows that were read.
    pub fn add(&mut self, rows: &[RowIx]) {
        self.found.extend(rows);
    }

    /// One pass over each such table, and the number of its rows.
    pub fn asks(&self, policy: &Policy, person: &Person, rows: &Rows) -> Vec<Ask> {
        if self.values.is_empty() {
            return Vec::new();
        }
        let mut asks = Vec::new();
        for table in policy.table_ids() {
            let t = policy.table(table);
            let columns = everywhere(policy, table);
            if !columns.is_empty() {
                asks.push(Ask { system: t.system, table, what: What::Count });
            }
            for column in columns {
                let c = &t.columns[column];
                let document = c.codec.map(|codec| Place { codec, path: Path::default() });
                let reading = Reading { document, forms: Vec::new() };
                let needles = needles(&reading, Match::CaseInsensitive, &self.values);
                let by = By::Containing { column: c.name.clone(), needles };
                let tenant = t.tenant.zip(tenants(policy, person, table));
                let filter = tenant.map(|(at, local)| (t.columns[at].name.clone(), local));
                asks.push(Ask::select(policy, table, rows.select(policy, table, by, filter.into_iter().collect())));
            }
        }
        asks
    }
}

/// Columns of a table that are searched in every row.
pub fn everywhere(policy: &Policy, table: TableId) -> Vec<ColumnIx> {
    let columns = policy.table(table).columns.iter().enumerate();
    columns.filter(|(_, c)| c.text_everywhere).map(|(ix, _)| ix).collect()
}

/// Is it proved that a row belongs to the customer whose person this is? Where nothing tells, a hit is a doubt.
pub fn of_the_tenant(policy: &Policy, person: &Person, rows: &Rows, row: RowIx) -> bool {
    let table = rows.row(row).table;
    match (policy.table(table).tenant, tenants(policy, person, table)) {
        (_, None) => true,
        (Some(column), Some(local)) => local.iter().any(|v| same(v, rows.value(row, column))),
        (None, Some(_)) => false,
    }
}
