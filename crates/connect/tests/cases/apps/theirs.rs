//! Applications of the folder of cases under a map of ours, with their own loader and scorer: for each person of whom the
//! case knows what is theirs.

use std::path::Path;

use connect::{Options, Systems};
use engine::policy::model::KindId;

use super::app::{App, Expected};
use super::tools::Tools;
use crate::asked::Untried;
use crate::open::Opened;
use crate::outcome::Outcome;

/// Tries the application for each of its persons, each in a database of its own; nothing where the case cannot be had.
pub async fn theirs(cases: &Path, name: &str) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (subject, asked) in Tools::subjects(cases, name) {
        let Some(opened) = Opened::case(cases, name) else { break };
        let case = format!("{name}: {subject}");
        let options = Options { schema: "public".into(), ..Options::default() };
        let system = connect::open(opened.kind, &opened.address, Some(&opened.address), options).expect("it opens");
        let systems = Systems::from([(name.to_owned(), system)]);
        let app = match App::new("cases", name, opened.raw.clone(), systems).await {
            Ok(app) => app,
            Err(Untried::Later(why)) => return vec![Outcome::untried("cases", &case).later(why)],
            Err(Untried::Wrong(why)) => return vec![Outcome::untried("cases", &case).because(why)],
        };
        let tools = Tools::new(cases, &opened, &subject);
        let expected = Expected { tools: Some(tools), ..Expected::default() };
        outcomes.extend(app.person(KindId(0), asked, &subject, &expected).await);
    }
    outcomes
}
