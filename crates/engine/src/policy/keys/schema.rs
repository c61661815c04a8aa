//! JSON Schemas of the files of a policy folder, for completion and checks in editors.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::said::collection::COLLECTION;
use super::said::security::{MESSAGES, SECURITY};
use super::{
    HOLDS, Key, POLICY, PROFILE, PROMISES, PURPOSES, RECIPIENTS, RETENTION, RIGHTS, SETTINGS, SYSTEM, Shape, Takes,
};

/// A kind of file.
#[derive(Debug)]
pub struct SchemaFile {
    /// Name of its schema.
    pub name: &'static str,
    /// The files, relative to the folder.
    pub files: &'static str,
    /// Its keys; none: the locked schema of a database, which is JSON.
    pub shape: Option<&'static Shape>,
}

/// All kinds of files.
pub const SCHEMAS: &[SchemaFile] = &[
    SchemaFile { name: "policy", files: "policy.toml", shape: Some(&POLICY) },
    SchemaFile { name: "purposes", files: "purposes.toml", shape: Some(&PURPOSES) },
    SchemaFile { name: "collection", files: "collection.toml", shape: Some(&COLLECTION) },
    SchemaFile { name: "messages", files: "messages.toml", shape: Some(&MESSAGES) },
    SchemaFile { name: "security", files: "security.toml", shape: Some(&SECURITY) },
    SchemaFile { name: "settings", files: "settings.toml", shape: Some(&SETTINGS) },
    SchemaFile { name: "recipients", files: "recipients.toml", shape: Some(&RECIPIENTS) },
    SchemaFile { name: "retention", files: "retention.toml", shape: Some(&RETENTION) },
    SchemaFile { name: "holds", files: "holds.toml", shape: Some(&HOLDS) },
    SchemaFile { name: "rights", files: "rights.toml", shape: Some(&RIGHTS) },
    SchemaFile { name: "promises", files: "promises.toml", shape: Some(&PROMISES) },
    SchemaFile { name: "system", files: "systems/NAME.toml", shape: Some(&SYSTEM) },
    SchemaFile { name: "profile", files: "systems/NAME.PROFILE.toml", shape: Some(&PROFILE) },
    SchemaFile { name: "locked", files: "systems/NAME.schema.json", shape: None },
];

const META: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON Schema (draft 7, which editors know best) of a kind of file.
pub fn json_schema(file: &SchemaFile) -> Value {
    let Some(shape) = file.shape else { return locked(file) };
    let mut writer = Writer::default();
    let mut root = writer.table(shape);
    root.insert("$schema".into(), json!(META));
    root.insert("title".into(), json!(file.files));
    root.insert("definitions".into(), Value::Object(writer.definitions));
    Value::Object(root)
}

fn locked(file: &SchemaFile) -> Value {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<crate::schema::Schema>().to_value();
    schema["title"] = json!(file.files);
    schema
}

/// Writes what is used into definitions, each once.
#[derive(Default)]
struct Writer {
    definitions: Map<String, Value>,
    begun: BTreeSet<&'static str>,
}

impl Writer {
    fn table(&mut self, shape: &Shape) -> Map<String, Value> {
        let properties: Map<String, Value> =
            shape.keys.iter().map(|key| (key.name.to_owned(), self.key(key))).collect();
        let required: Vec<&str> = shape.keys.iter().filter(|k| k.required).map(|k| k.name).collect();
        let others = shape.others.map_or(Value::Bool(false), |takes| self.takes(takes));
        let mut table = Map::new();
        table.insert("type".into(), json!("object"));
        table.insert("description".into(), json!(shape.doc));
        table.insert("properties".into(), Value::Object(properties));
        table.insert("additionalProperties".into(), others);
        if !required.is_empty() {
            table.insert("required".into(), json!(required));
        }
        let needs = shape.keys.iter().filter_map(|k| Some((k.name.to_owned(), json!([k.needs?]))));
        let needs: Map<String, Value> = needs.collect();
        if !needs.is_empty() {
            table.insert("dependencies".into(), Value::Object(needs));
        }
        if !shape.one_of.is_empty() {
            let given: Vec<Value> = shape.one_of.iter().map(|key| json!({ "required": [key] })).collect();
            table.insert("anyOf".into(), json!(given));
        }
        table
    }

    fn key(&mut self, key: &Key) -> Value {
        let mut value = self.takes(key.takes);
        // Beside `$ref`, draft 7 reads no other key.
        if value.get("$ref").is_some() {
            value = json!({ "allOf": [value] });
        }
        value["description"] = json!(key.doc);
        value
    }

    fn takes(&mut self, takes: &'static Takes) -> Value {
        match takes {
            Takes::Text | Takes::Id(_) | Takes::UsOr(_) | Takes::Taxonomy => json!({ "type": "string" }),
            Takes::Pattern(pattern) | Takes::Form(pattern, _) => json!({ "type": "string", "pattern": pattern }),
            Takes::OneWord(words) => json!({ "enum": words }),
            Takes::Words(words) => json!({ "enum": words() }),
            Takes::Flag => json!({ "type": "boolean" }),
            Takes::Whole(u64::MAX) => json!({ "type": "integer", "minimum": 0 }),
            Takes::Whole(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
            Takes::Positive => json!({ "type": "integer", "minimum": 1 }),
            Takes::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
            Takes::Single => json!({ "type": ["string", "number", "boolean"] }),
            Takes::Table(shape) => self.refer(shape.name, |w| Value::Object(w.table(shape))),
            Takes::Named(each) => json!({ "type": "object", "additionalProperties": self.takes(each) }),
            Takes::NamedOf(words, each) => {
                let each = self.takes(each);
                let properties: Map<String, Value> =
                    words().into_iter().map(|word| (word.to_owned(), each.clone())).collect();
                json!({ "type": "object", "properties": properties, "additionalProperties": false })
            }
            Takes::List(each) => json!({ "type": "array", "items": self.takes(each) }),
            Takes::Many(each) => {
                let each = self.takes(each);
                json!({ "anyOf": [each, { "type": "array", "items": each }] })
            }
            Takes::OneOf(several) => {
                let several: Vec<Value> = several.iter().map(|takes| self.takes(takes)).collect();
                json!({ "anyOf": several })
            }
            Takes::Ref(name, takes) => self.refer(name, |w| w.takes(takes)),
        }
    }

    fn refer(&mut self, name: &'static str, write: impl FnOnce(&mut Self) -> Value) -> Value {
        if self.begun.insert(name) {
            let written = write(self);
            self.definitions.insert(name.to_owned(), written);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }
}
