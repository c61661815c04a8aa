//! What a plan says the databases must hold afterwards, worked out from the rows before and nothing else.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::alike::{Shape, steps, text, texts};
use crate::support::{Dump, Row};

type Table = (String, String);

/// What one cell must hold.
#[derive(Clone)]
enum Cell {
    /// Exactly this.
    Same(Option<String>),
    /// This, in whatever notation the engine has.
    Set(Option<String>),
    /// Something else than before, unless there was nothing.
    Random(Option<String>),
    /// This column of a stand-in that the same plan makes in that table.
    StandIn(String, String),
}

/// All rows that must be there.
pub struct Expected {
    rows: BTreeMap<Table, BTreeMap<Vec<String>, BTreeMap<String, Cell>>>,
    stand_ins: Vec<(Table, BTreeMap<String, Option<String>>)>,
}

impl Expected {
    /// The rows before, with every step of the plan done to them.
    pub fn of(before: &Dump, plan: &Value, shape: &Shape) -> Expected {
        let mut expected = Expected { rows: BTreeMap::new(), stand_ins: Vec::new() };
        for (table, rows) in before {
            let cells = |row: &Row| row.iter().map(|(c, v)| (c.clone(), Cell::Same(v.clone()))).collect();
            let rows = rows.iter().map(|row| (shape.key(table, row), cells(row))).collect();
            expected.rows.insert(table.clone(), rows);
        }
        for (system, step) in steps(plan) {
            // Whatever table of files a plan names: they are all among the objects.
            let table = if system == "uploads" { "objects" } else { step["table"].as_str().expect("a table") };
            let table = (system.to_owned(), table.to_owned());
            match step["action"]["do"].as_str().expect("an action") {
                "insert" => {
                    let values = step["action"]["values"].as_array().expect("values").iter();
                    let values = values.map(|v| (v[0].as_str().expect("a column").to_owned(), text(&v[1]))).collect();
                    expected.stand_ins.push((table, values));
                }
                "delete" => expected.delete(&table, &step["keys"]),
                "change" => expected.change(&table, step),
                _ => {}
            }
        }
        expected
    }

    fn delete(&mut self, table: &Table, keys: &Value) {
        let rows = self.rows.get_mut(table).expect("a table of the plan");
        for key in keys.as_array().expect("keys").iter().map(texts) {
            assert!(rows.remove(&key).is_some(), "{table:?}: the plan deletes a row that was not there: {key:?}");
        }
    }

    fn change(&mut self, table: &Table, step: &Value) {
        let rows = self.rows.get_mut(table).expect("a table of the plan");
        let spans = step["action"]["spans"].as_array().expect("spans");
        for (ix, key) in step["keys"].as_array().expect("keys").iter().map(texts).enumerate() {
            let row = rows.get_mut(&key).unwrap_or_else(|| panic!("{table:?}: no row {key:?}"));
            for change in step["action"]["columns"].as_array().expect("columns") {
                let column = change[0].as_str().expect("a column");
                let masked = spans.iter().find(|s| s[0] == ix && s[1] == column).map(|s| &s[2]);
                let cell = row.get_mut(column).expect("a column of the table");
                *cell = changed(cell, &change[1], masked);
            }
        }
    }

    /// Where the rows are not as they must be. Nothing of the rows' content is repeated but keys and columns.
    pub fn differences(&self, after: &Dump, shape: &Shape) -> Vec<String> {
        let mut found = Vec::new();
        let mut fresh: Vec<(&Table, &Row)> = Vec::new();
        for (table, rows) in after {
            let known = &self.rows[table];
            let key = |row: &&Row| known.contains_key(&shape.key(table, row));
            fresh.extend(rows.iter().filter(|r| !key(r)).map(|r| (table, r)));
            if rows.iter().filter(key).count() != known.len() {
                found.push(format!("{table:?}: rows are gone that the plan does not delete"));
            }
        }
        self.stand_ins(&fresh, shape, &mut found);
        for (table, rows) in after {
            for row in rows {
                let key = shape.key(table, row);
                let Some(cells) = self.rows[table].get(&key) else { continue };
                let wrong = cells.iter().filter(|(column, cell)| !holds(table, column, cell, row, &fresh, shape));
                found.extend(wrong.map(|(column, _)| format!("{table:?} {key:?}: {column} is not as planned")));
            }
        }
        found
    }

    /// Each new row is a stand-in of the plan, and each stand-in a new row.
    fn stand_ins(&self, fresh: &[(&Table, &Row)], shape: &Shape, found: &mut Vec<String>) {
        let same = |table: &Table, row: &Row, values: &BTreeMap<String, Option<String>>| {
            let normal = |c: &str, v: &Option<String>| v.as_ref().map(|v| shape.normal(table, c, v));
            values.iter().all(|(column, value)| normal(column, &row[column]) == normal(column, value))
        };
        if fresh.len() != self.stand_ins.len() {
            found.push(format!("{} new rows, {} stand-ins planned", fresh.len(), self.stand_ins.len()));
        }
        for (table, values) in &self.stand_ins {
            if !fresh.iter().any(|(t, row)| *t == table && same(table, row, values)) {
                found.push(format!("{table:?}: the planned stand-in was not made"));
            }
        }
    }
}

fn changed(cell: &Cell, how: &Value, masked: Option<&Value>) -> Cell {
    let before = match cell {
        Cell::Same(value) | Cell::Set(value) => value.clone(),
        _ => None,
    };
    match (how.as_str(), how.as_object().and_then(|o| o.iter().next())) {
        (Some("hash" | "pseudonym"), _) => Cell::Random(before),
        (Some("redact"), _) => Cell::Same(before.map(|text| mask(&text, masked))),
        (_, Some((what, value))) if what == "set" => Cell::Set(text(value)),
        (_, Some((_, stand_in))) => {
            let name = |key: &str| stand_in[key].as_str().expect("a name").to_owned();
            Cell::StandIn(name("table"), name("column"))
        }
        _ => panic!("an action that this test does not know: {how}"),
    }
}

/// The text with three dots in place of each span.
fn mask(text: &str, spans: Option<&Value>) -> String {
    let mut out = text.to_owned();
    for span in spans.and_then(Value::as_array).into_iter().flatten().rev() {
        let at = |end: &str| span[end].as_u64().and_then(|n| usize::try_from(n).ok()).expect("a place");
        out.replace_range(at("start")..at("end"), "•••");
    }
    out
}

fn holds(table: &Table, column: &str, cell: &Cell, row: &Row, fresh: &[(&Table, &Row)], shape: &Shape) -> bool {
    let now = &row[column];
    match cell {
        Cell::Same(value) => now == value,
        Cell::Set(value) => {
            let normal = |v: &Option<String>| v.as_ref().map(|v| shape.normal(table, column, v));
            normal(now) == normal(value)
        }
        Cell::Random(None) => now.is_none(),
        Cell::Random(Some(before)) if before.is_empty() => now.as_deref() == Some(""),
        Cell::Random(Some(before)) => now.as_ref().is_some_and(|n| !n.is_empty() && !n.contains(before.as_str())),
        Cell::StandIn(of, key) => fresh.iter().any(|(t, r)| t.0 == table.0 && t.1 == *of && r[key] == *now),
    }
}
