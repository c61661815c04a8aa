//! Annotated schemas of real applications.

use std::path::Path;

use super::case::{Case, Step};
use super::{notes, theirs};

/// A schema: its folder, its file, and a file of rows.
const SCHEMAS: [(&str, &str, Option<&str>); 11] = [
    ("k9db-lobsters", "annotated-full.sql", Some("data.sql")),
    ("k9db-owncloud", "annotated-accessed-shares.sql", None),
    ("k9db-owncloud", "annotated-owned-shares.sql", None),
    ("k9db-owncloud", "invited_users.sql", None),
    ("k9db-app-commento", "annotated.sql", None),
    ("k9db-app-ghchat", "annotated.sql", None),
    ("k9db-app-hotcrp", "annotated.sql", None),
    ("k9db-app-instagram_2", "annotated.sql", None),
    ("k9db-app-mouthful", "annotated.sql", None),
    ("k9db-app-schnack", "annotated.sql", None),
    ("k9db-app-socify", "annotated.sql", None),
];

/// A schema, rows in it, and everybody's asks; and what is wrong with its outcomes.
pub struct Application {
    pub case: Case,
    pub unlike: Vec<String>,
}

/// The schemas of a folder of cases; those that are not there are skipped with a printed line.
pub fn all(cases: &Path) -> Result<Vec<Application>, String> {
    let mut all = Vec::new();
    for (folder, file, rows) in SCHEMAS {
        let path = cases.join(folder);
        if !path.is_dir() {
            eprintln!("skipped {folder}: there is no {}", path.display());
            continue;
        }
        all.push(application(&path, &format!("{folder}/{file}"), file, rows)?);
        all.push(declared(&path.join(file), &format!("{folder}/{file}, with foreign keys"))?);
    }
    Ok(all)
}

fn application(folder: &Path, name: &str, file: &str, rows: Option<&str>) -> Result<Application, String> {
    let rows = rows.map(|rows| folder.join(rows));
    let mut case = theirs::schema(name, &folder.join(file), rows.as_deref())?;
    if rows.is_none() {
        case.fill();
    }
    case.everybody(None);
    let read = std::fs::read_to_string(folder.join("NOTES.md")).map_err(|e| format!("{}: {e}", folder.display()))?;
    let is_noted = read.contains(&format!("({file})"));
    let unlike = if is_noted { unlike(&case, &read) } else { Vec::new() };
    Ok(Application { case, unlike })
}

/// The same where the database holds references to be foreign keys: no erasure may break one.
fn declared(file: &Path, name: &str) -> Result<Application, String> {
    let mut case = theirs::schema(name, file, None)?;
    case.fill();
    case.everybody(None);
    case.declared = true;
    // What persons get does not hang on foreign keys.
    case.steps.retain(|step| !matches!(step, Step::Ask(ask, _) if !ask.forget));
    Ok(Application { case, unlike: Vec::new() })
}

/// Where the outcomes of tables differ from those that are noted.
fn unlike(case: &Case, read: &str) -> Vec<String> {
    let (listed, derived) = (notes::listed(read), notes::derived(&case.tables));
    let mut unlike = Vec::new();
    for (table, outcome) in &derived {
        match listed.get(table) {
            Some(noted) if noted == outcome => {}
            noted => unlike.push(format!("{table}: {outcome:?}, noted {noted:?}")),
        }
    }
    let more = listed.keys().filter(|table| !derived.contains_key(*table));
    unlike.extend(more.map(|table| format!("{table}: is noted, and not in the schema")));
    unlike
}
