//! `upheld map diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::drift::{Drift, drift};
use engine::policy::written::Folder;
use serde::Serialize;

use super::Context;
use crate::company;
use crate::terminal::{Misuse, good, say, say_json};

/// Show what changed in the live schemas since `upheld map lock`, and what it means for the map.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld map diff acme
  upheld map diff acme || echo 'the database changed'

Exits with 0 where nothing changed, 1 where something did, 2 where it cannot
be told: nothing was locked, or the command was called wrongly.")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Only this system.
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
}

/// What changed in one system.
#[derive(Serialize)]
struct Changed {
    system: String,
    drift: Vec<Drift>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let (mut folder, _) = engine::policy::parse::parse(&company::read(&args.folder)?);
    if let Some(name) = &args.system {
        folder.systems.retain(|s| s.name == *name);
        if folder.systems.is_empty() {
            return Err(Misuse(format!("the folder has no system {name}")).into());
        }
    }
    let systems = company::open_systems(&folder)?;
    unlocked(&folder, systems.keys().map(String::as_str), &args.folder)?;
    let live = connect::describe(&systems).await?;
    let changed: Vec<Changed> = folder
        .systems
        .iter()
        .filter_map(|s| {
            let drift = drift(folder.schemas.get(&s.name)?, live.get(&s.name)?, s);
            Some(Changed { system: s.name.clone(), drift })
        })
        .collect();
    if context.json {
        say_json(&changed)?;
    } else {
        changed.iter().for_each(show);
    }
    Ok(ExitCode::from(u8::from(changed.iter().any(|c| !c.drift.is_empty()))))
}

/// A schema that was never locked cannot have drifted, and a gate must not pass for that.
fn unlocked<'a>(folder: &Folder, systems: impl Iterator<Item = &'a str>, path: &std::path::Path) -> Result<()> {
    let missing: Vec<&str> = systems.filter(|name| !folder.schemas.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (missing, path) = (missing.join(", "), path.display());
    Err(Misuse(format!("no readable locked schema of {missing}: run `upheld map lock {path}` first")).into())
}

fn show(changed: &Changed) {
    let Changed { system, drift } = changed;
    match drift.len() {
        0 => say(format!("{} {system}: as it was locked", good("ok"))),
        1 => say(format!("{system}: 1 difference")),
        n => say(format!("{system}: {n} differences")),
    }
    for one in drift {
        say(format!("  {}", one.text));
        if !one.meaning.is_empty() {
            say(format!("      {}", one.meaning));
        }
    }
}
