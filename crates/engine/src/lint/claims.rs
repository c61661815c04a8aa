//! Statements that do not follow from the folder (U1103).

use jiff::civil::Date;

use super::at;
use crate::decide::claim::holds;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// Each claim is computed anew. What only a search of the stores can tell is left to `upheld coverage`: here they are taken to
/// hold no card numbers.
pub fn run(_: &Policy, said: &Said, today: Date) -> Vec<Diagnostic> {
    let wrong = said.of("claim").filter_map(|c| Some((c, holds(said, c, today, Some(0)).err()?)));
    wrong
        .map(|(claim, why)| {
            let says = claim.text("says").unwrap_or_default().replace('_', " ");
            at(
                codes::NOTICE_CLAIM,
                claim,
                "says",
                format!("the notice claims \"{says}\", and {why}"),
                "does not follow",
            )
            .help("take the claim out of the notice, or change what makes it false")
        })
        .collect()
}
