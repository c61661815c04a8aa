//! Matters for which nobody can be reached, and contacts that a right names and that do not serve it (U1111).

use jiff::civil::Date;

use super::{at, head};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// What people must be able to write about.
const MATTERS: [&str; 3] = ["questions", "rights", "complaints"];

/// Each matter has a contact, and each contact that a right names serves rights.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let Some(place) = head(said) else { return Vec::new() };
    let serves = |matter: &str| said.of("contact").any(|c| c.list("serves").contains(&matter));
    let missing = MATTERS.iter().filter(|m| !serves(m)).map(|matter| {
        Diagnostic::error(
            codes::NOTICE_CHANNEL,
            format!("nobody is told whom to write about {matter}"),
            place,
            "no contact",
        )
        .help(format!("name a `[contact.*]` that serves `{matter}`"))
    });
    let rights = said.of("right").flat_map(|r| r.list("contacts").into_iter().map(move |c| (r, c)));
    let strange = rights.filter_map(|(r, id)| {
        let contact = said.find("contact", id)?;
        let fits = contact.list("serves").iter().any(|m| matches!(*m, "rights" | "officer" | "marketing" | "children"));
        let message = format!("`{}` sends people to `{id}`, which does not serve requests", r.id.it);
        (!fits).then(|| at(codes::NOTICE_CHANNEL, r, "contacts", message, "a wrong door"))
    });
    missing.chain(strange).collect()
}
