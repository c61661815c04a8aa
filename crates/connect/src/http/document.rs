//! Places in answers and in the bodies of requests.

use engine::policy::model::{Path, Step};
use serde_json::{Map, Value as Json};

/// All values at a path. `None` where what the path names is not there at all, which is another thing than an empty list.
pub(super) fn all<'a>(document: &'a Json, path: &Path) -> Option<Vec<&'a Json>> {
    let mut found = vec![document];
    let mut in_list = false;
    for step in &path.0 {
        let mut next = Vec::new();
        for value in found {
            match (step, value) {
                (_, Json::Null) => {}
                (Step::Name(name), value) => match value.get(name) {
                    Some(member) => next.push(member),
                    None if in_list => {}
                    None => return None,
                },
                (Step::Each, Json::Array(entries)) => next.extend(entries),
                (Step::Each, _) if in_list => {}
                (Step::Each, _) => return None,
            }
        }
        in_list |= *step == Step::Each;
        found = next;
    }
    Some(found.into_iter().filter(|value| !value.is_null()).collect())
}

/// The first value at a path.
pub(super) fn first<'a>(document: &'a Json, path: &Path) -> Option<&'a Json> {
    all(document, path)?.into_iter().next()
}

/// A text or number at a path, as text; empty ones are none.
pub(super) fn text(document: &Json, path: &Path) -> Option<String> {
    match first(document, path)? {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// Puts a value at a path of names; what is missing on the way is made.
pub(super) fn put(document: &mut Json, path: &Path, value: Json) {
    let mut place = document;
    for step in &path.0 {
        let Step::Name(name) = step else { return };
        if !place.is_object() {
            *place = Json::Object(Map::new());
        }
        let Json::Object(members) = place else { return };
        place = members.entry(name.clone()).or_insert(Json::Null);
    }
    *place = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Path {
        Path::parse(text).unwrap()
    }

    #[test]
    fn missing_is_not_empty() {
        let answer = json!({ "users": [{ "id": 1 }, { "id": 2 }], "none": [], "null": null, "user": { "id": 3 } });
        let count = |p: &str| all(&answer, &path(p)).map(|found| found.len());
        assert_eq!(count("$.users[*]"), Some(2));
        assert_eq!(count("$.users[*].id"), Some(2));
        assert_eq!(count("$.users[*].name"), Some(0));
        assert_eq!(count("$.none[*]"), Some(0));
        assert_eq!(count("$.null[*]"), Some(0));
        assert_eq!(count("$.user"), Some(1));
        assert_eq!(count("$.people[*]"), None);
        assert_eq!(count("$.user[*]"), None);
    }

    #[test]
    fn values_are_put_where_they_belong() {
        let mut body = json!({ "a": 1 });
        put(&mut body, &path("$.user.name"), json!("x"));
        put(&mut body, &path("$.user.phone"), Json::Null);
        assert_eq!(body, json!({ "a": 1, "user": { "name": "x", "phone": null } }));
    }
}
