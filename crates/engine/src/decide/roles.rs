//! Who decides about some data: the company, or somebody for whom it works.

use super::Decision;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// What is asked: data in a table, of a population, in an edition; each may be left open.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whose<'a> {
    /// A system, or a table of one as `system:table`.
    pub data: Option<&'a str>,
    /// The persons.
    pub population: Option<&'a str>,
    /// The edition of the product.
    pub edition: Option<&'a str>,
}

/// The company's role, by the most exact declaration that fits; two that fit alike and differ decide nothing.
///
/// `because` of the answer is the word of the role; without any declaration that fits, nothing is decided.
pub fn role(said: &Said, whose: Whose<'_>) -> Decision {
    let fitting: Vec<(usize, &Declaration)> = said.of("role").filter_map(|d| Some((fit(d, whose)?, d))).collect();
    let best = fitting.iter().map(|(rank, _)| *rank).max();
    let deciding: Vec<&Declaration> = fitting.into_iter().filter(|(r, _)| Some(*r) == best).map(|(_, d)| d).collect();
    let mut words: Vec<&str> = deciding.iter().filter_map(|d| d.text("we_are")).collect();
    words.dedup();
    match words.as_slice() {
        [] => Decision::no("no role is declared for this", &[]),
        [one] => Decision::yes(*one, &deciding),
        several => Decision::no(format!("declared as {} at once", several.join(" and ")), &deciding),
    }
}

/// How exactly a declaration fits; none where it is about something else.
fn fit(said: &Declaration, whose: Whose<'_>) -> Option<usize> {
    let data = match (said.list("systems").as_slice(), whose.data) {
        ([], _) => 0,
        (_, None) => return None,
        (own, Some(data)) if own.contains(&data) => 1 + data.matches(':').count(),
        (own, Some(data)) if own.iter().any(|o| data.split_once(':').is_some_and(|(system, _)| system == *o)) => 1,
        _ => return None,
    };
    let exact = |own: &[&str], asked: Option<&str>| match (own, asked) {
        ([], _) => Some(0),
        (own, Some(asked)) if own.contains(&asked) => Some(1),
        _ => None,
    };
    let population = exact(&said.list("populations"), whose.population)?;
    let edition = exact(&said.list("edition"), whose.edition)?;
    Some(4 * edition + 2 * population + 3 * data.min(2))
}
