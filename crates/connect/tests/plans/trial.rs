//! One vector, planned and run in memory.

use std::collections::BTreeMap;

use connect::testing::{Unseen, Written};
use connect::{Planless, Systems};
use engine::plan::{Action, Plan, Question, Seed, Why};
use engine::policy::model::{Access, Right};
use engine::run::Run;
use engine::text::Words;
use engine::value::Value;
use oracle::vector::{Asked, Vector};

use crate::memory::{Memory, Tables};

/// All vectors beside this file.
pub fn vectors() -> Vec<Vector> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
    files.sort();
    let read = |f: &std::path::PathBuf| {
        oracle::vector::read(&std::fs::read_to_string(f).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", f.display()))
    };
    files.iter().flat_map(|f| read(f).ready).collect()
}

/// The lines of what comes out: rows that are left, or returned; and rows that stay for a reason, with it.
pub async fn outcome(vector: &Vector) -> Vec<String> {
    let (systems, memories) = fill(vector);
    let right = if vector.right == Asked::Access { Right::Access } else { Right::Erasure };
    let plan = match connect::plan(&vector.policy, &vector.schemas, &systems, question(vector, right)).await {
        Ok(plan) => plan,
        Err(Planless::Refused(refusal)) => return vec![format!("refused: {refusal}")],
        Err(Planless::Failed { system, failure }) => panic!("{}: {system}: {failure}", vector.name),
    };
    let mut lines = if right == Right::Access { returned(&plan) } else { left(&plan, &systems, &memories).await };
    lines.sort();
    lines
}

fn fill(vector: &Vector) -> (Systems, BTreeMap<String, Memory>) {
    let (mut systems, mut memories) = (Systems::new(), BTreeMap::new());
    for (name, schema) in &vector.schemas {
        let id = vector.policy.system_named(name).expect("a system");
        let mut tables: Tables = schema.tables.iter().map(|t| (t.name.clone(), Vec::new())).collect();
        for table in vector.policy.table_ids().filter(|t| vector.policy.table(*t).system == id) {
            tables.insert(vector.policy.table(table).name.clone(), vector.world.rows(table).to_vec());
        }
        let memory = Memory::new(schema.clone(), tables);
        systems.insert(name.clone(), Box::new(memory.clone()));
        memories.insert(name.clone(), memory);
    }
    (systems, memories)
}

fn question(vector: &Vector, right: Right) -> Question {
    let identities = vector.question.identities.iter();
    let seeds = identities.map(|(n, v)| Seed::Identity { name: n.clone(), value: v.clone() });
    Question {
        tenant: vector.question.tenant.clone(),
        sweep: vector.question.sweep,
        words: vector.question.words.iter().map(|w| Words(w.clone())).collect(),
        ..connect::testing::question(right, vector.question.kind, seeds.collect())
    }
}

fn returned(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for step in plan.systems.iter().flat_map(|s| &s.steps) {
        let Action::Export { columns, level, .. } = &step.action else { continue };
        let level = match level {
            Access::Row => "row",
            Access::Shared => "shared",
            Access::Fact => "fact",
            Access::Withhold => "withheld",
        };
        let keys = step.keys.iter().map(|k| shown(k));
        lines.extend(
            keys.map(|k| format!("{} | {k} | {level} | {}", step.table, columns.join(" ")).trim_end().to_owned()),
        );
    }
    for withheld in plan.withheld.iter().filter(|w| w.columns.is_empty() && w.reason.contains("withholds")) {
        lines.push(format!("withheld | {} | {}", withheld.table, withheld.rows));
    }
    lines
}

async fn left(plan: &Plan, systems: &Systems, memories: &BTreeMap<String, Memory>) -> Vec<String> {
    let run = Run::new(plan, &plan.policy, plan.made_at, &[], &[]);
    if let Err(halt) = connect::run(plan, run, systems, &mut Written::default(), &mut Unseen).await {
        return vec![format!("halts: {halt}")];
    }
    let mut lines = Vec::new();
    for (name, rows) in memories.values().flat_map(|m| m.tables().as_ref().clone()) {
        lines.extend(rows.iter().map(|row| format!("{name} | {}", shown(row))));
    }
    for kept in &plan.kept {
        let why = match &kept.reason {
            Why::Law { law, .. } => format!("law {law}"),
            Why::Hold { hold, .. } => format!("hold {hold}"),
            Why::Needed { by } => format!("needed by {by}"),
            Why::CoOwned => "co-owned".to_owned(),
            Why::Shared { by } => format!("shared with {by}"),
            Why::Left { link } => format!("left by {link}"),
            Why::Changed | Why::Waits { .. } | Why::Gone { .. } | Why::LeadsNowhere { .. } => {
                "of a reactivation".to_owned()
            }
        };
        let columns = kept.columns.join(" ");
        let line = |key: &Vec<Value>| format!("kept {} | {} | {why} | {columns}", kept.table, shown(key));
        lines.extend(kept.keys.iter().map(|key| line(key).trim_end_matches([' ', '|']).to_owned()));
    }
    lines
}

fn shown(row: &[Value]) -> String {
    let cell = |v: &Value| match v {
        Value::Null => "~".to_owned(),
        Value::Text(s) if s.is_empty() => "''".to_owned(),
        v => v.join_text().unwrap_or_default().into_owned(),
    };
    row.iter().map(cell).collect::<Vec<_>>().join(" | ")
}
