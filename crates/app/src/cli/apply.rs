//! `upheld apply`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use super::Context;
use super::fulfil::{Answer, carry};
use crate::casework::read_plan;
use crate::company;

/// Carry out a plan that was written with `upheld plan --out`.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  upheld apply plan.json --out answer\n\nAfter a crash, the same command goes on where it was interrupted."
)]
pub struct Args {
    /// The plan.
    plan: PathBuf,
    /// The policy folder, if it moved since the plan was made.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    answer: Answer,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let store = context.store_for(&args.plan).await?;
    let (folder, plan) = read_plan(&args.plan, &store)?;
    let company = company::open(&args.folder.unwrap_or(folder)).await?;
    let code = carry(context, &store, &company, &plan, &args.answer).await?;
    store.close().await;
    Ok(code)
}
