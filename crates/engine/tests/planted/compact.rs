//! Schemas in a compact notation, one table a line:
//!
//! ```text
//! orders(id int key, buyer int null -> persons.id cascade, code varchar(8) unique, key(a, b)) trigger audit
//! ```
//!
//! After the type: `null`, `default`, `key` (an `int` one is numbered by the database), `unique`, `generated`, `-> table.column [cascade | set_null]`. After the table:
//! `trigger NAME`, `view`, `row_security`, `no_transactions`.

use engine::schema::{Class, Column, ForeignKey, OnDelete, Schema, Table};

/// The schema of some lines; empty ones and those that begin with `#` are left out. A later table replaces an earlier one
/// of the same name.
pub fn schema(lines: &str) -> Schema {
    let mut tables: Vec<Table> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let new = table(line);
        tables.retain(|t| t.name != new.name);
        tables.push(new);
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Schema { tables }
}

fn table(line: &str) -> Table {
    let (name, rest) = line.split_once('(').expect("name(columns)");
    let (inner, after) = rest.rsplit_once(')').expect("a closing bracket");
    let mut table = Table { name: name.trim().to_owned(), ..Table::default() };
    for part in split(inner) {
        member(&mut table, part.trim());
    }
    let mut words = after.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "trigger" => table.triggers.push(words.next().expect("a trigger's name").to_owned()),
            "view" => table.view = true,
            "row_security" => table.row_security = true,
            "no_transactions" => table.no_transactions = true,
            other => panic!("unknown word `{other}`"),
        }
    }
    table
}

/// Splits at commas outside brackets.
fn split(inner: &str) -> Vec<&str> {
    let mut depth = 0;
    let at_comma = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    };
    inner.split(at_comma).collect()
}

fn member(table: &mut Table, part: &str) {
    let list = |inner: &str| inner.trim_end_matches(')').split(',').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    if let Some(inner) = part.strip_prefix("key(") {
        table.key = list(inner);
    } else if let Some(inner) = part.strip_prefix("unique(") {
        table.unique.push(list(inner));
    } else {
        column(table, part);
    }
}

fn column(table: &mut Table, part: &str) {
    let mut words = part.split_whitespace().peekable();
    let name = words.next().expect("a column's name").to_owned();
    let type_name = words.next().expect("a column's type").to_owned();
    let (class, max_chars) = class(&type_name);
    let mut column =
        Column { name: name.clone(), type_name, class, nullable: false, default: false, generated: false, max_chars };
    while let Some(word) = words.next() {
        match word {
            "null" => column.nullable = true,
            "generated" => column.generated = true,
            "key" => {
                table.key.push(name.clone());
                column.default |= column.class == Class::Int;
            }
            "default" => column.default = true,
            "unique" => table.unique.push(vec![name.clone()]),
            "->" => {
                let (to, target) = words.next().and_then(|r| r.split_once('.')).expect("table.column");
                let on_delete = match words.peek() {
                    Some(&"cascade") => OnDelete::Cascade,
                    Some(&"set_null") => OnDelete::SetNull,
                    _ => OnDelete::Refuse,
                };
                if on_delete != OnDelete::Refuse {
                    words.next();
                }
                table.foreign_keys.push(ForeignKey {
                    name: String::new(),
                    columns: vec![name.clone()],
                    table: to.to_owned(),
                    target_columns: vec![target.to_owned()],
                    on_delete,
                    deferrable: false,
                });
            }
            other => panic!("unknown word `{other}`"),
        }
    }
    table.columns.push(column);
}

fn class(type_name: &str) -> (Class, Option<u32>) {
    if let Some(n) = type_name.strip_prefix("varchar(") {
        return (Class::Text, n.trim_end_matches(')').parse().ok());
    }
    let class = match type_name {
        "int" => Class::Int,
        "bool" => Class::Bool,
        "real" => Class::Real,
        "decimal" => Class::Decimal,
        "text" => Class::Text,
        "bytes" => Class::Bytes,
        "uuid" => Class::Uuid,
        "json" => Class::Json,
        "date" => Class::Date,
        "timestamp" => Class::Timestamp,
        other => panic!("unknown type `{other}`"),
    };
    (class, None)
}
