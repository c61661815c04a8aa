//! Rows that a hold keeps although the person has no claim on them, and what they keep with them: chance alone draws them seldom.

use engine::policy::model::Policy;
use engine::schema::Class;

use super::dice::Dice;
use super::shape::{Column, Shape, Values};
use super::threads::{reference, table, to};

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

/// A hold on the stamps, seldom on what is written.
pub(super) fn hold(dice: &mut Dice, policy: &Policy) -> Option<String> {
    let name = dice.pick(&["stamps", "stamps", "stamps", "pleas"]);
    let table = policy.tables.iter().find(|t| t.name == name)?;
    let place = format!("{}:{name}", policy.system(table.system).name);
    Some(format!("[hold.drawn]\nreason = \"Claim\"\nauthority = \"Court\"\ntables = [\"{place}\"]\n"))
}
