//! Whose signature a note bears, in the reader's eyes.

use super::Against;
use super::report::{Checks, Fault};
use crate::checkpoint::Checkpoint;
use crate::key::VerifierKey;
use crate::note::{Note, Signatures};

/// Names and faults of the two kinds of notes that operators sign.
pub(super) struct Terms {
    pub(super) check: &'static str,
    pub(super) altered: Fault,
    pub(super) other_key: Fault,
}

impl Against<'_> {
    pub(super) fn operators(&self) -> Vec<VerifierKey> {
        self.keys.iter().filter(|key| !key.is_witness()).cloned().collect()
    }

    fn witnesses(&self) -> Vec<VerifierKey> {
        self.keys.iter().filter(|key| key.is_witness()).cloned().collect()
    }
}

/// Checks that `note` is signed by the operator of the ledger `origin`. Without a trusted operator's key, the key that the
/// certificate names itself (`named`) shows at least whether the note was altered since.
pub(super) fn check_operator(
    checks: &mut Checks,
    terms: &Terms,
    note: &Note,
    origin: &str,
    named: Option<&VerifierKey>,
    against: &Against,
) {
    let trusted = against.operators();
    if trusted.is_empty() {
        return check_named(checks, terms, note, named);
    }
    // A key speaks only for the ledger of its own name, else one operator could sign for another.
    let ours: Vec<VerifierKey> = trusted.iter().filter(|key| key.name() == origin).cloned().collect();
    match note.check(&ours) {
        Signatures::Good(keys) if named.is_none_or(|named| keys.contains(named)) => {
            checks.passed(terms.check, format!("by {}", keys[0].name()));
        }
        Signatures::Bad { name } => {
            checks.failed(terms.check, terms.altered, format!("the signature of {name} is not over this text"));
        }
        Signatures::Good(_) | Signatures::OtherKey { .. } | Signatures::NoTrustedKey => {
            let names: Vec<&str> = trusted.iter().map(VerifierKey::name).collect();
            let detail = format!("issued as {origin}, but not signed by a key you trust ({})", names.join(", "));
            checks.failed(terms.check, terms.other_key, detail);
        }
    }
}

fn check_named(checks: &mut Checks, terms: &Terms, note: &Note, named: Option<&VerifierKey>) {
    let Some(named) = named else {
        return checks.unchecked(terms.check, "no operator's key given");
    };
    match note.check(std::slice::from_ref(named)) {
        Signatures::Good(_) => {
            checks.unchecked(terms.check, "by the key that the certificate names; nobody vouches for that key");
        }
        _ => checks.failed(terms.check, terms.altered, "not signed by the key that the certificate names"),
    }
}

/// Reads and checks a checkpoint: the operator's signature, and those of the trusted witnesses. Returns it with the number
/// of witnesses that cosigned it.
pub(super) fn check_checkpoint(
    checks: &mut Checks,
    name: &'static str,
    text: &str,
    origin: Option<&str>,
    named: Option<&VerifierKey>,
    against: &Against,
) -> Option<(Checkpoint, usize)> {
    let terms = Terms { check: name, altered: Fault::CheckpointAltered, other_key: Fault::CheckpointOtherKey };
    let (checkpoint, note) = match Checkpoint::parse(text) {
        Ok(read) => read,
        Err(error) => {
            checks.failed(terms.check, Fault::CheckpointAltered, error.to_string());
            return None;
        }
    };
    // The operator's key is looked up by the ledger that is expected, so a foreign checkpoint is not accepted in its place.
    let origin = origin.unwrap_or(&checkpoint.origin);
    if origin == checkpoint.origin {
        check_operator(checks, &terms, &note, origin, named, against);
    } else {
        let detail = format!("of the ledger {}, not of {origin}", checkpoint.origin);
        checks.failed(terms.check, Fault::CheckpointOtherKey, detail);
    }
    let cosigned = check_witnesses(checks, &note, &against.witnesses());
    Some((checkpoint, cosigned))
}

fn check_witnesses(checks: &mut Checks, note: &Note, witnesses: &[VerifierKey]) -> usize {
    let name = "witnesses";
    match note.check(witnesses) {
        // Lines by strangers prove nothing, so there is nothing to say.
        Signatures::NoTrustedKey => {}
        Signatures::OtherKey { .. } => checks.unchecked(name, "no witness that you trust cosigned the checkpoint"),
        Signatures::Bad { name: witness } => {
            let detail = format!("the line of {witness} is not its signature of this checkpoint");
            checks.failed(name, Fault::CosignatureAltered, detail);
        }
        Signatures::Good(keys) => {
            let names: Vec<&str> = keys.iter().map(VerifierKey::name).collect();
            checks.passed(name, format!("cosigned by {}", names.join(", ")));
            return keys.len();
        }
    }
    0
}
