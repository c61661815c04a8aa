//! `upheld notice`: the published words, built from the folder.

mod build;
mod page;

use std::process::ExitCode;

use anyhow::Result;

use super::Context;

/// Build the notice, and what stands beside it, from the policy folder.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Build(build::Args),
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    match args.what {
        What::Build(args) => build::run(context, &args),
    }
}
