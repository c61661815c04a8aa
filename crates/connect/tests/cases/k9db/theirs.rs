//! The other system's end-to-end tests: a folder with a schema, its rows, and pairs of statements and what they return.

use std::collections::BTreeMap;
use std::path::Path;

use super::case::{Case, Expected, Returned, Step};
use super::compare::read;
use super::sql::{Statement, statements};

/// One case for each pair of files; an error where one cannot be read.
pub fn cases(folder: &Path) -> Result<Vec<Case>, String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut answers: Vec<_> =
        files.flatten().map(|f| f.path()).filter(|f| f.extension().is_some_and(|e| e == "txt")).collect();
    answers.sort();
    let begin = text(&folder.join("schema.sql"))? + "\n" + &text(&folder.join("inserts.sql"))?;
    let case = |answer: &std::path::PathBuf| {
        let stem = answer.file_stem().unwrap_or_default().to_string_lossy();
        let mut case = Case { name: format!("{name}/{stem}"), ..Case::default() };
        for statement in statements(&begin)? {
            case.take(statement, None)?;
        }
        let said = text(answer)?;
        let mut said = sections(&said).into_iter();
        for statement in statements(&text(&answer.with_extension("sql"))?)? {
            case.take(statement, said.next())?;
        }
        Ok(case)
    };
    answers.iter().map(|a| case(a).map_err(|e: String| format!("{}: {e}", a.display()))).collect()
}

/// One case for each script with all in it, of which nothing published says what comes back. A script `x_cntd` goes on
/// where `x` ended.
pub fn scripts(folder: &Path) -> Result<Vec<Case>, String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<_> = files.flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "sql"));
    files.sort();
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let stem = stem.strip_suffix("_cntd").unwrap_or(&stem).to_owned();
        let case = cases.entry(stem.clone()).or_insert(Case { name: format!("{name}/{stem}"), ..Case::default() });
        for statement in statements(&text(&file)?)? {
            case.take(statement, None)?;
        }
    }
    Ok(cases.into_values().collect())
}

/// A case of annotated tables; with the rows of a file if one is given.
pub fn schema(name: &str, file: &Path, rows: Option<&Path>) -> Result<Case, String> {
    let mut case = Case { name: name.to_owned(), ..Case::default() };
    for (file, is_schema) in [(Some(file), true), (rows, false)] {
        let Some(file) = file else { continue };
        for statement in statements(&text(file)?).map_err(|e| format!("{}: {e}", file.display()))? {
            if is_schema == matches!(statement, Statement::Create(_)) {
                case.take(statement, None)?;
            }
        }
    }
    Ok(case)
}

/// The text of a file.
pub fn text(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}

/// What each statement returned, line by line.
fn sections(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut sections = vec![Vec::new()];
    for line in lines {
        match (line, sections.last_mut()) {
            (";", _) => sections.push(Vec::new()),
            (line, Some(section)) => section.push(line.to_owned()),
            (_, None) => {}
        }
    }
    sections
}

impl Case {
    /// A statement and what it is to return; counts of writes and refused writes concern the other system alone.
    fn take(&mut self, statement: Statement, said: Option<Vec<String>>) -> Result<(), String> {
        match statement {
            Statement::Create(table) => self.tables.push(table),
            Statement::Insert { table, columns, rows } => self.insert(table, columns, rows),
            Statement::Change(sql) => self.steps.push(Step::Execute(sql)),
            Statement::Ask(ask) => {
                let returned = match said {
                    Some(rows) if !ask.forget => Returned::Exactly(rows.iter().map(|row| (None, read(row))).collect()),
                    _ => Returned::Unsaid,
                };
                self.steps.push(Step::Ask(ask, Expected { returned, ..Expected::default() }));
            }
            // What a whole table holds afterwards belongs to the ask before.
            Statement::Select { table, all: true } if self.tables.iter().any(|t| t.name == table) => {
                if let (Some(Step::Ask(ask, expected)), Some(rows)) = (self.steps.last_mut(), said)
                    && ask.forget
                {
                    expected.left.insert(table, rows.iter().map(|row| read(row)).collect());
                }
            }
            Statement::Select { .. } | Statement::Other => {}
        }
        Ok(())
    }
}
