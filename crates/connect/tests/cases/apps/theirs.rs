//! Applications of the folder of cases, loaded by their own loader, under a map of ours.

use std::path::Path;

use connect::{Options, Systems};
use engine::plan::Seed;
use engine::policy::model::KindId;
use engine::value::Value;

use super::app::{App, Expected};
use crate::asked::Untried;
use crate::open::Opened;
use crate::outcome::Outcome;

/// How many persons are tried, spread over all of them.
const PERSONS: usize = 12;

/// Tries the application for some of its persons, one after the other; nothing where the case cannot be had.
pub async fn theirs(cases: &Path, name: &str) -> Vec<Outcome> {
    let Some(opened) = Opened::case(cases, name) else { return Vec::new() };
    let options = Options { schema: "public".into(), ..Options::default() };
    let system = connect::open(opened.kind, &opened.address, Some(&opened.address), options).expect("it opens");
    let systems = Systems::from([(name.to_owned(), system)]);
    let app = match App::new("cases", name, opened.raw.clone(), systems).await {
        Ok(app) => app,
        Err(Untried::Later(why)) => return vec![Outcome::untried("cases", name).later(why)],
        Err(Untried::Wrong(why)) => return vec![Outcome::untried("cases", name).because(why)],
    };
    let table = opened.truth["subject"][0]["table"].as_str().unwrap_or_default().to_owned();
    let key = app.key(&table);
    let mut persons = opened.raw.rows(&table, &key).await;
    persons.sort();
    let step = persons.len().div_ceil(PERSONS).max(1);
    let mut outcomes = Vec::new();
    for person in persons.into_iter().step_by(step) {
        let values: Vec<Value> =
            person.iter().flatten().map(|v| v.parse().map_or_else(|_| Value::text(v), Value::Int)).collect();
        let asked = person.into_iter().flatten().collect::<Vec<_>>().join(",");
        let seed = Seed::Record { system: name.to_owned(), key: values };
        outcomes.extend(app.person(KindId(0), seed, &format!("{table} {asked}"), &Expected::default()).await);
    }
    outcomes
}
