//! What is tried: a policy folder, the schemas and rows of its systems, and a question.

use std::collections::BTreeMap;
use std::fmt;

use connect::testing::question;
use engine::plan::{Question, Seed};
use engine::policy::model::{Policy, Right, TableId, Worth};
use engine::schema::Schema;
use engine::source::Source;
use engine::text::Words;
use engine::value::Value;
use oracle::World;
use oracle::vector::{Asked, Vector, compiled};

use crate::memory::Tables;

/// One case, from a vector or from a seed.
pub struct Case {
    pub name: String,
    pub source: Source,
    pub schemas: BTreeMap<String, Schema>,
    pub policy: Policy,
    pub world: World,
    pub question: oracle::Question,
    /// The one right a vector is about; random cases are tried with both.
    pub only: Option<Asked>,
    /// Rows that are written while an erasure is carried out.
    pub meanwhile: Vec<(TableId, oracle::Row)>,
}

impl Case {
    pub fn of_seed(seed: u64) -> Case {
        Case::generated(format!("seed {seed}"), oracle::generate::generate(seed))
    }

    /// A case with tables into which is written while an erasure is carried out.
    pub fn swept(seed: u64) -> Case {
        Case::generated(format!("seed {seed}, written into"), oracle::generate::generate_swept(seed))
    }

    /// A case whose tables all have keys.
    pub fn keyed(seed: u64) -> Case {
        Case::generated(format!("seed {seed} with keys"), oracle::generate::generate_keyed(seed))
    }

    /// A case of the generator as it was before rules that are seldom reached were drawn more often.
    pub fn of_keyless(seed: u64) -> Case {
        Case::generated(format!("seed {seed} of before"), oracle::generate::generate_keyless(seed))
    }

    /// A case of the generator as it was before some texts were kept as bytes.
    pub fn of_texts(seed: u64) -> Case {
        Case::generated(format!("seed {seed} of texts"), oracle::generate::generate_texts(seed))
    }

    /// A case of the generator as it first was.
    pub fn of_first_seed(seed: u64) -> Case {
        Case::generated(format!("first seed {seed}"), oracle::generate::generate_first(seed))
    }

    fn generated(name: String, case: oracle::generate::Case) -> Case {
        Case {
            name,
            source: case.source,
            schemas: case.schemas,
            policy: case.policy,
            world: case.world,
            question: case.question,
            only: None,
            meanwhile: case.meanwhile,
        }
    }

    pub fn of_vector(vector: Vector) -> Case {
        Case {
            name: format!("vector `{}`", vector.name),
            source: vector.source,
            schemas: vector.schemas,
            policy: vector.policy,
            world: vector.world,
            question: vector.question,
            only: Some(vector.right),
            meanwhile: Vec::new(),
        }
    }

    /// The same case, its folder compiled against what live databases say. Its maps name their kind.
    pub fn with_live(mut self, kind: &str, schemas: BTreeMap<String, Schema>) -> Result<Case, String> {
        let mut source = Source::default();
        for (_, file) in self.source.files() {
            source.add(&*file.path, file.text.replacen("kind = \"sqlite\"", &format!("kind = \"{kind}\""), 1));
        }
        self.source = source;
        let policy = compiled(&self.source, &schemas)?;
        let names = |p: &Policy| -> Vec<(String, Vec<String>)> {
            p.tables.iter().map(|t| (t.name.clone(), t.columns.iter().map(|c| c.name.clone()).collect())).collect()
        };
        if names(&policy) != names(&self.policy) {
            return Err("the live tables are not those of the case".to_owned());
        }
        (self.policy, self.schemas) = (policy, schemas);
        Ok(self)
    }

    /// All vectors.
    pub fn vectors() -> Vec<Case> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle/vectors");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        let read =
            |file: std::path::PathBuf| oracle::vector::read(&std::fs::read_to_string(file).unwrap()).unwrap().ready;
        files.into_iter().flat_map(read).map(Case::of_vector).collect()
    }

    /// The rows of a system, by table; tables that the map does not know are empty.
    pub fn tables(&self, system: &str) -> Tables {
        let mut tables: Tables = self.schemas[system].tables.iter().map(|t| (t.name.clone(), Vec::new())).collect();
        for id in self.of_system(system) {
            tables.insert(self.policy.table(id).name.clone(), self.world.rows(id).to_vec());
        }
        tables
    }

    /// Mapped tables of a system.
    pub fn of_system(&self, system: &str) -> Vec<TableId> {
        let id = self.policy.system_named(system).expect("a system of the policy");
        self.policy.table_ids().filter(|&t| self.policy.table(t).system == id && !self.policy.table(t).made).collect()
    }

    /// The question as the planner takes it. Names that are no key identity, which it refuses as a mistake of whoever
    /// asks, are left out as long as something else is given; the oracle passes over them.
    pub fn ask(&self, right: Right) -> Question {
        self.ask_about(&self.question, right)
    }

    /// The same about somebody else.
    pub fn ask_about(&self, asked: &oracle::Question, right: Right) -> Question {
        let populations = &self.policy.kinds[asked.kind.0].populations;
        let is_key = |name: &str| {
            populations.iter().flat_map(|p| &p.identities).any(|i| i.name == name && i.worth == Worth::Key)
        };
        let mut given: Vec<_> = asked.identities.iter().filter(|(n, _)| is_key(n)).collect();
        if given.is_empty() {
            given = asked.identities.iter().collect();
        }
        let seeds = given.into_iter().map(|(n, v)| Seed::Identity { name: n.clone(), value: v.clone() });
        Question {
            tenant: asked.tenant.clone(),
            sweep: asked.sweep,
            words: asked.words.iter().map(|w| Words(w.clone())).collect(),
            ..question(right, asked.kind, seeds.collect())
        }
    }
}

/// The case in words, for whoever looks into one seed.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, file) in self.source.files() {
            writeln!(f, "## {}\n{}", file.path, file.text)?;
        }
        for (system, schema) in &self.schemas {
            for table in &schema.tables {
                for key in &table.foreign_keys {
                    writeln!(f, "{system}.{} {:?} -> {} {:?}", table.name, key.columns, key.table, key.on_delete)?;
                }
            }
        }
        for (id, row) in self.world.all(&self.policy) {
            let table = self.policy.table(id.0);
            let cells = table.columns.iter().zip(row).map(|(c, v)| format!("{} {}", c.name, shown(v)));
            writeln!(f, "{} | {}", table.name, cells.collect::<Vec<_>>().join(" | "))?;
        }
        let given = self.question.identities.iter().map(|(n, v)| format!("{n} {}", shown(v)));
        let tenant = self.question.tenant.as_ref().map_or_else(String::new, |t| format!(", tenant {}", shown(t)));
        writeln!(f, "asked: {}{tenant}", given.collect::<Vec<_>>().join(", "))
    }
}

fn shown(value: &Value) -> String {
    value.join_text().map_or_else(|| "~".to_owned(), |t| t.into_owned())
}
