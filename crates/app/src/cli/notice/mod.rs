//! `upheld notice`: the published words, their versions, and what people did about them.

mod build;
mod diff;
mod list;
mod owed;
mod page;
mod publish;
pub mod reader;
mod record;
mod safeguards;
mod told;
pub mod versions;

use std::process::ExitCode;

use anyhow::Result;

use super::Context;

/// Build the notice from the policy folder, publish versions of it, and compare them.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Build(build::Args),
    Publish(publish::Args),
    List(versions::ListArgs),
    Show(versions::ShowArgs),
    Diff(diff::Args),
    Owed(owed::Args),
    Record(record::Args),
    Safeguards(safeguards::Args),
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    match args.what {
        What::Build(args) => build::run(context, &args),
        What::Publish(args) => publish::run(context, &args).await,
        What::List(args) => versions::list(context, &args).await,
        What::Show(args) => versions::show(context, &args).await,
        What::Diff(args) => diff::run(context, &args).await,
        What::Owed(args) => owed::run(context, &args).await,
        What::Record(args) => record::run(context, &args).await,
        What::Safeguards(args) => safeguards::run(context, &args).await,
    }
}
