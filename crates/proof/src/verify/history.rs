//! One ledger, one history: against an older checkpoint, and between a certificate and a copy of the ledger.

use super::Against;
use super::ledger::Contents;
use super::report::{Checks, Fault};
use crate::certificate::Certificate;
use crate::checkpoint::Checkpoint;
use crate::note::Signatures;
use crate::tree::{Head, leaf_hash};

const SINCE: &str = "older checkpoint";
const SAME: &str = "same history";

/// An older checkpoint that the reader kept.
pub(super) struct Old(Checkpoint);

impl Old {
    /// Reads a checkpoint, or the checkpoint of an older certificate.
    pub(super) fn read(checks: &mut Checks, bytes: &[u8], against: &Against) -> Option<Self> {
        match read(bytes, against) {
            Ok(checkpoint) => Some(Self(checkpoint)),
            Err(detail) => {
                checks.failed(SINCE, Fault::SinceUnusable, detail);
                None
            }
        }
    }

    /// The ledger must begin with exactly what it was then.
    pub(super) fn check_continued(&self, checks: &mut Checks, ledger: &Contents) {
        let old = &self.0;
        if !self.check_origin(checks, &ledger.checkpoint) {
            return;
        }
        match prefix(ledger, old.head.size) {
            Some(head) if head == old.head => {
                checks.passed(SINCE, format!("the ledger continues its {} entries", old.head.size));
            }
            Some(_) => {
                let detail = format!("the first {} entries are not those of the older checkpoint", old.head.size);
                checks.failed(SINCE, Fault::LedgerRebuilt, detail);
            }
            None => {
                let (now, then) = (ledger.leaves.len(), old.head.size);
                let detail = format!("the ledger holds {now} entries, fewer than the {then} of the older checkpoint");
                checks.failed(SINCE, Fault::LedgerRebuilt, detail);
            }
        }
    }

    /// Without the ledger, two checkpoints can be compared only at the same size.
    pub(super) fn check_same_head(&self, checks: &mut Checks, newer: &Checkpoint) {
        if !self.check_origin(checks, newer) {
            return;
        }
        let (old, new) = (self.0.head, newer.head);
        if old == new {
            checks.passed(SINCE, "the same state of the ledger");
        } else if old.size == new.size {
            let detail = format!("another root for the same {} entries: the operator showed two ledgers", old.size);
            checks.failed(SINCE, Fault::Fork, detail);
        } else {
            let detail = "whether one continues the other shows only in a copy of the ledger: add --ledger DIR";
            checks.failed(SINCE, Fault::NeedsLedger, detail);
        }
    }

    fn check_origin(&self, checks: &mut Checks, newer: &Checkpoint) -> bool {
        let same = self.0.origin == newer.origin;
        if !same {
            let detail = format!("of the ledger {}, not of {}", self.0.origin, newer.origin);
            checks.failed(SINCE, Fault::SinceUnusable, detail);
        }
        same
    }
}

fn read(bytes: &[u8], against: &Against) -> Result<Checkpoint, String> {
    let text = if bytes.starts_with(b"{") {
        let certificate = Certificate::parse(bytes).map_err(|error| error.to_string())?;
        let anchor = certificate.anchor().ok_or("that certificate holds no checkpoint yet")?;
        anchor.checkpoint.clone()
    } else {
        String::from_utf8(bytes.to_vec()).map_err(|_| "not text")?
    };
    let (checkpoint, note) = Checkpoint::parse(&text).map_err(|error| error.to_string())?;
    let mut keys = against.operators();
    let signer_known = !keys.is_empty();
    keys.retain(|key| key.name() == checkpoint.origin);
    match note.check(&keys) {
        Signatures::Good(_) => Ok(checkpoint),
        Signatures::NoTrustedKey if !signer_known => Ok(checkpoint),
        Signatures::Bad { name } => Err(format!("it was altered: the signature of {name} is not over this text")),
        Signatures::NoTrustedKey | Signatures::OtherKey { .. } => Err("it is not signed by a key you trust".into()),
    }
}

/// The ledger as it was at `size` entries; `None` when it is shorter.
fn prefix(ledger: &Contents, size: u64) -> Option<Head> {
    let size = usize::try_from(size).ok()?;
    ledger.leaves.get(..size).map(Head::of)
}

/// A certificate's checkpoint and the ledger must lie on one history.
///
/// Where they do not, the certificate's own entry tells what happened: if the ledger holds it, somebody rebuilt the ledger
/// around it; if not, certificate and ledger come from different branches.
pub(super) fn check_same(checks: &mut Checks, stated: &Checkpoint, index: u64, entry: &[u8], ledger: &Contents) {
    if stated.origin != ledger.checkpoint.origin {
        let detail = format!("this is the ledger {}, not {}", ledger.checkpoint.origin, stated.origin);
        return checks.failed(SAME, Fault::Fork, detail);
    }
    let size = stated.head.size;
    let Some(head) = prefix(ledger, size) else {
        let detail = format!(
            "the ledger holds {} entries, the certificate's checkpoint {size}: entries were left out, or this copy of \
             the ledger is older than the certificate",
            ledger.leaves.len()
        );
        return checks.failed(SAME, Fault::LedgerRebuilt, detail);
    };
    if head == stated.head {
        return checks.passed(SAME, format!("the ledger continues the certificate's checkpoint of {size} entries"));
    }
    let leaf = leaf_hash(entry);
    match ledger.leaves.iter().position(|other| *other == leaf) {
        Some(found) => {
            let detail = format!("at {size} entries the roots differ; the certificate's entry {index} is now {found}");
            checks.failed(SAME, Fault::LedgerRebuilt, detail);
        }
        None => {
            let detail =
                format!("at {size} entries the roots differ, and the ledger does not hold the certificate's entry");
            checks.failed(SAME, Fault::Fork, detail);
        }
    }
}
