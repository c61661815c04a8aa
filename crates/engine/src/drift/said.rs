//! What a map, as written, has a decision for: also where it does not compile.

use crate::policy::written::{ColumnReference, Key, Name, System, Table};
use crate::source::Span;

/// The decisions of one system's map, by name.
pub struct Said<'a> {
    map: &'a System,
}

impl<'a> Said<'a> {
    /// Those of a map.
    pub fn of(map: &'a System) -> Self {
        Said { map }
    }

    /// Is the table mapped?
    pub fn maps(&self, table: &str) -> bool {
        self.place(table).is_some() && !(self.ignores(table) && self.mapped(table).is_none())
    }

    /// Is the table ignored?
    pub fn ignores(&self, table: &str) -> bool {
        self.map.ignore.iter().flat_map(|(_, names)| names).any(|n| n.it == table)
    }

    /// Where the table is written, mapped or ignored.
    pub fn place(&self, table: &str) -> Option<Span> {
        let ignored = || self.map.ignore.iter().flat_map(|(_, names)| names).find(|n| n.it == table);
        self.mapped(table).or_else(ignored).map(|n| n.at)
    }

    /// Is the trigger reviewed?
    pub fn reviewed(&self, table: &str, trigger: &str) -> bool {
        self.parts(table).flat_map(|p| &p.triggers).any(|(n, _)| n.it == trigger)
    }

    /// Does the map say anything of the column?
    pub fn decides(&self, table: &str, column: &str) -> bool {
        self.parts(table).any(|p| part_says(p, column)) || self.subject_says(table, column)
    }

    fn mapped(&self, table: &str) -> Option<&'a Name> {
        let each = self.map.each.iter().flat_map(|e| &e.tables);
        let subjects = self.map.subjects.iter().filter_map(|(_, s)| s.table.as_ref());
        self.map.tables.iter().map(|(n, _)| n).chain(each).chain(subjects).find(|n| n.it == table)
    }

    fn parts(&self, table: &str) -> impl Iterator<Item = &'a Table> {
        let own = self.map.tables.iter().filter(move |(n, _)| n.it == table).map(|(_, t)| t);
        let each = self.map.each.iter().filter(move |e| e.tables.iter().any(|n| n.it == table)).map(|e| &e.adds);
        own.chain(each).collect::<Vec<_>>().into_iter()
    }

    fn subject_says(&self, table: &str, column: &str) -> bool {
        let subjects = self.map.subjects.iter().filter(|(_, s)| s.table.as_ref().is_some_and(|t| t.it == table));
        let is = |r: &ColumnReference| r.table.is_none() && r.column.it == column;
        subjects.map(|(_, s)| s).any(|s| {
            s.tenant.as_ref().is_some_and(|t| t.column.it == column)
                || s.identities.iter().flat_map(|(_, i)| &i.columns).any(is)
        })
    }
}

fn part_says(part: &Table, column: &str) -> bool {
    let is = |name: &Name| name.it == column;
    let key = |key: &Key| matches!(key, Key::Columns(names) if names.iter().any(is));
    part.columns.iter().any(|(n, _)| is(n))
        || part.links.iter().flat_map(|l| &l.column).any(is)
        || part.ignore.iter().flat_map(|(_, names)| names).any(is)
        || part.set_on_scrub.iter().any(|(n, _)| is(n))
        || part.tenant.as_ref().is_some_and(is)
        || part.key.as_ref().is_some_and(key)
}
