//! `upheld seals`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::Context;
use crate::casework;
use crate::clock;
use crate::terminal::{say, say_json};

/// List deactivations that can still be taken back, and end those whose time is over.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld seals\n  upheld seals --end-due\n\nEnding destroys the key of what was sealed: the erasure is final then."
)]
pub struct Args {
    /// Destroy the keys of those whose window is over; their erasures are final then.
    #[arg(long)]
    end_due: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let store = context.store().await?;
    let ended = if args.end_due { casework::end_due(&store).await? } else { Vec::new() };
    let seals = store.seals().await?;
    if context.json {
        let list: Vec<_> = seals
            .iter()
            .map(|s| json!({ "case": s.case, "sealed_at": s.sealed, "ends_at": s.ends, "due": s.ends <= clock::now() }))
            .collect();
        say_json(&json!({ "seals": list, "ended": ended }))?;
    } else {
        ended
            .iter()
            .for_each(|case| say(format!("{case}: the window is over, its key is destroyed; the erasure is final")));
        for seal in &seals {
            let day = |t: jiff::Timestamp| t.strftime("%Y-%m-%d").to_string();
            let due = if seal.ends <= clock::now() { " (over: --end-due makes it final)" } else { "" };
            say(format!("{}: sealed {}, can be taken back until {}{due}", seal.case, day(seal.sealed), day(seal.ends)));
        }
        if seals.is_empty() {
            say("no deactivation can be taken back");
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
