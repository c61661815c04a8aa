//! What a rectification corrects: the options that `plan` and `fulfil` share.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use engine::plan::{Correction, Wrong};
use engine::policy::model::Right;
use serde::Deserialize;

use crate::terminal::Misuse;

#[derive(clap::Args)]
pub struct Correct {
    /// For a rectification: what is right. WHAT is a category (user.name) or a column (SYSTEM:TABLE.COLUMN).
    #[arg(long = "correct", value_name = "WHAT=VALUE")]
    correct: Vec<String>,
    /// For a rectification: correct only where this stands.
    #[arg(long = "wrong", value_name = "WHAT=VALUE")]
    wrong: Vec<String>,
    /// Corrections from a JSON file, [{"what": .., "from": .., "to": ..}]; `-` reads standard input. Keeps them out of
    /// process lists.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
}

/// One entry of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    what: String,
    from: Option<String>,
    to: String,
}

impl Correct {
    /// The corrections; none but for a rectification, which needs one.
    pub fn corrections(&self, right: Right) -> Result<Vec<Correction>> {
        let mut entries = self.file()?;
        for pair in &self.correct {
            let (what, to) = pair_of(pair, "--correct")?;
            entries.push(Entry { what, from: None, to });
        }
        for pair in &self.wrong {
            let (what, from) = pair_of(pair, "--wrong")?;
            let entry = entries.iter_mut().find(|e| e.what == what && e.from.is_none());
            let entry =
                entry.ok_or_else(|| Misuse(format!("--wrong {what}: say with --correct what is right there")))?;
            entry.from = Some(from);
        }
        match (right == Right::Rectification, entries.is_empty()) {
            (true, true) => {
                Err(Misuse("say what is right: --correct user.name='Ann Smith', or --corrections FILE".into()).into())
            }
            (false, false) => {
                Err(Misuse(format!("{} corrects nothing: --correct is for rectification", right.word())).into())
            }
            _ => entries.into_iter().map(correction).collect(),
        }
    }

    fn file(&self) -> Result<Vec<Entry>> {
        let Some(path) = &self.corrections else { return Ok(Vec::new()) };
        let mut text = String::new();
        if path.as_os_str() == "-" {
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        } else {
            text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        }
        // What the parser says of a wrong file may quote it, and it holds personal values.
        serde_json::from_str(&text).map_err(|e| {
            let place = format!("line {}, column {}", e.line(), e.column());
            Misuse(format!("{} is no list of {{\"what\", \"from\", \"to\"}} ({place})", path.display())).into()
        })
    }
}

fn pair_of(pair: &str, option: &str) -> Result<(String, String), Misuse> {
    let (what, value) = pair.split_once('=').ok_or_else(|| Misuse(format!("{option} is written WHAT=VALUE")))?;
    Ok((what.trim().to_owned(), value.to_owned()))
}

fn correction(entry: Entry) -> Result<Correction> {
    let what = match entry.what.split_once(':') {
        None => Wrong::Category(entry.what),
        Some((system, place)) => {
            let (table, column) =
                place.rsplit_once('.').ok_or_else(|| Misuse("a column is written SYSTEM:TABLE.COLUMN".into()))?;
            Wrong::Column { system: system.into(), table: table.into(), column: column.into() }
        }
    };
    Ok(Correction { what, from: entry.from, to: entry.to })
}
