//! Locked schemas.

use crate::diagnostic::{Diagnostic, codes};
use crate::schema::Schema;
use crate::source::{FileId, Span};

/// The schema in a file, or why it is none.
pub(super) fn read(file: FileId, text: &str) -> Result<Schema, Box<Diagnostic>> {
    serde_json::from_str(text).map_err(|error| {
        let place = offset(text, error.line(), error.column());
        let span = Span { file, start: place, end: place };
        let message = format!("this is not a locked schema: {error}");
        let finding = Diagnostic::error(codes::BAD_SCHEMA, message, span, "cannot be read");
        Box::new(finding.help("`upheld map lock` writes it anew from the live system"))
    })
}

/// The byte of a line and column, both from 1, on the border of a character.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let place = (before + column.saturating_sub(1)).min(text.len());
    u32::try_from(text.floor_char_boundary(place)).unwrap_or(u32::MAX)
}
