//! `upheld coverage`.

mod page;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::coverage::marked::{self, Block, Mark, Outside};
use engine::coverage::{self, Covered, Mutation, Odd, State, Trial, World};
use engine::policy::model::Policy;
use serde::Serialize;

use super::Context;
use crate::terminal::{Misuse, note, progress, say, say_json};
use crate::trial::tried;
use crate::{clock, company};

/// Show for each promise of the notice what keeps it, and whether that was seen to hold.
///
/// A promise is *verified* when a check ran for each capability it needs and passed; *bound* when its mechanisms are there
/// and hold the promised values; *pending* when part of what must keep it is not built. Rights are carried out on databases
/// made from the folder's `sample`, so nothing live is touched.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld coverage acme                            table, with what is not verified and why
  upheld coverage acme --promise invoices-kept    one promise, with its checks
  upheld coverage acme --html coverage.html       the notice itself, marked
  upheld coverage acme --mutate                   takes each mechanism away; a check must notice
  upheld coverage acme --text old.txt --clauses acme/outside/old.toml    a notice written elsewhere")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Only this promise.
    #[arg(long, value_name = "ID")]
    promise: Option<String>,
    /// Write a page that shows the text marked by how its promises stand.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Take away each mechanism of each verified promise, and see whether a check notices.
    #[arg(long)]
    mutate: bool,
    /// Mark this text instead of the folder's notice; needs `--clauses`.
    #[arg(long, value_name = "FILE", requires = "clauses")]
    text: Option<PathBuf>,
    /// Which lines of the text make which promise: line numbers and digests.
    #[arg(long, value_name = "FILE", requires = "text")]
    clauses: Option<PathBuf>,
    /// Write the digests of `--clauses` anew for the text as it is, after somebody has read what changed.
    #[arg(long, requires = "clauses")]
    accept: bool,
}

/// Everything that is told.
#[derive(Serialize)]
struct Told {
    company: String,
    totals: Vec<(State, usize)>,
    promises: Vec<Covered>,
    odd: Vec<Odd>,
    marks: Vec<(&'static str, usize)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutations: Option<Vec<Mutation>>,
    trial: Trial,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if args.accept {
        return accept(&args);
    }
    clock::travel();
    let bar = progress("compiling");
    let done = tried(&args.folder, company::read(&args.folder)?, &|what| bar.set_message(what.to_owned())).await;
    bar.finish_and_clear();
    let done = done?;
    let today = clock::today();
    let world = World { policy: &done.policy, said: &done.policy.said, trial: &done.trial, today };
    let covered = coverage::coverage(&world);
    if covered.is_empty() {
        return Err(Misuse(format!("{} has no promises: write them into promises.toml", args.folder.display())).into());
    }
    let blocks = blocks(&args, &done.policy, &covered)?;
    let mutations = args.mutate.then(|| coverage::mutate(&world, &covered));
    if let Some(path) = &args.html {
        let page = page::page(&done.policy, &blocks, &covered, today);
        std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))?;
        note(format!("the marked text is in {}", path.display()));
    }
    let told = Told {
        company: done.policy.company.clone(),
        totals: coverage::totals(&covered).into_iter().collect(),
        odd: coverage::odd(&done.policy.said, &covered),
        marks: marked::counted(&blocks).into_iter().map(|(mark, n)| (mark.word(), n)).collect(),
        promises: covered,
        mutations,
        trial: done.trial,
    };
    if context.json {
        say_json(&told)?
    } else {
        show(&args, &told)?
    }
    Ok(ExitCode::from(u8::from(finds(&told))))
}

/// Is anything left to do?
fn finds(told: &Told) -> bool {
    let open = told.promises.iter().any(|c| !matches!(c.state, State::Verified | State::NotExecutable));
    let unnoticed = told.mutations.iter().flatten().any(|m| m.noticed.is_none());
    let words = [Mark::Unbound.word(), Mark::Stale.word()];
    open || unnoticed
        || told.odd.iter().any(|o| o.reason.is_none())
        || told.marks.iter().any(|(m, n)| words.contains(m) && *n > 0)
}

/// The text, marked.
fn blocks(args: &Args, policy: &Policy, covered: &[Covered]) -> Result<Vec<Block>> {
    let (Some(text), Some(clauses)) = (&args.text, &args.clauses) else {
        return Ok(marked::own(&policy.said, covered));
    };
    let text = read(text)?;
    Ok(marked::outside(&text, &outside(clauses)?, covered))
}

fn outside(path: &Path) -> Result<Outside> {
    toml::from_str(&read(path)?).map_err(|e| Misuse(format!("{}: {e}", path.display())).into())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Misuse(format!("cannot read {}: {e}", path.display())).into())
}

/// Renews the digests; lines that the text no longer has are an error, for nobody can have read them.
fn accept(args: &Args) -> Result<ExitCode> {
    let (Some(path), Some(clauses)) = (&args.text, &args.clauses) else {
        return Err(Misuse("--accept needs --text and --clauses".into()).into());
    };
    let (text, mut kept) = (read(path)?, outside(clauses)?);
    let mut changed = 0;
    for clause in &mut kept.clauses {
        let Some(digest) = marked::digest(&text, clause.lines) else {
            let (first, last) = clause.lines;
            return Err(
                Misuse(format!("{} has no lines {first} to {last} ({})", path.display(), clause.promise)).into()
            );
        };
        changed += usize::from(clause.digest != digest);
        clause.digest = digest;
    }
    kept.lines = text.lines().count();
    kept.text = marked::whole(&text);
    let written = toml::to_string(&kept).context("digests are plain data")?;
    std::fs::write(clauses, written).with_context(|| format!("cannot write {}", clauses.display()))?;
    say(format!("{changed} of {} clauses have new digests", kept.clauses.len()));
    Ok(ExitCode::SUCCESS)
}

fn show(args: &Args, told: &Told) -> Result<()> {
    let wanted = |c: &&Covered| args.promise.as_ref().is_none_or(|id| *id == c.id);
    let chosen: Vec<&Covered> = told.promises.iter().filter(wanted).collect();
    if chosen.is_empty() {
        return Err(Misuse(format!("there is no promise {}", args.promise.as_deref().unwrap_or_default())).into());
    }
    if args.promise.is_some() {
        chosen.iter().for_each(|c| one(c));
        return Ok(());
    }
    for covered in chosen.iter().filter(|c| c.state != State::Verified) {
        say(format!("{:<16} {:<15} {}", covered.id, covered.state.word(), covered.why.join("; ")));
    }
    for odd in &told.odd {
        let reason = odd.reason.as_ref().map_or("no reason is given".to_owned(), |why| format!("reason: {why}"));
        say(format!("odd: {} ({reason})", odd.what));
    }
    for (right, tried) in told.trial.rights.iter().filter(|(_, t)| !t.wrong.is_empty()) {
        tried.wrong.iter().for_each(|what| say(format!("sample: {right}: {what}")));
    }
    if let Some(mutations) = &told.mutations {
        shown_mutations(mutations);
    }
    let words = |(word, n): &(&str, usize)| format!("{n} {word}");
    say(format!("\ntext: {}", told.marks.iter().map(words).collect::<Vec<_>>().join(", ")));
    let totals: Vec<String> = told.totals.iter().map(|(state, n)| format!("{n} {}", state.word())).collect();
    say(format!("{}: {} promises, {}", told.company, told.promises.len(), totals.join(", ")));
    Ok(())
}

fn shown_mutations(mutations: &[Mutation]) {
    for m in mutations.iter().filter(|m| m.noticed.is_none()) {
        say(format!("not noticed: {} without {}", m.promise, m.mechanism));
    }
    let noticed = mutations.iter().filter(|m| m.noticed.is_some()).count();
    say(format!("mutations: {noticed} of {} mechanisms taken away were noticed", mutations.len()));
}

/// One promise in full.
fn one(covered: &Covered) {
    say(format!("{} is {}", covered.id, covered.state.word()));
    say(format!("  {}", covered.text));
    covered.mechanisms.iter().for_each(|m| say(format!("  kept by {m}")));
    for ran in &covered.ran {
        let found = ran.failed.as_ref().map_or("passed".to_owned(), |why| format!("failed: {why}"));
        say(format!("  {} {} on {}: {found}", ran.capability, ran.check, ran.mechanism));
    }
    covered.why.iter().for_each(|why| say(format!("  {why}")));
    if let Some(broken) = &covered.broken {
        say(format!("  if it were broken: {broken}"));
    }
}
