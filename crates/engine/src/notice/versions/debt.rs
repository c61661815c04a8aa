//! Who is still to be told of which version: one debt for each channel that reaches people one by one, and each population.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;
use serde::Serialize;

use super::{Class, Duty, Needed, Version, diff, duties};

/// Channels that reach people one by one. The others (the page, its date, a note on the site) are there for whoever comes.
pub const PERSONAL: [&str; 2] = ["email", "in_app"];

/// People of one population who are owed word of a version by one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Debt {
    /// The version.
    pub version: String,
    /// The channel, one of [`PERSONAL`].
    pub channel: String,
    /// The population.
    pub population: String,
    /// The gravest of the changes that are told.
    pub class: Class,
    /// What counts as agreement to it.
    pub agreement: Needed,
    /// The last day on which telling keeps what was promised, where a period before the version holds was promised.
    pub until: Option<Date>,
}

/// What the published versions, in their order, oblige to tell. `all` are the populations that "everybody" means. The first
/// version owes nothing: whoever gave data under it could read it then.
pub fn debts(versions: &[Version], all: &[&str]) -> Vec<Debt> {
    let pairs = versions.windows(2);
    pairs.flat_map(|pair| of_version(&pair[1], &duties(&pair[1], &diff(&pair[0], &pair[1])), all)).collect()
}

/// Somebody whom two changes concern is told once, of the graver one and in time for both.
fn of_version(version: &Version, duties: &[Duty], all: &[&str]) -> Vec<Debt> {
    let mut found: BTreeMap<(&str, &str), Debt> = BTreeMap::new();
    for duty in duties {
        let until = duty.before.as_deref().and_then(|before| before_day(version.effective, before));
        for channel in duty.channels.iter().filter(|c| PERSONAL.contains(&c.as_str())) {
            for population in whom(duty, all) {
                let debt = found.entry((channel, population)).or_insert_with(|| Debt {
                    version: version.version.clone(),
                    channel: channel.clone(),
                    population: population.to_owned(),
                    class: duty.class,
                    agreement: duty.agreement,
                    until,
                });
                debt.class = debt.class.max(duty.class);
                debt.agreement = debt.agreement.max(duty.agreement);
                debt.until = debt.until.into_iter().chain(until).min();
            }
        }
    }
    found.into_values().collect()
}

fn whom<'a>(duty: &'a Duty, all: &[&'a str]) -> BTreeSet<&'a str> {
    match duty.populations.as_slice() {
        [] => all.iter().copied().collect(),
        named => named.iter().map(String::as_str).collect(),
    }
}

fn before_day(effective: Date, before: &str) -> Option<Date> {
    effective.checked_sub(before.parse::<Span>().ok()?).ok()
}
