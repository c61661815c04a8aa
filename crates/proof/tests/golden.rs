//! A certificate and a ledger as files, so that a change of any format is seen and never happens by accident.

mod sample;

use proof::verify::{Verdict, render};
use sample::*;

const CERTIFICATE: &[u8] = include_bytes!("fixtures/certificate.json");
const CHECKPOINT: &[u8] = include_bytes!("fixtures/checkpoint");
const KEY: &str = include_str!("fixtures/key.txt");
const REPORT: &str = include_str!("fixtures/report.txt");

#[test]
fn the_formats_have_not_changed() {
    let sample = sample(4, 3);
    assert_eq!(String::from_utf8_lossy(&sample.file()), String::from_utf8_lossy(CERTIFICATE));
    assert_eq!(text(&sample.folder, "checkpoint").as_bytes(), CHECKPOINT);
    assert_eq!(proof::key::parse_list(KEY).unwrap(), keys());
}

#[test]
fn the_published_certificate_verifies_and_reads_well() {
    let report = check_with(CERTIFICATE, &sample(4, 3).folder);
    assert_eq!(report.verdict, Verdict::Verified { witnesses: 0 });
    assert_eq!(render(&report), REPORT);
}
