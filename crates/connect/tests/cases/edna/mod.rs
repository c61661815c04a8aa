//! Applications whose people leave for a while and come back: each with a map of ours and one profile for each way of
//! leaving. What leaving does is compared with what is known of it; after the return every cell is as it was.

mod apart;
mod apps;
mod away;
mod dump;
mod lint;
mod meanwhile;
mod place;
mod rows;
mod stage;
mod theirs;
mod trials;

use std::path::Path;

use crate::outcome::Outcome;

/// What every outcome of these cases is listed under.
const GROUP: &str = "edna";

/// Tries one application; nothing, with a printed line, where its material is absent.
pub async fn run(cases: &Path, name: &str) -> Vec<Outcome> {
    let folder = cases.join(format!("edna-{name}"));
    if !folder.is_dir() {
        eprintln!("skipped edna-{name}: there is no {}", folder.display());
        return Vec::new();
    }
    let app = apps::APPS.iter().find(|app| app.name == name).expect("an application of the list");
    let mut outcomes = lint::all(app, &folder).await;
    outcomes.extend(trials::all(app, &folder).await);
    outcomes
}
