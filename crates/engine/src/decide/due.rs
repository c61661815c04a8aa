//! By when a request must be answered: the notice's own period and the law's, from the day on which it came in.

use jiff::Span;
use jiff::civil::Date;

use crate::notice::words;
use crate::policy::model::Said;
use crate::policy::place::within;
use crate::policy::written::Declaration;

/// The last day for an answer, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub day: Date,
    /// Why, in one sentence.
    pub because: String,
    /// The declarations that decided, as `FAMILY:NAME`.
    pub by: Vec<String>,
}

/// By when a request for a right from a place must be answered that came in on a day. Months are those of the calendar, and
/// end with the month where it is shorter. Days on which nobody works are not looked at: that can only make it later.
///
/// Where the notice and the law differ, the earlier day counts if `clock.strictest` says so, else the law's. None where neither
/// names a period.
pub fn due(said: &Said, right: &str, place: &str, received: Date) -> Option<Due> {
    let law = said.of("regime").filter(|d| d.list("places").iter().any(|own| within(place, own)));
    let law = law.filter(|d| d.list("rights").is_empty() || d.list("rights").contains(&right));
    let law = law.filter_map(|d| ends(d, "answer_within", received)).min_by_key(|(day, ..)| *day);
    let clock = said.find("setting", &format!("clock.{right}"));
    let own = said.find("right", right).and_then(|d| ends(d, "deadline", received));
    let own = own.into_iter().chain(clock.and_then(|d| ends(d, "value", received))).min_by_key(|(day, ..)| *day);
    let chosen = match (own, law) {
        (Some(own), Some(law)) if said.setting_flag("clock.strictest") => {
            if own.0 <= law.0 {
                own
            } else {
                law
            }
        }
        (own, law) => law.or(own)?,
    };
    let (day, period, by) = chosen;
    let source = by.text("title").unwrap_or("the notice");
    let because = format!("{} from {}, by {source}", words::period(period)?, received.strftime("%-d %B %Y"));
    Some(Due { day, because, by: vec![by.name()] })
}

/// When a period of a declaration ends.
fn ends<'a>(declared: &'a Declaration, key: &str, from: Date) -> Option<(Date, &'a str, &'a Declaration)> {
    let period = declared.text(key)?;
    Some((from.checked_add(period.parse::<Span>().ok()?).ok()?, period, declared))
}

/// The first day on which a rule about silence ends data: its period after the last sign of life and, unless silence before a
/// paid plan ended counts, after that day too. None where the folder has no such rule or its period is none.
pub fn silent_until(said: &Said, rule: &str, last: Date, downgraded: Option<Date>) -> Option<Date> {
    let period: Span = said.find("retention", rule)?.text("period")?.parse().ok()?;
    let counts = said.setting_flag("inactivity.counts_before_downgrade");
    let from = downgraded.filter(|_| !counts).map_or(last, |day| day.max(last));
    let end = from.checked_add(period).ok()?;
    // What is clamped ends on another day of the month than it began.
    let clamped = period.get_days() == 0 && period.get_weeks() == 0 && end.day() != from.day();
    let next = clamped && said.setting_text("inactivity.month_end") == Some("next_day");
    if next { end.tomorrow().ok() } else { Some(end) }
}
