//! Questions of tests, and what a run of their plans writes to.

use std::future::Future;
use std::pin::Pin;

use engine::ask::Row;
use engine::plan::{Plan, Question, Seed, Step};
use engine::policy::model::{KindId, Right};
use engine::run::{Event, Halt, Journal, Run, Sink};

use crate::Systems;

/// A question of the request `case`, always at the same time.
pub fn question(right: Right, kind: KindId, seeds: Vec<Seed>) -> Question {
    Question {
        request: "case".to_owned(),
        right,
        requested_by: "tests".to_owned(),
        kind,
        tenant: None,
        seeds,
        corrections: Vec::new(),
        sweep: false,
        words: Vec::new(),
        token_key: [7; 32],
        nonce: [8; 16],
        made_at: "2026-01-15T12:00:00Z".parse().expect("a time"),
        expires_at: "2026-01-22T12:00:00Z".parse().expect("a time"),
    }
}

/// Carries out a plan, or goes on with the run whose journal this is; all its bounds are approved.
pub async fn carry_out(plan: &Plan, systems: &Systems, journal: &mut Written, sink: &mut dyn Sink) -> Result<(), Halt> {
    let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
    let run = Run::new(plan, &plan.policy, plan.made_at, &approved, &journal.0);
    crate::run(plan, run, systems, journal, sink).await.map(drop)
}

/// A journal in memory, which seals nothing.
#[derive(Default)]
pub struct Written(pub Vec<Event>);

impl Journal for Written {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        self.0.push(event.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Looks at nothing that a run returns.
pub struct Unseen;

impl Sink for Unseen {
    fn begin(&mut self, _: &str, _: &Step) -> Result<(), String> {
        Ok(())
    }

    fn row(&mut self, _: Row) -> Result<(), String> {
        Ok(())
    }

    fn content(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}
