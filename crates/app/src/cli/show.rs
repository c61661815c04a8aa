//! How plans, endings and certificates are shown; shared by the commands that make them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use engine::plan::{Doubt, Plan, Review, Wait};
use serde_json::{Value, json};

use crate::casework::{Carried, Ending, lines};
use crate::terminal::{good, heading, note, plan_table, say};

/// Prints a plan: counts and reasons, never a value of the person.
pub fn plan(plan: &Plan) {
    heading(&format!("Plan: {} of one {}", plan.right.word(), plan.kind));
    let records: Vec<String> =
        plan.persons.iter().map(|p| format!("{}.{} (by {})", p.system, p.table, p.chain.join(", then "))).collect();
    match records.is_empty() {
        true => say(format!("found nowhere; {} tables were searched", plan.searched.len())),
        false => say(format!("found in {}", records.join(", "))),
    }
    if let Some(profile) = &plan.profile {
        say(format!("under the profile {profile}"));
    }
    if let Some(tenant) = plan.tenant.as_ref().and_then(|t| t.join_text()) {
        say(format!("tenant {tenant}"));
    }
    say("");
    say(plan_table(&lines(plan)));
    for withheld in &plan.withheld {
        let what = if withheld.columns.is_empty() { "content".to_owned() } else { withheld.columns.join(", ") };
        say(format!(
            "withheld from {}.{}: {what} of {} rows ({})",
            withheld.system, withheld.table, withheld.rows, withheld.reason
        ));
    }
    for other in &plan.other_kinds {
        say(format!(
            "note: the same identity is also a {} in {}.{}; that is another request",
            other.kind, other.system, other.table
        ));
    }
    for unusable in &plan.unusable {
        say(format!(
            "note: {}.{}.{} holds a value that identifies nobody; it was not used",
            unusable.system, unusable.table, unusable.column
        ));
    }
    for (system, view) in plan.systems.iter().flat_map(|s| s.rebuild.iter().map(move |r| (&s.system, &r.view))) {
        say(format!("note: {system}.{view} is built anew from its tables"));
    }
    for swept in &plan.swept {
        say(format!("note: all {} rows of {} were searched: {}", swept.rows, swept.table, swept.columns.join(", ")));
    }
    for wait in plan.waits() {
        let locks = if wait.locks { "; they stay locked that long, and other clients wait for them" } else { "" };
        say(format!(
            "note: {} is changed at most {} rows a second: its {} rows take at least {} s{locks}",
            wait.system, wait.rows_per_second, wait.rows, wait.seconds
        ));
    }
    for absent in &plan.absent {
        say(format!(
            "note: {} files that {}.{}.{} names are not there",
            absent.files, absent.system, absent.table, absent.column
        ));
    }
    let shared: BTreeSet<&String> = plan.not_followed.iter().map(|(name, _)| name).collect();
    for name in shared {
        say(format!("note: the {name} is one that several people share; it was not followed"));
    }
    for candidate in plan.review.iter().filter(|r| r.doubt == Doubt::Candidate) {
        say(format!("review: {} {}; if it is, plan again with --confirm", place(candidate), candidate.reason));
    }
    if !plan.review.is_empty() {
        say(format!(
            "review: {} texts or records where a person must judge; nothing is done about them",
            plan.review.len()
        ));
    }
    for breach in &plan.breaches {
        say(format!("beyond a bound: {breach}; apply needs `upheld approve --bound {}`", breach.bound));
    }
    say(format!("plan {} expires {}", &plan.hash()[..16], plan.expires_at.strftime("%Y-%m-%d %H:%M UTC")));
}

/// Tells of systems that are changed slowly, before that begins.
pub fn waits(plan: &Plan) {
    for Wait { system, rows_per_second, seconds, .. } in plan.waits() {
        note(format!("{system} is paced: {rows_per_second} rows a second, about {seconds} s"));
    }
}

/// A record as `--confirm` takes it. The key of a kind without a table is a value of the person, and stays in the plan's
/// file.
fn place(record: &Review) -> String {
    let key: Vec<_> = record.key.iter().filter_map(|v| v.join_text()).collect();
    let key = if record.table.starts_with('@') { "..".to_owned() } else { key.join(",") };
    format!("{}.{}:{key}", record.system, record.table)
}

/// A plan for programs.
pub fn plan_json(plan: &Plan) -> Value {
    json!({
        "request": plan.request, "right": plan.right, "kind": plan.kind, "hash": plan.hash(), "profile": plan.profile, "tenant": plan.tenant,
        "records": plan.persons.iter().map(|p| json!({ "system": p.system, "table": p.table, "found_by": p.chain })).collect::<Vec<_>>(),
        "tables": lines(plan), "withheld": plan.withheld,
        "other_kinds": plan.other_kinds.iter().map(|o| json!({ "kind": o.kind, "system": o.system, "table": o.table })).collect::<Vec<_>>(),
        "unusable": plan.unusable, "absent_files": plan.absent, "review": plan.review.len(), "breaches": plan.breaches,
        "candidates": plan.review.iter().filter(|r| r.doubt == Doubt::Candidate).map(|r| json!({ "record": place(r), "reason": r.reason })).collect::<Vec<_>>(),
        "searched": plan.searched, "swept": plan.swept, "waits": plan.waits(), "made_at": plan.made_at, "expires_at": plan.expires_at,
    })
}

/// Prints how a run ended; `folder` is the policy folder, for the commands that come next.
pub fn ending(carried: &Carried, folder: &Path) {
    match &carried.ending {
        Ending::Complete => {
            let again = if carried.read_again > 0 {
                format!("; {} tables were read again and hold nothing more", carried.read_again)
            } else {
                String::new()
            };
            say(format!("{}: every step is done and verified{again}", good("complete")));
        }
        Ending::Waiting(tasks) => {
            say(format!("waiting: the rest is done, {} task(s) must be confirmed by people", tasks.len()));
            for (run, step, team) in tasks {
                say(format!("  {team}: upheld task confirm {run} {step} --as NAME --folder {}", folder.display()));
            }
        }
        Ending::Residues(residues) => {
            say("not complete: something is left");
            for r in residues {
                say(format!("  {}.{}: {} rows: {}", r.system, r.table, r.rows, r.what));
            }
        }
    }
}

/// How a run ended, for programs.
pub fn ending_json(carried: &Carried) -> Value {
    let (state, detail) = match &carried.ending {
        Ending::Complete => ("complete", json!([])),
        Ending::Waiting(tasks) => (
            "waiting",
            tasks.iter().map(|(run, step, team)| json!({ "run": run, "step": step, "team": team })).collect(),
        ),
        Ending::Residues(residues) => ("partial", json!(residues)),
    };
    json!({ "run": carried.run, "state": state, "detail": detail, "tables_read_again": carried.read_again })
}

/// 1 where something is left, else 0.
pub fn code(carried: &Carried) -> ExitCode {
    ExitCode::from(u8::from(matches!(carried.ending, Ending::Residues(_))))
}
