//! A connector around a connector that notes how long the database was at work, for whom and for what.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use connect::{Answer, Connector, Each, EachOf, Outcome, Session, Systems, Transaction};
use engine::ask::{Change, Changed, Failure, Row, Select};
use engine::run::Tally;
use engine::schema::Schema;

/// Calls of one kind and the time they took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// How many.
    pub calls: u64,
    /// Together.
    pub time: Duration,
}

/// What was spent, by stage of the work and table.
pub type Ledger = BTreeMap<(&'static str, String), Spent>;

/// Where all connectors of a company write down what they spent.
#[derive(Clone, Default)]
pub struct Meter(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    stage: &'static str,
    spent: Ledger,
}

impl Meter {
    /// What follows belongs to this stage.
    pub fn stage(&self, stage: &'static str) {
        self.inner().stage = stage;
    }

    /// Everything spent since the last call.
    pub fn take(&self) -> Ledger {
        std::mem::take(&mut self.inner().spent)
    }

    /// Time spent so far.
    pub fn time(&self) -> Duration {
        self.inner().spent.values().map(|s| s.time).sum()
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes one call. Within a run the kind of call tells the stage.
    fn note(&self, of_run: &'static str, what: &str, time: Duration) {
        let mut inner = self.inner();
        let stage = if inner.stage == "run" { of_run } else { inner.stage };
        let spent = inner.spent.entry((stage, what.to_owned())).or_default();
        spent.calls += 1;
        spent.time += time;
    }
}

/// The same systems, measured.
pub fn timed(systems: Systems, meter: &Meter) -> Systems {
    let wrap = |(name, inner)| {
        let timed = Timed { inner, system: String::clone(&name), meter: meter.clone() };
        (name, Box::new(timed) as Box<dyn Connector>)
    };
    systems.into_iter().map(wrap).collect()
}

/// A measured connector, session or transaction.
struct Timed<C> {
    inner: C,
    system: String,
    meter: Meter,
}

impl<C> Timed<C> {
    fn around<T>(&self, inner: T) -> Box<Timed<T>> {
        Box::new(Timed { inner, system: self.system.clone(), meter: self.meter.clone() })
    }

    fn note(&self, of_run: &'static str, what: &str, began: Instant) {
        self.meter.note(of_run, &format!("{}.{what}", self.system), began.elapsed());
    }
}

impl Connector for Timed<Box<dyn Connector>> {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async move {
            let began = Instant::now();
            let done = self.inner.describe().await;
            self.note("describe", "(describe)", began);
            done
        })
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        Box::pin(async move {
            let began = Instant::now();
            let session = self.inner.read().await?;
            self.note("export", "(begin)", began);
            Ok(self.around(session) as Box<dyn Session>)
        })
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let began = Instant::now();
            let transaction = self.inner.begin().await?;
            self.note("lock and compare", "(begin)", began);
            Ok(self.around(transaction) as Box<dyn Transaction>)
        })
    }

    fn resolve<'a>(&'a self, transaction: &'a str) -> Answer<'a, Outcome> {
        self.inner.resolve(transaction)
    }

    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        Box::pin(async move {
            let began = Instant::now();
            let done = self.inner.rows(tables).await;
            self.note("count", "(count)", began);
            done
        })
    }
}

/// Streams without counting the time that the taker of the rows needs.
async fn stream<S: Session + ?Sized>(
    inner: &mut S,
    select: &Select,
    each: &mut Each<'_>,
) -> (Result<(), Failure>, Duration) {
    let began = Instant::now();
    let mut taking = Duration::ZERO;
    let mut watched = |row| -> ControlFlow<()> {
        let given = Instant::now();
        let flow = each(row);
        taking += given.elapsed();
        flow
    };
    let done = inner.stream(select, &mut watched).await;
    (done, began.elapsed().saturating_sub(taking))
}

fn what(select: &Select) -> String {
    let by = match &select.by {
        engine::ask::By::Values { columns, .. } | engine::ask::By::Keys { columns, .. } => columns.join("+"),
        engine::ask::By::Folded { column, .. } => format!("{column} folded"),
        engine::ask::By::Phone { column, .. } => format!("{column} as phone"),
        engine::ask::By::Containing { column, .. } => format!("{column} containing"),
    };
    format!("{} by {by}", select.table)
}

impl Session for Timed<Box<dyn Session>> {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let (done, time) = stream(self.inner.as_mut(), select, each).await;
            self.meter.note("export", &format!("{}.{}", self.system, what(select)), time);
            done
        })
    }

    fn stream_each<'a>(&'a mut self, selects: &'a [&'a Select], each: &'a mut EachOf<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let began = Instant::now();
            let mut taking = Duration::ZERO;
            let mut watched = |at: usize, row: Row| -> ControlFlow<()> {
                let given = Instant::now();
                let flow = each(at, row);
                taking += given.elapsed();
                flow
            };
            let done = self.inner.stream_each(selects, &mut watched).await;
            let asked: Vec<String> = selects.iter().map(|select| what(select)).collect();
            let time = began.elapsed().saturating_sub(taking);
            self.meter.note("export", &format!("{}.{}", self.system, asked.join(", ")), time);
            done
        })
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async move {
            let Timed { inner, system, meter } = *self;
            let began = Instant::now();
            let done = inner.close().await;
            meter.note("export", &format!("{system}.(end)"), began.elapsed());
            done
        })
    }
}

impl Session for Timed<Box<dyn Transaction>> {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let (done, time) = stream(self.inner.as_mut(), select, each).await;
            self.meter.note("lock and compare", &format!("{}.{}", self.system, what(select)), time);
            done
        })
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        self.inner.close()
    }
}

impl Transaction for Timed<Box<dyn Transaction>> {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let began = Instant::now();
            let done = self.inner.id().await;
            self.note("lock and compare", "(id)", began);
            done
        })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(async move {
            let began = Instant::now();
            let done = self.inner.apply(change).await;
            let kind = match change {
                Change::Insert { .. } => "insert",
                Change::Update { .. } => "update",
                Change::UpdateEach { .. } => "update each",
                Change::Delete { .. } => "delete",
            };
            self.note("change", &format!("{} {kind}", change.table()), began);
            done
        })
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        Box::pin(async move {
            let began = Instant::now();
            let done = self.inner.tally().await;
            self.note("change", "(tally)", began);
            done
        })
    }

    fn settle(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            let began = Instant::now();
            let done = self.inner.settle().await;
            self.note("change", "(settle)", began);
            done
        })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async move {
            let Timed { inner, system, meter } = *self;
            let began = Instant::now();
            let done = inner.commit().await;
            meter.note("commit", &format!("{system}.(commit)"), began.elapsed());
            done
        })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        self.inner.rollback()
    }
}
