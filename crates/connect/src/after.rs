//! Tables into which the application writes while rows are deleted are asked again once everything is committed, until they
//! hold nothing more that leads to the person.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use engine::ask::Failure;
use engine::plan::{Plan, Planner, asks_again, meanwhile};
use engine::policy::model::Policy;
use engine::run::{Event, Halt, Journal, Nowhere, Run};

use crate::{Known, Planless, Systems, ask, describe, run};

/// How often it is asked again: whatever writes for longer does not stop by itself, and what it writes is a residue.
const ROUNDS: usize = 5;

/// What follows the run of a plan.
pub struct After<'a> {
    /// The policy that the plan was made under.
    pub policy: &'a Policy,
    /// The systems.
    pub systems: &'a Systems,
    /// The plan that was carried out.
    pub plan: &'a Plan,
    /// Bounds that its approval names.
    pub approved: &'a [String],
    /// What our own store knows of rows that are kept.
    pub known: Option<Known<'a>>,
}

impl After<'_> {
    /// Asks again and applies what the plan would have done, each round in transactions of its own, journaled as such.
    /// `events` are those of the run so far. Returns the plans that were carried out.
    pub async fn carry_out(&self, events: &[Event], journal: &mut dyn Journal) -> Result<Vec<Plan>, Halt> {
        let mut done = Vec::new();
        if !asks_again(self.policy, self.plan) {
            return Ok(done);
        }
        let mut open = open(events);
        for _ in 0..ROUNDS {
            let found = self.planned(&done).await?;
            let again = |system: &String| found.iter().flat_map(|p| &p.systems).any(|s| s.system == *system);
            // What a crash left open is committed where its rows are not found again.
            for system in std::mem::take(&mut open).into_iter().filter(|system| !again(system)) {
                let written = journal.append(&Event::Swept { system: system.clone() }).await;
                written.map_err(|detail| self.failed(&system, Failure::Other { detail }))?;
            }
            let Some(plan) = found else { break };
            let mut writer = Writer { journal: &mut *journal, plan: &plan };
            let again = Run::new(&plan, &plan.policy, plan.made_at, self.approved, &[]).again();
            run(&plan, again, self.systems, &mut writer, &mut Nowhere).await?;
            done.push(plan);
        }
        Ok(done)
    }

    async fn planned(&self, done: &[Plan]) -> Result<Option<Plan>, Halt> {
        let schemas = describe(self.systems).await.map_err(|planless| self.planless(planless))?;
        let Some(planner) = Planner::after(self.policy, &schemas, self.plan, done) else { return Ok(None) };
        let found = ask::plan_after(self.policy, self.systems, planner, self.known.clone()).await;
        found.map(Plan::changing).map_err(|planless| self.planless(planless))
    }

    fn planless(&self, planless: Planless) -> Halt {
        match planless {
            Planless::Failed { system, failure } => self.failed(&system, failure),
            Planless::Refused(refusal) => self.failed("", Failure::Refused { reason: refusal.to_string() }),
        }
    }

    fn failed(&self, system: &str, failure: Failure) -> Halt {
        let changed = self.plan.systems.iter().filter(|s| s.steps.iter().any(|s| s.action.changes()));
        let done = changed.map(|s| s.system.clone()).collect();
        Halt::Failed { system: system.to_owned(), failure: Box::new(failure), done, undone: Vec::new() }
    }
}

/// The plan with what laws and holds keep of the rows that were written while it was carried out: a last look, nothing is
/// applied. Whatever else such rows hold is not told here, but found by the probe. `None` where nobody asks again.
///
/// # Errors
/// When a system does not answer, or a hold cannot be read.
pub async fn kept_since(
    policy: &Policy,
    systems: &Systems,
    plan: &Plan,
    known: Option<Known<'_>>,
) -> Result<Option<Plan>, Planless> {
    if !asks_again(policy, plan) {
        return Ok(None);
    }
    let schemas = describe(systems).await?;
    let Some(planner) = Planner::after(policy, &schemas, plan, &[]) else { return Ok(None) };
    let since = ask::plan_after(policy, systems, planner, known).await?;
    Ok(Some(plan.clone().keeping(since)))
}

/// Systems of which nobody saw whether they committed what they did to rows that were written meanwhile.
fn open(events: &[Event]) -> BTreeSet<String> {
    let mut open = BTreeSet::new();
    for event in events {
        match event {
            Event::Again { system, .. } => drop(open.insert(system.clone())),
            Event::Swept { system } => drop(open.remove(system)),
            _ => {}
        }
    }
    open
}

/// Writes the events of a later run as such.
struct Writer<'a> {
    journal: &'a mut dyn Journal,
    plan: &'a Plan,
}

impl Journal for Writer<'_> {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let event = match event {
                Event::Intent { system, .. } => {
                    Event::Again { system: system.clone(), tables: meanwhile(self.plan, system) }
                }
                Event::Committed { system } => Event::Swept { system: system.clone() },
                _ => return Ok(()),
            };
            self.journal.append(&event).await
        })
    }
}
