//! Made-up rows for a map: every table is filled, references lead somewhere, and people share what they have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use engine::policy::model::{Policy, Population, Table, Target};
use engine::schema::{Class, Column, Schema};

use super::apps::App;
use super::dump::Cell;

/// Statements that fill the tables of an application.
pub fn statements(app: &App, policy: &Policy, schema: &Schema) -> String {
    let mut made = Made { app, policy, schema, tables: BTreeMap::new(), dice: Dice(0x9e37_79b9_7f4a_7c15) };
    let mut sql = String::new();
    for (name, count) in app.rows {
        let table = schema.table(name).expect("a table of the schema");
        made.fill(name, *count);
        let columns: Vec<String> = table.columns.iter().map(|c| format!("`{}`", c.name)).collect();
        for row in &made.tables[*name] {
            let cells: Vec<String> = row.iter().zip(&table.columns).map(literal).collect();
            let _ = writeln!(sql, "INSERT INTO `{name}` ({}) VALUES ({});", columns.join(", "), cells.join(", "));
        }
    }
    sql
}

/// What was made so far.
struct Made<'a> {
    app: &'a App,
    policy: &'a Policy,
    schema: &'a Schema,
    tables: BTreeMap<String, Vec<Vec<Cell>>>,
    dice: Dice,
}

/// Columns of a table, and where their values are taken from.
struct Reference {
    columns: Vec<usize>,
    table: String,
    target: Vec<usize>,
    /// A text that stands for nobody.
    nobody: Option<String>,
}

impl Made<'_> {
    fn fill(&mut self, name: &str, count: usize) {
        let table = self.schema.table(name).expect("a table of the schema");
        let references = self.references(name);
        let uniques: Vec<Vec<usize>> = [&table.key]
            .into_iter()
            .chain(&table.unique)
            .filter(|u| !u.is_empty())
            .map(|u| u.iter().map(|c| at(self.schema, name, c)).collect())
            .collect();
        let mut taken: BTreeSet<(usize, Vec<Cell>)> = BTreeSet::new();
        self.tables.insert(name.to_owned(), Vec::new());
        for n in 0..count {
            let row = self.row(name, n, &references);
            let tuples: Vec<(usize, Vec<Cell>)> = uniques
                .iter()
                .enumerate()
                .map(|(u, columns)| (u, columns.iter().map(|c| row[*c].clone()).collect::<Vec<_>>()))
                .filter(|(_, tuple)| tuple.iter().all(Option::is_some))
                .collect();
            if tuples.iter().all(|tuple| !taken.contains(tuple)) {
                taken.extend(tuples);
                self.tables.get_mut(name).expect("just made").push(row);
            }
        }
    }

    fn row(&mut self, name: &str, n: usize, references: &[Reference]) -> Vec<Cell> {
        let table = self.schema.table(name).expect("a table of the schema");
        let mut cells: Vec<Option<Cell>> = vec![None; table.columns.len()];
        let mut near: Vec<String> = Vec::new();
        let mut rest = n;
        for reference in references {
            if reference.columns.iter().any(|c| cells[*c].is_some()) {
                continue;
            }
            let rows = self.tables.get(&reference.table).map_or(0, Vec::len);
            let in_key = reference.columns.iter().all(|c| table.key.contains(&table.columns[*c].name));
            let nullable = reference.columns.iter().all(|c| table.columns[*c].nullable);
            // References within a key are gone through one by one, so that each combination comes up.
            let picked = match rows {
                0 => None,
                _ if in_key && table.key.len() > 1 => {
                    let picked = rest % rows;
                    rest /= rows;
                    Some(picked)
                }
                _ if (nullable || reference.nobody.is_some()) && self.dice.one_in(6) => None,
                _ => Some(self.dice.below(rows)),
            };
            for (column, target) in reference.columns.iter().zip(&reference.target) {
                let nobody = reference.nobody.clone().filter(|_| !nullable).unwrap_or_else(|| "0".to_owned());
                cells[*column] = Some(match picked {
                    Some(row) => self.tables[&reference.table][row][*target].clone(),
                    None if nullable => None,
                    None => Some(nobody.into_bytes()),
                });
            }
            if let Some(row) = picked {
                near.extend(self.named(&reference.table, row));
            }
        }
        for (ix, column) in table.columns.iter().enumerate() {
            if cells[ix].is_none() {
                cells[ix] = Some(self.cell(name, column, n, rest, &near));
            }
        }
        cells.into_iter().flatten().collect()
    }

    /// References that links and the application itself tell of.
    fn references(&self, name: &str) -> Vec<Reference> {
        let mut found = Vec::new();
        if let Some(table) = self.mapped(name) {
            for link in table.links.iter().filter(|l| !l.by && l.reading.is_plain()) {
                let Target::Row { table: target, columns } = &link.target else { continue };
                let target = self.policy.table(*target);
                let own: Vec<usize> = table.names(&link.columns).iter().map(|c| at(self.schema, name, c)).collect();
                let nobody = link.nobody.first().and_then(|v| v.join_text()).map(|v| v.into_owned());
                let there = target.names(columns);
                let there = there.iter().map(|c| at(self.schema, &target.name, c)).collect();
                // A record of persons does not lead to itself.
                if own != there || target.name != name {
                    found.push(Reference { columns: own, table: target.name.clone(), target: there, nobody });
                }
            }
        }
        for (from, columns, to, target) in self.app.references.iter().filter(|r| r.0 == name) {
            let places = |of: &str, names: &str| names.split(',').map(|c| at(self.schema, of, c)).collect();
            let (columns, target) = (places(from, columns), places(to, target));
            found.push(Reference { columns, table: (*to).to_owned(), target, nobody: None });
        }
        found
    }

    fn mapped(&self, name: &str) -> Option<&Table> {
        self.policy.tables.iter().find(|t| t.name == name)
    }

    fn population(&self) -> &Population {
        &self.policy.kinds[0].populations[0]
    }

    /// What a person is called, if the row is one.
    fn named(&self, name: &str, row: usize) -> Vec<String> {
        let people = self.policy.table(self.population().table);
        if people.name != name {
            return Vec::new();
        }
        let columns =
            self.population().identities.iter().map(|i| at(self.schema, name, &people.columns[i.column].name));
        columns.filter_map(|c| self.tables[name][row][c].clone()).filter_map(|b| String::from_utf8(b).ok()).collect()
    }

    fn cell(&mut self, table: &str, column: &Column, n: usize, rest: usize, near: &[String]) -> Cell {
        if let Some((_, _, values)) = self.app.values.iter().find(|(t, c, _)| *t == table && *c == column.name) {
            return Some(values[n % values.len()].as_bytes().to_vec());
        }
        let live = self.schema.table(table).expect("a table of the schema");
        let unique = live.unique.iter().chain([&live.key]).any(|u| u.contains(&column.name));
        let identity = self.mapped(table).is_some_and(|t| {
            self.population()
                .identities
                .iter()
                .any(|i| self.policy.table(i.table).name == t.name && t.columns[i.column].name == column.name)
        });
        if column.nullable && !unique && !identity && self.dice.one_in(5) {
            return None;
        }
        let text = match column.class {
            Class::Int if live.key == [column.name.clone()] => (n + 1).to_string(),
            Class::Int if unique => (rest + 1).to_string(),
            Class::Int | Class::Bool if column.type_name.starts_with("tinyint") => self.dice.below(2).to_string(),
            Class::Int | Class::Bool => self.dice.below(1000).to_string(),
            Class::Decimal | Class::Real => format!("{}.5", self.dice.below(9)),
            Class::Date => format!("2024-{:02}-{:02}", 1 + self.dice.below(12), 1 + self.dice.below(28)),
            Class::Timestamp => self.time(),
            _ if column.name.to_lowercase().ends_with("email") => format!("{}@post{n}.example", self.name(n)),
            _ if identity => format!("{}{n}", self.name(n)),
            _ if unique => format!("{table}-{n}"),
            _ if column.name.ends_with("token") => format!("{}-{n}-{}", column.name, self.dice.below(100_000)),
            _ if self.is_text(table, &column.name) => self.words(near),
            _ => self.words(&[]),
        };
        let mut bytes = text.into_bytes();
        if column.class == Class::Bytes {
            let digits: String = column.type_name.chars().filter(char::is_ascii_digit).collect();
            bytes.truncate(digits.parse().unwrap_or(usize::MAX));
            return Some(bytes);
        }
        let longest = column.max_chars.map_or(usize::MAX, |m| m as usize);
        Some(String::from_utf8_lossy(&bytes).chars().take(longest).collect::<String>().into_bytes())
    }

    /// Does the map say that people may be named in it?
    fn is_text(&self, table: &str, column: &str) -> bool {
        self.mapped(table).is_some_and(|t| t.column(column).is_some_and(|c| t.columns[c].text))
    }

    /// A name that is nobody else's.
    fn name(&self, n: usize) -> String {
        format!("{}{}", NAMES[n % NAMES.len()], "quist".repeat(n / NAMES.len()))
    }

    fn time(&mut self) -> String {
        let dice = &mut self.dice;
        let (month, day, hour, second) = (1 + dice.below(12), 1 + dice.below(28), dice.below(24), dice.below(60));
        format!("2024-{month:02}-{day:02} {hour:02}:07:{second:02}")
    }

    /// A text, which may name people near its row.
    fn words(&mut self, near: &[String]) -> String {
        let mut words: Vec<String> = (0..2 + self.dice.below(4)).map(|_| self.dice.of(&WORDS)).collect();
        if !near.is_empty() && self.dice.one_in(2) {
            let who = self.dice.below(near.len());
            words.insert(self.dice.below(words.len()), near[who].clone());
        }
        words.join(" ")
    }
}

const NAMES: [&str; 12] =
    ["anna", "boris", "celeste", "dmitri", "edith", "farouk", "gretel", "hamid", "ingrid", "jorge", "kateri", "ludo"];

/// With all that is easily lost on the way: quotes, backslashes, line ends, blanks, other scripts.
const WORDS: [&str; 12] = [
    "merit",
    "it's",
    "\"so\"",
    "a\\b",
    "line\nend",
    "tab\there",
    "naïve",
    "日本",
    "%s_",
    "<b>bold</b>",
    "two  blanks ",
    "0x00",
];

fn at(schema: &Schema, table: &str, column: &str) -> usize {
    let table = schema.table(table).unwrap_or_else(|| panic!("there is a table {table}"));
    table.columns.iter().position(|c| c.name == column).unwrap_or_else(|| panic!("{} has {column}", table.name))
}

/// Bytes are written as such, so that nothing depends on how the server reads a text.
fn literal((cell, column): (&Cell, &Column)) -> String {
    let Some(bytes) = cell else { return "NULL".to_owned() };
    let number = matches!(column.class, Class::Int | Class::Bool | Class::Decimal | Class::Real);
    if number {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    match column.class {
        Class::Bytes => format!("X'{hex}'"),
        _ => format!("_utf8mb4 X'{hex}'"),
    }
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of(&mut self, list: &[&str]) -> String {
        list[self.below(list.len())].to_owned()
    }
}
