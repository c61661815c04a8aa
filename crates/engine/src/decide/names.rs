//! Names in questions: what was probably meant by one that the folder does not have.

use std::collections::BTreeSet;

use crate::checks::categories::built_in;
use crate::diagnostic::near;
use crate::policy::model::Said;
use crate::policy::place::is_place;

/// What names are taken for in a question. A slip in one of these would change the answer without anybody noticing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A population.
    Population,
    /// A category of the notice, or a key of the taxonomy.
    Category,
    /// A country, a part of one, or a group.
    Place,
    /// A collection point.
    Point,
    /// A source.
    Source,
    /// A retention rule.
    Rule,
}

impl Named {
    fn family(self) -> &'static str {
        match self {
            Named::Population => "population",
            Named::Category => "category",
            Named::Place => "place",
            Named::Point => "point",
            Named::Source => "source",
            Named::Rule => "retention",
        }
    }
}

/// Why a name means nothing here, with what was probably meant; none where it does.
pub fn unknown(said: &Said, named: Named, name: &str) -> Option<String> {
    let what = match named {
        Named::Population => "is no population",
        Named::Category => "is neither a category of the notice nor a key of the taxonomy",
        Named::Place if is_place(name) => return None,
        Named::Place => {
            return Some(format!(
                "{name} is no place: give a country such as `NO`, a part such as `US-CA`, or a group such as `EEA`"
            ));
        }
        Named::Point => "is no collection point",
        Named::Source => "is no source",
        Named::Rule => "is no retention rule",
    };
    let known = known(said, named);
    (!known.contains(name)).then(|| format!("{name} {what}{}", ending(name, known)))
}

fn known(said: &Said, named: Named) -> BTreeSet<&str> {
    let mut known: BTreeSet<&str> = said.of(named.family()).map(|d| d.id.it.as_str()).collect();
    if named == Named::Category {
        known.extend(built_in().iter().map(String::as_str));
        let own = said.all.iter().filter(|d| matches!(d.family.name, "category" | "purpose" | "recipient"));
        known.extend(own.flat_map(|d| d.list("covers").into_iter().chain(d.list("categories"))));
    }
    known
}

/// What to add to a sentence that says that a declaration of a family is not there.
pub(super) fn hint(said: &Said, family: &str, name: &str) -> String {
    ending(name, said.of(family).map(|d| d.id.it.as_str()))
}

/// The same, of names.
pub(super) fn ending<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    near::suggest(name, known).map(|help| format!("; {help}")).unwrap_or_default()
}
