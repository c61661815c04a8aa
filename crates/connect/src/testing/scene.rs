//! A scene: systems made by SQL on a kind of server, a map of them, and a person who asks.

use std::collections::BTreeMap;

use engine::ask::Row;
use engine::plan::{Plan, Question, Refusal, Residue, Seed, Step};
use engine::policy::compile::compile;
use engine::policy::model::{Policy, Right, SystemKind};
use engine::run::{Halt, Sink};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;

use super::{Place, Written, carry_out, question};
use crate::{Options, Planless, Systems};

/// Kinds of servers on which scenes are played.
pub const KINDS: [SystemKind; 3] = [SystemKind::Sqlite, SystemKind::Postgres, SystemKind::Mysql];

/// Systems with their rows, and the map of them.
pub struct Scene {
    /// The kind of server.
    pub kind: SystemKind,
    /// The map.
    pub policy: Policy,
    /// What each system says of itself.
    pub schemas: BTreeMap<String, Schema>,
    /// The systems, by name.
    pub systems: Systems,
    places: BTreeMap<String, Place>,
}

/// One system: name, SQL that all three kinds of servers understand, and its map without `[system]`.
pub type Part<'a> = (&'a str, &'a str, &'a str);

const POLICY: &str = "[company]\nname = \"Scene\"\ncountry = \"NO\"\ncontact = \"privacy@scene.example\"\n";

impl Scene {
    /// Sets the scene; a map with errors is a mistake of the test.
    pub async fn set(kind: SystemKind, parts: &[Part<'_>]) -> Scene {
        let scene = Scene::try_set(kind, parts, "").await;
        scene.unwrap_or_else(|findings| panic!("the map does not compile on {kind:?}: {findings:#?}"))
    }

    /// Sets the scene, with more in `policy.toml`; or tells what is wrong with the map.
    pub async fn try_set(kind: SystemKind, parts: &[Part<'_>], more: &str) -> Result<Scene, Vec<String>> {
        Scene::with_files(kind, parts, more, &[]).await
    }

    /// The same, with more files in the folder: path and text of each.
    pub async fn with_files(
        kind: SystemKind,
        parts: &[Part<'_>],
        more: &str,
        files: &[(&str, &str)],
    ) -> Result<Scene, Vec<String>> {
        let (mut systems, mut places, mut source) = (Systems::new(), BTreeMap::new(), Source::default());
        source.add("policy.toml", format!("{POLICY}{more}"));
        for (path, text) in files {
            source.add(*path, *text);
        }
        for (name, sql, map) in parts {
            let place = Place::new(kind);
            place.execute(sql).await;
            let schema = map.lines().find_map(|line| line.strip_prefix("schema = \"")?.strip_suffix('"'));
            let options = schema.map(|schema| Options { schema: schema.to_owned(), ..Options::default() });
            systems.insert((*name).to_owned(), place.open(options.unwrap_or_default()));
            let word = place.word();
            let head = format!("[system]\nkind = \"{word}\"\ncountry = \"NO\"\nconnect = {{ env = \"SCENE\" }}\n");
            source.add(format!("systems/{name}.toml"), format!("{head}\n{map}"));
            places.insert((*name).to_owned(), place);
        }
        let schemas = crate::describe(&systems).await.expect("systems that describe themselves");
        let compiled = compile(&source, Some(&schemas));
        let findings = compiled.diagnostics.iter().filter(|d| d.is_error());
        let findings = findings.map(|d| format!("{} {}", d.code.0, d.message)).collect();
        let policy = compiled.policy.ok_or::<Vec<String>>(findings)?;
        Ok(Scene { kind, policy, schemas, systems, places })
    }

    /// A question by identities.
    pub fn ask(&self, right: Right, kind: &str, identities: &[(&str, &str)]) -> Question {
        let seed = |(name, value): &(&str, &str)| Seed::Identity { name: (*name).into(), value: Value::text(*value) };
        question(right, self.policy.kind(kind).expect("a kind of the map"), identities.iter().map(seed).collect())
    }

    /// A plan, or why there is none.
    pub async fn plan(&self, question: Question) -> Result<Plan, Refusal> {
        let planned = crate::plan(&self.policy, &self.schemas, &self.systems, question).await;
        planned.map_err(|planless| match planless {
            Planless::Refused(refusal) => refusal,
            Planless::Failed { system, failure } => panic!("{:?}: system {system}: {failure}", self.kind),
        })
    }

    /// Carries out a plan.
    pub async fn run(&self, plan: &Plan) -> Result<Returned, Halt> {
        let mut returned = Returned::default();
        carry_out(plan, &self.systems, &mut Written::default(), &mut returned).await?;
        Ok(returned)
    }

    /// Carries out a plan, or goes on with a run of it, and writes its journal.
    pub async fn run_with(&self, plan: &Plan, journal: &mut Written) -> Result<(), Halt> {
        carry_out(plan, &self.systems, journal, &mut Returned::default()).await
    }

    /// The database of a system, for what another client does.
    pub fn place(&self, system: &str) -> &Place {
        &self.places[system]
    }

    /// What is left of the person of a plan that was carried out.
    pub async fn left(&self, plan: &Plan) -> Vec<Residue> {
        let probed = crate::probe(&self.policy, &self.systems, plan).await;
        let probed = probed.unwrap_or_else(|planless| panic!("{:?}: {planless}", self.kind));
        probed.expect("the policy knows the plan").0
    }

    /// Plans and carries out an erasure, and looks what is left.
    pub async fn erase(&self, kind: &str, identities: &[(&str, &str)]) -> (Plan, Vec<Residue>) {
        let plan = self.plan(self.ask(Right::Erasure, kind, identities)).await;
        let plan = plan.unwrap_or_else(|refusal| panic!("{:?}: {refusal}", self.kind));
        self.run(&plan).await.unwrap_or_else(|halt| panic!("{:?}: {halt:?}", self.kind));
        let left = self.left(&plan).await;
        (plan, left)
    }

    /// The rows of a table, cells joined by bars and NULL as `~`, sorted.
    pub async fn rows(&self, system: &str, table: &str) -> Vec<String> {
        let described = self.schemas[system].table(table).unwrap_or_else(|| panic!("no table {table}"));
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let text = if self.kind == SystemKind::Mysql { "CHAR" } else { "text" };
        let cells: Vec<String> =
            described.columns.iter().map(|c| format!("CAST({} AS {text})", quoted(&c.name))).collect();
        let found = self.places[system].rows(&format!("SELECT {} FROM {}", cells.join(", "), quoted(table))).await;
        let line = |row: Vec<Option<String>>| -> String {
            row.into_iter().map(|cell| cell.unwrap_or_else(|| "~".into())).collect::<Vec<_>>().join(" | ")
        };
        let mut rows: Vec<String> = found.into_iter().map(line).collect();
        rows.sort();
        rows
    }
}

/// What an access returned: the table of each step, and its rows.
#[derive(Default)]
pub struct Returned(pub Vec<(String, Vec<Row>)>);

impl Sink for Returned {
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String> {
        self.0.push((format!("{system}.{}", step.table), Vec::new()));
        Ok(())
    }

    fn row(&mut self, row: Row) -> Result<(), String> {
        self.0.last_mut().ok_or("no step")?.1.push(row);
        Ok(())
    }

    fn content(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}
