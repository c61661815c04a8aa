//! The only place that reads the time.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

static STANDING: OnceLock<Date> = OnceLock::new();
static AWAY: OnceLock<SignedDuration> = OnceLock::new();

/// Now, to the microsecond: what every stored time can hold.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    let now = AWAY.get().and_then(|away| now.checked_add(*away).ok()).unwrap_or(now);
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// The day that counts as today, in UTC.
pub fn today() -> Date {
    STANDING.get().copied().unwrap_or_else(actual_day)
}

/// The real day, in UTC: for what is recorded.
pub fn actual_day() -> Date {
    now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// From now on this day counts as today. Times that are recorded stay real.
pub fn stand_on(day: Date) {
    let _ = STANDING.set(day);
}

/// From now on `now` is on the day that counts as today, too. Only for trials on databases of their own, of which nothing stays.
pub fn travel() {
    if let (Some(day), Ok(here)) = (STANDING.get(), actual_day().to_zoned(jiff::tz::TimeZone::UTC)) {
        let there = day.to_zoned(jiff::tz::TimeZone::UTC);
        let _ = there.map(|there| AWAY.set(there.timestamp().duration_since(here.timestamp())));
    }
}

/// Measures what has passed since it was made, and waits for real.
pub struct Stopwatch(Instant);

impl Default for Stopwatch {
    fn default() -> Self {
        Stopwatch(Instant::now())
    }
}

impl connect::Clock for Stopwatch {
    fn passed(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(time))
    }
}
