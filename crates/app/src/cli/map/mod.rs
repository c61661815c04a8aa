//! `upheld map`: one file for each of its commands.

mod diff;
mod init;
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
    Init(init::Args),
    Lock(lock::Args),
    Diff(diff::Args),
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Init(args) => init::run(context, args).await,
        Command::Lock(args) => lock::run(context, args).await,
        Command::Diff(args) => diff::run(context, args).await,
    }
}
