//! `upheld hold list`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::policy::model::{Hold, Policy};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Context;
use crate::terminal::{say, say_json};
use crate::{clock, company};

/// List holds: why, by whom, until when, and how many rows of erased persons each keeps.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  upheld hold list acme\n  upheld hold list acme --json")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let company = company::open(&args.folder).await?;
    let mut kept = BTreeMap::new();
    if context.home.join("upheld.db").is_file() {
        let store = context.store().await?;
        kept.extend(store.kept_by_holds().await?);
        store.close().await;
    }
    let today = clock::now().to_zoned(TimeZone::UTC).date().to_string();
    let list: Vec<Value> =
        company.policy.holds.iter().map(|hold| described(&company.policy, hold, &today, &kept)).collect();
    if context.json {
        say_json(&list)?;
        return Ok(ExitCode::SUCCESS);
    }
    for hold in &list {
        let text = |key: &str| hold[key].as_str().unwrap_or_default().to_owned();
        let until = hold["last_day"].as_str().map_or("until it is released".to_owned(), |day| format!("until {day}"));
        let state = if hold["in_force"] == true { "in force" } else { "not in force" };
        say(format!("{}: {} ({}), {state}, {until}", text("hold"), text("reason"), text("authority")));
        say(format!("  rows of erased persons that it keeps: {}", hold["kept_rows"]));
    }
    say(format!("holds: {}", list.len()));
    Ok(ExitCode::SUCCESS)
}

fn described(policy: &Policy, hold: &Hold, today: &str, kept: &BTreeMap<String, u64>) -> Value {
    let tables = hold.tables.iter().flatten().map(|id| {
        let table = policy.table(*id);
        format!("{}:{}", policy.system(table.system).name, table.name)
    });
    json!({
        "hold": hold.id, "reason": hold.reason, "authority": hold.authority, "since": hold.since, "last_day": hold.last,
        "in_force": hold.holds_on(today), "subject": hold.kind.map(|kind| policy.kinds[kind.0].name.clone()),
        "persons": !hold.persons.is_empty(), "rows": hold.rows.len(), "tables": tables.collect::<Vec<_>>(),
        "kept_rows": kept.get(&hold.id).copied().unwrap_or_default(),
    })
}
