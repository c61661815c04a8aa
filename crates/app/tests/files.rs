//! Files of the help desk: they go with the last row that names them, and with nothing that the plan did not know.

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use support::{Company, Output, Witness};

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";
const ANN: &str = "ann@fjord-cargo.example";

#[test]
fn an_erasure_deletes_the_files_of_its_rows_and_no_other() {
    let company = Company::sqlite(30);
    let before = paths(&company);
    let hers = named(
        &company,
        "select distinct file_key from attachments a join replies r on r.id = a.reply_id \
        join tickets t on t.id = r.ticket_id where t.requester_id = 1",
    );
    let others = named(
        &company,
        "select distinct file_key from attachments a join replies r on r.id = a.reply_id \
        join tickets t on t.id = r.ticket_id where t.requester_id <> 1",
    );
    let shared: BTreeSet<String> = hers.intersection(&others).cloned().collect();
    assert_eq!((shared.len(), hers.len() > 2), (1, true), "one file of two people among {} of hers", hers.len());
    let pictures: BTreeSet<String> =
        before.iter().filter(|p| p.starts_with("avatars/marialindqvist01-")).cloned().collect();
    assert_eq!(pictures.len(), 2);

    erase(&company, MARIA);
    let gone: BTreeSet<String> = before.difference(&paths(&company)).cloned().collect();
    let expected: BTreeSet<String> = hers.difference(&shared).chain(&pictures).cloned().collect();
    assert_eq!(gone, expected);

    // With the last row that names it, the shared one goes as well.
    erase(&company, ANN);
    assert!(paths(&company).is_disjoint(&shared));
}

#[test]
fn a_file_that_somebody_came_to_name_is_not_deleted() {
    for column in ["file_key", "sha256"] {
        let company = Company::sqlite(30);
        let plan = planned(&company);
        let hers = "select a.* from attachments a join replies r on r.id = a.reply_id join tickets t on t.id = r.ticket_id \
            where t.requester_id = 1 and a.file_key like 'attachments/%'";
        let row = &company.query("helpdesk", hers)[0];
        let (key, sum) = match column {
            "file_key" => (row["file_key"].clone().unwrap(), "another".to_owned()),
            _ => ("somewhere/else".to_owned(), row["sha256"].clone().unwrap()),
        };
        let (key, sum) = (key.replace('\'', "''"), sum.replace('\'', "''"));
        let reply = "(select r.id from replies r join tickets t on t.id = r.ticket_id where t.requester_id = 5)";
        company.execute(
            "helpdesk",
            &format!(
                "insert into attachments (id, reply_id, file_key, sha256, created_at) \
                 select 900000, min(x.id), '{key}', '{sum}', 0 from {reply} x"
            ),
        );
        let says = "helpdesk.attachments: 1 rows name files that the plan deletes, and came since it was made";
        Witness::of(&company).fails(1, &["apply", &plan], &[says]);
    }
}

#[test]
fn a_file_that_was_replaced_is_not_deleted() {
    let company = Company::sqlite(30);
    let plan = planned(&company);
    std::fs::write(picture(&company), "somebody else").unwrap();
    let says = "uploads.avatars: rows changed since the plan was made (2 planned, all found, not all as they were)";
    Witness::of(&company).fails(1, &["apply", &plan], &[says]);
}

#[test]
fn a_file_that_is_missing_is_told_and_stops_nothing() {
    let company = Company::sqlite(30);
    let files = named(
        &company,
        "select file_key from attachments a join replies r on r.id = a.reply_id \
        join tickets t on t.id = r.ticket_id where t.requester_id = 1 and file_key like '%.svg'",
    );
    let path = files.first().expect("a picture with a script");
    std::fs::remove_file(company.uploads.join(path)).unwrap();

    let shown = company.upheld(&["plan", "erasure", company.folder(), "--subject", "customer", "--email", MARIA]);
    let says = "note: 1 files that helpdesk.attachments.file_key names are not there";
    assert!(shown.code == 0 && shown.stdout.contains(says), "{shown:?}");
    let certificate = erase(&company, MARIA);
    let all = certificate["statements"].as_array().expect("statements");
    let absent = all.iter().find(|s| s["statement"]["name"] == "absent_files").expect("a statement");
    assert_eq!(absent["statement"]["value"][0]["files"], 1);
}

#[test]
fn a_deletion_that_fails_half_way_is_finished() {
    let company = Company::sqlite(30);
    let plan = planned(&company);
    // A file whose folder does not let go of it: root may do everything, so the folder is made to refuse to everybody.
    let stuck = Stuck::of(company.uploads.join("avatars"));
    let Some(stuck) = stuck else {
        eprintln!("skipped: this file system cannot hold on to a file");
        return;
    };
    let failed = apply(&company, &plan);
    assert_ne!(failed.code, 0, "{failed:?}");
    drop(stuck);
    let applied = apply(&company, &plan);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert!(paths(&company).iter().all(|p| !p.starts_with("avatars/marialindqvist01-")));
}

/// A folder that lets nothing go, until it is dropped.
struct Stuck(PathBuf);

impl Stuck {
    fn of(folder: PathBuf) -> Option<Stuck> {
        let set = std::process::Command::new("chattr").arg("+i").arg(&folder).status();
        set.is_ok_and(|s| s.success()).then_some(Stuck(folder))
    }
}

impl Drop for Stuck {
    fn drop(&mut self) {
        let _ = std::process::Command::new("chattr").arg("-i").arg(&self.0).status();
    }
}

fn paths(company: &Company) -> BTreeSet<String> {
    let files = support::files::dump(&company.uploads).into_iter();
    files.filter_map(|mut row| row.remove("path").flatten()).collect()
}

fn named(company: &Company, sql: &str) -> BTreeSet<String> {
    company.query("helpdesk", sql).into_iter().filter_map(|mut row| row.remove("file_key").flatten()).collect()
}

fn picture(company: &Company) -> PathBuf {
    company.uploads.join("avatars/marialindqvist01-64.png")
}

fn planned(company: &Company) -> String {
    let plan = company.path("plan.json");
    company.json(&["plan", "erasure", company.folder(), "--subject", "customer", "--email", MARIA, "--out", &plan]);
    plan
}

fn apply(company: &Company, plan: &str) -> Output {
    company.upheld(&["apply", plan, "--out", &company.answers.display().to_string()])
}

/// Erases, confirms the paper archive and returns the certificate.
fn erase(company: &Company, email: &str) -> Value {
    let out = company.path(email);
    let args =
        ["fulfil", "erasure", company.folder(), "--subject", "customer", "--email", email, "--yes", "--out", &out];
    let waiting = company.json(&args);
    let ending = company.confirm_tasks(waiting["run"].as_str().expect("a run"));
    assert_eq!(ending["state"], "complete", "{ending}");
    let certificate = std::fs::read(ending["certificate"].as_str().expect("a certificate")).expect("a file");
    serde_json::from_slice(&certificate).expect("JSON")
}
