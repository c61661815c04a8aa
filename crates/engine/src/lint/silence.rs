//! Topics on which the folder says nothing (U1107).

use jiff::civil::Date;

use super::{at, head};
use crate::decide::collect::fields_of;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::category::is_card;
use crate::policy::model::{Policy, Said};
use crate::policy::settings;

/// Families without which a notice is silent on something that laws ask for, with the topic.
const FAMILIES: [(&str, &str); 6] = [
    ("contact", "how to reach the company"),
    ("purpose", "why data is used"),
    ("recipient", "who receives data"),
    ("retention", "how long data is held"),
    ("change", "what happens when the notice changes"),
    ("authority", "who hears complaints"),
];

/// Settings with a topic that are not given, and families of which there is nothing.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let Some(place) = head(said) else { return Vec::new() };
    let given = |name: &str| said.of("setting").any(|s| settings::find(&s.id.it).is_some_and(|own| own.name == name));
    let open = settings::all().filter(|s| s.topic.is_some() && !given(&s.name));
    let settings = open.map(|s| {
        let message = format!("the notice is silent on {}", s.topic.as_deref().unwrap_or_default());
        let help = format!("give `{}` in `settings.toml`: {}", s.name, s.says);
        Diagnostic::error(codes::NOTICE_SILENT, message, place, "not decided").warning().help(help)
    });
    let empty = FAMILIES.iter().filter(|(family, _)| said.of(family).next().is_none());
    let families = empty.map(|(family, topic)| {
        let message = format!("the notice is silent on {topic}");
        Diagnostic::error(codes::NOTICE_SILENT, message, place, format!("no `[{family}.*]`")).warning()
    });
    settings.chain(families).chain(cards(said)).collect()
}

/// What becomes of card numbers, where any are taken.
fn cards(said: &Said) -> Option<Diagnostic> {
    let taken = said.of("point").find(|p| fields_of(p).iter().any(|(_, category)| is_card(category)))?;
    if said.setting("payment.vault").is_some() {
        return None;
    }
    let message = format!("`{}` takes card numbers, and the notice is silent on what is kept of them", taken.id.it);
    let finding = at(codes::NOTICE_SILENT, taken, "kind", message, "not decided").warning();
    Some(finding.help("give `payment.vault` in `settings.toml`"))
}
