//! Conformance vectors: a map, rows, a question, and what the reference says comes of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use engine::diagnostic::codes;
use engine::policy::compile::compile;
use engine::policy::model::{Access, Policy, TableId};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;
use serde::Deserialize;

use crate::claims::Claims;
use crate::erase::{Change, Erasure, erase};
use crate::resolve::{Question, Refusal, resolve};
use crate::world::{RowId, World};
use crate::{Accessed, access, sketch};

/// A file of vectors; what stands before the first one holds for all that do not say otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    schema: BTreeMap<String, String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    #[serde(default)]
    rows: String,
    vector: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    shows: String,
    #[serde(default)]
    schema: BTreeMap<String, String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    /// What is added to the map.
    #[serde(default)]
    more: BTreeMap<String, String>,
    /// `holds.toml`.
    holds: Option<String>,
    /// By hold: whom it names, asked for as under `ask`.
    #[serde(default)]
    held: BTreeMap<String, BTreeMap<String, toml::Value>>,
    rows: Option<String>,
    ask: BTreeMap<String, toml::Value>,
    gives: String,
}

/// One vector, ready to be asked of any implementation.
pub struct Vector {
    /// Its name.
    pub name: String,
    /// The sentence it shows, in other words.
    pub shows: String,
    /// The policy folder.
    pub source: Source,
    /// The schemas of its systems.
    pub schemas: BTreeMap<String, Schema>,
    /// The folder, compiled.
    pub policy: Policy,
    /// The rows before.
    pub world: World,
    /// What is asked.
    pub right: Asked,
    /// About whom.
    pub question: Question,
    /// Lines of the outcome, sorted; see [`Vector::outcome`].
    pub gives: Vec<String>,
}

/// What a vector asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The records of the person.
    Resolve,
    /// What is returned.
    Access,
    /// What is left.
    Erase,
}

/// The day on which all questions are asked.
pub const TODAY: &str = "2026-01-15";

const POLICY: &str = r#"
[company]
name = "Vector"
country = "NO"
contact = "privacy@vector.example"

[[law]]
id = "tax"
title = "Tax law"
article = "1"
jurisdiction = "NO"
retention = "P5Y"
"#;

const SYSTEM: &str = "[system]\nkind = \"sqlite\"\ncountry = \"NO\"\nconnect = { env = \"VECTOR\" }\n\n";

/// What a file holds.
pub struct Vectors {
    /// Those that can be asked.
    pub ready: Vec<Vector>,
    /// Names of those whose map uses a part of the language that no plan carries out yet.
    pub later: Vec<String>,
}

/// Reads a file of vectors; an error says which vector is wrong and why.
pub fn read(text: &str) -> Result<Vectors, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut vectors = Vectors { ready: Vec::new(), later: Vec::new() };
    for written in &file.vector {
        match vector(&file, written).map_err(|e| format!("{}: {e}", written.name))? {
            Some(vector) => vectors.ready.push(vector),
            None => vectors.later.push(written.name.clone()),
        }
    }
    Ok(vectors)
}

fn vector(file: &File, written: &Written) -> Result<Option<Vector>, String> {
    let mut source = Source::default();
    source.add("policy.toml", POLICY);
    let mut maps: BTreeMap<&String, String> = BTreeMap::new();
    for (system, map) in file.map.iter().chain(&written.map) {
        maps.insert(system, map.clone());
    }
    for (system, more) in &written.more {
        maps.entry(system).or_default().push_str(more);
    }
    for (system, map) in maps {
        let head = if map.contains("[system]") { "" } else { SYSTEM };
        source.add(format!("systems/{system}.toml"), format!("{head}{map}"));
    }
    if let Some(holds) = &written.holds {
        source.add("holds.toml", holds.clone());
    }
    let texts: BTreeMap<_, _> = file.schema.iter().chain(&written.schema).collect();
    let schemas: BTreeMap<String, Schema> =
        texts.into_iter().map(|(n, t)| Ok((n.clone(), sketch::schema(t)?))).collect::<Result<_, String>>()?;
    if is_later(&source, &schemas) {
        return Ok(None);
    }
    let policy = compiled(&source, &schemas)?;
    let world = sketch::world(&policy, &schemas, written.rows.as_ref().unwrap_or(&file.rows))?;
    let (right, mut question) = asked(&policy, &world, &written.ask)?;
    for (hold, ask) in &written.held {
        question.held.insert(hold.clone(), asked(&policy, &world, ask)?.1);
    }
    let mut gives: Vec<String> = written.gives.lines().map(tidy).filter(|l| !l.is_empty()).collect();
    gives.sort();
    let (name, shows) = (written.name.clone(), written.shows.clone());
    Ok(Some(Vector { name, shows, source, schemas, policy, world, right, question, gives }))
}

/// Has a folder something that no plan carries out yet?
pub(crate) fn is_later(source: &Source, schemas: &BTreeMap<String, Schema>) -> bool {
    compile(source, Some(schemas)).diagnostics.iter().any(|d| d.is_error() && d.code == codes::NOT_YET)
}

/// Compiles a folder, or lists the errors.
pub fn compiled(source: &Source, schemas: &BTreeMap<String, Schema>) -> Result<Policy, String> {
    let compiled = compile(source, Some(schemas));
    compiled.policy.ok_or_else(|| {
        compiled.diagnostics.iter().filter(|d| d.is_error()).fold(String::from("does not compile"), |mut all, d| {
            let place = d.labels.first().map(|l| source.line_column(l.span)).unwrap_or_default();
            let file = d.labels.first().map(|l| source.file(l.span.file).path.clone()).unwrap_or_default();
            let _ = write!(all, "\n  {} {file}:{}:{} {}", d.code.0, place.0, place.1, d.message);
            all
        })
    })
}

fn asked(policy: &Policy, world: &World, ask: &BTreeMap<String, toml::Value>) -> Result<(Asked, Question), String> {
    let rights = [("resolve", Asked::Resolve), ("access", Asked::Access), ("erase", Asked::Erase)];
    let (word, right) = rights.into_iter().find(|(w, _)| ask.contains_key(*w)).ok_or("asks for no right")?;
    let kind = ask[word].as_str().and_then(|k| policy.kind(k)).ok_or("asks for an unknown kind")?;
    let value = |v: &toml::Value| match v {
        toml::Value::Integer(i) => Value::Int(*i),
        other => Value::text(other.as_str().unwrap_or_default()),
    };
    let others = [word, "tenant", "sweep", "also", "left"];
    let identities = ask.iter().filter(|(k, _)| !others.contains(&k.as_str())).map(|(k, v)| (k.clone(), value(v)));
    let (tenant, today) = (ask.get("tenant").map(value), TODAY.to_owned());
    let sweep = ask.get("sweep").and_then(toml::Value::as_bool).unwrap_or_default();
    let words = ask.get("also").and_then(toml::Value::as_str).map(str::to_owned).into_iter().collect();
    let lines = ask.get("left").and_then(toml::Value::as_array).into_iter().flatten();
    let left = lines.map(|line| row_of_line(policy, world, line.as_str().unwrap_or_default()));
    let (identities, left) = (identities.collect(), left.collect::<Result<_, String>>()?);
    Ok((right, Question { kind, tenant, identities, sweep, words, today, left, held: BTreeMap::new() }))
}

fn row_of_line(policy: &Policy, world: &World, line: &str) -> Result<RowId, String> {
    let found = world.all(policy).map(|(id, _)| id).find(|id| row_line(policy, id) == tidy(line));
    found.ok_or_else(|| format!("no row `{line}`"))
}

fn row_line(policy: &Policy, id: &RowId) -> String {
    let key: Vec<String> = id.1.iter().map(shown).collect();
    format!("{} | {}", table_name(policy, id.0), key.join(" | "))
}

fn table_name(policy: &Policy, id: TableId) -> String {
    let table = policy.table(id);
    match policy.systems.len() {
        1 => table.name.clone(),
        _ => format!("{}.{}", policy.system(table.system).name, table.name),
    }
}

impl Vector {
    /// What the oracle says: a line for each row found, returned or left (with what is done to its cells), for each row
    /// withheld and each hit that goes to review; or the refusal.
    pub fn outcome(&self) -> Vec<String> {
        let mut lines = match self.right {
            Asked::Resolve => resolve(&self.policy, &self.world, &self.question)
                .map(|records| records.iter().map(|id| self.row_line(id)).collect()),
            Asked::Access => access(&self.policy, &self.world, &self.question).map(|a| self.access_lines(&a)),
            Asked::Erase => erase(&self.policy, &self.world, &self.question).map(|e| self.erasure_lines(&e)),
        }
        .unwrap_or_else(|refusal| vec![self.refusal_line(&refusal)]);
        lines.sort();
        lines
    }

    fn refusal_line(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Unusable => "refused: unusable".to_owned(),
            Refusal::NotFound => "refused: not found".to_owned(),
            Refusal::Tenants(list) => {
                format!("refused: tenants {}", list.iter().cloned().collect::<Vec<_>>().join(" "))
            }
            Refusal::Apart => "refused: two people".to_owned(),
            Refusal::SecondRecord(table) => format!("refused: second record in {}", self.table(*table)),
        }
    }

    fn access_lines(&self, answer: &Accessed) -> Vec<String> {
        let mut lines = self.review_lines(&answer.claims);
        lines.extend(answer.withheld.iter().map(|id| format!("withheld | {}", self.row_line(id))));
        for (id, returned) in &answer.rows {
            let level = match returned.level {
                Access::Row => "row",
                Access::Shared => "shared",
                Access::Fact => "fact",
                Access::Withhold => "withheld",
            };
            let columns: Vec<usize> = returned.columns.iter().copied().collect();
            lines.push(format!(
                "{} | {level} | {}",
                self.row_line(id),
                self.policy.table(id.0).names(&columns).join(" ")
            ));
        }
        lines.iter().map(|l| tidy(l)).collect()
    }

    fn erasure_lines(&self, erasure: &Erasure) -> Vec<String> {
        let mut lines = self.review_lines(&erasure.claims);
        lines.extend(erasure.placeholders.iter().map(|(t, n)| format!("{} + {n}", self.table(*t))));
        for (id, row) in self.world.all(&self.policy).filter(|(id, _)| !erasure.fates.going.contains(id)) {
            let changes = erasure.changes.get(&id);
            let cells = row.iter().enumerate().map(|(c, v)| match changes.and_then(|cells| cells.get(&c)) {
                Some(change) => changed(change, v),
                None => shown(v),
            });
            lines.push(format!("{} | {}", self.table(id.0), cells.collect::<Vec<_>>().join(" | ")));
        }
        lines
    }

    fn review_lines(&self, claims: &Claims) -> Vec<String> {
        let name = |id: &RowId, c: usize| self.policy.table(id.0).columns[c].name.clone();
        claims.review.iter().map(|(id, c)| format!("review | {} | {}", self.row_line(id), name(id, *c))).collect()
    }

    fn row_line(&self, id: &RowId) -> String {
        row_line(&self.policy, id)
    }

    fn table(&self, id: TableId) -> String {
        table_name(&self.policy, id)
    }
}

fn tidy(line: &str) -> String {
    line.split('|').map(str::trim).collect::<Vec<_>>().join(" | ").trim().to_owned()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "~".to_owned(),
        Value::Text(s) if s.is_empty() => "''".to_owned(),
        v => crate::masks::text_of(v).or_else(|| v.join_text().map(Into::into)).unwrap_or_default(),
    }
}

/// A cell after a change, for people.
pub fn changed(change: &Change, old: &Value) -> String {
    match change {
        Change::Null => "~".to_owned(),
        Change::Blank => "''".to_owned(),
        Change::Replace(v) | Change::Nobody(v) | Change::Truncated(v) | Change::Coarse(v) => shown(v),
        Change::Alias => "<alias>".to_owned(),
        Change::Document(_, pieces) => crate::documents::shown(pieces),
        Change::Within(at, change) => {
            let mut text = shown(old);
            let part = Value::text(&text[at.clone()]);
            text.replace_range(at.clone(), &changed(change, &part));
            text
        }
        Change::Hash => "<hash>".to_owned(),
        Change::Pseudonym => "<token>".to_owned(),
        Change::Placeholder(..) => "<placeholder>".to_owned(),
        Change::Filled(template) => template.clone(),
        Change::Redacted(spans) => {
            let mut text = shown(old);
            spans.iter().rev().for_each(|s| text.replace_range(s.clone(), "***"));
            text
        }
    }
}
