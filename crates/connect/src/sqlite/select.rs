//! Questions as statements. The lengths of lists are rounded up, so that few texts are prepared, each once.

use engine::ask::{By, Failure, Select};
use engine::schema::{Column, Table};
use engine::value::Value;

use super::value;
use crate::sql::{CHUNK, PUNCTUATION, TAIL, by_nulls, chunk, fold, no_column, phones, quote};

/// A statement and what is bound to it, in order.
pub(super) struct Statement {
    pub sql: String,
    pub values: Vec<Value>,
}

/// The statements that answer a question.
pub(super) fn statements(table: &Table, select: &Select) -> Result<Vec<Statement>, Failure> {
    asked(table, select, None)
}

/// The same, where rows begin with a number that says which question they answer, and all have the same width after it.
pub(super) fn asked(table: &Table, select: &Select, of: Option<(usize, usize)>) -> Result<Vec<Statement>, Failure> {
    let missing = |c: &String| no_column(&table.name, c);
    let columns = select.columns.iter().map(|c| table.column(c).map(|_| quote(c)).ok_or_else(|| missing(c)));
    let mut columns = columns.collect::<Result<Vec<_>, _>>()?;
    if let Some((at, width)) = of {
        columns.resize(width, "NULL".to_owned());
        columns.insert(0, at.to_string());
    }
    let columns = if columns.is_empty() { "NULL".to_owned() } else { columns.join(", ") };
    let head = format!("SELECT {columns} FROM {} WHERE ", quote(&table.name));
    let (filter, bound) = filters(table, select)?;
    let chunks = chosen(table, &select.by)?;
    Ok(chunks
        .into_iter()
        .map(|mut chunk| {
            chunk.values.extend(bound.iter().cloned());
            Statement { sql: format!("{head}{}{filter}", chunk.sql), values: chunk.values }
        })
        .collect())
}

fn chosen(table: &Table, by: &By) -> Result<Vec<Statement>, Failure> {
    let known = |c: &String| table.column(c).map(|_| quote(c)).ok_or_else(|| no_column(&table.name, c));
    match by {
        By::Values { columns, values } => {
            let mut tuples = forms(table, columns, values)?;
            tuples.retain(|tuple| !tuple.contains(&Value::Null));
            Ok(tuples.chunks(chunk(columns.len())).map(|chunk| among(columns, chunk, "")).collect())
        }
        // SQLite lets NULL stand in a declared key.
        By::Keys { columns, values } if *columns == table.key => {
            let tuples = forms(table, columns, values)?;
            Ok(tuples.chunks(chunk(columns.len())).map(|chunk| among(columns, chunk, "")).collect())
        }
        By::Keys { columns, values } => {
            columns.iter().try_for_each(|c| known(c).map(drop))?;
            Ok(values
                .chunks(chunk(columns.len()))
                .map(|chunk| among(columns, chunk, exactly(table, columns)))
                .collect())
        }
        By::Folded { column, values } => {
            let column = known(column)?;
            let (plain, patterns) = fold(values);
            let plain: Vec<_> = plain.into_iter().map(|v| vec![Value::Text(v)]).collect();
            let lower = format!("lower({column})");
            let mut chunks: Vec<_> = plain.chunks(CHUNK).map(|chunk| in_list(&lower, chunk)).collect();
            chunks.extend(patterns.chunks(CHUNK).map(|chunk| like(&lower, chunk)));
            Ok(chunks)
        }
        By::Phone { column, values } => Ok(by_phone(&known(column)?, values)),
        By::Containing { column, needles } => {
            let column = known(column)?;
            Ok(needles.chunks(CHUNK).map(|chunk| contains(&column, chunk)).collect())
        }
    }
}

/// Each tuple in every form in which the columns may hold it.
fn forms(table: &Table, columns: &[String], values: &[Vec<Value>]) -> Result<Vec<Vec<Value>>, Failure> {
    let described = columns.iter().map(|c| table.column(c).ok_or_else(|| no_column(&table.name, c)));
    let described = described.collect::<Result<Vec<_>, _>>()?;
    let one = |tuple: &Vec<Value>| {
        let form = |(c, v): (&&Column, &Value)| if v.is_null() { vec![Value::Null] } else { value::forms(c, v) };
        products(&described.iter().zip(tuple).map(form).collect::<Vec<_>>())
    };
    Ok(values.iter().flat_map(one).collect())
}

/// A text without these marks.
fn without(text: String, marks: &[&str]) -> String {
    marks.iter().fold(text, |t, m| format!("replace({t}, '{m}', '')"))
}

/// The end of a phone number in usual notation.
pub(super) fn phone_end(column: &str) -> String {
    format!("substr({}, -{TAIL})", without(column.to_owned(), &PUNCTUATION))
}

/// Does a column hold more than digits and usual punctuation?
pub(super) fn unusual_phone(column: &str) -> String {
    format!("{column} GLOB '*[^0-9{}]*'", PUNCTUATION.concat())
}

/// The end of the digits is compared by equality, which the same expression as an index serves; columns in unusual notation
/// are few, and a partial index can hold just these.
fn by_phone(column: &str, values: &[String]) -> Vec<Statement> {
    let found = phones(values);
    let plain = without(column.to_owned(), &PUNCTUATION);
    let digits = without(plain, &["\t", "\u{a0}", "\u{202f}", "\u{2009}", "\u{2010}", "\u{2011}", "\u{2013}"]);
    let end = phone_end(column);
    let ends: Vec<_> = found.ends.into_iter().map(|v| vec![Value::Text(v)]).collect();
    let mut chunks: Vec<_> = ends.chunks(CHUNK).map(|chunk| in_list(&end, chunk)).collect();
    let unusual = unusual_phone(column);
    chunks.extend(found.anywhere.chunks(CHUNK).map(|chunk| {
        let Statement { sql, values } = like(&digits, chunk);
        Statement { sql: format!("{unusual} AND {sql}"), values }
    }));
    chunks.extend(found.short.chunks(CHUNK).map(|chunk| like(&digits, chunk)));
    chunks
}

/// `instr` sees what stands behind a zero byte too.
fn contains(column: &str, needles: &[String]) -> Statement {
    let needles: Vec<_> = needles.iter().map(|n| vec![Value::Text(n.to_ascii_lowercase())]).collect();
    let (list, values) = filled("(?)", 1, &needles);
    let text = format!("lower(CAST({column} AS TEXT))");
    Statement { sql: format!("EXISTS (SELECT 1 FROM (VALUES {list}) n WHERE instr({text}, n.column1) > 0)"), values }
}

fn filters(table: &Table, select: &Select) -> Result<(String, Vec<Value>), Failure> {
    let (mut sql, mut bound) = (String::new(), Vec::new());
    for (name, values) in &select.filter {
        let column = table.column(name).ok_or_else(|| no_column(&table.name, name))?;
        let forms: Vec<_> = values.iter().flat_map(|v| value::forms(column, v)).map(|v| vec![v]).collect();
        let list = in_list(&quote(name), &forms);
        let or_null =
            if values.contains(&Value::Null) { format!(" OR {} IS NULL", quote(name)) } else { String::new() };
        sql.push_str(&format!(" AND ({}{or_null})", list.sql));
        bound.extend(list.values);
    }
    Ok((sql, bound))
}

/// Every combination of one form of each column.
fn products(forms: &[Vec<Value>]) -> Vec<Vec<Value>> {
    forms.iter().fold(vec![Vec::new()], |tuples, forms| {
        let longer = |tuple: &Vec<Value>| {
            let tuple = tuple.clone();
            forms.iter().map(move |form| tuple.iter().chain([form]).cloned().collect()).collect::<Vec<_>>()
        };
        tuples.iter().flat_map(longer).collect()
    })
}

/// How keys are compared: those that the schema declares under the collation of their index, any others byte by byte.
pub(super) fn exactly(table: &Table, key: &[String]) -> &'static str {
    if *key == table.key { "" } else { " COLLATE BINARY" }
}

/// "The columns hold one of the tuples", NULL where a tuple has NULL.
pub(super) fn among(columns: &[String], tuples: &[Vec<Value>], collate: &str) -> Statement {
    let mut kinds = by_nulls(tuples, Value::is_null).into_iter().map(|(held, tuples)| {
        let is_null =
            (0..columns.len()).filter(|at| !held.contains(at)).map(|at| format!("{} IS NULL", quote(&columns[at])));
        let compared: Vec<_> = held.iter().map(|at| format!("{}{collate}", quote(&columns[*at]))).collect();
        let mut all: Vec<String> = is_null.collect();
        let values = if held.is_empty() {
            Vec::new()
        } else {
            let same = one_of(&compared, &tuples);
            all.insert(0, same.sql);
            same.values
        };
        Statement { sql: all.join(" AND "), values }
    });
    let first = kinds.next().unwrap_or_else(|| Statement { sql: "FALSE".to_owned(), values: Vec::new() });
    let all = kinds.fold(first, |all, next| Statement {
        sql: format!("{} OR {}", all.sql, next.sql),
        values: all.values.into_iter().chain(next.values).collect(),
    });
    Statement { sql: format!("({})", all.sql), values: all.values }
}

/// The list is filled up with NULL, which equals nothing, to a power of two, so that few statement texts serve all lengths.
fn one_of(compared: &[String], tuples: &[Vec<Value>]) -> Statement {
    if let [column] = compared {
        return in_list(column, tuples);
    }
    let places = format!("({})", vec!["?"; compared.len()].join(", "));
    let (list, values) = filled(&places, compared.len(), tuples);
    Statement { sql: format!("({}) IN (VALUES {list})", compared.join(", ")), values }
}

fn in_list(expression: &str, tuples: &[Vec<Value>]) -> Statement {
    let (list, values) = filled("?", 1, tuples);
    Statement { sql: format!("{expression} IN ({list})"), values }
}

fn filled(place: &str, width: usize, tuples: &[Vec<Value>]) -> (String, Vec<Value>) {
    let length = tuples.len().next_power_of_two();
    let mut values: Vec<Value> = tuples.iter().flatten().cloned().collect();
    values.resize(length * width, Value::Null);
    (vec![place; length].join(", "), values)
}

fn like(expression: &str, patterns: &[String]) -> Statement {
    let patterns: Vec<_> = patterns.iter().map(|p| vec![Value::text(p)]).collect();
    let (list, values) = filled("(?)", 1, &patterns);
    let sql = format!("EXISTS (SELECT 1 FROM (VALUES {list}) p WHERE {expression} LIKE p.column1 ESCAPE '\\')");
    Statement { sql, values }
}
