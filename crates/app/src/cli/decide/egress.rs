//! `upheld decide FOLDER egress`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::decide::egress::{Passage, Switches, passes};
use engine::policy::model::Said;
use serde::Serialize;

use super::super::Context;
use crate::capture;
use crate::terminal::{Misuse, good, inert, say, say_json};

/// What was captured, and what its administrator had decided.
#[derive(clap::Args)]
pub struct Args {
    /// The edition, by id.
    #[arg(long)]
    edition: String,
    /// The captured traffic: an HTTP Archive (HAR 1.2), as browsers and recording proxies write it.
    #[arg(long, value_name = "FILE")]
    capture: PathBuf,
    /// A host of the installation itself, to which nothing leaves; may be given several times.
    #[arg(long, value_name = "HOST")]
    inside: Vec<String>,
    /// What the administrator had switched on, by id; may be given several times.
    #[arg(long, value_name = "ITEM")]
    on: Vec<String>,
    /// What the administrator had switched off, by id; may be given several times.
    #[arg(long, value_name = "ITEM")]
    off: Vec<String>,
}

/// Requests of which the same was found.
#[derive(Serialize)]
struct Group {
    #[serde(flatten)]
    passage: Passage,
    requests: usize,
}

#[derive(Serialize)]
struct Told {
    allowed: bool,
    inside: usize,
    groups: Vec<Group>,
}

pub fn run(context: &Context, said: &Said, args: &Args) -> Result<ExitCode> {
    let switches = switches(said, args)?;
    let (inside, outside): (Vec<_>, Vec<_>) =
        capture::read(&args.capture)?.into_iter().partition(|request| capture::stays(request, &args.inside));
    let mut counts: BTreeMap<Passage, usize> = BTreeMap::new();
    for request in &outside {
        *counts.entry(passes(said, &args.edition, request, &switches)).or_default() += 1;
    }
    let groups: Vec<Group> = counts.into_iter().map(|(passage, requests)| Group { passage, requests }).collect();
    let told = Told { allowed: groups.iter().all(|g| g.passage.allowed), inside: inside.len(), groups };
    if context.json {
        say_json(&told)?
    } else {
        show(&told)
    }
    Ok(ExitCode::from(u8::from(!told.allowed)))
}

fn switches(said: &Said, args: &Args) -> Result<Switches> {
    let edition = said.find("edition", &args.edition);
    let edition = edition.ok_or_else(|| Misuse(format!("there is no edition {}", args.edition)))?;
    let all = args.on.iter().map(|item| (item, true)).chain(args.off.iter().map(|item| (item, false)));
    let mut switches = Switches::new();
    for (item, on) in all {
        if !edition.list("sends").contains(&item.as_str()) {
            return Err(Misuse(format!("{item} is none of what {} sends", args.edition)).into());
        }
        if switches.insert(item.clone(), on) == Some(!on) {
            return Err(Misuse(format!("{item} cannot be on and off")).into());
        }
    }
    Ok(switches)
}

fn show(told: &Told) {
    for Group { passage, requests } in &told.groups {
        let word = if passage.allowed { good("yes") } else { "no".to_owned() };
        let exception = passage.exception.as_ref().map(|item| format!(" [{item}]")).unwrap_or_default();
        say(format!("{word}: {requests} to {}: {}{exception}", inert(&passage.host), passage.because));
    }
    let outside: usize = told.groups.iter().map(|g| g.requests).sum();
    let denied: usize = told.groups.iter().filter(|g| !g.passage.allowed).map(|g| g.requests).sum();
    say(format!("{outside} requests left the installation, {denied} of them must not; {} stayed inside", told.inside));
}
