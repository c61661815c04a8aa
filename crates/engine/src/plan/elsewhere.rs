//! Values that conditions look up in other tables. What answered rows need is asked before anybody looks at the rows, so
//! that a condition is decided wherever it is met; answers are kept as long as the question lasts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::digest::digest;
use super::{Answer, Ask};
use crate::ask::{By, Row, Select};
use crate::policy::model::{ColumnIx, Cond, Lookup, Policy, TableId, Target, Test};
use crate::value::Value;

static NULL: Value = Value::Null;

/// All lookups of a policy, and what is known of them.
#[derive(Debug, Default)]
pub struct Elsewhere {
    lookups: Vec<Known>,
    /// Answers that wait until what their rows need is known.
    held: Vec<Answer>,
    asked: Vec<usize>,
}

/// One lookup.
#[derive(Debug)]
pub struct Known {
    lookup: Lookup,
    /// Columns whose values are looked up.
    homes: Vec<(TableId, ColumnIx)>,
    /// What is read of its rows: its column, then what its condition looks at.
    columns: Vec<ColumnIx>,
    wanted: BTreeMap<String, Value>,
    asked: BTreeMap<String, Value>,
    rows: HashMap<String, Vec<Row>>,
}

/// Rows that conditions looked at, as they were when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consulted {
    /// Their system.
    pub system: String,
    /// Their table.
    pub table: String,
    /// What is read of them; first the column in which values were looked up.
    pub columns: Vec<String>,
    /// The values.
    pub values: Vec<Value>,
    /// Only rows with these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<(String, Vec<Value>)>,
    /// How many were found.
    pub rows: u64,
    /// Keyed digest over them.
    pub digest: String,
}

impl Consulted {
    /// The question for the same rows.
    pub fn select(&self) -> Select {
        let values = self.values.iter().map(|v| vec![v.clone()]).collect();
        let by = By::Values { columns: self.columns[..1].to_vec(), values };
        let (table, columns) = (self.table.clone(), self.columns.clone());
        Select { table, columns, by, filter: self.filter.clone(), lock: false }
    }

    /// Are these the same rows?
    pub fn is_same(&self, nonce: &str, rows: &[Row]) -> bool {
        digest(nonce, &self.table, &self.columns, &self.meant(rows)) == self.digest
    }

    /// Of answered rows, which may be more, those with the values.
    pub fn meant(&self, rows: &[Row]) -> Vec<Row> {
        let values: BTreeSet<_> = self.values.iter().filter_map(Value::join_text).collect();
        rows.iter().filter(|row| row[0].join_text().is_some_and(|t| values.contains(&t))).cloned().collect()
    }
}

/// What comes first.
pub enum Settled {
    /// These questions.
    Ask(Vec<Ask>),
    /// The answers, whose conditions can be decided.
    Go(Vec<Answer>),
}

impl Elsewhere {
    /// Everything that conditions of the policy look up.
    pub fn of(policy: &Policy) -> Elsewhere {
        let mut found = Elsewhere::default();
        for (table, condition) in conditions(policy) {
            found.add(table, condition);
        }
        found
    }

    fn add(&mut self, table: TableId, condition: &Cond) {
        for (column, lookup) in condition.lookups() {
            let known = self.lookups.iter().position(|k| k.lookup == *lookup).unwrap_or_else(|| {
                self.lookups.push(Known::new(lookup.clone()));
                self.lookups.len() - 1
            });
            if !self.lookups[known].homes.contains(&(table, column)) {
                self.lookups[known].homes.push((table, column));
            }
            self.add(lookup.table, &lookup.filter);
        }
    }

    /// Takes answers, and gives them back when all that their rows look up is known.
    pub fn settle(&mut self, policy: &Policy, answers: Vec<Answer>) -> Settled {
        if self.lookups.is_empty() {
            return Settled::Go(answers);
        }
        if self.asked.is_empty() {
            answers.iter().for_each(|a| self.need(policy, a.table, &a.columns, &a.rows));
            self.held = answers;
        } else {
            for (nth, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
                self.need(policy, answer.table, &answer.columns, &answer.rows);
                self.lookups[nth].learn(answer);
            }
        }
        let asks = self.ask(policy);
        if asks.is_empty() { Settled::Go(std::mem::take(&mut self.held)) } else { Settled::Ask(asks) }
    }

    /// Is a value found? NULL and empty are found nowhere.
    pub fn found(&self, lookup: &Lookup, value: &Value) -> bool {
        let Some(known) = self.lookups.iter().find(|k| k.lookup == *lookup) else { return false };
        let rows = value.join_text().and_then(|text| known.rows.get(text.as_ref()));
        rows.into_iter().flatten().any(|row| {
            let value = |c| known.columns.iter().position(|k| *k == c).map_or(&NULL, |at| &row[at]);
            lookup.filter.holds_where(value, &|lookup, value| self.found(lookup, value))
        })
    }

    /// Everything that was looked up, with what was found.
    pub fn consulted(&self, policy: &Policy, nonce: &str) -> Vec<Consulted> {
        let asked = self.lookups.iter().filter(|known| !known.asked.is_empty());
        asked.map(|known| known.consulted(policy, nonce)).collect()
    }

    /// What these rows of a table look up and is not known yet is asked with the next questions.
    pub fn need(&mut self, policy: &Policy, table: TableId, columns: &[String], rows: &[Row]) {
        for known in &mut self.lookups {
            for (_, column) in known.homes.iter().filter(|(home, _)| *home == table) {
                let name = &policy.table(table).columns[*column].name;
                let Some(at) = columns.iter().position(|c| c == name) else { continue };
                for value in rows.iter().map(|row| &row[at]) {
                    if let Some(text) = value.join_text().filter(|t| !known.asked.contains_key(t.as_ref())) {
                        known.wanted.insert(text.into_owned(), value.clone());
                    }
                }
            }
        }
    }

    fn ask(&mut self, policy: &Policy) -> Vec<Ask> {
        let mut asks = Vec::new();
        for (nth, known) in self.lookups.iter_mut().enumerate().filter(|(_, k)| !k.wanted.is_empty()) {
            let wanted = std::mem::take(&mut known.wanted);
            let values = wanted.values().cloned().collect();
            known.asked.extend(wanted);
            asks.push(Ask::select(policy, known.lookup.table, known.lookup.select(policy, values)));
            self.asked.push(nth);
        }
        asks
    }
}

impl Known {
    fn new(lookup: Lookup) -> Known {
        let columns = lookup.columns();
        let (wanted, asked, rows) = (BTreeMap::new(), BTreeMap::new(), HashMap::new());
        Known { lookup, homes: Vec::new(), columns, wanted, asked, rows }
    }

    fn consulted(&self, policy: &Policy, nonce: &str) -> Consulted {
        let values: Vec<Value> = self.asked.values().cloned().collect();
        let Select { table, columns, filter, .. } = self.lookup.select(policy, values.clone());
        let rows: Vec<Row> = self.rows.values().flatten().cloned().collect();
        let system = policy.system(policy.table(self.lookup.table).system).name.clone();
        let digest = digest(nonce, &table, &columns, &rows);
        Consulted { system, table, columns, values, filter, rows: rows.len() as u64, digest }
    }

    fn learn(&mut self, answer: Answer) {
        for row in answer.rows {
            if let Some(text) = row[0].join_text().map(|t| t.into_owned()).filter(|t| self.asked.contains_key(t)) {
                self.rows.entry(text).or_default().push(row);
            }
        }
    }
}

impl Lookup {
    /// What is read of a row: the column of the values, then what the condition looks at.
    pub(crate) fn columns(&self) -> Vec<ColumnIx> {
        let tested: BTreeSet<ColumnIx> = self.filter.columns().filter(|c| *c != self.column).collect();
        std::iter::once(self.column).chain(tested).collect()
    }

    /// The question for its rows with these values.
    pub(crate) fn select(&self, policy: &Policy, values: Vec<Value>) -> Select {
        let table = policy.table(self.table);
        let by =
            By::Values { columns: table.names(&[self.column]), values: values.into_iter().map(|v| vec![v]).collect() };
        let listed = self.filter.0.iter().filter_map(|(column, test)| match test {
            Test::In(values) => Some((table.columns[*column].name.clone(), values.clone())),
            _ => None,
        });
        let filter = listed.collect();
        Select { table: table.name.clone(), columns: table.names(&self.columns()), by, filter, lock: false }
    }
}

/// Every condition of the map on rows that answers can hold, with the table of its columns.
pub fn conditions(policy: &Policy) -> Vec<(TableId, &Cond)> {
    let mut found = Vec::new();
    for id in policy.table_ids() {
        let table = policy.table(id);
        for link in &table.links {
            found.push((id, &link.when));
            found.extend(link.on_erase.iter().chain(&link.while_shared).map(|(when, _)| (id, when)));
            if let Target::Row { table: target, .. } = &link.target {
                found.push((*target, &link.to_when));
            }
        }
        found.extend(table.columns.iter().flat_map(|c| &c.erase).map(|(when, _)| (id, when)));
    }
    for population in policy.kinds.iter().flat_map(|k| &k.populations) {
        found.push((population.table, &population.when));
        found.extend(population.identities.iter().map(|i| (i.table, &i.when)));
    }
    found
}
