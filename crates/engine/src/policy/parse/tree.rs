//! TOML text to a tree with places, going on after errors.

use std::ops::Range;

use toml::de::{DeTable, Error};

/// Where a text is not TOML, and why.
pub(super) type SyntaxError = (Range<usize>, String);

/// What a file holds, as far as it can be read.
pub(super) struct Tree<'a> {
    /// The top-level table.
    pub(super) root: DeTable<'a>,
    /// Syntax errors, by place.
    pub(super) errors: Vec<SyntaxError>,
    /// Keys given for a second time; the first value counts.
    pub(super) duplicates: Vec<Range<usize>>,
}

/// A copy of a text in which every statement that would hide the ones after it is blanked, and the errors of those
/// statements. Places stay as they were.
pub(super) fn mend(text: &str) -> (String, Vec<SyntaxError>) {
    let mut mended = text.to_owned();
    let mut errors = Vec::new();
    if !DeTable::parse_recoverable(text).1.iter().any(swallows) {
        return (mended, errors);
    }
    for statement in statements(text) {
        let alone = DeTable::parse_recoverable(&text[statement.clone()]).1;
        let Some(worst) = alone.iter().find(|e| swallows(e)) else { continue };
        let first = alone.first().unwrap_or(worst);
        let at = place(first);
        errors.push((at.start + statement.start..at.end + statement.start, first.message().to_owned()));
        mended.replace_range(statement.clone(), &blank(&text[statement]));
    }
    (mended, errors)
}

impl<'a> Tree<'a> {
    /// Reads as much as possible of a text that [`mend`] went over, which found `errors`.
    pub(super) fn read(mended: &'a str, mut errors: Vec<SyntaxError>) -> Tree<'a> {
        let (root, found) = DeTable::parse_recoverable(mended);
        let (duplicates, rest): (Vec<_>, Vec<_>) = found.iter().partition(|e| e.message() == "duplicate key");
        errors.extend(rest.into_iter().map(|e| (place(e), e.message().to_owned())));
        errors.sort_by_key(|(at, _)| (at.start, at.end));
        errors.dedup_by_key(|(at, _)| at.start);
        Tree { root: root.into_inner(), errors, duplicates: duplicates.into_iter().map(place).collect() }
    }
}

/// After these the parser takes what follows for a part of the broken statement, or stops.
fn swallows(error: &Error) -> bool {
    ["key with no value", "unclosed array", "unclosed inline table", "invalid multi-line"]
        .iter()
        .any(|m| error.message().starts_with(m))
}

fn place(error: &Error) -> Range<usize> {
    error.span().unwrap_or(0..0)
}

/// Ranges from one line that begins a statement at its first column to the next such line.
fn statements(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if begins_statement(line) && offset > 0 {
            starts.push(offset);
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| start..end).collect()
}

/// Does a line begin with a bare or quoted word, or with a header?
fn begins_statement(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '[' | '"' | '\''))
}

/// Spaces of the same length; lines stay lines.
fn blank(text: &str) -> String {
    text.bytes().map(|b| if matches!(b, b'\n' | b'\r') { b as char } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<usize>) {
        let (mended, errors) = mend(text);
        assert_eq!(mended.len(), text.len());
        let tree = Tree::read(&mended, errors);
        (
            tree.root.keys().map(|k| k.get_ref().to_string()).collect(),
            tree.errors.iter().map(|(at, _)| at.start).collect(),
        )
    }

    #[test]
    fn a_broken_statement_hides_no_other() {
        assert_eq!(read("a = 1\nfoo bar\nb = 2\n[t]\nc = 3\n"), (vec!["a".into(), "b".into(), "t".into()], vec![10]));
        assert_eq!(read("a = [1, 2\nb = 2\n[t]\nc = 3\n"), (vec!["b".into(), "t".into()], vec![9]));
        assert_eq!(read("a = { x = 1\nb = \n[t]\nc = 3\n"), (vec!["b".into(), "t".into()], vec![11, 16]));
        assert_eq!(read("a = \"\"\"x\nb\n\nc = 1\n[t]\n").0, vec!["c", "t"]);
    }

    #[test]
    fn what_can_be_read_of_a_broken_statement_stays() {
        assert_eq!(read("a = [\n { r = 1 }\n { r = 2 },\n]\nb = 2"), (vec!["a".into(), "b".into()], vec![18]));
    }
}
