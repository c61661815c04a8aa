//! What is done to a certificate is found, by name.

mod sample;

use ed25519_dalek::Signer as _;
use proof::certificate::{Audience, Certificate, Statement};
use proof::key::{Signer, VerifierKey};
use proof::verify::{self, Against, Fault, State, Verdict, render};
use sample::*;
use serde_json::json;

const OPERATOR_ONLY: Verdict = Verdict::Verified { witnesses: 0 };

#[test]
fn an_untouched_certificate_is_verified_for_every_reader() {
    let sample = sample(4, 3);
    for reader in [Audience::Person, Audience::Customer, Audience::Auditor, Audience::Everyone] {
        let file = sample.certificate.disclose(reader).to_bytes().unwrap();
        let report = check_with(&file, &sample.folder);
        assert_eq!((report.verdict, report.exit_code()), (OPERATOR_ONLY, 0), "{}", render(&report));
    }
}

#[test]
fn without_a_key_it_is_self_consistent_at_best() {
    let file = sample(4, 0).file();
    let report = verify::certificate(&file, &Against::default());
    assert_eq!((report.verdict, report.exit_code()), (Verdict::SelfConsistent, 1));
    let signature = report.checks.iter().find(|check| check.name == "certificate signature").unwrap();
    assert_eq!(signature.state, State::Unchecked);
    assert!(render(&report).trim_end().contains("Self-consistent, signer not checked"));
    let altered = replaced(&file, "right erasure", "right eraSure");
    let report = verify::certificate(&altered, &Against::default());
    assert_eq!(first(&report), Some(Fault::CertificateAltered));
}

#[test]
fn each_alteration_has_its_name() {
    let file = sample(4, 0).file();
    let certificate = Certificate::parse(&file).unwrap();
    let anchor = certificate.anchor().unwrap();
    let proof = anchor.proof[0].to_string();
    let flipped = format!("{}{}", if proof.starts_with('0') { '1' } else { '0' }, &proof[1..]);
    for (from, to, fault) in [
        ("outcome complete", "outcome partial", Fault::CertificateAltered),
        ("outcome complete", "outcome perfect", Fault::CertificateAltered),
        ("\\nissuer ", "\\nissuers ", Fault::CertificateAltered),
        ("3 rows deleted", "4 rows deleted", Fault::StatementAltered),
        ("[\"auditor\"]", "[\"everyone\"]", Fault::StatementAltered),
        (&"01".repeat(16), &"11".repeat(16), Fault::StatementAltered),
        ("ledger\\n5\\n", "ledger\\n6\\n", Fault::CheckpointAltered),
        ("ledger\\n5\\n", "ledger\\n05\\n", Fault::CheckpointAltered),
        (&proof, &flipped, Fault::InclusionFails),
        ("\"index\":4", "\"index\":3", Fault::InclusionFails),
        ("\"at\":\"2026", "\"at\":\"2025", Fault::InclusionFails),
        ("\"kind\":\"certificate\"", "\"kind\":\"request\"", Fault::EntryAltered),
        ("\"case\":\"c-17\"", "\"case\":\"c-18\"", Fault::EntryAltered),
        ("\"index\":4", "\"index\": 4", Fault::NotCanonical),
        ("\"index\":4", "\"index\":4,\"extra\":1", Fault::Unreadable),
        ("{", "", Fault::Unreadable),
    ] {
        let report = check_file(&replaced(&file, from, to));
        assert_eq!((report.verdict, first(&report)), (Verdict::Failed, Some(fault)), "{from} -> {to}");
    }
    assert_eq!(first(&check_file(&unanchored(&operator()).to_bytes().unwrap())), Some(Fault::NotInLedger));
}

#[test]
fn a_statement_of_another_certificate_is_foreign() {
    let file = sample(4, 0).file();
    let stranger = Statement::new([Audience::Everyone], "summary", json!("all is well"), [9; 16]);
    let whole = Certificate::sign(sample(4, 0).certificate.body(), vec![stranger], &operator()).unwrap();
    let array = |file: &[u8]| {
        let text = String::from_utf8(file.to_vec()).unwrap();
        text[text.find("\"statements\":").unwrap()..].to_owned()
    };
    let forged = replaced(&file, &array(&file), &array(&whole.to_bytes().unwrap()));
    assert_eq!(first(&check_file(&forged)), Some(Fault::StatementForeign));
}

#[test]
fn another_key_is_told_from_an_alteration() {
    let forged = sample_by(4, 0, &signer(2));
    let report = check_file(&forged.file());
    assert_eq!(first(&report), Some(Fault::CertificateOtherKey));

    // A checkpoint of the right ledger, re-signed by somebody else.
    let genuine = sample(4, 0);
    let mut anchor = genuine.certificate.anchor().unwrap().clone();
    anchor.checkpoint = text(&forged.folder, "checkpoint");
    let file = genuine.certificate.clone().anchored(anchor.clone()).to_bytes().unwrap();
    assert_eq!(first(&check_file(&file)), Some(Fault::CheckpointOtherKey));

    // A trusted key of another name does not speak for this ledger, not even with a checkpoint of its own.
    let other = Signer::from_seed("other.example/ledger", &[3; 32]).unwrap();
    anchor.checkpoint = text(&sample_by(4, 0, &other).folder, "checkpoint");
    let file = genuine.certificate.anchored(anchor).to_bytes().unwrap();
    let both = [operator().verifier(), other.verifier()];
    let report = verify::certificate(&file, &Against { keys: &both, ..Against::default() });
    assert_eq!(first(&report), Some(Fault::CheckpointOtherKey));
}

#[test]
fn every_changed_byte_of_a_certificate_is_found() {
    let file = sample(2, 0).file();
    for place in 0..file.len() {
        let mut altered = file.clone();
        altered[place] ^= 1 << (place % 8);
        let report = check_file(&altered);
        assert!(first(&report).is_some(), "byte {place}: {}", String::from_utf8_lossy(&altered));
    }
}

/// A witness's key in text form, and its line for this checkpoint.
fn cosignature(name: &str, seed: u8, body: &str) -> (VerifierKey, String) {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let material = [&[4][..], key.verifying_key().as_bytes()].concat();
    let id = proof::hash::Hash::of(&[name.as_bytes(), b"\n", &material].concat()).0[..4].to_vec();
    let base64 = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    let time = 1_798_450_200_u64;
    let signature = key.sign(format!("cosignature/v1\ntime {time}\n{body}").as_bytes());
    let line = [&id[..], &time.to_be_bytes(), &signature.to_bytes()].concat();
    let key = format!("{name}+{}+{}", hex::encode(&id), base64(&material)).parse().unwrap();
    (key, format!("\u{2014} {name} {}\n", base64(&line)))
}

#[test]
fn witnesses_are_counted_and_their_lines_checked() {
    let genuine = sample(4, 0);
    let mut anchor = genuine.certificate.anchor().unwrap().clone();
    let body = anchor.checkpoint.split_inclusive("\n\n").next().unwrap().trim_end().to_owned() + "\n";
    let (key, line) = cosignature("w.example/1", 7, &body);
    let (_, forged) = cosignature("w.example/1", 7, "another text\n");
    let signed = anchor.checkpoint.clone();
    let trusted = [operator().verifier(), key];
    let against = Against { keys: &trusted, ..Against::default() };
    let mut report = |lines: String| {
        anchor.checkpoint = format!("{signed}{lines}");
        let file = genuine.certificate.clone().anchored(anchor.clone()).to_bytes().unwrap();
        verify::certificate(&file, &against)
    };
    let cosigned = report(line.clone());
    assert_eq!(cosigned.verdict, Verdict::Verified { witnesses: 1 });
    assert!(render(&cosigned).ends_with("Verified; anchored by the operator and 1 witness.\n"));
    assert_eq!(report(line.repeat(2)).verdict, Verdict::Verified { witnesses: 1 });
    assert_eq!(report(String::new()).verdict, OPERATOR_ONLY);
    assert_eq!(report(forged).faults().next(), Some(Fault::CosignatureAltered));
    let (_, stranger) = cosignature("stranger", 8, &body);
    assert_eq!(report(stranger).verdict, OPERATOR_ONLY);
}

#[test]
fn the_report_fits_a_terminal_and_hides_tricks() {
    let file = replaced(&sample(4, 0).file(), "3 rows deleted", "4 rows deleted");
    let text = render(&check_file(&file));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("\u{2717} FAILED"), "{text}");
    assert!(text.ends_with("Failed: statement altered.\n"), "{text}");
    let name = Signer::from_seed("evil\u{202e}name", &[1; 32]).unwrap();
    let file = sample_by(1, 0, &name).file();
    assert!(!render(&verify::certificate(&file, &Against::default())).contains('\u{202e}'));
}
