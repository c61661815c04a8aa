//! Puts values where a description says `{column}`. A value is encoded for the place where it stands, so that it can never
//! become another path, parameter or member.

use std::collections::BTreeMap;

use engine::ask::Failure;
use engine::policy::written::http::Call;
use engine::value::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;

/// Everything else is escaped.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Values by column.
pub(super) type Values<'a> = BTreeMap<&'a str, Value>;

/// The path of a call.
pub(super) fn path(template: &str, values: &Values<'_>) -> Result<String, Failure> {
    let filled = fill(template, values, &|text| utf8_percent_encode(text, PLAIN).to_string());
    // Such a part would lead out of the path, however it is written; an empty one, to another resource.
    let leads_elsewhere = |(written, part): (&str, &str)| {
        written.contains('{') && matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "" | "." | "..")
    };
    if template.split('/').zip(filled.split('/')).any(leads_elsewhere) {
        return Err(Failure::Refused { reason: "a value cannot stand in the path of a call".to_owned() });
    }
    Ok(filled)
}

/// Parameters of a query or form, encoded.
pub(super) fn parameters<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, values: &Values<'_>) -> Vec<String> {
    pairs.map(|(name, text)| parameter(name, &fill(text, values, &|t| t.to_owned()))).collect()
}

/// One parameter, encoded.
pub(super) fn parameter(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, PLAIN), utf8_percent_encode(value, PLAIN))
}

/// The query of a call.
pub(super) fn query(call: &Call, values: &Values<'_>) -> Vec<String> {
    parameters(call.query.iter().map(|(name, text)| (name.it.as_str(), text.it.as_str())), values)
}

/// A document; a text that is nothing but `{column}` takes a number as a number.
pub(super) fn document(template: &Json, values: &Values<'_>) -> Json {
    match template {
        Json::String(text) => {
            whole(text, values).unwrap_or_else(|| Json::String(fill(text, values, &|t| t.to_owned())))
        }
        Json::Array(entries) => entries.iter().map(|e| document(e, values)).collect(),
        Json::Object(members) => members.iter().map(|(name, e)| (name.clone(), document(e, values))).collect(),
        other => other.clone(),
    }
}

fn whole(text: &str, values: &Values<'_>) -> Option<Json> {
    match values.get(text.strip_prefix('{')?.strip_suffix('}')?)? {
        Value::Int(n) => Some(Json::from(*n)),
        Value::Bool(b) => Some(Json::from(*b)),
        _ => None,
    }
}

fn fill(template: &str, values: &Values<'_>, encode: &dyn Fn(&str) -> String) -> String {
    let (mut filled, mut rest) = (String::new(), template);
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        filled.push_str(before);
        let text = values.get(name).and_then(Value::join_text);
        filled.push_str(&encode(text.as_deref().unwrap_or_default()));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(value: &str) -> Values<'static> {
        Values::from([("id", Value::text(value)), ("n", Value::Int(7))])
    }

    #[test]
    fn a_value_stays_one_part_of_a_path() {
        for (value, expected) in [
            ("a b", "/u/a%20b/x"),
            ("../admin", "/u/..%2Fadmin/x"),
            ("1?all=true#", "/u/1%3Fall%3Dtrue%23/x"),
            ("%2e%2e", "/u/%252e%252e/x"),
            ("ø\r\nHost: evil", "/u/%C3%B8%0D%0AHost%3A%20evil/x"),
            ("{n}", "/u/%7Bn%7D/x"),
        ] {
            assert_eq!(path("/u/{id}/x", &values(value)).ok().as_deref(), Some(expected), "{value}");
        }
        for value in ["..", ".", ""] {
            assert!(path("/u/{id}/x", &values(value)).is_err(), "{value}");
        }
    }

    #[test]
    fn a_value_stays_one_parameter() {
        let pairs = [("q", "email:{id}")];
        assert_eq!(parameters(pairs.into_iter(), &values("a&all=1=+ %")), ["q=email%3Aa%26all%3D1%3D%2B%20%25"]);
    }

    #[test]
    fn a_value_stays_one_text_of_a_document() {
        let template = serde_json::json!({ "a": "{id}", "b": ["x{n}y", "{n}"], "c": 1 });
        let filled = document(&template, &values("\",\"admin\":true,\"x\":\""));
        assert_eq!(filled, serde_json::json!({ "a": "\",\"admin\":true,\"x\":\"", "b": ["x7y", 7], "c": 1 }));
    }
}
