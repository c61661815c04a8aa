//! `upheld resume`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::{Context, show};
use crate::casework;
use crate::company;
use crate::terminal::{say, say_json};

/// Go on with every run that a crash cut short.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  upheld resume acme --out certificates")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Where certificates go.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let company = company::open(&args.folder).await?;
    let store = context.store().await?;
    let (mut results, mut left) = (Vec::new(), false);
    for run in store.unfinished_runs().await? {
        match casework::resume(&store, &company, &run.id).await {
            // One that cannot go on keeps none of the others from it.
            Err(error) => {
                left = true;
                results.push(json!({ "run": run.id, "state": "open", "detail": format!("{error:#}") }));
            }
            Ok(None) => results
                .push(json!({ "run": run.id, "state": "failed", "detail": "the answer must be asked for again" })),
            Ok(Some(carried)) => {
                left |= matches!(carried.ending, casework::Ending::Residues(_));
                let mut entry = show::ending_json(&carried);
                if let Some(bytes) = &carried.certificate {
                    entry["certificate"] = json!(super::fulfil::write_certificate(&args.out, &carried.run, bytes)?);
                }
                casework::handed_over(&store, &carried).await?;
                results.push(entry);
            }
        }
    }
    if context.json {
        say_json(&results)?;
    } else {
        results.iter().for_each(|r| {
            let text = |key: &str| r[key].as_str().unwrap_or_default();
            let detail = if text("detail").is_empty() { String::new() } else { format!(": {}", text("detail")) };
            say(format!("{}: {}{detail}", text("run"), text("state")))
        });
        say(format!("{} interrupted runs", results.len()));
    }
    store.close().await;
    Ok(ExitCode::from(u8::from(left)))
}
