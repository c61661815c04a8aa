//! Tables into which the application writes while rows are deleted are asked again once everything is committed, until they
//! hold nothing more that leads to the person.

use std::future::Future;
use std::pin::Pin;

use engine::ask::Failure;
use engine::plan::{Plan, Planner, Step, SystemPlan, asks_again, meanwhile};
use engine::policy::model::Policy;
use engine::run::{Event, Halt, Journal, Nowhere, Run, again_in, found, stand_ins, unseen};

use crate::run::resolve;
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
    /// `events` are those of the run so far. Returns the plans of what was found; what is left of it stands in them too.
    pub async fn carry_out(&self, events: &[Event], journal: &mut dyn Journal) -> Result<Vec<Plan>, Halt> {
        let mut new = Vec::new();
        if !asks_again(self.policy, self.plan) {
            return Ok(new);
        }
        let mut written = Written { journal, events: events.to_vec() };
        for _ in 0..ROUNDS {
            self.resolve(&mut written).await?;
            let done = found(&written.events);
            let plan = self.planned(&done).await?;
            for system in committed(unseen(&written.events), plan.as_ref()) {
                self.write(&mut written, Event::Swept { system }).await?;
            }
            let Some(mut plan) = plan else { break };
            if plan.breaches.iter().any(|b| !self.approved.contains(&b.bound)) {
                // Nobody approved so much: what would be changed is left, and is a residue.
                plan.systems.clear();
            }
            let Some(plan) = plan.of_meanwhile() else { break };
            self.write(&mut written, Event::Found { plan: Box::new(plan.clone()) }).await?;
            if !plan.systems.is_empty() {
                let again = Run::new(&plan, &plan.policy, plan.made_at, self.approved, &[]);
                let again = again.again(stand_ins(&written.events));
                let mut writer = Writer { journal: &mut written, plan: &plan };
                run(&plan, again, self.systems, &mut writer, &mut Nowhere).await?;
            }
            let last = plan.systems.is_empty();
            new.push(plan);
            if last {
                break;
            }
        }
        Ok(new)
    }

    async fn write(&self, journal: &mut Written<'_>, event: Event) -> Result<(), Halt> {
        let system = event.system().to_owned();
        journal.append(&event).await.map_err(|detail| self.failed(&system, Failure::Other { detail }))
    }

    /// Where nobody saw what became of a commit, the database is asked, if it can tell.
    async fn resolve(&self, written: &mut Written<'_>) -> Result<(), Halt> {
        for SystemPlan { system, .. } in unseen(&written.events).into_iter().flat_map(|plan| plan.systems) {
            let Some(transaction) = again_in(&written.events, &system).map(str::to_owned) else { continue };
            let told = resolve(self.systems, &system, &transaction).await;
            match told.map_err(|failure| self.failed(&system, failure))? {
                Some(true) => self.write(written, Event::Swept { system }).await?,
                Some(false) => self.write(written, Event::Unswept { system }).await?,
                None => {}
            }
        }
        Ok(())
    }

    async fn planned(&self, done: &[Plan]) -> Result<Option<Plan>, Halt> {
        let schemas = describe(self.systems).await.map_err(|planless| self.planless(planless))?;
        let Some(planner) = Planner::after(self.policy, &schemas, self.plan, done) else { return Ok(None) };
        let found = ask::plan_after(self.policy, self.systems, planner, self.known.clone()).await;
        found.map(Plan::of_meanwhile).map_err(|planless| self.planless(planless))
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

/// Systems that cannot tell, of which nobody saw whether they committed what they did to rows that were found before, and that did: none of
/// these rows is found again.
fn committed(before: Option<Plan>, now: Option<&Plan>) -> Vec<String> {
    let found = |system: &str, step: &Step| {
        let steps = now.into_iter().flat_map(|p| &p.systems).filter(|s| s.system == system).flat_map(|s| &s.steps);
        steps.filter(|s| s.table == step.table).any(|s| step.keys.iter().any(|key| s.keys.binary_search(key).is_ok()))
    };
    let systems = before.into_iter().flat_map(|plan| plan.systems);
    systems.filter(|s| !s.steps.iter().any(|step| found(&s.system, step))).map(|s| s.system).collect()
}

/// A journal of which is known what stands in it.
struct Written<'a> {
    journal: &'a mut dyn Journal,
    events: Vec<Event>,
}

impl Journal for Written<'_> {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            self.journal.append(event).await?;
            self.events.push(event.clone());
            Ok(())
        })
    }

    fn goes_on(&mut self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>> {
        self.journal.goes_on()
    }
}

/// Writes the events of a later run as such.
struct Writer<'a, 'j> {
    journal: &'a mut Written<'j>,
    plan: &'a Plan,
}

impl Journal for Writer<'_, '_> {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let event = match event {
                Event::Intent { system, transaction, made } => {
                    let (tables, transaction) = (meanwhile(self.plan, system), transaction.clone());
                    Event::Again { system: system.clone(), transaction, tables, made: made.clone() }
                }
                Event::Committed { system } => Event::Swept { system: system.clone() },
                _ => return Ok(()),
            };
            self.journal.append(&event).await
        })
    }

    fn goes_on(&mut self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>> {
        self.journal.goes_on()
    }
}
