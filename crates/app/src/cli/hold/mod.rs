//! `upheld hold`: legal reasons that stop erasures until they end.

mod add;
mod end;
mod file;
mod list;

use std::process::ExitCode;

use anyhow::Result;

use super::Context;

/// Holds: legal reasons that stop the erasure of exactly what they name, in `holds.toml` of the policy folder.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Add(Box<add::Args>),
    List(list::Args),
    End(end::Args),
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Add(args) => add::run(context, *args).await,
        Command::List(args) => list::run(context, args).await,
        Command::End(args) => end::run(context, args).await,
    }
}

/// A day as the command line takes it.
fn day(text: &str) -> Result<jiff::civil::Date, String> {
    let read = if text.len() == 10 { text.parse().ok() } else { None };
    read.ok_or_else(|| "a day is written 2031-12-31".to_owned())
}
