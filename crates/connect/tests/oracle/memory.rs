//! A system in memory: answers and changes as a database would, without SQL, and stricter. A foreign key that no longer
//! leads anywhere is a failure whatever its ON DELETE says: the plan must never leave a row to the database.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use connect::{Answer, Connector, Each, EachPiece, Outcome, Session, Transaction};
use engine::ask::{By, Change, Changed, Failure, Row, Select};
use engine::matching::folded;
use engine::schema::{Schema, Table};
use engine::value::Value;

/// Rows by table.
pub type Tables = BTreeMap<String, Vec<Row>>;

/// The system; clones share their rows.
#[derive(Clone)]
pub struct Memory {
    schema: Arc<Schema>,
    tables: Arc<Mutex<Arc<Tables>>>,
}

impl Memory {
    pub fn new(schema: Schema, tables: Tables) -> Self {
        Memory { schema: Arc::new(schema), tables: Arc::new(Mutex::new(Arc::new(tables))) }
    }

    pub fn tables(&self) -> Arc<Tables> {
        self.tables.lock().unwrap().clone()
    }

    fn open(&self) -> Open {
        Open { system: self.clone(), tables: self.tables() }
    }
}

impl Connector for Memory {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async { Ok((*self.schema).clone()) })
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        Box::pin(async { Ok(Box::new(self.open()) as Box<dyn Session>) })
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        Box::pin(async { Ok(Box::new(self.open()) as Box<dyn Transaction>) })
    }

    fn resolve<'a>(&'a self, _: &'a str) -> Answer<'a, Outcome> {
        Box::pin(async { Ok(Outcome::Unknown) })
    }

    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        let all = self.tables();
        Box::pin(async move { Ok(tables.iter().map(|t| all.get(t).map_or(0, |rows| rows.len() as u64)).collect()) })
    }
}

struct Open {
    system: Memory,
    tables: Arc<Tables>,
}

impl Session for Open {
    /// A file holds its own path.
    fn content<'a>(&'a mut self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let is_at = |row: &Row| row[0].join_text().is_some_and(|p| p == path);
            if !self.tables.values().flatten().any(is_at) {
                return Err(Failure::Missing { object: "the file".to_owned() });
            }
            let _ = each(path.as_bytes());
            Ok(())
        })
    }

    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let table = self.system.table(&select.table)?;
            let columns = positions(table, &select.columns)?;
            let chosen = Chosen::of(table, &select.by)?;
            let filter: Vec<(usize, HashSet<Option<String>>)> = select
                .filter
                .iter()
                .map(|(c, values)| Ok((position(table, c)?, values.iter().map(joined).collect())))
                .collect::<Result<_, Failure>>()?;
            for row in self.tables.get(&select.table).into_iter().flatten() {
                let fits = chosen.holds(row) && filter.iter().all(|(c, values)| values.contains(&joined(&row[*c])));
                if fits && each(columns.iter().map(|&c| row[c].clone()).collect()) == ControlFlow::Break(()) {
                    break;
                }
            }
            Ok(())
        })
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Transaction for Open {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(async move {
            let schema = self.system.schema.clone();
            let table = self.system.table(change.table())?;
            let tables = Arc::make_mut(&mut self.tables);
            let changed = apply(table, tables.entry(table.name.clone()).or_default(), change)?;
            intact(&schema, tables)?;
            Ok(changed)
        })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async move {
            *self.system.tables.lock().unwrap() = self.tables;
            Ok(())
        })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Memory {
    fn table(&self, name: &str) -> Result<&Table, Failure> {
        self.schema.table(name).ok_or_else(|| Failure::Missing { object: name.to_owned() })
    }
}

fn position(table: &Table, column: &str) -> Result<usize, Failure> {
    let found = table.columns.iter().position(|c| c.name == column);
    found.ok_or_else(|| Failure::Missing { object: format!("{}.{column}", table.name) })
}

fn positions(table: &Table, columns: &[String]) -> Result<Vec<usize>, Failure> {
    columns.iter().map(|c| position(table, c)).collect()
}

fn joined(value: &Value) -> Option<String> {
    value.join_text().map(|t| t.into_owned())
}

/// The rows that a question is about. For phone numbers, a superset.
enum Chosen {
    Values(Vec<usize>, HashSet<Vec<String>>),
    Keys(Vec<usize>, HashSet<Vec<Value>>),
    Folded(usize, HashSet<String>),
    Digits(usize),
    Containing(usize, Vec<String>),
}

impl Chosen {
    fn of(table: &Table, by: &By) -> Result<Chosen, Failure> {
        Ok(match by {
            By::Values { columns, values } => {
                let values = values.iter().filter_map(|v| v.iter().map(joined).collect());
                Chosen::Values(positions(table, columns)?, values.collect())
            }
            By::Keys { columns, values } => Chosen::Keys(positions(table, columns)?, values.iter().cloned().collect()),
            By::Folded { column, values } => Chosen::Folded(position(table, column)?, values.iter().cloned().collect()),
            By::Phone { column, .. } => Chosen::Digits(position(table, column)?),
            By::Containing { column, needles } => Chosen::Containing(position(table, column)?, needles.clone()),
        })
    }

    fn holds(&self, row: &Row) -> bool {
        match self {
            Chosen::Values(columns, values) => {
                let tuple: Option<Vec<String>> = columns.iter().map(|&c| joined(&row[c])).collect();
                tuple.is_some_and(|t| values.contains(&t))
            }
            Chosen::Keys(columns, keys) => keys.contains(&columns.iter().map(|&c| row[c].clone()).collect::<Vec<_>>()),
            Chosen::Folded(column, values) => joined(&row[*column]).is_some_and(|t| values.contains(&folded(&t))),
            Chosen::Digits(column) => {
                joined(&row[*column]).is_some_and(|t| t.chars().filter(char::is_ascii_digit).count() >= 7)
            }
            Chosen::Containing(column, needles) => {
                let text = match &row[*column] {
                    Value::Null => return false,
                    Value::Bytes(bytes) => String::from_utf8_lossy(bytes).to_ascii_lowercase(),
                    other => other.join_text().unwrap_or_default().to_ascii_lowercase(),
                };
                needles.iter().any(|needle| text.contains(needle.as_str()))
            }
        }
    }
}

fn apply(table: &Table, rows: &mut Vec<Row>, change: &Change) -> Result<Changed, Failure> {
    match change {
        Change::Insert { values, returning, .. } => insert(table, rows, values, returning),
        Change::Update { key, keys, set, .. } => {
            let (columns, values): (Vec<String>, Vec<Value>) = set.iter().cloned().unzip();
            let each: Vec<_> = keys.iter().map(|k| (k, &values)).collect();
            update(table, rows, key, &columns, &each)
        }
        Change::UpdateEach { key, columns, rows: each, .. } => {
            let each: Vec<_> = each.iter().map(|(k, v)| (k, v)).collect();
            update(table, rows, key, columns, &each)
        }
        Change::Delete { key, keys, .. } => {
            let (key, before) = (positions(table, key)?, rows.len());
            let keys: HashSet<&Vec<Value>> = keys.iter().collect();
            rows.retain(|row| !keys.contains(&key.iter().map(|&c| row[c].clone()).collect::<Vec<_>>()));
            Ok(Changed { rows: (before - rows.len()) as u64, returned: Vec::new() })
        }
    }
}

fn insert(
    table: &Table,
    rows: &mut Vec<Row>,
    values: &[(String, Value)],
    returning: &[String],
) -> Result<Changed, Failure> {
    let given: Vec<(usize, &Value)> =
        values.iter().map(|(c, v)| Ok((position(table, c)?, v))).collect::<Result<_, Failure>>()?;
    let returning = positions(table, returning)?;
    let mut row: Row = vec![Value::Null; table.columns.len()];
    for (c, column) in table.columns.iter().enumerate().filter(|(_, c)| c.default || table.key.contains(&c.name)) {
        row[c] = Value::Int(if table.key.contains(&column.name) { 1000 + rows.len() as i64 } else { 0 });
    }
    given.into_iter().for_each(|(c, v)| row[c] = v.clone());
    not_null(table, &row)?;
    let returned = returning.iter().map(|&c| row[c].clone()).collect();
    rows.push(row);
    Ok(Changed { rows: 1, returned })
}

fn update(
    table: &Table,
    rows: &mut [Row],
    key: &[String],
    columns: &[String],
    each: &[(&Vec<Value>, &Vec<Value>)],
) -> Result<Changed, Failure> {
    let (key, columns) = (positions(table, key)?, positions(table, columns)?);
    let each: HashMap<&Vec<Value>, &Vec<Value>> = each.iter().copied().collect();
    let mut changed = 0;
    for row in rows.iter_mut() {
        let Some(values) = each.get(&key.iter().map(|&c| row[c].clone()).collect::<Vec<_>>()) else { continue };
        columns.iter().zip(values.iter()).for_each(|(&c, v)| row[c] = v.clone());
        not_null(table, row)?;
        changed += 1;
    }
    Ok(Changed { rows: changed, returned: Vec::new() })
}

fn not_null(table: &Table, row: &Row) -> Result<(), Failure> {
    let broken = table.columns.iter().zip(row).find(|(c, v)| !c.nullable && v.is_null());
    match broken {
        None => Ok(()),
        Some((c, _)) => Err(refused(table, format!("not null {}", c.name))),
    }
}

fn refused(table: &Table, constraint: String) -> Failure {
    Failure::Constraint { table: table.name.clone(), constraint }
}

/// After each statement every foreign key leads somewhere and every key is held once.
fn intact(schema: &Schema, tables: &Tables) -> Result<(), Failure> {
    for table in &schema.tables {
        let Some(rows) = tables.get(&table.name) else { continue };
        for unique in table.unique.iter().chain(Some(&table.key).filter(|k| !k.is_empty())) {
            let columns = positions(table, unique)?;
            let mut seen = HashSet::new();
            for row in rows {
                let tuple: Option<Vec<String>> = columns.iter().map(|&c| joined(&row[c])).collect();
                if tuple.is_some_and(|t| !seen.insert(t)) {
                    return Err(refused(table, format!("unique {}", unique.join(", "))));
                }
            }
        }
        for fk in &table.foreign_keys {
            let target = schema.table(&fk.table).ok_or_else(|| Failure::Missing { object: fk.table.clone() })?;
            let (from, to) = (positions(table, &fk.columns)?, positions(target, &fk.target_columns)?);
            let there: HashSet<Vec<Option<String>>> = tables
                .get(&fk.table)
                .into_iter()
                .flatten()
                .map(|row| to.iter().map(|&c| joined(&row[c])).collect())
                .collect();
            let leads = |row: &Row| {
                let tuple: Vec<Option<String>> = from.iter().map(|&c| joined(&row[c])).collect();
                tuple.iter().any(Option::is_none) || there.contains(&tuple)
            };
            if !rows.iter().all(leads) {
                return Err(refused(table, format!("foreign key {} to {}", fk.columns.join(", "), fk.table)));
            }
        }
    }
    Ok(())
}
