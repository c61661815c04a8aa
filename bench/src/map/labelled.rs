//! Columns classified by their schema alone, beside what people said of them.

use std::fmt::Write;
use std::time::Instant;

use anyhow::{Context, Result};
use engine::discover::classify::Verdict;

use crate::score::{Judged, Score, judge, score};
use crate::{Args, sets};

/// The table of all sets.
pub fn report(args: &Args) -> Result<String> {
    let folder = args.cases.join("labelled");
    let read = |what: &str| format!("cannot read the {what} columns in {}", folder.display());
    let moodle = sets::moodle(&folder).with_context(|| read("Moodle"))?;
    let fides = sets::fides(&folder).with_context(|| read("Fides"))?;
    let begun = Instant::now();
    let (moodle, fides) = (judge(&moodle), judge(&fides));
    let taken = begun.elapsed();
    let mut out = String::from(
        "| columns, by schema alone | half | columns | personal | precision | recall | F1 |\n|---|---|---:|---:|---:|---:|---:|\n",
    );
    rows(&mut out, "Moodle: recorded about a person", &moodle, |v| v.recorded)?;
    rows(&mut out, "Fides: of a personal category", &fides, |v| v.personal)?;
    writeln!(out, "\nAll classified in {} ms.", taken.as_millis())?;
    if args.mistakes {
        mistakes(&mut out, &moodle, |v| v.recorded)?;
        mistakes(&mut out, &fides, |v| v.personal)?;
    }
    Ok(out)
}

fn rows(out: &mut String, name: &str, judged: &[Judged], said: fn(&Verdict) -> bool) -> Result<()> {
    row(out, name, "looked at", score(judged, said, |l| !l.held))?;
    row(out, name, "held out", score(judged, said, |l| l.held))?;
    row(out, name, "both", score(judged, said, |_| true))
}

fn row(out: &mut String, name: &str, half: &str, s: Score) -> Result<()> {
    let (p, r, f) = (s.precision(), s.recall(), s.f1());
    Ok(writeln!(out, "| {name} | {half} | {} | {} | {p:.3} | {r:.3} | **{f:.3}** |", s.columns, s.hits + s.missed)?)
}

fn mistakes(out: &mut String, judged: &[Judged], said: fn(&Verdict) -> bool) -> Result<()> {
    for one in judged.iter().filter(|j| !j.label.held && said(&j.verdict) != j.label.personal) {
        let kind = if one.label.personal { "missed" } else { "wrong" };
        let label = one.label.category.as_deref().unwrap_or("");
        writeln!(out, "{kind} {} {label} | {:?}", one.name, one.verdict)?;
    }
    Ok(())
}
