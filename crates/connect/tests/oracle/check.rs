//! One case on one backend: does the planner do what the reference says?

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use connect::testing::{Written, carry_out};
use connect::{Planless, Systems};
use engine::actions::Coarse;
use engine::ask::Row;
use engine::plan::{Action, Doubt, Entry, How, Keeping, Key, Plan, Refusal, Register, Registrar, Step, person_digests};
use engine::policy::model::{Policy, Right, TableId};
use engine::run::Sink;
use engine::value::Value;
use oracle::compare::{compare_access, compare_worlds};
use oracle::fired::Fired;
use oracle::vector::Asked;
use oracle::{Accessed, Erasure, Returned, RowId, World};

use crate::backend::{Backend, Kind};
use crate::case::Case;
use crate::locked;

/// Tries a case; what is wrong, in words. `fired` counts the rules it reaches.
pub async fn check(kind: Kind, mut case: Case, fired: &mut Fired) -> Vec<String> {
    let backend = Backend::fill(kind, &case).await;
    if kind != Kind::Memory {
        let live = connect::describe(&backend.systems).await.expect("describes itself");
        case = match case.with_live(kind.word(), live) {
            Ok(case) => case,
            Err(why) => return vec![why],
        };
    }
    hold(&mut case, &backend).await;
    let before = backend.world(&case).await;
    let mut wrong = Vec::new();
    if !before.has_rows_of(&case.world) {
        wrong.push("the rows do not come back as they were put in".to_owned());
    }
    if case.only.is_none_or(|asked| asked != Asked::Erase) {
        wrong.extend(access(&case, &backend, fired).await.into_iter().map(|w| format!("access: {w}")));
    }
    if case.only.is_none_or(|asked| asked == Asked::Erase) {
        wrong.extend(erasure(&case, &backend, fired).await.into_iter().map(|w| format!("erasure: {w}")));
    }
    wrong
}

/// Writes into the policy whom holds name, as `upheld hold add` does.
async fn hold(case: &mut Case, backend: &Backend) {
    for (id, who) in case.question.held.clone() {
        let (memory, question) = (Memory::empty([]), case.ask_about(&who, Right::Confirmation));
        let known = connect::Known { register: memory.register.clone(), registrar: &memory };
        let plan = connect::plan_knowing(&case.policy, &case.schemas, &backend.systems, question, known).await;
        case.policy.hold_key = Some(memory.register.key_id());
        // Who cannot be found is nobody: no digest is theirs.
        let digests = plan.map(|plan| person_digests(&case.policy, &plan, &memory.register));
        let hold = case.policy.holds.iter_mut().find(|hold| hold.id == id).expect("a hold of the policy");
        hold.persons = digests.unwrap_or_else(|_| vec![String::new()]);
    }
}

/// A plan, or why there is none.
pub async fn planned(case: &Case, systems: &Systems, right: Right) -> Result<Plan, Refusal> {
    asked(case, systems, right, Memory::of(&case.policy, &case.question.left)).await
}

/// A plan that knows a register.
async fn asked(case: &Case, systems: &Systems, right: Right, memory: Memory) -> Result<Plan, Refusal> {
    let known = connect::Known { register: memory.register.clone(), registrar: &memory };
    let planned = connect::plan_knowing(&case.policy, &case.schemas, systems, case.ask(right), known).await;
    planned.map_err(|planless| match planless {
        Planless::Refused(refusal) => refusal,
        Planless::Failed { system, failure } => panic!("{}: system {system}: {failure}", case.name),
    })
}

/// Both refuse, for the same reason; `None` if both answer.
fn refusals<T, U>(expected: &Result<T, oracle::Refusal>, found: &Result<U, Refusal>) -> Option<Vec<String>> {
    let agree = match (expected, found) {
        (Ok(_), Ok(_)) => return None,
        (Err(oracle::Refusal::Unusable), Err(Refusal::Unusable { .. } | Refusal::NoIdentity { .. })) => true,
        (Err(oracle::Refusal::NotFound), Err(Refusal::NotFound { .. })) => true,
        (Err(oracle::Refusal::SecondRecord(_)), Err(Refusal::Several { .. })) => true,
        (Err(oracle::Refusal::Apart), Err(Refusal::Apart { .. })) => true,
        (Err(oracle::Refusal::Tenants(expected)), Err(Refusal::Tenants { tenants, .. })) => {
            *expected == tenants.iter().filter_map(|t| Some(t.join_text()?.into_owned())).collect()
        }
        _ => false,
    };
    let said = || {
        let expected = expected.as_ref().err().map_or("an answer".to_owned(), |r| format!("{r:?}"));
        let found = found.as_ref().err().map_or("an answer".to_owned(), |r| format!("{r:?}"));
        vec![format!("expected {expected}, found {found}")]
    };
    Some(if agree { Vec::new() } else { said() })
}

async fn access(case: &Case, backend: &Backend, fired: &mut Fired) -> Vec<String> {
    let expected = oracle::access(&case.policy, &case.world, &case.question);
    match &expected {
        Ok(answer) => fired.access(&case.policy, answer),
        Err(refusal) => fired.refusal(refusal),
    }
    let found = planned(case, &backend.systems, Right::Access).await;
    if let Some(differences) = refusals(&expected, &found) {
        return differences;
    }
    let (Ok(expected), Ok(plan)) = (expected, found) else { return Vec::new() };
    let mut wrong: Vec<String> = compare_access(&case.policy, &expected, &returned(&case.policy, &plan))
        .iter()
        .map(ToString::to_string)
        .collect();
    wrong.extend(records(case, &plan));
    wrong.extend(reviews(&case.policy, &expected.claims, &plan));
    wrong.extend(withheld(&expected, &plan));
    let mut sink = Counting::default();
    match carry_out(&plan, &backend.systems, &mut Written::default(), &mut sink).await {
        Err(why) => wrong.push(format!("the run halts: {why}")),
        Ok(_) => wrong.extend(sink.compare(case)),
    }
    wrong
}

/// What the plan returns, in the oracle's words.
fn returned(policy: &Policy, plan: &Plan) -> BTreeMap<RowId, Returned> {
    let mut rows = BTreeMap::new();
    for (table, step) in steps(policy, plan) {
        let Action::Export { columns, level, .. } = &step.action else { continue };
        let columns: BTreeSet<usize> = columns.iter().filter_map(|c| policy.table(table).column(c)).collect();
        for key in &step.keys {
            rows.insert((table, key.clone()), Returned { level: *level, columns: columns.clone() });
        }
    }
    rows
}

fn steps<'a>(policy: &'a Policy, plan: &'a Plan) -> impl Iterator<Item = (TableId, &'a Step)> {
    plan.systems.iter().flat_map(move |s| {
        let system = policy.system_named(&s.system).expect("a system of the policy");
        s.steps.iter().map(move |step| (policy.table_named(system, &step.table).expect("a table"), step))
    })
}

fn table_of(policy: &Policy, system: &str, table: &str) -> TableId {
    policy.table_named(policy.system_named(system).expect("a system"), table).expect("a table")
}

fn records(case: &Case, plan: &Plan) -> Option<String> {
    // How a record that no system holds is spelt, is the planner's business.
    let held = |id: &RowId| !case.policy.table(id.0).made;
    let mut expected = oracle::resolve(&case.policy, &case.world, &case.question).unwrap_or_default();
    expected.retain(held);
    let found = plan.persons.iter().map(|r| (table_of(&case.policy, &r.system, &r.table), r.key.clone()));
    let found: BTreeSet<RowId> = found.filter(held).collect();
    (expected != found).then(|| format!("{} records expected, {} found, not the same", expected.len(), found.len()))
}

/// Text hits that only a person can judge.
fn reviews(policy: &Policy, claims: &oracle::Claims, plan: &Plan) -> Option<String> {
    let expected: BTreeSet<RowId> = claims.review.iter().map(|(id, _)| id.clone()).collect();
    let found: BTreeSet<RowId> = plan
        .review
        .iter()
        .filter(|r| r.doubt == Doubt::Text)
        .map(|r| (table_of(policy, &r.system, &r.table), r.key.clone()))
        .collect();
    (expected != found).then(|| format!("rows for review: {expected:?} expected, {found:?} found"))
}

fn withheld(expected: &Accessed, plan: &Plan) -> Option<String> {
    let rows: usize =
        plan.withheld.iter().filter(|w| w.columns.is_empty() && w.reason.contains("withholds")).map(|w| w.rows).sum();
    (rows != expected.withheld.len())
        .then(|| format!("{} rows withheld expected, {rows} found", expected.withheld.len()))
}

async fn erasure(case: &Case, backend: &Backend, fired: &mut Fired) -> Vec<String> {
    let expected = oracle::erase(&case.policy, &case.world, &case.question);
    expected.iter().for_each(|erasure| {
        fired.erasure(&case.policy, erasure);
        fired.keyless(&case.policy, &case.world, erasure);
        fired.held(&case.policy, &case.world, erasure);
    });
    let found = planned(case, &backend.systems, Right::Erasure).await;
    if let Some(differences) = locked::judged(case, &expected, &found) {
        return differences;
    }
    if let Some(differences) = refusals(&expected, &found) {
        return differences;
    }
    let (Ok(expected), Ok(plan)) = (expected, found) else { return Vec::new() };
    let mut wrong: Vec<String> = reviews(&case.policy, &expected.claims, &plan).into_iter().collect();
    if let Err(why) = carry_out(&plan, &backend.systems, &mut Written::default(), &mut Counting::default()).await {
        wrong.push(format!("the run halts: {why}"));
        wrong.extend(differences(case, &expected, &foretold(case, &plan)));
        return wrong;
    }
    let after = backend.world(case).await;
    wrong.extend(differences(case, &expected, &after));
    wrong.extend(dangling(&case.policy, &case.world, &after));
    wrong.extend(left(case, &expected, &plan));
    match connect::probe(&case.policy, &backend.systems, &plan).await {
        Err(why) => wrong.push(format!("the probe fails: {why}")),
        Ok(None) => wrong.push("the probe does not know the plan's tables".to_owned()),
        Ok(Some((residues, _))) => {
            wrong.extend(residues.iter().map(|r| format!("residue: {}.{}: {} {}", r.system, r.table, r.rows, r.what)))
        }
    }
    wrong.extend(again(case, backend, &plan, left_records(case, &expected), &after).await);
    wrong
}

fn differences(case: &Case, expected: &Erasure, after: &World) -> Vec<String> {
    compare_worlds(&case.policy, &case.world, expected, after).iter().map(ToString::to_string).collect()
}

/// Rows left by a plan's deletions alone, where its run halts: which rows it is about.
fn foretold(case: &Case, plan: &Plan) -> World {
    let mut world = World::new(&case.policy);
    let going: BTreeSet<RowId> = steps(&case.policy, plan)
        .filter(|(_, s)| s.action == Action::Delete)
        .flat_map(|(t, s)| s.keys.iter().map(move |k| (t, k.clone())))
        .collect();
    for (id, row) in case.world.all(&case.policy).filter(|(id, _)| !going.contains(id)) {
        world.insert(id.0, row.clone());
    }
    world
}

/// Declared references that lead nowhere although they did before.
fn dangling(policy: &Policy, before: &World, after: &World) -> Vec<String> {
    let count = |world: &World, table: TableId| -> usize {
        let keys = policy.table(table).foreign_keys.iter().map(|fk| {
            let there: BTreeSet<Vec<&Value>> =
                world.rows(fk.table).iter().map(|r| fk.target_columns.iter().map(|&c| &r[c]).collect()).collect();
            let leads = |r: &&Row| {
                let tuple: Vec<&Value> = fk.columns.iter().map(|&c| &r[c]).collect();
                tuple.iter().any(|v| v.is_null()) || there.contains(&tuple)
            };
            world.rows(table).iter().filter(|r| !leads(r)).count()
        });
        keys.sum()
    };
    let worse = policy.table_ids().filter(|&t| count(after, t) > count(before, t));
    worse.map(|t| format!("{}: references lead nowhere", policy.table(t).name)).collect()
}

/// Every row with a claim is changed, deleted, or listed as kept.
fn left(case: &Case, expected: &Erasure, plan: &Plan) -> Vec<String> {
    let mut told: BTreeSet<RowId> =
        steps(&case.policy, plan).flat_map(|(t, s)| s.keys.iter().map(move |k| (t, k.clone()))).collect();
    for kept in &plan.kept {
        let table = table_of(&case.policy, &kept.system, &kept.table);
        told.extend(kept.keys.iter().map(|k| (table, k.clone())));
    }
    // A row of which only a column becomes unreadable is told with the key.
    for shred in &plan.shreds {
        let table = table_of(&case.policy, &shred.system, &shred.table);
        told.extend(shred.staying.iter().map(|k| (table, k.clone())));
    }
    let silent = expected.claims.of.keys().filter(|id| !told.contains(id));
    silent.map(|id| format!("{} {:?} is neither changed nor listed", case.policy.table(id.0).name, id.1)).collect()
}

/// The same question again finds nobody, or changes nothing more.
async fn again(case: &Case, backend: &Backend, first: &Plan, left: BTreeSet<RowId>, after: &World) -> Vec<String> {
    let systems = backend.open();
    let second = asked(case, &systems, Right::Erasure, Memory::after(first)).await;
    // What told that records are one person's may be gone while the records stay; then both refuse.
    let question = oracle::Question { left, ..case.question.clone() };
    let expected = oracle::access(&case.policy, after, &question);
    if let Some(differences) = refusals(&expected, &second) {
        return differences.into_iter().map(|d| format!("asked again: {d}")).collect();
    }
    let Ok(second) = second else { return Vec::new() };
    let mut told: BTreeSet<(&str, &str, &Vec<Value>)> = BTreeSet::new();
    first.kept.iter().for_each(|k| told.extend(k.keys.iter().map(|key| (&*k.system, &*k.table, key))));
    let strangers = second.persons.iter().filter(|r| !told.contains(&(&*r.system, &*r.table, &r.key)));
    let mut wrong: Vec<String> =
        strangers.map(|r| format!("asked again, {}.{} is a record that was not kept", r.system, r.table)).collect();
    if let Err(why) = carry_out(&second, &systems, &mut Written::default(), &mut Counting::default()).await {
        wrong.push(format!("the second run halts: {why}"));
    }
    let last = backend.world(case).await;
    for (id, row) in after.all(&case.policy) {
        let table = case.policy.table(id.0);
        if table.keyless {
            let fits = |c: usize, now: &Row| now[c] == row[c] || is_made_anew(&case.policy, first, &id, c);
            if !last.rows(id.0).iter().any(|now| (0..row.len()).all(|c| fits(c, now))) {
                wrong.push(format!("the second run changes {} {:?}", table.name, id.1));
            }
            continue;
        }
        let same = |c: usize| last.get(&case.policy, &id).is_some_and(|now| now[c] == row[c]);
        let changed = (0..row.len()).filter(|&c| !same(c) && !is_made_anew(&case.policy, first, &id, c));
        let columns: Vec<&str> = changed.map(|c| &*table.columns[c].name).collect();
        if !columns.is_empty() {
            wrong.push(format!("the second run changes {} {:?}: {}", table.name, id.1, columns.join(", ")));
        }
    }
    wrong
}

/// Records of the person that an erasure had to leave.
fn left_records(case: &Case, erasure: &Erasure) -> BTreeSet<RowId> {
    let own = erasure.claims.of.iter().filter(|(_, held)| held.iter().any(|claim| claim.via == oracle::Via::Own));
    let held = own.map(|(id, _)| id).filter(|id| !case.policy.table(id.0).made && !erasure.fates.going.contains(id));
    held.cloned().collect()
}

/// A register in memory.
struct Memory {
    register: Register,
    entries: Vec<Entry>,
}

impl Memory {
    fn empty(places: impl IntoIterator<Item = (String, String)>) -> Memory {
        Memory { register: Register::new(&[9; 32], places), entries: Vec::new() }
    }

    /// Records that an erasure left, and that nothing else keeps.
    fn of(policy: &Policy, left: &BTreeSet<RowId>) -> Memory {
        let place = |id: &RowId| {
            let table = policy.table(id.0);
            (policy.system(table.system).name.clone(), table.name.clone())
        };
        let mut memory = Memory::empty(left.iter().map(place));
        for id in left {
            let (system, table) = place(id);
            memory.add(&system, &table, &id.1, &needed(), true);
        }
        memory
    }

    /// What the run of a plan writes down.
    fn after(plan: &Plan) -> Memory {
        let mut memory = Memory::empty(plan.stopped.iter().map(|s| (s.system.clone(), s.table.clone())));
        for (stopped, row) in plan.stopped.iter().flat_map(|s| s.rows.iter().map(move |row| (s, row))) {
            let needed = needed();
            let by = if row.by.is_empty() { std::slice::from_ref(&needed) } else { &row.by[..] };
            by.iter().for_each(|by| memory.add(&stopped.system, &stopped.table, &row.key, by, row.is_own()));
        }
        memory
    }

    fn add(&mut self, system: &str, table: &str, key: &Key, by: &Keeping, own: bool) {
        let (row, Keeping { keeper, until, columns }) = (self.register.row(system, table, key), by.clone());
        let same = |e: &Entry| (&e.row, &e.keeper, &e.columns) == (&row, &keeper, &columns);
        assert!(!self.entries.iter().any(same), "{table}: the register has one line for {keeper} and these columns");
        self.entries.push(Entry { row, keeper, until, columns, profile: None, own });
    }
}

/// Something kept needs the row, and nothing else keeps it.
fn needed() -> Keeping {
    Keeping { keeper: "needed".to_owned(), until: None, columns: Vec::new() }
}

impl Registrar for Memory {
    fn kept<'a>(&'a self, rows: &'a [String]) -> Pin<Box<dyn Future<Output = Result<Vec<Entry>, String>> + Send + 'a>> {
        let found = self.entries.iter().filter(|entry| rows.contains(&entry.row)).cloned().collect();
        Box::pin(std::future::ready(Ok(found)))
    }
}

/// A hash of a hash, and a token of a token, is another one; half of a postal code has a half as well.
fn is_made_anew(policy: &Policy, plan: &Plan, id: &RowId, column: usize) -> bool {
    let name = &policy.table(id.0).columns[column].name;
    let halved = |how: &How| matches!(how, How::Generalise { to: Coarse::Postcode, .. });
    let other = |how: &How| halved(how) || matches!(how, How::Hash | How::Pseudonym(_));
    steps(policy, plan).any(|(table, s)| match &s.action {
        Action::Change { columns, .. } if table == id.0 && (s.keys.contains(&id.1) || policy.table(table).keyless) => {
            columns.iter().any(|(changed, how)| changed == name && how.parts().into_iter().any(other))
        }
        _ => false,
    })
}

/// Keeps what is exported, by step.
#[derive(Default)]
pub struct Counting(Vec<(String, Step, Vec<Row>)>);

impl Sink for Counting {
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String> {
        self.0.push((system.to_owned(), step.clone(), Vec::new()));
        Ok(())
    }

    fn row(&mut self, row: Row) -> Result<(), String> {
        self.0.last_mut().ok_or("no step")?.2.push(row);
        Ok(())
    }

    /// In memory a file holds its own path.
    fn content(&mut self, piece: &[u8]) -> Result<(), String> {
        let row = self.0.last().and_then(|(.., rows)| rows.last()).ok_or("no row")?;
        let is_path = row.first().and_then(Value::join_text).is_some_and(|p| p.as_bytes() == piece);
        if is_path { Ok(()) } else { Err("the bytes of another file".to_owned()) }
    }
}

impl Counting {
    /// The values exported are those of the rows.
    fn compare(self, case: &Case) -> Vec<String> {
        let mut wrong = Vec::new();
        for (system, step, mut rows) in self.0 {
            let table = table_of(&case.policy, &system, &step.table);
            let at: Vec<usize> = step.shown().iter().filter_map(|c| case.policy.table(table).column(c)).collect();
            let planned = case.world.all(&case.policy).filter(|(id, _)| id.0 == table && step.keys.contains(&id.1));
            let mut expected: Vec<Row> = planned.map(|(_, row)| at.iter().map(|&c| row[c].clone()).collect()).collect();
            rows.sort();
            expected.sort();
            if rows != expected {
                wrong.push(format!("{system}.{}: other values than the rows have", step.table));
            }
        }
        wrong
    }
}
