//! A process is killed at any moment; what it was told to be durable is there, and nothing signed is contradicted.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use proof::checkpoint::Checkpoint;
use proof::tree::Head;
use store::{Event, State, StoreError};

use super::*;

const FOLDER: &str = "UPHELD_TEST_CRASH_FOLDER";
const KILLS: u32 = 20;

/// The process that is killed: this test, started again. It says each thing after it was told that it is durable.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let mut options = options();
    options.sequencer_lease = SignedDuration::from_millis(50);
    let store = Store::open(Path::new(&folder), options).await.unwrap();
    for number in 0.. {
        let id = format!("{}-{number}", std::process::id());
        let mut tx = store.begin().await.unwrap();
        tx.open_case(&format!("case-{id}"), "erasure", at(0)).await.unwrap();
        add_run(&mut tx, &format!("case-{id}"), &format!("run-{id}")).await;
        let claim = tx.claim(&format!("run-{id}"), "child", SignedDuration::from_secs(1), at(0)).await.unwrap();
        tx.advance(&claim, State::Applying, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let mut seq = 0;
        for _ in 0..3 {
            seq = store.append(&claim, &Event::Verified, Some(b"payload"), at(0)).await.unwrap();
            say(&format!("journal run-{id} {seq}"));
        }
        assert_eq!(seq, 3);
        let head = sequenced(&store).await;
        say(&format!("head {} {}", head.size, head.root));
    }
}

/// The process before this one may have died as sequencer.
async fn sequenced(store: &Store) -> Head {
    loop {
        match store.sequence(Timestamp::now()).await {
            Err(StoreError::Claimed { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
            done => return done.unwrap().head,
        }
    }
}

/// Past the test harness, which would hold it back.
fn say(line: &str) {
    std::io::stdout().write_all(format!("said {line}\n").as_bytes()).unwrap();
}

#[tokio::test]
async fn killed_at_any_moment_it_contradicts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.close().await;
    let mut signed: Vec<Head> = Vec::new();
    for kill in 0..KILLS {
        let said = run_and_kill(folder.path(), Duration::from_micros(500 + u64::from(kill) * 3_701 % 40_000));
        let store = open(folder.path()).await;
        // What lay in the folder at the moment of the kill was shown, so it binds us.
        if let Ok(shown) = std::fs::read_to_string(store.ledger_folder().join("checkpoint")) {
            signed.push(Checkpoint::parse(&shown).unwrap().0.head);
        }
        let head = sequenced(&store).await;
        for line in said {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["journal", run, seq] => {
                    let journal = store.journal(run).await.unwrap();
                    assert!(journal.len() >= seq.parse().unwrap(), "{line}");
                    assert!(journal.iter().zip(1..).all(|(record, seq)| record.seq == seq));
                }
                ["head", size, root] => signed.push(Head { size: size.parse().unwrap(), root: root.parse().unwrap() }),
                _ => panic!("{line}"),
            }
        }
        signed.push(head);
        assert_verified(&verify_ledger(&store, None));
        store.close().await;
    }
    let store = open(folder.path()).await;
    assert!(signed.last().unwrap().size > u64::from(KILLS), "the processes got something done");
    for old in signed.iter().filter(|head| head.size > 0) {
        let consistency = store.consistency(old.size).await.unwrap();
        let new = Checkpoint::parse(&consistency.new).unwrap().0.head;
        proof::tree::verify_consistency(old, &new, &consistency.proof).unwrap();
    }
}

/// Kills it some time after it first said something; returns what it said in full lines.
fn run_and_kill(folder: &Path, after: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let said = |line: String| line.split_once("said ").map(|(_, said)| said.to_owned());
    let first = lines.by_ref().find_map(said);
    std::thread::sleep(after);
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9), "it was at work until it was killed");
    let mut all: Vec<String> = first.into_iter().chain(lines.filter_map(said)).collect();
    // The last line may be cut.
    if all.len() > 1 {
        all.pop();
    }
    all
}
