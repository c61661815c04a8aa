//! Is each verified promise verified by its mechanisms? One mechanism at a time is taken away, and a check must notice.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CHECKS, Covered, Kept, State, World};
use crate::lint::spoiled;
use crate::policy::model::Said;

/// One mechanism of one promise, taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mutation {
    /// The promise.
    pub promise: String,
    /// The mechanism that was taken away.
    pub mechanism: String,
    /// The check that noticed, and what it said; none: nothing did.
    pub noticed: Option<(String, String)>,
}

/// Takes away each mechanism of each verified promise, and runs its checks again. They are not told that it is gone.
pub fn mutate(world: &World<'_>, covered: &[Covered]) -> Vec<Mutation> {
    let verified = |id: &str| covered.iter().any(|c| c.id == id && c.state == State::Verified);
    let mut mutations = Vec::new();
    // Several promises may rest on one mechanism.
    let mut rests: BTreeMap<&str, Said> = BTreeMap::new();
    for promise in &world.said.promises.list {
        let Some(id) = promise.id.as_ref().filter(|id| verified(id)) else { continue };
        for keeps in &promise.mechanisms {
            let said = rests.entry(&keeps.is.it).or_insert_with(|| without(world.said, &keeps.is.it));
            let noticed = noticed(&World { said, ..*world }, Kept { promise, keeps });
            mutations.push(Mutation { promise: id.it.clone(), mechanism: keeps.is.it.clone(), noticed });
        }
    }
    mutations
}

/// What is said without a mechanism. Without a lint, its mistake would be there.
fn without(said: &Said, mechanism: &str) -> Said {
    match mechanism.strip_prefix("lint:") {
        Some(lint) => spoiled(said, lint),
        None => said.without(mechanism),
    }
}

/// The first check of the promise's capabilities that does not pass.
fn noticed(world: &World<'_>, kept: Kept<'_>) -> Option<(String, String)> {
    let serves = |name: &str| kept.promise.capabilities.iter().any(|c| c.it == name);
    let own = CHECKS.iter().filter(|c| c.capabilities.iter().any(|name| serves(name)));
    own.filter(|c| c.families.contains(&kept.parts().0))
        .find_map(|check| Some((check.name.to_owned(), (check.run)(world, kept).err()?)))
}
