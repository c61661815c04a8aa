//! What the tutorial's scripts say in comments comes of each ask.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::case::{Case, Expected, Returned, Step};
use super::compare::read;

/// Taken from the comments by hand.
const COMMENTS: &str = include_str!("tutorial.toml");

#[derive(Deserialize)]
struct Comments {
    ask: Vec<Comment>,
}

#[derive(Deserialize)]
struct Comment {
    case: String,
    number: usize,
    returned: Option<Vec<String>>,
    #[serde(default)]
    left: BTreeMap<String, Vec<String>>,
}

/// Adds to the scripts of the tutorial what their comments say.
pub fn with_comments(mut cases: Vec<Case>) -> Result<Vec<Case>, String> {
    let comments: Comments = toml::from_str(COMMENTS).map_err(|e| e.to_string())?;
    for comment in comments.ask {
        let of = |case: &&mut Case| case.name.rsplit('/').next() == Some(&comment.case);
        let case = cases.iter_mut().find(of).ok_or_else(|| format!("no script {}", comment.case))?;
        let mut asks =
            case.steps.iter_mut().filter_map(|s| if let Step::Ask(_, expected) = s { Some(expected) } else { None });
        let expected = asks.nth(comment.number - 1);
        let expected = expected.ok_or_else(|| format!("{} has no ask {}", comment.case, comment.number))?;
        *expected = comment.expected();
    }
    Ok(cases)
}

impl Comment {
    fn expected(self) -> Expected {
        let rows = |rows: Vec<String>| rows.iter().map(|row| read(row)).collect();
        let named = |row: &String| {
            let (table, cells) = row.split_once('|').unwrap_or((row, ""));
            (Some(table.to_owned()), read(cells))
        };
        Expected {
            returned: self.returned.map_or(Returned::Unsaid, |r| Returned::Exactly(r.iter().map(named).collect())),
            left: self.left.into_iter().map(|(table, all)| (table, rows(all))).collect(),
        }
    }
}
