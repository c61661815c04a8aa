//! What one request cost, part by part.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::timed::Ledger;

/// One request.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// From the question to the certificate.
    pub total: Duration,
    /// In the target databases, by stage and table.
    pub databases: Ledger,
    /// Outside them, by part.
    pub outside: BTreeMap<&'static str, Duration>,
}

impl Cost {
    /// Time in the target databases.
    pub fn in_databases(&self) -> Duration {
        self.databases.values().map(|s| s.time).sum()
    }

    /// Calls of connectors, nearly all of them one statement.
    pub fn calls(&self) -> u64 {
        self.databases.values().map(|s| s.calls).sum()
    }

    /// Time outside the target databases.
    pub fn outside(&self) -> Duration {
        self.total.saturating_sub(self.in_databases())
    }

    /// Notes a part.
    pub fn add(&mut self, part: &'static str, time: Duration) {
        *self.outside.entry(part).or_default() += time;
    }
}

/// Runs a future and says how long it took.
pub async fn clocked<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let began = Instant::now();
    let done = work.await;
    (done, began.elapsed())
}
