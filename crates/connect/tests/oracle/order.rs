//! Nothing depends on the order of links, rows or systems (LANGUAGE 1.6).

use std::collections::BTreeMap;

use engine::plan::{Action, Plan};
use engine::policy::model::Right;
use engine::source::Source;
use oracle::World;
use oracle::vector::compiled;

use crate::backend::{Backend, Kind};
use crate::case::Case;
use crate::check::planned;

#[tokio::test]
async fn order_does_not_matter() {
    let mut compared = 0;
    for seed in 0..150 {
        for right in [Right::Access, Right::Erasure] {
            let case = Case::of_seed(seed);
            let Some(plan) = plan(&case, right).await else { continue };
            let turned = plan_of_turned(seed, right).await;
            assert_eq!(Some(counts(&plan, false)), turned.map(|p| counts(&p, true)), "seed {seed}, {right:?}");
            compared += 1;
        }
    }
    assert!(compared > 100, "only {compared}");
}

async fn plan(case: &Case, right: Right) -> Option<Plan> {
    let backend = Backend::fill(Kind::Memory, case).await;
    planned(case, &backend.systems, right).await.ok()
}

/// The same case with its links, rows and systems in the opposite order.
async fn plan_of_turned(seed: u64, right: Right) -> Option<Plan> {
    let mut case = Case::of_seed(seed);
    let mut source = Source::default();
    for (_, file) in case.source.files() {
        source.add(renamed(&file.path), turned(&file.text.replace("\"desk:", "\"west:")));
    }
    let schemas: BTreeMap<_, _> = case.schemas.iter().map(|(s, schema)| (renamed(s), schema.clone())).collect();
    let policy = compiled(&source, &schemas).expect("still compiles");
    let mut world = World::new(&policy);
    for id in policy.table_ids() {
        let table = policy.table(id);
        let before = case.policy.system_named(&policy.system(table.system).name.replace("west", "desk"));
        let before = before.and_then(|s| case.policy.table_named(s, &table.name)).expect("the same tables");
        case.world.rows(before).iter().rev().for_each(|row| world.insert(id, row.clone()));
    }
    (case.source, case.schemas, case.policy, case.world) = (source, schemas, policy, world);
    plan(&case, right).await
}

/// The first system comes last.
fn renamed(name: &str) -> String {
    name.replace("desk", "west")
}

/// The links of each table, last first.
fn turned(map: &str) -> String {
    let (mut out, mut links): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for line in map.lines() {
        if line.starts_with("  { ") {
            links.push(line);
        } else {
            out.extend(links.drain(..).rev());
            out.push(line);
        }
    }
    out.join("\n")
}

/// Rows by table and kind of action, records, and kept rows.
fn counts(plan: &Plan, is_turned: bool) -> BTreeMap<String, usize> {
    let name = |system: &str| if is_turned { system.replace("west", "desk") } else { system.to_owned() };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (system, step) in plan.systems.iter().flat_map(|s| s.steps.iter().map(move |step| (&s.system, step))) {
        let what = match &step.action {
            Action::Insert { .. } => "makes".to_owned(),
            Action::Change { .. } => "changes".to_owned(),
            Action::Delete => "deletes".to_owned(),
            Action::Export { level, columns, .. } => format!("exports {level:?} {}", columns.len()),
            Action::Confirm { .. } => "confirms".to_owned(),
            Action::Reinsert { .. } => "puts back".to_owned(),
        };
        *counts.entry(format!("{}.{} {what}", name(system), step.table)).or_default() += step.keys.len().max(1);
    }
    for record in &plan.persons {
        *counts.entry(format!("{}.{} record", name(&record.system), record.table)).or_default() += 1;
    }
    for kept in &plan.kept {
        *counts.entry(format!("{}.{} kept {:?}", name(&kept.system), kept.table, kept.columns)).or_default() +=
            kept.keys.len();
    }
    counts
}
