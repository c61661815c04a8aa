//! Schemas annotated with who owns and who may see which rows, the model of another system, translated to data maps of
//! ours: does a person get, and does forgetting them leave, what that model says?
//!
//! Where both mean the same in different words, the case passes and its line says so:
//!
//! | there | here |
//! |---|---|
//! | a reference to a row that is gone stays, and leads nowhere | it is undone |
//! | a row of which every column is hidden comes with empty columns | it is told by its key alone |
//! | a reference may be declared never empty, which nothing checks | it may be empty, so that it can be undone |
//! | foreign keys are not enforced | where they are, what others refer to stays, less what was the person's |
//! | a key that refers to another row is owned like any other reference | it is a part of that row |

mod applications;
pub mod case;
pub mod compare;
pub mod database;
mod edges;
mod linter;
mod made;
pub mod map;
pub mod model;
mod notes;
pub mod rows;
mod script;
pub mod sql;
pub mod theirs;
mod tokens;
mod trial;
mod tutorial;
mod unit;

use std::path::Path;
use std::time::Instant;

use engine::policy::model::SystemKind;
use futures_util::{StreamExt as _, stream};

use crate::asked::Untried;
use crate::outcome::Outcome;
use case::Case;

/// Cases that are tried side by side, each on a database of its own: they wait for disks most of the time.
const AT_ONCE: usize = 6;

/// How many schemas are made by chance.
const MADE: usize = 40;

/// Kinds of databases.
const BOTH: [(SystemKind, &str); 2] = [(SystemKind::Sqlite, "sqlite"), (SystemKind::Postgres, "postgres")];

/// Scripts of our own.
pub async fn own(folder: &Path) -> Vec<Outcome> {
    both("annotated", script::cases(folder)).await
}

/// Schemas made by chance, on one kind of database: what is tried is how rights combine.
pub async fn made() -> Vec<Outcome> {
    tried("k9db-made", made::cases(MADE), &BOTH[..1]).await
}

/// The other system's cases, in a folder of cases.
pub async fn published(cases: &Path) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let file = cases.join("k9db-unit-cases/cases.json");
    if file.is_file() {
        outcomes.extend(both("k9db-unit", unit::cases(&file)).await);
    } else {
        eprintln!("skipped k9db-unit-cases: there is no {}", file.display());
    }
    for name in ["shuup", "websubmit", "delf_ecommerce", "delf_medical_retain", "varacc", "varown"] {
        let folder = cases.join(format!("k9db-{name}"));
        if folder.is_dir() {
            outcomes.extend(both("k9db", theirs::cases(&folder)).await);
        } else {
            eprintln!("skipped k9db-{name}: there is no {}", folder.display());
        }
    }
    let tutorial = cases.join("k9db-tutorial");
    if tutorial.is_dir() {
        outcomes.extend(both("k9db", theirs::scripts(&tutorial).and_then(tutorial::with_comments)).await);
    } else {
        eprintln!("skipped k9db-tutorial: there is no {}", tutorial.display());
    }
    outcomes.extend(applications(cases).await);
    outcomes.extend(linter::variants(cases).await);
    outcomes.extend(linter::unannotated(cases).await);
    outcomes
}

async fn applications(cases: &Path) -> Vec<Outcome> {
    let applications = match applications::all(cases) {
        Ok(applications) => applications,
        Err(why) => return vec![Outcome::untried("k9db-apps", "cannot be read").because(why)],
    };
    let (asked, unlike): (Vec<Case>, Vec<(String, Vec<String>)>) = applications
        .into_iter()
        .map(|a| ((a.case.name.clone(), a.unlike), a.case))
        .map(|(unlike, case)| (case, unlike))
        .unzip();
    let mut outcomes = both("k9db-apps", Ok(asked)).await;
    for outcome in &mut outcomes {
        outcome.wrong.extend(unlike.iter().filter(|(name, _)| *name == outcome.case).flat_map(|(_, why)| why.clone()));
    }
    outcomes
}

/// Tries cases on both kinds of database.
async fn both(group: &str, cases: Result<Vec<Case>, String>) -> Vec<Outcome> {
    let cases = match cases {
        Ok(cases) => cases,
        Err(why) => return vec![Outcome::untried(group, "cannot be read").because(why)],
    };
    tried(group, cases, &BOTH).await
}

async fn tried(group: &str, cases: Vec<Case>, kinds: &[(SystemKind, &str)]) -> Vec<Outcome> {
    let (asked, silent): (Vec<Case>, Vec<Case>) = cases.into_iter().partition(|case| case.asks() != (0, 0));
    silent.iter().for_each(|case| eprintln!("skipped {}: nobody asks for anything", case.name));
    let trials = kinds.iter().flat_map(|(kind, name)| asked.iter().map(move |case| (*kind, *name, case)));
    let trials = trials.map(|(kind, name, case)| async move { one(&format!("{group} {name}"), kind, case).await });
    stream::iter(trials).buffered(AT_ONCE).collect().await
}

async fn one(group: &str, kind: SystemKind, case: &Case) -> Outcome {
    let begin = Instant::now();
    let (get, forget) = case.asks();
    let outcome = Outcome { asked: format!("{get} get, {forget} forget"), ..Outcome::untried(group, &case.name) };
    match trial::trial(kind, case).await {
        Err(Untried::Later(why)) => outcome.later(why),
        Err(Untried::Wrong(why)) => outcome.because(why),
        Ok(done) => Outcome {
            rows: done.rows,
            wrong: done.wrong,
            notes: done.notes.into_iter().map(str::to_owned).collect(),
            took: begin.elapsed(),
            ..outcome
        },
    }
}
