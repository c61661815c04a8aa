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
use crate::sql::{question, quote, tables, together};

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

/// The rows of each question, with its place.
pub(super) async fn stream(session: &mut PgSession, selects: &[&Select], each: &mut EachOf<'_>) -> Result<(), Failure> {
    let catalog = session.catalog.clone();
    let mut flow = ControlFlow::Continue(());
    for group in together(&catalog.schema, selects) {
        match group[..] {
            _ if flow.is_break() => break,
            [at] => {
                let mut of = |row| {
                    flow = each(at, row);
                    flow
                };
                session.ask(selects[at], &mut of).await?;
            }
            _ => {
                let asked: Vec<&Select> = group.iter().map(|at| selects[*at]).collect();
                let Union { statement, types, places } = union(&catalog, &session.shared.options.schema, &asked)?;
                let mut of = |mut row: Row| {
                    if let Some(of) = question(&row, asked.len()) {
                        let own = places[of].iter().map(|place| std::mem::replace(&mut row[*place], Value::Null));
                        flow = each(group[of], own.collect());
                    }
                    flow
                };
                session.whole(statement, &types, &tables(&asked), &mut of).await?;
            }
        }
    }
    Ok(())
}

fn union(catalog: &Catalog, schema: &str, selects: &[&Select]) -> Result<Union, Failure> {
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
    Ok(Union { statement: whole, types, places })
}

/// What a question reads, in the slots of the union's rows after the first, and where each of its columns is.
fn placed(slots: &[&str], columns: &[(&str, String)]) -> (String, Vec<usize>) {
    let mut list: Vec<String> = slots.iter().map(|travels| format!("null::{travels}")).collect();
    let mut places = Vec::new();
    for (travels, expression) in columns {
        let free = |at: &usize| slots[*at] == *travels && !places.contains(&(at + 1));
        let at = (0..slots.len()).find(free).unwrap_or_default();
        list[at].clone_from(expression);
        places.push(at + 1);
    }
    (list.iter().map(|e| format!(", {e}")).collect(), places)
}

/// Which rows, with parameters numbered after `before` others. Only questions by values or keys travel together.
fn chosen(catalog: &Catalog, select: &Select, before: usize) -> Result<Statement, Failure> {
    let keys = match &select.by {
        By::Values { columns, values } => Keys::joined(catalog, &select.table, columns, values)?,
        By::Keys { columns, values } => Keys::of(catalog, &select.table, columns, values)?,
        _ => return Err(Failure::Refused { reason: format!("{}: not a question by values", select.table) }),
    };
    let mut chosen = keys.among(&keys.tuples, before);
    filter(catalog, select, &mut chosen, before)?;
    Ok(chosen)
}
