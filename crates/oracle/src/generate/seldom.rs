//! What chance alone reaches seldom, drawn on purpose: rows without a claim that refer to rows that go, actions that few columns
//! have, what leads on from rows of several people, questions with the identities of two.
//!
//! It comes from dice of its own, like what is drawn on top.

use engine::policy::model::Policy;
use engine::schema::Class;
use engine::value::Value;

use super::dice::Dice;
use super::shape::{Column, Shape, Values};
use super::threads::{reference, table, to};
use crate::resolve::Question;
use crate::world::World;

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    let persons = shape.tables.iter().position(|t| t.person.is_some()).expect("tables of persons");
    if dice.chance(90) {
        unclaimed(dice, shape, persons);
    }
    if dice.chance(60) {
        actions(dice, shape, persons);
    }
    if dice.chance(50) {
        several(dice, shape, persons);
    }
}

/// Who wrote a remark on a row that somebody owns is nobody's business: the remark has no claim, and loses its tie.
fn unclaimed(dice: &mut Dice, shape: &mut Shape, persons: usize) {
    let columns = vec![reference("who", persons), Column::new("c0", Class::Text, true, Values::Name)];
    let drafts = table(shape, "drafts", columns, vec![to("owner", "who", shape, persons, "")]);
    shape.tables[drafts].decided.push("c0 = \"user.name\"".to_owned());
    for name in ["remarks", "replies"] {
        let untie = dice.pick(&["", "", ", untie = \"null\""]);
        let link = to("author", "up", shape, drafts, untie);
        table(shape, name, vec![reference("up", drafts)], vec![link]);
    }
}

/// Rows that stay, with what only some columns are changed to.
fn actions(dice: &mut Dice, shape: &mut Shape, persons: usize) {
    let named = Values::Reference { table: persons, wild: true };
    let columns = vec![
        Column::new("who", Class::Text, true, named),
        Column::new("alias", Class::Text, true, Values::Code),
        Column::new("secret", Class::Text, true, Values::Body),
        Column::new("seen_from", Class::Text, true, Values::Ip),
    ];
    let untie = dice.pick(&["pseudonym", "pseudonym", "blank", "null"]);
    let links = vec![to("author", "who", shape, persons, &format!(", untie = \"{untie}\""))];
    let memos = table(shape, "memos", columns, links);
    let of = dice.pick(&["of = \"who\"", "of = \"author\""]);
    let said = [
        "who = \"system.operations\"".to_owned(),
        format!("alias = {{ category = \"user.content\", {of}, erase = \"pseudonym\" }}"),
        format!("secret = {{ category = \"user.content\", {of}, erase = \"shred\" }}"),
        format!("seen_from = {{ category = \"user.device.ip_address\", {of}, erase = \"truncate_ip\" }}"),
    ];
    shape.tables[memos].decided.extend(said);
}

/// What two people own and a third may see, with what one of them put in.
fn several(dice: &mut Dice, shape: &mut Shape, persons: usize) {
    let columns = vec![reference("who", persons), reference("too", persons), reference("seen_by", persons)];
    let links = vec![
        to("co_owner", "who", shape, persons, ""),
        to("co_owner", "too", shape, persons, ""),
        to("viewer", "seen_by", shape, persons, ""),
    ];
    let rooms = table(shape, "rooms", columns, links);
    for (name, role) in [("things", "owner"), ("talks", "author")] {
        let fate = dice.pick(&["", "", ", on_erase = \"scrub\"", ", on_erase = \"untie\""]);
        let columns = vec![reference("up", rooms), Column::new("c0", Class::Text, true, Values::Name)];
        let link = to(role, "up", shape, rooms, fate);
        let below = table(shape, name, columns, vec![link]);
        shape.tables[below].decided.push("c0 = \"user.name\"".to_owned());
    }
}

/// Sometimes the address of somebody else is given as well.
pub(super) fn ask(dice: &mut Dice, policy: &Policy, world: &World, question: &mut Question) {
    if !dice.chance(60) {
        return;
    }
    let of_many = policy.kinds[question.kind.0].populations.iter().filter(|p| p.many);
    let given = of_many.flat_map(|p| world.rows(p.table).iter().map(move |row| (p, row))).filter_map(|(p, row)| {
        let email = p.identities.iter().find(|i| i.name == "email" && i.table == p.table)?;
        Some(row[email.column].clone())
    });
    let given: Vec<Value> = given.collect();
    if !given.is_empty() {
        question.identities.push(("email".to_owned(), dice.pick(&given)));
    }
}
