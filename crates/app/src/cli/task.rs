//! `upheld task`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use store::{Store, StoreError};

use super::fulfil::write_certificate;
use super::{Context, show};
use crate::terminal::{say, say_json};
use crate::{casework, clock, company};

/// Steps that only people can do.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the tasks that wait for somebody.
    List,
    /// Confirm that a task was done; the last one completes its run and writes the certificate.
    Confirm {
        /// The run.
        run: String,
        /// The step.
        step: String,
        /// Who did it.
        #[arg(long = "as", value_name = "NAME")]
        name: String,
        /// The policy folder of the run.
        #[arg(long, value_name = "FOLDER")]
        folder: PathBuf,
        /// Where the certificate goes.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let store = context.store().await?;
    let code = match args.command {
        Command::List => list(context, &store).await?,
        Command::Confirm { run, step, name, folder, out } => {
            let company = company::open(&folder).await?;
            confirm(&store, &run, &step, &name).await?;
            let carried = casework::settle(&store, &company, &run).await?;
            let path =
                carried.certificate.as_ref().map(|bytes| write_certificate(&out, &carried.run, bytes)).transpose()?;
            casework::handed_over(&store, &carried).await?;
            if context.json {
                let mut value = show::ending_json(&carried);
                value["certificate"] = json!(path);
                say_json(&value)?;
            } else {
                show::ending(&carried, &company.folder);
                if let Some(path) = path {
                    say(format!("certificate: {}", path.display()));
                }
            }
            show::code(&carried)
        }
    };
    store.close().await;
    Ok(code)
}

/// Confirms; a repetition is no error, for a crash may have come before the rest was done.
async fn confirm(store: &Store, run: &str, step: &str, name: &str) -> Result<()> {
    let mut tx = store.begin().await?;
    match tx.confirm_task(run, step, name, clock::now()).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(StoreError::Confirmed) => {
            drop(tx);
            let tasks = store.tasks(run).await?;
            let same = |t: &store::Task| t.step == step && t.confirmed.as_ref().is_some_and(|(by, _)| by == name);
            if tasks.iter().any(same) { Ok(()) } else { Err(StoreError::Confirmed.into()) }
        }
        Err(error) => Err(error.into()),
    }
}

async fn list(context: &Context, store: &Store) -> Result<ExitCode> {
    let tasks = store.open_tasks().await?;
    let mut listed = Vec::new();
    for task in &tasks {
        let text = store.task_text(&task.run, &task.step).await?;
        if !context.json {
            say(format!("{} {} ({}): {}", task.run, task.step, task.team, text.as_str()));
        }
        listed.push(json!({ "run": task.run, "step": task.step, "team": task.team, "text": text.as_str(), "since": task.created }));
    }
    if context.json {
        say_json(&listed)?;
    } else {
        say(format!("{} open tasks", tasks.len()));
    }
    Ok(ExitCode::SUCCESS)
}
