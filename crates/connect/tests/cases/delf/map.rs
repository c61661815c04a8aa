//! From schemas of deletion to data maps (LANGUAGE 1.8).

use std::fmt::Write as _;

use super::joins::{Goes, Join, joins};
use super::read::Object;
use crate::k9db::map::{POLICY, SYSTEM, quoted};
use crate::k9db::sql::Table;

/// The policy folder in which objects of one kind are persons: path and text of each file.
pub fn folder(objects: &[Object], tables: &[Table], person: &str, kind: &str) -> Vec<(String, String)> {
    let system = format!("[system]\nkind = \"{kind}\"\ncountry = \"NO\"\nconnect = {{ env = \"CASE\" }}\n");
    let map = system + &map(objects, tables, person);
    vec![("policy.toml".to_owned(), POLICY.to_owned()), (format!("systems/{SYSTEM}.toml"), map)]
}

fn map(objects: &[Object], tables: &[Table], person: &str) -> String {
    let joins = joins(objects, tables);
    let of = |name: &str| objects.iter().find(|o| o.name == name);
    let mut text = String::new();
    let mut kept = Vec::new();
    for table in tables {
        let name = quoted(&table.name);
        let own: Vec<&Join> = joins.iter().filter(|j| j.table == table.name).collect();
        let object = of(&table.name);
        if object.map_or(own.is_empty(), |o| o.deletion == "not_deleted") {
            kept.push(name);
            continue;
        }
        if table.name == person {
            let id = quoted(object.map_or("", |o| &o.id));
            let _ = writeln!(text, "\n[subject.{name}]\ntable = {name}\nidentity = {{ record = {id} }}");
        }
        let links: String = own.iter().map(|j| link(j, person)).collect();
        let _ = writeln!(text, "\n[table.{name}]\nlinks = [\n{links}]");
        if let Some(key) = object.filter(|o| !table.columns.iter().any(|c| c.name.eq_ignore_ascii_case(&o.id))) {
            let _ = writeln!(text, "key = [{}]", quoted(&key.id));
        }
        columns(table, object, &own, &mut text);
    }
    if !kept.is_empty() {
        let _ = writeln!(text, "\n[ignore]\n\"is not deleted\" = [{}]", kept.join(", "));
    }
    text
}

fn link(join: &Join, person: &str) -> String {
    let Join { column, target, to, goes, by, .. } = join;
    let role = if target == person && *goes == Goes::Each { "owner" } else { "part" };
    let name = quoted(&if *by { format!("{target}({to})") } else { column.clone() });
    let end = quoted(&format!("{target}.{to}"));
    let end = if *by { format!("by = {end}") } else { format!("to = {end}") };
    let last = if *goes == Goes::Last { ", last = true" } else { "" };
    format!("  {{ as = {name}, role = \"{role}\", column = {}, {end}{last} }},\n", quoted(column))
}

/// What may only go along edges is somebody's; what may go by itself may be nobody's.
fn columns(table: &Table, object: Option<&Object>, own: &[&Join], text: &mut String) {
    let only_by_edges = object.is_some_and(|o| !o.deletion.starts_with("directly"));
    let texts: Vec<_> = table.columns.iter().filter(|c| !c.is_int).collect();
    if !texts.is_empty() {
        let _ = writeln!(text, "[table.{}.columns]", quoted(&table.name));
    }
    for column in texts {
        let names = table.key.contains(&column.name) || own.iter().any(|j| j.column == column.name);
        let category = if only_by_edges && !names { "user.content" } else { "system.operations" };
        let _ = writeln!(text, "{} = \"{category}\"", quoted(&column.name));
    }
}
