//! Verifying a ledger: everything recomputed from the entries, and compared with every file and the signed checkpoint.

use super::history::Old;
use super::report::{Checks, Fault, Report};
use super::signature::check_checkpoint;
use super::tiles::Reading;
use super::{Against, Files};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::tree::Head;

/// A ledger as read: its checkpoint, and the leaf hashes up to it.
pub(super) struct Contents {
    pub(super) checkpoint: Checkpoint,
    pub(super) leaves: Vec<Hash>,
    /// How many trusted witnesses cosigned the checkpoint.
    cosigned: usize,
}

const CHECKPOINT: &str = "ledger checkpoint";

/// Verifies a ledger's folder.
pub fn ledger(files: &dyn Files, against: &Against) -> Report {
    let mut checks = Checks::default();
    let contents = check(&mut checks, files, against);
    let title = match &contents {
        Some(Contents { checkpoint, .. }) => format!("Ledger {}, {} entries", checkpoint.origin, checkpoint.head.size),
        None => "Ledger".into(),
    };
    if let (Some(since), Some(contents)) = (against.since, &contents)
        && let Some(old) = Old::read(&mut checks, since, against)
    {
        old.check_continued(&mut checks, contents);
    }
    checks.set_witnesses(contents.map_or(0, |contents| contents.cosigned));
    checks.conclude(title, !against.operators().is_empty())
}

/// Makes the checks of a ledger; `None` when it cannot be read as far as its checkpoint says.
pub(super) fn check(checks: &mut Checks, files: &dyn Files, against: &Against) -> Option<Contents> {
    let Some(bytes) = files.read("checkpoint") else {
        let detail = "checkpoint: is this the folder of a ledger?";
        checks.failed(CHECKPOINT, Fault::FileMissing, detail);
        return None;
    };
    let Ok(text) = String::from_utf8(bytes) else {
        checks.failed(CHECKPOINT, Fault::CheckpointAltered, "checkpoint is not text");
        return None;
    };
    let (checkpoint, cosigned) = check_checkpoint(checks, CHECKPOINT, &text, None, None, against)?;
    let reading = Reading::of(files, checkpoint.head);
    for (name, fault, detail) in reading.faults() {
        checks.failed(name, *fault, detail.as_str());
    }
    let leaves = reading.leaves()?;
    if reading.faults().is_empty() {
        let (count, ahead) = (reading.file_count(), reading.ahead());
        let ahead = if ahead == 0 { String::new() } else { format!("; {ahead} lie beyond the checkpoint, unchecked") };
        checks.passed("ledger files", format!("{count} bundles and tiles, each as recomputed from the entries{ahead}"));
    }
    if Head::of(&leaves) == checkpoint.head {
        checks.passed("ledger root", format!("{} entries lead to the checkpoint's root", leaves.len()));
    } else {
        let detail = "entries were changed, added or left out, or the checkpoint belongs to another ledger";
        checks.failed("ledger root", Fault::RootMismatch, detail);
    }
    Some(Contents { checkpoint, leaves, cosigned })
}
