//! Annotations that are wrong or missing: does `check` report what the other system's explanation of a schema warns of?
//!
//! The maps here leave nothing out: tables to which no right leads are mapped as well, and columns are what their names say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::diagnostic::{Diagnostic, codes};
use engine::discover::classify::{Bond, Setting, classify};
use engine::policy::compile::compile;
use engine::policy::model::SystemKind;
use engine::schema::Schema;
use engine::source::Source;

use super::database::Database;
use super::map::{Categories, POLICY, SYSTEM, folder_of};
use super::sql::{Table, Way};
use super::{notes, theirs};
use crate::outcome::Outcome;

/// Each annotated file and the heading under which it is explained.
const VARIANTS: [(&str, &str); 7] = [
    ("k9db-shuup-annotation-variants/0-no-pii.sql", "### 0."),
    ("k9db-shuup-annotation-variants/1-auth-user-is-pii.sql", "### 1."),
    ("k9db-shuup-annotation-variants/2-auth-user-and-contact-is-pii.sql", "### 2."),
    ("k9db-shuup-annotation-variants/3-contact-is-pii.sql", "### 3."),
    ("k9db-shuup-annotation-variants/4-person-contact-is-pii.sql", "### 4."),
    ("k9db-shuup-annotation-variants/5-person-contact-is-pii-not-nullable.sql", "### 5."),
    ("k9db-owncloud/ownCloud.sql", "## ownCloud"),
];

/// What an explanation says of a table, beside who owns it.
const REMARKS: [(&str, &str); 6] = [
    ("sound like", "persons' columns that nobody owns"),
    ("sounds like", "persons' columns that nobody owns"),
    ("paths are nullable", "rows may have no owner"),
    ("variably owned (via", "owners come by other rows"),
    ("variably owned in multiple ways", "owners come by other rows in several ways"),
    ("times in sequence", "owners come by other rows twice over"),
];

/// Which of them `check` has a finding for.
const CHECKED: &str = "persons' columns that nobody owns";

/// Tries all variants: two cases each, one for what `check` has a finding for, one for the rest.
pub async fn variants(cases: &Path) -> Vec<Outcome> {
    let explained = cases.join("k9db-shuup-annotation-variants/EXPLAIN-expected.md");
    let Ok(explained) = std::fs::read_to_string(&explained) else {
        eprintln!("skipped k9db-shuup-annotation-variants: there is no {}", explained.display());
        return Vec::new();
    };
    let mut outcomes = Vec::new();
    for (file, heading) in VARIANTS {
        if !cases.join(file).is_file() {
            eprintln!("skipped {file}: it is not in {}", cases.display());
            continue;
        }
        let expected = explained_under(&explained, heading);
        match found(&cases.join(file), &expected.states).await {
            Err(why) => outcomes.push(Outcome::untried("k9db check", file).because(why)),
            Ok(found) => {
                let (checked, rest): (BTreeSet<_>, BTreeSet<_>) =
                    expected.remarks.into_iter().partition(|(_, remark)| *remark == CHECKED);
                outcomes.push(compared(&format!("{file}: who owns what"), &checked, &found));
                if !rest.is_empty() {
                    outcomes.push(compared(&format!("{file}: remarks"), &rest, &BTreeSet::new()));
                }
            }
        }
    }
    outcomes
}

/// Schemas without any annotation: each table has to be decided about.
pub async fn unannotated(cases: &Path) -> Vec<Outcome> {
    let folder = cases.join("k9db-unannotated");
    let mut outcomes = Vec::new();
    for file in ["PrestaShop-original.sql", "instagram_1-original.sql", "ownCloud.sql"] {
        if !folder.join(file).is_file() {
            eprintln!("skipped k9db-unannotated/{file}: it is not in {}", cases.display());
            continue;
        }
        let outcome = Outcome {
            asked: "check".to_owned(),
            ..Outcome::untried("k9db check", &format!("k9db-unannotated/{file}"))
        };
        outcomes.push(match undecided(&folder.join(file)).await {
            Err(why) => outcome.because(why),
            Ok((rows, wrong)) => Outcome { rows, wrong, ..outcome },
        });
    }
    outcomes
}

async fn undecided(file: &Path) -> Result<(usize, Vec<String>), String> {
    let tables = theirs::schema("schema", file, None)?.tables;
    let schemas = described(&tables).await?;
    let system = "[system]\nkind = \"sqlite\"\ncountry = \"NO\"\nconnect = { env = \"CASE\" }\n";
    let files = [("policy.toml", POLICY), (&format!("systems/{SYSTEM}.toml"), system)];
    let found = compiled(&files.map(|(path, text)| (path.to_owned(), text.to_owned())), &schemas);
    let found = of(&found, codes::TABLE_UNDECIDED, &tables);
    let missing = tables.iter().filter(|t| !found.contains(&t.name));
    Ok((found.len(), missing.map(|t| format!("not reported: {}", t.name)).collect()))
}

#[derive(Default)]
struct Explained {
    /// Whether persons own rows of a table.
    states: BTreeMap<String, String>,
    remarks: BTreeSet<(String, &'static str)>,
}

/// What is said under a heading.
fn explained_under(text: &str, heading: &str) -> Explained {
    let section = text.split("```").zip(text.split("```").skip(1)).filter(|(before, _)| before.contains(heading));
    let section = section.last().map_or("", |(_, said)| said);
    let (mut explained, mut table) = (Explained::default(), String::new());
    for line in section.lines() {
        if let Some((name, state)) = line.split_once(": ").filter(|(name, _)| !name.contains(' ')) {
            table = name.to_owned();
            explained.states.insert(table.clone(), state.trim().to_owned());
        }
        let remarks = REMARKS.iter().filter(|(words, _)| line.contains(words));
        explained.remarks.extend(remarks.map(|(_, remark)| (table.clone(), *remark)));
    }
    explained
}

/// What `check` reports; an error where its map and the explanation differ in who owns what.
async fn found(file: &Path, states: &BTreeMap<String, String>) -> Result<BTreeSet<(String, &'static str)>, String> {
    let tables = as_explained(theirs::schema("variant", file, None)?.tables);
    for (table, outcome) in notes::derived(&tables) {
        let state = outcome.state();
        if states.get(&table).is_none_or(|explained| explained != state) {
            return Err(format!("{table} is {state}, explained as {:?}", states.get(&table)));
        }
    }
    let schemas = described(&tables).await?;
    let categories = heard(&schemas[SYSTEM]);
    let found = compiled(&folder_of(&tables, "sqlite", &Categories::Heard(categories)), &schemas);
    Ok(of(&found, codes::UNREACHED, &tables).into_iter().map(|table| (table, CHECKED)).collect())
}

/// The other system's explanations let a plain foreign key own wherever its table names no owner, also where it says
/// something else of rights; its rules, as they are described, do not.
fn as_explained(mut tables: Vec<Table>) -> Vec<Table> {
    loop {
        let derived = notes::derived(&tables);
        let owned = |table: &str| derived.get(table).is_some_and(|outcome| outcome.state() != "UNSHARDED");
        let silent = tables.iter_mut().filter(|t| t.references.iter().all(|r| r.way != Way::OwnedBy));
        let plain = silent.flat_map(|t| &mut t.references).filter(|r| r.way == Way::Plain && owned(&r.table));
        if plain.map(|reference| reference.way = Way::OwnedBy).count() == 0 {
            return tables;
        }
    }
}

/// The personal columns of a schema, by their names alone.
fn heard(schema: &Schema) -> BTreeMap<(String, String), String> {
    let mut heard = BTreeMap::new();
    for table in &schema.tables {
        let (links, samples) = (BTreeSet::new(), BTreeMap::new());
        let today = jiff::civil::date(2026, 1, 15);
        let setting = Setting { table, bond: Bond::Unknown, links: &links, samples: &samples, today };
        for (column, verdict) in table.columns.iter().zip(classify(&setting)) {
            if let Some(category) = verdict.category.filter(|_| verdict.personal) {
                heard.insert((table.name.clone(), column.name.clone()), category);
            }
        }
    }
    heard
}

async fn described(tables: &[Table]) -> Result<BTreeMap<String, Schema>, String> {
    let database = Database::create(SystemKind::Sqlite, tables).await;
    connect::describe(&database.systems).await.map_err(|e| e.to_string())
}

fn compiled(files: &[(String, String)], schemas: &BTreeMap<String, Schema>) -> Vec<Diagnostic> {
    let mut source = Source::default();
    for (path, text) in files {
        source.add(path.clone(), text.clone());
    }
    compile(&source, Some(schemas)).diagnostics
}

/// The tables that findings of a code name.
fn of(found: &[Diagnostic], code: engine::diagnostic::Code, tables: &[Table]) -> BTreeSet<String> {
    let found: Vec<&Diagnostic> = found.iter().filter(|d| d.code == code).collect();
    let named = |t: &&Table| found.iter().any(|d| d.message.contains(&format!("table `{}`", t.name)));
    tables.iter().filter(named).map(|t| t.name.clone()).collect()
}

fn compared(
    case: &str,
    expected: &BTreeSet<(String, &'static str)>,
    found: &BTreeSet<(String, &'static str)>,
) -> Outcome {
    let said = |(table, remark): &(String, &str)| format!("{table}: {remark}");
    let missing = expected.difference(found).map(|f| format!("not reported: {}", said(f)));
    let more = found.difference(expected).map(|f| format!("reported as well: {}", said(f)));
    let wrong = missing.chain(more).collect();
    Outcome { asked: "check".to_owned(), rows: found.len(), wrong, ..Outcome::untried("k9db check", case) }
}
