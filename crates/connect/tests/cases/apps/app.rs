//! An application on a database of its own, and what is asked of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use connect::Systems;
use engine::plan::{Action, Plan, Question, Seed};
use engine::policy::model::{KindId, Policy, Right, Worth};
use engine::schema::Schema;
use engine::source::Source;
use engine::text::Words;

use super::snapshot::Snapshot;
use super::tools::Tools;
use crate::asked::{Untried, compiled, planned, question};
use crate::carried::carry;
use crate::outcome::Outcome;
use crate::raw::Raw;

/// An application with a map of ours.
pub struct App {
    group: &'static str,
    name: String,
    raw: Raw,
    systems: Systems,
    policy: Policy,
    schemas: BTreeMap<String, Schema>,
}

/// What a person proves, and what else is searched for.
#[derive(Clone, Default)]
pub struct Asked {
    pub seeds: Vec<Seed>,
    pub words: Vec<Words>,
    /// Is every row searched?
    pub sweep: bool,
}

/// What should come of a person's rights, as `table key`; `None` where that is not known beforehand.
#[derive(Default)]
pub struct Expected {
    pub returned: Option<BTreeSet<String>>,
    pub deleted: Option<BTreeSet<String>>,
    /// What else judges.
    pub tools: Option<Tools>,
}

/// The files of a map of ours.
pub fn source(name: &str) -> Source {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/maps").join(name);
    let mut source = Source::default();
    for file in ["policy.toml".to_owned(), format!("systems/{name}.toml"), format!("systems/{name}.schema.json")] {
        if let Ok(text) = std::fs::read_to_string(folder.join(&file)) {
            source.add(file, text);
        }
    }
    source
}

impl App {
    /// An application whose one system has the application's name.
    pub async fn new(group: &'static str, name: &str, raw: Raw, systems: Systems) -> Result<App, Untried> {
        let schemas = connect::describe(&systems).await.map_err(|e| Untried::Wrong(e.to_string()))?;
        let policy = compiled(&source(name), &schemas)?;
        Ok(App { group, name: name.to_owned(), raw, systems, policy, schemas })
    }

    /// Access, then erasure, of one person.
    pub async fn person(&self, kind: KindId, asked: Asked, name: &str, expected: &Expected) -> Vec<Outcome> {
        let begin = Instant::now();
        let outcome = |what: &str, done: Result<(usize, Vec<String>), String>| {
            let (rows, wrong) = done.unwrap_or_else(|why| (0, vec![why]));
            let case = format!("{}: {what}", self.name);
            Outcome {
                asked: name.to_owned(),
                rows,
                wrong,
                took: begin.elapsed(),
                ..Outcome::untried(self.group, &case)
            }
        };
        let access = outcome("access", self.access(kind, asked.clone(), expected).await);
        let erasure = outcome("erasure", self.erasure(kind, asked, expected).await);
        vec![access, erasure]
    }

    async fn access(&self, kind: KindId, asked: Asked, expected: &Expected) -> Result<(usize, Vec<String>), String> {
        let plan = self.plan(Right::Access, kind, asked).await?.ok_or("nobody was found")?;
        let exported = carry(&plan, &self.systems).await?;
        let steps = plan.systems.iter().flat_map(|s| &s.steps);
        let with_values = steps.filter(|s| matches!(&s.action, Action::Export { columns, .. } if !columns.is_empty()));
        let returned: BTreeSet<String> =
            with_values.flat_map(|s| s.keys.iter().map(|k| format!("{} {}", s.table, keyed(k).join(",")))).collect();
        let mut wrong = compared("returned", expected.returned.as_ref(), &returned);
        wrong.extend(expected.tools.iter().flat_map(|tools| tools.access(&exported)));
        Ok((returned.len(), wrong))
    }

    async fn erasure(&self, kind: KindId, asked: Asked, expected: &Expected) -> Result<(usize, Vec<String>), String> {
        let schema = &self.schemas[&self.name];
        let plan = self.plan(Right::Erasure, kind, asked.clone()).await?.ok_or("nobody was found")?;
        let before = Snapshot::take(&self.raw, schema).await;
        let words = self.words(kind, &plan, &before);
        expected.tools.iter().for_each(Tools::snapshot);
        carry(&plan, &self.systems).await?;
        let after = Snapshot::take(&self.raw, schema).await;
        let deleted = before.without(&after);
        let mut wrong = compared("deleted", expected.deleted.as_ref(), &deleted);
        wrong.extend(before.unlisted(&after, &plan));
        wrong.extend(after.dangling());
        wrong.extend(match &expected.tools {
            Some(tools) => tools.erased(),
            None => after.residues(&words),
        });
        match connect::probe(&self.policy, &self.systems, &plan).await {
            Ok(Some((residues, _))) => {
                wrong.extend(residues.iter().map(|r| format!("found afterwards: {}: {}", r.table, r.what)))
            }
            Ok(None) => wrong.push("the plan's tables are not known afterwards".to_owned()),
            Err(why) => wrong.push(why.to_string()),
        }
        if self.plan(Right::Erasure, kind, asked).await?.is_some() {
            wrong.push("asked again, the person is still found".to_owned());
        }
        Ok((deleted.len(), wrong))
    }

    async fn plan(&self, right: Right, kind: KindId, asked: Asked) -> Result<Option<Plan>, String> {
        let first = asked.seeds.first().ok_or("nobody is asked for")?.clone();
        let question =
            Question { seeds: asked.seeds, words: asked.words, sweep: asked.sweep, ..question(right, kind, first) };
        planned(&self.policy, &self.schemas, &self.systems, question).await
    }

    /// What proves who the person is, in lower case: none of it may be left anywhere.
    fn words(&self, kind: KindId, plan: &Plan, before: &Snapshot) -> Vec<String> {
        let mut words = Vec::new();
        for population in &self.policy.kinds[kind.0].populations {
            let table = self.policy.table(population.table);
            let keys = population.identities.iter().filter(|i| i.worth == Worth::Key);
            let columns: Vec<String> = keys.map(|i| table.columns[i.column].name.clone()).collect();
            for record in plan.persons.iter().filter(|r| r.table == table.name) {
                let key: Vec<Option<String>> = keyed(&record.key).into_iter().map(Some).collect();
                words.extend(before.cells(&table.name, &key, &columns).into_iter().flatten().map(|w| w.to_lowercase()));
            }
        }
        words.retain(|w| w.len() > 2 && !w.bytes().all(|b| b.is_ascii_digit()));
        words
    }
}

fn keyed(key: &[engine::value::Value]) -> Vec<String> {
    key.iter().map(|v| v.join_text().unwrap_or_default().into_owned()).collect()
}

fn compared(what: &str, expected: Option<&BTreeSet<String>>, found: &BTreeSet<String>) -> Vec<String> {
    let Some(expected) = expected else { return Vec::new() };
    let missing = expected.difference(found).map(|id| format!("not {what}: {id}"));
    missing.chain(found.difference(expected).map(|id| format!("{what} as well: {id}"))).collect()
}
