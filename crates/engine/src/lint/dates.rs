//! Days that have passed: contracts, certifications, evidence, reviews; and a notice from the future (U1108).

use jiff::civil::Date;

use super::at;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};
use crate::policy::written::Declaration;

/// What was due, and is over.
pub fn run(_: &Policy, said: &Said, today: Date) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (family, from, every) in [("safeguard", "reviewed", "every"), ("recipient", "reviewed", "review_every")] {
        let due = said.of(family).filter_map(|d| Some((d, due(d, from, every)?))).filter(|(_, due)| *due < today);
        found.extend(due.map(|(d, due)| {
            let message = format!("`{}` was due to be looked at on {due}", d.id.it);
            at(codes::NOTICE_DATE, d, from, message, "too long ago").help("look at it and write the day")
        }));
    }
    for (family, key) in [("recipient", "agreement_until"), ("certification", "until"), ("transfer", "until")] {
        let live = |d: &&Declaration| {
            d.text("status").is_none_or(|s| s == "held")
                && d.text("until").is_none_or(|u| u == d.text(key).unwrap_or(u))
        };
        let over = said.of(family).filter(live).filter_map(|d| Some((d, d.date(key)?))).filter(|(_, end)| *end < today);
        found.extend(over.map(|(d, end)| {
            at(codes::NOTICE_DATE, d, key, format!("`{}` ended on {end}", d.id.it), "over")
                .help("renew it, or say that it is over")
        }));
    }
    let head = said.find("notice", "head");
    let backwards =
        head.filter(|h| h.date("published").zip(h.date("effective")).is_some_and(|(published, from)| from < published));
    found.extend(backwards.map(|h| {
        let message = "the notice holds from a day before it was published";
        at(codes::NOTICE_DATE, h, "effective", message, "before it could be read")
    }));
    found
}

fn due(said: &Declaration, from: &str, every: &str) -> Option<Date> {
    said.date(from)?.checked_add(said.period(every)?).ok()
}
