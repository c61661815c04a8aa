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
//! | a key that refers to another row is owned like any other reference | it is a part of that row |

mod database;
mod map;
mod script;
mod sql;
mod tokens;
mod trial;

use std::path::Path;
use std::time::Instant;

use engine::policy::model::SystemKind;

use crate::asked::Untried;
use crate::outcome::Outcome;

/// Tries the scripts of a folder on a kind of database; only every `share`th of them.
pub async fn run(group: &str, folder: &Path, kind: SystemKind, share: usize) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for case in script::cases(folder).into_iter().step_by(share) {
        let case = match case {
            Ok(case) => case,
            Err(why) => {
                outcomes.push(Outcome::untried(group, "a script").because(why));
                continue;
            }
        };
        let begin = Instant::now();
        match trial::trial(kind, &case).await {
            Err(Untried::Later(why)) => outcomes.push(Outcome::untried(group, &case.name).later(why)),
            Err(Untried::Wrong(why)) => outcomes.push(Outcome::untried(group, &case.name).because(why)),
            Ok(asks) => {
                let took = begin.elapsed() / u32::try_from(asks.len()).unwrap_or(1).max(1);
                for (n, done) in asks.into_iter().enumerate() {
                    outcomes.push(Outcome {
                        group: group.to_owned(),
                        case: format!("{} ({})", case.name, n + 1),
                        asked: done.asked,
                        rows: done.rows,
                        wrong: done.wrong,
                        later: None,
                        notes: done.notes.into_iter().map(str::to_owned).collect(),
                        took,
                    });
                }
            }
        }
    }
    outcomes
}
