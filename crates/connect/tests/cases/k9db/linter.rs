//! Annotations that are wrong or missing: does `check` report what the other system's explanation of a schema warns of?
//!
//! What it remarks on rows that may have no owner is a note here (U0414), on the table where it begins. What it remarks on
//! owners who come by rows of several tables is about the copy of each row that it keeps for each owner. No copy is made here: such
//! a row stands once and is several people's, so nothing is reported of it, and it is held here that the map says `co_owner`.
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
use super::edges::{Edge, edges};
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
const REMARKS: [(&str, &str); 7] = [
    ("sound like", UNREACHED),
    ("sounds like", UNREACHED),
    ("paths are nullable", NOBODYS),
    // Owned by whoever a row of another table names: where no such row is, by nobody.
    ("variably owned (via", NOBODYS),
    ("variably owned in multiple ways", COPIED),
    ("variably owned and also copied", COPIED),
    ("times in sequence", COPIED),
];

const UNREACHED: &str = "persons' columns that nobody owns";
const NOBODYS: &str = "rows may have no owner";
const COPIED: &str = "rows are copied for each owner";

/// Tries all variants: a case for what `check` fails for, one for its notes, and one for what needs none here.
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
                for (remark, what) in [(UNREACHED, "who owns what"), (NOBODYS, "remarks"), (COPIED, "copies")] {
                    let of = |list: &Remarks| list.iter().filter(|(_, r)| *r == remark).cloned().collect::<Remarks>();
                    let (expected, found) = (of(&expected.remarks), of(&found));
                    if remark == UNREACHED || !expected.is_empty() || !found.is_empty() {
                        outcomes.push(compared(&format!("{file}: {what}"), &expected, &found));
                    }
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

/// Tables, each with what is remarked on it.
type Remarks = BTreeSet<(String, &'static str)>;

#[derive(Default)]
struct Explained {
    /// Whether persons own rows of a table.
    states: BTreeMap<String, String>,
    remarks: Remarks,
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

/// What `check` reports, and which rows the map says to be several people's by two tables or more; an error where the map and
/// the explanation differ in who owns what.
async fn found(file: &Path, states: &BTreeMap<String, String>) -> Result<Remarks, String> {
    let tables = as_explained(theirs::schema("variant", file, None)?.tables);
    for (table, outcome) in notes::derived(&tables) {
        let state = outcome.state();
        if states.get(&table).is_none_or(|explained| explained != state) {
            return Err(format!("{table} is {state}, explained as {:?}", states.get(&table)));
        }
    }
    let schemas = as_declared(described(&tables).await?, &tables);
    let categories = heard(&schemas[SYSTEM]);
    let found = compiled(&folder_of(&tables, "sqlite", &Categories::Heard(categories)), &schemas);
    let reported = |code, remark| of(&found, code, &tables).into_iter().map(move |table| (table, remark));
    let copied = by_several(&tables).into_iter().map(|table| (table, COPIED));
    Ok(reported(codes::UNREACHED, UNREACHED).chain(reported(codes::NOBODYS, NOBODYS)).chain(copied).collect())
}

/// Tables to whose rows several chains of owning references lead, one of them by rows of another table.
fn by_several(tables: &[Table]) -> BTreeSet<String> {
    let edges = edges(tables);
    let several = tables.iter().filter(|t| {
        let chains = chains(tables, &edges, &mut vec![&t.name]);
        chains.len() > 1 && chains.contains(&true)
    });
    several.map(|t| t.name.clone()).collect()
}

/// The chains of owning references from persons to the last table of `seen`: whether each passes a row that points this way.
fn chains<'a>(tables: &'a [Table], edges: &[Edge<'a>], seen: &mut Vec<&'a str>) -> Vec<bool> {
    let mut found = Vec::new();
    let here = seen[seen.len() - 1];
    for edge in edges.iter().filter(|e| e.owning && e.reaches() == here) {
        let from: &str = if edge.forward { &edge.reference.table } else { &edge.table.name };
        if tables.iter().any(|t| t.name == from && t.data_subject) {
            found.push(!edge.forward);
        } else if !seen.contains(&from) {
            seen.push(from);
            found.extend(chains(tables, edges, seen).into_iter().map(|by| by || !edge.forward));
            seen.pop();
        }
    }
    found
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

/// The database of a case lets references be empty, whatever the schema declares; which may be is asked here.
fn as_declared(mut schemas: BTreeMap<String, Schema>, tables: &[Table]) -> BTreeMap<String, Schema> {
    for table in schemas.values_mut().flat_map(|schema| &mut schema.tables) {
        let declared = tables.iter().filter(|t| t.name == table.name).flat_map(|t| &t.columns);
        let not_null: BTreeSet<&str> = declared.filter(|c| c.not_null).map(|c| c.name.as_str()).collect();
        table.columns.iter_mut().for_each(|column| column.nullable &= !not_null.contains(column.name.as_str()));
    }
    schemas
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

fn compared(case: &str, expected: &Remarks, found: &Remarks) -> Outcome {
    let said = |(table, remark): &(String, &str)| format!("{table}: {remark}");
    let missing = expected.difference(found).map(|f| format!("not reported: {}", said(f)));
    let more = found.difference(expected).map(|f| format!("reported as well: {}", said(f)));
    let wrong = missing.chain(more).collect();
    Outcome { asked: "check".to_owned(), rows: found.len(), wrong, ..Outcome::untried("k9db check", case) }
}
