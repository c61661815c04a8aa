//! What is recorded, against what is said of it.

use super::super::at;
use super::clash;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// Telemetry that can be tied to a person, for a purpose that is closed to what it records.
pub fn closed(said: &Said) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for recorder in said.of("telemetry").filter(|t| t.flag("linked") == Some(true)) {
        for purpose in recorder.list("purposes").into_iter().filter_map(|id| said.find("purpose", id)) {
            let shut = purpose.list("closed_to");
            let hit = shut.iter().filter_map(|id| said.find("category", id)).find(|c| records(recorder, c));
            if let Some(category) = hit {
                let message = format!(
                    "`{}` records {} of known people for `{}`, which is closed to it",
                    recorder.id.it, category.id.it, purpose.id.it
                );
                found.push(clash(recorder, "purposes", purpose, "closed_to", message));
            }
        }
    }
    found
}

fn records(recorder: &Declaration, category: &Declaration) -> bool {
    let keys = category.list("covers");
    recorder.texts("attributes").iter().any(|(_, taken)| keys.iter().any(|key| covers(key, taken)))
}

/// A cookie that holds a password, although people are told to keep theirs to themselves.
pub fn passwords(said: &Said) -> Vec<Diagnostic> {
    let Some(told) = said.of("boundary").find(|b| b.text("about") == Some("credentials")) else { return Vec::new() };
    let holds = |t: &&Declaration| t.list("attributes").iter().any(|a| a.to_lowercase().contains("password"));
    let trackers = said.of("tracker").filter(holds);
    trackers
        .map(|t| clash(t, "attributes", told, "says", format!("`{}` holds a password, which is to be secret", t.id.it)))
        .collect()
}

/// Telemetry and collection points of an edition that its closed list does not name.
pub fn unlisted(said: &Said) -> Vec<Diagnostic> {
    let items = ["telemetry", "point"].into_iter().flat_map(|family| said.of(family));
    let unlisted = items.filter_map(|item| {
        let edition = said.find("edition", item.text("edition")?)?;
        (edition.text("run_by") == Some("customer") && !edition.list("sends").contains(&item.id.it.as_str()))
            .then_some((item, edition))
    });
    unlisted
        .map(|(item, edition)| {
            let message = format!("`{}` is gathered in `{}`, which does not send it", item.id.it, edition.id.it);
            clash(item, "edition", edition, "sends", message)
        })
        .collect()
}

/// Data that is said to identify nobody, recorded so that it can be tied to a person; and an account that only others may
/// close, which people close themselves.
pub fn nobody(said: &Said) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for category in said.of("category").filter(|c| c.flag("personal") == Some(false)) {
        let linked = said.of("telemetry").filter(|t| t.flag("linked") == Some(true)).find(|t| records(t, category));
        if let Some(recorder) = linked {
            let message = format!("`{}` is said to be about nobody, and is tied to people", category.id.it);
            found.push(clash(category, "personal", recorder, "linked", message));
        }
    }
    let closes = said.find("setting", "account.deactivate_by").filter(|s| !s.list("value").contains(&"person"));
    let itself = said.find("right", "deactivation").filter(|r| r.get("self_service").is_some());
    if let Some((setting, right)) = closes.zip(itself) {
        let message = "people close their accounts themselves, and may not";
        found.push(
            at(codes::NOTICE_CONTRADICTION, right, "self_service", message, "one of the two")
                .label(setting.at, "and the other"),
        );
    }
    found
}
