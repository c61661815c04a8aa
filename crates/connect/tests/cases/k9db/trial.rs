//! One case on one database: every ask is planned and run, and what comes of it compared.

use std::collections::{BTreeMap, BTreeSet};

use engine::plan::{Plan, Seed};
use engine::policy::model::{KindId, Policy, Right, SystemKind};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;

use super::database::Database;
use super::map::folder;
use super::script::{Case, Expected, Step};
use super::sql::{Ask, Table, Way};
use crate::asked::{Untried, compiled, planned, question};
use crate::carried::{Exported, carry};

/// What one ask came to.
pub struct Done {
    pub asked: String,
    /// Rows returned, or left in the tables compared.
    pub rows: usize,
    pub wrong: Vec<String>,
    /// Where both mean the same in different words.
    pub notes: BTreeSet<&'static str>,
}

/// Tries all asks of a case, one after the other, on one database.
pub async fn trial(kind: SystemKind, case: &Case) -> Result<Vec<Done>, Untried> {
    let database = Database::create(kind, &case.tables).await;
    let schemas = connect::describe(&database.systems).await.map_err(|e| e.to_string())?;
    let policy = policy(kind, &case.tables, &schemas)?;
    let mut done = Vec::new();
    for step in &case.steps {
        match step {
            Step::Insert { table, columns, rows } => database.insert(table, columns, rows).await,
            Step::Ask(ask, expected) => {
                let world = World { case, database: &database, policy: &policy, schemas: &schemas };
                done.push(world.ask(ask, expected).await?);
            }
        }
    }
    Ok(done)
}

fn policy(kind: SystemKind, tables: &[Table], schemas: &BTreeMap<String, Schema>) -> Result<Policy, Untried> {
    let name = if kind == SystemKind::Postgres { "postgres" } else { "sqlite" };
    let mut source = Source::default();
    for (path, text) in folder(tables, name) {
        source.add(path, text);
    }
    compiled(&source, schemas)
}

struct World<'a> {
    case: &'a Case,
    database: &'a Database,
    policy: &'a Policy,
    schemas: &'a BTreeMap<String, Schema>,
}

impl World<'_> {
    async fn ask(&self, ask: &Ask, expected: &Expected) -> Result<Done, String> {
        let asked = format!("{} {} {}", if ask.forget { "forget" } else { "get" }, ask.table, ask.key);
        let exported = match self.plan(ask).await? {
            Some(plan) => carry(&plan, &self.database.systems).await?,
            None => Exported::default(),
        };
        let mut notes = BTreeSet::new();
        let (rows, wrong) = if ask.forget {
            self.left(expected, &mut notes).await
        } else {
            let returned = self.returned(&exported);
            let wrong = differences("returned", &expected.returned, &returned);
            if exported.0.iter().any(|(_, columns, _)| columns.is_empty()) {
                notes.insert("a row of which all is hidden is told by its key alone");
            }
            (returned.len(), wrong)
        };
        Ok(Done { asked, rows, wrong, notes })
    }

    /// The plan; `None` where nobody is found.
    async fn plan(&self, ask: &Ask) -> Result<Option<Plan>, String> {
        let kind = self.policy.kinds.iter().position(|k| k.name == ask.table);
        let kind = KindId(kind.ok_or_else(|| format!("{} is no data subject", ask.table))?);
        let right = if ask.forget { Right::Erasure } else { Right::Access };
        let seed = Seed::Identity { name: "record".to_owned(), value: Value::text(&ask.key) };
        let question = question(right, kind, seed);
        planned(self.policy, self.schemas, &self.database.systems, question).await
    }

    fn table(&self, name: &str) -> &Table {
        self.case.tables.iter().find(|t| t.name == name).expect("a table of the case")
    }

    /// What was returned, with NULL for what was withheld of a row.
    fn returned(&self, exported: &Exported) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns, rows) in &exported.0 {
            for row in rows {
                let cell = |name: &String| {
                    let at = columns.iter().position(|c| c == name)?;
                    row[at].join_text().map(|t| t.into_owned())
                };
                let cells = self.table(table).columns.iter().map(|c| cell(&c.name));
                all.push(shown(table, cells));
            }
        }
        all.sort();
        all
    }

    /// Compares what is left. A reference to a row that is gone may have lost its value: it is undone here, and left
    /// to lead nowhere there.
    async fn left(&self, expected: &Expected, notes: &mut BTreeSet<&'static str>) -> (usize, Vec<String>) {
        let mut wrong = Vec::new();
        let mut count = 0;
        for (name, rows) in &expected.left {
            let table = self.table(name);
            let mut left: Vec<String> =
                self.database.rows(table).await.into_iter().map(|r| shown(name, r.into_iter())).collect();
            left.sort();
            count += left.len();
            if left == *rows {
                continue;
            }
            let mut tied = Vec::new();
            for row in rows {
                tied.push(self.untied(table, row).await);
            }
            tied.sort();
            if left == tied {
                notes.insert("references to what is gone are undone");
            } else {
                wrong.extend(differences("left", rows, &left));
            }
        }
        (count, wrong)
    }

    /// An expected row without references to rows that are gone.
    async fn untied(&self, table: &Table, row: &str) -> String {
        let mut cells: Vec<Option<String>> =
            row.split('|').skip(1).map(|c| (c != "NULL").then(|| c.to_owned())).collect();
        for reference in
            table.references.iter().filter(|r| matches!(r.way, Way::OwnedBy | Way::AccessedBy | Way::Plain))
        {
            let target = self.table(&reference.table);
            let to = target.columns.iter().position(|c| c.name == reference.to).expect("a column of the case");
            let there: BTreeSet<Option<String>> =
                self.database.rows(target).await.into_iter().map(|mut r| r.swap_remove(to)).collect();
            let at = table.columns.iter().position(|c| c.name == reference.column).expect("a column of the case");
            if !there.contains(&cells[at]) {
                cells[at] = None;
            }
        }
        shown(&table.name, cells.into_iter())
    }
}

fn shown(table: &str, cells: impl Iterator<Item = Option<String>>) -> String {
    let cells: Vec<String> = cells.map(|c| c.unwrap_or_else(|| "NULL".to_owned())).collect();
    format!("{table}|{}", cells.join("|"))
}

fn differences(what: &str, expected: &[String], found: &[String]) -> Vec<String> {
    let count = |all: &[String], row: &String| all.iter().filter(|r| *r == row).count();
    let more = |a: &[String], b: &[String]| -> Vec<String> {
        let all: BTreeSet<&String> = a.iter().filter(|r| count(a, r) > count(b, r)).collect();
        all.into_iter().cloned().collect()
    };
    let missing = more(expected, found).into_iter().map(|r| format!("not {what}: {r}"));
    missing.chain(more(found, expected).into_iter().map(|r| format!("{what} as well: {r}"))).collect()
}
