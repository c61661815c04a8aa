//! A small company's ledger and a certificate in it, made from fixed seeds, so that every run has the same bytes.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;

use proof::certificate::{Anchor, Audience, Body, Certificate, Outcome, Statement};
use proof::checkpoint::Checkpoint;
use proof::entry::{Entry, Kind};
use proof::hash::Hash;
use proof::key::{Signer, VerifierKey};
use proof::tile::{append, prove_inclusion};
use proof::tree::Head;
use proof::verify::{self, Against, Fault, Files, Report};
use serde_json::json;

pub type Folder = BTreeMap<String, Vec<u8>>;

pub const AT: &str = "2026-12-28T09:30:00Z";

pub fn signer(seed: u8) -> Signer {
    Signer::from_seed("acme.example/ledger", &[seed; 32]).unwrap()
}

pub fn operator() -> Signer {
    signer(1)
}

pub fn keys() -> Vec<VerifierKey> {
    vec![operator().verifier()]
}

pub fn entry(i: usize) -> Vec<u8> {
    let entry = Entry::new(Kind::StepReceipt, AT, "c-17", Hash::of(&i.to_be_bytes()));
    entry.to_bytes().unwrap()
}

pub fn ledger_of(entries: &[Vec<u8>], signer: &Signer) -> (Folder, Head) {
    let growth = append(&Folder::new(), &Head::empty(), entries).unwrap();
    let mut folder: Folder = growth.files.into_iter().collect();
    let checkpoint = Checkpoint::sign(growth.head, signer).unwrap();
    folder.insert("checkpoint".into(), checkpoint.into_bytes());
    (folder, growth.head)
}

pub fn text(folder: &Folder, path: &str) -> String {
    String::from_utf8(folder[path].clone()).unwrap()
}

/// A ledger of `before` entries, the certificate's, and `after` more; and the certificate, anchored at its own entry.
pub struct Sample {
    pub entries: Vec<Vec<u8>>,
    pub folder: Folder,
    pub certificate: Certificate,
}

pub fn unanchored(signer: &Signer) -> Certificate {
    let body = Body {
        case: "c-17".into(),
        right: "erasure".into(),
        plan: Hash::of(b"plan"),
        made_at: AT.into(),
        outcome: Outcome::Complete,
    };
    let statements = vec![
        Statement::new([Audience::Everyone], "summary", json!("3 rows deleted, 1 kept"), [1; 16]),
        Statement::new([Audience::Auditor], "probe", json!({ "system": "helpdesk", "found": 0 }), [2; 16]),
        Statement::new([Audience::Person], "kept", json!([{ "table": "invoices", "rows": 1 }]), [3; 16]),
    ];
    Certificate::sign(&body, statements, signer).unwrap()
}

pub fn sample_by(before: usize, after: usize, signer: &Signer) -> Sample {
    let certificate = unanchored(signer);
    let own = certificate.entry(AT);
    let mut entries: Vec<_> = (0..before).map(entry).collect();
    entries.push(own.to_bytes().unwrap());
    let (then, head) = ledger_of(&entries, signer);
    let anchor = Anchor {
        checkpoint: text(&then, "checkpoint"),
        index: before as u64,
        entry: own,
        proof: prove_inclusion(&then, head.size, before as u64).unwrap(),
    };
    entries.extend((before + 1..before + 1 + after).map(entry));
    let (folder, _) = ledger_of(&entries, signer);
    Sample { certificate: certificate.anchored(anchor), entries, folder }
}

pub fn sample(before: usize, after: usize) -> Sample {
    sample_by(before, after, &operator())
}

impl Sample {
    pub fn file(&self) -> Vec<u8> {
        self.certificate.to_bytes().unwrap()
    }
}

pub fn check_file(file: &[u8]) -> Report {
    verify::certificate(file, &Against { keys: &keys(), ..Against::default() })
}

pub fn check_with(file: &[u8], ledger: &dyn Files) -> Report {
    verify::certificate(file, &Against { keys: &keys(), ledger: Some(ledger), since: None })
}

pub fn check_ledger(folder: &Folder) -> Report {
    verify::ledger(folder, &Against { keys: &keys(), ..Against::default() })
}

pub fn check_since(folder: &Folder, since: &[u8]) -> Report {
    verify::ledger(folder, &Against { keys: &keys(), since: Some(since), ledger: None })
}

/// The fault nearest to the cause.
pub fn first(report: &Report) -> Option<Fault> {
    report.faults().next()
}

pub fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(file).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}
