//! Several questions in one statement: a union whose rows say which question they answer.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::ask::{By, Failure, Row, Select};
use engine::value::Value;

use super::catalog::Catalog;
use super::select::{Keys, Statement, column, filter};
use super::session::PgSession;
use super::types::Type;
use crate::connector::EachOf;
use crate::sql::{nobodys_answer, question, quote, tables, together};

/// A union's columns have one type each. These are all in which values travel.
const TRAVELS: [&str; 5] = ["bool", "int8", "float8", "bytea", "text"];

/// A statement for several questions.
struct Union {
    statement: Statement,
    /// Types of the columns of its rows; the first says which question a row answers.
    types: Vec<Type>,
    /// Where in a row each column of each question is.
    places: Vec<Vec<usize>>,
}

/// Most columns of a statement's rows.
const COLUMNS: usize = 1_600;

/// The rows of each question, with its place.
pub(super) async fn stream(session: &mut PgSession, selects: &[&Select], each: &mut EachOf<'_>) -> Result<(), Failure> {
    let catalog = session.catalog.clone();
    let mut flow = ControlFlow::Continue(());
    for group in together(&catalog.schema, selects, |select, column| compares(&catalog, select, column)) {
        let asked: Vec<&Select> = group.iter().map(|at| selects[*at]).collect();
        let union = if asked.len() > 1 { union(&catalog, &session.shared.options.schema, &asked)? } else { None };
        if let Some(union) = union {
            let mut pass = |nth: usize, row| {
                flow = each(group[nth], row);
                flow
            };
            united(session, union, &asked, &mut pass).await?;
        } else {
            for at in group {
                let mut pass = |row| {
                    flow = each(at, row);
                    flow
                };
                session.ask(selects[at], &mut pass).await?;
                if flow.is_break() {
                    break;
                }
            }
        }
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

async fn united(
    session: &mut PgSession,
    union: Union,
    asked: &[&Select],
    each: &mut EachOf<'_>,
) -> Result<(), Failure> {
    let Union { statement, types, places } = union;
    let mut lost = false;
    let mut pass = |mut row: Row| match question(&row).and_then(|nth| Some((nth, places.get(nth)?))) {
        Some((nth, places)) => {
            each(nth, places.iter().map(|place| std::mem::replace(&mut row[*place], Value::Null)).collect())
        }
        None => {
            lost = true;
            ControlFlow::Break(())
        }
    };
    session.whole(statement, &types, &tables(asked), &mut pass).await?;
    if lost { Err(nobodys_answer(asked)) } else { Ok(()) }
}

/// Is the column compared as it stands, so that its index serves?
fn compares(catalog: &Catalog, select: &Select, name: &str) -> bool {
    let keys = keys(catalog, select);
    let of = keys.iter().flat_map(|keys| keys.columns.iter().zip(&keys.types)).find(|(column, _)| *column == name);
    of.is_some_and(|(_, of)| of.compared(&column(name)) == column(name))
}

/// `None` where a row would have too many columns.
fn union(catalog: &Catalog, schema: &str, selects: &[&Select]) -> Result<Option<Union>, Failure> {
    let mut widths: BTreeMap<&str, usize> = BTreeMap::new();
    let mut read: Vec<Vec<(&str, String)>> = Vec::new();
    for select in selects {
        let expression = |c: &String| catalog.column(&select.table, c).map(|t| (t.read_as(), t.read(&column(c))));
        let columns = select.columns.iter().map(expression).collect::<Result<Vec<_>, _>>()?;
        for travels in TRAVELS {
            let width = columns.iter().filter(|(t, _)| *t == travels).count();
            let widest = widths.entry(travels).or_default();
            *widest = width.max(*widest);
        }
        read.push(columns);
    }
    let slots: Vec<&str> = TRAVELS.iter().flat_map(|t| vec![*t; widths[t]]).collect();
    if slots.len() >= COLUMNS {
        return Ok(None);
    }
    let mut whole = Statement { sql: String::new(), parameters: Vec::new() };
    let mut places = Vec::new();
    for (at, (select, columns)) in selects.iter().zip(read).enumerate() {
        let (list, held) = placed(&slots, &columns);
        let union = if at == 0 { "" } else { " union all " };
        let chosen = chosen(catalog, select, whole.parameters.len())?;
        let from = format!("from {}.{} t where {}", quote(schema), quote(&select.table), chosen.sql);
        whole.sql.push_str(&format!("{union}select {at}::int8{list} {from}"));
        whole.parameters.extend(chosen.parameters);
        places.push(held);
    }
    let types = std::iter::once("int8").chain(slots).map(Type::builtin).collect();
    Ok(Some(Union { statement: whole, types, places }))
}

/// What a question reads, in the slots of the union's rows after the first, and where each of its columns is. There are as
/// many slots of each type as any question has columns of it.
fn placed(slots: &[&str], columns: &[(&str, String)]) -> (String, Vec<usize>) {
    let mut free: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, travels) in slots.iter().enumerate().rev() {
        free.entry(travels).or_default().push(at);
    }
    let mut list: Vec<String> = slots.iter().map(|travels| format!("null::{travels}")).collect();
    let mut places = Vec::new();
    for (travels, expression) in columns {
        if let Some(at) = free.get_mut(travels).and_then(Vec::pop) {
            list[at].clone_from(expression);
            places.push(at + 1);
        }
    }
    (list.iter().map(|e| format!(", {e}")).collect(), places)
}

/// Which rows, with parameters numbered after `before` others. Only questions by values or keys share a statement.
fn chosen(catalog: &Catalog, select: &Select, before: usize) -> Result<Statement, Failure> {
    let keys = keys(catalog, select)?;
    let mut chosen = keys.among(&keys.tuples, before);
    filter(catalog, select, &mut chosen, before)?;
    Ok(chosen)
}

fn keys<'a>(catalog: &Catalog, select: &'a Select) -> Result<Keys<'a>, Failure> {
    match &select.by {
        By::Values { columns, values } => Keys::joined(catalog, &select.table, columns, values),
        By::Keys { columns, values } => Keys::of(catalog, &select.table, columns, values),
        _ => Err(Failure::Refused { reason: format!("{}: not a question by values", select.table) }),
    }
}
