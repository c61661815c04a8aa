//! Checks of what is said: whether the words of the notice and the declarations agree with each other and with the calendar.
//!
//! Beside the checks of the data map, these need to know the day, so they run where there is a clock.

mod boundaries;
mod channels;
mod claims;
mod contradictions;
mod dates;
mod grounds;
mod populations;
mod references;
mod silence;
mod spoil;
mod terms;
mod transfers;

use jiff::civil::Date;

pub use spoil::spoiled;

use crate::diagnostic::{Code, Diagnostic};
use crate::policy::model::{Policy, Said};
use crate::policy::written::Declaration;
use crate::source::Span;

/// One lint.
#[derive(Debug)]
pub struct Lint {
    /// Its name, as promises write it in `lint`.
    pub name: &'static str,
    /// Looks at a folder on a day.
    pub run: fn(&Policy, &Said, Date) -> Vec<Diagnostic>,
}

/// All lints.
pub static LINTS: [Lint; 11] = [
    Lint { name: "references", run: references::run },
    Lint { name: "terms", run: terms::run },
    Lint { name: "claims", run: claims::run },
    Lint { name: "transfers", run: transfers::run },
    Lint { name: "populations", run: populations::run },
    Lint { name: "contradictions", run: contradictions::run },
    Lint { name: "silence", run: silence::run },
    Lint { name: "dates", run: dates::run },
    Lint { name: "boundaries", run: boundaries::run },
    Lint { name: "grounds", run: grounds::run },
    Lint { name: "channels", run: channels::run },
];

/// The lint of that name.
pub fn named(name: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.name == name)
}

/// What all lints find on a day. A folder whose notice has no head is not published with Upheld, and is not looked at.
pub fn findings(policy: &Policy, today: Date) -> Vec<Diagnostic> {
    if policy.said.find("notice", "head").is_none() {
        return Vec::new();
    }
    LINTS.iter().flat_map(|lint| (lint.run)(policy, &policy.said, today)).collect()
}

/// A finding at a key of a declaration, or at the whole of it.
fn at(code: Code, said: &Declaration, key: &str, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
    let place = said.get(key).map_or(said.id.at, |given| given.at);
    Diagnostic::error(code, message, place, label)
}

/// The place of the notice's head, for what is missing altogether.
fn head(said: &Said) -> Option<Span> {
    said.find("notice", "head").map(|head| head.id.at)
}
