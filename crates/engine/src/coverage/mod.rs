//! Coverage: for every promise of a notice, what keeps it, and whether that was seen to hold in this build on this folder.
//!
//! *Bound*: the mechanisms exist and hold the promised values. *Verified*: for each capability that the promise needs, a named
//! check ran against a mechanism and passed. A capability for which this build has no check is *pending*.

mod checks;
mod findings;
pub mod marked;
mod mutate;
mod trial;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

pub use checks::{CHECKS, Check};
pub use findings::{Odd, odd};
pub use mutate::{Mutation, mutate};
pub use trial::{Capture, Copied, Exported, Inventory, Scan, Trial, Tried};

use crate::policy::capabilities;
use crate::policy::model::{Policy, Said};
use crate::policy::written::{Declaration, Given, Keeps, Promise};
use crate::source::At;

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A check ran for each capability, and passed.
    Verified,
    /// The mechanisms are there with their values; some check did not run or did not pass.
    Bound,
    /// The mechanisms are there; part of what must keep the promise is not built.
    Pending,
    /// No program can keep it; a lint watches its words.
    NotExecutable,
    /// A mechanism is missing or says something else.
    Broken,
}

impl State {
    /// All states, best first.
    pub const ALL: [State; 5] = [State::Verified, State::Bound, State::Pending, State::NotExecutable, State::Broken];

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            State::Verified => "verified",
            State::Bound => "bound",
            State::Pending => "pending",
            State::NotExecutable => "not executable",
            State::Broken => "broken",
        }
    }
}

/// What checks look at.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The compiled policy, for its data maps.
    pub policy: &'a Policy,
    /// What is said; of a mutation, less than the policy has.
    pub said: &'a Said,
    /// What was tried on the folder's sample.
    pub trial: &'a Trial,
    /// The day.
    pub today: Date,
}

/// One mechanism of a promise, as checks see it: what the promise names, not what the folder says.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The promise.
    pub promise: &'a Promise,
    /// The mechanism.
    pub keeps: &'a Keeps,
}

impl<'a> Kept<'a> {
    /// Family and name of the mechanism.
    pub fn parts(&self) -> (&'a str, &'a str) {
        self.keeps.is.it.split_once(':').unwrap_or(("", &self.keeps.is.it))
    }

    /// The name of the mechanism in its family.
    pub fn id(&self) -> &'a str {
        self.parts().1
    }

    /// A value that the promise names.
    pub fn value(&self, key: &str) -> Option<&'a Given> {
        self.keeps.values.iter().find(|(name, _)| name.it == key).map(|(_, given)| &given.it)
    }

    /// A text that the promise names.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value(key)?.text()
    }

    /// The texts that the promise names under a key, one or several.
    pub fn list(&self, key: &str) -> Vec<&'a str> {
        match self.value(key) {
            Some(Given::List(list)) => list.iter().filter_map(|given| given.text()).collect(),
            Some(Given::Table(entries)) => entries.iter().map(|(name, _)| name.it.as_str()).collect(),
            Some(one) => one.text().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The texts that the promise names under a key; where it names none, those that the folder declares.
    pub fn named(&self, key: &str, declared: Option<&'a Declaration>) -> Vec<&'a str> {
        match self.value(key) {
            Some(_) => self.list(key),
            None => declared.map(|d| d.list(key)).unwrap_or_default(),
        }
    }

    /// The text that the promise names under a key, else the one that the folder declares.
    pub fn said(&self, key: &str, declared: Option<&'a Declaration>) -> Option<&'a str> {
        self.text(key).or(declared.and_then(|d| d.text(key)))
    }
}

/// A check that ran for a capability of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// The capability.
    pub capability: String,
    /// Name of the check.
    pub check: &'static str,
    /// The mechanism it looked at.
    pub mechanism: String,
    /// Why it did not pass; none: it passed.
    pub failed: Option<String>,
}

/// How one promise stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Its id.
    pub id: String,
    /// Its sentence, as the folder has it.
    pub text: String,
    /// How it stands.
    pub state: State,
    /// The mechanisms, with the promised values in words.
    pub mechanisms: Vec<String>,
    /// Checks that ran.
    pub ran: Vec<Ran>,
    /// What keeps it from being verified.
    pub why: Vec<String>,
    /// What would be seen if it were broken.
    pub broken: Option<String>,
}

/// How all promises stand, in the order of the folder.
pub fn coverage(world: &World<'_>) -> Vec<Covered> {
    world.said.promises.list.iter().map(|promise| covered(world, promise)).collect()
}

fn covered(world: &World<'_>, promise: &Promise) -> Covered {
    let text = |at: &Option<At<String>>| at.as_ref().map(|at| at.it.clone());
    let judged = judge(world, promise);
    let shown = |keeps: &Keeps| {
        let values: Vec<String> =
            keeps.values.iter().map(|(key, given)| format!("{} = {}", key.it, given.it)).collect();
        if values.is_empty() { keeps.is.it.clone() } else { format!("{} ({})", keeps.is.it, values.join(", ")) }
    };
    Covered {
        id: promise.id.as_ref().map(|id| id.it.clone()).unwrap_or_default(),
        text: text(&promise.text).unwrap_or_default(),
        state: judged.state,
        mechanisms: promise.mechanisms.iter().map(shown).collect(),
        ran: judged.ran,
        why: judged.why,
        broken: text(&promise.broken),
    }
}

/// State, checks and reasons.
struct Judged {
    state: State,
    ran: Vec<Ran>,
    why: Vec<String>,
}

fn judge(world: &World<'_>, promise: &Promise) -> Judged {
    if let Some(reason) = &promise.not_executable {
        return match linted(world, promise) {
            Some(found) => Judged { state: State::Broken, ran: Vec::new(), why: vec![found] },
            None => Judged { state: State::NotExecutable, ran: Vec::new(), why: vec![reason.it.clone()] },
        };
    }
    let broken: Vec<String> = promise.mechanisms.iter().filter_map(|keeps| differs(world.said, keeps)).collect();
    if !broken.is_empty() {
        return Judged { state: State::Broken, ran: Vec::new(), why: broken };
    }
    if promise.capabilities.is_empty() {
        return Judged { state: State::Bound, ran: Vec::new(), why: vec!["it names no capability".to_owned()] };
    }
    let mut judged = Judged { state: State::Verified, ran: Vec::new(), why: Vec::new() };
    for capability in &promise.capabilities {
        let (state, why, ran) = served(world, promise, &capability.it);
        judged.state = judged.state.max(state);
        judged.why.extend(why);
        judged.ran.extend(ran);
    }
    judged
}

/// What the lint finds that watches over a promise which no program can keep.
fn linted(world: &World<'_>, promise: &Promise) -> Option<String> {
    let named = promise.lint.as_ref()?;
    let lint = crate::lint::named(&named.it)?;
    let found = (lint.run)(world.policy, world.said, world.today);
    found.first().map(|found| format!("{}: {}", named.it, found.message))
}

/// Is a capability of a promise served by some mechanism?
fn served(world: &World<'_>, promise: &Promise, capability: &str) -> (State, Option<String>, Vec<Ran>) {
    let name = capabilities::name(capability).unwrap_or(capability);
    let own: Vec<&Check> = CHECKS.iter().filter(|c| c.capabilities.contains(&capability)).collect();
    if own.is_empty() {
        return (State::Pending, Some(format!("{capability} {name} is not built yet")), Vec::new());
    }
    let mut ran = Vec::new();
    for keeps in &promise.mechanisms {
        let kept = Kept { promise, keeps };
        for check in own.iter().filter(|c| c.families.contains(&kept.parts().0)) {
            let failed = (check.run)(world, kept).err();
            let mechanism = keeps.is.it.clone();
            ran.push(Ran { capability: capability.to_owned(), check: check.name, mechanism, failed });
        }
    }
    if ran.is_empty() {
        let families: Vec<&str> = own.iter().flat_map(|c| c.families).copied().collect();
        let why =
            format!("{capability} {name} is kept by none of its mechanisms; one of {} would", families.join(", "));
        return (State::Bound, Some(why), ran);
    }
    let failed = ran.iter().find_map(|r| r.failed.as_ref().map(|why| format!("{} ({}): {why}", r.check, r.mechanism)));
    let state = if failed.is_some() { State::Bound } else { State::Verified };
    (state, failed, ran)
}

/// What a mechanism lacks or says otherwise; nothing for those that are no declaration, which the compiler has looked at.
fn differs(said: &Said, keeps: &Keeps) -> Option<String> {
    let Some(declared) = said.named(&keeps.is.it) else {
        let elsewhere = ["right:", "system:", "lint:"].iter().any(|family| keeps.is.it.starts_with(family));
        return (!elsewhere).then(|| format!("{} is not there", keeps.is.it));
    };
    let other = |(key, promised): &(crate::policy::written::Name, At<Given>)| match declared.get(key) {
        Some(value) if value.holds(promised) => None,
        Some(value) => Some(format!("{} says {} = {}", keeps.is.it, key.it, value.it)),
        None => Some(format!("{} says no {}", keeps.is.it, key.it)),
    };
    keeps.values.iter().find_map(other)
}

/// How many promises are in each state.
pub fn totals(covered: &[Covered]) -> BTreeMap<State, usize> {
    let mut totals: BTreeMap<State, usize> = State::ALL.into_iter().map(|state| (state, 0)).collect();
    for promise in covered {
        *totals.entry(promise.state).or_default() += 1;
    }
    totals
}
