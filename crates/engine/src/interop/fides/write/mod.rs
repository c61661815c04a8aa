//! What was read, as the files of a folder.

mod map;
mod policy;
mod purposes;
mod report;

use std::collections::BTreeSet;

use super::edges::Engine;
use super::names::Taken;
use super::read::Notes;
use super::relate::World;
use super::{Circumstances, Counts, Imported, Said};
use crate::checks::categories::built_in;
use crate::source::Source;

/// Writes all files, the report last.
pub(super) fn folder(said: &Said, circumstances: &Circumstances, mut notes: Notes) -> Imported {
    let world = World::new(&said.datasets, &mut notes);
    let mut counts = Counts { systems: world.datasets.len(), kinds: world.kinds.len(), ..Counts::default() };
    let mut taken = Taken::default();
    let names: Vec<String> = world.datasets.iter().map(|d| taken.name(&d.key, '-', "system")).collect();
    let mut used = Used::default();
    let mut folder = Source::default();
    let maps: Vec<String> = (0..world.datasets.len())
        .map(|nth| match world.engines[nth] {
            Engine::Other(what) => map::by_hand(&world, nth, what, &names, &mut notes),
            _ => map::map(&world, nth, &names, &mut used, &mut counts, &mut notes),
        })
        .collect();
    let (purposes, recipients, retention) = purposes::all(said, &mut used, &mut counts, &mut notes);
    folder.add("policy.toml", policy::policy(said, &world, circumstances, &used, &mut notes));
    for (name, text) in [("purposes.toml", purposes), ("recipients.toml", recipients), ("retention.toml", retention)] {
        if !text.is_empty() {
            folder.add(name, text);
        }
    }
    for (name, map) in names.iter().zip(maps) {
        folder.add(map_path(name), map);
    }
    notes.left_out.sort();
    notes.decisions.sort();
    folder.add("IMPORT.md", report::report(&notes, &counts));
    Imported { folder, counts, left_out: notes.left_out, decisions: notes.decisions }
}

fn map_path(system: &str) -> String {
    format!("systems/{system}.toml")
}

/// Names of other lists that maps and purposes use.
#[derive(Debug, Default)]
struct Used {
    categories: BTreeSet<String>,
    /// Data subjects of purposes.
    subjects: BTreeSet<String>,
}

impl Used {
    /// The categories that the taxonomy lacks.
    fn own_categories(&self) -> impl Iterator<Item = &String> {
        self.categories.iter().filter(|c| !built_in().contains(*c))
    }
}
