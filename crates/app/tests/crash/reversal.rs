//! Killed while somebody leaves or comes back: before-images are there as long as anything is changed, and both can be
//! finished as if nothing had happened.

use std::fs;

use crate::support::{Company, Dump};
use crate::trial::Trial;
use crate::{chosen, each, kill, same};

/// Files that were deleted cannot come back, so a deactivation that reaches one is refused: this company has none.
pub fn without_files(company: Company) -> Company {
    company.execute("helpdesk", "delete from attachments");
    fs::remove_dir_all(&company.uploads).expect("remove the files");
    fs::create_dir(&company.uploads).expect("a folder for files");
    company
}

/// Kills a deactivation at some points, and a reactivation at as many; returns how often the program was killed.
pub fn reversal(company: Company, few: usize) -> usize {
    let engine = company.engine;
    let origin = crate::trial::Origin::new(without_files(company), "deactivation");
    let undisturbed = origin.trial();
    let before = undisturbed.dump();
    let calls = undisturbed.calls(&undisturbed.apply());
    confirmed(&undisturbed);
    let away = undisturbed.dump();
    assert!(undisturbed.sealed(), "what was taken away is sealed");
    let points = chosen(&calls, |calls| kill::around_commits(calls, few));
    let mut killed = each(&format!("deactivation on {engine}"), &points, |point| {
        let trial = origin.trial();
        let killed = trial.killed_at(point, &trial.apply());
        assert!(trial.dump() == before || trial.sealed(), "rows are changed, and nothing is sealed");
        if point % 4 > 1 {
            trial.json(&trial.resume());
        }
        trial.json(&trial.apply());
        confirmed(&trial);
        trial.check_proof();
        same(&trial.dump(), &away);
        let plan = planned(&trial);
        trial.json(&applying(&trial, &plan));
        is_back(&trial, &before);
        killed
    });

    let plan = planned(&undisturbed);
    let calls = {
        let trial = undisturbed.fork();
        let calls = trial.calls(&applying(&trial, &plan));
        is_back(&trial, &before);
        calls
    };
    let points = chosen(&calls, |calls| kill::around_commits(calls, few));
    killed += each(&format!("reactivation on {engine}"), &points, |point| {
        let trial = undisturbed.fork();
        let killed = trial.killed_at(point, &applying(&trial, &plan));
        assert!(trial.dump() == before || trial.sealed(), "rows are not back, and nothing is sealed any more");
        if point % 4 > 1 {
            trial.json(&trial.resume());
        }
        trial.json(&applying(&trial, &plan));
        is_back(&trial, &before);
        killed
    });
    killed
}

fn confirmed(trial: &Trial) {
    if let Some(run) = trial.waiting() {
        trial.json(&trial.confirm(&run));
    }
}

/// Plans the return of the person; the path of the plan.
fn planned(trial: &Trial) -> String {
    let plan = format!("{}/back.json", trial.answers);
    trial.json(&trial.planning("reactivation", &plan));
    plan
}

fn applying<'a>(trial: &'a Trial, plan: &'a str) -> [&'a str; 5] {
    ["apply", plan, "--plain", "--out", &trial.answers]
}

fn is_back(trial: &Trial, before: &Dump) {
    confirmed(trial);
    same(&trial.dump(), before);
    trial.check_references();
    assert!(!trial.sealed(), "what came back is not sealed any more");
}
