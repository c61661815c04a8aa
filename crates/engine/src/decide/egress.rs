//! What an edition that customers run was seen to send, request by request, held against its closed list.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Decision;
use super::collect::{attributes_of, fields_of, sends};
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// One request as it left: where it went and the names of what it carried, never a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The host, in small letters.
    pub host: String,
    /// The path on it.
    pub path: String,
    /// It only asks whether a later one may be sent, and carries nothing (the preflight of browsers).
    pub asks: bool,
    /// Names of fields in the query and the body; of cookies as `cookie:NAME`, of headers that carry data as `header:NAME`.
    pub names: BTreeSet<String>,
    /// Why part of what it carried has no names, if so.
    pub unread: Option<&'static str>,
}

/// What was found of one request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Passage {
    /// The host it went to.
    pub host: String,
    /// The telemetry or collection point of the closed list that it belongs to.
    pub exception: Option<String>,
    /// May it leave?
    pub allowed: bool,
    /// Why, in one sentence for people.
    pub because: String,
}

/// What administrators decided, by telemetry or collection point; what is not there was never decided.
pub type Switches = BTreeMap<String, bool>;

/// May a request leave an edition? Only to its hosts, to the path of something that it sends, with fields of that alone, while
/// that is switched on.
pub fn passes(said: &Said, edition: &str, request: &Request, switches: &Switches) -> Passage {
    let told = |exception: Option<&str>, allowed, because: String| Passage {
        host: request.host.clone(),
        exception: exception.map(str::to_owned),
        allowed,
        because,
    };
    let Some(declared) = said.find("edition", edition) else {
        return told(None, false, format!("there is no edition {edition}"));
    };
    if !declared.list("hosts").contains(&request.host.as_str()) {
        return told(None, false, "the edition sends nothing to this host".to_owned());
    }
    let here: Vec<&str> =
        declared.list("sends").into_iter().filter(|item| path_of(declared, item) == request.path).collect();
    let fitting = here.iter().find(|item| carries(said, item, request).allowed);
    let Some(item) = fitting.or(here.first()) else {
        return told(None, false, "none of what the edition sends has this path (see `paths`)".to_owned());
    };
    let may = sends(said, edition, item, Some(&request.host), switches.get(*item).copied());
    let decision = if may.allowed { carries(said, item, request) } else { may };
    told(Some(item), decision.allowed, decision.because)
}

/// Where an edition sends something; without a path of its own, to the root.
fn path_of<'a>(edition: &'a Declaration, item: &str) -> &'a str {
    edition.texts("paths").into_iter().find(|(name, _)| *name == item).map_or("/", |(_, path)| path)
}

/// Does a request carry fields of one exception and nothing else?
fn carries(said: &Said, item: &str, request: &Request) -> Decision {
    let Some(declared) = said.find("telemetry", item).or_else(|| said.find("point", item)) else {
        return Decision::no(format!("nothing is declared as {item}"), &[]);
    };
    let strange: Vec<&String> =
        request.names.iter().filter(|name| !fields(declared).contains(&name.as_str())).collect();
    if !strange.is_empty() {
        return Decision::no(format!("it carries {}", named(&strange)), &[declared]);
    }
    if let Some(why) = request.unread {
        return Decision::no(why, &[declared]);
    }
    let missing = declared.texts("required").into_iter().find(|(name, _)| !request.names.contains(*name));
    match missing {
        _ if request.asks && request.names.is_empty() => Decision::yes("asks whether it may send", &[declared]),
        Some((name, _)) => Decision::no(format!("the field {name} is missing"), &[declared]),
        None if request.names.is_empty() => Decision::no("it carries none of the declared fields", &[declared]),
        None => Decision::yes("only declared fields", &[declared]),
    }
}

/// The names that may stand in what is sent.
fn fields(item: &Declaration) -> Vec<&str> {
    let typed = fields_of(item);
    attributes_of(item).into_iter().chain(typed.into_iter().map(|(name, _)| name)).collect()
}

/// Undeclared names for people. Some programs send data as names; what does not look like a name is only counted.
fn named(strange: &[&String]) -> String {
    let (plain, odd): (Vec<&&String>, Vec<&&String>) = strange.iter().partition(|name| is_plain(name));
    let mut words: Vec<String> = plain.iter().map(|name| (**name).clone()).collect();
    if !odd.is_empty() {
        words.push(format!("{} whose names are not shown", odd.len()));
    }
    format!("what is not declared: {}", words.join(", "))
}

/// Does a name look like one that a programmer gave?
pub fn is_plain(name: &str) -> bool {
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:[]".contains(c));
    let digits = name.chars().filter(char::is_ascii_digit).count();
    letters && digits < 4 && name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}
