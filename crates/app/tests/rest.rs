//! What a law or a hold kept of an erased person is erased by itself when that ends: on a moved clock, with a certificate
//! that refers to the first.

mod support;

use serde_json::Value;
use support::{Company, Output};

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";

/// Longer than any law of the sample keeps anything.
const AFTER_ALL_LAWS: i64 = 365 * 12;

#[test]
fn what_a_law_kept_is_erased_by_itself_when_its_time_is_over() {
    for company in Company::both(30) {
        let first = erased(&company);
        let kept = company.query("helpdesk", "select id from invoices where person_id = 1");
        assert!(!kept.is_empty(), "a law keeps the invoices");
        assert_eq!(company.query("helpdesk", "select name from persons where id = 1").len(), 1);
        let told = due(&company, 0);
        assert_eq!(told, Vec::<Value>::new(), "nothing has ended yet");
        let told = due(&company, AFTER_ALL_LAWS);
        assert_eq!(told.len(), 1, "{told:?}");
        let second = completed(&company, AFTER_ALL_LAWS, &told[0]);
        for gone in ["select id from invoices where person_id = 1", "select id from persons where id = 1"] {
            assert_eq!(company.query("helpdesk", gone), [], "{gone}");
        }
        assert_eq!(
            company.query("billing", "select * from payers where lower(email) = 'maria.lindqvist@fjord-cargo.example'"),
            []
        );
        verified(&company, &first);
        verified(&company, &second);
        let (first, second) = (certificate(&first), certificate(&second));
        let refers = statement(&second, "rest_of").expect("the second certificate refers to the first");
        assert!(refers["plan"].as_str().is_some_and(|plan| first.contains(plan)), "{refers}");
        assert_eq!(due(&company, AFTER_ALL_LAWS + 1), Vec::<Value>::new(), "once is enough");
    }
}

fn erased(company: &Company) -> String {
    let out = company.answers.display().to_string();
    let told = company.json(&[
        "fulfil",
        "erasure",
        company.folder(),
        "--subject",
        "customer",
        "--email",
        MARIA,
        "--yes",
        "--out",
        &out,
    ]);
    let told = company.confirm_tasks(told["run"].as_str().expect("a run"));
    assert_eq!(told["state"], "complete", "{told}");
    told["certificate"].as_str().expect("a certificate").to_owned()
}

/// What `resume --due` tells, so many days ahead.
fn due(company: &Company, days: i64) -> Vec<Value> {
    let done = resume(company, days, &[]);
    serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {done:?}"))
}

fn resume(company: &Company, days: i64, more: &[&str]) -> Output {
    let out = company.answers.display().to_string();
    let args = ["--json", "resume", company.folder(), "--due", "--out", &out];
    company.later(days, &[&args[..], more].concat())
}

/// The certificate of a rest, after people have confirmed its tasks.
fn completed(company: &Company, days: i64, told: &Value) -> String {
    if told["state"] == "complete" {
        return told["certificate"].as_str().expect("a certificate").to_owned();
    }
    assert_eq!(told["state"], "waiting", "{told}");
    let out = company.answers.display().to_string();
    let (run, mut last) = (told["run"].as_str().expect("a run"), Value::Null);
    for task in told["detail"].as_array().expect("tasks") {
        let step = task["step"].as_str().expect("a step");
        let args = ["--json", "task", "confirm", run, step, "--as", "Records office", "--folder", company.folder()];
        let done = company.later(days, &[&args[..], &["--out", &out]].concat());
        last = serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {done:?}"));
    }
    assert_eq!(last["state"], "complete", "{last}");
    last["certificate"].as_str().expect("a certificate").to_owned()
}

fn verified(company: &Company, path: &str) {
    let key = std::fs::read_to_string(company.home.join("ledger/key.pub")).expect("the public key");
    let done = company.upheld(&["verify", path, "--key", key.trim()]);
    assert_eq!(done.code, 0, "{done:?}");
}

fn certificate(path: &str) -> String {
    std::fs::read_to_string(path).expect("the certificate")
}

/// A statement of a certificate by its name.
fn statement(certificate: &str, name: &str) -> Option<Value> {
    let file: Value = serde_json::from_str(certificate).expect("JSON");
    let statements = file["statements"].as_array().expect("statements");
    let one = |s: &Value| if s["statement"].is_object() { s["statement"].clone() } else { s.clone() };
    statements.iter().map(one).find(|s| s["name"] == name).map(|s| s["value"].clone())
}
