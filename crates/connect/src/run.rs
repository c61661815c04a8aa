//! Drives the run of a plan: the engine says what to do next, this does it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::ask::{By, Failure, Row, Select};
use engine::plan::{Action, Plan, Step};
use engine::run::{Do, Done, Halt, Journal, Run, Sink};

use crate::{Connector, Outcome, Session, Systems, Transaction};

/// Runs a plan to its end, or stops where the engine halts. Returns the systems whose changes are committed.
pub async fn run(
    plan: &Plan,
    mut run: Run<'_>,
    systems: &Systems,
    journal: &mut dyn Journal,
    sink: &mut dyn Sink,
) -> Result<Vec<String>, Halt> {
    let mut driver = Driver { plan, systems, journal, sink, transactions: BTreeMap::new(), sessions: BTreeMap::new() };
    let mut done = None;
    while let Some(todo) = run.step(done)? {
        done = Some(driver.act(todo).await.unwrap_or_else(Done::Failed));
    }
    Ok(run.committed())
}

struct Driver<'a> {
    plan: &'a Plan,
    systems: &'a Systems,
    journal: &'a mut dyn Journal,
    sink: &'a mut dyn Sink,
    transactions: BTreeMap<String, Box<dyn Transaction>>,
    sessions: BTreeMap<String, Box<dyn Session>>,
}

impl Driver<'_> {
    async fn act(&mut self, todo: Do) -> Result<Done, Failure> {
        Ok(match todo {
            Do::Describe { system } => Done::Schema(self.connector(&system)?.describe().await?),
            Do::Begin { system } => {
                // A reader of ours that looked at what an interruption left would keep the transaction from committing.
                if let Some(looked) = self.sessions.remove(&system) {
                    looked.close().await?;
                }
                let mut transaction = self.connector(&system)?.begin().await?;
                let id = transaction.id().await?;
                self.transactions.insert(system, transaction);
                Done::Transaction(id)
            }
            Do::Read { system, select } => Done::Rows(self.transaction(&system)?.answer(&select).await?),
            Do::Look { system, select } => Done::Rows(self.session(&system).await?.answer(&select).await?),
            Do::Reread { system, selects } => {
                let selects: Vec<&Select> = selects.iter().collect();
                Done::Reread(self.session(&system).await?.answers(&selects).await?)
            }
            Do::Change { system, change } => Done::Changed(self.transaction(&system)?.apply(&change).await?),
            Do::Tally { system } => {
                // All changes are made and nothing is committed: the last moment at which a constraint harms nobody.
                let transaction = self.transaction(&system)?;
                transaction.settle().await?;
                Done::Tally(transaction.tally().await?)
            }
            Do::Rebuild { system, what } => {
                self.transaction(&system)?.rebuild(&what).await?;
                Done::Ok
            }
            Do::Journal(event) => {
                let written = self.journal.append(&event).await;
                written
                    .map_err(|detail| Failure::Other { detail: format!("the journal cannot be written: {detail}") })?;
                Done::Ok
            }
            Do::Seal(sealed) => {
                let kept = self.journal.seal(&sealed).await;
                kept.map_err(|detail| Failure::Other { detail: format!("before-images cannot be sealed: {detail}") })?;
                Done::Ok
            }
            Do::Commit { system } => {
                self.take(&system)?.commit().await?;
                Done::Ok
            }
            Do::Rollback { system } => {
                if let Some(transaction) = self.transactions.remove(&system) {
                    transaction.rollback().await?;
                }
                Done::Ok
            }
            Do::Resolve { system, transaction } => Done::Outcome(self.resolve(&system, &transaction).await?),
            Do::Export { system, steps } => Done::Exported(self.export(&system, &steps).await?),
        })
    }

    fn connector(&self, system: &str) -> Result<&dyn Connector, Failure> {
        let connector = self.systems.get(system).map(Box::as_ref);
        connector.ok_or_else(|| Failure::Unreachable { detail: "no connection is configured".into() })
    }

    fn transaction(&mut self, system: &str) -> Result<&mut Box<dyn Transaction>, Failure> {
        self.transactions.get_mut(system).ok_or_else(no_transaction)
    }

    fn take(&mut self, system: &str) -> Result<Box<dyn Transaction>, Failure> {
        self.transactions.remove(system).ok_or_else(no_transaction)
    }

    async fn session(&mut self, system: &str) -> Result<&mut Box<dyn Session>, Failure> {
        if !self.sessions.contains_key(system) {
            let session = self.connector(system)?.read().await?;
            self.sessions.insert(system.to_owned(), session);
        }
        self.sessions.get_mut(system).ok_or_else(no_transaction)
    }

    /// A transaction may still be ending when we come back after a crash: ask a few times.
    async fn resolve(&self, system: &str, transaction: &str) -> Result<Option<bool>, Failure> {
        for _ in 0..50 {
            match self.connector(system)?.resolve(transaction).await? {
                Outcome::Committed => return Ok(Some(true)),
                Outcome::RolledBack => return Ok(Some(false)),
                Outcome::Unknown => return Ok(None),
                Outcome::Running => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            }
        }
        Err(Failure::Refused {
            reason: "the interrupted transaction is still running; try again when it has ended".into(),
        })
    }

    async fn export(&mut self, system: &str, steps: &[(usize, Select)]) -> Result<Vec<u64>, Failure> {
        let planned = self.plan.systems.iter().find(|s| s.system == system).map(|s| &s.steps[..]).unwrap_or_default();
        let steps: Option<Vec<(&Step, &Select)>> =
            steps.iter().map(|(step, select)| planned.get(*step).map(|planned| (planned, select))).collect();
        let steps = steps.ok_or_else(|| Failure::Missing { object: "the step".into() })?;
        self.session(system).await?;
        let session = self.sessions.get_mut(system).ok_or_else(no_transaction)?;
        let sink = &mut *self.sink;
        if let [(step, select)] = steps[..]
            && matches!(&step.action, Action::Export { content, .. } if !content.is_empty())
        {
            return Ok(vec![files(session.as_mut(), sink, system, step, select).await?]);
        }
        let mut returned = Returned { system, steps: &steps, found: vec![None; steps.len()], last: None, sink };
        let mut trouble = None;
        let selects: Vec<&Select> = steps.iter().map(|(_, select)| *select).collect();
        let mut each = |at, row| match returned.row(at, row) {
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                trouble = Some(why);
                ControlFlow::Break(())
            }
        };
        session.stream_each(&selects, &mut each).await?;
        match trouble {
            None => returned.found().map_err(unwritable),
            Some(why) => Err(unwritable(why)),
        }
    }
}

/// Rows on their way into the answer, step by step.
struct Returned<'a> {
    system: &'a str,
    steps: &'a [(&'a Step, &'a Select)],
    /// Rows of each step that was begun.
    found: Vec<Option<u64>>,
    last: Option<usize>,
    sink: &'a mut dyn Sink,
}

impl Returned<'_> {
    fn row(&mut self, at: usize, row: Row) -> Result<(), String> {
        if self.last != Some(at) {
            self.begin(at)?;
        }
        self.found[at] = self.found[at].map(|rows| rows + 1);
        self.sink.row(row)
    }

    fn begin(&mut self, at: usize) -> Result<(), String> {
        if self.found[at].is_some() {
            return Err("the rows of a table came in two parts".to_owned());
        }
        (self.last, self.found[at]) = (Some(at), Some(0));
        self.sink.begin(self.system, self.steps[at].0)
    }

    /// How many rows of each step came; one without any is begun too.
    fn found(mut self) -> Result<Vec<u64>, String> {
        for at in 0..self.steps.len() {
            if self.found[at].is_none() {
                self.begin(at)?;
            }
        }
        Ok(self.found.into_iter().map(Option::unwrap_or_default).collect())
    }
}

/// How many files are asked for at once.
const FILES: usize = 200;

/// Rows that are files, each followed by its bytes.
async fn files(
    session: &mut dyn Session,
    sink: &mut dyn Sink,
    system: &str,
    step: &Step,
    select: &Select,
) -> Result<u64, Failure> {
    sink.begin(system, step).map_err(unwritable)?;
    let path = select.columns.iter().position(|c| step.key.first() == Some(c));
    let mut found = 0;
    for keys in step.keys.chunks(FILES) {
        let by = By::Values { columns: step.key.clone(), values: keys.to_vec() };
        let rows = session.answer(&Select { by, ..select.clone() }).await?;
        for row in rows {
            let path = path.and_then(|at| row[at].join_text()).map(|p| p.into_owned());
            let path = path.ok_or_else(|| Failure::Other { detail: "a file has no path".into() })?;
            sink.row(row).map_err(unwritable)?;
            content(session, sink, &path).await?;
            found += 1;
        }
    }
    Ok(found)
}

async fn content(session: &mut dyn Session, sink: &mut dyn Sink, path: &str) -> Result<(), Failure> {
    let mut trouble = None;
    let mut each = |piece: &[u8]| match sink.content(piece) {
        Ok(()) => ControlFlow::Continue(()),
        Err(why) => {
            trouble = Some(why);
            ControlFlow::Break(())
        }
    };
    session.content(path, &mut each).await?;
    trouble.map_or(Ok(()), |why| Err(unwritable(why)))
}

fn unwritable(why: String) -> Failure {
    Failure::Other { detail: format!("the answer cannot be written: {why}") }
}

fn no_transaction() -> Failure {
    Failure::Other { detail: "no transaction is open".into() }
}
