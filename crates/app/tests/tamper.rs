//! Proof that was tampered with: `upheld verify` and `upheld-verify` say alike what was done to it.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proof::certificate::{Anchor, Body, Certificate};
use proof::checkpoint::Checkpoint;
use proof::key::Signer;
use proof::tile::{append, decode_bundle, prove_inclusion};
use proof::tree::Head;
use serde_json::Value;
use store::{Options, Store};
use support::Company;

const PERSON: &str = "maria.lindqvist@fjord-cargo.example";

/// The files of a ledger by path.
type Ledger = BTreeMap<String, Vec<u8>>;

/// Certificates and the ledger that a real store made.
struct Evidence {
    company: Company,
    /// The certificate of the first request and that of the last.
    certificates: [PathBuf; 2],
    ledger: Ledger,
    key: String,
    store: Store,
}

/// What a verification said: exit code, faults in order, the text for people.
struct Said {
    code: i32,
    faults: Vec<String>,
    text: String,
}

impl Evidence {
    /// As many requests as it takes for tiles of two levels.
    fn gather() -> Evidence {
        let company = Company::sqlite(30);
        let (folder, out) = (company.folder().to_owned(), company.path("out"));
        let ask =
            ["fulfil", "access", &folder, "--yes", "--plain", "--subject=customer", "--email", PERSON, "--out", &out];
        let mut certificates = Vec::new();
        let home = company.home.join("ledger");
        let mut ledger = Ledger::new();
        while !ledger.contains_key("tile/1/000.p/1") {
            let asked = company.json(&ask);
            let ended = company.confirm_tasks(asked["run"].as_str().expect("a run"));
            certificates.push(PathBuf::from(ended["certificate"].as_str().expect("a certificate")));
            ledger = read(&home);
            assert!(certificates.len() < 40, "{:?}", ledger.keys());
        }
        let key = fs::read_to_string(home.join("key.pub")).expect("the public key").trim().to_owned();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let store =
            runtime.block_on(Store::open(&company.home, Options::new(jiff::Timestamp::now()))).expect("the store");
        let certificates = [certificates[0].clone(), certificates[certificates.len() - 1].clone()];
        Evidence { company, certificates, ledger, key, store }
    }

    fn bytes(&self, which: usize) -> Vec<u8> {
        fs::read(&self.certificates[which]).expect("the certificate")
    }

    fn certificate(&self, which: usize) -> Certificate {
        Certificate::parse(&self.bytes(which)).expect("a certificate")
    }

    /// Somebody who names himself as the company does.
    fn stranger(&self) -> Signer {
        Signer::from_seed(self.store.signer().name(), &[7; 32]).expect("a key")
    }

    /// The entries of the ledger, from its bundles.
    fn entries(&self) -> Vec<Vec<u8>> {
        let bundles = self.ledger.iter().filter(|(path, _)| path.starts_with("tile/entries/"));
        let mut longest: BTreeMap<&str, &Vec<u8>> = BTreeMap::new();
        for (path, bytes) in bundles {
            let index = path["tile/entries/".len()..].split(".p/").next().unwrap_or_default();
            let kept = longest.entry(index).or_insert(bytes);
            if bytes.len() > kept.len() {
                *kept = bytes;
            }
        }
        longest.values().flat_map(|bundle| decode_bundle(bundle).expect("a bundle")).collect()
    }

    /// Writes a file to verify.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.company.path(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// Writes a ledger to verify.
    fn folder(&self, name: &str, ledger: &Ledger) -> String {
        let root = self.company.answers.join(name);
        let _ = fs::remove_dir_all(&root);
        for (path, bytes) in ledger {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        root.display().to_string()
    }

    /// Both programs with the right key, which must agree.
    fn verify(&self, args: &[&str]) -> Said {
        both(&[args, &["--key", &self.key]].concat())
    }

    /// One program alone, where there is much to try: the faults by name.
    fn faults(&self, file: &str) -> Vec<String> {
        let (code, json) =
            run(Path::new(env!("CARGO_BIN_EXE_upheld")), &["--json", "verify", file, "--key", &self.key]);
        let report: Value = serde_json::from_str(&json).expect("a report");
        assert_eq!((code, report["verdict"]["result"].as_str()), (1, Some("failed")), "{json}");
        faults(&report)
    }

    /// Both programs name this fault first, by its name and in words.
    fn caught(&self, args: &[&str], fault: &str, words: &str) {
        let said = self.verify(args);
        assert_eq!((said.code, said.faults.first().map(String::as_str)), (1, Some(fault)), "{args:?}: {}", said.text);
        assert!(said.text.ends_with(&format!("Failed: {words}.\n")), "{args:?}: {}", said.text);
    }

    /// Verified with the right key.
    fn sound(&self, args: &[&str]) {
        let said = self.verify(args);
        assert_eq!((said.code, said.faults.len()), (0, 0), "{args:?}: {}", said.text);
    }
}

/// Runs both programs.
fn both(args: &[&str]) -> Said {
    let ours = |more: &[&str]| run(Path::new(env!("CARGO_BIN_EXE_upheld")), &[&["verify"], args, more].concat());
    let theirs = |more: &[&str]| run(&verifier(), &[args, more].concat());
    let ((code, text), (other, other_text)) = (ours(&[]), theirs(&[]));
    assert_eq!((code, &text), (other, &other_text), "{args:?}");
    let ((code, json), (other, other_json)) = (ours(&["--json"]), theirs(&["--json"]));
    assert_eq!(code, other, "{args:?}");
    let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let (report, other_report): (Value, Value) = (read(&json), read(&other_json));
    if code != 2 {
        assert_eq!(report, other_report, "{args:?}");
    }
    Said { code, faults: faults(&report), text }
}

fn faults(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
    checks.iter().filter_map(|c| Some(c["fault"].as_str()?.to_owned())).collect()
}

fn run(program: &Path, args: &[&str]) -> (i32, String) {
    let done = Command::new(program).args(args).env("NO_COLOR", "1").output().expect("run the program");
    (done.status.code().unwrap_or(-1), String::from_utf8(done.stdout).expect("UTF-8"))
}

/// The program for auditors lies beside ours; where only this crate was built, it is built now.
fn verifier() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_upheld")).with_file_name("upheld-verify");
    if !path.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "proof", "--bin", "upheld-verify", "--target-dir"]);
        let target = path.parent().and_then(Path::parent).expect("the target folder");
        let done = build.arg(target).current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("run cargo");
        assert!(done.success(), "build upheld-verify");
    }
    path
}

fn read(root: &Path) -> Ledger {
    let (mut open, mut found) = (vec![root.to_owned()], Ledger::new());
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|f| f.path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let inner = path.strip_prefix(root).expect("a path inside").display().to_string();
                found.insert(inner, fs::read(path).expect("a file"));
            }
        }
    }
    found
}

/// A ledger of these entries, as its operator would build and sign it.
fn built(entries: &[Vec<u8>], signer: &Signer) -> (Ledger, Head) {
    let growth = append(&Ledger::new(), &Head::empty(), entries).expect("a ledger");
    let mut ledger: Ledger = growth.files.into_iter().collect();
    ledger.insert("checkpoint".into(), Checkpoint::sign(growth.head, signer).expect("a checkpoint").into_bytes());
    (ledger, growth.head)
}

/// The same certificate in a ledger of these entries, its own added last, all signed by `signer`.
fn moved(certificate: &Certificate, mut entries: Vec<Vec<u8>>, signer: &Signer) -> (Vec<u8>, Ledger) {
    let statements = certificate.statements().cloned().collect();
    let signed = Certificate::sign(certificate.body(), statements, signer).expect("a certificate");
    let entry = signed.entry(&certificate.body().made_at);
    entries.push(entry.to_bytes().expect("an entry"));
    let (ledger, head) = built(&entries, signer);
    let index = head.size - 1;
    let checkpoint = String::from_utf8(ledger["checkpoint"].clone()).expect("a text");
    let proof = prove_inclusion(&ledger, head.size, index).expect("a proof");
    let anchored = signed.anchored(Anchor { checkpoint, index, entry, proof });
    (anchored.to_bytes().expect("a certificate"), ledger)
}

fn flipped(bytes: &[u8], place: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[place] ^= 1 << (place % 7);
    bytes
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).expect("a text");
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// `count` places of a file, evenly spread, with the first and the last byte.
fn places(length: usize, count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).map(|n| n * (length - 1) / (count - 1)).collect();
    places.dedup();
    places
}

#[test]
fn whatever_is_done_to_proof_is_named() {
    let evidence = Evidence::gather();
    codes(&evidence);
    altered_certificates(&evidence);
    altered_ledgers(&evidence);
    other_keys(&evidence);
    rebuilt_ledgers(&evidence);
    forks(&evidence);
}

/// 0: verified with the right key; 1: something is wrong, or nobody vouches for the signer; 2: misuse.
fn codes(evidence: &Evidence) {
    let certificate = evidence.certificates[1].to_str().expect("a path");
    let ledger = evidence.folder("ledger", &evidence.ledger);
    evidence.sound(&[certificate]);
    evidence.sound(&[certificate, "--ledger", &ledger, "--since", evidence.certificates[0].to_str().expect("a path")]);
    evidence.sound(&[&ledger, "--since", certificate]);
    for args in [vec![certificate], vec![&*ledger]] {
        let said = both(&args);
        assert_eq!((said.code, said.faults.len()), (1, 0), "{}", said.text);
        assert!(said.text.contains("Self-consistent, signer not checked"), "{}", said.text);
    }
    let nowhere = evidence.company.path("nowhere.json");
    for args in [vec![&*nowhere], vec![certificate, "--key", "acme+00"], vec![certificate, "--key-file", &nowhere]] {
        assert_eq!(both(&args).code, 2, "{args:?}");
    }
}

fn altered_certificates(evidence: &Evidence) {
    let bytes = evidence.bytes(1);
    let anchor = evidence.certificate(1).anchor().cloned().expect("a place in the ledger");
    let (size, proof) = (anchor.checkpoint.lines().nth(1).expect("the size").to_owned(), anchor.proof[0].to_string());
    let other = format!("{}{}", if proof.starts_with('0') { '1' } else { '0' }, &proof[1..]);
    let index = |n: u64| format!("\"index\":{n}");
    for (from, to, fault, words) in [
        ("outcome complete", "outcome partial", "certificate-altered", "certificate body altered"),
        ("right access", "right erasure", "certificate-altered", "certificate body altered"),
        ("Harbour Desk", "Harbour Dusk", "statement-altered", "statement altered"),
        (&format!("\\n{size}\\n"), "\\n1\\n", "checkpoint-altered", "checkpoint altered"),
        (&proof, &other, "inclusion-fails", "inclusion proof does not lead to the root"),
        (
            &index(anchor.index),
            &index(anchor.index - 1),
            "inclusion-fails",
            "inclusion proof does not lead to the root",
        ),
        (
            "\"kind\":\"certificate\"",
            "\"kind\":\"request\"",
            "entry-altered",
            "ledger entry does not belong to this certificate",
        ),
        ("\"statements\":", "\"statements\": ", "not-canonical", "the file was edited: not in canonical form"),
    ] {
        evidence.caught(&[&evidence.file("altered.json", &replaced(&bytes, from, to))], fault, words);
    }
    for place in places(bytes.len(), 80) {
        let faults = evidence.faults(&evidence.file("flipped.json", &flipped(&bytes, place)));
        assert!(!faults.is_empty(), "byte {place}");
    }
}

/// A byte of any file, and any file missing.
fn altered_ledgers(evidence: &Evidence) {
    let with = |path: &str, bytes: Option<Vec<u8>>| {
        let mut ledger = evidence.ledger.clone();
        ledger.remove(path);
        ledger.extend(bytes.map(|bytes| (path.to_owned(), bytes)));
        evidence.folder("altered", &ledger)
    };
    let current = built(&evidence.entries(), evidence.store.signer()).0;
    assert!(
        current.iter().all(|(path, bytes)| evidence.ledger.get(path) == Some(bytes)),
        "the files as recomputed here"
    );
    for (path, bytes) in &current {
        let (fault, words) = match path.as_str() {
            "checkpoint" => ("checkpoint-altered", "checkpoint altered"),
            _ if path.starts_with("tile/entries/") => ("bundle-altered", "entry bundle altered"),
            _ => ("tile-altered", "hash tile altered"),
        };
        for place in places(bytes.len(), 6) {
            let faults = evidence.faults(&with(path, Some(flipped(bytes, place))));
            // A checkpoint names its ledger and its key; with another name it is another's.
            let of_another = path == "checkpoint" && faults[0] == "checkpoint-other-key";
            assert!(faults[0] == fault || of_another, "{path}, byte {place}: {faults:?}");
        }
        // In a checkpoint, the number of entries.
        let end_of_line = bytes.iter().position(|b| *b == b'\n').filter(|_| path == "checkpoint");
        let place = end_of_line.map_or(bytes.len() / 2, |end| end + 1);
        let folder = with(path, Some(flipped(bytes, place)));
        evidence.caught(&[&folder], fault, words);
        let named = evidence.verify(&[&folder]).text.contains(path.as_str());
        assert!(named || path == "checkpoint", "{path} is not named");
        evidence.caught(&[&with(path, None)], "file-missing", "file of the ledger missing");
    }
}

/// A stranger with the company's name signs as well as the company does, but with a key of his own.
fn other_keys(evidence: &Evidence) {
    let (certificate, stranger) = (evidence.certificate(1), evidence.stranger());
    let other_key = ("certificate-other-key", "certificate signed by another key");
    let statements = certificate.statements().cloned().collect();
    let resigned = Certificate::sign(certificate.body(), statements, &stranger).expect("a certificate");
    let resigned =
        resigned.anchored(certificate.anchor().cloned().expect("a place")).to_bytes().expect("a certificate");
    evidence.caught(&[&evidence.file("resigned.json", &resigned)], other_key.0, other_key.1);

    let (forged, ledger) = moved(&certificate, evidence.entries(), &stranger);
    let (forged, ledger) = (evidence.file("forged.json", &forged), evidence.folder("forged", &ledger));
    evidence.caught(&[&forged, "--ledger", &ledger], other_key.0, other_key.1);
    assert!(both(&[&forged, "--ledger", &ledger]).text.contains("signer not checked"), "all of it fits together");
    let theirs = stranger.verifier().to_string();
    assert_eq!(both(&[&forged, "--key", &theirs]).code, 0, "with the stranger's own key");

    let mut resigned = evidence.ledger.clone();
    let head = built(&evidence.entries(), evidence.store.signer()).1;
    resigned.insert("checkpoint".into(), Checkpoint::sign(head, &stranger).expect("a checkpoint").into_bytes());
    let words = "checkpoint signed by another key";
    evidence.caught(&[&evidence.folder("resigned", &resigned)], "checkpoint-other-key", words);
}

/// The operator himself, with the right key, leaves an entry out: by itself sound, found by whoever kept something.
fn rebuilt_ledgers(evidence: &Evidence) {
    let old = evidence.certificates[0].to_str().expect("a path");
    let entries = evidence.entries();
    let own = evidence.certificate(0).anchor().expect("a place").index as usize;
    for left_out in [0, own / 2, own - 1] {
        let mut rest = entries.clone();
        rest.remove(left_out);
        let folder = evidence.folder("rebuilt", &built(&rest, evidence.store.signer()).0);
        evidence.sound(&[&folder]);
        let words = "ledger rebuilt, or entries left out";
        evidence.caught(&[&folder, "--since", old], "ledger-rebuilt", words);
        evidence.caught(&[old, "--ledger", &folder], "ledger-rebuilt", words);
    }
    let checkpoint = evidence.file("checkpoint", &evidence.ledger["checkpoint"]);
    let shorter = evidence.folder("shorter", &built(&entries[..entries.len() - 1], evidence.store.signer()).0);
    evidence.caught(&[&shorter, "--since", &checkpoint], "ledger-rebuilt", "ledger rebuilt, or entries left out");
}

/// The operator, with the right key, shows one reader a history that others never see.
fn forks(evidence: &Evidence) {
    let mut entries = evidence.entries();
    entries.pop();
    let genuine = evidence.certificate(1);
    let body = Body { made_at: "2026-01-01T00:00:00Z".into(), ..genuine.body().clone() };
    let invented = Certificate::sign(&body, genuine.statements().cloned().collect(), evidence.store.signer());
    let (forked, other) = moved(&invented.expect("a certificate"), entries, evidence.store.signer());
    let forked = evidence.file("forked.json", &forked);
    let other = evidence.folder("other", &other);
    // Who sees only this side finds nothing.
    evidence.sound(&[&forked, "--ledger", &other]);
    let ledger = evidence.folder("ledger", &evidence.ledger);
    let checkpoint = evidence.file("checkpoint", &evidence.ledger["checkpoint"]);
    let words = "certificate from a fork";
    evidence.caught(&[&forked, "--ledger", &ledger], "fork", words);
    evidence.caught(&[&forked, "--since", &checkpoint], "fork", words);
    evidence.caught(&[&other, "--since", &checkpoint], "ledger-rebuilt", "ledger rebuilt, or entries left out");
    let old = evidence.certificates[0].to_str().expect("a path");
    evidence.caught(&[&forked, "--since", old], "needs-ledger", "a copy of the ledger is needed");
}
