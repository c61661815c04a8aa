//! The command line: one file for each command.

mod apply;
mod approve;
mod check;
mod correct;
mod coverage;
mod decide;
mod demo;
mod explain;
mod fulfil;
mod grants;
mod hold;
mod import;
mod key;
mod map;
mod notice;
mod plan;
mod resume;
mod schema;
mod seals;
mod show;
mod task;
mod verify;
mod who;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use engine::policy::model::Right;
use jiff::civil::Date;
use store::{Store, StoreError};

use crate::{clock, config, terminal};

/// Makes each promise of a privacy policy executable, checks it against the data that is really held, carries it out
/// across every system, and leaves proof that a stranger can verify.
#[derive(Parser)]
#[command(name = "upheld", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// Print JSON for programs instead of text for people.
    #[arg(long, global = true)]
    pub json: bool,
    /// Where Upheld keeps its own data (cases, ledger, keys); default `$UPHELD_HOME`, else `.upheld`.
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The day that counts as today where something is judged by it (check, coverage, decide, notice); default `$UPHELD_TODAY`,
    /// else the real one. What is recorded bears the real time.
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<Date>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Check(check::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Map(map::Args),
    Import(import::Args),
    Grants(grants::Args),
    Key(key::Args),
    Coverage(coverage::Args),
    Notice(notice::Args),
    Decide(decide::Args),
    Plan(plan::Args),
    Approve(approve::Args),
    Apply(apply::Args),
    Fulfil(fulfil::Args),
    Resume(resume::Args),
    Hold(hold::Args),
    Seals(seals::Args),
    Task(task::Args),
    Verify(verify::Args),
}

/// What every command gets.
pub struct Context {
    /// JSON instead of text.
    pub json: bool,
    /// The store's folder.
    pub home: PathBuf,
}

impl Context {
    /// Opens our own store for a plan in a file, which must be there: a mistyped path makes no home.
    pub async fn store_for(&self, plan: &Path) -> Result<Store> {
        std::fs::metadata(plan)
            .map_err(|e| terminal::Misuse(format!("cannot read the plan {}: {e}", plan.display())))?;
        self.store().await
    }

    /// An error of our own store says where that store is; others stay as they are.
    pub fn naming_the_store(&self, error: anyhow::Error) -> anyhow::Error {
        match error.downcast_ref::<StoreError>() {
            Some(_) => error.context(format!("Upheld's own store in {}", self.home.display())),
            None => error,
        }
    }

    /// Opens our own store; tells once where a new master key lies.
    pub async fn store(&self) -> Result<Store> {
        let opened = Store::open(&self.home, store::Options::new(clock::now())).await;
        let store = opened.map_err(|e| self.naming_the_store(e.into()))?;
        if let Some(path) = store.fresh_master_key() {
            terminal::note(format!(
                "note: a new master key was written to {}; keep a copy elsewhere, without it the store cannot be read",
                path.display()
            ));
        }
        Ok(store)
    }
}

/// Runs the command.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    let context = Context { json: cli.json, home: config::home(cli.home) };
    if let Some(day) = config::today(cli.today)? {
        clock::stand_on(day);
    }
    match cli.command {
        Command::Demo(args) => demo::run(&context, args).await,
        Command::Check(args) => check::run(&context, args).await,
        Command::Explain(args) => explain::run(&context, &args),
        Command::Schema(args) => schema::run(&context, &args),
        Command::Map(args) => map::run(&context, args).await,
        Command::Import(args) => import::run(&context, &args),
        Command::Grants(args) => grants::run(&context, args).await,
        Command::Decide(args) => decide::run(&context, &args).await,
        Command::Notice(args) => notice::run(&context, args).await,
        Command::Coverage(args) => coverage::run(&context, args).await,
        Command::Key(args) => key::run(&context, args).await,
        Command::Plan(args) => plan::run(&context, args).await,
        Command::Approve(args) => approve::run(&context, args).await,
        Command::Apply(args) => apply::run(&context, args).await,
        Command::Fulfil(args) => fulfil::run(&context, args).await,
        Command::Hold(args) => hold::run(&context, args).await,
        Command::Resume(args) => resume::run(&context, args).await,
        Command::Seals(args) => seals::run(&context, args).await,
        Command::Task(args) => task::run(&context, args).await,
        Command::Verify(args) => verify::run(&context, args),
    }
}

/// A right as a word of the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum RightWord {
    /// A copy of the person's data.
    Access,
    /// Erasure of the person's data.
    Erasure,
    /// An erasure that can be taken back for a while: what it takes away is sealed.
    Deactivation,
    /// A deactivation is taken back.
    Reactivation,
    /// Correction of what is wrong, also in copies and linked systems; with --correct.
    Rectification,
    /// The data may be stored and nothing else, until it is lifted.
    Restriction,
    /// The end of a restriction.
    Lifting,
    /// What the person provided, for other programs.
    Portability,
    /// Whether anything is held: yes or no.
    Confirmation,
}

impl From<RightWord> for Right {
    fn from(word: RightWord) -> Right {
        match word {
            RightWord::Access => Right::Access,
            RightWord::Erasure => Right::Erasure,
            RightWord::Deactivation => Right::Deactivation,
            RightWord::Reactivation => Right::Reactivation,
            RightWord::Rectification => Right::Rectification,
            RightWord::Restriction => Right::Restriction,
            RightWord::Lifting => Right::Lifting,
            RightWord::Portability => Right::Portability,
            RightWord::Confirmation => Right::Confirmation,
        }
    }
}
