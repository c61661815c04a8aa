//! `upheld approve`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use store::{Approval, State};

use super::{Context, show};
use crate::casework::{read_plan, register, run_id};
use crate::clock;
use crate::terminal::{Misuse, say, say_json};

/// Approve a plan as a second person; name each bound it may go beyond.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  upheld approve plan.json --as grace --bound rows_per_table:helpdesk.replies")]
pub struct Args {
    /// The plan.
    plan: PathBuf,
    /// Who approves; not whoever made the plan.
    #[arg(long = "as", value_name = "NAME")]
    name: String,
    /// A bound that the plan may go beyond, as `upheld plan` names it.
    #[arg(long = "bound", value_name = "BOUND")]
    bounds: Vec<String>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let store = context.store_for(&args.plan).await?;
    let (_, plan) = read_plan(&args.plan, &store)?;
    let name = args.name.trim().to_owned();
    if name.is_empty() {
        return Err(Misuse("--as names who approves".into()).into());
    }
    if name.to_lowercase() == plan.requested_by.trim().to_lowercase() {
        return Err(Misuse(format!("{name} made this plan; somebody else must approve it")).into());
    }
    if let Some(unknown) = args.bounds.iter().find(|b| plan.breaches.iter().all(|x| x.bound != **b)) {
        return Err(Misuse(format!("the plan does not go beyond a bound `{unknown}`")).into());
    }
    let plan_hash = plan.hash().parse()?;
    let waiting = store.runs(&plan.request).await?.into_iter();
    let mut waiting =
        waiting.filter(|r| r.plan_hash == plan_hash && matches!(r.state, State::Planned | State::Approved));
    let run = waiting.next().map(|r| r.id);
    let attempt = store.runs(&plan.request).await?.len() + 1;
    let id = run.clone().unwrap_or_else(|| format!("{}-{attempt}", run_id(&plan)));
    let mut tx = store.begin().await?;
    if run.is_none() {
        register(&mut tx, &store, &plan, &id).await?;
    }
    let approval =
        Approval { run: id.clone(), by: name.clone(), plan_hash, bounds: args.bounds.clone(), at: clock::now() };
    tx.approve(&approval).await?;
    tx.commit().await?;
    if context.json {
        say_json(&json!({ "run": id, "plan": plan.hash(), "approved_by": name, "bounds": args.bounds }))?;
    } else {
        show::plan(&plan);
        say(format!("approved by {name}; carry it out with `upheld apply {}`", args.plan.display()));
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
