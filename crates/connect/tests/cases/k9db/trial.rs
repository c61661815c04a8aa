//! One case on one database: every ask is planned and run, and what comes of it compared with what is expected, and with
//! what the rules of the other model say.

use std::collections::{BTreeMap, BTreeSet};

use engine::plan::{Plan, Seed};
use engine::policy::model::{KindId, Policy, Right, SystemKind};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;

use super::case::{Case, Expected, Named, Returned, Step};
use super::compare::{Compare, Of};
use super::database::Database;
use super::edges::{Edge, edges};
use super::map::folder;
use super::model::{Model, Row, Rows, column};
use super::sql::{Ask, Table};
use crate::asked::{Untried, compiled, planned, question};
use crate::carried::{Exported, carry};

/// What the asks of a case came to.
#[derive(Default)]
pub struct Done {
    /// Rows returned, and left in the tables.
    pub rows: usize,
    pub wrong: Vec<String>,
    /// Where both mean the same in different words.
    pub notes: BTreeSet<&'static str>,
    /// Edges that somebody's rights followed, by the place of the table that they reach.
    used: BTreeSet<(usize, String)>,
}

/// Tries all asks of a case, one after the other, on one database.
pub async fn trial(kind: SystemKind, case: &Case) -> Result<Done, Untried> {
    let database = Database::with(kind, &case.tables, case.declared).await;
    let schemas = connect::describe(&database.systems).await.map_err(|e| e.to_string())?;
    let policy = policy(kind, &case.tables, &schemas)?;
    let compare = Compare::new(&case.tables);
    let mut world = World {
        tables: &case.tables,
        declared: case.declared,
        database: &database,
        policy: &policy,
        schemas: &schemas,
        compare,
    };
    let mut done = Done::default();
    for step in &case.steps {
        match step {
            Step::Insert { table, columns, rows } => database.insert(table, columns, rows).await,
            Step::Execute(sql) => database.execute(sql).await,
            Step::Ask(ask, expected) => world.ask(ask, expected, &mut done).await?,
        }
    }
    if world.compare.untied {
        done.notes.insert("references to what is gone are undone");
    }
    if case.thorough {
        let used = |edge: &Edge| {
            done.used.iter().any(|(t, name)| case.tables[*t].name == edge.reaches() && *name == edge.name())
        };
        let unused = edges(&case.tables).into_iter().filter(|edge| !used(edge));
        done.wrong.extend(
            unused.map(|edge| format!("nobody reached {} along {}", edge.reaches(), edge.name())).collect::<Vec<_>>(),
        );
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
    tables: &'a [Table],
    declared: bool,
    database: &'a Database,
    policy: &'a Policy,
    schemas: &'a BTreeMap<String, Schema>,
    compare: Compare<'a>,
}

impl World<'_> {
    async fn ask(&mut self, ask: &Ask, expected: &Expected, done: &mut Done) -> Result<(), String> {
        let before = self.database.all(self.tables).await;
        let exported = match self.plan(ask).await? {
            Some(plan) => carry(&plan, &self.database.systems).await?,
            None => Exported::default(),
        };
        let after = self.database.all(self.tables).await;
        let model = Model::new(self.tables, &before);
        self.compare.went(&before, &after);
        done.used.extend(model.used(&ask.table, &ask.key));
        let (rows, wrong) = if ask.forget {
            let by_rules = model.left(&ask.table, &ask.key);
            let wrong =
                if self.declared { self.intact(&by_rules, &after) } else { self.left(&by_rules, expected, &after) };
            (after.iter().map(Vec::len).sum(), wrong)
        } else {
            if exported.0.iter().any(|(_, columns, _)| columns.is_empty()) {
                done.notes.insert("a row of which all is hidden is told by its key alone");
            }
            let found = self.found(&exported);
            let mut wrong = self.returned(&model.got(&ask.table, &ask.key), expected, &found);
            if before != after {
                wrong.push("an access changed rows".to_owned());
            }
            (found.len(), wrong)
        };
        done.rows += rows;
        let asked = format!("{} {} {}", if ask.forget { "forget" } else { "get" }, ask.table, ask.key);
        let wrong: BTreeSet<String> = wrong.into_iter().collect();
        done.wrong.extend(wrong.into_iter().map(|why| format!("{asked}: {why}")));
        Ok(())
    }

    /// The plan; `None` where nobody is found.
    async fn plan(&self, ask: &Ask) -> Result<Option<Plan>, String> {
        let kind = self.policy.kinds.iter().position(|k| k.name == ask.table);
        let kind = KindId(kind.ok_or_else(|| format!("{} is no data subject", ask.table))?);
        let right = if ask.forget { Right::Erasure } else { Right::Access };
        let seed = Seed::Identity { name: "record".to_owned(), value: Value::text(&ask.key) };
        planned(self.policy, self.schemas, &self.database.systems, question(right, kind, seed)).await
    }

    /// What was returned, with NULL for what was withheld of a row.
    fn found(&self, exported: &Exported) -> Vec<Of> {
        let mut all = Vec::new();
        for (name, columns, rows) in &exported.0 {
            let n = self.place(name);
            let place = |column: &String| columns.iter().position(|c| c == column);
            let places: Vec<Option<usize>> = self.tables[n].columns.iter().map(|c| place(&c.name)).collect();
            for row in rows {
                all.push((Some(n), places.iter().map(|at| at.and_then(|at| text(&row[at]))).collect()));
            }
        }
        all
    }

    fn place(&self, table: &str) -> usize {
        self.tables.iter().position(|t| t.name == table).expect("a table of the case")
    }

    /// Compares what was returned with what the rules say, and with what was published.
    fn returned(&mut self, by_rules: &[(usize, Row)], expected: &Expected, found: &[Of]) -> Vec<String> {
        let by_rules: Vec<Of> = by_rules.iter().map(|(n, row)| (Some(*n), row.clone())).collect();
        let mut wrong = self.compare.differences("returned", &by_rules, found).all();
        let (exactly, said) = match &expected.returned {
            Returned::Unsaid => return wrong,
            Returned::Exactly(said) => (true, said),
            Returned::AtLeast(said) => (false, said),
        };
        let placed = |(table, row): &Named| (table.as_ref().map(|t| self.place(t)), row.clone());
        let said: Vec<Of> = said.iter().map(placed).collect();
        let differences = self.compare.differences("returned", &said, found);
        wrong.extend(if exactly { differences.all() } else { differences.missing });
        wrong
    }

    /// With foreign keys, rows that others refer to stay, less what was the person's; nothing else may differ.
    fn intact(&mut self, by_rules: &Rows, after: &Rows) -> Vec<String> {
        let mut wrong = dangling(self.tables, after);
        for (n, table) in self.tables.iter().enumerate() {
            let of = |rows: &Vec<Row>| rows.iter().map(|row| (Some(n), row.clone())).collect::<Vec<Of>>();
            let key: Vec<usize> = table.key.iter().map(|k| column(table, k)).collect();
            let kept = |row: &&Row| by_rules[n].iter().any(|r| key.iter().all(|&k| r[k] == row[k]));
            let (kept, more): (Vec<&Row>, Vec<&Row>) = after[n].iter().partition(kept);
            let kept: Vec<Row> = kept.into_iter().cloned().collect();
            wrong.extend(self.compare.differences("left", &of(&by_rules[n]), &of(&kept)).all());
            let idle = more.into_iter().filter(|row| !referred(self.tables, after, table, row));
            wrong.extend(idle.map(|row| format!("left though nothing refers to it: {} {row:?}", table.name)));
        }
        wrong
    }

    /// Compares what is left with what the rules say, and with what was published of it.
    fn left(&mut self, by_rules: &Rows, expected: &Expected, after: &Rows) -> Vec<String> {
        let mut wrong = Vec::new();
        for (n, table) in self.tables.iter().enumerate() {
            let of = |rows: &Vec<Row>| rows.iter().map(|row| (Some(n), row.clone())).collect::<Vec<Of>>();
            for rows in [Some(&by_rules[n]), expected.left.get(&table.name)].into_iter().flatten() {
                wrong.extend(self.compare.differences("left", &of(rows), &of(&after[n])).all());
            }
        }
        wrong
    }
}

/// References that lead nowhere.
fn dangling(tables: &[Table], rows: &Rows) -> Vec<String> {
    let mut wrong = Vec::new();
    for (n, table) in tables.iter().enumerate() {
        for reference in table.references.iter().filter(|r| r.may_be_declared(tables, table)) {
            let Some(target) = tables.iter().position(|t| t.name == reference.table) else { continue };
            let (own, to) = (column(table, &reference.column), column(&tables[target], &reference.to));
            let leads = |row: &&Row| row[own].is_none() || rows[target].iter().any(|r| r[to] == row[own]);
            let lost = rows[n].iter().filter(|row| !leads(row)).count();
            wrong.extend(
                (lost > 0).then(|| format!("{lost} rows of {} lead nowhere: {}", table.name, reference.column)),
            );
        }
    }
    wrong
}

/// Does some row refer to this one?
fn referred(tables: &[Table], rows: &Rows, table: &Table, row: &Row) -> bool {
    tables.iter().zip(rows).any(|(other, rows)| {
        other.references.iter().filter(|r| r.table == table.name).any(|r| {
            let (own, to) = (column(other, &r.column), column(table, &r.to));
            rows.iter().any(|other| other[own].is_some() && other[own] == row[to])
        })
    })
}

/// As a database would print it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        other => other.join_text().map(|text| text.into_owned()),
    }
}
