//! Killed at any point, the program ends where it would have ended undisturbed: the same rows, one certificate.

mod answer;
mod kill;
mod reversal;
#[path = "../support/mod.rs"]
mod support;
mod trial;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kill::Call;
use support::{Company, Dump};
use trial::{Origin, Trial};

/// `UPHELD_DEEP=1` kills at every point there is.
fn chosen(calls: &[Call], few: impl FnOnce(&[Call]) -> Vec<usize>) -> Vec<usize> {
    if std::env::var_os("UPHELD_DEEP").is_some() { kill::all(calls) } else { few(calls) }
}

/// Tries each point, two at a time; counts those at which the program was killed. Failures name their points.
#[expect(clippy::print_stdout, reason = "who runs the tests can see how many points there were")]
fn each(what: &str, points: &[usize], test: impl Fn(usize) -> bool + Sync) -> usize {
    let (next, killed, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(&point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(point))) {
                        Ok(was) => drop(killed.fetch_add(usize::from(was), Ordering::Relaxed)),
                        Err(_) => failed.lock().expect("the list").push(point),
                    }
                }
            });
        }
    });
    let (killed, failed) = (killed.into_inner(), failed.into_inner().expect("the list"));
    println!("{what}: killed at {killed} of {} points", points.len());
    assert!(failed.is_empty(), "{what}: wrong after a kill at {failed:?}");
    killed
}

/// Ends what was interrupted, after every other two points with `resume` first, and compares everything.
fn recovered(trial: &Trial, point: usize, expected: &Dump) {
    if point % 4 > 1 {
        trial.json(&trial.resume());
    }
    trial.json(&trial.apply());
    if let Some(run) = trial.waiting() {
        trial.json(&trial.confirm(&run));
    }
    trial.check_proof();
    trial.check_references();
    same(&trial.dump(), expected);
}

/// Compares table by table; names tables and counts, for rows would fill the screen.
fn same(found: &Dump, expected: &Dump) {
    for (table, rows) in expected {
        assert!(found[table] == *rows, "{table:?}: {} rows, {} expected, or others", found[table].len(), rows.len());
    }
    assert_eq!(found.len(), expected.len());
}

/// An erasure that is killed while it is applied, again while that is repeated, and while its task is confirmed.
fn erasure(company: Company, few: usize) -> usize {
    let engine = company.engine;
    let origin = Origin::new(company, "erasure");
    let undisturbed = origin.trial();
    let applying = undisturbed.calls(&undisturbed.apply());
    let applied = undisturbed.fork();
    let run = undisturbed.waiting().expect("the task of the paper archive");
    let confirming = undisturbed.calls(&undisturbed.confirm(&run));
    undisturbed.check_proof();
    let expected = undisturbed.dump();

    let points = chosen(&applying, |calls| kill::around_commits(calls, few));
    let mut killed = each(&format!("apply on {engine}"), &points, |point| {
        let trial = origin.trial();
        let killed = trial.killed_at(point, &trial.apply());
        recovered(&trial, point, &expected);
        killed
    });
    let points = chosen(&confirming, |calls| kill::around_commits(calls, few / 3));
    killed += each(&format!("task confirm on {engine}"), &points, |point| {
        let trial = applied.fork();
        let killed = trial.killed_at(point, &trial.confirm(&run));
        if point % 4 < 2 {
            trial.json(&trial.confirm(&run));
        }
        recovered(&trial, point, &expected);
        killed
    });
    let points = kill::spread(&applying, few / 4);
    killed += each(&format!("apply twice on {engine}"), &points, |point| {
        let trial = origin.trial();
        trial.killed_at(point, &trial.apply());
        // What is left to do takes fewer calls: somewhere in their first half.
        let killed = trial.killed_at((2 * applying.len() - point) / 2, &trial.apply());
        recovered(&trial, point, &expected);
        killed
    });
    killed
}

#[test]
fn an_erasure_on_sqlite_survives_being_killed() {
    let killed = erasure(Company::sqlite(30), 26);
    assert!(killed >= 30, "{killed}");
}

/// With a rollback journal a crash leaves a file behind that whoever comes next must roll back.
#[test]
fn an_erasure_on_sqlite_without_a_write_ahead_log_survives_being_killed() {
    let company = Company::sqlite(30);
    for system in ["helpdesk", "billing"] {
        company.execute(system, "pragma journal_mode = delete");
    }
    let killed = erasure(company, 12);
    assert!(killed >= 16, "{killed}");
}

#[test]
fn an_erasure_on_postgresql_survives_being_killed() {
    let killed = erasure(Company::postgres(30), 12);
    assert!(killed >= 16, "{killed}");
}

#[test]
fn a_deactivation_and_its_end_on_sqlite_survive_being_killed() {
    let killed = reversal::reversal(Company::sqlite(30), 16);
    assert!(killed >= 20, "{killed}");
}

#[test]
fn a_deactivation_and_its_end_on_postgresql_survive_being_killed() {
    let killed = reversal::reversal(Company::postgres(30), 6);
    assert!(killed >= 8, "{killed}");
}

/// The answer of an access: whole under its name, or not there at all; asked for again, it is whole.
#[test]
fn an_answer_is_never_left_half_written() {
    let origin = Origin::new(Company::sqlite(30), "access");
    let undisturbed = origin.trial();
    let calls = undisturbed.calls(&undisturbed.apply());
    let expected = answer::whole(&undisturbed).expect("an answer");
    assert!(!expected.is_empty());
    let killed = each("access on sqlite", &chosen(&calls, |calls| kill::spread(calls, 24)), |point| {
        let trial = origin.trial();
        let killed = trial.killed_at(point, &trial.apply());
        // Whatever is there under the name of an answer is a whole answer.
        if let Some(found) = answer::whole(&trial) {
            assert_eq!(found, expected);
        }
        if point % 4 > 1 {
            trial.json(&trial.resume());
            trial.json(&trial.ask_again());
        } else {
            trial.json(&trial.apply());
            assert!(answer::whole(&trial).as_ref() == Some(&expected), "the answer holds other rows");
            let run = trial.waiting().expect("the task of the paper archive");
            trial.json(&trial.confirm(&run));
            trial.check_proof();
            assert!(trial.leftovers().is_empty(), "{:?}", trial.leftovers());
        }
        killed
    });
    assert!(killed >= 20, "{killed}");
}
