//! What is odd about a folder's promises as a whole, unless the folder gives a reason in `[reason]`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Covered, State};
use crate::policy::model::Said;

/// One mechanism under more promises than this needs a written reason.
const MOST_PROMISES: usize = 12;
/// A larger share of promises that no program can keep needs a written reason, in percent.
const MOST_NOT_EXECUTABLE: usize = 15;

/// Something that needs a written reason, or work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Odd {
    /// What it is, for people.
    pub what: String,
    /// The reason that the folder gives.
    pub reason: Option<String>,
}

/// Mechanisms under too many promises, too many promises that nothing keeps, and promises without a sentence on what would be seen.
pub fn odd(said: &Said, covered: &[Covered]) -> Vec<Odd> {
    let reason =
        |name: &str| said.promises.reasons.iter().find(|(key, _)| key.it == name).map(|(_, why)| why.it.clone());
    let mut found = Vec::new();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for promise in &said.promises.list {
        let mut own: Vec<&str> = promise.mechanisms.iter().map(|keeps| keeps.is.it.as_str()).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|name| *uses.entry(name).or_default() += 1);
    }
    for (name, count) in uses.into_iter().filter(|(_, count)| *count > MOST_PROMISES) {
        found.push(Odd { what: format!("{name} stands under {count} promises"), reason: reason(name) });
    }
    let not = covered.iter().filter(|c| c.state == State::NotExecutable).count();
    if not * 100 > covered.len() * MOST_NOT_EXECUTABLE {
        let what = format!("{not} of {} promises are not executable", covered.len());
        found.push(Odd { what, reason: reason("not_executable") });
    }
    let silent = covered.iter().filter(|c| c.broken.is_none() && c.state != State::NotExecutable).count();
    if silent > 0 {
        found.push(Odd {
            what: format!("{silent} promises do not say what would be seen if they were broken"),
            reason: None,
        });
    }
    found
}
