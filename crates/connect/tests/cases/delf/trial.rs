//! One schema of deletion on one database: each object goes, one after the other, and what is left is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use connect::Systems;
use engine::plan::Seed;
use engine::policy::compile::compile;
use engine::policy::model::{KindId, Policy, Right, SystemKind};
use engine::source::Source;
use engine::value::Value;

use super::joins::joins;
use super::map::folder;
use super::model;
use super::read::{Object, objects};
use crate::asked::{Untried, compiled, planned, question};
use crate::carried::carry;
use crate::k9db::case::{Case, Step};
use crate::k9db::compare::{Compare, Of};
use crate::k9db::database::Database;
use crate::k9db::sql::{Ask, Table};
use crate::k9db::theirs;
use crate::outcome::Outcome;

/// A schema, its tables and rows, and the kind of objects that go.
pub struct Schema {
    pub objects: Vec<Object>,
    pub case: Case,
    pub person: String,
}

/// Every object of the kind goes.
pub async fn trial(outcome: Outcome, kind: SystemKind, schema: &Schema) -> Outcome {
    let begin = Instant::now();
    let asked = format!("{} forget", schema.case.asks().1);
    match tried(kind, schema).await {
        Err(Untried::Later(why)) => outcome.later(why),
        Err(Untried::Wrong(why)) => outcome.because(why),
        Ok((rows, wrong, untied)) => {
            let notes = untied.then(|| "references to what is gone are undone".to_owned()).into_iter().collect();
            Outcome { asked, rows, wrong, notes, took: begin.elapsed(), ..outcome }
        }
    }
}

async fn tried(kind: SystemKind, schema: &Schema) -> Result<(usize, Vec<String>, bool), Untried> {
    let Schema { objects, case, person } = schema;
    let tables = &case.tables;
    let database = Database::create(kind, tables).await;
    let schemas = connect::describe(&database.systems).await.map_err(|e| e.to_string())?;
    let policy = compiled(&source(objects, tables, person, kind), &schemas)?;
    let joins = joins(objects, tables);
    let forward = joins.iter().filter(|j| !j.by).map(|j| [j.table.as_str(), &j.column, &j.target, &j.to]);
    let mut compare = Compare::along(tables, forward);
    let id = objects.iter().find(|o| o.name == *person).map_or("", |o| &o.id);
    let (mut gone, mut wrong) = (0, Vec::new());
    for step in &case.steps {
        match step {
            Step::Insert { table, columns, rows } => database.insert(table, columns, rows).await,
            Step::Ask(ask, _) if ask.forget => {
                let before = database.all(tables).await;
                forget(&policy, &schemas, &database.systems, ask).await?;
                let after = database.all(tables).await;
                compare.went(&before, &after);
                gone += before.iter().map(Vec::len).sum::<usize>() - after.iter().map(Vec::len).sum::<usize>();
                let left = model::left(tables, &joins, &before, (&ask.table, id, &ask.key));
                for n in 0..tables.len() {
                    let of =
                        |rows: &[Vec<Option<String>>]| rows.iter().map(|r| (Some(n), r.clone())).collect::<Vec<Of>>();
                    let differences = compare.differences("left", &of(&left[n]), &of(&after[n])).all();
                    wrong.extend(differences.into_iter().map(|why| format!("forget {} {}: {why}", ask.table, ask.key)));
                }
            }
            Step::Ask(..) | Step::Execute(_) => {}
        }
    }
    Ok((gone, wrong, compare.untied))
}

async fn forget(
    policy: &Policy,
    schemas: &BTreeMap<String, engine::schema::Schema>,
    systems: &Systems,
    ask: &Ask,
) -> Result<(), String> {
    let seed = Seed::Identity { name: "record".to_owned(), value: Value::text(&ask.key) };
    let plan = planned(policy, schemas, systems, question(Right::Erasure, KindId(0), seed)).await?;
    carry(&plan.ok_or("nobody was found")?, systems).await.map(|_| ())
}

fn source(objects: &[Object], tables: &[Table], person: &str, kind: SystemKind) -> Source {
    let name = if kind == SystemKind::Postgres { "postgres" } else { "sqlite" };
    let mut source = Source::default();
    for (path, text) in folder(objects, tables, person, name) {
        source.add(path, text);
    }
    source
}

/// What a schema with mistakes has to be told: two kinds of objects that no edge deletes, and three columns that are not
/// there.
const MISTAKES: [(&str, &str); 5] =
    [("U0103", "capabilityId"), ("U0103", "tagId"), ("U0103", "topicsId"), ("U0404", "Formula"), ("U0404", "MailLog")];

/// Does `check` say that, and nothing else?
pub async fn reported(outcome: Outcome, schema: &Path, tables: &Path) -> Outcome {
    match findings(schema, tables).await {
        Err(why) => outcome.because(why),
        Ok(found) => {
            let expected: BTreeSet<String> = MISTAKES.iter().map(|(code, what)| format!("{code} {what}")).collect();
            let missing = expected.difference(&found).map(|f| format!("not reported: {f}"));
            let more = found.difference(&expected).map(|f| format!("reported as well: {f}"));
            let wrong = missing.chain(more).collect();
            Outcome { asked: "check".to_owned(), rows: found.len(), wrong, ..outcome }
        }
    }
}

async fn findings(schema: &Path, tables: &Path) -> Result<BTreeSet<String>, String> {
    let objects = objects(&theirs::text(schema)?)?;
    let tables = theirs::schema("schema", tables, None)?.tables;
    let source = source(&objects, &tables, "ContactInfo", SystemKind::Sqlite);
    let database = Database::create(SystemKind::Sqlite, &tables).await;
    let schemas = connect::describe(&database.systems).await.map_err(|e| e.to_string())?;
    let told = |message: &str| {
        let words = ["capabilityId", "tagId", "topicsId", "Formula", "MailLog"];
        words.into_iter().find(|w| message.contains(&format!("`{w}`"))).unwrap_or(message).to_owned()
    };
    let found = compile(&source, Some(&schemas)).diagnostics;
    Ok(found.iter().filter(|d| d.is_error()).map(|d| format!("{} {}", d.code.0, told(&d.message))).collect())
}
