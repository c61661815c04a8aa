//! What a new version obliges to: whom to tell, by which channels, and what counts as agreement.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ways::is_longer;
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

/// How people are told of changes of a class, and what they need.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Terms {
    channels: Vec<String>,
    agreement: Needed,
    before: Option<String>,
}

/// What a version promises about changes of each class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Promised(BTreeMap<Class, Terms>);

impl Promised {
    /// By its `[change.CLASS]`, and whether going on counts as agreement at all.
    pub(super) fn by(version: &Version) -> Self {
        let all = [Class::Editorial, Class::Notice, Class::FreshConsent];
        Promised(all.into_iter().map(|class| (class, Terms::of(version, class))).collect())
    }

    /// What was promised holds for the change that ends it; a new version can only promise more.
    fn and(&self, new: &Version, class: Class) -> Terms {
        let mut terms = Terms::of(new, class);
        let Some(old) = self.0.get(&class) else { return terms };
        let more: Vec<String> = terms.channels.into_iter().filter(|c| !old.channels.contains(c)).collect();
        terms.channels = old.channels.iter().cloned().chain(more).collect();
        terms.agreement = terms.agreement.max(old.agreement);
        if is_longer(old.before.as_deref(), terms.before.as_deref()) {
            terms.before.clone_from(&old.before);
        }
        terms
    }
}

impl Terms {
    fn of(version: &Version, class: Class) -> Self {
        let rule = format!("change:{}", class.word());
        let never = version.text("setting:acceptance.deemed", "value") == Some("never");
        let agreement = match version.text(&rule, "agreement") {
            // Fresh consent is an answer, whatever a folder says (GDPR Art. 4(11), recital 32).
            _ if class == Class::FreshConsent => Needed::Explicit,
            Some("explicit") => Needed::Explicit,
            Some("deemed") if never => Needed::Explicit,
            Some("deemed") => Needed::Deemed,
            _ => Needed::None,
        };
        let channels = version.list(&rule, "channels").into_iter().map(str::to_owned).collect();
        Terms { channels, agreement, before: version.text(&rule, "before").map(str::to_owned) }
    }
}

/// What is owed for the differences of two versions: for the gravest, by what the old and the new version promise about changes,
/// whichever is more.
pub fn owed(new: &Version, diff: &Diff) -> Duty {
    duty(new, diff, diff.class)
}

/// What is owed for the differences of each class, the gravest first; none where nothing differs.
pub fn duties(new: &Version, diff: &Diff) -> Vec<Duty> {
    let classes: BTreeSet<Class> = diff.changes.iter().map(|change| change.class).collect();
    classes.into_iter().rev().map(|class| duty(new, diff, class)).collect()
}

fn duty(new: &Version, diff: &Diff, class: Class) -> Duty {
    let of_class = || diff.changes.iter().filter(|change| change.class == class);
    let everybody = of_class().any(|change| change.populations.is_empty());
    let named: BTreeSet<String> = of_class().flat_map(|change| change.populations.iter().cloned()).collect();
    let Terms { channels, agreement, before } = diff.promised.and(new, class);
    let populations = if everybody { Vec::new() } else { named.into_iter().collect() };
    Duty { class, channels, agreement, before, populations }
}

/// Does what a person did suffice? An acknowledgement and deemed acceptance are never an answer. Where nothing is needed there
/// is nothing to refuse.
pub fn satisfies(needed: Needed, given: Option<Agreement>) -> bool {
    match needed {
        Needed::None => true,
        Needed::Deemed => matches!(given, Some(Agreement::Deemed | Agreement::Explicit)),
        Needed::Explicit => given == Some(Agreement::Explicit),
    }
}

/// What stands of all that a person did about a version, the oldest first: their last answer, or without one that they went on,
/// or that they saw it. To go on after a refusal takes nothing back.
pub fn standing(done: &[Agreement]) -> Option<Agreement> {
    let is_answer = |each: &&Agreement| matches!(each, Agreement::Explicit | Agreement::Refused);
    done.iter().rev().find(is_answer).or_else(|| done.iter().max()).copied()
}

/// Data of a person: when it was gathered, and as what they are known.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The day.
    pub gathered: Date,
    /// Their population; none: not known, so every change concerns them.
    pub population: Option<&'a str>,
}

impl From<Date> for Held<'_> {
    fn from(gathered: Date) -> Self {
        Held { gathered, population: None }
    }
}

/// The version under which data of a person is held: the one in force when it was gathered, and from there each next one whose
/// changes need nothing of the person, or to which they agreed as it needs.
///
/// `versions` by the day from which each holds; `agreed`: what the person did about a version, by its name. None where the data
/// is older than all versions.
pub fn governing<'a, 'h>(
    versions: &'a [Version],
    held: impl Into<Held<'h>>,
    today: Date,
    agreed: &dyn Fn(&str) -> Option<Agreement>,
) -> Option<&'a Version> {
    let held = held.into();
    let first = versions.iter().rposition(|v| v.effective <= held.gathered)?;
    let mut current = &versions[first];
    for next in versions[first + 1..].iter().filter(|v| v.effective <= today) {
        let theirs = diff(current, next).concerning(held.population);
        let needed = duties(next, &theirs).into_iter().map(|duty| duty.agreement).max().unwrap_or(Needed::None);
        // A version that was passed over is not left behind: the next one is compared with what holds.
        if satisfies(needed, agreed(&next.version)) {
            current = next;
        }
    }
    Some(current)
}
