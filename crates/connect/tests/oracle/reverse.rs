//! Deactivate, then reactivate: nothing is changed, whoever comes back first.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use connect::{Planless, Systems};
use engine::actions::Within;
use engine::ask::{By, Failure, Select};
use engine::matching::folded;
use engine::plan::restore::{Deactivation, Returning, check, hand_on, selects};
use engine::plan::{Plan, Question, Refusal, Seed};
use engine::policy::model::{Policy, Right};
use engine::run::{Event, Halt, Journal, Run};
use engine::schema::Schema;
use engine::seal::Sealed;
use engine::text::Finder;
use engine::value::Value;
use oracle::World;

use crate::backend::{Backend, Kind};
use crate::case::Case;
use crate::check::Counting;

/// The map and the systems of a test.
pub struct Sides<'a> {
    pub policy: &'a Policy,
    pub schemas: &'a BTreeMap<String, Schema>,
    pub systems: &'a Systems,
}

impl Sides<'_> {
    /// How many rows of somebody a table still has: those of the one user in [`crate::awkward`].
    pub async fn count(&self, system: &str, table: &str) -> usize {
        let mut session = self.systems[system].read().await.expect("a session");
        let by =
            By::Values { columns: vec!["user_id".to_owned()], values: [1, 7].map(|i| vec![Value::Int(i)]).to_vec() };
        let columns = vec!["id".to_owned()];
        let select = Select { table: table.to_owned(), columns, by, filter: Vec::new(), lock: false };
        let rows = session.answer(&select).await.expect("rows");
        session.close().await.expect("closes");
        rows.len()
    }
}

/// What was reached, so that a test cannot pass by trying nothing.
#[derive(Debug, Default)]
pub struct Reached {
    pub persons: usize,
    pub several: usize,
    pub handed_on: usize,
    pub hidden: usize,
    pub rows: usize,
}

/// In what order people come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Who left last comes first.
    Backwards,
    /// As this number chooses.
    Any(u64),
}

/// Deactivates the person asked for and a few others, takes all back in some order, and compares.
pub async fn round_trip(kind: Kind, mut case: Case, order: Order, reached: &mut Reached) -> Vec<String> {
    let backend = Backend::fill(kind, &case).await;
    if kind != Kind::Memory {
        let live = connect::describe(&backend.systems).await.expect("describes itself");
        case = match case.with_live(kind.word(), live) {
            Ok(case) => case,
            Err(why) => return vec![why],
        };
    }
    let before = backend.world(&case).await;
    let sides = Sides { policy: &case.policy, schemas: &case.schemas, systems: &backend.systems };
    let mut away: Vec<Deactivation> = Vec::new();
    let mut left: Vec<(String, World)> = Vec::new();
    for (nth, question) in questions(&case).into_iter().enumerate() {
        left.push((format!("case{nth}"), backend.world(&case).await));
        match deactivate(&sides, question, nth, &away).await {
            Ok(Some(one)) => away.push(one),
            Ok(None) => {}
            Err(why) => return vec![format!("person {nth}: {why}")],
        }
    }
    reached.persons += away.len();
    reached.several += usize::from(away.len() > 1);
    let mut turn = match order {
        Order::Any(seed) => seed as usize,
        Order::Backwards => 0,
    };
    while !away.is_empty() {
        let next = if order == Order::Backwards { away.len() - 1 } else { turn % away.len() };
        let own = away.remove(next);
        turn = turn / 2 + 1;
        let around = backend.world(&case).await;
        if let Err(why) = reactivate(&sides, &own, &mut away, reached).await {
            return vec![format!("{}: {why}", own.case)];
        }
        let now = backend.world(&case).await;
        if order == Order::Backwards {
            // Only those who left earlier are away, so it must be as it was when this one left.
            let then = left.iter().find(|(case, _)| *case == own.case).map(|(_, world)| world);
            let wrong = then.map(|then| differences(&case.policy, then, &now)).unwrap_or_default();
            if !wrong.is_empty() {
                return wrong.into_iter().map(|what| format!("{} came back: {what}", own.case)).collect();
            }
            continue;
        }
        // Who left earlier has seen what this one's deactivation sealed.
        let later = away.iter().filter(|one| one.case > own.case).collect::<Vec<_>>();
        let named = named(&case.policy, (&around, &now), &own, &later, reached);
        if !named.is_empty() {
            return named.into_iter().map(|what| format!("{} came back, and {what}", own.case)).collect();
        }
    }
    let after = backend.world(&case).await;
    differences(&case.policy, &before, &after)
}

/// What differs between two states, by table, key and column.
fn differences(policy: &Policy, before: &World, after: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, row) in before.all(policy) {
        let (t, now) = (policy.table(id.0), after.get(policy, &id));
        match now {
            None => wrong.push(format!("{} {:?} is gone", t.name, texts(&id.1))),
            Some(now) => wrong.extend((0..row.len()).filter(|at| now[*at] != row[*at]).map(|at| {
                let column = &t.columns[at].name;
                format!(
                    "{} {:?}: {column} is not as it was: {:?}, not {:?}",
                    t.name,
                    id.1,
                    now[at].join_text(),
                    row[at].join_text()
                )
            })),
        }
    }
    for (id, row) in after.all(policy).filter(|(id, _)| before.get(policy, id).is_none()) {
        wrong.push(format!("{} was not there before: {:?}", policy.table(id.0).name, texts(row)));
    }
    wrong
}

/// Texts that came back and name somebody who is away, where the map says that their columns are searched: in the strings of a
/// document, or in what a pattern leaves open. Somebody who came back and is away in another way as well is not hidden from themselves.
fn named(
    policy: &Policy,
    (before, after): (&World, &World),
    own: &Deactivation,
    away: &[&Deactivation],
    reached: &mut Reached,
) -> Vec<String> {
    let mut found = Vec::new();
    for one in away {
        let records = |of: &Deactivation| -> Vec<_> {
            of.plan.persons.iter().map(|r| (r.system.clone(), r.table.clone(), r.key.clone())).collect()
        };
        let same = records(own).iter().any(|record| records(one).contains(record));
        let of_own = |text: &str| own.plan.identifiers.iter().any(|i| folded(&i.text.0) == folded(text));
        let certain = one.plan.identifiers.iter().filter(|i| i.certain && !(same && of_own(&i.text.0)));
        let certain: Vec<_> = certain.cloned().collect();
        let finder = Finder::new(&certain);
        for (id, row) in after.all(policy) {
            let (t, was) = (policy.table(id.0), before.get(policy, &id));
            for (at, column) in t.columns.iter().enumerate().filter(|(_, c)| c.text) {
                let Value::Text(text) = &row[at] else { continue };
                if was.is_some_and(|was| was[at] == row[at]) {
                    continue;
                }
                reached.hidden += text.matches(engine::text::MASK).count();
                if !Within::texts_of(column).hits(&finder, &row[at]).is_empty() {
                    found.push(format!("{} {:?}: {} names {}", t.name, texts(&id.1), column.name, one.case));
                }
            }
        }
    }
    found
}

fn texts(values: &[Value]) -> Vec<Option<std::borrow::Cow<'_, str>>> {
    values.iter().map(Value::join_text).collect()
}

/// The person of the case, then others of its kind by their records.
fn questions(case: &Case) -> Vec<Question> {
    let asked = case.ask(Right::Deactivation);
    let mut list = vec![asked.clone()];
    for population in &case.policy.kinds[case.question.kind.0].populations {
        let table = case.policy.table(population.table);
        let system = case.policy.system(population.system).name.clone();
        for row in case.world.rows(population.table).iter().take(3) {
            let key = table.key.iter().map(|k| row[*k].clone()).collect();
            let seeds = vec![Seed::Record { system: system.clone(), key }];
            list.push(Question { seeds, tenant: None, ..asked.clone() });
        }
    }
    list.truncate(4);
    list
}

/// Deactivates somebody; nothing where there is nobody, or it cannot be done.
pub async fn deactivate(
    sides: &Sides<'_>,
    question: Question,
    nth: usize,
    away: &[Deactivation],
) -> Result<Option<Deactivation>, String> {
    let Sides { policy, schemas, systems } = sides;
    let made_at = question.made_at + std::time::Duration::from_secs(nth as u64);
    let question = Question { request: format!("case{nth}"), token_key: [nth as u8; 32], made_at, ..question };
    let plan = match connect::plan(policy, schemas, systems, question).await {
        Ok(plan) => plan,
        Err(Planless::Refused(Refusal::Circle { .. })) => return Err("a circle is refused".to_owned()),
        // Nobody is there, two persons may be meant, or files would be lost: nothing is done.
        Err(Planless::Refused(_)) => return Ok(None),
        Err(failed) => return Err(failed.to_string()),
    };
    let mut journal = Sealing::default();
    match run(&plan, (&[], away), systems, &mut journal).await {
        Ok(()) => Ok(Some(Deactivation::new(format!("case{nth}"), plan, journal.sealed.into_values().collect()))),
        // A stand-in record whose key the map fixes cannot be made twice; nothing is changed then.
        Err(Halt::Failed { failure, done, .. })
            if matches!(*failure, Failure::Constraint { .. }) && done.is_empty() =>
        {
            Ok(None)
        }
        Err(halt) => Err(format!("the deactivation halts: {halt}")),
    }
}

/// Takes a deactivation back, and rewrites what the others sealed.
pub async fn reactivate(
    sides: &Sides<'_>,
    own: &Deactivation,
    others: &mut [Deactivation],
    reached: &mut Reached,
) -> Result<(), String> {
    let Sides { policy, schemas, systems } = sides;
    let question = Returning {
        request: "return".to_owned(),
        requested_by: "tests".to_owned(),
        nonce: [9; 16],
        made_at: own.plan.made_at,
        expires_at: own.plan.expires_at,
    };
    let planned = connect::restore(policy, schemas, systems, own, others, question).await;
    let plan = planned.map_err(|planless| format!("not planned: {planless}"))?;
    run(&plan, (&own.sealed, &[]), systems, &mut Sealing::default()).await.map_err(|halt| format!("halts: {halt}"))?;
    let rows = connect::sealed_rows(systems, selects(&own.sealed)).await.map_err(|e| e.to_string())?;
    let checked = check(&plan, &own.sealed, rows);
    if !checked.residues.is_empty() {
        return Err(format!("left over: {:?}; kept: {:?}", checked.residues, plan.kept));
    }
    reached.rows += checked.exact;
    reached.handed_on += plan.restores.as_ref().map_or(0, |r| r.handed_on.len());
    let mut seals: Vec<_> = others.iter().map(|d| (d.case.clone(), d.sealed.clone())).collect();
    hand_on(&plan, &own.sealed, &mut seals);
    for (other, (_, sealed)) in others.iter_mut().zip(seals) {
        *other = Deactivation::new(other.case.clone(), other.plan.clone(), sealed);
    }
    Ok(())
}

async fn run(
    plan: &Plan,
    (sealed, away): (&[Sealed], &[Deactivation]),
    systems: &Systems,
    journal: &mut Sealing,
) -> Result<(), Halt> {
    let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
    let run = Run::new(plan, &plan.policy, plan.made_at, &approved, &[]).with_sealed(sealed);
    let run = run.with_others(away.iter().flat_map(|d| &d.sealed));
    connect::run(plan, run, systems, journal, &mut Counting::default()).await.map(drop)
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Keeps what is sealed; it must come before the intent.
#[derive(Default)]
struct Sealing {
    sealed: BTreeMap<String, Sealed>,
    intended: bool,
}

impl Journal for Sealing {
    fn append<'a>(&'a mut self, event: &'a Event) -> Done<'a> {
        self.intended |= matches!(event, Event::Intent { .. });
        Box::pin(async { Ok(()) })
    }

    fn seal<'a>(&'a mut self, sealed: &'a Sealed) -> Done<'a> {
        let late = self.intended;
        // What is sealed must survive as text, as a store keeps it.
        let text = serde_json::to_string(sealed).expect("plain data");
        let read: Sealed = serde_json::from_str(&text).expect("reads itself");
        let same = read == *sealed;
        self.sealed.insert(sealed.system.clone(), read);
        Box::pin(
            async move { if late || !same { Err("sealed too late, or not as it was".to_owned()) } else { Ok(()) } },
        )
    }
}
