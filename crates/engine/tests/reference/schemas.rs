//! The JSON Schemas of the files of a policy folder.

use engine::policy::keys::{SCHEMAS, json_schema};

use crate::current;

#[test]
fn the_schemas_are_current() {
    for file in SCHEMAS {
        let text = serde_json::to_string_pretty(&json_schema(file)).expect("a schema is JSON");
        current(&format!("schemas/{}.json", file.name), &format!("{text}\n"));
    }
}

#[test]
fn every_key_is_explained() {
    for file in SCHEMAS {
        let mut silent = Vec::new();
        without_description(&json_schema(file), file.name, &mut silent);
        assert!(silent.is_empty(), "{silent:?}");
    }
}

/// Keys of tables that nothing is said of. Words that stand as names (rights) need no explanation of their own.
fn without_description(schema: &serde_json::Value, place: &str, found: &mut Vec<String>) {
    let Some(members) = schema.as_object() else { return };
    let declared = members
        .get("properties")
        .and_then(|p| p.as_object())
        .filter(|_| !place.ends_with("/approval") && !place.ends_with("/task"));
    for (name, property) in declared.into_iter().flatten() {
        if property.get("description").and_then(|d| d.as_str()).is_none_or(|d| !d.ends_with('.')) {
            found.push(format!("{place}.{name}"));
        }
    }
    for (name, member) in members {
        without_description(member, &format!("{place}/{name}"), found);
    }
}
