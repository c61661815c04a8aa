//! The rows of one chunk while they are made, and what the house itself holds.

use std::mem;

use super::awkward;
use super::people::{self, HOUSE};
use super::schema::{BILLING, HELPDESK};
use super::time::{DAY, moment};
use super::words::TAGS;
use crate::sample::File;
use crate::sample::load::Rows;
use crate::sample::random::Random;
use crate::sample::table::{Row, Table, Value, row};

/// The last number given in each table, over all chunks.
#[derive(Default)]
pub struct Ids {
    pub ticket: u64,
    pub reply: u64,
    pub attachment: u64,
    pub note: u64,
    pub event: u64,
    pub call: u64,
    pub invoice: u64,
    pub audit: u64,
    pub payer: u64,
    pub payment: u64,
}

/// Collects the rows of a chunk.
pub struct Draft<'a> {
    pub persons: u64,
    pub agents: u64,
    pub seed: u64,
    pub ids: &'a mut Ids,
    pub random: Random,
    pub helpdesk: Rows,
    pub billing: Rows,
    pub files: Vec<File>,
}

impl<'a> Draft<'a> {
    /// An empty chunk of a company with that many persons.
    pub fn new(persons: u64, seed: u64, ids: &'a mut Ids) -> Self {
        Draft {
            persons,
            agents: people::agents(persons),
            seed,
            ids,
            random: Random::new(seed, 0),
            helpdesk: Rows::new(),
            billing: Rows::new(),
            files: Vec::new(),
        }
    }

    /// Adds a row of the main database.
    pub fn desk(&mut self, table: &'static str, row: Row) {
        self.helpdesk.entry(table).or_default().push(row);
    }

    /// Adds a row of the billing database.
    pub fn bill(&mut self, table: &'static str, row: Row) {
        self.billing.entry(table).or_default().push(row);
    }

    /// Makes rows and takes every value out of them that may be null.
    pub fn with_nulls(&mut self, make: impl FnOnce(&mut Self)) {
        let before = (mem::take(&mut self.helpdesk), mem::take(&mut self.billing));
        let files = self.files.len();
        make(self);
        self.files.truncate(files);
        let made = (mem::replace(&mut self.helpdesk, before.0), mem::replace(&mut self.billing, before.1));
        append(&mut self.helpdesk, made.0, HELPDESK);
        append(&mut self.billing, made.1, BILLING);
    }

    /// What exists before the first customer: our own organisation, settings, tags, agents, tax rates.
    pub fn house(&mut self) {
        self.organisation(HOUSE);
        self.desk("settings", row!["opening_hours", r#"{"from": "08:00", "until": "16:00"}"#]);
        self.desk("settings", row!["theme", r##"{"colour": "#0b3d5c"}"##]);
        self.desk("settings", row!["maintenance", None::<&str>]);
        for (number, tag) in TAGS.iter().enumerate() {
            self.desk("tags", row![number as u64 + 1, *tag]);
        }
        for id in 1..=self.agents {
            if id == awkward::BARE_AGENT {
                self.with_nulls(|draft| draft.agent(id));
            } else {
                self.agent(id);
            }
        }
        for (code, rate) in [("NO", "25.00"), ("SE", "25.00"), ("DK", "25.00"), ("DE", "19.00"), ("NL", "21.00")] {
            self.bill("tax_rates", row![code, rate]);
        }
    }

    /// A tenant, in the main database.
    pub fn organisation(&mut self, id: u64) {
        let org = people::org(id);
        let plan = if id.is_multiple_of(3) { "team" } else { "basic" };
        self.desk("organisations", row![id, org.slug, org.name, org.country, plan, moment(id % 300 * DAY)]);
    }

    fn agent(&mut self, id: u64) {
        let agent = people::agent(id);
        let mut random = Random::new(self.seed ^ 0xA6E7, id);
        let signature = format!("{}\n{}, Harbour Desk\n{}", agent.name, agent.team, agent.email);
        let secret = format!("$argon2id$v=19$m=19456,t=2,p=1${:016x}${:016x}", random.next(), random.next());
        self.desk(
            "agents",
            row![
                id,
                &agent.name,
                &agent.email,
                &agent.phone,
                agent.username,
                agent.team,
                signature,
                secret,
                id % 7 != 6,
                moment(id % 200 * DAY),
            ],
        );
        let body = format!("Hello,\nthank you for writing to us.\n\nKind regards\n{}\n{}", agent.name, agent.email);
        self.desk("saved_replies", row![id, id, "Thank you", body, moment(id % 200 * DAY + 3_600)]);
    }
}

fn append(rows: &mut Rows, made: Rows, tables: &[Table]) {
    for table in tables {
        let nullable = table.nullable();
        for row in made.get(table.name).into_iter().flatten() {
            let bare = row.iter().zip(&nullable).map(|(value, null)| if *null { Value::Null } else { value.clone() });
            rows.entry(table.name).or_default().push(bare.collect());
        }
    }
}
