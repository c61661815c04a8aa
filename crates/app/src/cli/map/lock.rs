//! `upheld map lock`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::policy::http::is_service;
use serde_json::json;

use super::Context;
use crate::company;
use crate::terminal::{say, say_json};

/// Write the live schema of each system beside its map, so that `upheld check` runs without a database.
#[derive(clap::Args)]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let folder = args.folder;
    let (written, _) = engine::policy::parse::parse(&company::read(&folder)?);
    let mut schemas = connect::describe(&company::open_systems(&written)?).await?;
    // What a web service holds follows from its description, which lies in the folder already.
    for system in written.systems.iter().filter(|s| is_service(s)) {
        if let Some(schema) = schemas.remove(&system.name)
            && !context.json
        {
            say(format!("{}: {} tables, as the map describes them; nothing to lock", system.name, schema.tables.len()));
        }
    }
    let mut locked = Vec::new();
    for (system, schema) in &schemas {
        let path = folder.join("systems").join(format!("{system}.schema.json"));
        let mut text = serde_json::to_string_pretty(schema)?;
        text.push('\n');
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        locked.push(json!({ "system": system, "tables": schema.tables.len(), "file": path }));
        if !context.json {
            say(format!("{system}: {} tables locked in {}", schema.tables.len(), path.display()));
        }
    }
    if context.json {
        say_json(&locked)?;
    }
    Ok(ExitCode::SUCCESS)
}
