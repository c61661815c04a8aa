//! Compares verdicts with labels.

use std::collections::{BTreeMap, BTreeSet};

use engine::discover::bonds::bonds;
use engine::discover::classify::{Setting, Verdict, classify};
use jiff::civil::date;

use crate::sets::{Label, Labelled};

/// Hits and misses.
#[derive(Clone, Copy, Default)]
pub struct Score {
    /// Personal, and found to be.
    pub hits: u32,
    /// Not personal, and taken for it.
    pub wrong: u32,
    /// Personal, and missed.
    pub missed: u32,
    /// Columns with a label.
    pub columns: u32,
}

impl Score {
    /// Counts one column.
    pub fn add(&mut self, said: bool, is: bool) {
        self.columns += 1;
        match (said, is) {
            (true, true) => self.hits += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// Of what was found, how much is right.
    pub fn precision(&self) -> f64 {
        share(self.hits, self.hits + self.wrong)
    }

    /// Of what is right, how much was found.
    pub fn recall(&self) -> f64 {
        share(self.hits, self.hits + self.missed)
    }

    /// Their harmonic mean.
    pub fn f1(&self) -> f64 {
        share(2 * self.hits, 2 * self.hits + self.wrong + self.missed)
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// One column with its label and its verdict.
pub struct Judged {
    /// `table.column`.
    pub name: String,
    /// What people said.
    pub label: Label,
    /// What we say.
    pub verdict: Verdict,
}

/// Classifies all columns of a set by its schema alone.
pub fn judge(sets: &[Labelled]) -> Vec<Judged> {
    sets.iter().flat_map(judged).collect()
}

fn judged(set: &Labelled) -> Vec<Judged> {
    let all = bonds(&set.schema);
    let none = BTreeMap::new();
    let mut out = Vec::new();
    for table in &set.schema.tables {
        let bonded = &all[&table.name];
        let links: &BTreeSet<String> = &bonded.links;
        let setting = Setting { table, bond: bonded.bond, links, samples: &none, today: date(2026, 1, 1) };
        for (column, verdict) in table.columns.iter().zip(classify(&setting)) {
            if let Some(label) = set.labels.get(&(table.name.clone(), column.name.clone())) {
                out.push(Judged { name: format!("{}.{}", table.name, column.name), label: label.clone(), verdict });
            }
        }
    }
    out
}

/// The score over the columns that `which` picks; `said` reads the verdict as the set means "personal".
pub fn score(judged: &[Judged], said: fn(&Verdict) -> bool, which: impl Fn(&Label) -> bool) -> Score {
    let mut score = Score::default();
    for one in judged.iter().filter(|j| which(&j.label)) {
        score.add(said(&one.verdict), one.label.personal);
    }
    score
}
