//! What the SQL kinds share: quoting, chunks, and the supersets that fold letter case and phone punctuation.

use engine::ask::Failure;
use engine::schema::{Schema, Table};

/// Most key tuples in one statement.
pub(crate) const CHUNK: usize = 1_000;

/// An identifier in double quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table of that name, or why there is none.
pub(crate) fn table<'a>(schema: &'a Schema, name: &str) -> Result<&'a Table, Failure> {
    schema.table(name).ok_or_else(|| Failure::Missing { object: format!("table {name}") })
}

/// The failure for a column that is not there.
pub(crate) fn no_column(table: &str, column: &str) -> Failure {
    Failure::Missing { object: format!("column {table}.{column}") }
}

/// Splits folded values into those that a database's `lower()` surely meets and `LIKE` patterns for the others: databases
/// differ in what they fold beyond ASCII, and stored text may be composed or decomposed, so each such run, with the letter
/// before it (a combining mark may have joined it), is a wild card.
pub(crate) fn fold(values: &[String]) -> (Vec<String>, Vec<String>) {
    let (plain, others): (Vec<_>, Vec<_>) = values.iter().cloned().partition(|v| v.is_ascii());
    (plain, others.iter().map(|v| wild(v)).collect())
}

fn wild(value: &str) -> String {
    let mut pattern = String::new();
    let mut in_run = false;
    for c in value.chars() {
        if !c.is_ascii() {
            if !in_run {
                if pattern.ends_with(|last: char| last.is_ascii_alphabetic()) {
                    pattern.pop();
                }
                pattern.push('%');
            }
        } else if matches!(c, '%' | '_' | '\\') {
            pattern.extend(['\\', c]);
        } else {
            pattern.push(c);
        }
        in_run = !c.is_ascii();
    }
    pattern
}

/// `LIKE` patterns over a column's digits for E.164 numbers: the last seven digits, anywhere, for the column may lack the
/// country and may end in an extension.
pub(crate) fn phone_patterns(values: &[String]) -> Vec<String> {
    let digits = values.iter().map(|v| v.chars().filter(char::is_ascii_digit).collect::<String>());
    let mut patterns: Vec<String> =
        digits.filter(|d| !d.is_empty()).map(|d| format!("%{}%", &d[d.len().saturating_sub(7)..])).collect();
    patterns.sort();
    patterns.dedup();
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hostile_names() {
        assert_eq!(quote("a\"b; drop"), "\"a\"\"b; drop\"");
    }

    #[test]
    fn folds_beyond_ascii_by_pattern() {
        let (plain, patterns) = fold(&["ann@x.no".into(), "ødegård_1@x.no".into()]);
        assert_eq!(plain, ["ann@x.no"]);
        assert_eq!(patterns, ["%de%rd\\_1@x.no"]);
    }

    #[test]
    fn phone_patterns_keep_seven_digits() {
        assert_eq!(phone_patterns(&["+4790012345".into(), "+112".into()]), ["%0012345%", "%112%"]);
    }
}
