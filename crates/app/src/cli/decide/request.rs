//! Questions about requests, before any row is looked at.

use std::process::ExitCode;

use anyhow::Result;
use engine::decide::due::{due, silent_until};
use engine::decide::names::Named;
use engine::decide::request::{Claims, Wish, asks_again, erases, may_hold, takes};
use engine::policy::model::Said;
use jiff::civil::Date;
use serde_json::json;

use super::super::Context;
use super::names;
use crate::clock;
use crate::terminal::{Misuse, say, say_json};

/// What is asked.
#[derive(clap::Subcommand)]
pub enum Question {
    /// By when must a request be answered? Prints the day.
    Due {
        /// The right.
        #[arg(long)]
        right: String,
        /// Where the person lives: a country, a part of one such as `US-CA`, or a group such as `EEA`.
        #[arg(long)]
        place: String,
        /// The day on which it came in; otherwise today.
        #[arg(long, value_name = "DATE")]
        received: Option<Date>,
    },
    /// From when on may a rule about silence end data? Prints the day.
    Silent {
        /// The retention rule, by id.
        #[arg(long)]
        rule: String,
        /// The day of the last sign of life.
        #[arg(long, value_name = "DATE")]
        last: Date,
        /// The day on which a paid plan ended.
        #[arg(long, value_name = "DATE")]
        downgraded: Option<Date>,
    },
    /// Can a right be asked for by this way?
    Route {
        /// The right.
        #[arg(long)]
        right: String,
        /// The way, such as `phone`.
        #[arg(long)]
        by: String,
    },
    /// Is a wish to be erased asked for a second time?
    Confirm {
        /// It came online.
        #[arg(long)]
        online: bool,
        /// The person's age, where it is known.
        #[arg(long)]
        age: Option<u64>,
    },
    /// May data of somebody of an age be held?
    Child {
        /// The age.
        #[arg(long)]
        age: u64,
        /// A parent's consent was verified.
        #[arg(long)]
        parent_agreed: bool,
    },
    /// Is data of a person erased?
    Erasure {
        /// The person wishes it.
        #[arg(long)]
        requested: bool,
        /// A law that keeps the data, by id.
        #[arg(long)]
        law: Option<String>,
        /// A customer wishes to keep it, and why.
        #[arg(long, value_name = "REASON")]
        hold: Option<String>,
        /// A paid plan has ended.
        #[arg(long)]
        downgraded: bool,
    },
}

/// Answers.
pub fn run(context: &Context, said: &Said, question: &Question) -> Result<ExitCode> {
    let decision = match question {
        Question::Due { right, place, received } => {
            names::all(said, vec![(Named::Place, Some(place))])?;
            return due_day(context, said, (right, place), received.unwrap_or_else(clock::today));
        }
        Question::Silent { rule, last, downgraded } => {
            names::all(said, vec![(Named::Rule, Some(rule))])?;
            return silent_day(context, said, rule, (*last, *downgraded));
        }
        Question::Erasure { requested, law, hold, downgraded } => {
            let (law, hold) = (law.as_deref(), hold.as_deref());
            return erasure(context, said, Claims { requested: *requested, law, hold, downgraded: *downgraded });
        }
        Question::Route { right, by } => takes(said, right, by),
        Question::Confirm { online, age } => asks_again(said, Wish { online: *online, age: *age }),
        Question::Child { age, parent_agreed } => may_hold(said, *age, *parent_agreed),
    };
    super::told(context, &decision)
}

fn due_day(context: &Context, said: &Said, (right, place): (&str, &str), received: Date) -> Result<ExitCode> {
    let Some(due) = due(said, right, place, received) else {
        return Err(Misuse(format!("neither the notice nor a law of {place} names a period for {right}")).into());
    };
    if context.json {
        say_json(&json!({ "day": due.day, "because": due.because, "by": due.by }))?;
    } else {
        say(format!("{}: {} [{}]", due.day, due.because, due.by.join(", ")));
    }
    Ok(ExitCode::SUCCESS)
}

fn silent_day(context: &Context, said: &Said, rule: &str, days: (Date, Option<Date>)) -> Result<ExitCode> {
    let Some(day) = silent_until(said, rule, days.0, days.1) else {
        return Err(Misuse(format!("the rule {rule} has no period that ends")).into());
    };
    if context.json {
        say_json(&json!({ "day": day, "by": [format!("retention:{rule}")] }))?
    } else {
        say(day.to_string())
    }
    Ok(ExitCode::SUCCESS)
}

fn erasure(context: &Context, said: &Said, claims: Claims<'_>) -> Result<ExitCode> {
    let outcome = erases(said, claims);
    if context.json {
        let erased = &outcome.erased;
        let told =
            json!({ "allowed": erased.allowed, "because": erased.because, "by": erased.by, "told": outcome.told });
        say_json(&told)?;
        return Ok(ExitCode::from(u8::from(!erased.allowed)));
    }
    let code = super::told(context, &outcome.erased)?;
    outcome.told.into_iter().for_each(|told| say(format!("the person is told: {told}")));
    Ok(code)
}
