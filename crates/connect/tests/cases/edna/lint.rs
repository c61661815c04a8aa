//! The material's own descriptions, said in our words as they stand: does `check` find what is wrong with them?

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use engine::policy::compile::compile;
use engine::source::Source;
use serde_json::Value;

use super::apps::App;
use super::place::Place;
use crate::outcome::Outcome;

/// One outcome for each description of which something is known.
pub async fn all(app: &App, folder: &Path) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (disguise, known) in app.lint {
        let begin = Instant::now();
        let place = Place::of(&folder.join("schema.sql")).await;
        let schemas = connect::describe(&place.systems(app.name)).await.expect("the structure can be read");
        let mut source = Source::default();
        source.add("policy.toml", "[company]\nname = \"Theirs\"\ncountry = \"US\"\n");
        source.add(format!("systems/{}.toml", app.name), said(folder, disguise));
        let found: BTreeSet<String> = compile(&source, Some(&schemas))
            .diagnostics
            .iter()
            .map(|d| format!("{} {}", d.code.0, d.message))
            .collect();
        let missing = known.iter().filter(|k| !found.contains(**k)).map(|k| format!("not found: {k}"));
        let outcome = Outcome::untried(super::GROUP, &format!("{}: {disguise} as it stands", app.name));
        let (wrong, rows) = (missing.collect(), found.len());
        outcomes.push(Outcome { asked: "check".to_owned(), rows, wrong, took: begin.elapsed(), ..outcome });
    }
    outcomes
}

/// A map that says what the description says of each table, and no more.
fn said(folder: &Path, disguise: &str) -> String {
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).expect("a file of the case");
        serde_json::from_str(&text).expect("the case is JSON")
    };
    let (info, people, disguise) = (read("table_info.json"), read("pp_gen.json"), read(disguise));
    let mut map = String::from("[system]\nkind = \"mysql\"\nconnect = { env = \"THEIRS\" }\n");
    let _ = writeln!(map, "[subject.person]\ntable = {}\nidentity.key = {}", people["table"], people["id_col"]);
    let _ = writeln!(map, "[subject.person.placeholder]\nscope = \"row\"");
    for column in list(&people["cols"]) {
        let _ = writeln!(map, "{column} = \"{{token:20}}\"");
    }
    for (table, effects) in disguise.as_object().expect("tables") {
        let mut links = Vec::new();
        let effects: Vec<(&String, &Value)> =
            list(effects).iter().filter_map(|e| e.as_object()?.iter().next()).collect();
        let apart: Vec<&Value> = effects.iter().flat_map(|(_, how)| list(&how["user_fk_cols"])).collect();
        let removed = effects.iter().any(|(what, _)| *what == "Remove");
        let own = people["table"] == table.as_str();
        let owners = list(&info[table]["owner_fks"]).iter().filter(|fk| !own && !apart.contains(&&fk["from_col"]));
        for fk in owners.filter(|_| removed) {
            links.push(link("owner", &fk["from_col"], &fk["to_table"], &fk["to_col"], ""));
        }
        for column in &apart {
            links.push(link("author", column, &people["table"], &people["id_col"], ", untie = \"placeholder\""));
        }
        for fk in list(&info[table]["other_fks"]) {
            links.push(link("mention", &fk["from_col"], &fk["to_table"], &fk["to_col"], ""));
        }
        let _ = writeln!(map, "[table.{table}]\nlinks = [{}]", links.join(", "));
        for (_, how) in effects.iter().filter(|(what, _)| *what == "Modify") {
            // A condition that compares one column.
            let when = match &how["pred"]["ColValCmp"] {
                Value::Object(compared) => format!("when = {{ {} = {} }}, ", compared["col"], compared["val"]),
                _ => String::new(),
            };
            let _ = writeln!(map, "[table.{table}.columns.{}]\ncategory = \"user.content\"", how["col"]);
            let _ = writeln!(map, "erase = [{{ {when}do = \"null\" }}]");
        }
    }
    map
}

fn link(role: &str, column: &Value, table: &Value, to: &Value, more: &str) -> String {
    format!("{{ role = \"{role}\", column = {column}, to = [{table}, {to}]{more} }}")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
