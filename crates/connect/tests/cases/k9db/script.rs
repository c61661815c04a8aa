//! Scripts: annotated tables, rows, and persons who ask, each with what is to come of it.
//!
//! A script is SQL with three kinds of comments: `--# name` begins a case, `--> table|value|..` is a row that the ask
//! before it returns, and `--= table` or `--= table|value|..` says what it leaves of a table. NULL is written `NULL`.

use std::path::Path;

use super::case::{Case, Expected, Returned, Step};
use super::compare::read;
use super::sql::{Statement, statements};

/// The cases of all scripts in a folder, by name of the script; none where there is no folder.
pub fn cases(folder: &Path) -> Result<Vec<Case>, String> {
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "sql"));
    files.sort();
    let mut cases = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        for part in text.split("--#").skip(1) {
            cases.push(case(&stem, part)?);
        }
    }
    Ok(cases)
}

fn case(script: &str, part: &str) -> Result<Case, String> {
    let (name, text) = part.split_once('\n').ok_or("a case without statements")?;
    let mut case = Case { name: format!("{script}: {}", name.trim()), ..Case::default() };
    let mut sql = String::new();
    for line in text.lines() {
        let expected = line.strip_prefix("-->").map(|row| (true, row)).or(line.strip_prefix("--=").map(|r| (false, r)));
        let Some((returned, row)) = expected else {
            sql.push_str(line);
            sql.push('\n');
            continue;
        };
        case.script(&std::mem::take(&mut sql))?;
        let Some(Step::Ask(_, expected)) = case.steps.last_mut() else {
            return Err(format!("{}: a row that nobody asked for", case.name));
        };
        expected.add(returned, row.trim());
    }
    case.script(&sql)?;
    Ok(case)
}

impl Case {
    fn script(&mut self, sql: &str) -> Result<(), String> {
        for statement in statements(sql).map_err(|e| format!("{}: {e}", self.name))? {
            match statement {
                Statement::Create(table) => self.tables.push(table),
                Statement::Insert { table, columns, rows } => self.insert(table, columns, rows),
                Statement::Ask(ask) => {
                    let returned = if ask.forget { Returned::Unsaid } else { Returned::Exactly(Vec::new()) };
                    self.steps.push(Step::Ask(ask, Expected { returned, ..Expected::default() }));
                }
                Statement::Change(_) | Statement::Select { .. } | Statement::Other => {}
            }
        }
        Ok(())
    }
}

impl Expected {
    fn add(&mut self, returned: bool, row: &str) {
        let (table, cells) = row.split_once('|').map_or((row, None), |(table, cells)| (table, Some(cells)));
        if returned {
            if let Returned::Exactly(rows) = &mut self.returned {
                rows.extend(cells.map(|cells| (Some(table.to_owned()), read(cells))));
            }
            return;
        }
        self.left.entry(table.to_owned()).or_default().extend(cells.map(read));
    }
}
