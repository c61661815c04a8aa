//! Days that have passed: contracts, certifications, evidence, reviews; and a notice from the future (U1108).

use jiff::civil::Date;

use super::at;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};
use crate::policy::written::Declaration;

/// What was due, and is over.
pub fn run(_: &Policy, said: &Said, today: Date) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let receiving = |d: &Declaration| d.date("until").is_none_or(|end| end >= today);
    for (family, from, every) in [("safeguard", "reviewed", "every"), ("recipient", "reviewed", "review_every")] {
        let live = said.of(family).filter(|d| receiving(d));
        let due = live.filter_map(|d| Some((d, due(d, from, every)?))).filter(|(_, due)| *due < today);
        found.extend(due.map(|(d, due)| {
            let message = format!("`{}` was due to be looked at on {due}", d.id.it);
            at(codes::NOTICE_DATE, d, from, message, "too long ago").help("look at it and write the day")
        }));
    }
    let contracts = said.of("recipient").filter(|d| receiving(d)).map(|d| (d, "agreement_until"));
    let held = said.of("certification").filter(|d| d.text("status") == Some("held")).map(|d| (d, "until"));
    let over = contracts.chain(held).filter_map(|(d, key)| Some((d, key, d.date(key)?)));
    found.extend(over.filter(|(_, _, end)| *end < today).map(|(d, key, end)| {
        let message = format!("`{}` ended on {end}", d.id.it);
        at(codes::NOTICE_DATE, d, key, message, "over").help("renew it, or say that it is over")
    }));
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
