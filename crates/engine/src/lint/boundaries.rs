//! Sentences that limit the promises, and that the notice does not have (U1109).

use jiff::civil::Date;

use super::at;
use crate::diagnostic::{Diagnostic, codes};
use crate::notice::fill::{fill, filled, flat};
use crate::policy::model::{Policy, Said};

/// Each boundary's sentence stands in the notice.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let text = flat(&filled(said));
    let says = |b: &crate::policy::written::Declaration| flat(&fill(said, b.text("says").unwrap_or_default()));
    let unsaid = said.of("boundary").filter(|b| !text.contains(&says(b)));
    unsaid
        .map(|b| {
            at(codes::NOTICE_BOUNDARY, b, "says", "the notice does not have this sentence", "said nowhere")
                .help("people can only know a limit that they were told: write it into the notice")
        })
        .collect()
}
