//! Does what was found agree with what the reference says? Differences name places and shapes, never contents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use engine::policy::model::{ColumnIx, Fill, Policy, TableId};
use engine::schema::Class;
use engine::value::Value;

use crate::access::{Accessed, Returned};
use crate::documents::{Piece, Token, What, tokens};
use crate::erase::{Change, Erasure};
use crate::masks::text_of;
use crate::world::{Row, RowId, World, id};

/// One disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `system.table`.
    pub table: String,
    /// The row's key; its `Debug` shows shapes only.
    pub key: Vec<Value>,
    /// The column, where it is about one.
    pub column: Option<String>,
    /// What was expected and what is there.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.table, self.key)?;
        if let Some(column) = &self.column {
            write!(f, " {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

fn difference(policy: &Policy, id: &RowId, column: Option<ColumnIx>, what: impl Into<String>) -> Difference {
    let table = policy.table(id.0);
    Difference {
        table: format!("{}.{}", policy.system(table.system).name, table.name),
        key: id.1.clone(),
        column: column.map(|c| table.columns[c].name.clone()),
        what: what.into(),
    }
}

/// Compares the rows and columns of two answers.
pub fn compare_access(policy: &Policy, expected: &Accessed, actual: &BTreeMap<RowId, Returned>) -> Vec<Difference> {
    let rows: BTreeSet<&RowId> = expected.rows.keys().chain(actual.keys()).collect();
    let mut found = Vec::new();
    for id in rows {
        match (expected.rows.get(id), actual.get(id)) {
            (Some(e), None) => found.push(difference(policy, id, None, format!("should be returned as {:?}", e.level))),
            (None, Some(a)) => found.push(difference(policy, id, None, format!("is returned as {:?}", a.level))),
            (Some(e), Some(a)) => {
                if e.level != a.level {
                    found.push(difference(policy, id, None, format!("should be {:?}, is {:?}", e.level, a.level)));
                }
                for &c in e.columns.symmetric_difference(&a.columns) {
                    let what = if a.columns.contains(&c) { "is returned" } else { "is missing" };
                    found.push(difference(policy, id, Some(c), what));
                }
            }
            (None, None) => {}
        }
    }
    found
}

/// Compares every row of the world after an erasure with what the world before and the expected changes say.
pub fn compare_worlds(policy: &Policy, before: &World, expected: &Erasure, after: &World) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in policy.table_ids() {
        let mut left: Vec<&Row> = after.rows(table).iter().collect();
        let survivors = before.rows(table).iter().map(|row| (id(policy, table, row), row));
        let (moved, steady): (Vec<_>, Vec<_>) = survivors
            .filter(|(id, _)| !expected.fates.going.contains(id))
            .partition(|(id, _)| moves(policy, expected, id));
        for (row_id, row) in steady {
            match left.iter().position(|r| id(policy, table, r) == row_id) {
                Some(at) => {
                    let now = left.remove(at);
                    found.extend(compare_row(policy, before, expected, after, &row_id, row, now));
                }
                None => found.push(difference(policy, &row_id, None, "should be there, is gone")),
            }
        }
        let fits = |(row_id, row): &(RowId, &Row)| -> Vec<usize> {
            let fits = |at: &usize| compare_row(policy, before, expected, after, row_id, row, left[*at]).is_empty();
            (0..left.len()).filter(fits).collect()
        };
        let possible: Vec<Vec<usize>> = moved.iter().map(fits).collect();
        let mut taken: Vec<Option<usize>> = vec![None; left.len()];
        for (at, (row_id, _)) in moved.iter().enumerate() {
            if !place(at, &possible, &mut taken, &mut BTreeSet::new()) {
                found.push(difference(policy, row_id, None, "should be there under a changed key, no row fits"));
            }
        }
        let left: Vec<&Row> = left.iter().zip(&taken).filter(|(_, by)| by.is_none()).map(|(row, _)| *row).collect();
        found.extend(compare_rest(policy, before, expected, table, &left));
    }
    found.extend(compare_names(policy, before, expected, after));
    found
}

/// Gives a moved row one of the rows that it may have become, if need be by moving others.
fn place(row: usize, possible: &[Vec<usize>], taken: &mut [Option<usize>], seen: &mut BTreeSet<usize>) -> bool {
    for &at in &possible[row] {
        if seen.insert(at) && taken[at].is_none_or(|other| place(other, possible, taken, seen)) {
            taken[at] = Some(row);
            return true;
        }
    }
    false
}

/// What stands for one value, or for one scope of stand-ins, is the same everywhere, and different for two of them.
fn compare_names(policy: &Policy, before: &World, expected: &Erasure, after: &World) -> Vec<Difference> {
    let mut found = Vec::new();
    let (mut names, mut values) = (BTreeMap::new(), BTreeMap::new());
    for (id, cells) in expected.changes.iter().filter(|(id, _)| !moves(policy, expected, id)) {
        let (Some(old), Some(new)) = (before.get(policy, id), after.get(policy, id)) else { continue };
        for (&c, change) in cells {
            let column = &policy.table(id.0).columns[c];
            let of = match change {
                // A token has the form that its column takes.
                Change::Alias => {
                    (None, column.class == Class::Uuid, column.max_chars, vec![Value::text(text(&old[c]))])
                }
                Change::Placeholder(t, at, scope) => (Some((*t, *at)), false, None, scope.clone()),
                _ => continue,
            };
            let kind = (of.0, of.1, of.2);
            let now = text(&new[c]);
            let again = names.entry(of.clone()).or_insert_with(|| now.clone()) != &now;
            if again || *values.entry((kind, now)).or_insert_with(|| of.clone()) != of {
                found.push(difference(
                    policy,
                    id,
                    Some(c),
                    "stands for something else too, or is not what stands elsewhere",
                ));
            }
        }
    }
    found
}

fn text(value: &Value) -> String {
    value.join_text().unwrap_or_default().into_owned()
}

/// Does its key change?
fn moves(policy: &Policy, expected: &Erasure, id: &RowId) -> bool {
    expected.changes.get(id).is_some_and(|cells| policy.table(id.0).key.iter().any(|c| cells.contains_key(c)))
}

fn compare_row(
    policy: &Policy,
    before: &World,
    expected: &Erasure,
    after: &World,
    id: &RowId,
    row: &Row,
    now: &Row,
) -> Vec<Difference> {
    let changes = expected.changes.get(id);
    let cells = row.iter().zip(now).enumerate();
    cells
        .filter_map(|(c, (old, new))| {
            let change = changes.and_then(|cells| cells.get(&c));
            let fits = match change {
                None => old == new,
                Some(change) => is_result(&|t| inserted(policy, before, after, t), change, old, new),
            };
            let what = || format!("should be {} of {old:?}, is {new:?}", change.map_or("a copy", name));
            (!fits).then(|| difference(policy, id, Some(c), what()))
        })
        .collect()
}

/// Rows that no survivor accounts for: stand-in records, as many as expected, and nothing else.
fn compare_rest(policy: &Policy, before: &World, expected: &Erasure, table: TableId, left: &[&Row]) -> Vec<Difference> {
    let wanted = expected.placeholders.get(&table).copied().unwrap_or(0);
    let (old, new): (Vec<&Row>, Vec<&Row>) =
        left.iter().partition(|r| before.get(policy, &id(policy, table, r)).is_some());
    let mut found: Vec<Difference> =
        old.iter().map(|r| difference(policy, &id(policy, table, r), None, "should be gone, is there")).collect();
    if new.len() != wanted {
        let what = format!("{wanted} placeholders expected, {} new rows", new.len());
        found.push(difference(policy, &(table, Vec::new()), None, what));
    }
    let populations = policy.kinds.iter().flat_map(|k| &k.populations);
    let fills =
        populations.filter(|p| p.table == table).filter_map(|p| p.placeholder.as_ref()).flat_map(|p| &p.columns);
    for (c, fill) in fills {
        for row in new.iter().filter(|r| !is_filled(fill, &r[*c])) {
            found.push(difference(policy, &id(policy, table, row), Some(*c), "is not as the placeholder says"));
        }
    }
    found
}

/// Rows of a table whose key was not there before.
fn inserted<'a>(policy: &Policy, before: &World, after: &'a World, table: TableId) -> Vec<&'a Row> {
    after.rows(table).iter().filter(|r| before.get(policy, &id(policy, table, r)).is_none()).collect()
}

fn name(change: &Change) -> &'static str {
    match change {
        Change::Null => "null instead",
        Change::Blank => "the empty string instead",
        Change::Replace(_) => "the replacement",
        Change::Hash => "a hash",
        Change::Redacted(_) => "the redaction",
        Change::Placeholder(..) => "the placeholder's value instead",
        Change::Nobody(_) => "nobody instead",
        Change::Pseudonym => "a token instead",
        Change::Filled(_) => "the filled template instead",
        Change::Alias => "a token for the value",
        Change::Truncated(_) => "the address without its end",
        Change::Coarse(_) => "the less exact value",
        Change::Document(..) => "the document with other tokens",
        Change::Within(..) => "the text with another value in it",
    }
}

type StandIns<'a, 'b> = &'a dyn Fn(TableId) -> Vec<&'b Row>;

fn is_result(stand_ins: StandIns, change: &Change, old: &Value, new: &Value) -> bool {
    match change {
        Change::Null => new.is_null(),
        Change::Blank => *new == Value::text(""),
        Change::Replace(v) | Change::Nobody(v) => same(v, new),
        Change::Truncated(v) | Change::Coarse(v) => same(v, new) || v.is_null() && new.is_null(),
        Change::Alias => new.join_text().is_some_and(|t| t.len() <= 36) && !same(old, new),
        Change::Document(codec, pieces) => {
            let found = text_of(new).filter(|_| is_like(old, new)).and_then(|text| tokens(*codec, &text));
            found.is_some_and(|found| {
                found.len() == pieces.len() && pieces.iter().zip(&found).all(|(p, t)| is_piece(stand_ins, p, t))
            })
        }
        Change::Within(at, change) => {
            let (Value::Text(old), Value::Text(new)) = (old, new) else { return false };
            let inside = new.strip_prefix(&old[..at.start]).and_then(|n| n.strip_suffix(&old[at.end..]));
            inside.is_some_and(|n| is_result(stand_ins, change, &Value::text(&old[at.clone()]), &Value::text(n)))
        }
        Change::Hash | Change::Pseudonym => new.join_text().is_some() && !same(old, new),
        Change::Redacted(spans) => is_redaction(spans, old, new),
        Change::Filled(template) => is_filled(&Fill::Template(template.clone()), new),
        Change::Placeholder(table, column, _) => stand_ins(*table).iter().any(|r| same(&r[*column], new)),
    }
}

fn is_piece(stand_ins: StandIns, piece: &Piece, token: &Token) -> bool {
    match piece {
        Piece::Same(old) => old.what == token.what && old.raw == token.raw,
        Piece::Nothing => token.what == What::Nothing || (token.what == What::Text && token.text.is_empty()),
        Piece::Instead(old, change) => is_result(stand_ins, change, &old.value(), &token.value()),
        Piece::Masked(old, spans) => {
            let (was, is) = (Value::text(old.text.clone()), |text: &str| Value::text(text));
            // "keys that become alike get a number behind them"
            let unnumbered = token.text.trim_end_matches(|c: char| c.is_ascii_digit() || " _-#".contains(c));
            old.what == token.what
                && (is_redaction(spans, &was, &is(&token.text))
                    || old.what == What::Key && is_redaction(spans, &was, &is(unnumbered)))
        }
    }
}

/// Equal, where a truth value may be stored as 0 or 1.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Bool(t), Value::Int(n)) | (Value::Int(n), Value::Bool(t)) => i64::from(*t) == *n,
        _ => a == b || (a.join_text().is_some() && a.join_text() == b.join_text()),
    }
}

/// Outside the spans nothing changed; in each span something else stands.
fn is_redaction(spans: &[std::ops::Range<usize>], old: &Value, new: &Value) -> bool {
    let (Some(old_text), Some(new_text)) = (&text_of(old), &text_of(new)) else { return false };
    let (old, new, alike) = (old_text, new_text, is_like(old, new));
    let start = spans.first().map_or(old.len(), |s| s.start);
    alike && new.strip_prefix(&old[..start]).is_some_and(|rest| fits_masked(spans, old, rest))
}

/// What were bytes stays bytes; other documents are written as texts.
fn is_like(old: &Value, new: &Value) -> bool {
    matches!(old, Value::Bytes(_)) == matches!(new, Value::Bytes(_))
}

/// A mask may hold what also stands between the spans, so every way to cut is tried.
fn fits_masked(spans: &[std::ops::Range<usize>], old: &str, rest: &str) -> bool {
    let Some((span, later)) = spans.split_first() else { return rest.is_empty() };
    let kept = &old[span.end..later.first().map_or(old.len(), |s| s.start)];
    let cuts = rest.char_indices().map(|(i, _)| i).chain([rest.len()]);
    cuts.into_iter().any(|cut| {
        rest[..cut] != old[span.clone()]
            && rest[cut..].strip_prefix(kept).is_some_and(|rest| fits_masked(later, old, rest))
    })
}

/// What stands before and after the fields of a template stands in the value.
fn is_filled(fill: &Fill, value: &Value) -> bool {
    match fill {
        Fill::Value(v) => same(v, value) || (v.is_null() && value.is_null()),
        Fill::Template(t) => {
            let (first, last) = (t.split('{').next().unwrap_or(""), t.rsplit('}').next().unwrap_or(""));
            value.join_text().is_some_and(|v| v.starts_with(first) && v.ends_with(last))
        }
    }
}
