//! Questions as statements. The lengths of lists are rounded up, so that few texts are prepared, each once.
//!
//! Text is compared twice: under the column's collation, which its index serves and which may hold `zoe` and `Zoe` equal,
//! and byte by byte, which decides.

use engine::ask::{By, Failure, Select};
use engine::schema::Table;
use engine::value::Value;

use super::catalog::Catalog;
use super::types::{Bound, Kind, Type};
use crate::sql::{CHUNK, PUNCTUATION, Phones, TAIL, by_nulls, chunk, containing, fold, phones, table};

/// A statement and what is bound to it, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Statement {
    pub sql: String,
    pub values: Vec<Bound>,
}

impl Statement {
    /// Both, one after the other.
    pub fn then(mut self, more: Statement) -> Statement {
        self.sql.push_str(&more.sql);
        self.values.extend(more.values);
        self
    }

    /// A text that binds nothing.
    pub fn text(sql: impl Into<String>) -> Statement {
        Statement { sql: sql.into(), values: Vec::new() }
    }
}

/// An identifier in backticks, which mean the same in every mode of the server.
pub(super) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The statements that answer a question, and the types of the columns of each row.
pub(super) fn statements(catalog: &Catalog, select: &Select) -> Result<(Vec<Statement>, Vec<Type>), Failure> {
    let described = table(&catalog.schema, &select.table)?;
    let types = select.columns.iter().map(|c| catalog.column(&select.table, c).cloned());
    let types = types.collect::<Result<Vec<_>, _>>()?;
    let read: Vec<_> = select.columns.iter().zip(&types).map(|(c, t)| t.read(&quote(c))).collect();
    let read = if read.is_empty() { "NULL".to_owned() } else { read.join(", ") };
    let hint = if by_key(described, &select.by) { KEYED } else { "" };
    let head = Statement::text(format!("SELECT {read} FROM {}{hint} WHERE ", quote(&select.table)));
    let mut tail = filter(catalog, select)?;
    if select.lock {
        tail.sql.push_str(" FOR UPDATE");
    }
    let chosen = chosen(catalog, described, &select.by)?;
    Ok((chosen.into_iter().map(|c| head.clone().then(c).then(tail.clone())).collect(), types))
}

/// A pass over a small table would wait for locks on rows that nobody asked for.
pub(super) const KEYED: &str = " FORCE INDEX (PRIMARY)";

fn by_key(table: &Table, by: &By) -> bool {
    matches!(by, By::Values { columns, .. } | By::Keys { columns, .. } if *columns == table.key)
}

fn chosen(catalog: &Catalog, described: &Table, by: &By) -> Result<Vec<Statement>, Failure> {
    match by {
        By::Values { columns, values } => {
            let mut keys = Keys::of(catalog, &described.name, columns, values)?;
            // What a foreign key joins, the collation decides; whoever asks for that must see all of it.
            keys.exact &= !described.foreign_keys.iter().any(|k| k.columns == *columns);
            keys.tuples.retain(|tuple| !tuple.contains(&Bound::Null));
            Ok(keys.chunks(catalog.packet).map(|chunk| keys.among(chunk)).collect())
        }
        By::Keys { columns, values } => {
            let keys = Keys::of(catalog, &described.name, columns, values)?;
            Ok(keys.chunks(catalog.packet).map(|chunk| keys.among(chunk)).collect())
        }
        By::Folded { column, values } => {
            let of = catalog.column(&described.name, column)?;
            Ok(by_fold(of, &quote(column), values))
        }
        By::Phone { column, values } => {
            catalog.column(&described.name, column)?;
            Ok(by_phone(&quote(column), phones(values)))
        }
        By::Containing { column, needles } => {
            catalog.column(&described.name, column)?;
            // Of any character set, plain ASCII stays as it is; bytes that are no text are no error.
            let text = format!("LOWER(CONVERT({} USING latin1)) COLLATE latin1_bin", quote(column));
            Ok(containing(needles).chunks(CHUNK).map(|chunk| like(&text, chunk)).collect())
        }
    }
}

/// Does the column's collation hold plain text in any letter case equal?
pub(super) fn folds_case(of: &Type) -> bool {
    matches!(&of.kind, Kind::Text { collation, .. } if collation.ends_with("_ci") && !collation.contains("turkish"))
}

/// A collation that folds letter case finds plain values through the column's own index; of others, the column is folded.
/// Turkish folds `I` to another letter.
fn by_fold(of: &Type, column: &str, values: &[String]) -> Vec<Statement> {
    let (plain, patterns) = fold(values);
    let lower = format!("LOWER(CONVERT({column} USING utf8mb4))");
    let (expression, place) = match folds_case(of) {
        true => (column.to_owned(), of.place()),
        false => (lower.clone(), "? COLLATE utf8mb4_general_ci".to_owned()),
    };
    let texts = |chunk: &[String]| chunk.iter().cloned().map(Bound::Text).collect::<Vec<_>>();
    let mut found: Vec<_> = plain.chunks(CHUNK).map(|chunk| in_list(&expression, &place, texts(chunk))).collect();
    found.extend(patterns.chunks(CHUNK).map(|chunk| like(&lower, chunk)));
    found
}

/// There is no index on an expression, so numbers cost a pass over the table.
fn by_phone(column: &str, phones: Phones) -> Vec<Statement> {
    let Phones { ends, anywhere, short } = phones;
    let digits = format!("REGEXP_REPLACE({column}, '[^0-9]', '')");
    let unusual = format!("{column} REGEXP '[^0-9{}]'", PUNCTUATION.concat());
    let both = ends.chunks(CHUNK).zip(anywhere.chunks(CHUNK)).map(|(ends, anywhere)| {
        let ends = ends.iter().cloned().map(Bound::Text).collect();
        Statement::text("(")
            .then(in_list(&format!("RIGHT({digits}, {TAIL})"), "?", ends))
            .then(Statement::text(format!(" OR ({unusual} AND ")))
            .then(like(&digits, anywhere))
            .then(Statement::text("))"))
    });
    both.chain(short.chunks(CHUNK).map(|chunk| like(&digits, chunk))).collect()
}

fn like(expression: &str, patterns: &[String]) -> Statement {
    let values = padded(patterns.iter().cloned().map(Bound::Text).collect(), Bound::weight);
    let one = format!("{expression} LIKE ? ESCAPE '\\'");
    Statement { sql: format!("({})", vec![one; values.len()].join(" OR ")), values }
}

fn filter(catalog: &Catalog, select: &Select) -> Result<Statement, Failure> {
    let mut all = Statement::default();
    for (name, values) in &select.filter {
        let of = catalog.column(&select.table, name)?;
        let wanted: Vec<_> = values.iter().filter_map(|v| of.wanted(v)).collect();
        let column = quote(name);
        let null = values.contains(&Value::Null);
        let same = if of.is_loose() {
            let bytes = wanted.into_iter().map(bytes).collect();
            in_list(&of.exact(&column), "?", bytes)
        } else {
            in_list(&of.compared(&column), &of.place(), wanted)
        };
        let or_null = if null { format!(" OR {column} IS NULL)") } else { ")".to_owned() };
        all = all.then(Statement::text(" AND (")).then(same).then(Statement::text(or_null));
    }
    Ok(all)
}

fn in_list(expression: &str, place: &str, values: Vec<Bound>) -> Statement {
    if values.is_empty() {
        return Statement::text("FALSE");
    }
    let values = padded(values, Bound::weight);
    Statement { sql: format!("{expression} IN ({})", vec![place; values.len()].join(", ")), values }
}

/// Filled up to a power of two with what stands there anyway, and takes least room.
fn padded<T: Clone>(mut values: Vec<T>, weight: impl Fn(&T) -> usize) -> Vec<T> {
    if let Some(lightest) = values.iter().min_by_key(|value| weight(value)).cloned() {
        values.resize(values.len().next_power_of_two(), lightest);
    }
    values
}

fn bytes(bound: Bound) -> Bound {
    match bound {
        Bound::Text(text) => Bound::Bytes(text.into_bytes()),
        other => other,
    }
}

/// Splits a list so that each piece has at most a thousand entries and fits into a statement with room to spare: values are
/// sent twice and lists are filled up.
pub(super) fn pieces<T>(list: &[T], packet: usize, weight: impl Fn(&T) -> usize) -> impl Iterator<Item = &[T]> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let mut room = packet / 8;
        let fits = |one: &&T| {
            let left = room.checked_sub(weight(one));
            room = left.unwrap_or_default();
            left.is_some()
        };
        let count = rest.iter().take(CHUNK).take_while(fits).count().max(1);
        let (piece, more) = rest.split_at_checked(count)?;
        rest = more;
        Some(piece)
    })
}

/// Key tuples in the form of their columns; those that cannot be there are left out, and NULL stays NULL.
pub(super) struct Keys<'a> {
    pub columns: &'a [String],
    pub types: Vec<Type>,
    pub tuples: Vec<Vec<Bound>>,
    /// Text must be the same, byte by byte.
    pub exact: bool,
}

impl<'a> Keys<'a> {
    pub fn of(catalog: &Catalog, table: &str, columns: &'a [String], values: &[Vec<Value>]) -> Result<Self, Failure> {
        let types = columns.iter().map(|c| catalog.column(table, c).cloned()).collect::<Result<Vec<_>, _>>()?;
        let one = |(of, v): (&Type, &Value)| if v.is_null() { Some(Bound::Null) } else { of.wanted(v) };
        let bound = |tuple: &Vec<Value>| types.iter().zip(tuple).map(one).collect::<Option<Vec<_>>>();
        let mut tuples: Vec<_> = values.iter().filter_map(bound).collect();
        tuples.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        tuples.dedup();
        Ok(Keys { columns, types, tuples, exact: true })
    }

    /// The tuples in pieces, one for each statement.
    pub fn chunks(&self, packet: usize) -> impl Iterator<Item = &[Vec<Bound>]> {
        let whole = pieces(&self.tuples, packet, |tuple| tuple.iter().map(Bound::weight).sum());
        whole.flat_map(|piece| piece.chunks(chunk(self.columns.len())))
    }

    /// "The columns hold one of the tuples", NULL where a tuple has NULL.
    pub fn among(&self, tuples: &[Vec<Bound>]) -> Statement {
        let mut all = Statement::default();
        for (held, tuples) in by_nulls(tuples, |bound| *bound == Bound::Null) {
            let or = if all.sql.is_empty() { "(" } else { " OR " };
            all = all.then(Statement::text(or)).then(self.same(&held, &tuples));
        }
        if all.sql.is_empty() { Statement::text("FALSE") } else { all.then(Statement::text(")")) }
    }

    /// The same, of tuples that have values in the columns of these places, and NULL in the others.
    fn same(&self, held: &[usize], tuples: &[Vec<Bound>]) -> Statement {
        let nulls = (0..self.columns.len()).filter(|at| !held.contains(at));
        let is_null: Vec<_> = nulls.map(|at| format!("{} IS NULL", quote(&self.columns[at]))).collect();
        if held.is_empty() {
            return Statement::text(is_null.join(" AND "));
        }
        let columns = || held.iter().map(|at| (&self.columns[*at], &self.types[*at]));
        let compared: Vec<_> = columns().map(|(c, t)| t.compared(&quote(c))).collect();
        let places: Vec<_> = columns().map(|(_, t)| t.place()).collect();
        let mut found = self.list(&compared, &places, tuples);
        if self.exact && columns().any(|(_, t)| t.is_loose()) {
            let exact =
                |(c, t): (&String, &Type)| if t.is_loose() { t.exact(&quote(c)) } else { t.compared(&quote(c)) };
            let place = |(_, t): (&String, &Type)| if t.is_loose() { "?".to_owned() } else { t.place() };
            let same =
                |(b, (_, t)): (&Bound, (&String, &Type))| if t.is_loose() { bytes(b.clone()) } else { b.clone() };
            let tuples: Vec<Vec<_>> =
                tuples.iter().map(|tuple| tuple.iter().zip(columns()).map(same).collect()).collect();
            let (exact, places): (Vec<_>, Vec<_>) = (columns().map(exact).collect(), columns().map(place).collect());
            found = found.then(Statement::text(" AND ")).then(self.list(&exact, &places, &tuples));
        }
        let is_null = is_null.iter().map(|is_null| format!(" AND {is_null}")).collect::<String>();
        found.then(Statement::text(is_null))
    }

    fn list(&self, columns: &[String], places: &[String], tuples: &[Vec<Bound>]) -> Statement {
        let (mut left, mut place) = (columns.join(", "), places.join(", "));
        if columns.len() > 1 {
            (left, place) = (format!("({left})"), format!("({place})"));
        }
        let tuples = padded(tuples.to_vec(), |tuple| tuple.iter().map(Bound::weight).sum());
        let sql = format!("{left} IN ({})", vec![place; tuples.len()].join(", "));
        Statement { sql, values: tuples.into_iter().flatten().collect() }
    }
}
