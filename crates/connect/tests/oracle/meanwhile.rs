//! Rows are written between the commit of an erasure and the second look (`sweep = "after"`): does the planner do with them what
//! the reference says, and nothing else?

use connect::testing::{Written, carry_out};
use connect::{After, Systems};
use engine::ask::Change;
use engine::policy::model::{Policy, Right, TableId};
use oracle::compare::compare_worlds;
use oracle::fired::Fired;
use oracle::{Row, World, erase_after};

use crate::backend::{Backend, Kind};
use crate::case::Case;
use crate::check::{Counting, planned};

/// Tries a case; what is wrong, in words. One that is refused is told of elsewhere.
pub async fn check(kind: Kind, mut case: Case, fired: &mut Fired) -> Vec<String> {
    let backend = Backend::fill(kind, &case).await;
    if kind != Kind::Memory {
        let live = connect::describe(&backend.systems).await.expect("describes itself");
        case = match case.with_live(kind.word(), live) {
            Ok(case) => case,
            Err(why) => return vec![why],
        };
    }
    let Ok(plan) = planned(&case, &backend.systems, Right::Erasure).await else { return Vec::new() };
    let mut journal = Written::default();
    if let Err(why) = carry_out(&plan, &backend.systems, &mut journal, &mut Counting::default()).await {
        return vec![format!("the run halts: {why}")];
    }
    let world = backend.world(&case).await;
    // Where nothing of a system is changed, such as under a hold, nothing is written into it meanwhile.
    let changed = |table: &TableId| {
        let system = &case.policy.system(case.policy.table(*table).system).name;
        plan.systems.iter().any(|s| s.system == *system && s.steps.iter().any(|step| step.action.changes()))
    };
    let came = case.meanwhile.iter().filter(|(table, row)| changed(table) && fits(&case.policy, &world, *table, row));
    let came: Vec<(TableId, Row)> = came.cloned().collect();
    let Ok((before, expected)) = erase_after(&case.policy, &case.world, &came, &case.question) else {
        return vec!["the reference refuses what was carried out".to_owned()];
    };
    fired.meanwhile(&case.policy, &came, &expected);
    write(&case.policy, &backend.systems, &came).await;

    let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
    let (policy, systems) = (&case.policy, &backend.systems);
    let after = After { policy, systems, plan: &plan, approved: &approved, known: None };
    let events = journal.0.clone();
    let found = match after.carry_out(&events, &mut journal).await {
        Ok(found) => found,
        Err(why) => return vec![format!("the second look halts: {why}")],
    };
    let last = backend.world(&case).await;
    let differences = compare_worlds(policy, &before, &expected, &last);
    let mut wrong: Vec<String> = differences.iter().map(ToString::to_string).collect();
    match connect::probe(policy, systems, &plan.and(&found)).await {
        Err(why) => wrong.push(format!("the probe fails: {why}")),
        Ok(None) => wrong.push("the probe does not know the plan's tables".to_owned()),
        Ok(Some((residues, _))) => {
            wrong.extend(residues.iter().map(|r| format!("residue: {}.{}: {} {}", r.system, r.table, r.rows, r.what)));
        }
    }
    wrong
}

/// Would the database take the row, now that others are gone?
fn fits(policy: &Policy, world: &World, table: TableId, row: &Row) -> bool {
    policy.table(table).foreign_keys.iter().all(|key| {
        let there = |target: &Row| key.columns.iter().zip(&key.target_columns).all(|(&c, &t)| row[c] == target[t]);
        key.columns.iter().any(|&c| row[c].is_null()) || world.rows(key.table).iter().any(there)
    })
}

/// Writes rows as the application would.
async fn write(policy: &Policy, systems: &Systems, rows: &[(TableId, Row)]) {
    for (table, row) in rows {
        let t = policy.table(*table);
        let values = t.columns.iter().map(|c| c.name.clone()).zip(row.iter().cloned()).collect();
        let insert = Change::Insert { table: t.name.clone(), values, returning: Vec::new() };
        let mut transaction = systems[&policy.system(t.system).name].begin().await.expect("it can be written");
        transaction.apply(&insert).await.expect("it takes the row");
        transaction.commit().await.expect("it lasts");
    }
}
