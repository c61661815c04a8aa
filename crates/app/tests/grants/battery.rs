//! A copy of the company's databases, and persons whose access and erasure are carried out on it with two roles.

use std::collections::{BTreeMap, BTreeSet};

use connect::testing::{MariaServer, PgServer, Unseen, Written};
use connect::{FileTable, Options, Systems};
use engine::plan::{Action, Plan, Question, Seed};
use engine::policy::compile::compile;
use engine::policy::model::{Right, SystemKind};
use engine::run::Run;
use engine::source::Source;
use engine::value;
use serde_json::Value;

use crate::support::Company;

/// A person by the number of their record in the help desk, and when they ask.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    kind: &'static str,
    id: i64,
    /// When every law that keeps something of theirs has ended.
    later: bool,
}

impl Person {
    /// Everybody in the help desk; every other asks when all laws have ended.
    pub fn all(company: &Company) -> Vec<Person> {
        let of = |kind, sql: &str| {
            let rows = company.query("helpdesk", sql);
            let id = |row: &crate::support::Row| -> i64 {
                row["id"].as_ref().and_then(|id| id.parse().ok()).expect("a number")
            };
            rows.iter().map(|row| Person { kind, id: id(row), later: id(row) % 2 == 0 }).collect::<Vec<_>>()
        };
        let agents = of("agent", "select id from agents order by id");
        [agents, of("customer", "select id from persons order by id")].concat()
    }
}

/// What plans changed: `system.table.column`, and `system.table` for rows that were deleted or made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeSet<String>);

impl Places {
    /// What the printed rights allow the writing role.
    pub fn granted(told: &Value) -> Places {
        let mut places = Places::default();
        for system in told.as_array().expect("systems") {
            for (table, rights) in system["needs"]["write"].as_object().expect("tables") {
                let place = |column: &Value| format!("{}.{table}.{}", text(&system["system"]), text(column));
                places.0.extend(rights["update"].as_array().expect("columns").iter().map(place));
                let whole = format!("{}.{table}", text(&system["system"]));
                let inserts = rights["insert"].as_array().is_some_and(|c| !c.is_empty());
                places.0.extend(rights["delete"].as_bool().filter(|d| *d).map(|_| format!("{whole} deleted")));
                places.0.extend(inserts.then(|| format!("{whole} inserted")));
            }
        }
        places
    }

    /// What is here and not there.
    pub fn beyond(&self, other: &Places) -> BTreeSet<String> {
        self.0.difference(&other.0).cloned().collect()
    }

    fn of(plan: &Plan) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for system in plan.systems.iter().filter(|s| s.system != "uploads") {
            for step in &system.steps {
                let table = format!("{}.{}", system.system, step.table);
                match &step.action {
                    Action::Delete => drop(found.insert(format!("{table} deleted"))),
                    Action::Insert { .. } => drop(found.insert(format!("{table} inserted"))),
                    Action::Change { columns, .. } => found.extend(columns.iter().map(|(c, _)| format!("{table}.{c}"))),
                    Action::Export { .. } | Action::Confirm { .. } | Action::Reinsert { .. } => {}
                }
            }
        }
        found
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Both databases, and who reads and writes them.
pub struct Battery {
    kind: SystemKind,
    databases: BTreeMap<&'static str, String>,
    /// A copy of the files, which go with what names them.
    uploads: tempfile::TempDir,
    source: Source,
    read: String,
    write: String,
}

impl Battery {
    /// Copies the company's databases, with the rights in them.
    pub fn copy(company: &Company, name: &str, read: &str, write: &str) -> Battery {
        let copied = |system: &'static str| {
            let from = crate::database(company, system);
            let to = format!("{from}_{name}");
            PgServer::shared().psql("postgres", &format!("create database \"{to}\" template \"{from}\""));
            (system, to)
        };
        let databases = ["helpdesk", "billing"].into_iter().map(copied).collect();
        let (read, write) = (read.to_owned(), write.to_owned());
        let uploads = uploads(company);
        Battery { kind: SystemKind::Postgres, databases, uploads, source: source(company), read, write }
    }

    /// The company's own databases on MariaDB.
    pub fn mariadb(company: &Company, read: &str, write: &str) -> Battery {
        let databases = ["helpdesk", "billing"].into_iter().map(|s| (s, crate::database(company, s)));
        let (read, write) = (read.to_owned(), write.to_owned());
        let (databases, uploads) = (databases.collect(), uploads(company));
        Battery { kind: SystemKind::Mysql, databases, uploads, source: source(company), read, write }
    }

    /// The same copies, read by another role.
    pub fn reading_as(mut self, role: &str) -> Battery {
        self.read = role.to_owned();
        self
    }

    /// Runs SQL as the superuser.
    pub fn psql(&self, system: &str, sql: &str) {
        PgServer::shared().psql(&self.databases[system], sql);
    }

    /// Carries out access and erasure for each person, and probes; the first failure ends it.
    pub fn run(&self, persons: &[Person]) -> Result<Places, String> {
        let mut places = Places::default();
        self.each(persons, |_, found| places.0.extend(found))?;
        Ok(places)
    }

    /// Persons that together touch everything that any person touches.
    pub fn chosen(&self, persons: &[Person]) -> Result<Vec<Person>, String> {
        let (mut seen, mut chosen) = (BTreeSet::new(), Vec::new());
        self.each(persons, |person, found| {
            let before = seen.len();
            seen.extend(found);
            if seen.len() > before {
                chosen.push(person.clone());
            }
        })?;
        Ok(chosen)
    }

    fn each(&self, persons: &[Person], mut told: impl FnMut(&Person, BTreeSet<String>)) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let systems = self.systems();
            let schemas = connect::describe(&systems).await.map_err(|e| e.to_string())?;
            let compiled = compile(&self.source, Some(&schemas));
            let why = || format!("the folder does not compile: {:?}", compiled.diagnostics.first().map(|d| &d.message));
            let policy = compiled.policy.as_ref().ok_or_else(why)?;
            for (nth, person) in persons.iter().enumerate() {
                let mut found = BTreeSet::new();
                for right in [Right::Access, Right::Erasure] {
                    let kind = policy.kind(person.kind).ok_or("no such kind")?;
                    let question = question(nth, right, kind, person);
                    let plan = connect::plan(policy, &schemas, &systems, question).await;
                    let plan = plan.map_err(|e| format!("plan: {e}"))?;
                    let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
                    let run = Run::new(&plan, &policy.hash, plan.made_at, &approved, &[]);
                    let ran = connect::run(&plan, run, &systems, &mut Written::default(), &mut Unseen).await;
                    ran.map_err(|halt| format!("{}: {halt}", right.word()))?;
                    let probed = connect::probe(policy, &systems, &plan).await.map_err(|e| format!("probe: {e}"))?;
                    probed.ok_or("nothing could be probed")?;
                    found.extend(Places::of(&plan));
                }
                told(person, found);
            }
            Ok(())
        })
    }

    fn systems(&self) -> Systems {
        let encoded = |role: &str| role.replace('"', "%22").replace(' ', "%20").replace(';', "%3B");
        let opened = self.databases.iter().map(|(system, database)| {
            let address = |role: &str| match self.kind {
                SystemKind::Mysql => MariaServer::shared().url_as(&encoded(role), "", database),
                _ => PgServer::shared().url_as(&encoded(role), database),
            };
            let opened =
                connect::open(self.kind, &address(&self.read), Some(&address(&self.write)), Options::default());
            ((*system).to_owned(), opened.expect("an address"))
        });
        opened.chain(std::iter::once(("uploads".to_owned(), self.files()))).collect()
    }

    fn files(&self) -> Box<dyn connect::Connector> {
        let (written, _) = engine::policy::parse::parse(&self.source);
        let tables = written.systems.iter().filter(|s| s.name == "uploads").flat_map(|s| &s.tables);
        let file = |(name, table): &(_, engine::policy::written::Table)| {
            let name: &engine::source::At<String> = name;
            Some(FileTable { name: name.it.clone(), path: table.path.as_ref()?.it.clone() })
        };
        let options = Options { files: tables.filter_map(file).collect(), ..Options::default() };
        let path = self.uploads.path().display().to_string();
        connect::open(SystemKind::Files, &path, Some(&path), options).expect("a folder")
    }
}

impl Drop for Battery {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.kind == SystemKind::Postgres {
            for database in self.databases.values() {
                PgServer::shared().psql("postgres", &format!("drop database \"{database}\" with (force)"));
            }
        }
    }
}

fn uploads(company: &Company) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let mut folders = vec![std::path::PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(company.uploads.join(&folder)).expect("list the files").flatten() {
            let (from, name) = (entry.path(), folder.join(entry.file_name()));
            if from.is_dir() {
                std::fs::create_dir(copy.path().join(&name)).expect("a folder");
                folders.push(name);
            } else {
                std::fs::copy(from, copy.path().join(name)).expect("copy a file");
            }
        }
    }
    copy
}

fn source(company: &Company) -> Source {
    let mut source = Source::default();
    for (prefix, folder) in [("", company.folder.clone()), ("systems/", company.folder.join("systems"))] {
        for entry in std::fs::read_dir(folder).expect("list the folder").flatten() {
            let name = entry.file_name().into_string().expect("a name");
            if name.ends_with(".toml") || name == "notice.md" {
                source.add(format!("{prefix}{name}"), std::fs::read_to_string(entry.path()).expect("read the folder"));
            }
        }
    }
    source
}

fn question(nth: usize, right: Right, kind: engine::policy::model::KindId, person: &Person) -> Question {
    let now = if person.later { "2037-11-02T09:00:00Z" } else { "2026-11-02T09:00:00Z" };
    let made_at: jiff::Timestamp = now.parse().expect("a time");
    let seed = Seed::Record { system: "helpdesk".to_owned(), key: vec![value::Value::Int(person.id)] };
    Question {
        request: format!("case-{nth}-{}", right.word()),
        token_key: [u8::try_from(nth % 251).expect("a byte"); 32],
        made_at,
        expires_at: made_at + jiff::SignedDuration::from_hours(24),
        ..connect::testing::question(right, kind, vec![seed])
    }
}
