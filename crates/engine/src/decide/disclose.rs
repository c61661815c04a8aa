//! May somebody receive data?

use jiff::civil::Date;

use super::Decision;
use super::collect::categories;
use super::names::hint;
use super::purpose::{Use, may_use, not_theirs};
use super::transfer::{Destination, barred, places};
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// What somebody is to receive, of whom. What is left open is not asked; of places, it is asked for all.
#[derive(Clone, Copy, Debug)]
pub struct Disclosure<'a> {
    /// A category of the notice by id, or a key of the taxonomy.
    pub category: &'a str,
    /// The purpose, by id.
    pub purpose: &'a str,
    /// Whose data it is.
    pub population: Option<&'a str>,
    /// Where the person is.
    pub place: Option<&'a str>,
    /// What is there beforehand, such as `consent`; what the recipient `needs`.
    pub given: &'a [&'a str],
    /// On which day.
    pub day: Date,
}

/// May a recipient receive data? Only one that is declared, for a purpose and category it has and that the purpose may use,
/// within its contract, where it is abroad over a transfer that is lawful on the day, and with what it needs beforehand.
pub fn may_disclose(said: &Said, recipient: &str, what: Disclosure<'_>) -> Decision {
    let Some(declared) = said.find("recipient", recipient) else {
        return Decision::no(
            format!("{recipient} is no declared recipient{}", hint(said, "recipient", recipient)),
            &[],
        );
    };
    if !declared.list("purposes").contains(&what.purpose) {
        return Decision::no(format!("it receives nothing for {}", what.purpose), &[declared]);
    }
    if !receives(said, declared, what.category) {
        return Decision::no(format!("it does not receive {}", what.category), &[declared]);
    }
    let Disclosure { category, population, place, .. } = what;
    let used = may_use(said, what.purpose, Use { category, population, place, ..Use::default() });
    if !used.allowed {
        return used;
    }
    let why = not_theirs(said, declared, population).or_else(|| out_of_term(declared, what.day));
    if let Some(why) = why.or_else(|| no_way(said, declared, &what)) {
        return Decision::no(why, &[declared]);
    }
    match declared.text("needs").filter(|need| *need != "contract" && !what.given.contains(need)) {
        Some(need) => Decision::no(format!("it needs {} first", need.replace('_', " ")), &[declared]),
        None => Decision::yes(declared.text("function").unwrap_or(recipient), &[declared]),
    }
}

/// Why data may not go where a recipient is. To one whom people give it themselves nothing of ours goes.
fn no_way(said: &Said, recipient: &Declaration, what: &Disclosure<'_>) -> Option<String> {
    if recipient.flag("outside") == Some(true) {
        return None;
    }
    let to = recipient.text("country")?;
    let agreed = what.given.iter().any(|given| matches!(*given, "consent" | "explicit_consent" | "opt_in"));
    let to = Destination { country: to, recipient: Some(&recipient.id), agreed };
    let from = what.place.map_or_else(|| places(said), |place| vec![place]);
    from.into_iter().find_map(|from| barred(said, from, to, what.day))
}

/// Does a recipient receive data of a category, given by id or as a key of the taxonomy?
pub fn receives(said: &Said, recipient: &Declaration, category: &str) -> bool {
    let own = recipient.list("categories");
    let meant = categories(said, category);
    own.contains(&category)
        || meant.iter().filter(|c| c.id.it != category).any(|c| own.contains(&c.id.it.as_str()))
        || own.iter().any(|key| covers(key, category))
}

/// Why nothing may flow on a day: outside the contract or the time in which the recipient receives data at all.
pub fn out_of_term(recipient: &Declaration, day: Date) -> Option<String> {
    let ended = |key: &str| recipient.date(key).filter(|end| *end < day);
    let early = |key: &str| recipient.date(key).filter(|begin| *begin > day);
    if let Some(day) = ended("agreement_until") {
        return Some(format!("its contract ended on {day}"));
    }
    if let Some(day) = early("agreement").or(early("since")) {
        return Some(format!("it receives nothing before {day}"));
    }
    ended("until").map(|day| format!("it receives nothing since {day}"))
}

/// What a flow is in the words of laws on sale and sharing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Work for the company.
    Service,
    /// Against money.
    Sale,
    /// Against something else of worth.
    Exchange,
    /// For advertising across other sites.
    Share,
}

/// What a recipient's flow counts as: one may be sold and shared at once. `other_value` is a sale where the folder's definition
/// for some law says so.
pub fn classes(said: &Said, recipient: &Declaration) -> Vec<Class> {
    let trackers_count = said.setting_flag("sale.advertising_trackers_count");
    let tracks = trackers_count && recipient.text("kind") == Some("advertising") && is_setter(said, recipient);
    let worth = match recipient.text("consideration") {
        Some("money") => Some(Class::Sale),
        Some("other_value") => Some(Class::Exchange),
        _ => None,
    };
    let shares = recipient.flag("behavioural_advertising") == Some(true) || tracks;
    let found: Vec<Class> = worth.into_iter().chain(shares.then_some(Class::Share)).collect();
    if found.is_empty() { vec![Class::Service] } else { found }
}

fn is_setter(said: &Said, recipient: &Declaration) -> bool {
    said.of("tracker").any(|t| t.text("setter") == Some(&recipient.id))
}

/// Did data flow to a recipient at some time from `from` to `to`, both included?
pub fn active(recipient: &Declaration, from: Date, to: Date) -> bool {
    let begun = recipient.date("since").or(recipient.date("agreement")).is_none_or(|begin| begin <= to);
    begun && recipient.date("until").is_none_or(|end| end >= from)
}
