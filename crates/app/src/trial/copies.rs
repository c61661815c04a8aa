//! Copies of safeguards, made as somebody who asks would get them, and searched for what they must not hold.

use std::collections::BTreeMap;
use std::path::Path;

use engine::coverage::Copied;
use engine::policy::model::Said;
use engine::policy::written::Declaration;

use crate::safeguards;

/// A copy for each transfer of which people get one, by id.
pub fn made(folder: &Path, said: &Said) -> BTreeMap<String, Copied> {
    let given = said.of("transfer").filter(|t| t.flag("copy_on_request") == Some(true));
    given.map(|transfer| (transfer.id.it.clone(), one(folder, transfer))).collect()
}

fn one(folder: &Path, transfer: &Declaration) -> Copied {
    let made = safeguards::copy(folder, transfer).and_then(|copy| Ok((copy, safeguards::text(folder, transfer)?)));
    match made {
        Err(wrong) => Copied { wrong: Some(wrong), ..Copied::default() },
        Ok((copy, whole)) => {
            let left = secrets(&whole).filter(|words| copy.text.contains(words)).count();
            let wrong = (left > 0).then(|| format!("{left} secret passages can be read in the copy"));
            Copied { blackened: copy.blackened, wrong }
        }
    }
}

/// The secret words, found by their marks alone and not by what made the copy.
fn secrets(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split("[[").skip(1).filter_map(|piece| piece.split("]]").next());
    inside.filter_map(|piece| Some(piece.split_once(':')?.1.trim())).filter(|words| !words.is_empty())
}
