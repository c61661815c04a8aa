//! What the company is for which data.

use super::Found;
use crate::coverage::{Kept, World};
use crate::decide::roles::{Whose, role};

/// For each kind of data and person that the promise names, the role is the promised one, and none other.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.named(&kept.keeps.is.it);
    let expected = kept.said("we_are", declared).ok_or("no role is declared")?;
    let named = |key: &str| kept.named(key, declared);
    let edition = kept.said("edition", declared);
    for data in open(named("systems")) {
        for population in open(named("populations")) {
            let answer = role(world.said, Whose { data, population, edition });
            if !answer.allowed || answer.because != expected {
                let about: Vec<&str> = [data, population, edition].into_iter().flatten().collect();
                return Err(format!("{}: {} instead of {expected}", about.join(", "), answer.because));
            }
            if !answer.by.contains(&kept.keeps.is.it) {
                return Err(format!("another declaration decides: {}", answer.by.join(", ")));
            }
        }
    }
    Ok(())
}

/// Each of them, or one question that leaves it open.
fn open(named: Vec<&str>) -> Vec<Option<&str>> {
    if named.is_empty() { vec![None] } else { named.into_iter().map(Some).collect() }
}
