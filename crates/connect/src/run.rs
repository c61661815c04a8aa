//! Drives the run of a plan: the engine says what to do next, this does it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use engine::ask::{By, Change, Changed, Failure, Row, Select};
use engine::plan::{Action, Plan, Step, SystemPlan};
use engine::run::{Do, Done, Event, Halt, Journal, Run, Sink};

use crate::pace::{Pace, keys, part};
use crate::{Connector, Outcome, Session, Systems, Transaction};

/// Runs a plan to its end, or stops where the engine halts. Returns the systems whose changes are committed.
pub async fn run(
    plan: &Plan,
    mut run: Run<'_>,
    systems: &Systems,
    journal: &mut dyn Journal,
    sink: &mut dyn Sink,
) -> Result<Vec<String>, Halt> {
    let (transactions, sessions) = (BTreeMap::new(), BTreeMap::new());
    let mut driver = Driver { plan, systems, journal, sink, transactions, sessions, shown: None };
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
    /// When others were last shown that the run goes on, while it waited.
    shown: Option<Duration>,
}

impl<'a> Driver<'a> {
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
            Do::Change { system, change, together } => {
                self.stop_reading().await?;
                Done::Changed(self.change(&system, &change, together).await?)
            }
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
                if let Event::Intent { system, .. } = &event {
                    self.before_a_call(system).await?;
                }
                let written = self.journal.append(&event).await;
                written.map_err(unwritten)?;
                Done::Ok
            }
            Do::Seal(sealed) => {
                let kept = self.journal.seal(&sealed).await;
                kept.map_err(|detail| Failure::Other { detail: format!("before-images cannot be sealed: {detail}") })?;
                Done::Ok
            }
            Do::Commit { system } => {
                self.make_last(&system).await?;
                self.take(&system)?.commit().await?;
                Done::Ok
            }
            Do::Rollback { system } => {
                if let Some(transaction) = self.transactions.remove(&system) {
                    transaction.rollback().await?;
                }
                Done::Ok
            }
            Do::Resolve { system, transaction } => Done::Outcome(resolve(self.systems, &system, &transaction).await?),
            Do::Export { system, steps } => Done::Exported(self.export(&system, &steps).await?),
        })
    }

    fn connector(&self, system: &str) -> Result<&dyn Connector, Failure> {
        connector(self.systems, system)
    }

    fn transaction(&mut self, system: &str) -> Result<&mut Box<dyn Transaction>, Failure> {
        self.transactions.get_mut(system).ok_or_else(no_transaction)
    }

    fn take(&mut self, system: &str) -> Result<Box<dyn Transaction>, Failure> {
        self.transactions.remove(system).ok_or_else(no_transaction)
    }

    /// A change, in parts where the system is changed slowly.
    async fn change(&mut self, system: &str, change: &Change, together: bool) -> Result<Changed, Failure> {
        let all = keys(change);
        // Files are only noted down here; they go at the end.
        let of_files = self.planned(system).is_some_and(|s| s.files.is_some());
        let Some(pace) = self.pace(system).filter(|_| all > 0 && !of_files) else {
            return self.transaction(system)?.apply(change).await;
        };
        let (mut done, mut changed) = (0, Changed { rows: 0, returned: Row::new() });
        while done < all {
            let wanted = if together { all as u64 } else { 1 };
            let free = usize::try_from(self.free(pace, wanted).await?).unwrap_or(usize::MAX);
            let now = if together { all } else { free.min(all - done) };
            let made = self.transaction(system)?.apply(&part(change, done, now)).await?;
            // Rows that went along with others before count where they are named.
            pace.changed(made.rows.max(now as u64));
            done += now;
            changed = Changed { rows: changed.rows + made.rows, returned: made.returned };
        }
        Ok(changed)
    }

    /// Files that cannot be had back go a second's worth at a time.
    async fn make_last(&mut self, system: &str) -> Result<(), Failure> {
        let Some(pace) = self.pace(system).filter(|_| self.planned(system).is_some_and(|s| s.files.is_some())) else {
            return Ok(());
        };
        loop {
            let free = self.free(pace, 1).await?;
            match self.transaction(system)?.make_last(free).await? {
                0 => return Ok(()),
                rows => pace.changed(rows),
            }
        }
    }

    /// A call is written down once it can be made: what is written down and not made is in doubt after a crash.
    async fn before_a_call(&mut self, system: &str) -> Result<(), Failure> {
        let of_calls = self.planned(system).is_some_and(|s| s.calls.is_some());
        match self.pace(system).filter(|_| of_calls) {
            Some(pace) => self.free(pace, 1).await.map(drop),
            None => Ok(()),
        }
    }

    fn pace(&self, system: &str) -> Option<&'a Pace> {
        self.systems.get(system)?.pace()
    }

    fn planned(&self, system: &str) -> Option<&'a SystemPlan> {
        self.plan.systems.iter().find(|s| s.system == system)
    }

    /// Waits until as many rows as are wanted, or all of a second, may be changed at this pace, and says how many.
    async fn free(&mut self, pace: &Pace, wanted: u64) -> Result<u64, Failure> {
        loop {
            let rows = pace.free();
            if rows >= wanted.min(pace.most()) {
                return Ok(rows);
            }
            let now = pace.clock().passed();
            if self.shown.is_none_or(|shown| now.saturating_sub(shown) >= SILENCE) {
                self.goes_on().await?;
                self.shown = Some(now);
            }
            pace.clock().wait(pace.rest().min(SILENCE)).await;
        }
    }

    /// Databases end transactions in which nothing is asked, and others take a run over of which nothing is heard.
    async fn goes_on(&mut self) -> Result<(), Failure> {
        for transaction in self.transactions.values_mut() {
            transaction.goes_on().await?;
        }
        self.journal.goes_on().await.map_err(unwritten)
    }

    /// What was seen so far is old once something changes, and changes may take long: an open snapshot would hide what comes
    /// meanwhile, and keep others from writing.
    async fn stop_reading(&mut self) -> Result<(), Failure> {
        for (_, session) in std::mem::take(&mut self.sessions) {
            session.close().await?;
        }
        Ok(())
    }

    async fn session(&mut self, system: &str) -> Result<&mut Box<dyn Session>, Failure> {
        if !self.sessions.contains_key(system) {
            let session = self.connector(system)?.read().await?;
            self.sessions.insert(system.to_owned(), session);
        }
        self.sessions.get_mut(system).ok_or_else(no_transaction)
    }

    async fn export(&mut self, system: &str, steps: &[(usize, Select)]) -> Result<Vec<u64>, Failure> {
        let planned = self.planned(system).map(|s| &s.steps[..]).unwrap_or_default();
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

/// How long nothing may be heard of a run that waits: a third of the shortest time after which a session counts as idle.
const SILENCE: Duration = Duration::from_secs(20);

fn connector<'s>(systems: &'s Systems, system: &str) -> Result<&'s dyn Connector, Failure> {
    let connector = systems.get(system).map(Box::as_ref);
    connector.ok_or_else(|| Failure::Unreachable { detail: "no connection is configured".into() })
}

/// Has a transaction committed, as far as its system can tell? It may still be ending when we come back after a crash: ask a
/// few times.
pub(crate) async fn resolve(systems: &Systems, system: &str, transaction: &str) -> Result<Option<bool>, Failure> {
    for _ in 0..50 {
        match connector(systems, system)?.resolve(transaction).await? {
            Outcome::Committed => return Ok(Some(true)),
            Outcome::RolledBack => return Ok(Some(false)),
            Outcome::Unknown => return Ok(None),
            Outcome::Running => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
        }
    }
    Err(Failure::Refused { reason: "the interrupted transaction is still running; try again when it has ended".into() })
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

fn unwritten(why: String) -> Failure {
    Failure::Other { detail: format!("the journal cannot be written: {why}") }
}

fn no_transaction() -> Failure {
    Failure::Other { detail: "no transaction is open".into() }
}
