//! All rows of the billing database.

use super::awkward;
use super::draft::Draft;
use super::people::{self, Person};
use super::time::{DAY, SPAN, date, moment};
use super::words::{ROLES, STREETS};
use crate::sample::table::row;

impl Draft<'_> {
    /// The account of an organisation.
    pub fn account(&mut self, org: u64) {
        let plan = if org.is_multiple_of(3) { "team" } else { "basic" };
        let currency = if people::org(org).country == "NO" { "NOK" } else { "EUR" };
        self.bill("accounts", row![org, org, plan, currency, date(org % 300 * DAY)]);
    }

    /// What a person pays, and the seats they use.
    pub fn bills(&mut self, person: &Person) {
        if matches!(person.id, 1 | 7 | 12 | 13 | 19) || self.random.chance(60) {
            self.payer(person);
        }
        if let Some(email) =
            person.email.as_deref().filter(|_| awkward::has_everything(person.id) || self.random.chance(40))
        {
            let row = row![person.org, email, self.random.pick(ROLES)];
            self.bill("billing_contacts", row);
        }
        for month in 1..1 + self.random.below(4) {
            let minutes = self.random.below(8_000) as f64 / 16.0;
            self.bill("seat_usage", row![person.id, format!("2025-{month:02}"), minutes]);
        }
    }

    fn payer(&mut self, person: &Person) {
        self.ids.payer += 1;
        let id = self.ids.payer;
        let random = &mut self.random;
        let address = format!("{} {}, {:04} Bergen", random.pick(STREETS), 1 + random.below(90), 5_000 + id % 1_000);
        let credit = random.chance(30).then(|| format!("{}.{:02}", random.below(500), random.below(100)));
        let row = row![
            id,
            person.org,
            person.email.as_deref().map(str::to_lowercase),
            person.name.clone(),
            address,
            credit,
            moment(random.below(SPAN / 2)),
        ];
        self.bill("payers", row);
        let payments = u64::from(awkward::has_everything(person.id)) * 2 + self.random.below(6);
        if payments > 0 {
            self.card(person, id);
        }
        for _ in 0..payments {
            self.payment(id);
        }
    }

    fn card(&mut self, person: &Person, payer: u64) {
        let random = &mut self.random;
        let row = row![
            random.uuid(),
            payer,
            format!("tok_{:016x}", random.next()),
            person.name.clone(),
            format!("{:04}", random.below(10_000)),
            random.chance(90).then(|| format!("20{}-{:02}", 26 + random.below(5), 1 + random.below(12))),
        ];
        self.bill("cards", row);
    }

    fn payment(&mut self, payer: u64) {
        self.ids.payment += 1;
        let random = &mut self.random;
        let at = random.below(SPAN);
        let row = row![
            self.ids.payment,
            payer,
            format!("{}.{:02}", 10 + random.below(2_000), random.below(100)),
            "NOK",
            random.chance(70).then(|| random.below(640) as f64 / 64.0),
            date(at),
            random.chance(90).then(|| moment(at + DAY)),
        ];
        self.bill("payments", row);
    }
}
