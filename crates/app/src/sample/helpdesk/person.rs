//! All rows that belong to one person in the main database.

use super::awkward;
use super::draft::Draft;
use super::people::{self, ORG_SIZE, Person};
use super::time::{DAY, HOUR, SPAN, clock, date, moment};
use super::words::{BROWSERS, CALLS, REMARKS};
use crate::sample::random::Random;
use crate::sample::table::row;

impl Draft<'_> {
    /// The person, their tickets, mails, calls and bills; and the organisation with its first person.
    pub fn everything_of(&mut self, id: u64) {
        self.random = Random::new(self.seed, id);
        if (id - 1).is_multiple_of(ORG_SIZE) {
            self.organisation(people::org_of(id));
            self.account(people::org_of(id));
        }
        let person = people::person(id);
        self.record(&person);
        if id == 16 {
            self.invoice(&person);
        }
        if awkward::stays_apart(id) {
            return;
        }
        self.picture(&person);
        if awkward::all_null(id) {
            return self.with_nulls(|draft| draft.activity(&person));
        }
        self.activity(&person);
    }

    fn activity(&mut self, person: &Person) {
        let id = person.id;
        self.scripted_threads(id);
        for _ in 0..self.tickets(id) {
            self.ordinary_thread(person);
        }
        self.sessions(person);
        self.mails(person);
        self.calls(person);
        self.notes(person);
        if awkward::has_everything(id) || self.random.chance(15) {
            self.invoice(person);
        }
        self.bills(person);
    }

    /// Most people have few tickets, some have many.
    fn tickets(&mut self, id: u64) -> u64 {
        let ordinary = match self.random.below(100) {
            0..18 => 0,
            18..43 => 1,
            43..63 => 2,
            63..77 => 3,
            77..86 => 4,
            86..92 => 5,
            92..96 => 6,
            96..98 => 7,
            _ => 8,
        };
        awkward::tickets(id).unwrap_or(ordinary)
    }

    fn record(&mut self, person: &Person) {
        let id = person.id;
        let known = id != 11;
        let sentiment = match id {
            19 => f64::INFINITY,
            20 => f64::NAN,
            _ => (id % 200) as f64 / 100.0 - 1.0,
        };
        let theme = if id == 18 { "{dark} \"{}\" \\" } else { "light" };
        let preferences = format!(r#"{{"theme": {}, "digest": {}}}"#, serde_json::json!(theme), id.is_multiple_of(2));
        let mut avatar = self.random.bytes(16);
        if id == 19 {
            avatar = b"\x89PNG\x00\x00\xff\x00'\\".to_vec();
        }
        let remark = awkward::notes(id).or((id.is_multiple_of(3)).then(|| self.random.pick(REMARKS)));
        // The calendar of a year without a leap day fits every year of birth.
        let (birth, joined) = ((366 + self.random.below(365)) * DAY, self.random.below(SPAN / 4));
        self.desk(
            "persons",
            row![
                id,
                person.org,
                person.name.clone(),
                person.email.clone(),
                person.phone.clone(),
                person.username.clone(),
                person.locale.clone(),
                (known && !id.is_multiple_of(5)).then(|| date(birth).replace("2025", &format!("{}", 1950 + id % 55))),
                known.then_some(avatar),
                person.external_ref,
                known.then_some(preferences),
                remark.filter(|_| known),
                known.then_some(sentiment),
                known.then_some(id % 50 == 1),
                "active",
                moment(joined),
                (known && !id.is_multiple_of(6)).then(|| clock(joined + id % 400 * DAY)),
            ],
        );
    }

    fn sessions(&mut self, person: &Person) {
        let count =
            if person.id == 15 { 40 } else { u64::from(awkward::has_everything(person.id)) + self.random.below(4) };
        for _ in 0..count {
            let random = &mut self.random;
            let at = random.below(SPAN);
            let row = row![
                random.uuid(),
                person.id,
                format!("2001:db8:{:x}:{:x}::{:x}", person.id / 65_536, person.id % 65_536, 1 + random.below(9)),
                random.pick(BROWSERS),
                format!("{:016x}{:016x}", random.next(), random.next()),
                moment(at),
                random.chance(80).then(|| clock(at + 12 * HOUR)),
            ];
            self.desk("sessions", row);
        }
    }

    fn mails(&mut self, person: &Person) {
        let Some(email) = &person.email else { return };
        let count = if person.id == 15 { 120 } else { 1 + self.random.below(4) };
        for _ in 0..count {
            let kind = *self.random.pick(&[&"delivered", &"opened", &"bounced", &"digest"]);
            // A digest goes to the whole team; the map leaves it out by `when`.
            let address = match kind {
                "digest" => format!("team@{}.example", people::org(person.org).slug),
                _ if self.random.chance(70) => email.to_lowercase(),
                _ => email.clone(),
            };
            let code = if kind == "bounced" { Some(550_u64) } else { None };
            self.ids.event += 1;
            let at = moment(self.random.below(SPAN));
            let subject = self.random.chance(80).then_some("Your ticket has news");
            let row = row![self.ids.event, person.org, address, kind, subject, code, at];
            self.desk("email_events", row);
        }
    }

    fn calls(&mut self, person: &Person) {
        let numbers: Vec<String> = match (person.id, &person.phone) {
            (17, _) => ["22123456", "22 12 34 56", "+4722123456", "0047 22 12 34 56"].map(str::to_owned).to_vec(),
            (_, Some(phone)) if self.random.chance(30) || matches!(person.id, 1 | 5 | 6 | 19) => vec![respelt(phone)],
            _ => return,
        };
        for number in numbers {
            self.ids.call += 1;
            let agent = self.random.chance(80).then(|| 1 + self.random.below(self.agents));
            let (at, seconds) = (clock(self.random.below(SPAN)), self.random.below(5_000) as f64 / 8.0);
            let row = row![self.ids.call, person.org, number, agent, at, seconds, self.random.pick(CALLS)];
            self.desk("calls", row);
        }
    }

    fn notes(&mut self, person: &Person) {
        if !awkward::has_everything(person.id) && !self.random.chance(20) {
            return;
        }
        self.ids.note += 1;
        let agent = 1 + self.random.below(self.agents);
        let name = person.name.as_deref().unwrap_or("");
        let body = format!("{name}: {}", self.random.pick(REMARKS));
        let row = row![self.ids.note, person.id, agent, body, moment(self.random.below(SPAN))];
        self.desk("person_notes", row);
    }

    fn invoice(&mut self, person: &Person) {
        self.ids.invoice += 1;
        let id = self.ids.invoice;
        let net = 10_000 + self.random.below(900) * 100;
        let issued = self.random.below(SPAN - 40 * DAY);
        let row = row![
            id,
            format!("HD-{:06}", id),
            person.org,
            person.id,
            person.name.clone().unwrap_or_default(),
            person.email.clone(),
            net,
            net / 4,
            "NOK",
            date(issued),
            self.random.chance(75).then(|| moment(issued + 20 * DAY)),
            format!("%PDF-1.7 invoice HD-{id:06}").into_bytes(),
        ];
        self.desk("invoices", row);
    }
}

/// The same number as a telephone exchange writes it; what is no number stays as it is.
fn respelt(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        8.. => format!("+47{}", &digits[digits.len() - 8..]),
        _ => phone.to_owned(),
    }
}
