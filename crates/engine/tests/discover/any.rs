//! Databases of any shape: names that mean much or nothing, keys that are there or not, rows with marked values.

use engine::schema::{Class, Column, ForeignKey, OnDelete, Schema, Table};
use engine::value::Value;
use proptest::prelude::*;

/// Stands in every text that a row holds, and in no name.
pub const MARK: &str = "qzx9";

/// A database in memory.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its structure.
    pub schema: Schema,
    /// Tables that may not be read.
    pub closed: Vec<String>,
    /// Rows by table, in the order of the schema's columns.
    held: Vec<(String, Vec<Vec<Value>>)>,
}

impl Database {
    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[Vec<Value>] {
        self.held.iter().find(|(name, _)| name == table).map_or(&[], |(_, rows)| rows)
    }

    /// Where a column stands in a row.
    pub fn place(&self, table: &str, column: &str) -> usize {
        let table = self.schema.table(table).expect("a known table");
        table.columns.iter().position(|c| c.name == column).expect("a known column")
    }
}

const TABLES: [&str; 16] = [
    "users",
    "customers",
    "orders",
    "order_items",
    "comments",
    "files",
    "sessions",
    "user_profiles",
    "organizations",
    "kinds",
    "messages",
    "a.b:c",
    "select \"x\"",
    "@odd",
    "ny\ntabell",
    "log",
];

const COLUMNS: [&str; 30] = [
    "user_id",
    "customer_id",
    "order_id",
    "created_by_id",
    "author",
    "owner_id",
    "organization_id",
    "comment_id",
    "file_id",
    "email",
    "phone",
    "username",
    "name",
    "body",
    "note",
    "password",
    "token",
    "ip",
    "birth_date",
    "amount",
    "kind_id",
    "item_type",
    "item_id",
    "is_admin",
    "created_at",
    "data",
    "sha",
    "weird.name",
    "quo\"te",
    "parent_id",
];

const CLASSES: [Class; 12] = [
    Class::Int,
    Class::Bool,
    Class::Real,
    Class::Decimal,
    Class::Text,
    Class::Bytes,
    Class::Uuid,
    Class::Json,
    Class::Date,
    Class::Time,
    Class::Timestamp,
    Class::Other,
];

/// Any database.
pub fn database() -> impl Strategy<Value = Database> {
    let tables = prop::sample::subsequence(TABLES.to_vec(), 1..=7);
    tables.prop_flat_map(|names| {
        let each: Vec<_> = names.iter().map(|n| table(n)).collect();
        (each, prop::collection::vec(any::<u32>(), 64)).prop_map(|(tables, dice)| assemble(tables, &dice))
    })
}

fn table(name: &str) -> impl Strategy<Value = Table> + use<> {
    let name = name.to_owned();
    let columns = prop::sample::subsequence(COLUMNS.to_vec(), 0..=9);
    (columns, prop::collection::vec(any::<u32>(), 40)).prop_map(move |(names, dice)| {
        let mut columns = vec![column("id", Class::Int, 0)];
        let mut dice = dice.into_iter().cycle();
        let mut roll = |n: u32| dice.next().unwrap_or_default() % n;
        for name in names {
            // Mostly what the name suggests, sometimes anything.
            let suggested = if name.ends_with("_id") { Class::Int } else { Class::Text };
            let class = if roll(4) == 0 { CLASSES[roll(12) as usize] } else { suggested };
            columns.push(column(name, class, roll(64)));
        }
        let all: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
        let key = match roll(6) {
            0 => Vec::new(),
            1 => all.iter().take(2).cloned().collect(),
            _ => vec!["id".to_owned()],
        };
        let unique = if roll(3) == 0 { vec![vec![all[roll(all.len() as u32) as usize].clone()]] } else { Vec::new() };
        Table {
            name: name.clone(),
            columns,
            key,
            unique,
            triggers: if roll(8) == 0 { vec!["on_change \"q\"".to_owned()] } else { Vec::new() },
            row_security: roll(20) == 0,
            view: roll(12) == 0,
            no_transactions: roll(20) == 0,
            ..Table::default()
        }
    })
}

fn column(name: &str, class: Class, dice: u32) -> Column {
    Column {
        name: name.to_owned(),
        type_name: format!("{class:?}").to_lowercase(),
        class,
        nullable: dice & 1 == 1,
        default: name == "id" || dice & 14 == 14,
        generated: dice & 48 == 48,
        max_chars: (class == Class::Text && dice & 2 == 2).then_some(1 + dice),
    }
}

/// Adds foreign keys between the tables, and rows.
fn assemble(tables: Vec<Table>, dice: &[u32]) -> Database {
    let mut schema = Schema { tables };
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    let mut dice = dice.iter().copied().cycle();
    let mut roll = |n: usize| dice.next().unwrap_or_default() as usize % n.max(1);
    let targets: Vec<String> =
        schema.tables.iter().filter(|t| t.key == ["id"] && !t.view).map(|t| t.name.clone()).collect();
    let mut closed = Vec::new();
    let mut held = Vec::new();
    for table in &mut schema.tables {
        let ints: Vec<String> =
            table.columns.iter().filter(|c| c.class == Class::Int && c.name != "id").map(|c| c.name.clone()).collect();
        for column in ints {
            if !targets.is_empty() && roll(3) == 0 {
                table.foreign_keys.push(ForeignKey {
                    name: String::new(),
                    columns: vec![column],
                    table: targets[roll(targets.len())].clone(),
                    target_columns: vec!["id".to_owned()],
                    on_delete: [OnDelete::Refuse, OnDelete::Refuse, OnDelete::Cascade, OnDelete::SetNull][roll(4)],
                    deferrable: false,
                });
            }
        }
        if roll(12) == 0 {
            closed.push(table.name.clone());
        }
        let count = [0, 1, 12][roll(3)];
        let rows = (1..=count).map(|n| table.columns.iter().map(|c| cell(c, n, roll(5))).collect()).collect();
        held.push((table.name.clone(), rows));
    }
    Database { schema, closed, held }
}

fn cell(column: &Column, n: i64, dice: usize) -> Value {
    if column.nullable && dice == 0 {
        return Value::Null;
    }
    match column.class {
        Class::Int => Value::Int(if dice == 1 { 0 } else { n }),
        Class::Bool => Value::Int(n % 2),
        Class::Real => Value::Real(n as f64 / 3.0),
        Class::Bytes => Value::Bytes(vec![0, 1, 2]),
        Class::Uuid => Value::Text(format!("0e9c8b6a-0000-4000-8000-0000000000{n:02}")),
        Class::Date => Value::text("1980-05-17"),
        Class::Timestamp => Value::text("2024-05-17 10:00:00"),
        _ => Value::Text(match dice {
            1 => format!("{MARK}{n}@x.example"),
            2 => format!("{MARK} Ola Nordmann {n}, Storgata {n}, wrote to {MARK}@x.example yesterday"),
            3 => format!("+47 900 {MARK} {n:03}"),
            _ => format!("{MARK}-{n}"),
        }),
    }
}
