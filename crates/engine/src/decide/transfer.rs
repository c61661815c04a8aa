//! Data of people of one place that goes to another, and what allows it on a day (GDPR Chapter V).

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::Decision;
use super::disclose::active;
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
/// with the certification it needs. Of people from anywhere, `*`, those of one guarded place at least must be reached;
/// [`uncovered`] asks who is left.
pub fn lawful(said: &Said, transfer: &Declaration, day: Date) -> Decision {
    if let Err(why) = within_dates(transfer, day) {
        return Decision::no(why, &[transfer]);
    }
    let (anywhere, named): (Vec<&str>, Vec<&str>) = transfer.list("from").into_iter().partition(|from| *from == "*");
    let mut each = named.into_iter().flat_map(countries).map(|place| between(said, transfer, place, day));
    let of_all = anywhere.first().map_or(Ok(()), |_| {
        let mut some = guarded().flat_map(countries).map(|place| between(said, transfer, place, day));
        let first = some.next().unwrap_or(Ok(()));
        if first.is_ok() || some.any(|reached| reached.is_ok()) { Ok(()) } else { first }
    });
    match each.find_map(Result::err).or(of_all.err()) {
        Some(why) => Decision::no(why, &[transfer]),
        None => Decision::yes(transfer.text("mechanism").unwrap_or_default().replace('_', " "), &[transfer]),
    }
}

/// A transfer's own first and last day.
fn within_dates(transfer: &Declaration, day: Date) -> Result<(), String> {
    if let Some(end) = transfer.date("until").filter(|end| *end < day) {
        return Err(format!("it ended on {end}"));
    }
    match transfer.date("since").filter(|begin| *begin > day) {
        Some(begin) => Err(format!("it begins on {begin}")),
        None => Ok(()),
    }
}

/// Does the mechanism of a transfer hold for people of one place on a day, and if not, why? `none_needed` holds within one
/// country and inside the EEA, and where no law that we know asks for more.
fn between(said: &Said, transfer: &Declaration, from: &str, day: Date) -> Result<(), String> {
    let (mechanism, to) = (transfer.text("mechanism").unwrap_or_default(), transfer.text("to").unwrap_or_default());
    if !is_guarded(from) {
        return Ok(());
    }
    if mechanism == "none_needed" {
        let need = || format!("something must allow data of people in {from} to go to {to}");
        return if is_home(from, to) { Ok(()) } else { Err(need()) };
    }
    let joins = |own: &[String], place: &str| own.iter().any(|o| within(place, o));
    let fits = |c: &&Corridor| c.mechanism == mechanism && joins(&c.to, to) && joins(&c.from, from);
    let fitting: Vec<&Corridor> = corridors().iter().filter(fits).collect();
    let live = fitting.iter().find(|c| c.since <= day && c.until.is_none_or(|end| end >= day));
    match (live, fitting.iter().filter_map(|c| c.until).max()) {
        (Some(live), _) if live.certified && !certified(said, transfer, day) => {
            Err(format!("{mechanism} needs a certification that is held on {day}"))
        }
        (Some(_), _) => Ok(()),
        (None, Some(end)) => Err(format!("{mechanism} from {from} to {to} ended on {end}")),
        (None, None) if fitting.is_empty() => Err(format!("{mechanism} does not reach from {from} to {to}")),
        (None, None) => Err(format!("{mechanism} from {from} to {to} is not in force on {day}")),
    }
}

/// Places whose law asks what allows a transfer: those from which corridors lead.
fn guarded() -> impl Iterator<Item = &'static str> {
    corridors().iter().flat_map(|c| &c.from).map(String::as_str).filter(|from| *from != "*")
}

fn is_guarded(place: &str) -> bool {
    guarded().any(|from| within(place, from))
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

/// The transfers that cover a corridor: people of a place, data in a country, at a recipient or at the company itself. One that
/// names no recipients is about all that lies there.
pub fn covering<'a>(said: &'a Said, from: &str, to: &str, recipient: Option<&str>) -> Vec<&'a Declaration> {
    let fits = |t: &&Declaration| {
        let own = t.list("recipients");
        let whose = own.is_empty() || recipient.is_some_and(|r| own.contains(&r));
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

/// Where data is to go.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    /// The country.
    pub country: &'a str,
    /// Who has it there; the company itself otherwise.
    pub recipient: Option<&'a str>,
    /// The person has agreed, so that a transfer that rests on consent counts.
    pub agreed: bool,
}

/// The places of the regimes, countries one by one.
pub fn places(said: &Said) -> Vec<&str> {
    let mut places: Vec<&str> =
        said.of("regime").flat_map(|r| r.list("places")).filter(|p| *p != "*").flat_map(countries).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Why data of people of a place may not go somewhere on a day: no transfer that covers it is lawful for them. Inside the EEA
/// nothing is needed, and nothing of people whose law asks for nothing.
pub fn barred(said: &Said, from: &str, to: Destination<'_>, day: Date) -> Option<String> {
    if !is_guarded(from) || is_home(from, to.country) {
        return None;
    }
    let ways = covering(said, from, to.country, to.recipient);
    let open = |t: &Declaration| to.agreed || t.text("mechanism") != Some("consent");
    let mut closed = None;
    for way in ways.into_iter().filter(|t| open(t)) {
        match within_dates(way, day).and_then(|()| between(said, way, from, day)) {
            Ok(()) => return None,
            Err(why) => drop(closed.get_or_insert(why)),
        }
    }
    let why = closed.unwrap_or_else(|| format!("nothing is declared for people in {from} and data in {}", to.country));
    Some(format!("nothing allows the transfer: {why}"))
}

/// Flows from places of the regimes to systems and recipients abroad that no transfer covers on a day. Those who receive nothing
/// any more, or nothing yet, count for nothing.
pub fn uncovered(policy: &Policy, said: &Said, day: Date) -> Vec<Flow> {
    let places = places(said);
    let systems = policy.systems.iter().filter_map(|s| Some((s.name.as_str(), s.country.as_deref()?, None)));
    let receives = said.of("recipient").filter(|r| !r.list("categories").is_empty() && r.flag("outside") != Some(true));
    let receives = receives.filter(|r| active(r, day, day));
    let recipients = receives.filter_map(|r| Some((r.id.it.as_str(), r.text("country")?, Some(r.id.it.as_str()))));
    let mut found = Vec::new();
    for (at, to, recipient) in systems.chain(recipients) {
        let mut guarded = places.iter().filter(|from| is_guarded(from) && !is_home(from, to));
        let open =
            guarded.find(|from| !covering(said, from, to, recipient).iter().any(|t| answers(said, t, from, day)));
        found.extend(open.map(|from| Flow { from: (*from).to_owned(), to: to.to_owned(), at: at.to_owned() }));
    }
    found
}

/// The transfers over which data of a purpose goes abroad: to its recipients, and to the company's own systems that hold it.
pub fn needed<'a>(policy: &Policy, said: &'a Said, purpose: &Declaration) -> Vec<&'a Declaration> {
    let keys = purpose.list("categories");
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

/// Is a transfer an answer for people of a place? What is over is none. One that names the place is, and whether it is lawful
/// is a question of its own; one from anywhere must reach the place.
fn answers(said: &Said, transfer: &Declaration, from: &str, day: Date) -> bool {
    let over = transfer.date("until").is_some_and(|end| end < day);
    let named = transfer.list("from").iter().any(|place| *place != "*" && within(from, place));
    !over && (named || between(said, transfer, from, day).is_ok())
}

fn is_home(from: &str, to: &str) -> bool {
    within(from, to) || (within(from, "EEA") && within(to, "EEA"))
}
