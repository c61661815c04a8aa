//! `upheld map`: one file for each of its commands.

mod lock;

use std::process::ExitCode;

use anyhow::Result;

use super::Context;

/// Work with the data maps of a policy folder.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Lock(lock::Args),
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Lock(args) => lock::run(context, args).await,
    }
}
