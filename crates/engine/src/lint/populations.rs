//! People: a right or purpose for people of whom nothing is gathered, and people of whom no part of the notice speaks (U1105).

use jiff::civil::Date;

use super::at;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// The populations that rights name are those of whom something is gathered or held, and the other way round.
pub fn run(policy: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let names = |families: &'static [&'static str], id: &str| {
        families.iter().flat_map(|f| said.of(f)).any(|d| d.list("populations").contains(&id))
    };
    let gathered = |id: &str| policy.kind(id).is_some() || names(&["property", "point", "source", "recipient"], id);
    let promised = |id: &str| names(&["right", "regime", "purpose", "retention", "message"], id);
    let of_everybody = said.of("purpose").any(|p| p.list("populations").is_empty());
    let mut found = Vec::new();
    for population in said.of("population") {
        let id = population.id.it.as_str();
        if promised(id) && !gathered(id) {
            let message = format!("the notice gives something to `{id}`, of whom nothing is gathered");
            found.push(
                at(codes::NOTICE_PEOPLE, population, "label", message, "held and gathered nowhere")
                    .help("say where their data comes in (`[point.*]` or `[source.*]`), or take them out"),
            );
        }
        if gathered(id) && !promised(id) && !of_everybody {
            let message = format!("data of `{id}` is gathered, and no purpose or right is about them");
            found.push(at(codes::NOTICE_PEOPLE, population, "label", message, "nobody says why"));
        }
    }
    found
}
