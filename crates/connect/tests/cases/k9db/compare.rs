//! Rows that were expected, and rows that were found.

use std::collections::BTreeSet;

use super::edges::edges;
use super::model::{Row, Rows, column};
use super::sql::Table;

/// A row, and the place of its table, where that is known.
pub type Of = (Option<usize>, Row);

/// A reference of a table, and where it leads.
struct Lead {
    table: usize,
    column: usize,
    target: usize,
    to: usize,
    /// Values of rows that went.
    went: BTreeSet<String>,
}

/// What differs between two sets of rows, line by line.
#[derive(Default)]
pub struct Differences {
    pub missing: Vec<String>,
    pub more: Vec<String>,
}

/// Compares rows. A reference along which rights flow to a row that went in the same case may have lost its value: it is
/// undone here, and left to lead nowhere there. Nothing else may differ.
pub struct Compare<'a> {
    tables: &'a [Table],
    leads: Vec<Lead>,
    /// Was a reference seen that was undone?
    pub untied: bool,
}

impl<'a> Compare<'a> {
    /// Along the edges of annotations.
    pub fn new(tables: &'a [Table]) -> Compare<'a> {
        let edges = edges(tables);
        let forward = edges.iter().filter(|e| e.forward).map(|e| (e.table.name.as_str(), e.reference));
        Compare::along(tables, forward.map(|(table, r)| [table, &r.column, &r.table, &r.to]))
    }

    /// Along references: table, column, the table that is referred to, and its column.
    pub fn along<'b>(tables: &'a [Table], references: impl Iterator<Item = [&'b str; 4]>) -> Compare<'a> {
        let at = |name: &str| tables.iter().position(|t| t.name == name).expect("a table of the schema");
        let lead = |[table, own, other, to]: [&str; 4]| {
            let (table, target) = (at(table), at(other));
            let (column, to) = (column(&tables[table], own), column(&tables[target], to));
            Lead { table, column, target, to, went: BTreeSet::new() }
        };
        Compare { tables, leads: references.map(lead).collect(), untied: false }
    }

    /// Rows went between two moments.
    pub fn went(&mut self, before: &Rows, after: &Rows) {
        for lead in &mut self.leads {
            let values = |rows: &Rows| -> BTreeSet<String> {
                rows[lead.target].iter().filter_map(|row| row[lead.to].clone()).collect()
            };
            lead.went.extend(values(before).difference(&values(after)).cloned());
        }
    }

    /// What is missing, and what is there as well; `what` says of which both are said.
    pub fn differences(&mut self, what: &str, expected: &[Of], found: &[Of]) -> Differences {
        let mut left: Vec<&Of> = expected.iter().collect();
        let mut inexact = Vec::new();
        for row in found {
            match left.iter().position(|e| alike(e, row) && e.1 == row.1) {
                Some(n) => drop(left.remove(n)),
                None => inexact.push(row),
            }
        }
        let mut more = Vec::new();
        for row in inexact {
            match left.iter().position(|e| alike(e, row) && self.untied(e, row)) {
                Some(n) => {
                    self.untied = true;
                    left.remove(n);
                }
                None => more.push(format!("{what} as well: {}", self.shown(row))),
            }
        }
        let missing = left.into_iter().map(|row| format!("not {what}: {}", self.shown(row))).collect();
        Differences { missing, more }
    }

    /// Does the row differ in references that were undone, and in nothing else?
    fn untied(&self, (_, expected): &Of, (table, found): &Of) -> bool {
        let led = |n: usize, value: &str| {
            self.leads.iter().any(|l| Some(l.table) == *table && l.column == n && l.went.contains(value))
        };
        expected.len() == found.len()
            && expected.iter().zip(found).enumerate().all(|(n, (expected, found))| match (expected, found) {
                (Some(value), None) => led(n, value),
                (expected, found) => expected == found,
            })
    }

    fn shown(&self, (table, row): &Of) -> String {
        let cells = row.iter().map(|c| c.as_deref().unwrap_or("NULL"));
        let table = table.map(|t| self.tables[t].name.as_str());
        table.into_iter().chain(cells).collect::<Vec<_>>().join("|")
    }
}

/// May both be of one table?
fn alike((a, _): &Of, (b, _): &Of) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// The values of a printed row.
pub fn read(row: &str) -> Row {
    row.split('|').map(|c| (c != "NULL").then(|| c.to_owned())).collect()
}

impl Differences {
    pub fn all(mut self) -> Vec<String> {
        self.missing.append(&mut self.more);
        self.missing
    }
}
