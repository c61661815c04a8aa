//! Questions as statements. The text of a statement depends on table and columns alone, so that it is prepared once.

use engine::ask::{By, Failure, Select};
use engine::value::Value;

use super::catalog::Catalog;
use super::types::{Bound, Type};
use crate::sql::{CHUNK, PUNCTUATION, Phones, TAIL, by_nulls, containing, fold, phones, quote, table};

/// Something bound to a statement.
#[derive(Clone, Debug)]
pub(super) enum Parameter {
    Text(Option<String>),
    Blob(Option<Vec<u8>>),
    Texts(Vec<Option<String>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

/// A statement and what is bound to it.
pub(super) struct Statement {
    pub sql: String,
    pub parameters: Vec<Parameter>,
}

/// One bound value. NULL too has the type of its column, for a statement is prepared once for all values.
pub(super) fn single(of: &Type, value: Option<Bound>) -> Parameter {
    match array(of, std::iter::once(value)) {
        Parameter::Blobs(mut blobs) => Parameter::Blob(blobs.pop().flatten()),
        Parameter::Texts(mut texts) => Parameter::Text(texts.pop().flatten()),
        one => one,
    }
}

/// One column of bound values, as the array it travels in.
pub(super) fn array(of: &Type, values: impl Iterator<Item = Option<Bound>>) -> Parameter {
    if of.carrier() == "bytea" {
        let bytes = |b| if let Bound::Bytes(b) = b { Some(b) } else { None };
        return Parameter::Blobs(values.map(|v| v.and_then(bytes)).collect());
    }
    let text = |b| if let Bound::Text(t) = b { Some(t) } else { None };
    Parameter::Texts(values.map(|v| v.and_then(text)).collect())
}

/// The statements that answer a question, and the types of the columns of each row.
pub(super) fn statements(
    catalog: &Catalog,
    schema: &str,
    select: &Select,
) -> Result<(Vec<Statement>, Vec<Type>), Failure> {
    let described = table(&catalog.schema, &select.table)?;
    let types = select.columns.iter().map(|c| catalog.column(&select.table, c).cloned());
    let types = types.collect::<Result<Vec<_>, _>>()?;
    let read: Vec<_> = select.columns.iter().zip(&types).map(|(c, t)| t.read(&column(c))).collect();
    let head = format!("select {} from {}.{} t where ", read.join(", "), quote(schema), quote(&select.table));
    let mut tail = String::new();
    if select.lock {
        // Always in the same order, so that two of us cannot wait for each other.
        let key: Vec<_> = described.key.iter().map(|c| column(c)).collect();
        let order =
            if key.is_empty() { " order by t.ctid".to_owned() } else { format!(" order by {}", key.join(", ")) };
        tail = format!("{order} for update of t");
    }
    let mut statements = chosen(catalog, &select.table, &select.by)?;
    for statement in &mut statements {
        filter(catalog, select, statement, 0)?;
        statement.sql = format!("{head}{}{tail}", statement.sql);
    }
    Ok((statements, types))
}

pub(super) fn column(name: &str) -> String {
    format!("t.{}", quote(name))
}

fn chosen(catalog: &Catalog, table: &str, by: &By) -> Result<Vec<Statement>, Failure> {
    match by {
        By::Values { columns, values } => {
            let keys = Keys::joined(catalog, table, columns, values)?;
            Ok(keys.tuples.chunks(CHUNK).map(|chunk| keys.among(chunk, 0)).collect())
        }
        By::Keys { columns, values } => {
            let keys = Keys::of(catalog, table, columns, values)?;
            Ok(keys.tuples.chunks(CHUNK).map(|chunk| keys.among(chunk, 0)).collect())
        }
        By::Folded { column: name, values } => {
            catalog.column(table, name)?;
            let (plain, patterns) = fold(values);
            let lower = format!("lower({}::text)", column(name));
            let mut statements = any(&format!("{lower} = any ($1::text[])"), &plain);
            statements.extend(any(&format!("{lower} like any ($1::text[])"), &patterns));
            Ok(statements)
        }
        By::Phone { column: name, values } => {
            catalog.column(table, name)?;
            Ok(by_phone(&column(name), phones(values)))
        }
        By::Containing { column: name, needles } => {
            let text = catalog.column(table, name)?.text(&column(name));
            Ok(any(&format!("lower({text} collate \"C\") like any ($1::text[])"), &containing(needles)))
        }
    }
}

/// The digits of a phone number.
pub(super) fn phone_digits(column: &str) -> String {
    format!("regexp_replace({column}::text, '[^0-9]', '', 'g')")
}

/// Does a column hold more than digits and usual punctuation?
pub(super) fn unusual_phone(column: &str) -> String {
    format!("{column}::text ~ '[^0-9{}]'", PUNCTUATION.concat())
}

/// The end of the digits is compared by equality, which `right(regexp_replace(c, '[^0-9]', '', 'g'), 7)` as an index serves;
/// columns in unusual notation are few, and a partial index can hold just these.
fn by_phone(column: &str, phones: Phones) -> Vec<Statement> {
    let Phones { ends, anywhere, short } = phones;
    let (digits, unusual) = (phone_digits(column), unusual_phone(column));
    let sql = format!("(right({digits}, {TAIL}) = any ($1::text[]) or ({unusual} and {digits} like any ($2::text[])))");
    let texts = |c: &[String]| Parameter::Texts(c.iter().cloned().map(Some).collect());
    let both = ends.chunks(CHUNK).zip(anywhere.chunks(CHUNK));
    let both = both.map(|(e, a)| Statement { sql: sql.clone(), parameters: vec![texts(e), texts(a)] });
    both.chain(any(&format!("{digits} like any ($1::text[])"), &short)).collect()
}

fn any(sql: &str, values: &[String]) -> Vec<Statement> {
    let storable: Vec<_> = values.iter().filter(|v| !v.contains('\0')).cloned().map(Some).collect();
    let chunk =
        |c: &[Option<String>]| Statement { sql: sql.to_owned(), parameters: vec![Parameter::Texts(c.to_vec())] };
    storable.chunks(CHUNK).map(chunk).collect()
}

/// Narrows a statement whose parameters are numbered after `before` others.
pub(super) fn filter(
    catalog: &Catalog,
    select: &Select,
    statement: &mut Statement,
    before: usize,
) -> Result<(), Failure> {
    for (name, values) in &select.filter {
        let of = catalog.column(&select.table, name)?.against(values.iter());
        let wanted = values.iter().filter_map(|v| of.wanted(v)).map(Some);
        statement.parameters.push(array(&of, wanted));
        let equal = format!("{} = any ({})", of.compared(&column(name)), of.array(before + statement.parameters.len()));
        let or_null =
            if values.contains(&Value::Null) { format!(" or {} is null", column(name)) } else { String::new() };
        statement.sql.push_str(&format!(" and ({equal}{or_null})"));
    }
    Ok(())
}

/// Key tuples in the form of their columns; those that cannot be there are left out, and NULL stays NULL.
pub(super) struct Keys<'a> {
    pub columns: &'a [String],
    pub types: Vec<Type>,
    pub tuples: Vec<Vec<Option<Bound>>>,
}

impl<'a> Keys<'a> {
    pub fn of(catalog: &Catalog, table: &str, columns: &'a [String], values: &[Vec<Value>]) -> Result<Self, Failure> {
        let types = key_types(catalog, table, columns, values.iter().map(Vec::as_slice))?;
        Ok(Keys::typed(types, columns, values))
    }

    /// Of values as another table has them: compared as the database does, by whatever index there is; NULL equals none.
    pub fn joined(
        catalog: &Catalog,
        table: &str,
        columns: &'a [String],
        values: &[Vec<Value>],
    ) -> Result<Self, Failure> {
        let types = own_types(catalog, table, columns, values.iter().map(Vec::as_slice))?;
        let mut keys = Keys::typed(types, columns, values);
        keys.tuples.retain(|tuple| tuple.iter().all(Option::is_some));
        Ok(keys)
    }

    fn typed(types: Vec<Type>, columns: &'a [String], values: &[Vec<Value>]) -> Self {
        let bound = |tuple: &Vec<Value>| types.iter().zip(tuple).map(|(t, v)| bound(t, v)).collect::<Option<Vec<_>>>();
        let mut tuples: Vec<_> = values.iter().filter_map(bound).collect();
        tuples.sort();
        tuples.dedup();
        Keys { columns, types, tuples }
    }

    /// "The columns hold one of the tuples", NULL where a tuple has NULL, with the parameters numbered after `before` others.
    pub fn among(&self, tuples: &[Vec<Option<Bound>>], before: usize) -> Statement {
        let (mut kinds, mut parameters) = (Vec::new(), Vec::new());
        for (held, tuples) in by_nulls(tuples, Option::is_none) {
            let nulls = (0..self.columns.len()).filter(|at| !held.contains(at));
            let is_null = nulls.map(|at| format!("{} is null", column(&self.columns[at])));
            let first = before + parameters.len();
            let same = (!held.is_empty()).then(|| self.same(&held, first));
            kinds.push(same.into_iter().chain(is_null).collect::<Vec<_>>().join(" and "));
            let values = |(i, at): (usize, &usize)| array(&self.types[*at], tuples.iter().map(|t| t[i].clone()));
            parameters.extend(held.iter().enumerate().map(values));
        }
        let sql = if kinds.is_empty() { "false".to_owned() } else { format!("({})", kinds.join(" or ")) };
        Statement { sql, parameters }
    }

    fn same(&self, held: &[usize], before: usize) -> String {
        let compared: Vec<_> = held.iter().map(|at| self.types[*at].compared(&column(&self.columns[*at]))).collect();
        let arrays: Vec<_> = held.iter().enumerate().map(|(i, at)| self.types[*at].array(before + i + 1)).collect();
        let same = |compared: &[String]| match compared {
            [one] => format!("{one} = any ({})", arrays[0]),
            several => format!("({}) in (select * from unnest({}))", several.join(", "), arrays.join(", ")),
        };
        let again: Vec<_> = held.iter().map(|at| self.types[*at].again(&column(&self.columns[*at]))).collect();
        if again.iter().all(Option::is_none) {
            return same(&compared);
        }
        let exact: Vec<_> = again.into_iter().zip(&compared).map(|(a, c)| a.unwrap_or_else(|| c.clone())).collect();
        format!("{} and {}", same(&compared), same(&exact))
    }
}

/// How key columns are compared with these keys: those that the schema declares by their index, any others character by
/// character.
pub(super) fn key_types<'v>(
    catalog: &Catalog,
    table: &str,
    columns: &[String],
    keys: impl Iterator<Item = &'v [Value]> + Clone,
) -> Result<Vec<Type>, Failure> {
    let declared = catalog.schema.table(table).is_some_and(|t| t.key == *columns);
    let own = own_types(catalog, table, columns, keys)?;
    Ok(if declared { own } else { own.into_iter().map(Type::exactly).collect() })
}

/// How columns are compared with these values, by the database's own rules.
fn own_types<'v>(
    catalog: &Catalog,
    table: &str,
    columns: &[String],
    values: impl Iterator<Item = &'v [Value]> + Clone,
) -> Result<Vec<Type>, Failure> {
    let of = |(i, name): (usize, &String)| {
        Ok(catalog.column(table, name)?.against(values.clone().filter_map(|tuple| tuple.get(i))))
    };
    columns.iter().enumerate().map(of).collect()
}

/// A value of a key as it could stand in the column, or NULL; `None` where it cannot stand there.
pub(super) fn bound(of: &Type, value: &Value) -> Option<Option<Bound>> {
    if value.is_null() { Some(None) } else { of.wanted(value).map(Some) }
}
