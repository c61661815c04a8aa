//! For each lint a mistake that it must find: what a folder would be like if nobody watched.

use crate::policy::keys::Family;
use crate::policy::model::Said;
use crate::policy::written::{Declaration, Given};
use crate::source::{At, FileId, Span};

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// The same folder with the mistake that a lint is for; unchanged for a name that is no lint.
pub fn spoiled(said: &Said, lint: &str) -> Said {
    let mut spoiled = said.clone();
    let mut add = |family: &str, id: &str, values: &[(&str, &str)]| spoiled.all.extend(made_up(family, id, values));
    match lint {
        "references" => {
            if let Some(notice) = &mut spoiled.notice {
                notice.text.push_str("\n{{ nothing.here }}\n");
            }
        }
        "terms" => add("term", "made-up", &[("word", "a word that no notice has"), ("means", "nothing")]),
        "claims" => add("claim", "made-up", &[("says", "certified"), ("scheme", "a scheme that nobody has")]),
        "transfers" => add("transfer", "made-up", &[("from", "EEA"), ("to", "US"), ("mechanism", "privacy_shield")]),
        "populations" => {
            add("population", "made-up", &[("label", "Nobody")]);
            add("right", "made-up", &[("populations", "made-up")]);
        }
        "contradictions" => {
            add("certification", "made-up", &[("scheme", "Two Ways"), ("status", "held")]);
            add("certification", "made-up-too", &[("scheme", "Two Ways"), ("status", "not_taken_part")]);
        }
        "silence" => spoiled.all.retain(|d| d.family.name != "authority" && !d.id.it.starts_with("children.")),
        "dates" => add("safeguard", "made-up", &[("title", "A door"), ("reviewed", "2001-01-01"), ("every", "P1Y")]),
        "boundaries" => add("boundary", "made-up", &[("about", "links"), ("says", "A sentence that no notice has.")]),
        "grounds" => add("purpose", "made-up", &[("title", "A whim"), ("basis", "a whim")]),
        "channels" => spoiled.all.retain(|d| d.family.name != "contact"),
        _ => {}
    }
    spoiled
}

fn made_up(family: &str, id: &str, values: &[(&str, &str)]) -> Option<Declaration> {
    let at = |text: &str| At::new(text.to_owned(), NOWHERE);
    let values = values.iter().map(|(key, value)| (at(key), At::new(Given::Text((*value).to_owned()), NOWHERE)));
    Some(Declaration { family: Family::named(family)?, id: at(id), at: NOWHERE, values: values.collect() })
}
