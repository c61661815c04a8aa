//! Schemas of deletion, as DELF writes them, translated to data maps of ours: does the deletion of an object take the same
//! rows with it, and does `check` report what is wrong with a schema?
//!
//! | there | here |
//! |---|---|
//! | a reference to a row that is gone stays, and leads nowhere | it is undone |
//! | references of one kind are not counted against each other, so that the first that goes takes what others still use | the last takes it |

mod joins;
mod map;
mod model;
mod read;
mod trial;

use std::path::Path;

use engine::policy::model::SystemKind;

use crate::k9db::case::Case;
use crate::k9db::rows::row;
use crate::k9db::sql::{Column, Reference, Table, Way};
use crate::k9db::theirs;
use crate::outcome::Outcome;
use joins::joins;
use read::{Object, objects};
use trial::{Schema, trial};

/// Where a schema of deletion, its tables and its rows are, and whose deletion is tried.
struct Place {
    folder: &'static str,
    file: &'static str,
    tables: Option<&'static str>,
    rows: Option<&'static str>,
    persons: &'static [&'static str],
}

const PLACES: [Place; 3] = [
    Place {
        folder: "delf-websubmit",
        file: "schema.yaml",
        tables: Some("delf-websubmit/data.sql"),
        rows: Some("delf-websubmit/data.sql"),
        persons: &["users", "lectures"],
    },
    Place {
        folder: "delf-websubmit",
        file: "simple-schema.yaml",
        tables: None,
        rows: None,
        persons: &["users", "lectures"],
    },
    Place {
        folder: "delf-hotcrp",
        file: "schema.yaml",
        tables: Some("edna-hotcrp/schema.sql"),
        rows: None,
        persons: &["ContactInfo", "Paper"],
    },
];

/// The schemas in a folder of cases; those that are not there are skipped with a printed line.
pub async fn published(cases: &Path) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for place in &PLACES {
        let there = [Some(place.folder), place.tables].into_iter().flatten().all(|path| cases.join(path).exists());
        if !there {
            eprintln!("skipped {}/{}: it is not in {}", place.folder, place.file, cases.display());
            continue;
        }
        for person in place.persons {
            let name = format!("{}/{}: {person}", place.folder, place.file);
            let schema = match schema(cases, place, person) {
                Ok(schema) => schema,
                Err(why) => {
                    outcomes.push(Outcome::untried("delf", &name).because(why));
                    continue;
                }
            };
            for (kind, group) in [(SystemKind::Sqlite, "delf sqlite"), (SystemKind::Postgres, "delf postgres")] {
                outcomes.push(trial(Outcome::untried(group, &name), kind, &schema).await);
            }
        }
    }
    outcomes.extend(errors(cases).await);
    outcomes
}

fn schema(cases: &Path, place: &Place, person: &str) -> Result<Schema, String> {
    let objects = objects(&theirs::text(&cases.join(place.folder).join(place.file))?)?;
    let rows = place.rows.map(|file| cases.join(file));
    let mut case = match place.tables {
        Some(file) => theirs::schema(place.file, &cases.join(file), rows.as_deref())?,
        None => Case { tables: least(&objects), ..Case::default() },
    };
    prepare(&objects, &mut case.tables, person);
    if place.rows.is_none() {
        case.fill();
        if place.folder == "delf-hotcrp" {
            // A paper that hangs on one person alone, and a tag that hangs on that paper alone.
            let add = |table: &str, own: &[(&str, Option<&str>)]| row(&case.tables, table, 8, own);
            let rows = [
                add("Paper", &[("leadContactId", Some("1")), ("shepherdContactId", None), ("managerContactId", None)]),
                add("PaperConflict", &[("paperId", Some("9")), ("contactId", Some("1"))]),
                add("PaperComment", &[("paperId", Some("9")), ("contactId", Some("2"))]),
                add("PaperTagAnno", &[]),
                add("PaperTag", &[("paperId", Some("9")), ("tag", Some("PaperTagAnno tag 8"))]),
            ];
            case.steps.extend(rows);
        }
    }
    let id = objects.iter().find(|o| o.name == person).map(|o| o.id.as_str());
    case.everybody(id);
    Ok(Schema { objects, case, person: person.to_owned() })
}

/// Tables that have no more than the schema names.
fn least(objects: &[Object]) -> Vec<Table> {
    let table = |object: &Object| {
        let fields = objects.iter().flat_map(|o| &o.edges).filter(|e| e.to == object.name).map(|e| e.field.as_str());
        let mut names: Vec<&str> = ["nr", &object.id].into_iter().chain(fields).collect();
        names.sort_unstable();
        names.dedup();
        let columns = names.iter().map(|name| Column { name: (*name).to_owned(), ..Column::default() });
        let key = if object.deletion.starts_with("directly") { object.id.clone() } else { "nr".to_owned() };
        Table { name: object.name.clone(), columns: columns.collect(), key: vec![key], ..Table::default() }
    };
    objects.iter().map(table).collect()
}

/// What refers to what, and who is a person.
fn prepare(objects: &[Object], tables: &mut [Table], person: &str) {
    let joins = joins(objects, tables);
    for table in tables {
        table.data_subject = table.name == person;
        let own = joins.iter().filter(|j| j.table == table.name && !j.by);
        table.references = own
            .map(|j| Reference { column: j.column.clone(), way: Way::Only, table: j.target.clone(), to: j.to.clone() })
            .collect();
    }
}

/// A schema with mistakes: `check` reports each.
async fn errors(cases: &Path) -> Option<Outcome> {
    let (wrong, tables) = (cases.join("delf-hotcrp/schema_errors.yaml"), cases.join("edna-hotcrp/schema.sql"));
    if !wrong.is_file() || !tables.is_file() {
        eprintln!("skipped delf-hotcrp/schema_errors.yaml: it is not in {}", cases.display());
        return None;
    }
    Some(trial::reported(Outcome::untried("delf check", "delf-hotcrp/schema_errors.yaml"), &wrong, &tables).await)
}
