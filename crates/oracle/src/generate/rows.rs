//! Rows with few distinct values, so that joins hit, and a question about one of the persons.

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{KindId, Match, Policy, TableId};
use engine::schema::Class;
use engine::value::Value;

use super::dice::Dice;
use super::shape::{Column, Shape, Table, Values};
use crate::matching::normal;
use crate::resolve::Question;
use crate::world::World;

const EMAILS: &[&str] = &[
    "ann@x.example",
    "ann@x.example",
    "Ann@X.Example",
    "joann@x.example",
    "ann@x.example.org",
    "bo@y.example",
    "BO@y.example",
    "Ødegård@z.example",
    "O\u{308}degard@z.example",
    "n/a",
    "",
];
const PHONES: &[&str] = &["+47 22 12 34 56", "22123456", "(22) 22-22-22", "+1 415 555 2671", "12345", "n/a", ""];
const CODES: &[&str] = &["C-1", "c-1", "C-2", "4711", "n/a", ""];
/// Objects that may be there: at most as many as a table has rows.
const OBJECTS: [&str; 8] = ["a", "f/a", "b", "f/b", "f/pictures/C-1.png", "c", "f/c", "d"];
const NAMED: &[&str] = &["a", "a", "b", "f/a", "c", "d", "e", "pictures/C-1.png", ""];
const PICTURED: [&str; 8] = ["C-1", "C-2", "4711", "c-1", "n/a", "C-3", "C-4", "C-5"];
const NAMES: &[&str] = &["Ann Lee", "Ann", "May", "Bo Berg", "Li", "Ødegård"];
const WORDS: &[&str] = &[
    "hello",
    "may",
    "please call",
    "thanks,",
    "<ann@x.example>",
    "ann@x.example.",
    "x-ann@x.example",
    "joann@x.example",
    "ann@x.example.org",
    "ANN LEE!",
    "ann_lee",
    "C-1",
    "C-12",
    "tel 22123456",
    "+47 22 12 34 56",
    "bo@y.example",
    "Ødegård@z.example",
    "4711",
    "14711",
    "Ann",
    "Annie",
    "😀",
];

const TOLD: &[&str] = &[
    "write to ann@x.example",
    "ann@x.example asked, Bo Berg answered",
    "Ann Lee was here",
    "Bo Berg, Li, May",
    "for Ann Lee, Li and Ødegård",
    "May and Li and Bo Berg",
    "bo@y.example called",
    "Bo Berg and Ann",
    "seen by Ødegård@z.example",
    "C-1 and C-2 again",
    "tel 22123456",
];

/// Fills every table.
pub(super) fn world(dice: &mut Dice, apart: &mut Dice, top: &mut Dice, shape: &Shape, policy: &Policy) -> World {
    let mut world = World::new(policy);
    let files = |t: &Table| shape.systems[t.system].files;
    let count = |t: &Table| 2 + if files(t) { &mut *apart } else { &mut *dice }.below(6);
    let counts: Vec<usize> = shape.tables.iter().map(count).collect();
    for (t, table) in shape.tables.iter().enumerate() {
        let name = shape.systems[table.system].name;
        let id = policy.system_named(name).and_then(|s| policy.table_named(s, &table.name));
        for n in 0..counts[t] {
            let mut of = |c: &Column| {
                let on_top = c.values.on_top() || c.is_on_top();
                let dice = match files(table) || c.values.apart() {
                    _ if on_top => &mut *top,
                    true => &mut *apart,
                    false => &mut *dice,
                };
                cell(dice, c, n, &counts)
            };
            let row = table.columns.iter().map(&mut of).collect();
            if let Some(id) = id {
                world.insert(id, row);
            }
        }
    }
    world
}

/// Of bytes most are text.
fn cell(dice: &mut Dice, column: &Column, nth: usize, counts: &[usize]) -> Value {
    match (column.class, value(dice, column, nth, counts)) {
        (Class::Bytes, Value::Text(text)) => {
            let mut bytes = text.into_bytes();
            bytes.extend(dice.chance(15).then_some(0xff));
            Value::Bytes(bytes)
        }
        (_, value) => value,
    }
}

fn value(dice: &mut Dice, column: &Column, nth: usize, counts: &[usize]) -> Value {
    match column.values {
        Values::Key => return Value::Int(nth as i64 + 1),
        Values::Object => return Value::text(OBJECTS[nth]),
        Values::Picture => return Value::text(format!("pictures/{}.png", PICTURED[nth])),
        Values::PictureOf => return Value::text(PICTURED[nth]),
        _ => {}
    }
    if column.nullable && dice.chance(if column.values == Values::Tenant { 4 } else { 14 }) {
        return Value::Null;
    }
    let number = match column.values {
        Values::Reference { table, wild } => match dice.below(100) {
            0..8 if wild => 0,
            8..14 if wild => 9,
            _ => 1 + dice.below(counts[table].min(4)),
        },
        Values::Tenant => 1 + dice.below(2),
        Values::Number => dice.below(5),
        Values::Flag => usize::from(dice.chance(15)),
        Values::Amount => dice.pick(&[0, 7, 10, 99, 100, 4711, 123_456]),
        Values::Epoch => dice.pick(&[0, 1, 1_614_834_367, 1_614_834_367_123, 1_614_834_367_123_456]),
        Values::Made => dice.pick(&[1_610_668_799_999, 1_610_668_800_000, 1_300_000_000_000, 1_700_000_000_000]),
        Values::Seen { table } => {
            let mut key = || 1 + dice.below(counts[table].min(4));
            let (a, b, c) = (key(), key(), key());
            let list = format!("[{{\"id\":{b},\"by\":\"x\"}}, {{\"id\":\"{c}\"}}]");
            return Value::text(format!("{{\"seen\": [{a}, \"{b}\", 9], \"list\": {list}, \"n\": 1.50}}"));
        }
        Values::Ticket { table } => {
            let key = 1 + dice.below(counts[table].min(4));
            return Value::text(dice.pick(&[
                format!("Ticket-{key}"),
                format!("a/b/user-{key}"),
                format!("Ticket {key}"),
            ]));
        }
        Values::Document => return Value::text(document(dice)),
        Values::Query => {
            let said = dice.pick(&["ann%40x.example", "ann@x.example", "Bo+Berg", "Ann+Lee", "C-1", ""]);
            return Value::text(format!("https://h.example/p?by={said}&n=5&{said}=1#end"));
        }
        Values::Formed => {
            let (a, b) = (dice.pick(TOLD), dice.pick(TOLD));
            return Value::text(dice.pick(&[
                format!("from {a}: {b}"),
                format!("{a}, by {b}"),
                format!("{a} from {b}"),
            ]));
        }
        text => return Value::text(words(dice, text)),
    } as i64;
    if column.class == Class::Text { Value::text(number.to_string()) } else { Value::Int(number) }
}

fn words(dice: &mut Dice, values: Values) -> String {
    let list = match values {
        Values::Email => EMAILS,
        Values::Phone => PHONES,
        Values::Code => CODES,
        Values::Sum => &["X", "Y", "Z", ""],
        Values::Name => NAMES,
        Values::Named => NAMED,
        Values::TenantName => &["north", "south"],
        Values::Told => TOLD,
        Values::Status => &["open", "closed"],
        Values::Ip => &["192.168.7.9", "10.0.0.1", "2001:db8:1:2::3", "::1", "10.0.0.300", "n/a", ""],
        Values::Zip => &["10115", "0150", "SW1A 1AA", "7", ""],
        Values::OwnerType => &["User", "Thing", "Other"],
        _ => {
            let many = dice.below(5);
            return (0..many).map(|_| dice.pick(WORDS)).collect::<Vec<_>>().join(" ");
        }
    };
    dice.pick(list).to_owned()
}

fn document(dice: &mut Dice) -> String {
    let said = dice.pick(&["ann@x.example", "ann\\u0040x.example", "Ann Lee", "Bo Berg", "C-1", "x"]);
    let told = dice.pick(TOLD);
    let number = dice.pick(&["22123456", "4711", "1.50", "true", "null"]);
    let list = format!("[{{\"by\": \"{said}\", \"n\": {number}}}, {number}]");
    dice.pick(&[
        format!("{{\"by\": \"{said}\", \"told\": \"{told}\", \"list\": {list}}}"),
        format!("{{\"by\": {{\"name\": \"{said}\"}}, \"{said}\": {number}}}"),
        format!("{{\"told\": \"{told}\", \"n\": [{number}]}}"),
        format!("{{\"told\": \"{told}\""),
        format!("[\"{said}\"]"),
    ])
}

/// Asks about a record, mostly by values it has.
pub(super) fn question(dice: &mut Dice, policy: &Policy, world: &World) -> Question {
    let kind = KindId(dice.below(policy.kinds.len()));
    let populations = &policy.kinds[kind.0].populations;
    let population = &populations[dice.below(populations.len())];
    let rows = world.rows(population.table);
    let email = population.identities.iter().find(|i| i.name == "email").map_or(0, |i| i.column);
    let usable: Vec<usize> =
        (0..rows.len()).filter(|&r| normal(&rows[r][email], Match::Email, None).is_some()).collect();
    let row = if usable.is_empty() || dice.chance(12) { dice.below(rows.len()) } else { dice.pick(&usable) };
    let row = &rows[row];
    let mut identities = Vec::new();
    for identity in &population.identities {
        let own_email = identity.name == "email" && identity.table == population.table;
        if own_email || dice.chance(25) {
            let beside = world.rows(identity.table);
            let row = if identity.table == population.table { row } else { &beside[dice.below(beside.len())] };
            let given = if dice.chance(5) { Value::text("nobody@else.example") } else { row[identity.column].clone() };
            identities.push((identity.name.clone(), given));
        }
    }
    let tenant = population.tenant.as_ref().filter(|_| dice.chance(80)).map(|tenant| match tenant.through {
        Some((table, column)) => lead(policy, world, table, column, &row[tenant.column]),
        None => row[tenant.column].clone(),
    });
    // Told by what is there already, so that older seeds ask the same of the same rows.
    let nth = rows.len() + identities.len();
    let words = if nth.is_multiple_of(5) { vec![NAMES[nth % NAMES.len()].to_owned()] } else { Vec::new() };
    Question {
        kind,
        tenant: tenant.filter(|t| !t.is_null()),
        identities,
        sweep: nth.is_multiple_of(2),
        words,
        today: crate::vector::TODAY.to_owned(),
        left: BTreeSet::new(),
        held: BTreeMap::new(),
    }
}

pub(super) fn lead(policy: &Policy, world: &World, table: TableId, column: usize, value: &Value) -> Value {
    let key = policy.table(table).key[0];
    let found = world.rows(table).iter().find(|r| r[key] == *value);
    found.map_or(Value::Null, |r| r[column].clone())
}
