//! Rights carried out for the people of a sample, each on databases of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use engine::ask::Row;
use engine::coverage::Tried;
use engine::plan::{Action, Correction, Kept, Plan, Step, Why, Wrong};
use engine::policy::model::{Access, Right};
use engine::run::Sink;
use engine::value::Value;
use jiff::SignedDuration;
use store::Store;

use super::fresh;
use super::inventory::Held;
use super::sample::{Made, Person, Sample};
use crate::casework::{self, Ask, Carried, Ending, Identity};
use crate::clock;
use crate::company::Company;

/// What was tried of each right, by its word, and what is held of people of each customer.
pub async fn carried_out(
    folder: &Path,
    sample: &Sample,
    progress: &dyn Fn(&str),
) -> Result<(BTreeMap<String, Tried>, Held)> {
    let (mut all, mut held): (BTreeMap<String, Tried>, Held) = Default::default();
    for person in &sample.people {
        progress(&format!("carrying out the rights of {}: {}", person.id, person.why));
        let mut scene = Scene::set(folder, sample, person).await?;
        for (right, wrong) in scene.play().await {
            let tried = all.entry(right.word().to_owned()).or_default();
            let Some(wrong) = wrong else { continue };
            tried.people += 1;
            tried.wrong.extend(wrong.into_iter().map(|what| format!("{}: {what}", person.id)));
        }
        let kept_by = &mut all.entry(Right::Erasure.word().to_owned()).or_default().kept_by;
        scene.kept_by.into_iter().for_each(|(id, rows)| *kept_by.entry(id).or_default() += rows);
        if let Some(customer) = &person.tenant {
            let own = held.entry(customer.clone()).or_default();
            scene.held.into_iter().for_each(|(column, values)| own.entry(column).or_default().extend(values));
        }
    }
    Ok((all, held))
}

/// One person over databases of their own.
struct Scene<'a> {
    person: &'a Person,
    made: Made,
    company: Company,
    store: Store,
    /// Laws and holds that kept rows, and how many.
    kept_by: BTreeMap<String, usize>,
    /// Values that an access returned, by `system:table.column`.
    held: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Scene<'a> {
    async fn set(folder: &Path, sample: &Sample, person: &'a Person) -> Result<Self> {
        let (made, mut company) = fresh(folder, sample).await?;
        // Nobody is there to approve a trial.
        company.policy.approval.clear();
        let store = Store::open(&made.folder.path().join("home"), store::Options::new(clock::now())).await?;
        Ok(Scene { person, made, company, store, kept_by: BTreeMap::new(), held: BTreeMap::new() })
    }

    /// Everything that is tried for one person, and what was wrong; none: it could not be tried. Reading rights first, then what
    /// changes rows, then the erasure.
    async fn play(&mut self) -> Vec<(Right, Option<Vec<String>>)> {
        let mut found = vec![(Right::Confirmation, Some(self.confirmed().await))];
        for right in [Right::Access, Right::Portability] {
            found.push((right, Some(self.read(right).await)));
        }
        for (right, back) in [(Right::Restriction, Right::Lifting), (Right::Deactivation, Right::Reactivation)] {
            found.push((right, Some(self.there_and_back(right, back).await)));
        }
        found.push((Right::Rectification, self.rectify().await));
        found.push((Right::Erasure, Some(self.erase().await)));
        found
    }

    /// Yes for somebody who is there, and no for somebody who is not.
    async fn confirmed(&self) -> Vec<String> {
        let mut stranger = self.ask(Right::Confirmation);
        stranger.identities = vec![Identity::Named("email".to_owned(), "nobody.at.all@nowhere.invalid".to_owned())];
        // Who is known by something else than an address is asked for by an address in vain, and nothing is shown by it.
        let strangers =
            self.person.email.is_some().then_some((stranger, false, "somebody who is not there is confirmed"));
        let own = (self.ask(Right::Confirmation), true, "somebody who is there is not confirmed");
        let mut wrong = Vec::new();
        for (ask, there, what) in [own].into_iter().chain(strangers) {
            let done = async {
                let plan = self.plan(&ask).await?;
                self.carry(&plan, &mut Seen::default()).await?;
                anyhow::Ok(plan.holds_data())
            };
            match done.await {
                Ok(held) if held == there => {}
                Ok(_) => wrong.push(what.to_owned()),
                Err(error) => wrong.push(format!("{error:#}")),
            }
        }
        wrong
    }

    fn ask(&self, right: Right) -> Ask {
        let person = self.person;
        let named =
            |name: &str, value: &Option<String>| value.clone().map(|value| Identity::Named(name.to_owned(), value));
        let mut identities: Vec<Identity> =
            named("email", &person.email).into_iter().chain(named("phone", &person.phone)).collect();
        identities.extend(person.identity.iter().map(|(n, v)| Identity::Named(n.clone(), v.clone())));
        let record = person.record.as_ref().and_then(|r| r.split_once(':'));
        identities.extend(record.map(|(system, key)| Identity::Record(system.to_owned(), key.to_owned())));
        Ask {
            right,
            kind: person.subject.clone(),
            tenant: person.tenant.clone(),
            profile: None,
            identities,
            corrections: Vec::new(),
            sweep: false,
            words: Vec::new(),
            by: "trial".to_owned(),
            valid: SignedDuration::from_hours(1),
        }
    }

    async fn plan(&self, ask: &Ask) -> Result<Plan> {
        casework::make(&self.company, ask, Some(&self.store)).await
    }

    async fn carry(&self, plan: &Plan, seen: &mut Seen) -> Result<Carried> {
        let mut plan = plan.clone();
        // Bounds protect large tables from small mistakes; a sample is small, and its people are what it is for.
        plan.breaches.clear();
        casework::carry_out(&self.store, &self.company, &plan, seen).await
    }

    async fn read(&mut self, right: Right) -> Vec<String> {
        let mut seen = Seen::default();
        let done = async {
            let plan = self.plan(&self.ask(right)).await?;
            self.carry(&plan, &mut seen).await
        };
        if let Err(error) = done.await {
            return vec![format!("{error:#}")];
        }
        match right {
            Right::Portability => self.copied(&seen),
            _ => {
                self.held = std::mem::take(&mut seen.held);
                self.answered(&seen)
            }
        }
    }

    /// A copy holds part of what an access returns, some of it, and nothing that is somebody else's.
    fn copied(&self, seen: &Seen) -> Vec<String> {
        let mut wrong = Vec::new();
        if seen.rows.is_empty() {
            wrong.push("the copy is empty".to_owned());
        }
        for (table, copied) in &seen.rows {
            let counted = self.person.access.get(table).copied().unwrap_or_default();
            if *copied > counted {
                wrong.push(format!("the copy has {copied} rows of {table}, and {counted} are theirs"));
            }
        }
        wrong.extend(self.strange(seen));
        wrong
    }

    /// Words of somebody else in an answer.
    fn strange(&self, seen: &Seen) -> Option<String> {
        let others = self.person.unseen.iter().any(|word| seen.text.contains(word.as_str()));
        others.then(|| "the answer holds words of somebody else".to_owned())
    }

    /// Exactly the rows that the sample counts, and none of the words that are somebody else's.
    fn answered(&self, seen: &Seen) -> Vec<String> {
        let mut wrong = Vec::new();
        for (table, expected) in &self.person.access {
            let returned = seen.rows.get(table).copied().unwrap_or_default();
            if returned != *expected {
                wrong.push(format!("an access returns {returned} rows of {table}, and {expected} are theirs"));
            }
        }
        let more = seen.rows.iter().filter(|(table, rows)| **rows > 0 && !self.person.access.contains_key(*table));
        wrong.extend(more.map(|(table, rows)| format!("an access returns {rows} rows of {table}, and none is theirs")));
        wrong.extend(self.strange(seen));
        wrong
    }

    /// A right that is taken back leaves everything as it was; meanwhile it is seen where it must be.
    async fn there_and_back(&mut self, right: Right, back: Right) -> Vec<String> {
        let before = match self.dump().await {
            Ok(dump) => dump,
            Err(error) => return vec![format!("{error:#}")],
        };
        let done = async {
            let plan = self.plan(&self.ask(right)).await?;
            self.carry(&plan, &mut Seen::default()).await?;
            let changed = self.dump().await? != before;
            let mut wrong = self.meanwhile(&plan, changed).await?;
            let ask = self.ask(back);
            let plan = match back {
                Right::Reactivation => casework::take_back(&self.store, &self.company, &ask).await?,
                _ => self.plan(&ask).await?,
            };
            self.carry(&plan, &mut Seen::default()).await?;
            if self.dump().await? != before {
                wrong.push(format!("after the {} something is not as it was", back.word()));
            }
            if back == Right::Lifting && casework::restricted_since(&self.store, &self.company, &plan).await?.is_some()
            {
                wrong.push("the register of restrictions still knows the person".to_owned());
            }
            anyhow::Ok(wrong)
        };
        done.await.unwrap_or_else(|error| vec![format!("{error:#}")])
    }

    /// What is not as it must be while a right stands that can be taken back. A restriction stands in the register and, where the
    /// map names a flag, in the person's records; a deactivation has taken something away.
    async fn meanwhile(&self, plan: &Plan, changed: bool) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        if plan.right == Right::Deactivation {
            wrong.extend((!changed).then(|| "it changed nothing".to_owned()));
            return Ok(wrong);
        }
        let flagged = plan.persons.iter().any(|record| self.has_flag(&record.system, &record.table));
        if flagged && !changed {
            wrong.push("no record bears the flag of a restriction that the map names".to_owned());
        }
        if casework::restricted_since(&self.store, &self.company, plan).await?.is_none() {
            wrong.push("the register of restrictions does not know the person".to_owned());
        }
        Ok(wrong)
    }

    /// Does the map name a flag for records of a table?
    fn has_flag(&self, system: &str, table: &str) -> bool {
        let policy = &self.company.policy;
        let named = policy.system_named(system).and_then(|system| policy.table_named(system, table));
        let populations = policy.kinds.iter().flat_map(|kind| &kind.populations);
        named.is_some_and(|table| populations.clone().any(|p| p.table == table && p.restriction.is_some()))
    }

    /// What is wrong is corrected: the address, or else the first of the person's names or texts that can be. None where they
    /// hold nothing of the kind.
    async fn rectify(&mut self) -> Option<Vec<String>> {
        if let Some(email) = self.person.email.clone() {
            return Some(self.corrected_address(email).await);
        }
        for (what, from) in self.correctable().await {
            let to = format!("{from} corrected");
            let corrected = |from: &str, to: &str| {
                let correction = Correction { what: what.clone(), from: Some(from.to_owned()), to: to.to_owned() };
                Ask { corrections: vec![correction], ..self.ask(Right::Rectification) }
            };
            // What cannot be changed is refused, and another is looked for.
            let Ok(plan) = self.plan(&corrected(&from, &to)).await else { continue };
            let done = async {
                self.carry(&plan, &mut Seen::default()).await?;
                let seen = self.dump().await?.iter().any(|(_, value)| *value == to);
                self.carry(&self.plan(&corrected(&to, &from)).await?, &mut Seen::default()).await?;
                anyhow::Ok(seen)
            };
            return Some(match done.await {
                Ok(true) => Vec::new(),
                Ok(false) => vec!["the corrected text is nowhere".to_owned()],
                Err(error) => vec![format!("{error:#}")],
            });
        }
        None
    }

    /// Names, contacts and texts that the person holds, without what they are asked for by.
    async fn correctable(&self) -> Vec<(Wrong, String)> {
        let mut seen = Seen::default();
        let done = async { self.carry(&self.plan(&self.ask(Right::Access)).await?, &mut seen).await };
        if done.await.is_err() {
            return Vec::new();
        }
        let asked: Vec<&String> = self.person.identity.values().chain(&self.person.phone).collect();
        let policy = &self.company.policy;
        let fits = |(system, table, column): &(String, String, String)| {
            let table = policy.system_named(system).and_then(|s| policy.table_named(s, table))?;
            let category = policy.table(table).columns[policy.table(table).column(column)?].category.as_deref()?;
            Some(["user.name", "user.contact", "user.content"].iter().any(|own| category.starts_with(own)))
        };
        let own = seen.cells.into_iter().filter(|(place, value)| !asked.contains(&value) && fits(place) == Some(true));
        own.map(|((system, table, column), value)| (Wrong::Column { system, table, column }, value)).collect()
    }

    async fn corrected_address(&mut self, email: String) -> Vec<String> {
        let corrected = format!("corrected.{email}");
        let correction = |from: &str, to: &str| Correction {
            what: Wrong::Category("user.contact.email".to_owned()),
            from: Some(from.to_owned()),
            to: to.to_owned(),
        };
        let mut ask = self.ask(Right::Rectification);
        ask.corrections = vec![correction(&email, &corrected)];
        let done = async {
            let plan = self.plan(&ask).await?;
            self.carry(&plan, &mut Seen::default()).await?;
            anyhow::Ok(self.dump().await?.iter().any(|(_, value)| value.contains(&corrected)))
        };
        match done.await {
            Err(error) => vec![format!("{error:#}")],
            Ok(false) => vec!["the corrected address is nowhere".to_owned()],
            Ok(true) => {
                // What follows asks for the person by the address they had.
                ask.corrections = vec![correction(&corrected, &email)];
                ask.identities = vec![Identity::Named("email".to_owned(), corrected)];
                let back = async { self.carry(&self.plan(&ask).await?, &mut Seen::default()).await };
                back.await.err().map(|error| format!("{error:#}")).into_iter().collect()
            }
        }
    }

    async fn erase(&mut self) -> Vec<String> {
        let before = match self.dump().await {
            Ok(dump) => dump,
            Err(error) => return vec![format!("{error:#}")],
        };
        let done = async {
            let plan = self.plan(&self.ask(Right::Erasure)).await?;
            let carried = self.carry(&plan, &mut Seen::default()).await?;
            anyhow::Ok((plan, carried, self.dump().await?))
        };
        match done.await {
            Err(error) => vec![format!("{error:#}")],
            Ok((plan, carried, after)) => {
                for kept in &plan.kept {
                    if let Some(id) = keeper(kept) {
                        *self.kept_by.entry(id.to_owned()).or_default() += kept.keys.len();
                    }
                }
                self.erased(&plan, &carried, &before, &after)
            }
        }
    }

    fn erased(&self, plan: &Plan, carried: &Carried, before: &Dump, after: &Dump) -> Vec<String> {
        let mut wrong = Vec::new();
        if let Ending::Residues(left) = &carried.ending {
            wrong.push(format!("{} places still lead to the person", left.len()));
        }
        let lower = |text: &str| text.to_lowercase();
        let still =
            self.person.left.iter().filter(|word| after.iter().any(|(_, v)| lower(v).contains(&lower(word)))).count();
        if still > 0 {
            wrong.push(format!("{still} words of the person are still there"));
        }
        let touched: Vec<String> = plan
            .systems
            .iter()
            .flat_map(|s| {
                s.steps.iter().filter(|step| step.action.changes()).map(|step| format!("{}:{}.", s.system, step.table))
            })
            .collect();
        let strange = |entry: &&(String, String)| !touched.iter().any(|t| entry.0.starts_with(t));
        let lost = before.iter().filter(strange).any(|entry| after.binary_search(entry).is_err());
        if lost {
            wrong.push("rows of tables changed that the plan does not name".to_owned());
        }
        for (table, expected) in &self.person.keeps {
            let kept = kept_rows(plan, table);
            if kept != *expected {
                wrong.push(format!("{kept} rows of {table} are kept, and {expected} must be"));
            }
        }
        wrong
    }

    /// Every value of every database, sorted.
    async fn dump(&self) -> Result<Dump> {
        let mut all: Dump = Vec::new();
        for column in self.made.values().await? {
            for value in column.values {
                all.push((column.name.clone(), value.unwrap_or_else(|| "NULL".to_owned())));
            }
        }
        all.sort();
        Ok(all)
    }
}

/// Column and value, sorted.
type Dump = Vec<(String, String)>;

/// How many rows of `system:table` a plan keeps for laws and holds, each once, whatever the reasons.
fn kept_rows(plan: &Plan, table: &str) -> usize {
    let own = plan.kept.iter().filter(|k| keeper(k).is_some() && format!("{}:{}", k.system, k.table) == table);
    own.flat_map(|k| &k.keys).collect::<BTreeSet<_>>().len()
}

/// The law, retention rule or hold that keeps rows.
fn keeper(kept: &Kept) -> Option<&str> {
    match &kept.reason {
        Why::Law { law, .. } => Some(law),
        Why::Hold { hold, .. } => Some(hold),
        _ => None,
    }
}

/// What an answer holds: rows by table, and all words.
#[derive(Default)]
struct Seen {
    rows: BTreeMap<String, usize>,
    text: String,
    /// System, table and column of each text that is the person's own, with the text.
    cells: Vec<((String, String, String), String)>,
    system: String,
    table: String,
    /// Columns of the rows that come, and whether they come whole.
    columns: Vec<String>,
    whole: bool,
    /// Values by `system:table.column`.
    held: BTreeMap<String, BTreeSet<String>>,
}

impl Sink for Seen {
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String> {
        (self.system, self.table) = (system.to_owned(), step.table.clone());
        self.columns = step.shown().to_vec();
        self.whole = matches!(step.action, Action::Export { level: Access::Row, .. });
        Ok(())
    }

    fn row(&mut self, row: Row) -> Result<(), String> {
        *self.rows.entry(format!("{}:{}", self.system, self.table)).or_default() += 1;
        for (value, column) in row.into_iter().zip(&self.columns) {
            if let Some(text) = value.join_text() {
                let place = format!("{}:{}.{column}", self.system, self.table);
                self.held.entry(place).or_default().insert(text.into_owned());
            }
            let Value::Text(text) = value else { continue };
            self.text.push_str(&text);
            self.text.push('\n');
            if self.whole && !text.trim().is_empty() {
                self.cells.push(((self.system.clone(), self.table.clone(), column.clone()), text.to_string()));
            }
        }
        Ok(())
    }

    fn content(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}
