//! The table of all cases.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What one question of one case came to.
pub struct Outcome {
    pub group: String,
    pub case: String,
    pub asked: String,
    /// Rows returned, or left.
    pub rows: usize,
    /// Why it failed; empty: it did not.
    pub wrong: Vec<String>,
    /// Why it cannot be tried yet.
    pub later: Option<String>,
    /// Where result and expectation mean the same in different words.
    pub notes: Vec<String>,
    pub took: Duration,
}

/// Failures that are known, each with its reason.
const KNOWN: &str = include_str!("known_failures.toml");

impl Outcome {
    /// A case of which no question was asked; say why with one of the next.
    pub fn untried(group: &str, case: &str) -> Outcome {
        Outcome {
            group: group.to_owned(),
            case: case.to_owned(),
            asked: String::new(),
            rows: 0,
            wrong: Vec::new(),
            later: None,
            notes: Vec::new(),
            took: Duration::ZERO,
        }
    }

    /// Something is wrong with it.
    pub fn because(self, why: String) -> Outcome {
        Outcome { wrong: vec![why], ..self }
    }

    /// Its map needs what no plan carries out yet.
    pub fn later(self, why: String) -> Outcome {
        Outcome { later: Some(why), ..self }
    }

    fn result(&self) -> &'static str {
        match (&self.later, self.wrong.is_empty()) {
            (Some(_), _) => "later",
            (None, true) => "passed",
            (None, false) => "FAILED",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { group, case, asked, rows, .. } = self;
        let result = self.result();
        let millis = self.took.as_millis();
        write!(f, "{group:<16} {case:<58} {asked:<34} {rows:>5} rows {millis:>6} ms  {result}")?;
        self.notes.iter().try_for_each(|note| write!(f, " ({note})"))?;
        self.later.iter().try_for_each(|why| write!(f, " ({why})"))?;
        self.wrong.iter().try_for_each(|wrong| write!(f, "\n    {wrong}"))
    }
}

/// Prints the cases, one by one, and the sum of each group.
pub fn print(outcomes: &[Outcome]) {
    let mut sums: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for outcome in outcomes {
        eprintln!("{outcome}");
        *sums.entry(&outcome.group).or_default().entry(outcome.result()).or_default() += 1;
    }
    for (group, results) in sums {
        let said: Vec<String> = results.into_iter().map(|(result, count)| format!("{count} {result}")).collect();
        eprintln!("{group}: {}", said.join(", "));
    }
}

/// Fails where a case failed that is not known to, or one that is known to fail passed.
pub fn judge(outcomes: &[Outcome]) {
    let known: toml::Table = KNOWN.parse().expect("the known failures are TOML");
    let is_known = |o: &Outcome| {
        known
            .get(&o.group)
            .and_then(|g| g.get(&o.case))
            .and_then(|reason| reason.as_str())
            .is_some_and(|r| !r.is_empty())
    };
    let differs = |o: &&Outcome| o.later.is_none() && o.wrong.is_empty() == is_known(o);
    let unlike: Vec<String> = outcomes.iter().filter(differs).map(ToString::to_string).collect();
    assert!(
        unlike.is_empty(),
        "{} of {} cases came out unlike what is known of them (crates/connect/tests/cases/known_failures.toml):\n{}",
        unlike.len(),
        outcomes.len(),
        unlike.join("\n")
    );
}
