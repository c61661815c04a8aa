//! Verifying a certificate: its form, its signer, its statements, its place in the ledger.

use super::Against;
use super::history::{self, Old};
use super::ledger;
use super::report::{Checks, Fault, Report};
use super::signature::{Terms, check_checkpoint, check_operator};
use crate::canonical::CanonicalError;
use crate::certificate::{Anchor, Certificate, CertificateError, Disclosed};
use crate::checkpoint::Checkpoint;
use crate::entry::Kind;
use crate::tree::verify_inclusion;

const TERMS: Terms =
    Terms { check: "certificate signature", altered: Fault::CertificateAltered, other_key: Fault::CertificateOtherKey };

/// Verifies the bytes of a certificate file.
pub fn certificate(file: &[u8], against: &Against) -> Report {
    let mut checks = Checks::default();
    let signer_known = !against.operators().is_empty();
    let certificate = match Certificate::parse(file) {
        Ok(certificate) => certificate,
        Err(error) => {
            checks.failed("form", unreadable(&error), error.to_string());
            return checks.conclude("Certificate".into(), signer_known);
        }
    };
    checks.passed("form", "canonical");
    let (note, named) = (certificate.note(), certificate.named_key());
    check_operator(&mut checks, &TERMS, note, certificate.issuer(), Some(named), against);
    check_statements(&mut checks, &certificate);
    let anchored = check_anchor(&mut checks, &certificate, against);
    check_history(&mut checks, anchored, against);
    let body = certificate.body();
    let title = format!("Certificate of case {}: {}, {}", body.case, body.right, body.outcome);
    let title = format!("{title}, made {} by {}", body.made_at, certificate.issuer());
    checks.conclude(title, signer_known)
}

fn unreadable(error: &CertificateError) -> Fault {
    match error {
        CertificateError::Canonical(CanonicalError::NotCanonical) | CertificateError::Order => Fault::NotCanonical,
        CertificateError::Note(_) | CertificateError::Body => Fault::CertificateAltered,
        CertificateError::Token(_)
        | CertificateError::NoAudience(_)
        | CertificateError::Repeated
        | CertificateError::Canonical(_) => Fault::Unreadable,
    }
}

fn check_statements(checks: &mut Checks, certificate: &Certificate) {
    let name = "statements";
    let disclosed = certificate.disclosed();
    let mut sound = true;
    for one in disclosed {
        if let Err((fault, detail)) = check_statement(certificate, one) {
            checks.failed(name, fault, detail);
            sound = false;
        }
    }
    if sound {
        let detail = format!("{} of {} disclosed, each as signed", disclosed.len(), certificate.statement_count());
        checks.passed(name, detail);
    }
}

fn check_statement(certificate: &Certificate, one: &Disclosed) -> Result<(), (Fault, String)> {
    let name = one.statement.name();
    let hash = one.statement.commitment().map_err(|error| (Fault::StatementAltered, error.to_string()))?;
    let (claimed, found) = (certificate.commits_to(&one.commitment), certificate.commits_to(&hash));
    match (claimed, found) {
        (true, _) if hash == one.commitment => Ok(()),
        (true, _) | (_, true) => Err((Fault::StatementAltered, format!("\"{name}\" is not as it was signed"))),
        (false, false) => Err((Fault::StatementForeign, format!("\"{name}\" is not part of this certificate"))),
    }
}

/// The checkpoint of the certificate and where it says its entry lies.
struct Anchored<'a> {
    checkpoint: Checkpoint,
    anchor: &'a Anchor,
    entry: Vec<u8>,
}

fn check_anchor<'a>(checks: &mut Checks, certificate: &'a Certificate, against: &Against) -> Option<Anchored<'a>> {
    let name = "ledger entry";
    let Some(anchor) = certificate.anchor() else {
        checks.failed(
            name,
            Fault::NotInLedger,
            "the ledger part is empty: ask the issuer for the finished certificate",
        );
        return None;
    };
    let entry = &anchor.entry;
    if entry.kind != Kind::Certificate || entry.digest != certificate.digest() || entry.case != certificate.body().case
    {
        checks.failed(name, Fault::EntryAltered, "its kind, digest or case is not that of this certificate");
    } else {
        checks.passed(name, "holds the digest of this certificate");
    }
    let (issuer, named) = (certificate.issuer(), certificate.named_key());
    let (checkpoint, cosigned) =
        check_checkpoint(checks, "checkpoint signature", &anchor.checkpoint, Some(issuer), Some(named), against)?;
    checks.set_witnesses(cosigned);
    let entry = entry.to_bytes().ok()?;
    let (index, size) = (anchor.index, checkpoint.head.size);
    match verify_inclusion(&checkpoint.head, index, &entry, &anchor.proof) {
        Ok(()) => checks.passed("inclusion", format!("entry {index} of {size}")),
        Err(error) => {
            let detail = format!("{error}: entry, index or proof was altered, or the checkpoint is another");
            checks.failed("inclusion", Fault::InclusionFails, detail);
        }
    }
    Some(Anchored { checkpoint, anchor, entry })
}

fn check_history(checks: &mut Checks, anchored: Option<Anchored>, against: &Against) {
    let contents = against.ledger.map(|files| ledger::check(checks, files, against));
    if let (Some(anchored), Some(Some(contents))) = (&anchored, &contents) {
        history::check_same(checks, &anchored.checkpoint, anchored.anchor.index, &anchored.entry, contents);
    }
    let Some(old) = against.since.and_then(|since| Old::read(checks, since, against)) else {
        return;
    };
    match (contents, anchored) {
        (Some(contents), _) => {
            if let Some(contents) = contents {
                old.check_continued(checks, &contents);
            }
        }
        (None, Some(anchored)) => old.check_same_head(checks, &anchored.checkpoint),
        (None, None) => {}
    }
}
