//! `upheld hold end`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Context, file};
use crate::terminal::{Misuse, say, say_json};
use crate::{clock, company};

/// Release a hold: from a day on it keeps nothing. What it kept of erased persons goes with `upheld resume --due`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld hold end acme damages-26-014\n  upheld hold end acme damages-26-014 --on 2027-01-31"
)]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// The hold.
    id: String,
    /// From this day on; today, if it is left out.
    #[arg(long, value_name = "DAY", value_parser = super::day)]
    on: Option<Date>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let company = company::open(&args.folder).await?;
    if !company.policy.holds.iter().any(|hold| hold.id == args.id) {
        let known: Vec<&str> = company.policy.holds.iter().map(|hold| hold.id.as_str()).collect();
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has: {}", known.join(", ")) };
        return Err(Misuse(format!("the policy folder has no hold `{}`; {known}", args.id)).into());
    }
    let today = clock::now().to_zoned(TimeZone::UTC).date();
    let day = args.on.unwrap_or(today);
    let text = file::ended(&file::text(&company.folder)?, &args.id, day)?;
    file::replace(&company, text)?;
    if context.json {
        say_json(&json!({ "hold": args.id, "ended": day.to_string() }))?;
    } else {
        say(format!("hold {}: from {day} on it keeps nothing", args.id));
        say(format!("what it kept of erased persons goes then with: upheld resume {} --due", args.folder.display()));
    }
    Ok(ExitCode::SUCCESS)
}
