//! Tables of persons: one kind in one or two systems, and perhaps a second kind.

use std::fmt::Write as _;

use engine::schema::Class;

use super::dice::Dice;
use super::shape::{Column, Person, Shape, Table, Tenants, Values};

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    if shape.tenants == Tenants::Through {
        let columns = vec![
            Column::new("id", Class::Int, false, Values::Key),
            Column::new("ref", Class::Text, true, Values::TenantName),
        ];
        shape.tables.push(Table { name: "orgs".to_owned(), columns, ignored: true, ..Table::default() });
        shape.systems[0].ignored.push("orgs".to_owned());
    }
    population(dice, shape, 0, "customers", "customer");
    if dice.chance(40) {
        population(dice, shape, 0, "agents", "agent");
    }
    if shape.systems.len() > 1 && dice.chance(75) {
        population(dice, shape, 1, "accounts", "customer");
    }
}

fn population(dice: &mut Dice, shape: &mut Shape, system: usize, table: &str, kind: &'static str) {
    let person = Person { nobody: dice.chance(40), placeholder: dice.chance(50) };
    let mut columns =
        vec![Column::new("id", Class::Int, false, Values::Key), Column::new("email", Class::Text, true, Values::Email)];
    let mut subject = format!("\n[subject.{kind}]\ntable = \"{table}\"\n");
    let mut keys = Vec::new();
    if kind == "customer" && shape.tenants != Tenants::None {
        // In the second system the value stands in the row itself, whatever the first one does.
        let (values, tenant) = match (shape.tenants, system) {
            (Tenants::Through, 0) => (Values::Tenant, "{ column = \"org\", through = \"orgs.ref\" }"),
            (Tenants::Through, _) => (Values::TenantName, "\"org\""),
            _ => (Values::Tenant, "\"org\""),
        };
        let class = if values == Values::Tenant { Class::Int } else { Class::Text };
        columns.push(Column::new("org", class, true, values));
        let _ = writeln!(subject, "tenant = {tenant}");
        keys.push("tenant = \"org\"".to_owned());
    }
    let mut decided = vec!["email = \"user.contact.email\"".to_owned()];
    let mut identities = vec!["email = { column = \"email\", match = \"email\" }".to_owned()];
    let extra = [
        ("phone", Values::Phone, "user.contact.phone_number", "match = \"phone\""),
        ("code", Values::Code, "user.unique_id", ""),
        ("name", Values::Name, "user.name", "use = \"text\""),
    ];
    for (name, values, category, how) in extra {
        if dice.chance(50) {
            columns.push(Column::new(name, Class::Text, true, values));
            decided.push(format!("{name} = {}", action(dice, category)));
            let more = [how, dice.pick(&["", "", "use = \"hint\"", "match = \"case_insensitive\""])];
            let said = if name == "code" { more[1] } else { more[0] };
            let comma = if said.is_empty() { "" } else { ", " };
            identities.push(format!("{name} = {{ column = \"{name}\"{comma}{said} }}"));
        }
    }
    if dice.chance(25) {
        columns.push(Column::new("is_bot", Class::Int, false, Values::Flag));
        columns.last_mut().expect("just pushed").default = true;
        let _ = writeln!(subject, "when = {{ is_bot = 0 }}");
        decided.push("is_bot = \"system.operations\"".to_owned());
    }
    if dice.chance(65) {
        let _ = writeln!(subject, "records = \"many\"");
    }
    if person.nobody {
        let _ = writeln!(subject, "nobody = [0]");
    }
    let _ = writeln!(subject, "identity = {{ {} }}", identities.join(", "));
    if person.placeholder {
        let _ = writeln!(subject, "[subject.{kind}.placeholder]\nemail = \"{{token:12}}@gone.example\"");
    }
    if dice.chance(30) {
        columns.push(Column::new("note", Class::Text, true, Values::Body));
        decided.push("note = { category = \"user.content\", text = true }".to_owned());
    }
    shape.systems[system].subjects.push_str(&subject);
    let name = table.to_owned();
    shape.tables.push(Table { system, name, columns, decided, keys, person: Some(person), ..Table::default() });
}

fn action(dice: &mut Dice, category: &str) -> String {
    match dice.below(6) {
        0 => format!("{{ category = \"{category}\", erase = \"hash\" }}"),
        1 => format!("{{ category = \"{category}\", erase = \"blank\" }}"),
        2 => format!("{{ category = \"{category}\", erase = {{ replace = \"gone\" }} }}"),
        _ => format!("\"{category}\""),
    }
}
