//! `upheld check`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use engine::diagnostic::{Severity, render};
use engine::live::Observed;

use super::Context;
use crate::company::{Read, Uncompiled};
use crate::terminal::{Misuse, good, say, say_json};
use crate::{clock, config};

/// Compile a policy folder and report everything that is wrong with it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld check acme
  upheld check acme --live      against the real systems
  upheld check acme --strict    warnings count as errors
  upheld check acme --sarif     for code hosts: upload what it prints
  upheld check acme --live --indexes --system helpdesk | psql \"$ADMIN_DSN\"")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Look at the live systems: their schemas, what their roles may do, and which questions of plans no index serves.
    #[arg(long)]
    live: bool,
    /// Print only the statements that make the missing indexes.
    #[arg(long, requires = "live", conflicts_with = "sarif")]
    indexes: bool,
    /// With `--indexes`: only those of this system.
    #[arg(long, value_name = "NAME", requires = "indexes")]
    system: Option<String>,
    /// Fail on warnings too; notes never fail.
    #[arg(long)]
    strict: bool,
    /// Print the findings in SARIF, the format in which code hosts show them at their lines.
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut read = Read::folder(&args.folder, args.live).await?;
    let seen = observed(&mut read).await?;
    let Read { source, mut compiled, .. } = read;
    if args.indexes {
        let seen = seen.ok_or(Uncompiled { source, diagnostics: compiled.diagnostics })?;
        return indexes(context, &args, &seen);
    }
    if let Some(policy) = &compiled.policy {
        compiled.diagnostics.extend(engine::lint::findings(policy, clock::today()));
    }
    let fails = |s: Severity| s == Severity::Error || args.strict && s == Severity::Warning;
    let passes = compiled.diagnostics.iter().all(|d| d.severity == Severity::Note);
    let failed = compiled.diagnostics.iter().any(|d| fails(d.severity));
    if args.sarif {
        say(render::sarif(&compiled.diagnostics, &source, &root(&args.folder), env!("CARGO_PKG_VERSION")));
    } else if context.json {
        say(render::json(&compiled.diagnostics, &source));
    } else {
        if passes {
            let counts = compiled.policy.map(|p| {
                format!("{} systems, {} tables, {} subject kinds", p.systems.len(), p.tables.len(), p.kinds.len())
            });
            say(format!("{} {}: {}", good("ok"), args.folder.display(), counts.unwrap_or_default()));
        }
        let colour = config::colour(std::io::stdout().is_terminal());
        let text = render::text(&compiled.diagnostics, &source, colour);
        if !text.is_empty() {
            say(text.trim_end());
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// What was seen of live systems, whose policy is held against roles and indexes too; none where it does not compile.
async fn observed(read: &mut Read) -> Result<Option<BTreeMap<String, Observed>>> {
    let Read { written, live: Some((systems, schemas)), compiled, .. } = read else { return Ok(None) };
    compiled.diagnostics.extend(engine::live::drifted(written, schemas));
    let Some(policy) = &compiled.policy else { return Ok(None) };
    let seen = crate::live::observe(policy, systems).await?;
    compiled.diagnostics.extend(engine::live::findings(written, policy, schemas, &seen));
    Ok(Some(seen))
}

/// Prints the statements that make what is missing, ready for the database's own client.
fn indexes(context: &Context, args: &Args, seen: &BTreeMap<String, Observed>) -> Result<ExitCode> {
    let wanted = |name: &String| args.system.as_ref().is_none_or(|s| s == name);
    if let Some(name) = args.system.as_ref().filter(|name| !seen.contains_key(*name)) {
        return Err(Misuse(format!("the folder has no database {name}")).into());
    }
    let slow = |seen: &Observed| seen.slow.iter().flat_map(|s| s.indexes.clone()).collect::<BTreeSet<_>>();
    let missing: BTreeMap<&String, BTreeSet<String>> =
        seen.iter().filter(|(name, _)| wanted(name)).map(|(name, seen)| (name, slow(seen))).collect();
    if context.json {
        say_json(&missing)?;
        return Ok(ExitCode::SUCCESS);
    }
    for (system, statements) in missing.iter().filter(|(_, s)| !s.is_empty()) {
        say(format!("-- system {system}"));
        statements.iter().for_each(say);
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder as code hosts name places: relative to where the command runs, or nothing if it lies elsewhere.
fn root(folder: &Path) -> String {
    let inside = folder.components().all(|part| matches!(part, Component::CurDir | Component::Normal(_)));
    let names = folder.components().filter(|part| inside && matches!(part, Component::Normal(_)));
    names.map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}
