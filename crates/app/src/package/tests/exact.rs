//! What goes in comes out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::policy::model::Access;
use engine::schema::Class;
use engine::value::Value;
use serde_json::Value as Json;

use super::{place, sample, text};
use crate::package::{Extra, Package};

/// Reads a value as the manifest says.
fn read(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n.as_i64().map(Value::Int).unwrap_or_else(|| Value::Real(n.as_f64().unwrap())),
        Json::String(s) => Value::text(s.clone()),
        Json::Object(o) => {
            let (form, content) = o.iter().next().unwrap();
            let content = content.as_str().unwrap();
            match form.as_str() {
                "int" => Value::Int(content.parse().unwrap()),
                "real" => Value::Real(content.parse().unwrap()),
                "bytes" => Value::Bytes(STANDARD.decode(content).unwrap()),
                other => panic!("unknown form {other}"),
            }
        }
        Json::Array(_) => panic!("no value is a list"),
    }
}

#[test]
fn every_value_comes_back() {
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::Int(-1),
        Value::Int(9_007_199_254_740_991),
        Value::Int(9_007_199_254_740_993),
        Value::Int(i64::MIN),
        Value::Int(i64::MAX),
        Value::Real(0.1 + 0.2),
        Value::Real(-0.0),
        Value::Real(5.0),
        Value::Real(1e300),
        Value::Real(f64::MIN_POSITIVE / 4.0),
        Value::Real(f64::NAN),
        Value::Real(f64::INFINITY),
        Value::Real(f64::NEG_INFINITY),
        Value::Bytes(Vec::new()),
        Value::Bytes((0..=255).collect()),
        Value::text(""),
        Value::text("\0\u{1}\n\r\t\u{2028}\u{feff}"),
        Value::text("“quotes” \"and\" \\backslashes\\ 🧑‍🚀 Ødegård"),
        Value::text(r#"{"int":"1"}"#),
    ];
    let (_temp, dir) = place();
    let mut policy = sample::policy();
    sample::add_table(&mut policy, 1, "all", &[("v", Class::Other, "", false)]);
    let step = sample::export("all", &["v"], Access::Row, &[], values.len());
    let plan = sample::plan_of(vec![("helpdesk", vec![step.clone()])]);
    let mut package = Package::create(&dir, &plan, &policy).unwrap();
    sample::feed(&mut package, "helpdesk", &step, values.iter().map(|v| vec![v.clone()]));
    package.finish(&Extra::default()).unwrap();
    let lines = text(&dir, "data/helpdesk/all.jsonl");
    assert_eq!(lines.lines().count(), values.len());
    for (line, value) in lines.lines().zip(&values) {
        let row: Json = serde_json::from_str(line).unwrap();
        assert_eq!(read(&row["v"]), *value, "{line}");
    }
    assert!(lines.contains(r#""v":{"int":"9007199254740993"}"#) && lines.contains(r#""v":9007199254740991"#));
}

#[test]
fn levels_and_links_stand_in_each_line_and_steps_of_a_table_share_a_file() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let lines = text(&dir, "data/helpdesk/replies.jsonl");
    let rows: Vec<Json> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0]["_links"], serde_json::json!(["thread"]));
    assert_eq!(rows[0].get("from_name"), None);
    assert_eq!(rows[2]["_level"], "shared");
    assert_eq!(rows[2]["from_name"], "Sigrid Ødegård");
    let fact = text(&dir, "data/helpdesk/audit_log.jsonl");
    assert_eq!(fact, "{\"_level\":\"fact\",\"_links\":[\"about\"],\"id\":8812}\n");
}

#[test]
fn columns_named_like_ours_are_kept_apart() {
    let (_temp, dir) = place();
    let mut policy = sample::policy();
    let names = ["_level", "__links", "level", "_id"];
    let columns = names.map(|n| (n, Class::Text, "", false));
    sample::add_table(&mut policy, 1, "odd", &columns);
    let step = sample::export("odd", &names, Access::Row, &[], 1);
    let plan = sample::plan_of(vec![("helpdesk", vec![step.clone()])]);
    let mut package = Package::create(&dir, &plan, &policy).unwrap();
    sample::feed(&mut package, "helpdesk", &step, [names.map(Value::from).to_vec()]);
    package.finish(&Extra::default()).unwrap();
    let line = text(&dir, "data/helpdesk/odd.jsonl");
    let expected =
        r#"{"_level":"row","_links":[],"__level":"_level","___links":"__links","level":"level","_id":"_id"}"#;
    assert_eq!(line.trim_end(), expected);
}
