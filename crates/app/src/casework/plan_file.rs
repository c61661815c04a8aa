//! A plan in a file: for a second person to read, approve and apply.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use engine::plan::Plan;
use proof::note::{self, Note, Signatures};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::terminal::Misuse;

/// What the file holds. It names people by their keys and identifiers: it is written for its owner alone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    upheld: String,
    /// Where the policy folder lies.
    folder: PathBuf,
    /// Signed by the home it was made in: hash of the plan, and folder.
    seal: String,
    plan: Plan,
}

const FORMAT: &str = "plan/1";

/// Writes a plan, sealed by this home and readable by its owner alone. An existing file is not overwritten.
pub fn write_plan(path: &Path, folder: &Path, plan: &Plan, store: &Store) -> Result<()> {
    let seal = note::sign(&sealed_text(folder, plan), store.signer())?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write the plan to {}", path.display()))?;
    let content = PlanFile { upheld: FORMAT.into(), folder: folder.to_owned(), seal, plan: plan.clone() };
    let mut text = serde_json::to_vec_pretty(&content)?;
    text.push(b'\n');
    file.write_all(&text)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write the plan to {}", path.display()))
}

/// Reads a plan and the folder it was made under. Nothing runs that was not a plan: one that was altered, or made
/// elsewhere, is refused.
pub fn read_plan(path: &Path, store: &Store) -> Result<(PathBuf, Plan)> {
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
    let altered = || format!("{} was altered after it was made; make a new plan", path.display());
    let note = Note::parse(&content.seal).with_context(altered)?;
    match note.check(&[store.signer().verifier()]) {
        Signatures::Good(_) if note.text() == sealed_text(&content.folder, &content.plan) => {}
        Signatures::OtherKey { .. } => bail!(
            "{} was made in another home than {}: use the same --home, or make the plan again",
            path.display(),
            store.folder().display()
        ),
        _ => bail!(altered()),
    }
    Ok((content.folder, content.plan))
}

/// What the seal is over.
fn sealed_text(folder: &Path, plan: &Plan) -> String {
    let folder = hex::encode(folder.as_os_str().as_bytes());
    format!("upheld {FORMAT}\n{}\n{folder}\n", plan.hash())
}
