//! Scripts: annotated tables, rows, and persons who ask, each with what is to come of it.
//!
//! A script is SQL with three kinds of comments: `--# name` begins a case, `--> table|value|..` is a row that the ask
//! before it returns, and `--= table` or `--= table|value|..` says what it leaves of a table. NULL is written `NULL`.

use std::collections::BTreeMap;
use std::path::Path;

use super::sql::{Ask, Statement, Table, statements};

/// A case of a script.
pub struct Case {
    pub name: String,
    pub tables: Vec<Table>,
    pub steps: Vec<Step>,
}

/// What is done to the database of a case.
pub enum Step {
    Insert { table: String, columns: Vec<String>, rows: Vec<Vec<Option<String>>> },
    Ask(Ask, Expected),
}

/// What is to come of an ask: rows, sorted, as texts.
#[derive(Default)]
pub struct Expected {
    pub returned: Vec<String>,
    /// Rows left, of the tables that are compared.
    pub left: BTreeMap<String, Vec<String>>,
}

/// The cases of all scripts in a folder, by name of the script; none where there is no folder.
pub fn cases(folder: &Path) -> Vec<Result<Case, String>> {
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "sql"));
    files.sort();
    let of = |file: &std::path::PathBuf| {
        let text = std::fs::read_to_string(file).expect("a script can be read");
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let parts: Vec<String> = text.split("--#").skip(1).map(str::to_owned).collect();
        parts.into_iter().map(move |part| case(&stem, &part))
    };
    files.iter().flat_map(of).collect()
}

fn case(script: &str, part: &str) -> Result<Case, String> {
    let (name, text) = part.split_once('\n').ok_or("a case without statements")?;
    let mut case = Case { name: format!("{script}: {}", name.trim()), tables: Vec::new(), steps: Vec::new() };
    let mut sql = String::new();
    for line in text.lines() {
        let expected = line.strip_prefix("-->").map(|row| (true, row)).or(line.strip_prefix("--=").map(|r| (false, r)));
        let Some((returned, row)) = expected else {
            sql.push_str(line);
            sql.push('\n');
            continue;
        };
        case.take(&std::mem::take(&mut sql))?;
        let Some(Step::Ask(_, expected)) = case.steps.last_mut() else {
            return Err(format!("{}: a row that nobody asked for", case.name));
        };
        expected.add(returned, row.trim());
    }
    case.take(&sql)?;
    Ok(case)
}

impl Case {
    fn take(&mut self, sql: &str) -> Result<(), String> {
        for statement in statements(sql).map_err(|e| format!("{}: {e}", self.name))? {
            match statement {
                Statement::Create(table) => self.tables.push(table),
                Statement::Insert { table, columns, rows } => self.steps.push(Step::Insert { table, columns, rows }),
                Statement::Ask(ask) => self.steps.push(Step::Ask(ask, Expected::default())),
            }
        }
        Ok(())
    }
}

impl Expected {
    fn add(&mut self, returned: bool, row: &str) {
        if returned {
            self.returned.push(row.to_owned());
            self.returned.sort();
            return;
        }
        let table = row.split('|').next().unwrap_or_default();
        let left = self.left.entry(table.to_owned()).or_default();
        if row.contains('|') {
            left.push(row.to_owned());
            left.sort();
        }
    }
}
