//! Published versions: `upheld notice list` and `upheld notice show`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::notice::versions::Version;
use serde_json::json;
use store::{Published, Store, StoreError};

use super::super::Context;
use crate::terminal::{Misuse, inert, say, say_json};
use crate::{clock, company};

/// List the published versions, and how many people acknowledged, accepted or refused each.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  upheld notice list\n  upheld notice list --json")]
pub struct ListArgs {}

pub async fn list(context: &Context, _: &ListArgs) -> Result<ExitCode> {
    let store = opened(context).await?;
    let published = store.notices().await?;
    let counts = store.agreement_counts().await?;
    store.close().await;
    published.iter().try_for_each(|p| read(p).map(drop))?;
    let of = |version: &str| -> BTreeMap<&str, i64> {
        counts.iter().filter(|(v, ..)| v == version).map(|(_, kind, n)| (kind.as_str(), *n)).collect()
    };
    if context.json {
        let all = published.iter().map(|p| {
            json!({ "version": p.version, "effective": p.effective, "published": p.published_at, "sha256": p.digest,
                    "people": of(&p.version) })
        });
        say_json(&all.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for p in &published {
        let people: Vec<String> = of(&p.version).into_iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        let people = if people.is_empty() { String::new() } else { format!("  {}", people.join(", ")) };
        say(format!(
            "{:<12} in force from {}  published {}  sha256 {}{people}",
            inert(&p.version),
            p.effective,
            p.published_at,
            p.digest
        ));
    }
    say(format!("versions: {}", published.len()));
    Ok(ExitCode::SUCCESS)
}

/// Print the exact words of a published version.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld notice show 2026-1\n  upheld notice show 2026-1 --json    words and facts, the very bytes of which the ledger has the digest"
)]
pub struct ShowArgs {
    /// The version.
    version: String,
}

pub async fn show(context: &Context, args: &ShowArgs) -> Result<ExitCode> {
    let store = opened(context).await?;
    let found = find(&store.notices().await?, &args.version)?.clone();
    store.close().await;
    let version = read(&found)?;
    let text = if context.json { String::from_utf8(found.body)? } else { version.words };
    // The exact bytes are for programs; on a terminal nothing in them is obeyed.
    say(if context.json { text.trim_end().to_owned() } else { inert(text.trim_end()) });
    Ok(ExitCode::SUCCESS)
}

/// Our own store, which must be there: listing makes no home.
pub async fn opened(context: &Context) -> Result<Store> {
    if !context.home.join("upheld.db").is_file() {
        let home = context.home.display();
        return Err(Misuse(format!(
            "nothing was published from {home}: see `upheld notice publish --help`, or name --home"
        ))
        .into());
    }
    context.store().await
}

/// The published version of that name.
pub fn find<'a>(published: &'a [Published], version: &str) -> Result<&'a Published> {
    published.iter().find(|p| p.version == version).ok_or_else(|| {
        let known: Vec<&str> = published.iter().map(|p| p.version.as_str()).collect();
        Misuse(format!("no version {version} was published; there are: {}", known.join(", "))).into()
    })
}

/// What a published version says. The store has compared its body with the ledger; name and day are compared with the body here.
pub fn read(published: &Published) -> Result<Version> {
    let version = serde_json::from_slice(&published.body);
    let version: Version =
        version.with_context(|| format!("version {} in the store cannot be read", published.version))?;
    if version.version != published.version || version.effective.to_string() != published.effective {
        return Err(StoreError::NoticeAltered(published.version.clone()).into());
    }
    Ok(version)
}

/// The version that a policy folder holds now.
pub fn of_folder(folder: &Path) -> Result<Version> {
    let policy = company::compiled(company::read(folder)?)?;
    Version::of(&policy, &policy.said, clock::today()).map_err(|why| Misuse(why).into())
}
