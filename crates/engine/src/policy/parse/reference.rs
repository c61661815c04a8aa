//! References and the places of their parts.

use std::ops::Range;

use super::reader::{Item, Read};
use crate::diagnostic::codes;
use crate::policy::written::{ColumnReference, Name, Reference, To};
use crate::source::{At, Span};

const COLUMN: &str =
    "write it as `table.column`, `system:table.column`, or as the list [\"schema\", \"table\", \"column\"]";

impl Read for Reference {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_array() {
            return from_list(item);
        }
        let text = String::read(item)?;
        let parsed = Text::of(item, &text).and_then(|t| parse(t, item.at));
        parsed.or_else(|| malformed(item, &format!("`{text}` is not a column of a table"), COLUMN))
    }
}

impl Read for ColumnReference {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_array() {
            let full = from_list(item)?;
            return Some(ColumnReference { table: Some(full.table), column: full.column, at: item.at });
        }
        let text = String::read(item)?;
        let whole = Text::of(item, &text)?;
        let (table, column) = match whole.split('.').as_slice() {
            [column] => (None, column.name()),
            [table, column] => (table.name(), column.name()),
            _ => (None, None),
        };
        match column {
            Some(column) if table.is_some() || !text.contains('.') => {
                Some(ColumnReference { table, column, at: item.at })
            }
            _ => {
                let help =
                    "write it as `column` or `table.column`; names that hold a dot as the list [\"table\", \"column\"]";
                malformed(item, &format!("`{text}` is not a column"), help)
            }
        }
    }
}

/// What `to` names, for a link with that many columns.
pub(super) fn to(item: Item<'_>, columns: usize) -> Option<To> {
    let text = item.value.as_str().unwrap_or_default();
    if !text.starts_with('@') {
        return columns_of(item, columns).map(To::Columns);
    }
    let whole = Text::of(item, text)?;
    let parts = whole.after(1).split('.');
    match parts.as_slice() {
        [kind, identity] if !kind.text.is_empty() && !identity.text.is_empty() => {
            Some(To::Identity { kind: kind.name()?, identity: identity.name()?, at: item.at })
        }
        _ => malformed(
            item,
            &format!("`{text}` is not an identity"),
            "write it as `@kind.identity`, such as `@customer.email`",
        ),
    }
}

/// Columns elsewhere for a link with that many columns (0: unknown): one reference, a list of references, or one reference
/// written as a list of names.
pub(super) fn columns_of(item: Item<'_>, columns: usize) -> Option<Vec<Reference>> {
    let Some(entries) = item.entries() else { return Some(vec![Reference::read(item)?]) };
    let dotted = |i: &Item<'_>| i.value.as_str().is_some_and(|s| s.contains('.'));
    let lists = entries.iter().any(|i| i.value.is_array());
    let several = match columns {
        0 => entries.iter().all(dotted),
        1 => entries.len() == 1,
        _ => true,
    };
    if lists || several {
        let read: Vec<_> = entries.iter().map(|i| Reference::read(*i)).collect();
        return read.into_iter().collect();
    }
    Some(vec![from_list(item)?])
}

/// `["table", "column"]` or `["schema", "table", "column"]`.
fn from_list(item: Item<'_>) -> Option<Reference> {
    let names: Vec<Name> = item.list()?;
    let (schema, table, column) = match names.as_slice() {
        [table, column] => (None, table, column),
        [schema, table, column] => (Some(schema.clone()), table, column),
        _ => return malformed(item, "a reference as a list has two or three names", COLUMN),
    };
    Some(Reference { system: None, schema, table: table.clone(), column: column.clone(), at: item.at })
}

fn parse(text: Text<'_>, at: Span) -> Option<Reference> {
    let (system, rest) = match text.split(':').as_slice() {
        [rest] => (None, *rest),
        [system, rest] => (Some(system.name()?), *rest),
        _ => return None,
    };
    match rest.split('.').as_slice() {
        [table, column] => Some(Reference { system, schema: None, table: table.name()?, column: column.name()?, at }),
        _ => None,
    }
}

fn malformed<T>(item: Item<'_>, message: &str, help: &str) -> Option<T> {
    item.wrong(codes::BAD_REFERENCE, message, "malformed reference", help)
}

/// A part of a string and its place in the file.
#[derive(Clone, Copy)]
struct Text<'a> {
    text: &'a str,
    at: Span,
    /// The file holds exactly this text there, without escapes, so that parts have places of their own.
    exact: bool,
}

impl<'a> Text<'a> {
    fn of(item: Item<'_>, text: &'a str) -> Option<Self> {
        let inner = Span { start: item.at.start + 1, end: item.at.end.checked_sub(1)?, ..item.at };
        let raw = item.reader.text.get(inner.start as usize..inner.end as usize);
        let exact = raw == Some(text);
        Some(Text { text, at: if exact { inner } else { item.at }, exact })
    }

    fn part(self, range: Range<usize>) -> Self {
        let at = |n: usize| self.at.start + n as u32;
        let place = if self.exact { Span { start: at(range.start), end: at(range.end), ..self.at } } else { self.at };
        Text { text: &self.text[range], at: place, ..self }
    }

    fn after(self, start: usize) -> Self {
        self.part(start..self.text.len())
    }

    fn split(self, separator: char) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        for piece in self.text.split(separator) {
            parts.push(self.part(start..start + piece.len()));
            start += piece.len() + separator.len_utf8();
        }
        parts
    }

    /// The part as a name, unless it is empty.
    fn name(self) -> Option<Name> {
        (!self.text.is_empty()).then(|| At::new(self.text.to_owned(), self.at))
    }
}
