//! Tables without a key, with rows that are equal.
//!
//! It comes from dice of its own, like what is drawn on top.

use engine::policy::model::Policy;

use super::dice::Dice;
use super::shape::{Shape, Table, Values};
use crate::world::World;

/// Takes the key from tables that nothing refers to.
pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    for t in 0..shape.tables.len() {
        if can_lose(shape, t) && dice.chance(25) {
            let table = &mut shape.tables[t];
            let number = &mut table.columns[0];
            (number.nullable, number.default, number.values) = (true, false, Values::Number);
            table.keys.push("key = \"all\"".to_owned());
            table.keyless = true;
        }
    }
}

fn can_lose(shape: &Shape, t: usize) -> bool {
    let table = &shape.tables[t];
    let keeps = |t: &Table| t.decided.iter().any(|said| said.contains("keep"));
    let refers = |values: Values| match values {
        Values::Reference { table, .. } | Values::Seen { table } | Values::Ticket { table } => table == t,
        _ => false,
    };
    let free = !table.ignored && table.person.is_none() && !shape.systems[table.system].files;
    let referred = shape.tables.iter().flat_map(|t| &t.columns).any(|c| refers(c.values));
    free && table.columns[0].values == Values::Key && !keeps(table) && !referred
}

/// Some rows of such tables stand there several times.
pub(super) fn repeat(dice: &mut Dice, policy: &Policy, world: World) -> World {
    let mut repeated = World::new(policy);
    for (id, row) in world.all(policy) {
        let times = if policy.table(id.0).keyless && dice.chance(40) { 1 + dice.below(3) } else { 1 };
        (0..times).for_each(|_| repeated.insert(id.0, row.clone()));
    }
    repeated
}
