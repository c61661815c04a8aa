//! Events as a collector gets them, replayed against what is declared: taken or refused, name by name.

use std::collections::BTreeSet;

use serde::Serialize;

use super::collect::{accepts, attributes_of, records};
use super::egress::is_plain;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// One event: where it came in and the names of what it carries, never a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// `telemetry:ID`, `tracker:ID` or `point:ID`.
    pub to: String,
    /// What happened, for recorders that tell events apart.
    pub event: Option<String>,
    /// Names of its attributes or fields.
    pub names: BTreeSet<String>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Replayed {
    /// Where it came in.
    pub to: String,
    /// What happened.
    pub event: Option<String>,
    /// Is it taken?
    pub accepted: bool,
    /// Names that are declared there.
    pub declared: Vec<String>,
    /// Names that are not.
    pub undeclared: Vec<String>,
    /// Why, in one sentence for people.
    pub because: String,
}

/// Replays one event. What was declared by nobody may be data in the place of a name, and is shown only if it looks like one.
pub fn replay(said: &Said, event: &Event) -> Replayed {
    let names: Vec<&str> = event.names.iter().map(String::as_str).collect();
    let (family, id) = event.to.split_once(':').unwrap_or_default();
    let decision = match family {
        "point" => accepts(said, id, &names),
        _ => records(said, &event.to, event.event.as_deref(), &names),
    };
    let known = said.find(family, id);
    let own = known.map(names_of).unwrap_or_default();
    let (declared, undeclared): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|name| own.contains(name));
    let events = known.map(|d| d.list("events")).unwrap_or_default();
    let because = match (known, undeclared.len()) {
        (None, _) => "nothing is declared as that".to_owned(),
        (_, 0) if decision.by.is_empty() => "nothing is declared as that".to_owned(),
        (_, 0) if event.event.as_deref().is_some_and(|e| !decision.allowed && !events.contains(&e)) => {
            "that is no event of this".to_owned()
        }
        (_, 0) => decision.because,
        (_, 1) => "one name is not declared here".to_owned(),
        (_, more) => format!("{more} names are not declared here"),
    };
    Replayed {
        to: if known.is_some() { event.to.clone() } else { shown(&event.to) },
        event: event.event.as_deref().map(|e| if events.contains(&e) { e.to_owned() } else { shown(e) }),
        accepted: decision.allowed,
        declared: declared.into_iter().map(str::to_owned).collect(),
        undeclared: undeclared.into_iter().map(shown).collect(),
        because,
    }
}

fn names_of(declared: &Declaration) -> Vec<&str> {
    match declared.family.name {
        "point" => {
            [declared.texts("required"), declared.texts("permitted")].concat().into_iter().map(|f| f.0).collect()
        }
        _ => attributes_of(declared),
    }
}

fn shown(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { "(not shown)".to_owned() }
}
