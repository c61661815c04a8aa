//! How well the map of an unknown database is proposed, on cases with known answers.

mod apps;
mod labelled;
#[path = "../../../crates/connect/tests/cases/open.rs"]
#[allow(dead_code)]
mod open;
#[path = "../../../crates/connect/tests/cases/raw.rs"]
#[allow(dead_code)]
mod raw;
#[path = "../../../crates/engine/tests/labelled/score.rs"]
mod score;
#[path = "../../../crates/connect/tests/cases/score.rs"]
mod score_links;
#[path = "../../../crates/engine/tests/labelled/sets.rs"]
mod sets;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Measure what `upheld map init` proposes against known answers.
#[derive(Parser)]
pub struct Args {
    /// The folder of cases.
    cases: PathBuf,
    /// Print the columns of the half that rules were written on where verdict and label differ.
    #[arg(long)]
    mistakes: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    print(&labelled::report(&args)?)?;
    print(&apps::report(&args.cases)?)
}

fn print(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
