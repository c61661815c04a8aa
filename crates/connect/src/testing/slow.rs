//! Time that passes only where somebody waits for it, and systems that tell what is done to them.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use engine::ask::{Change, Changed, Failure, Row, Select, Way};
use engine::plan::Rebuild;
use engine::run::Tally;
use engine::schema::Schema;
use futures_util::future::BoxFuture;

use crate::pace::keys;
use crate::{Answer, Clock, Connector, Each, EachPiece, Outcome, Pace, Paced, Session, Systems, Transaction};

/// A clock that stands still but while somebody waits, and a list of what happened between.
#[derive(Default)]
pub struct Ticks(Mutex<(Duration, Vec<String>)>);

impl Ticks {
    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.inner().0 += time;
    }

    /// What happened so far, in order: `delete posts 2`, `wait 1s`.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().1)
    }

    fn tell(&self, what: String) {
        self.inner().1.push(what);
    }

    fn inner(&self) -> MutexGuard<'_, (Duration, Vec<String>)> {
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}

impl Clock for Ticks {
    fn passed(&self) -> Duration {
        self.inner().0
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.tell(format!("wait {time:?}"));
        self.pass(time);
        Box::pin(std::future::ready(()))
    }
}

/// Has a system changed slowly, on a clock that tells what is done to it.
pub fn slow_down(systems: &mut Systems, name: &str, rows_per_second: u64) -> Arc<Ticks> {
    let ticks = Arc::new(Ticks::default());
    let system = systems.remove(name).expect("a system of that name");
    let watched = Watched { system, ticks: ticks.clone() };
    let paced = Paced { system: Box::new(watched), pace: Pace::new(rows_per_second, ticks.clone()) };
    systems.insert(name.to_owned(), Box::new(paced));
    ticks
}

/// A system that tells what is done to it.
struct Watched {
    system: Box<dyn Connector>,
    ticks: Arc<Ticks>,
}

impl Connector for Watched {
    fn describe(&self) -> Answer<'_, Schema> {
        self.system.describe()
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        self.system.read()
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        Box::pin(async {
            let transaction = self.system.begin().await?;
            let watching: Box<dyn Transaction> = Box::new(Watching { transaction, ticks: self.ticks.clone() });
            Ok(watching)
        })
    }

    fn resolve<'a>(&'a self, transaction: &'a str) -> Answer<'a, Outcome> {
        self.system.resolve(transaction)
    }

    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        self.system.rows(tables)
    }
}

struct Watching {
    transaction: Box<dyn Transaction>,
    ticks: Arc<Ticks>,
}

impl Session for Watching {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        self.transaction.stream(select, each)
    }

    fn explain<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Way> {
        self.transaction.explain(select)
    }

    fn content<'a>(&'a mut self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()> {
        self.transaction.content(path, each)
    }

    fn sample<'a>(&'a mut self, table: &'a str, columns: &'a [String], rows: u32) -> Answer<'a, Vec<Row>> {
        self.transaction.sample(table, columns, rows)
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        self.transaction.close()
    }
}

impl Transaction for Watching {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        self.transaction.id()
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        let verb = match change {
            Change::Insert { .. } => "insert",
            Change::Update { .. } => "update",
            Change::UpdateEach { .. } => "update each",
            Change::Delete { .. } => "delete",
        };
        self.ticks.tell(format!("{verb} {} {}", change.table(), keys(change)));
        self.transaction.apply(change)
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        self.transaction.tally()
    }

    fn settle(&mut self) -> Answer<'_, ()> {
        self.transaction.settle()
    }

    fn rebuild<'a>(&'a mut self, what: &'a Rebuild) -> Answer<'a, ()> {
        self.transaction.rebuild(what)
    }

    fn make_last(&mut self, most: u64) -> Answer<'_, u64> {
        let ticks = self.ticks.clone();
        Box::pin(async move {
            let rows = self.transaction.make_last(most).await?;
            ticks.tell(format!("last {rows}"));
            Ok::<_, Failure>(rows)
        })
    }

    fn goes_on(&mut self) -> Answer<'_, ()> {
        self.ticks.tell("goes on".to_owned());
        self.transaction.goes_on()
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        self.ticks.tell("commit".to_owned());
        self.transaction.commit()
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        self.transaction.rollback()
    }
}
