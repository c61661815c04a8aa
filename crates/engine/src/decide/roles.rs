//! Who decides about some data: the company, or somebody for whom it works.

use super::Decision;
use super::names::ending;
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
        [] => undecided(said, whose),
        [one] => Decision::yes(*one, &deciding),
        several => Decision::no(format!("declared as {} at once", several.join(" and ")), &deciding),
    }
}

/// No declaration fits: perhaps because something was left open on which it depends.
fn undecided(said: &Said, whose: Whose<'_>) -> Decision {
    let open: Vec<&Declaration> = said.of("role").filter(|d| could_fit(d, whose)).collect();
    if open.is_empty() {
        let all = said.of("role").flat_map(|d| d.list("systems").into_iter().chain(d.list("populations")));
        let asked = whose.data.into_iter().chain(whose.population).collect::<Vec<_>>().join(" and ");
        let of = if asked.is_empty() { "this".to_owned() } else { asked };
        return Decision::no(format!("no role is declared for {of}{}", ending(&of, all)), &[]);
    }
    let missing = |key: &str, given: Option<&str>| given.is_none() && open.iter().any(|d| !d.list(key).is_empty());
    let options = [
        (missing("systems", whose.data), "which data (--data)"),
        (missing("populations", whose.population), "whose data (--population)"),
        (missing("edition", whose.edition), "of which edition (--edition)"),
    ];
    let say: Vec<&str> = options.into_iter().filter(|(is, _)| *is).map(|(_, option)| option).collect();
    let each: Vec<String> = open.iter().filter_map(|d| Some(format!("{} {}", d.text("we_are")?, of_what(d)))).collect();
    Decision::no(format!("say {}: {}", say.join(", "), each.join("; ")), &open)
}

/// Could it fit, whatever was left open?
fn could_fit(said: &Declaration, whose: Whose<'_>) -> bool {
    let own = |key| said.list(key).first().copied();
    let filled = Whose {
        data: whose.data.or(own("systems")),
        population: whose.population.or(own("populations")),
        edition: whose.edition.or(own("edition")),
    };
    fit(said, filled).is_some()
}

fn of_what(said: &Declaration) -> String {
    let parts = [("for", said.list("populations")), ("in", said.list("systems")), ("in edition", said.list("edition"))];
    let told = parts.into_iter().filter(|(_, names)| !names.is_empty());
    told.map(|(word, names)| format!("{word} {}", names.join(", "))).collect::<Vec<_>>().join(" ")
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
