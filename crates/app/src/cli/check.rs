//! `upheld check`.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use engine::diagnostic::{Severity, render};
use engine::policy::compile::compile;
use engine::schema::Schema;

use super::Context;
use crate::terminal::{good, say};
use crate::{company, config};

/// Compile a policy folder and report everything that is wrong with it.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld check acme\n  upheld check acme --live      against the real schemas\n  upheld check acme --strict    warnings count as errors\n  upheld check acme --sarif     for code hosts: upload what it prints"
)]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Compare with the live schemas of the systems instead of the locked ones.
    #[arg(long)]
    live: bool,
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
    /// Print the findings in SARIF, the format in which code hosts show them at their lines.
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let source = company::read(&args.folder)?;
    let live: Option<BTreeMap<String, Schema>> = if args.live {
        let (written, _) = engine::policy::parse::parse(&source);
        Some(connect::describe(&company::open_systems(&written)?).await?)
    } else {
        None
    };
    let compiled = compile(&source, live.as_ref());
    let fails = |s: Severity| args.strict || s == Severity::Error;
    let failed = compiled.diagnostics.iter().any(|d| fails(d.severity));
    if args.sarif {
        say(render::sarif(&compiled.diagnostics, &source, &root(&args.folder), env!("CARGO_PKG_VERSION")));
    } else if context.json {
        say(render::json(&compiled.diagnostics, &source));
    } else if compiled.diagnostics.is_empty() {
        let counts = compiled.policy.map(|p| {
            format!("{} systems, {} tables, {} subject kinds", p.systems.len(), p.tables.len(), p.kinds.len())
        });
        say(format!("{} {}: {}", good("ok"), args.folder.display(), counts.unwrap_or_default()));
    } else {
        say(render::text(&compiled.diagnostics, &source, config::colour(std::io::stdout().is_terminal())).trim_end());
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// The folder as code hosts name places: relative to where the command runs, or nothing if it lies elsewhere.
fn root(folder: &Path) -> String {
    let inside = folder.components().all(|part| matches!(part, Component::CurDir | Component::Normal(_)));
    let names = folder.components().filter(|part| inside && matches!(part, Component::Normal(_)));
    names.map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}
