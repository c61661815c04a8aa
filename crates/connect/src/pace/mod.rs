//! Systems that are changed slowly: no more rows in a second than their limits allow.
//!
//! Rows are changed in bursts of at most a second's rows; a whole second passes from the end of one burst to the next. So
//! no second holds more than one burst, however long statements take.

mod connector;
mod part;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::future::BoxFuture;

pub use connector::Paced;
pub(crate) use part::{keys, part};

/// What tells how much time has passed, and lets some pass.
pub trait Clock: Send + Sync {
    /// Time since some moment that stays the same.
    fn passed(&self) -> Duration;

    /// Comes back when that much more has passed.
    fn wait(&self, time: Duration) -> BoxFuture<'_, ()>;
}

/// How fast one system may be changed, by all runs of this process together.
pub struct Pace {
    most: u64,
    clock: Arc<dyn Clock>,
    burst: Mutex<Burst>,
}

/// Rows that were changed without a second between them, and when the last of them were.
#[derive(Clone, Copy, Default)]
struct Burst {
    rows: u64,
    ended: Duration,
}

const SECOND: Duration = Duration::from_secs(1);

impl Pace {
    /// At most so many rows a second, by this clock; 0 counts as 1, for something has to be done.
    pub fn new(rows_per_second: u64, clock: Arc<dyn Clock>) -> Pace {
        Pace { most: rows_per_second.max(1), clock, burst: Mutex::default() }
    }

    /// Most rows in a second, never 0.
    pub(crate) fn most(&self) -> u64 {
        self.most
    }

    /// How many rows may be changed now; 0 until [`Pace::rest`] has passed.
    pub(crate) fn free(&self) -> u64 {
        let mut burst = self.burst();
        if !rest(&burst, self.most, self.clock.passed()).is_zero() {
            return self.most.saturating_sub(burst.rows);
        }
        burst.rows = 0;
        self.most
    }

    /// How long a burst that begins now has to wait.
    pub(crate) fn rest(&self) -> Duration {
        rest(&self.burst(), self.most, self.clock.passed())
    }

    /// So many rows were changed just now.
    pub(crate) fn changed(&self, rows: u64) {
        let mut burst = self.burst();
        *burst = Burst { rows: burst.rows.saturating_add(rows), ended: self.clock.passed() };
    }

    /// The clock that it goes by.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn burst(&self) -> MutexGuard<'_, Burst> {
        self.burst.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// Where one statement changed more rows than a second allows, because it cannot be cut, it is given their time.
fn rest(burst: &Burst, most: u64, now: Duration) -> Duration {
    let seconds = burst.rows.div_ceil(most);
    let seconds = SECOND.saturating_mul(u32::try_from(seconds).unwrap_or(u32::MAX));
    burst.ended.saturating_add(seconds).saturating_sub(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Ticks;

    fn pace(most: u64) -> (Arc<Ticks>, Pace) {
        let ticks = Arc::new(Ticks::default());
        (ticks.clone(), Pace::new(most, ticks))
    }

    #[test]
    fn a_burst_is_a_second_s_rows_and_a_second_passes_after_it() {
        let (ticks, pace) = pace(3);
        assert_eq!(pace.free(), 3);
        pace.changed(2);
        ticks.pass(Duration::from_millis(900));
        assert_eq!(pace.free(), 1, "the second is not over");
        pace.changed(1);
        assert_eq!((pace.free(), pace.rest()), (0, SECOND), "it counts from the last row");
        ticks.pass(Duration::from_millis(999));
        assert_eq!((pace.free(), pace.rest()), (0, Duration::from_millis(1)));
        ticks.pass(Duration::from_millis(1));
        assert_eq!((pace.free(), pace.rest()), (3, Duration::ZERO));
    }

    #[test]
    fn what_cannot_be_cut_is_given_its_time() {
        let (ticks, pace) = pace(3);
        pace.changed(7);
        assert_eq!((pace.free(), pace.rest()), (0, 3 * SECOND));
        ticks.pass(3 * SECOND);
        assert_eq!(pace.free(), 3);
    }

    #[test]
    fn a_pace_of_nothing_ends_nevertheless() {
        assert_eq!(pace(0).1.free(), 1);
    }
}
