//! Rows for annotated schemas that come without any, and everybody's asks.

use super::case::{Case, Step};
use super::model::column;
use super::sql::{Ask, Table};

/// Rows of each table, and so persons of each kind.
const ROWS: usize = 5;

impl Case {
    /// Gives each table rows that refer to each other in many ways, some of them to nothing.
    pub fn fill(&mut self) {
        self.thorough = true;
        let made: Vec<Step> = self.tables.iter().map(|table| rows(&self.tables, table)).collect();
        self.steps.extend(made);
    }

    /// The first persons of each kind get what is theirs, then all are forgotten, one after the other, each after a last look.
    /// Persons are known by a column, or else by their key.
    pub fn everybody(&mut self, known_by: Option<&str>) {
        let persons = self.persons(known_by);
        let ask = |forget: bool, (table, key): &(String, String)| {
            Step::Ask(Ask { forget, table: table.clone(), key: key.clone() }, super::case::Expected::default())
        };
        let first = persons.iter().map(|person| ask(false, person));
        let then = persons.iter().flat_map(|person| [ask(true, person), ask(false, person)]);
        let asks: Vec<Step> = first.chain(then).collect();
        self.steps.extend(asks);
    }

    fn persons(&self, known_by: Option<&str>) -> Vec<(String, String)> {
        let mut persons = Vec::new();
        for step in &self.steps {
            let Step::Insert { table: name, columns, rows } = step else { continue };
            let Some(table) = self.tables.iter().find(|t| t.data_subject && t.name == *name) else { continue };
            let key = known_by.unwrap_or(&table.key[0]);
            let at = columns.iter().position(|c| c == key).unwrap_or_else(|| column(table, key));
            persons.extend(rows.iter().filter_map(|row| Some((name.clone(), row[at].clone()?))));
        }
        persons
    }
}

/// One more row of a table, with values of its own in some columns.
pub fn row(tables: &[Table], table: &str, n: usize, own: &[(&str, Option<&str>)]) -> Step {
    let table = tables.iter().find(|t| t.name == table).expect("a table of the schema");
    let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
    let chosen = |c: &String| own.iter().find(|(name, _)| name == c).map(|(_, value)| value.map(str::to_owned));
    let row = columns.iter().map(|c| chosen(c).unwrap_or_else(|| value(tables, table, c, n))).collect();
    Step::Insert { table: table.name.clone(), rows: vec![row], columns }
}

fn rows(tables: &[Table], table: &Table) -> Step {
    let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
    let row = |n: usize| columns.iter().map(|c| value(tables, table, c, n)).collect();
    Step::Insert { table: table.name.clone(), rows: (0..ROWS).map(row).collect(), columns }
}

/// The value of a column in the `n`th row.
fn value(tables: &[Table], table: &Table, name: &str, n: usize) -> Option<String> {
    let own = &table.columns[column(table, name)];
    let is_key = table.key.iter().any(|k| k == name);
    let Some(reference) = table.references.iter().find(|r| r.column == name) else {
        return Some(if own.is_int { (n + 1).to_string() } else { format!("{} {name} {n}", table.name) });
    };
    let target = tables.iter().find(|t| t.name == reference.table)?;
    // The first column of a key leads to each row once; what refers to its own table leads to rows before.
    let place = table.key.iter().position(|k| k == name).unwrap_or_default();
    let chosen = match (is_key, target.name == table.name) {
        (true, _) => Some(n * (place + 1) % ROWS + place).map(|chosen| chosen % ROWS),
        (false, true) => n.checked_sub(1 + dice(table, name, n) % 2),
        (false, false) => Some(dice(table, name, n) % (ROWS + 1)).filter(|chosen| *chosen < ROWS),
    };
    value(tables, target, &reference.to, chosen?)
}

/// A number that is the same in every run, and unlike its neighbours.
fn dice(table: &Table, column: &str, n: usize) -> usize {
    let mix = |state: u32, byte: u8| (state ^ u32::from(byte)).wrapping_mul(16_777_619);
    let bytes = table.name.bytes().chain(column.bytes()).chain([b'a' + u8::try_from(n).unwrap_or_default()]);
    let mixed = bytes.fold(2_166_136_261, mix);
    usize::try_from((mixed ^ (mixed >> 15)) >> 3).unwrap_or_default()
}
