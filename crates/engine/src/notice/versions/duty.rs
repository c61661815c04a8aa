//! What a new version obliges to: whom to tell, by which channels, and what counts as agreement.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Class, Diff, Version, diff};

/// What a class of change needs from a person before the new rules hold for their earlier data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    /// Nothing.
    None,
    /// Going on using the service is enough.
    Deemed,
    /// An answer.
    Explicit,
}

/// What a person did about a version. Each kind is kept apart from the others, and from consent to a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// They were shown it and confirmed that they saw it; that is no agreement.
    Acknowledged,
    /// They went on using the service, which the notice takes for agreement.
    Deemed,
    /// They agreed.
    Explicit,
    /// They said no.
    Refused,
}

/// What is owed for a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// The class of the change.
    pub class: Class,
    /// How people are told, by the folder's rule for the class.
    pub channels: Vec<String>,
    /// What counts as agreement.
    pub agreement: Needed,
    /// How long before it holds, as an ISO 8601 period.
    pub before: Option<String>,
    /// Whose data; empty: everybody's.
    pub populations: Vec<String>,
}

/// What is owed for the differences of two versions, by the rules of the new one.
pub fn owed(new: &Version, diff: &Diff) -> Duty {
    let rule = format!("change:{}", diff.class.word());
    let mut populations: Vec<String> = Vec::new();
    let mut everybody = false;
    for change in diff.changes.iter().filter(|c| c.class == diff.class) {
        everybody |= change.populations.is_empty();
        populations.extend(change.populations.iter().cloned());
    }
    populations.sort();
    populations.dedup();
    let declared = match new.text(&rule, "agreement") {
        Some("explicit") => Needed::Explicit,
        Some("deemed") => Needed::Deemed,
        _ => Needed::None,
    };
    // Fresh consent is an answer, whatever a folder says (GDPR Art. 4(11), recital 32).
    let agreement = if diff.class == Class::FreshConsent { Needed::Explicit } else { declared };
    let channels = new.list(&rule, "channels").into_iter().map(str::to_owned).collect();
    Duty {
        class: diff.class,
        channels,
        agreement,
        before: new.text(&rule, "before").map(str::to_owned),
        populations: if everybody { Vec::new() } else { populations },
    }
}

/// Does what a person did suffice? An acknowledgement and deemed acceptance are never an answer.
pub fn satisfies(needed: Needed, given: Option<Agreement>) -> bool {
    match (needed, given) {
        (_, Some(Agreement::Refused)) => false,
        (Needed::None, _) => true,
        (Needed::Deemed, Some(Agreement::Deemed | Agreement::Explicit)) => true,
        (Needed::Explicit, Some(Agreement::Explicit)) => true,
        _ => false,
    }
}

/// The version under which data of a person is held: the one in force when it was gathered, and from there each next one whose
/// change needs nothing of the person, or to which they agreed as it needs.
///
/// `versions` by the day from which each holds; `agreed`: what the person did about a version, by its name. None where the data
/// is older than all versions.
pub fn governing<'a>(
    versions: &'a [Version],
    gathered: Date,
    today: Date,
    agreed: &dyn Fn(&str) -> Option<Agreement>,
) -> Option<&'a Version> {
    let first = versions.iter().rposition(|v| v.effective <= gathered)?;
    let mut current = &versions[first];
    for next in versions[first + 1..].iter().filter(|v| v.effective <= today) {
        let duty = owed(next, &diff(current, next));
        if !satisfies(duty.agreement, agreed(&next.version)) {
            // Agreeing to a later version carries over everything up to it.
            continue;
        }
        current = next;
    }
    Some(current)
}
