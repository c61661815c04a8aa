//! `upheld schema`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::policy::keys::{SCHEMAS, SchemaFile, json_schema};
use serde_json::json;

use super::Context;
use crate::terminal::{Misuse, note, say, say_json};

/// Print the JSON Schema of a file of the policy folder, for completion and checks in editors.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld schema                     which schemas there are\n  upheld schema system              the schema of systems/NAME.toml\n  upheld schema --out schemas       all of them, into files"
)]
pub struct Args {
    /// Which one; without it, the names are listed.
    name: Option<String>,
    /// Write NAME.json, or all of them, into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let chosen: Vec<&SchemaFile> =
        SCHEMAS.iter().filter(|file| args.name.as_ref().is_none_or(|name| name == file.name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = SCHEMAS.iter().map(|file| file.name).collect();
        let name = args.name.as_deref().unwrap_or_default();
        return Err(Misuse(format!("there is no schema `{name}`; there are {}", names.join(", "))).into());
    }
    match (&args.out, &args.name) {
        (Some(folder), _) => write(&chosen, folder)?,
        (None, Some(_)) => say(serde_json::to_string_pretty(&json_schema(chosen[0]))?),
        (None, None) => list(context, &chosen)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(context: &Context, files: &[&SchemaFile]) -> Result<()> {
    if context.json {
        let names = files.iter().map(|file| json!({ "name": file.name, "files": file.files }));
        return say_json(&json!({ "schemas": names.collect::<Vec<_>>() }));
    }
    for file in files {
        say(format!("{:<12}{}", file.name, file.files));
    }
    Ok(())
}

fn write(files: &[&SchemaFile], folder: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for file in files {
        let path = folder.join(format!("{}.json", file.name));
        let text = serde_json::to_string_pretty(&json_schema(file))?;
        std::fs::write(&path, format!("{text}\n")).with_context(|| format!("cannot write {}", path.display()))?;
        note(format!("wrote {}", path.display()));
    }
    Ok(())
}
