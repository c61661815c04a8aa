//! `upheld notice diff`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use engine::notice::versions::{Change, Class, Diff, Duty, Needed, Version, diff, duties};
use engine::notice::words::period;
use serde_json::{Value, json};

use super::super::Context;
use super::versions;
use crate::terminal::{Misuse, inert, say_json};

/// Compare two versions as rules: what is new, what got weaker, and what is owed to whom.
///
/// Each version is a policy folder, a file written by `upheld notice show --json`, or the name of a published version.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice diff 2026-1 acme         the published version and the folder as it is
  upheld notice diff old-acme new-acme
  upheld notice diff 2025-2 2026-1 --json

Exits with 0 where nobody is worse off, with 1 where people must be told or asked.")]
pub struct Args {
    /// The older version.
    old: String,
    /// The newer version.
    new: String,
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let old = version(context, &args.old).await?;
    let new = version(context, &args.new).await?;
    let found = diff(&old, &new);
    let owed = duties(&new, &found);
    if context.json {
        say_json(&json!({ "old": old.version, "new": new.version, "diff": found, "owed": owed }))?;
    } else {
        show(&found, &owed);
    }
    Ok(ExitCode::from(u8::from(found.class != Class::Editorial)))
}

/// A folder, a file, or a name.
async fn version(context: &Context, named: &str) -> Result<Version> {
    let path = Path::new(named);
    if path.is_dir() {
        return versions::of_folder(path);
    }
    if path.is_file() {
        let text = std::fs::read_to_string(path).map_err(|e| Misuse(format!("cannot read {named}: {e}")))?;
        return serde_json::from_str(&text)
            .map_err(|e| Misuse(format!("{named} is no version of a notice: {e}")).into());
    }
    if !context.home.join("upheld.db").is_file() {
        return Err(Misuse(format!(
            "{named} is neither a policy folder nor a file, and nothing was published here yet"
        ))
        .into());
    }
    let store = versions::opened(context).await?;
    let found = versions::read(versions::find(&store.notices().await?, named)?);
    store.close().await;
    found
}

/// Versions may come from outside: nothing that they say steers the terminal.
fn say(text: impl AsRef<str>) {
    crate::terminal::say(inert(text.as_ref()));
}

/// What changed and what is owed, for people.
pub fn show(found: &Diff, owed: &[Duty]) {
    for change in &found.changes {
        say(format!("{:<14} {}{}", plain(change.class), place(change), moved(change)));
        let law = change.article.as_ref().map(|a| format!(" ({a})")).unwrap_or_default();
        say(format!("{:<14} {}{law}", "", change.because));
        if !change.populations.is_empty() {
            say(format!("{:<14} for {}", "", change.populations.join(", ")));
        }
    }
    if found.changes.is_empty() {
        say("the two say the same, in the same words");
        return;
    }
    say("");
    owed.iter().for_each(told);
}

/// Who is told how, and what counts as agreement.
fn told(duty: &Duty) {
    let channels: Vec<String> = duty.channels.iter().map(|c| c.replace('_', " ")).collect();
    let how = match channels.as_slice() {
        [] => "nobody is told: the folder has no rule for it".to_owned(),
        channels => format!("people are told by {}", channels.join(", ")),
    };
    let whom = if duty.populations.is_empty() { "everybody".to_owned() } else { duty.populations.join(", ") };
    let before = duty.before.as_deref().and_then(period).map(|p| format!(", {p} before")).unwrap_or_default();
    let agreement = match duty.agreement {
        Needed::None => "nothing is needed of them",
        Needed::Deemed => "going on using the service counts as agreement",
        Needed::Explicit => "data gathered before stays under the old version until they agree",
    };
    say(format!("{}: {how}{before} ({whom}); {agreement}", plain(duty.class)));
}

fn plain(class: Class) -> String {
    class.word().replace('_', " ")
}

fn place(change: &Change) -> String {
    match &change.key {
        Some(key) => format!("{}.{key}", change.what),
        None => change.what.clone(),
    }
}

/// From what to what.
fn moved(change: &Change) -> String {
    match (&change.before, &change.after, &change.key) {
        (Some(before), Some(_), None) => format!(": was {}", short(Some(before))),
        (_, _, None) => String::new(),
        (before, after, _) => format!(": {} -> {}", short(before.as_ref()), short(after.as_ref())),
    }
}

fn short(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(all)) => all.iter().map(|v| short(Some(v))).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}
