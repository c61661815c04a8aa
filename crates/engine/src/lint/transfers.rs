//! Data that goes abroad: mechanisms that are not in force, and flows that nothing covers (U1104).

use jiff::civil::Date;

use super::{at, head};
use crate::decide::transfer::{lawful, uncovered};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// Mechanisms that are not in force on the day, and flows that nothing covers.
pub fn run(policy: &Policy, said: &Said, today: Date) -> Vec<Diagnostic> {
    // What is over is history; where data still goes all the same, nothing covers the flow.
    let live = said.of("transfer").filter(|t| t.date("until").is_none_or(|end| end >= today));
    let unlawful = live.map(|t| (t, lawful(said, t, today))).filter(|(_, answer)| !answer.allowed);
    let mut found: Vec<Diagnostic> = unlawful
        .map(|(t, answer)| {
            let message = format!("nothing allows this transfer on {today}: {}", answer.because);
            at(codes::NOTICE_TRANSFER, t, "mechanism", message, "not in force")
                .help("name a mechanism that is, or stop it")
        })
        .collect();
    let Some(place) = head(said) else { return found };
    found.extend(uncovered(policy, said, today).into_iter().map(|flow| {
        let message =
            format!("nothing says what allows data of people in {} to be in {} ({})", flow.from, flow.to, flow.at);
        Diagnostic::error(codes::NOTICE_TRANSFER, message, place, "a transfer without a word")
            .help("declare it in `recipients.toml` under `[transfer.NAME]`")
    }));
    found
}
