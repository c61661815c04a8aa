//! `upheld resume`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::run::Nowhere;
use serde_json::{Value, json};
use store::{Due, Store};

use super::{Context, show};
use crate::casework;
use crate::company::{self, Company};
use crate::terminal::{note, say, say_json};

/// Go on with every run that a crash cut short, and with erasures of which something was kept that may go now.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld resume acme --out certificates\n  upheld resume acme --due --out certificates\n\nLet a timer run it with --due once a day: what a law or a hold kept of an erased person is then erased by itself when that ends, and a second certificate refers to the first."
)]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Where certificates go.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Also erase what a law or a hold kept of erased persons, where it has ended.
    #[arg(long)]
    due: bool,
    /// Of this case let also those rows go that somebody changed since they were kept.
    #[arg(long, value_name = "CASE", requires = "due")]
    changed: Vec<String>,
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
    let interrupted = results.len();
    if args.due {
        let (due, gone) = casework::due(&store, &company).await?;
        for hold in gone {
            note(format!(
                "hold {hold} is not in holds.toml any more: what it kept stays, until it is put back with the day on which it `ended`"
            ));
        }
        for due in due {
            let changed = args.changed.contains(&due.case);
            match rest(&store, &company, &due, changed, &args).await {
                Ok((entry, is_left)) => {
                    left |= is_left;
                    results.push(entry);
                }
                Err(error) => {
                    left = true;
                    let detail = format!("{error:#}");
                    results.push(
                        json!({ "case": due.case, "run": due.run, "rest": true, "state": "open", "detail": detail }),
                    );
                }
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
        say(format!("{interrupted} interrupted runs"));
        if args.due {
            say(format!("{} cases of which something could go", results.len() - interrupted));
        }
    }
    store.close().await;
    Ok(ExitCode::from(u8::from(left)))
}

/// Carries out what is left of a case; also says whether something is left again that should not be.
async fn rest(store: &Store, company: &Company, due: &Due, changed: bool, args: &Args) -> Result<(Value, bool)> {
    let plan = casework::plan_rest(store, company, due, changed).await?;
    show::waits(&plan);
    let carried = casework::carry_out(store, company, &plan, &mut Nowhere).await?;
    let mut entry = show::ending_json(&carried);
    entry["case"] = json!(due.case);
    entry["rest"] = json!(true);
    entry["rows"] = json!(plan.rows());
    if let Some(bytes) = &carried.certificate {
        entry["certificate"] = json!(super::fulfil::write_certificate(&args.out, &carried.run, bytes)?);
    }
    casework::handed_over(store, &carried).await?;
    Ok((entry, matches!(carried.ending, casework::Ending::Residues(_))))
}
