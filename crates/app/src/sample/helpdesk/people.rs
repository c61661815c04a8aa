//! Who exists: every organisation, agent and person follows from its number alone.
//!
//! Because nobody has to be remembered, a thread can name another person without a look into the rows made so far.

use super::awkward;
use super::words::{AGENT_LAST, COUNTRIES, FIRST, LAST, LOCALES, MIDDLE, PLACE, TEAMS, TRADE};
use crate::sample::random::Random;

/// Persons of one organisation have consecutive numbers.
pub const ORG_SIZE: u64 = 10;
/// As many different names can be made.
pub const MOST_PERSONS: u64 = 200_000;
/// The organisation of Harbour Desk itself, where stand-ins of former customers live.
pub const HOUSE: u64 = 1;

/// A customer organisation: the tenant of its persons.
pub struct Org {
    pub slug: String,
    pub name: String,
    pub country: &'static str,
}

/// A member of Harbour Desk's staff.
#[derive(Clone)]
pub struct Agent {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub username: String,
    pub phone: String,
    pub team: &'static str,
}

/// A person of a customer organisation; also what others know of them.
#[derive(Clone)]
pub struct Person {
    pub id: u64,
    pub org: u64,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub username: Option<String>,
    pub locale: Option<String>,
    pub external_ref: Option<i64>,
}

/// The organisation of person `id`.
pub fn org_of(id: u64) -> u64 {
    HOUSE + 1 + (id - 1) / ORG_SIZE
}

/// Organisation `id`, from 1.
pub fn org(id: u64) -> Org {
    if id == HOUSE {
        return Org { slug: "harbour-desk".into(), name: "Harbour Desk".into(), country: "NO" };
    }
    let number = id - HOUSE - 1;
    let (places, trades) = (PLACE.len() as u64, TRADE.len() as u64);
    // The first names run along the diagonal, so that neighbours share neither word.
    let place = PLACE[(number % places) as usize];
    let trade = TRADE[((number + number / places) % trades) as usize];
    let round = number / (places * trades);
    let suffix = if round == 0 { String::new() } else { format!("-{}", round + 1) };
    Org {
        slug: format!("{place}-{trade}{suffix}"),
        name: format!("{} {}{}", capital(place), capital(trade), suffix.replace('-', " ")),
        country: COUNTRIES[(number % COUNTRIES.len() as u64) as usize],
    }
}

/// How many agents serve that many persons.
pub fn agents(persons: u64) -> u64 {
    (6 + persons / 500).min(200)
}

/// Agent `id`, from 1.
pub fn agent(id: u64) -> Agent {
    let (first, last) = (FIRST[(id * 7 % 60) as usize], AGENT_LAST[((id + id / 60) % 20) as usize]);
    let handle = format!("{}.{}", first.to_lowercase(), last.to_lowercase());
    let mut agent = Agent {
        id,
        name: format!("{first} {last}"),
        email: format!("{handle}@harbour-desk.example"),
        username: format!("desk-{}{id}", first.to_lowercase()),
        phone: format!("+47 55 {:02} {:02} {:02}", id / 10_000 % 100, id / 100 % 100, id % 100),
        team: TEAMS[(id % TEAMS.len() as u64) as usize],
    };
    awkward::amend_agent(&mut agent);
    agent
}

/// Person `id`, from 1.
pub fn person(id: u64) -> Person {
    let org_id = org_of(id);
    // A factor without a common divisor with 60 walks through all names before one returns.
    let number = id * 91_813 % (60 * 60 * 60);
    let first = FIRST[(number % 60) as usize];
    let middle = MIDDLE[(number / 60 % 60) as usize];
    let last = LAST[(number / 3600) as usize];
    let handle = format!("{first}.{middle}.{last}{id}").to_lowercase();
    let mut person = Person {
        id,
        org: org_id,
        name: Some(format!("{first} {middle} {last}")),
        email: Some(format!("{handle}@{}.example", org(org_id).slug)),
        phone: Some(phone(id)),
        username: Some(format!("{first}{last}{id}").to_lowercase()),
        locale: Some(LOCALES[(id % LOCALES.len() as u64) as usize].to_owned()),
        external_ref: Some((1 << 53) + 1 + id as i64),
    };
    awkward::amend(&mut person);
    person
}

/// A Norwegian mobile number of person `id`, written in one of the usual ways.
fn phone(id: u64) -> String {
    let digits = format!("9{:07}", (id * 7_919 + 1_234_567) % 10_000_000);
    let pairs = format!("{} {} {} {}", &digits[0..2], &digits[2..4], &digits[4..6], &digits[6..8]);
    match id % 4 {
        0 => digits,
        1 => format!("+47 {pairs}"),
        2 => format!("0047{digits}"),
        _ => pairs,
    }
}

/// Somebody else of the same organisation who can take part in a thread.
pub fn mate(id: u64, persons: u64, random: &mut Random) -> Option<Person> {
    let first = (id - 1) / ORG_SIZE * ORG_SIZE + 1;
    let size = ORG_SIZE.min(persons + 1 - first);
    let other = first + random.below(size);
    (other != id && !awkward::stays_apart(other)).then(|| person(other))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
