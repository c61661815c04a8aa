//! A plan in a file: for a second person to read, approve and apply.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use engine::plan::Plan;
use serde::{Deserialize, Serialize};

use crate::terminal::Misuse;

/// What the file holds. It names people by their keys and identifiers: it is written for its owner alone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    upheld: String,
    /// Where the policy folder lies.
    folder: PathBuf,
    hash: String,
    plan: Plan,
}

const FORMAT: &str = "plan/1";

/// Writes a plan, readable by its owner alone. An existing file is not overwritten.
pub fn write_plan(path: &Path, folder: &Path, plan: &Plan) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write the plan to {}", path.display()))?;
    let content = PlanFile { upheld: FORMAT.into(), folder: folder.to_owned(), hash: plan.hash(), plan: plan.clone() };
    let mut text = serde_json::to_vec_pretty(&content)?;
    text.push(b'\n');
    file.write_all(&text)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write the plan to {}", path.display()))
}

/// Reads a plan and the folder it was made under; a plan that was altered is refused.
pub fn read_plan(path: &Path) -> Result<(PathBuf, Plan)> {
    let file = File::open(path).map_err(|e| Misuse(format!("cannot read the plan {}: {e}", path.display())))?;
    // The parser's own words could repeat what the plan says of the person.
    let no_plan = |e: serde_json::Error| {
        let place = format!("line {}, column {}", e.line(), e.column());
        Misuse(format!("{} is no plan ({place}); `upheld plan --out FILE` writes one", path.display()))
    };
    let content: PlanFile = serde_json::from_reader(BufReader::new(file)).map_err(no_plan)?;
    if content.upheld != FORMAT {
        bail!("{} has the format {}; this program reads {FORMAT}", path.display(), content.upheld);
    }
    if content.plan.hash() != content.hash {
        bail!("{} was altered after it was made: its hash does not fit; make a new plan", path.display());
    }
    Ok((content.folder, content.plan))
}
