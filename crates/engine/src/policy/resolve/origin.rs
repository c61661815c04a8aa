//! Where the parts of a resolved policy were written.

use crate::policy::model::{ColumnIx, SystemId};
use crate::policy::written;
use crate::schema;
use crate::source::Span;

/// Where a table of the policy was written, and what the database says of it.
#[derive(Debug)]
pub struct TableOrigin<'a> {
    /// Its system.
    pub system: SystemId,
    /// Place of its name.
    pub at: Span,
    /// The table in the live schema.
    pub schema: &'a schema::Table,
    /// What `[table.NAME]` and each `[[each]]` with its name say; empty for a subject's table without either.
    pub parts: Vec<&'a written::Table>,
    /// It stands in the policy only because a tenant is looked up in it, or because planners make its rows.
    pub lookup_only: bool,
    /// Links in the order of the model's.
    pub links: Vec<LinkOrigin<'a>>,
    /// Some link could not be resolved, so that the absence of a claim proves nothing.
    pub broken_link: bool,
}

/// Where a link was written.
#[derive(Clone, Copy, Debug)]
pub struct LinkOrigin<'a> {
    /// The link as written.
    pub written: &'a written::Link,
}

impl<'a> LinkOrigin<'a> {
    /// Place of its own columns, or of the whole link.
    pub fn column_at(&self) -> Span {
        let first = self.written.column.first().map(|n| n.at).or(self.written.by.first().map(|r| r.at));
        first.unwrap_or(self.written.at)
    }

    /// Place of what it points at, or of the whole link.
    pub fn target_at(&self) -> Span {
        match (&self.written.to, self.written.by.first()) {
            (Some(written::To::Columns(refs)), _) => refs.first().map_or(self.written.at, |r| r.at),
            (Some(written::To::Identity { at, .. }), _) => *at,
            (None, Some(by)) => by.at,
            (None, None) => self.written.at,
        }
    }
}

impl<'a> TableOrigin<'a> {
    /// All links as written, also those that could not be resolved.
    pub fn written_links(&self) -> impl Iterator<Item = &'a written::Link> + use<'a> {
        self.parts.clone().into_iter().flat_map(|p| &p.links)
    }

    /// All columns as written. The same column in two places: the first counts.
    pub fn written_columns(&self) -> impl Iterator<Item = &'a (written::Name, written::Column)> + use<'a> {
        self.parts.clone().into_iter().flat_map(|p| &p.columns)
    }

    /// What the map says of a column.
    pub fn written_column(&self, name: &str) -> Option<&'a (written::Name, written::Column)> {
        self.written_columns().find(|(n, _)| n.it == name)
    }

    /// The tenant column as written.
    pub fn written_tenant(&self) -> Option<&'a written::Name> {
        self.parts.iter().find_map(|p| p.tenant.as_ref())
    }

    /// The key as written.
    pub fn written_key(&self) -> Option<&'a written::Key> {
        self.parts.iter().find_map(|p| p.key.as_ref())
    }

    /// Is this column part of the primary key or of a unique one?
    pub fn in_unique_key(&self, column: ColumnIx) -> bool {
        let listed = |name: &String| self.schema.unique.iter().any(|k| k.contains(name));
        self.in_primary_key(column) || self.schema.columns.get(column).is_some_and(|c| listed(&c.name))
    }

    /// Is this column part of the primary key?
    pub fn in_primary_key(&self, column: ColumnIx) -> bool {
        self.schema.columns.get(column).is_some_and(|c| self.schema.key.contains(&c.name))
    }
}
