//! The company's story on one engine: who was erased, what was planned, found and left.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::alike::{self, Shape};
use crate::expected::Expected;
use crate::residues::{self, Person};
use crate::support::{Company, Dump};

/// Who is erased, in this order: the awkward persons that have an e-mail, and two ordinary ones. Of the two persons
/// of one e-mail the first is erased and the second must stay.
pub const PERSONS: [u64; 22] = [2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 47, 101];

const CUSTOMERS: u64 = 110;

/// What came of it on one engine.
pub struct Story {
    pub engine: &'static str,
    /// Erasures that did not end as they should.
    pub endings: Vec<String>,
    /// Places that still hold a person and are not listed.
    pub residues: Vec<String>,
    /// Rows that changed otherwise than planned.
    pub changes: Vec<String>,
    /// Plans by person, without what differs by nature.
    pub plans: Vec<(u64, Value)>,
    /// All rows at the end, without what differs by nature.
    pub rows: Dump,
}

/// All stories, told once: on SQLite, PostgreSQL and MariaDB.
pub fn stories() -> &'static [Story; 3] {
    static STORIES: OnceLock<[Story; 3]> = OnceLock::new();
    STORIES.get_or_init(|| {
        let [sqlite, postgres, mariadb] = Company::each(CUSTOMERS);
        let shape = Shape::of(&postgres);
        std::thread::scope(|scope| {
            let others = [&postgres, &mariadb].map(|company| scope.spawn(|| tell(company, &shape)));
            let first = tell(&sqlite, &shape);
            let [second, third] = others.map(|other| other.join().expect("a story on a server"));
            [first, second, third]
        })
    })
}

fn tell(company: &Company, shape: &Shape) -> Story {
    let mut story = Story {
        engine: company.engine,
        endings: Vec::new(),
        residues: Vec::new(),
        changes: Vec::new(),
        plans: Vec::new(),
        rows: Dump::new(),
    };
    let (mut before, mut random) = (company.dump(), alike::Random::default());
    for id in PERSONS {
        let person = Person::read(company, id);
        let plan = plan(company, &person);
        let certificate = carry_out(company, id, &mut story.endings);
        let after = company.dump();
        let said = |found: Vec<String>| found.into_iter().map(move |f| format!("person {id}: {f}"));
        let expected = Expected::of(&before, &plan["plan"], shape);
        story.changes.extend(said(expected.differences(&after, shape)));
        story.residues.extend(said(residues::unlisted(&person, &before, &after, &certificate, shape)));
        random.collect(&plan["plan"]);
        story.plans.push((id, alike::plan(&plan["plan"])));
        before = after;
    }
    story.rows = rows(&before, shape, &random);
    story
}

fn rows(dump: &Dump, shape: &Shape, random: &alike::Random) -> Dump {
    dump.iter().map(|(table, rows)| (table.clone(), alike::rows(table, rows, shape, random))).collect()
}

/// The plan in its file, approved by a second person where it goes beyond a bound.
fn plan(company: &Company, person: &Person) -> Value {
    let file = company.path(&format!("plan-{}.json", person.id));
    let mut args = vec!["plan", "erasure", company.folder(), "--subject", "customer", "--by", "Desk", "--out", &file];
    // Two tenants know the e-mail; the others are found without a word about the tenant.
    if person.email == "kari.nordmann@freelance.example" {
        args.extend(["--tenant", &person.tenant]);
    }
    args.extend(["--email", &person.email]);
    company.json(&args);
    let plan: Value = serde_json::from_slice(&std::fs::read(&file).expect("the plan")).expect("the plan is JSON");
    let breaches: Vec<&str> = plan["plan"]["breaches"].as_array().expect("a list").iter().map(text).collect();
    if !breaches.is_empty() {
        let mut args = vec!["approve", &file, "--as", "Second"];
        breaches.iter().for_each(|bound| args.extend(["--bound", bound]));
        company.json(&args);
    }
    plan
}

fn text(breach: &Value) -> &str {
    breach["bound"].as_str().expect("the name of a bound")
}

/// Applies, confirms the paper archive, verifies; returns the certificate.
fn carry_out(company: &Company, id: u64, findings: &mut Vec<String>) -> Value {
    let (file, out) = (company.path(&format!("plan-{id}.json")), company.answers.display().to_string());
    let waiting = company.json(&["apply", &file, "--out", &out]);
    let mut check = |holds: bool, what: String| {
        if !holds {
            findings.push(format!("person {id}: {what}"));
        }
    };
    check(waiting["state"] == "waiting", format!("the paper archive is not waited for: {}", waiting["state"]));
    let ending = company.confirm_tasks(waiting["run"].as_str().expect("a run"));
    check(ending["state"] == "complete", format!("ended {} {}", ending["state"], ending["detail"]));
    let path = ending["certificate"].as_str().expect("a certificate").to_owned();
    let (key, ledger) = (company.home.join("ledger/key.pub"), company.home.join("ledger"));
    let [key, ledger] = [&key, &ledger].map(|p| p.to_str().expect("a path"));
    let verified = company.upheld(&["verify", &path, "--key-file", key, "--ledger", ledger]);
    check(verified.code == 0, format!("verify: {}", verified.stdout));
    let certificate: Value = read(Path::new(&path));
    let body = certificate["certificate"].as_str().unwrap_or_default();
    check(body.lines().any(|l| l == "outcome complete"), "the certificate does not say complete".into());
    let probe = statement(&certificate, "verified");
    check(probe["how"] == "probe" && probe["residues"] == serde_json::json!([]), format!("the probe: {probe}"));
    certificate
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

/// A statement of a certificate; `null` where it says nothing of that name.
pub fn statement(certificate: &Value, name: &str) -> Value {
    let all = certificate["statements"].as_array().expect("statements");
    let found = all.iter().find(|s| s["statement"]["name"] == name);
    found.map_or(Value::Null, |s| s["statement"]["value"].clone())
}
