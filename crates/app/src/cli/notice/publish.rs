//! `upheld notice publish`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::diagnostic::{Severity, render};
use engine::notice::versions::{Diff, Duty, Version, diff, duties};
use serde_json::json;
use store::Published;

use super::super::Context;
use super::{diff as shown, versions};
use crate::terminal::{Misuse, confirm, good, note, say, say_json};
use crate::{clock, company};

/// Store the folder's notice as a version that never changes, with its digest in the ledger, and say what is owed for it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice publish acme
  upheld notice publish acme --yes --json

The version and its day stand in the head of notice.md. A day that has passed, a version that was published before, and a notice
with errors of `upheld check` are refused.")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Do not ask before publishing.
    #[arg(long)]
    yes: bool,
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let source = company::read(&args.folder)?;
    let policy = company::compiled(source.clone())?;
    let today = clock::today();
    let wrong: Vec<_> =
        engine::lint::findings(&policy, today).into_iter().filter(|f| f.severity == Severity::Error).collect();
    if !wrong.is_empty() {
        note(render::text(&wrong, &source, false).trim_end());
        return Err(Misuse("the notice was not published: mend this first".into()).into());
    }
    let version = Version::of(&policy, &policy.said, today).map_err(Misuse)?;
    let store = context.store().await?;
    let before = store.notices().await?;
    let last = before.last().map(versions::read).transpose()?;
    version.follows(last.as_ref(), clock::actual_day()).map_err(Misuse)?;
    let difference = last.as_ref().map(|last| diff(last, &version)).map(|d| (duties(&version, &d), d));
    if !context.json
        && let Some((duty, found)) = &difference
    {
        shown::show(found, duty);
    }
    let question = format!("\nPublish version {} in force from {}?", version.version, version.effective);
    if !args.yes && !confirm(&question)? {
        return Err(Misuse("nothing was published: say yes on the terminal, or use --yes".into()).into());
    }
    let published = Published {
        version: version.version.clone(),
        digest: version.digest(),
        body: serde_json::to_vec(&version)?,
        effective: version.effective.to_string(),
        published_at: clock::now(),
    };
    let mut tx = store.begin().await?;
    tx.publish_notice(&published).await?;
    tx.commit().await?;
    store.sequence(clock::now()).await?;
    store.close().await;
    tell(context, &published, difference.as_ref())?;
    Ok(ExitCode::SUCCESS)
}

fn tell(context: &Context, published: &Published, difference: Option<&(Vec<Duty>, Diff)>) -> Result<()> {
    if context.json {
        let (owed, found) = difference.map(|(owed, found)| (owed, found)).unzip();
        return say_json(
            &json!({ "version": published.version, "effective": published.effective, "sha256": published.digest,
                                 "diff": found, "owed": owed }),
        );
    }
    say(format!(
        "{} version {} is published; the ledger has its digest {}",
        good("ok"),
        published.version,
        published.digest
    ));
    Ok(())
}
