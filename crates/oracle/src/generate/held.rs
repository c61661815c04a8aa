//! Rows that a hold keeps although the person has no claim on them, and what they keep with them: chance alone draws them seldom.

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::Policy;
use engine::schema::Class;

use super::dice::Dice;
use super::rows::lead;
use super::shape::{Column, Shape, Values};
use super::threads::{reference, table, to};
use crate::resolve::{Question, resolve};
use crate::vector::TODAY;
use crate::world::World;

/// Three tables in the first system: what somebody wrote, stamps on it, on which no right is passed on, and what others put
/// below a stamp.
pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    let persons = shape.tables.iter().position(|t| t.person.is_some()).expect("tables of persons");
    let by = dice.pick(&["author", "author", "mention"]);
    let link = to(by, "who", shape, persons, ", on_erase = \"delete\"");
    let pleas = table(shape, "pleas", vec![reference("who", persons)], vec![link]);
    let untie = dice.pick(&["", ", untie = \"null\"", ", untie = \"delete\""]);
    let link = to("owner", "up", shape, pleas, untie);
    let stamps = table(shape, "stamps", vec![reference("up", pleas)], vec![link]);
    let links = vec![to("part", "up", shape, stamps, ""), to("owner", "who", shape, persons, "")];
    let columns =
        vec![reference("up", stamps), reference("who", persons), Column::new("c0", Class::Text, true, Values::Name)];
    let seals = table(shape, "seals", columns, links);
    shape.tables[seals].decided.push("c0 = \"user.name\"".to_owned());
}

/// Whom a hold on a kind names, in some cases.
pub(super) fn whom(dice: &mut Dice, policy: &Policy, world: &World) -> Option<(String, Question)> {
    let hold = policy.holds.first().filter(|_| dice.chance(50))?;
    let kind = hold.kind?;
    let population = dice.pick(&policy.kinds[kind.0].populations);
    let rows = world.rows(population.table);
    let email = population.identities.iter().find(|i| i.name == "email" && i.table == population.table)?;
    let row = rows.get(dice.below(rows.len().max(1)))?;
    let tenant = population.tenant.as_ref().map(|tenant| match tenant.through {
        Some((table, column)) => lead(policy, world, table, column, &row[tenant.column]),
        None => row[tenant.column].clone(),
    });
    let identities = vec![("email".to_owned(), row[email.column].clone())];
    let (today, tenant) = (TODAY.to_owned(), tenant.filter(|t| !t.is_null()));
    let (words, left, held) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    let question = Question { kind, tenant, identities, sweep: false, words, today, left, held };
    resolve(policy, world, &question).ok()?;
    Some((hold.id.clone(), question))
}

/// A hold on the stamps, seldom on what is written.
pub(super) fn hold(dice: &mut Dice, policy: &Policy) -> Option<String> {
    let name = dice.pick(&["stamps", "stamps", "stamps", "pleas"]);
    let table = policy.tables.iter().find(|t| t.name == name)?;
    let place = format!("{}:{name}", policy.system(table.system).name);
    Some(format!("[hold.drawn]\nreason = \"Claim\"\nauthority = \"Court\"\ntables = [\"{place}\"]\n"))
}
