//! `purposes.toml`, `recipients.toml` and `retention.toml`.

use std::collections::BTreeMap;

use super::super::names::{Taken, plain};
use super::super::read::Notes;
use super::super::system::{Declaration, System};
use super::super::{Counts, Said};
use super::Used;
use crate::discover::write::toml::{aside, comment, key, list, string};

const PURPOSES: &str = "purposes.toml";
const RECIPIENTS: &str = "recipients.toml";

/// The three texts; one without content is empty.
pub(super) fn all(said: &Said, used: &mut Used, counts: &mut Counts, notes: &mut Notes) -> (String, String, String) {
    let mut writer =
        Writer { said, used, notes, ids: Taken::default(), recipients: Recipients::default(), rules: String::new() };
    let mut purposes = String::new();
    for system in &said.systems {
        for declaration in &system.declarations {
            purposes.push_str(&writer.purpose(system, declaration));
            counts.purposes += 1;
        }
        writer.loose_flows(system);
    }
    let Writer { recipients, rules, notes, .. } = writer;
    counts.recipients = recipients.all.len();
    (headed(purposes, "Why data is held"), recipients.text(notes), headed(rules, "How long data is held"))
}

fn headed(text: String, what: &str) -> String {
    if text.is_empty() { text } else { format!("# {what}, imported from Fides.\n{text}") }
}

/// Recipients by what they are called.
#[derive(Default)]
struct Recipients {
    ids: Taken,
    all: BTreeMap<String, (String, Option<&'static str>)>,
}

impl Recipients {
    fn id(&mut self, name: &str, role: Option<&'static str>) -> String {
        let ids = &mut self.ids;
        let fresh = || (ids.name(name, '-', "recipient"), role);
        self.all.entry(name.to_owned()).or_insert_with(fresh).0.clone()
    }

    fn text(&self, notes: &mut Notes) -> String {
        let mut out = String::new();
        for (name, (id, role)) in &self.all {
            let role = role.unwrap_or_else(|| {
                notes.decide(
                    RECIPIENTS,
                    format!("[recipient.{id}] role"),
                    "what it is to us: processor, sub_processor, controller",
                );
                "undecided"
            });
            out.push_str(&format!("\n[recipient.{id}]\nname = {}\nrole = {}\n", string(name), string(role)));
            let question = "where it sits, and what allows the transfer there: Fides does not say it of a recipient";
            notes.decide(RECIPIENTS, format!("[recipient.{id}] country, mechanism"), question);
        }
        headed(out, "Who receives personal data")
    }
}

struct Writer<'w> {
    said: &'w Said,
    used: &'w mut Used,
    notes: &'w mut Notes,
    ids: Taken,
    recipients: Recipients,
    rules: String,
}

impl Writer<'_> {
    fn purpose(&mut self, system: &System, d: &Declaration) -> String {
        let title = d.name.as_ref().or(d.data_use.as_ref()).cloned().unwrap_or_else(|| system.key.clone());
        let id = self.ids.name(&format!("{} {title}", system.key), '-', "purpose");
        let mut out = String::from("\n");
        let kind = if system.kind.is_empty() { String::new() } else { format!(" ({})", system.kind) };
        let said = format!("System {}{kind}, data use {}.", system.key, d.data_use.as_deref().unwrap_or("unsaid"));
        out.push_str(&comment("", &said));
        out.extend(system.description.as_ref().map(|words| comment("", words)));
        if !d.datasets.is_empty() {
            out.push_str(&comment("", &format!("It reads the datasets {}.", d.datasets.join(", "))));
        }
        out.push_str(&format!("[purpose.{id}]\ntitle = {}\n", string(&title)));
        let basis = d.basis.unwrap_or("undecided");
        out.push_str(&format!("basis = {}\n", string(basis)));
        self.ask_basis(&id, basis);
        if basis == "consent" {
            out.push_str("consent = \"opt_in\"\n");
        }
        if d.data_use.as_deref().is_some_and(|u| u == "marketing" || u.starts_with("marketing.")) {
            out.push_str("marketing = true\n");
        }
        self.used.categories.extend(d.categories.iter().cloned());
        out.push_str(&format!("categories = {}\n", list(&d.categories)));
        let recipients = self.recipients_of(&id, system, d);
        out.push_str(&format!("recipients = {}\n", list(&recipients)));
        let people: Vec<String> = d.subjects.iter().map(|s| plain(s, '_')).filter(|s| !s.is_empty()).collect();
        if !people.is_empty() {
            out.push_str(&format!("populations = {}\n", list(&people)));
        }
        self.used.subjects.extend(people);
        out.extend(self.retention(&id, d));
        out
    }

    fn ask_basis(&mut self, id: &str, basis: &str) {
        let question = match basis {
            "undecided" => "the legal basis: Fides names none",
            "legal_obligation" => "which law obliges: add it as [[law]] to policy.toml and name it as `law`",
            "legitimate_interests" => "why the interests outweigh: add [assessment.ID] and name it as `assessment`",
            _ => return,
        };
        self.notes.decide(PURPOSES, format!("[purpose.{id}] basis"), question);
    }

    fn recipients_of(&mut self, id: &str, system: &System, d: &Declaration) -> Vec<String> {
        let mut found = Vec::new();
        if system.outside {
            found.push(self.recipients.id(system.name.as_deref().unwrap_or(&system.key), system.role));
        }
        if let Some(name) = &d.third_parties {
            found.push(self.recipients.id(name, None));
            let question = format!("who that is by name: Fides says \"{}\"", aside(name));
            self.notes.decide(RECIPIENTS, format!("[purpose.{id}] recipients"), question);
        } else if d.shared {
            self.notes.decide(
                PURPOSES,
                format!("[purpose.{id}] recipients"),
                "who receives the data: Fides says that it is shared, and not with whom",
            );
        }
        for to in &d.egress {
            let is_system = system.egress.iter().any(|(key, system, _)| key == to && *system);
            let other = self.said.systems.iter().find(|s| s.key == *to);
            let inside = other.is_some_and(|s| !s.outside && s.role.is_none_or(|r| r == "controller"));
            if !is_system || inside {
                self.notes.left(
                    &d.at,
                    format!("`{to}` is no recipient: it is a dataset, a person, or a system of the company"),
                );
                continue;
            }
            let name = other.and_then(|s| s.name.as_deref()).unwrap_or(to);
            found.push(self.recipients.id(name, other.and_then(|s| s.role)));
        }
        found.sort();
        found.dedup();
        found
    }

    /// Where a system sends data to without saying what for.
    fn loose_flows(&mut self, system: &System) {
        for (to, _, at) in &system.egress {
            if system.declarations.iter().all(|d| !d.egress.contains(to)) {
                self.notes.left(at, format!("no privacy declaration says what for `{to}` receives data"));
            }
        }
    }

    fn retention(&mut self, id: &str, d: &Declaration) -> Option<String> {
        let (said, period) = d.retention.as_ref()?;
        let Some(period) = period else {
            self.notes.left(
                &d.at,
                format!("its retention period is no number of days, weeks, months or years: \"{}\"", aside(said)),
            );
            return None;
        };
        self.rules.push_str(&format!("\n[rule.{}]\nperiod = {}\n", key(id), string(period)));
        self.notes.decide(
            "retention.toml",
            format!("[rule.{id}]"),
            "from which column or event it counts, and what happens at its end",
        );
        Some(format!("retention = {}\n", string(id)))
    }
}
