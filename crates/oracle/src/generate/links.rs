//! Links of every role and direction, with what they say about access, erasure and ties.

use engine::schema::{Class, ForeignKey, OnDelete};

use super::columns::decide;
use super::dice::Dice;
use super::shape::{Column, Shape, Tenants, Values};

pub(super) fn draw(dice: &mut Dice, shape: &mut Shape) {
    for t in 0..shape.tables.len() {
        if shape.tables[t].ignored {
            continue;
        }
        if shape.tables[t].person.is_some() {
            if dice.chance(35) {
                to_row(dice, shape, t, t, "mention");
            }
            continue;
        }
        if shape.tables[t].association {
            let person = person(dice, shape);
            to_row(dice, shape, t, person, "owner");
            let other = mapped(dice, shape);
            to_row(dice, shape, t, other, "part");
            continue;
        }
        if dice.chance(30) {
            thread(dice, shape, t);
        } else {
            (0..1 + dice.below(3)).for_each(|_| one(dice, shape, t));
        }
        decide(dice, &mut shape.tables[t]);
    }
    fates(dice, shape);
}

fn one(dice: &mut Dice, shape: &mut Shape, t: usize) {
    match dice.below(100) {
        0..35 => {
            let target = person(dice, shape);
            let role = dice.pick(&["owner", "owner", "owner", "author", "author", "mention", "mention", "part"]);
            to_row(dice, shape, t, target, role);
        }
        35..70 => {
            let target = mapped(dice, shape);
            let role = dice.pick(&["part", "part", "part", "part", "owner", "author", "mention"]);
            to_row(dice, shape, t, target, role);
        }
        70..80 => to_identity(dice, shape, t),
        80..90 => by(dice, shape, t),
        _ => polymorphic(dice, shape, t),
    }
}

/// Posts of several authors below something that others only take part in.
fn thread(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let above: Vec<usize> = (0..t).filter(|&u| shape.tables[u].person.is_none() && !shape.tables[u].ignored).collect();
    let Some(parent) = (!above.is_empty()).then(|| dice.pick(&above)) else { return one(dice, shape, t) };
    to_row(dice, shape, t, parent, "part");
    let writer = person(dice, shape);
    to_row(dice, shape, t, writer, "author");
    let said = dice.pick(&["", ", of = \"l1\""]);
    shape.tables[t].columns.push(Column::new("body", Class::Text, true, Values::Body));
    shape.tables[t].decided.push(format!("body = {{ category = \"user.content\", text = true{said} }}"));
}

fn person(dice: &mut Dice, shape: &Shape) -> usize {
    let persons: Vec<usize> = (0..shape.tables.len()).filter(|&t| shape.tables[t].person.is_some()).collect();
    dice.pick(&persons)
}

fn mapped(dice: &mut Dice, shape: &Shape) -> usize {
    let tables: Vec<usize> = (0..shape.tables.len()).filter(|&t| !shape.tables[t].ignored).collect();
    dice.pick(&tables)
}

/// One more of those who own a row.
pub(super) fn co_owner(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let target = if dice.chance(70) { person(dice, shape) } else { mapped(dice, shape) };
    to_row(dice, shape, t, target, "co_owner");
}

fn name(shape: &mut Shape, t: usize) -> String {
    let name = format!("l{}", shape.tables[t].names.len());
    shape.tables[t].names.push(name.clone());
    name
}

fn path(shape: &Shape, from: usize, to: usize, column: &str) -> String {
    let target = &shape.tables[to];
    if shape.tables[from].system == target.system {
        format!("{}.{column}", target.name)
    } else {
        format!("{}:{}.{column}", shape.systems[target.system].name, target.name)
    }
}

/// A column that holds keys of another table, or of this one.
struct Reference {
    column: String,
    target: usize,
    nullable: bool,
    as_text: bool,
    declared: bool,
}

fn to_row(dice: &mut Dice, shape: &mut Shape, t: usize, target: usize, role: &str) {
    let name = name(shape, t);
    let same = shape.tables[t].system == shape.tables[target].system;
    let as_text = !shape.tables[t].association && dice.chance(10);
    let mut held = Reference {
        column: format!("r_{name}"),
        target,
        nullable: dice.chance(75),
        as_text,
        // Declared keys lead to tables made before, or to the table itself, so that they form no cycle of tables.
        declared: same && !as_text && target <= t && dice.chance(40),
    };
    let own_nobody = !held.declared && !as_text && dice.chance(10);
    let ways = ways(shape, t, &held, own_nobody);
    // A tie that nothing can undo is no map, and a stand-in record has nobody to refer to.
    held.nullable |= ways.is_empty() || shape.tables[t].person.as_ref().is_some_and(|p| p.placeholder);
    let mut said = if own_nobody { ", nobody = [9]".to_owned() } else { String::new() };
    if !ways.is_empty() && (!held.nullable || dice.chance(60)) {
        said.push_str(&format!(", untie = \"{}\"", dice.pick(&ways)));
    }
    said.push_str(&grants(dice, shape, t));
    push(dice, shape, t, &held);
    let (column, to) = (&held.column, path(shape, t, target, "id"));
    let link = format!("{{ as = \"{name}\", role = \"{role}\", column = \"{column}\", to = \"{to}\"{said} }}");
    shape.tables[t].links.push(link);
}

/// The ways in which its tie can be undone.
fn ways(shape: &Shape, t: usize, held: &Reference, own_nobody: bool) -> Vec<&'static str> {
    let person = shape.tables[held.target].person.as_ref();
    let loose = !held.declared && !held.as_text;
    let possible = [
        ("null", held.nullable),
        ("nobody", own_nobody || (loose && person.is_some_and(|p| p.nobody))),
        ("placeholder", !held.as_text && person.is_some_and(|p| p.placeholder)),
        ("pseudonym", held.as_text),
        ("blank", held.as_text),
        ("delete", shape.tables[t].association),
    ];
    possible.into_iter().filter(|(_, can)| *can).map(|(way, _)| way).collect()
}

fn push(dice: &mut Dice, shape: &mut Shape, t: usize, held: &Reference) {
    let target = shape.tables[held.target].name.clone();
    let table = &mut shape.tables[t];
    let class = if held.as_text { Class::Text } else { Class::Int };
    let values = Values::Reference { table: held.target, wild: !held.declared };
    table.columns.push(Column::new(&held.column, class, held.nullable, values));
    if held.as_text {
        table.decided.push(format!("{} = \"system.operations\"", held.column));
    }
    if held.declared {
        let mut possible = vec![OnDelete::Refuse, OnDelete::Refuse, OnDelete::Cascade];
        possible.extend(held.nullable.then_some(OnDelete::SetNull));
        let name = format!("fk_{}_{}", table.name, held.column);
        let (columns, target_columns) = (vec![held.column.clone()], vec!["id".to_owned()]);
        let on_delete = dice.pick(&possible);
        table.foreign_keys.push(ForeignKey {
            name,
            columns,
            table: target,
            target_columns,
            on_delete,
            deferrable: false,
        });
    }
}

fn grants(dice: &mut Dice, shape: &Shape, t: usize) -> String {
    let mut said = String::new();
    if dice.chance(12) {
        said.push_str(&format!(", on_access = \"{}\"", dice.pick(&["row", "shared", "fact", "withhold"])));
    }
    if dice.chance(12) {
        let names: Vec<&str> = shape.tables[t].columns.iter().map(|c| c.name.as_str()).collect();
        said.push_str(&format!(", hide = [\"{}\"]", dice.pick(&names)));
    }
    said
}

/// A column that holds addresses, joined to an identity within the tenant.
fn to_identity(dice: &mut Dice, shape: &mut Shape, t: usize) {
    if shape.tenants != Tenants::None && !shape.tables[t].columns.iter().any(|c| c.name == "org") {
        let named = shape.tenants == Tenants::Through && shape.tables[t].system != 0;
        let (class, values) = if named { (Class::Text, Values::TenantName) } else { (Class::Int, Values::Tenant) };
        shape.tables[t].columns.push(Column::new("org", class, true, values));
        shape.tables[t].keys.push("tenant = \"org\"".to_owned());
        shape.tables[t].decided.push("org = \"system.operations\"".to_owned());
    }
    let name = name(shape, t);
    let column = format!("e_{name}");
    let role = dice.pick(&["owner", "author", "mention"]);
    let untie = dice.pick(&["", "", ", untie = \"null\"", ", untie = \"blank\"", ", untie = \"pseudonym\""]);
    shape.tables[t].columns.push(Column::new(&column, Class::Text, true, Values::Email));
    shape.tables[t].decided.push(format!("{column} = {{ category = \"user.contact.email\", of = \"{name}\" }}"));
    let link = format!(
        "{{ as = \"{name}\", role = \"{role}\", column = \"{column}\", to = \"@customer.email\", match = \"email\"{untie} }}"
    );
    shape.tables[t].links.push(link);
}

/// A column of another table that points here.
fn by(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let other = mapped(dice, shape);
    if shape.tables[other].association {
        return;
    }
    let name = name(shape, t);
    let column = format!("b{t}_{name}");
    let same = shape.tables[t].system == shape.tables[other].system;
    let declared = same && t < other && dice.chance(30);
    let held = Reference { column: column.clone(), target: t, nullable: true, as_text: false, declared };
    push(dice, shape, other, &held);
    if declared {
        shape.tables[other].ignored_keys.push(column.clone());
    }
    let role = dice.pick(&["part", "part", "owner", "mention"]);
    let from = path(shape, t, other, &column);
    let said = grants(dice, shape, t);
    shape.tables[t].links.push(format!("{{ as = \"{name}\", role = \"{role}\", by = \"{from}\"{said} }}"));
}

/// One column that points into one of two tables, as another column says.
fn polymorphic(dice: &mut Dice, shape: &mut Shape, t: usize) {
    let n = shape.tables[t].names.len();
    let (column, which) = (format!("p{n}"), format!("p{n}_type"));
    let targets = [person(dice, shape), mapped(dice, shape)];
    let values = Values::Reference { table: targets[0], wild: true };
    shape.tables[t].columns.push(Column::new(&column, Class::Int, true, values));
    shape.tables[t].columns.push(Column::new(&which, Class::Text, false, Values::OwnerType));
    shape.tables[t].decided.push(format!("{which} = \"system.operations\""));
    for (target, word) in targets.into_iter().zip(["User", "Thing"]) {
        let name = name(shape, t);
        let role = dice.pick(&["owner", "author", "mention", "part"]);
        let to = path(shape, t, target, "id");
        let link = format!(
            "{{ as = \"{name}\", role = \"{role}\", column = \"{column}\", to = \"{to}\", when = {{ {which} = \"{word}\" }} }}"
        );
        shape.tables[t].links.push(link);
    }
}

/// `on_erase`, now that all columns are there.
fn fates(dice: &mut Dice, shape: &mut Shape) {
    for t in 0..shape.tables.len() {
        for l in 0..shape.tables[t].links.len() {
            if !dice.chance(28) {
                continue;
            }
            let has_status = shape.tables[t].columns.iter().any(|c| c.name == "status");
            let loose: Vec<String> = shape.tables[t]
                .columns
                .iter()
                .filter(|c| c.nullable && c.name.starts_with('c'))
                .map(|c| c.name.clone())
                .collect();
            let said = match dice.below(10) {
                0..5 => format!("\"{}\"", dice.pick(&["delete", "scrub", "untie", "none"])),
                5..8 => keep(dice, shape, t),
                8 if has_status => "[{ when = { status = \"open\" }, do = \"delete\" }, { do = \"untie\" }]".to_owned(),
                _ if !loose.is_empty() => format!("{{ null = [\"{}\"] }}", dice.pick(&loose)),
                _ => "\"scrub\"".to_owned(),
            };
            let link = &mut shape.tables[t].links[l];
            link.truncate(link.len() - 2);
            link.push_str(&format!(", on_erase = {said} }}"));
        }
    }
}

fn keep(dice: &mut Dice, shape: &Shape, t: usize) -> String {
    if dice.chance(40) {
        return "{ keep = \"tax\" }".to_owned();
    }
    let target = person(dice, shape);
    let names: Vec<&str> = shape.tables[target].columns[1..].iter().map(|c| c.name.as_str()).collect();
    let column = path(shape, t, target, dice.pick(&names));
    format!("{{ keep = \"tax\", with = [\"{column}\"] }}")
}
