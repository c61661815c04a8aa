//! What the SQL kinds share: quoting, chunks, and the supersets that fold letter case and phone punctuation.

use std::collections::BTreeMap;

use engine::ask::{By, Failure, Row, Select};
use engine::schema::{Schema, Table};
use engine::value::Value;

/// Most key tuples in one statement.
pub(crate) const CHUNK: usize = 1_000;

/// Most values that a statement is sure to take: SQLite binds 32,766, MariaDB 65,535.
pub(crate) const BOUND: usize = 32_000;

/// Most key tuples of so many columns in one statement, which may bind each twice. Lists are filled up to a power of two.
pub(crate) fn chunk(width: usize) -> usize {
    let most = BOUND / (2 * width.max(1));
    if most >= CHUNK.next_power_of_two() { CHUNK } else { (most.max(1) + 1).next_power_of_two() / 2 }
}

/// Key tuples by the columns in which they are NULL, which no comparison by `=` finds: which columns have a value, and the
/// tuples of these values.
pub(crate) fn by_nulls<T: Clone>(tuples: &[Vec<T>], is_null: impl Fn(&T) -> bool) -> Vec<(Vec<usize>, Vec<Vec<T>>)> {
    let mut kinds: BTreeMap<Vec<usize>, Vec<Vec<T>>> = BTreeMap::new();
    for tuple in tuples {
        let held: Vec<usize> = (0..tuple.len()).filter(|at| !is_null(&tuple[*at])).collect();
        let values = held.iter().map(|at| tuple[*at].clone()).collect();
        kinds.entry(held).or_default().push(values);
    }
    // Ordinary keys come first.
    kinds.into_iter().rev().collect()
}

/// How much of a long value a sample holds, in characters or bytes.
pub(crate) const SAMPLED_CHARS: u32 = 1_000;

/// An identifier in double quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table of that name, or why there is none.
pub(crate) fn table<'a>(schema: &'a Schema, name: &str) -> Result<&'a Table, Failure> {
    schema.table(name).ok_or_else(|| Failure::Missing { object: format!("table {name}") })
}

/// Which of these questions may share a statement, by their places; the others stand alone.
///
/// Those may that an index surely serves, for the longest time that a statement may take is then the same for all. Whether
/// an index on a column serves the comparison that a question makes is the system's to say.
pub(crate) fn together(
    schema: &Schema,
    selects: &[&Select],
    compares: impl Fn(&Select, &str) -> bool,
) -> Vec<Vec<usize>> {
    let quick = |at: &usize| quick(schema, selects[*at], &compares).filter(|values| *values <= CHUNK);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for at in 0..selects.len() {
        let Some(values) = quick(&at) else { continue };
        match groups.last_mut() {
            Some(group) if group.len() < TOGETHER && values <= room => group.push(at),
            _ => {
                groups.push(vec![at]);
                room = CHUNK;
            }
        }
        room -= values;
    }
    groups.extend((0..selects.len()).filter(|at| quick(at).is_none()).map(|at| vec![at]));
    groups
}

/// Most questions in one statement.
const TOGETHER: usize = 32;

/// How many values a question binds that some index serves.
fn quick(schema: &Schema, select: &Select, compares: impl Fn(&Select, &str) -> bool) -> Option<usize> {
    let (By::Values { columns, values } | By::Keys { columns, values }) = &select.by else { return None };
    let leads = |first: &String| columns.contains(first) && compares(select, first);
    let served = schema.table(&select.table)?.indexes.iter().filter_map(|index| index.first()).any(leads);
    let filters = select.filter.iter().map(|(_, values)| values.len()).sum::<usize>();
    (served && !select.lock).then_some(values.len() * columns.len() + filters)
}

/// Which question a row of a shared statement answers: it begins with the question's place.
pub(crate) fn question(row: &Row) -> Option<usize> {
    let Some(Value::Int(at)) = row.first() else { return None };
    usize::try_from(*at).ok()
}

/// The failure for a row that answers none of the questions.
pub(crate) fn nobodys_answer(selects: &[&Select]) -> Failure {
    Failure::Other { detail: format!("{}: the database answers what was not asked", tables(selects)) }
}

/// What a failure of a shared statement is about.
pub(crate) fn tables(selects: &[&Select]) -> String {
    let mut tables: Vec<&str> = selects.iter().map(|s| s.table.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    tables.join(", ")
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

/// `LIKE` patterns of texts that contain one of these, which are compared with text in lower case.
pub(crate) fn containing(needles: &[String]) -> Vec<String> {
    let pattern = |needle: &String| {
        let plain = needle.to_ascii_lowercase();
        format!("%{}%", plain.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
    };
    needles.iter().map(pattern).collect()
}

/// What a column must hold to hold one of these E.164 numbers. A column may lack the country, so its last seven digits
/// decide, which an index can serve; but where it holds more than digits and usual punctuation, an extension may follow.
pub(crate) struct Phones {
    /// The last seven digits: the end of a column in usual notation.
    pub ends: Vec<String>,
    /// `LIKE` patterns of the same, anywhere among the digits of a column in unusual notation.
    pub anywhere: Vec<String>,
    /// `LIKE` patterns of shorter numbers, anywhere among the digits of any column.
    pub short: Vec<String>,
}

/// Digits that decide: short enough to stand in every notation, long enough to be rare.
pub(crate) const TAIL: usize = 7;

/// Punctuation that phone numbers are usually written with, beside digits. Expression indexes are made with it, so it must
/// not change.
pub(crate) const PUNCTUATION: [&str; 7] = [" ", "(", ")", "+", ".", "/", "-"];

/// Sorts out which numbers are looked for how.
pub(crate) fn phones(values: &[String]) -> Phones {
    // After a semicolon stands the extension: with one, a column is in unusual notation.
    let lines = values.iter().map(|v| v.split(';').next().unwrap_or_default());
    let digits = lines.map(|line| line.chars().filter(char::is_ascii_digit).collect::<String>());
    let (mut ends, mut short): (Vec<String>, Vec<String>) =
        digits.filter(|d| !d.is_empty()).partition(|d| d.len() >= TAIL);
    ends.iter_mut().for_each(|d| *d = d.split_off(d.len() - TAIL));
    for list in [&mut ends, &mut short] {
        list.sort();
        list.dedup();
    }
    let pattern = |d: &String| format!("%{d}%");
    let anywhere = ends.iter().map(pattern).collect();
    Phones { anywhere, short: short.iter().map(pattern).collect(), ends }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_keys_travel_in_smaller_pieces() {
        for width in [1, 2, 15, 16, 40, 900, 40_000] {
            let most = chunk(width);
            assert!(most >= 1 && (most == 1 || 2 * width * most.next_power_of_two() <= BOUND), "{width}: {most}");
        }
        assert_eq!((chunk(1), chunk(15), chunk(40)), (CHUNK, CHUNK, 256));
    }

    #[test]
    fn only_what_an_index_serves_shares_a_statement() {
        let table = Table {
            name: "t".into(),
            indexes: vec![vec!["id".into()], vec!["a".into(), "b".into()]],
            ..Table::default()
        };
        let schema = Schema { tables: vec![table] };
        let ask = |column: &str, many: usize| Select {
            table: "t".into(),
            columns: Vec::new(),
            by: By::Values { columns: vec![column.into()], values: vec![vec![Value::Int(1)]; many] },
            filter: Vec::new(),
            lock: false,
        };
        let folded = By::Folded { column: "id".into(), values: Vec::new() };
        let asks = [
            ask("id", 1),
            ask("b", 1),
            ask("a", CHUNK - 1),
            Select { by: folded, ..ask("id", 1) },
            ask("id", 1),
            Select { lock: true, ..ask("id", 1) },
            ask("id", CHUNK + 1),
        ];
        let asks: Vec<&Select> = asks.iter().collect();
        let groups = together(&schema, &asks, |_, _| true);
        assert_eq!(groups, [vec![0, 2], vec![4], vec![1], vec![3], vec![5], vec![6]]);
        let groups = together(&schema, &asks, |_, column| column != "id");
        assert_eq!(groups, [vec![2], vec![0], vec![1], vec![3], vec![4], vec![5], vec![6]]);
    }

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
    fn needles_are_taken_literally() {
        let needles = ["A%b_c\\u0031".to_owned(), String::new()];
        assert_eq!(containing(&needles), ["%a\\%b\\_c\\\\u0031%", "%%"]);
    }

    #[test]
    fn phones_are_found_by_their_end() {
        let found = phones(&["+4790012345".into(), "+4790012345;ext=7".into(), "+112".into(), String::new()]);
        assert_eq!((found.ends, found.anywhere), (vec!["0012345".to_owned()], vec!["%0012345%".to_owned()]));
        assert_eq!(found.short, ["%112%"]);
    }
}
