//! What the package says about itself: `manifest.json`. Names and counts, no personal value but the tenant.

use engine::plan::{Action, Kept, OtherKind, Plan, Record, Step, Unusable, Withheld};
use engine::policy::model::{self, Access, Epoch, Policy, Right};
use engine::schema::Class;
use jiff::Timestamp;
use serde::Serialize;

use super::attachments::Attachment;
use super::files::{Listed, Names};
use super::{exact, sheet, words};

/// The whole manifest; the page is drawn from it too.
#[derive(Serialize)]
pub struct Manifest {
    format: &'static str,
    version: u32,
    pub company: String,
    pub request: String,
    pub right: Right,
    /// Kind of the person.
    pub subject: String,
    pub tenant: Option<serde_json::Value>,
    pub made_at: Timestamp,
    /// Hash of the plan; a nonce is in it.
    plan: String,
    /// Hash of the policy folder.
    policy: String,
    how_to_read: Vec<&'static str>,
    persons: Vec<Person>,
    pub tables: Vec<Table>,
    /// Work of people that the answer waits for.
    pub tasks: Vec<Task>,
    /// Places that only a person can judge.
    pub review: Vec<Places>,
    /// Columns with values that look like identities and were no help in finding more.
    pub unusable: Vec<Unusable>,
    /// Records of the same identity under another kind.
    pub other_kinds: Vec<Other>,
    kept: Vec<Stays>,
    /// Files of the person, under names of our own.
    pub attachments: Vec<Attachment>,
    pub files: Vec<Listed>,
}

/// One record of the person, by name only.
#[derive(Serialize)]
struct Person {
    system: String,
    table: String,
    chain: Vec<String>,
}

/// One table of the answer.
#[derive(Serialize)]
pub struct Table {
    pub system: String,
    pub table: String,
    /// Path of its rows; none where all are withheld.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Path of the same rows for spreadsheets.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub csv: String,
    pub rows: Rows,
    pub columns: Vec<Column>,
    pub withheld: Vec<Hidden>,
    /// Zone of times without one.
    #[serde(skip)]
    pub zone: String,
    /// Columns that tell its rows apart.
    #[serde(skip)]
    pub key: Vec<String>,
}

/// Rows returned, by how much of them.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Rows {
    row: u64,
    shared: u64,
    fact: u64,
}

/// One column that is returned, withheld or both.
#[derive(Clone, Serialize)]
pub struct Column {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The category in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Rows in which it is returned.
    pub returned: u64,
    /// Its values are encrypted under a key of the person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub encrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_text: Option<FreeText>,
    #[serde(skip)]
    pub class: Class,
    /// Its numbers are times, counted in this unit.
    #[serde(skip)]
    pub time: Option<Epoch>,
}

/// What was done with a free text.
#[derive(Clone, Copy, Serialize)]
pub struct FreeText {
    searched: &'static str,
    others: &'static str,
}

/// Columns, or whole rows, that are left out.
#[derive(Serialize)]
pub struct Hidden {
    /// None: the whole row.
    pub columns: Vec<String>,
    pub rows: usize,
    pub reason: String,
}

/// Work of people.
#[derive(Serialize)]
pub struct Task {
    pub system: String,
    pub team: String,
    text: String,
}

/// A number of places in a table.
#[derive(Serialize)]
pub struct Places {
    system: String,
    table: String,
    pub places: usize,
}

/// The same identity under another kind.
#[derive(Serialize)]
pub struct Other {
    pub kind: String,
    system: String,
    table: String,
    rows: usize,
}

/// Rows that survive.
#[derive(Serialize)]
struct Stays {
    system: String,
    table: String,
    rows: usize,
    columns: Vec<String>,
    #[serde(flatten)]
    reason: engine::plan::Why,
}

impl Manifest {
    /// What a plan will return. Fails where the plan names a table that the policy does not have.
    pub fn of(plan: &Plan, policy: &Policy) -> anyhow::Result<Manifest> {
        let mut manifest = Manifest {
            format: "upheld-access-package",
            version: 1,
            company: policy.company.clone(),
            request: plan.request.clone(),
            right: plan.right,
            subject: plan.kind.clone(),
            tenant: plan.tenant.as_ref().map(exact::value),
            made_at: plan.made_at,
            plan: plan.hash(),
            policy: plan.policy.clone(),
            how_to_read: [exact::HOW_TO_READ, sheet::HOW_TO_READ].concat(),
            persons: plan.persons.iter().map(Person::of).collect(),
            tables: Vec::new(),
            tasks: tasks(plan),
            review: review(plan),
            unusable: plan.unusable.clone(),
            other_kinds: plan.other_kinds.iter().map(Other::of).collect(),
            kept: plan.kept.iter().map(Stays::of).collect(),
            attachments: Vec::new(),
            files: Vec::new(),
        };
        let searched = !plan.identifiers.is_empty();
        for (system, step) in steps(plan) {
            let Action::Export { level, .. } = &step.action else { continue };
            let table = manifest.table(policy, system, &step.table, searched)?;
            table.add(step, *level);
        }
        for Withheld { system, table, columns, rows, reason } in &plan.withheld {
            let table = manifest.table(policy, system, table, searched)?;
            table.withheld.push(Hidden { columns: columns.clone(), rows: *rows, reason: reason.clone() });
        }
        manifest.settle(policy);
        Ok(manifest)
    }

    /// Index of a table.
    pub fn position(&self, system: &str, table: &str) -> Option<usize> {
        self.tables.iter().position(|t| t.system == system && t.table == table)
    }

    fn table(&mut self, policy: &Policy, system: &str, name: &str, searched: bool) -> anyhow::Result<&mut Table> {
        let at = match self.position(system, name) {
            Some(at) => at,
            None => {
                self.tables.push(Table::new(policy, system, name, searched)?);
                self.tables.len() - 1
            }
        };
        Ok(&mut self.tables[at])
    }

    /// Groups tables by system, drops columns that nothing is said of, and names the files.
    fn settle(&mut self, policy: &Policy) {
        self.tables.sort_by_key(|t| policy.system_named(&t.system));
        let (mut folders, mut names) = (Names::default(), Names::default());
        let mut folder = (String::new(), String::new());
        for t in &mut self.tables {
            t.columns.retain(|c| c.returned > 0 || t.withheld.iter().any(|w| w.columns.contains(&c.name)));
            if t.rows.total() > 0 {
                if folder.0 != t.system {
                    folder = (t.system.clone(), folders.give(&t.system, ""));
                    names = Names::default();
                }
                t.file = format!("data/{}/{}", folder.1, names.give(&t.table, ".jsonl"));
                t.csv = format!("{}.csv", t.file.trim_end_matches(".jsonl"));
            }
        }
    }
}

impl Table {
    fn new(policy: &Policy, system: &str, name: &str, searched: bool) -> anyhow::Result<Table> {
        let id = policy.system_named(system);
        let known = id.and_then(|id| Some((policy.system(id), policy.table(policy.table_named(id, name)?))));
        let Some((place, t)) = known else {
            anyhow::bail!("the plan names {system}.{name}, which the policy folder does not have: make a new plan");
        };
        Ok(Table {
            system: system.to_owned(),
            table: name.to_owned(),
            file: String::new(),
            csv: String::new(),
            rows: Rows::default(),
            columns: t.columns.iter().map(|c| Column::of(c, searched)).collect(),
            withheld: Vec::new(),
            key: t.names(&t.key),
            zone: place.time_zone.clone().unwrap_or_else(|| "UTC".to_owned()),
        })
    }

    fn add(&mut self, step: &Step, level: Access) {
        let rows = step.rows();
        self.rows.add(level, rows);
        let returned = step.shown();
        for column in self.columns.iter_mut().filter(|c| returned.contains(&c.name)) {
            column.returned += rows;
        }
    }

    /// Path of its pages without their numbers, where it has a file.
    pub fn pages(&self) -> String {
        self.file.replacen("data/", "pages/", 1).trim_end_matches(".jsonl").to_owned()
    }

    /// Columns that some row returns, in the order of the table.
    pub fn returned(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.returned > 0)
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

impl Column {
    fn of(column: &model::Column, searched: bool) -> Column {
        let searched = match (searched, column.class) {
            (true, Class::Bytes) => {
                "searched for identifiers of the person where the bytes are UTF-8, others not examined"
            }
            (true, _) => "searched for identifiers of the person",
            (false, _) => "not searched",
        };
        Column {
            name: column.name.clone(),
            category: column.category.clone(),
            meaning: column.category.as_deref().and_then(words::meaning),
            returned: 0,
            encrypted: column.erase.iter().any(|(_, erase)| *erase == model::Erase::Shred),
            free_text: column.text.then_some(FreeText { searched, others: "not examined for other people's data" }),
            class: if column.time.is_some() { Class::Timestamp } else { column.class },
            time: column.time,
        }
    }
}

impl Rows {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.row + self.shared + self.fact
    }

    fn add(&mut self, level: Access, rows: u64) {
        match level {
            Access::Row => self.row += rows,
            Access::Shared => self.shared += rows,
            Access::Fact => self.fact += rows,
            Access::Withhold => {}
        }
    }
}

impl Person {
    fn of(record: &Record) -> Person {
        Person { system: record.system.clone(), table: record.table.clone(), chain: record.chain.clone() }
    }
}

impl Other {
    fn of(other: &OtherKind) -> Other {
        let OtherKind { kind, system, table, keys } = other.clone();
        Other { kind, system, table, rows: keys.len() }
    }
}

impl Stays {
    fn of(kept: &Kept) -> Stays {
        let Kept { system, table, keys, reason, columns } = kept.clone();
        Stays { system, table, rows: keys.len(), columns, reason }
    }
}

fn steps(plan: &Plan) -> impl Iterator<Item = (&str, &Step)> {
    plan.systems.iter().flat_map(|s| s.steps.iter().map(move |step| (s.system.as_str(), step)))
}

fn tasks(plan: &Plan) -> Vec<Task> {
    let task = |(system, step): (&str, &Step)| match &step.action {
        Action::Confirm { team, text } => {
            Some(Task { system: system.to_owned(), team: team.clone(), text: text.clone() })
        }
        _ => None,
    };
    steps(plan).filter_map(task).collect()
}

fn review(plan: &Plan) -> Vec<Places> {
    let mut places: Vec<Places> = Vec::new();
    for hit in &plan.review {
        match places.iter_mut().find(|p| p.system == hit.system && p.table == hit.table) {
            Some(p) => p.places += 1,
            None => places.push(Places { system: hit.system.clone(), table: hit.table.clone(), places: 1 }),
        }
    }
    places
}
