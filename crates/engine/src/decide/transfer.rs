//! Data of people of one place that goes to another, and what allows it on a day (GDPR Chapter V).

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::Decision;
use crate::policy::category::covers;
use crate::policy::model::{Policy, Said};
use crate::policy::place::{countries, within};
use crate::policy::written::Declaration;

#[derive(Deserialize)]
struct Corridors {
    corridor: Vec<Corridor>,
}

/// A mechanism between places, and when it was in force.
#[derive(Clone, Debug, Deserialize)]
pub struct Corridor {
    /// Its word.
    pub mechanism: String,
    /// Places of the persons.
    pub from: Vec<String>,
    /// Where data may go.
    pub to: Vec<String>,
    /// First day.
    pub since: Date,
    /// Last day.
    pub until: Option<Date>,
    /// Only to those who hold a certification.
    #[serde(default)]
    pub certified: bool,
    /// Where it stands.
    pub source: String,
}

static CORRIDORS: LazyLock<Vec<Corridor>> = LazyLock::new(|| {
    let read: Corridors =
        toml::from_str(include_str!("../../../../rules/transfers.toml")).expect("our own corridors can be read");
    read.corridor
});

/// All corridors that we know.
pub fn corridors() -> &'static [Corridor] {
    &CORRIDORS
}

/// Is a declared transfer allowed on a day? Its mechanism must be in force between all its places, within its own dates, and
/// with the certification it needs.
pub fn lawful(said: &Said, transfer: &Declaration, day: Date) -> Decision {
    let mechanism = transfer.text("mechanism").unwrap_or_default();
    if let Some(end) = transfer.date("until").filter(|end| *end < day) {
        return Decision::no(format!("it ended on {end}"), &[transfer]);
    }
    if let Some(begin) = transfer.date("since").filter(|begin| *begin > day) {
        return Decision::no(format!("it begins on {begin}"), &[transfer]);
    }
    let to = transfer.text("to").unwrap_or_default();
    for place in transfer.list("from").into_iter().flat_map(countries) {
        if let Err(why) = between(said, transfer, mechanism, place, to, day) {
            return Decision::no(why, &[transfer]);
        }
    }
    Decision::yes(mechanism.replace('_', " "), &[transfer])
}

/// `none_needed` holds within one country and inside the EEA, and where no law of ours asks for more.
fn between(
    said: &Said,
    transfer: &Declaration,
    mechanism: &str,
    from: &str,
    to: &str,
    day: Date,
) -> Result<(), String> {
    if mechanism == "none_needed" {
        let free = from == to || (within(from, "EEA") && within(to, "EEA")) || !is_guarded(from);
        return if free { Ok(()) } else { Err(format!("something must allow data of people in {from} to go to {to}")) };
    }
    let fits = |c: &&Corridor| {
        let joins = |own: &[String], place: &str| own.iter().any(|o| within(place, o));
        c.mechanism == mechanism && joins(&c.to, to) && (joins(&c.from, from) || (from == "*" && c.certified))
    };
    // Of people from anywhere, those of guarded places must be covered; for the others nothing is asked.
    let fitting: Vec<&Corridor> = corridors().iter().filter(fits).collect();
    if fitting.is_empty() {
        return if is_guarded(from) { Err(format!("{mechanism} does not reach from {from} to {to}")) } else { Ok(()) };
    }
    let live = fitting.iter().find(|c| c.since <= day && c.until.is_none_or(|end| end >= day));
    let Some(live) = live else {
        let ended = fitting.iter().filter_map(|c| c.until).max();
        let when = ended.map_or_else(|| format!("is not in force on {day}"), |end| format!("ended on {end}"));
        return Err(format!("{mechanism} from {from} to {to} {when}"));
    };
    if live.certified && !certified(said, transfer, day) {
        return Err(format!("{mechanism} needs a certification that is held on {day}"));
    }
    Ok(())
}

/// Places whose law asks what allows a transfer.
fn is_guarded(place: &str) -> bool {
    within(place, "EEA") || within(place, "GB") || within(place, "CH")
}

/// Is the certification that a transfer names held on a day?
fn certified(said: &Said, transfer: &Declaration, day: Date) -> bool {
    transfer.text("certification").and_then(|id| said.find("certification", id)).is_some_and(|c| held(c, day))
}

/// Is a certification held on a day?
pub fn held(certification: &Declaration, day: Date) -> bool {
    certification.text("status") == Some("held")
        && certification.date("since").is_none_or(|begin| begin <= day)
        && certification.date("until").is_none_or(|end| end >= day)
}

/// The transfers that cover a corridor: people of a place, data in a country, at a recipient or at the company itself.
pub fn covering<'a>(said: &'a Said, from: &str, to: &str, recipient: Option<&str>) -> Vec<&'a Declaration> {
    let fits = |t: &&Declaration| {
        let own = t.list("recipients");
        let whose = recipient.map_or(own.is_empty(), |r| own.is_empty() || own.contains(&r));
        t.text("to") == Some(to) && t.list("from").iter().any(|place| within(from, place)) && whose
    };
    let mut found: Vec<&Declaration> = said.of("transfer").filter(fits).collect();
    found.sort_by_key(|t| t.whole("order").unwrap_or(u64::MAX));
    found
}

/// Data of people of a place that lies in another country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Where the people are.
    pub from: String,
    /// Where the data goes.
    pub to: String,
    /// The system, or the recipient, that has it there.
    pub at: String,
}

/// Flows from places of the regimes to systems and recipients abroad that no transfer covers. Inside the EEA nothing is needed.
pub fn uncovered(policy: &Policy, said: &Said) -> Vec<Flow> {
    let places = places(said);
    let systems = policy.systems.iter().filter_map(|s| Some((s.name.as_str(), s.country.as_deref()?, None)));
    let receives = said.of("recipient").filter(|r| !r.list("categories").is_empty() && r.flag("outside") != Some(true));
    let recipients = receives.filter_map(|r| Some((r.id.it.as_str(), r.text("country")?, Some(r.id.it.as_str()))));
    let stores: Vec<(&str, &str, Option<&str>)> = systems.chain(recipients).collect();
    let mut found = Vec::new();
    for (at, to, recipient) in stores {
        let guarded = places.iter().filter(|from| is_guarded(from) && !is_home(from, to));
        let open = guarded.filter(|from| covering(said, from, to, recipient).is_empty());
        found.extend(open.take(1).map(|from| Flow { from: (*from).to_owned(), to: to.to_owned(), at: at.to_owned() }));
    }
    found
}

/// Where people are, by the regimes of the folder.
fn places(said: &Said) -> Vec<&str> {
    let named = said.of("regime").flat_map(|r| r.list("places")).filter(|p| *p != "*");
    let mut places: Vec<&str> = named.flat_map(countries).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The transfers over which data of a purpose goes abroad: to its recipients, and to the company's own systems that hold it.
pub fn needed<'a>(policy: &Policy, said: &'a Said, purpose: &Declaration) -> Vec<&'a Declaration> {
    let keys: Vec<&str> = purpose
        .list("categories")
        .into_iter()
        .flat_map(|own| said.find("category", own).map_or_else(|| vec![own], |category| category.list("covers")))
        .collect();
    let holds = |system: usize| {
        let columns = policy.tables.iter().filter(|t| t.system.0 == system).flat_map(|t| &t.columns);
        columns.filter_map(|c| c.category.as_deref()).any(|own| keys.iter().any(|key| covers(key, own)))
    };
    let systems = policy.systems.iter().enumerate().filter(|(nth, _)| holds(*nth));
    let systems = systems.filter_map(|(_, system)| Some((None, system.country.as_deref()?)));
    let named = purpose.list("recipients");
    let receives =
        |r: &&Declaration| named.contains(&r.id.as_str()) || r.list("purposes").contains(&purpose.id.as_str());
    let recipients = said.of("recipient").filter(receives);
    let recipients = recipients.filter_map(|r| Some((Some(r.id.as_str()), r.text("country")?)));
    let stores: Vec<(Option<&str>, &str)> = systems.chain(recipients).collect();
    let places = places(said);
    let mut used = Vec::new();
    for (recipient, to) in stores {
        let away = places.iter().filter(|from| is_guarded(from) && !is_home(from, to));
        used.extend(away.flat_map(|from| covering(said, from, to, recipient)).map(|t| t.id.as_str()));
    }
    said.of("transfer").filter(|t| used.contains(&t.id.as_str())).collect()
}

fn is_home(from: &str, to: &str) -> bool {
    within(from, to) || (within(from, "EEA") && within(to, "EEA"))
}
