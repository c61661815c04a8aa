//! From annotations to a data map (LANGUAGE 1.8).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::edges::{Edge, edges};
use super::sql::{Column, Reference, Rule, Table};

/// Name of the one system of a case.
pub const SYSTEM: &str = "case";

/// A company that has nothing but its cases.
pub const POLICY: &str = "[company]\nname = \"Case\"\ncountry = \"NO\"\ncontact = \"privacy@case.example\"\n";

/// What columns of text hold, and so what becomes of tables to which no right leads.
pub enum Categories {
    /// What no key or reference decides about is somebody's words; tables to which no right leads are left out.
    Words,
    /// Personal columns by table and column, as somebody heard it; no table is left out.
    Heard(BTreeMap<(String, String), String>),
}

/// The policy folder of an annotated schema on a database of that kind: path and text of each file.
pub fn folder(tables: &[Table], kind: &str) -> Vec<(String, String)> {
    folder_of(tables, kind, &Categories::Words)
}

/// The same, with columns of these categories.
pub fn folder_of(tables: &[Table], kind: &str, categories: &Categories) -> Vec<(String, String)> {
    let system = format!("[system]\nkind = \"{kind}\"\ncountry = \"NO\"\nconnect = {{ env = \"CASE\" }}\n");
    let map = system + &map(tables, categories);
    vec![("policy.toml".to_owned(), POLICY.to_owned()), (format!("systems/{SYSTEM}.toml"), map)]
}

/// How rights reach the rows of a table.
struct Link<'a> {
    /// The table whose rows it reaches.
    on: &'a str,
    name: String,
    role: &'static str,
    /// As the language says where it leads.
    end: String,
}

fn map(tables: &[Table], categories: &Categories) -> String {
    let links = links(tables);
    let mut text = String::new();
    let mut free = Vec::new();
    for table in tables {
        let own: Vec<&Link> = links.iter().filter(|l| l.on == table.name).collect();
        if own.is_empty() && !table.data_subject && matches!(categories, Categories::Words) {
            free.push(quoted(&table.name));
            continue;
        }
        if table.data_subject {
            let key = quoted(&table.key.join(","));
            let name = quoted(&table.name);
            let _ = writeln!(text, "\n[subject.{name}]\ntable = {name}\nidentity = {{ record = {key} }}");
        }
        let _ = writeln!(text, "\n[table.{}]\nlinks = [", quoted(&table.name));
        own.iter().for_each(|link| text.push_str(&written(table, link)));
        text.push_str("]\n");
        ignored(table, &own, &mut text);
        columns(table, categories, &mut text);
    }
    if !free.is_empty() {
        let _ = writeln!(text, "\n[ignore]\n\"no right leads here\" = [{}]", free.join(", "));
    }
    text
}

/// References that say nothing of rights are decided: they are no links.
fn ignored(table: &Table, own: &[&Link], text: &mut String) {
    let silent = table.references.iter().filter(|r| !own.iter().any(|l| l.name == r.column));
    let silent: BTreeSet<String> = silent.map(|r| quoted(&r.column)).collect();
    if !silent.is_empty() {
        let silent: Vec<String> = silent.into_iter().collect();
        let _ = writeln!(text, "ignore = {{ \"says nothing of rights\" = [{}] }}", silent.join(", "));
    }
}

/// Every text needs a category.
fn columns(table: &Table, categories: &Categories, text: &mut String) {
    let refers: BTreeSet<&String> = table.references.iter().map(|r| &r.column).chain(&table.key).collect();
    let category = |column: &Column| match categories {
        Categories::Words if refers.contains(&column.name) => "system.operations",
        Categories::Words => "user.content",
        Categories::Heard(heard) => {
            heard.get(&(table.name.clone(), column.name.clone())).map_or("system.operations", String::as_str)
        }
    };
    let texts: Vec<&Column> = table.columns.iter().filter(|c| !c.is_int).collect();
    if !texts.is_empty() {
        let _ = writeln!(text, "[table.{}.columns]", quoted(&table.name));
    }
    for column in texts {
        let _ = writeln!(text, "{} = \"{}\"", quoted(&column.name), category(column));
    }
}

fn links(tables: &[Table]) -> Vec<Link<'_>> {
    edges(tables).iter().map(link).collect()
}

fn link<'a>(edge: &Edge<'a>) -> Link<'a> {
    let (table, Reference { column, table: other, to, .. }) = (edge.table, edge.reference);
    let role = match (edge.owning, edge.forward && table.key == [column.clone()]) {
        (false, _) => "viewer",
        // A row whose key is the reference is nothing without the other.
        (true, true) => "part",
        (true, false) => "co_owner",
    };
    let end = if edge.forward {
        format!("column = {}, to = {}", quoted(column), quoted(&format!("{other}.{to}")))
    } else {
        format!("by = {}, column = {}", quoted(&format!("{}.{column}", table.name)), quoted(to))
    };
    let on = if edge.forward { &table.name } else { other };
    Link { on, name: edge.name(), role, end }
}

/// A link in the language.
fn written(table: &Table, link: &Link) -> String {
    let rule = |forget: bool| table.rules.iter().filter(move |r| r.forget == forget && r.along == link.name);
    let get: Vec<&Rule> = rule(false).collect();
    let on_access = if get.iter().any(|r| r.columns.is_empty()) { "withhold" } else { "row" };
    let hidden: Vec<String> = get.iter().flat_map(|r| &r.columns).map(|c| quoted(c)).collect();
    let hide = if hidden.is_empty() { String::new() } else { format!(", hide = [{}]", hidden.join(", ")) };
    let forget: Vec<&Rule> = rule(true).collect();
    let emptied: Vec<String> = forget.iter().flat_map(|r| &r.columns).map(|c| quoted(c)).collect();
    let action = match (forget.is_empty(), forget.iter().any(|r| r.columns.is_empty())) {
        (true, _) => "\"none\"".to_owned(),
        (_, true) => "\"delete\"".to_owned(),
        (_, false) => format!("{{ null = [{}] }}", emptied.join(", ")),
    };
    let fate = match link.role {
        "co_owner" => format!(", while_shared = {action}"),
        "viewer" => format!(", on_erase = {action}"),
        _ => String::new(),
    };
    let Link { name, role, end, .. } = link;
    let name = quoted(name);
    format!("  {{ as = {name}, role = \"{role}\", {end}, on_access = \"{on_access}\"{hide}{fate} }},\n")
}

/// As a TOML string, or a quoted key.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
