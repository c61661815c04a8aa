//! Data that goes abroad: mechanisms that are not in force, and flows that nothing covers (U1104).

use jiff::civil::Date;

use super::{at, head};
use crate::decide::place::{countries, within};
use crate::decide::transfer::{covering, lawful};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// Data of people of a place that lies in another country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Where the people are.
    pub from: String,
    /// Where the data goes.
    pub to: String,
    /// The system, or the recipient, that has it there.
    pub at: String,
}

/// Mechanisms that are not in force on the day, and flows that nothing covers.
pub fn run(policy: &Policy, said: &Said, today: Date) -> Vec<Diagnostic> {
    let unlawful = said.of("transfer").map(|t| (t, lawful(said, t, today))).filter(|(_, answer)| !answer.allowed);
    let mut found: Vec<Diagnostic> = unlawful
        .map(|(t, answer)| {
            let message = format!("nothing allows this transfer on {today}: {}", answer.because);
            at(codes::NOTICE_TRANSFER, t, "mechanism", message, "not in force")
                .help("name a mechanism that is, or stop it")
        })
        .collect();
    let Some(place) = head(said) else { return found };
    found.extend(uncovered(policy, said).into_iter().map(|flow| {
        let message =
            format!("nothing says what allows data of people in {} to be in {} ({})", flow.from, flow.to, flow.at);
        Diagnostic::error(codes::NOTICE_TRANSFER, message, place, "a transfer without a word")
            .help("declare it in `recipients.toml` under `[transfer.NAME]`")
    }));
    found
}

/// Flows from places of the regimes to systems and recipients abroad that no transfer covers. Inside the EEA nothing is needed.
pub fn uncovered(policy: &Policy, said: &Said) -> Vec<Flow> {
    let mut places: Vec<&str> =
        said.of("regime").flat_map(|r| r.list("places")).filter(|p| *p != "*").flat_map(countries).collect();
    places.sort_unstable();
    places.dedup();
    let systems = policy.systems.iter().filter_map(|s| Some((s.name.as_str(), s.country.as_deref()?, None)));
    let receives = said.of("recipient").filter(|r| !r.list("categories").is_empty() && r.flag("outside") != Some(true));
    let recipients = receives.filter_map(|r| Some((r.id.it.as_str(), r.text("country")?, Some(r.id.it.as_str()))));
    let stores: Vec<(&str, &str, Option<&str>)> = systems.chain(recipients).collect();
    let mut found = Vec::new();
    for (at, to, recipient) in stores {
        let guarded = places.iter().filter(|from| is_guarded(from) && !is_home(from, to));
        let open = guarded.filter(|from| covering(said, from, to, recipient).is_empty());
        found.extend(open.take(1).map(|from| Flow { from: (*from).to_owned(), to: to.to_owned(), at: at.to_owned() }));
    }
    found
}

/// Whose law asks what allows a transfer.
fn is_guarded(place: &str) -> bool {
    ["EEA", "GB", "CH"].iter().any(|own| within(place, own))
}

fn is_home(from: &str, to: &str) -> bool {
    within(from, to) || (within(from, "EEA") && within(to, "EEA"))
}
