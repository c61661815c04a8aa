//! The store on real files.

mod changes;
mod crash;
mod evidence;
mod ledger;
mod opening;
mod runs;
mod secrecy;
mod subject_keys;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use proof::hash::Hash;
use proof::verify::{self, Against, Report};
use store::{Claim, NewRun, Options, Store, Tx};

/// A moment, so many seconds after a fixed one.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_798_450_200 + seconds).unwrap()
}

async fn open(folder: &Path) -> Store {
    Store::open(folder, options()).await.unwrap()
}

fn options() -> Options {
    let mut options = Options::new(at(0));
    options.origin = Some("acme.example/ledger".into());
    options
}

const PLAN: &[u8] = b"erase ann.lee@example.com from helpdesk";

fn plan_hash() -> Hash {
    Hash::of(PLAN)
}

async fn add_run(tx: &mut Tx<'_>, case: &str, run: &str) {
    let new = NewRun { id: run, case, right: "erasure", plan_hash: plan_hash(), plan: PLAN, expires: at(3600) };
    tx.add_run(new, at(0)).await.unwrap();
}

/// Opens `case-N` with `run-N`, and claims it.
async fn claimed(store: &Store, number: u32) -> Claim {
    let (case, run) = (format!("case-{number}"), format!("run-{number}"));
    let mut tx = store.begin().await.unwrap();
    tx.open_case(&case, "erasure", at(0)).await.unwrap();
    add_run(&mut tx, &case, &run).await;
    let claim = tx.claim(&run, "test", SignedDuration::from_secs(30), at(0)).await.unwrap();
    tx.commit().await.unwrap();
    claim
}

/// Everything in the ledger's folder, as `verify` reads it.
fn ledger_files(store: &Store) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![store.ledger_folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(store.ledger_folder()).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    files
}

fn verify_ledger(store: &Store, since: Option<&[u8]>) -> Report {
    let keys = [store.vkey().parse().unwrap()];
    verify::ledger(&ledger_files(store), &Against { keys: &keys, since, ledger: None })
}

fn assert_verified(report: &Report) {
    assert_eq!(report.exit_code(), 0, "{}", verify::render(report));
}
