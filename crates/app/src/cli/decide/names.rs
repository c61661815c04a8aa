//! Names in a question that would change its answer if they were wrong, and nobody would notice.

use anyhow::Result;
use engine::decide::names::{Named, unknown};
use engine::policy::model::Said;

use super::Question;
use crate::terminal::Misuse;

/// Each must mean something here; all that do not are told at once.
pub fn check(said: &Said, question: &Question) -> Result<()> {
    let named: Vec<(Named, Option<&String>)> = match question {
        Question::Use { category, population, place, point, source, .. } => vec![
            (Named::Category, Some(category)),
            (Named::Population, population.as_ref()),
            (Named::Place, place.as_ref()),
            (Named::Point, point.as_ref()),
            (Named::Source, source.as_ref()),
        ],
        Question::Disclose { category, population, place, .. } => vec![
            (Named::Category, Some(category)),
            (Named::Population, population.as_ref()),
            (Named::Place, place.as_ref()),
        ],
        Question::Right { place, population, .. } => {
            vec![(Named::Place, Some(place)), (Named::Population, population.as_ref())]
        }
        Question::Role { population, .. } => vec![(Named::Population, population.as_ref())],
        Question::Collect { .. } | Question::Record { .. } | Question::Send { .. } | Question::Host { .. } => {
            Vec::new()
        }
    };
    all(said, named)
}

/// The same of any names.
pub fn all(said: &Said, named: Vec<(Named, Option<&String>)>) -> Result<()> {
    let wrong = named.into_iter().filter_map(|(kind, name)| unknown(said, kind, name?));
    let wrong: Vec<String> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(Misuse(wrong.join("; ")).into()) }
}
