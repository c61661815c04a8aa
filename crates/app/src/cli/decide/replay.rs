//! `upheld decide FOLDER replay`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::decide::replay::{Replayed, replay};
use engine::policy::model::Said;
use serde::Serialize;

use super::super::Context;
use crate::events;
use crate::terminal::{good, say, say_json};

/// What came in.
#[derive(clap::Args)]
pub struct Args {
    /// The events: JSON, one on each line, as `{"to": "telemetry:ID", "event": "..", "attributes": {..}}`; `to` may also be a
    /// tracker or a collection point, whose `fields` are then meant.
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
}

/// Events of which the same became, with the first line of them.
#[derive(Serialize)]
struct Group {
    #[serde(flatten)]
    replayed: Replayed,
    events: usize,
    line: usize,
}

pub fn run(context: &Context, said: &Said, args: &Args) -> Result<ExitCode> {
    let mut groups: BTreeMap<Replayed, (usize, usize)> = BTreeMap::new();
    for (line, event) in events::read(&args.events)? {
        groups.entry(replay(said, &event)).or_insert((0, line)).0 += 1;
    }
    let mut groups: Vec<Group> =
        groups.into_iter().map(|(replayed, (events, line))| Group { replayed, events, line }).collect();
    groups.sort_by_key(|group| group.line);
    let refused: usize = groups.iter().filter(|g| !g.replayed.accepted).map(|g| g.events).sum();
    if context.json {
        say_json(&serde_json::json!({ "allowed": refused == 0, "groups": groups }))?;
    } else {
        groups.iter().for_each(show);
        let all: usize = groups.iter().map(|g| g.events).sum();
        say(format!("{all} events: {} accepted, {refused} refused", all - refused));
    }
    Ok(ExitCode::from(u8::from(refused > 0)))
}

fn show(group: &Group) {
    let Group { replayed, events, line } = group;
    let word = if replayed.accepted { good("accepted") } else { "refused".to_owned() };
    let event = replayed.event.as_ref().map(|event| format!(" {event}")).unwrap_or_default();
    say(format!("{word}: {events} from line {line}, {}{event}: {}", replayed.to, replayed.because));
    let names = |what: &str, names: &[String]| {
        if !names.is_empty() {
            say(format!("    {what}: {}", names.join(", ")));
        }
    };
    names("declared", &replayed.declared);
    names("undeclared", &replayed.undeclared);
}
