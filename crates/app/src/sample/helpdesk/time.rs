//! Times of the sample: seconds since the beginning of 2024, written as both engines read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// 2024-01-01T00:00:00Z.
const BEGIN: i64 = 1_704_067_200;
/// Everything happens within two years.
pub const SPAN: u64 = 2 * 365 * DAY;
pub const DAY: u64 = 86_400;
pub const HOUR: u64 = 3_600;

/// A moment with its offset.
pub fn moment(seconds: u64) -> String {
    written(seconds, "%Y-%m-%d %H:%M:%S+00:00")
}

/// A wall-clock time without a zone.
pub fn clock(seconds: u64) -> String {
    written(seconds, "%Y-%m-%d %H:%M:%S")
}

/// A day.
pub fn date(seconds: u64) -> String {
    written(seconds, "%Y-%m-%d")
}

fn written(seconds: u64, format: &str) -> String {
    let moment = Timestamp::from_second(BEGIN + seconds as i64).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(TimeZone::UTC).strftime(format).to_string()
}
