//! Captured traffic: HTTP Archives (HAR 1.2), as browsers and recording proxies write them, read for where requests went and
//! the names of what they carried. Values are looked at and forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use engine::decide::egress::Request;
use serde::Deserialize;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::terminal::Misuse;

/// The few fields that are needed; everything else, also what came back, is not kept.
#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    version: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Sent,
    #[serde(rename = "_webSocketMessages")]
    messages: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Named>,
    #[serde(default)]
    cookies: Vec<Named>,
    #[serde(default)]
    query_string: Vec<Named>,
    post_data: Option<Body>,
    #[serde(default)]
    body_size: i64,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    value: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    mime_type: String,
    text: Option<String>,
    params: Vec<Named>,
}

/// The requests of an archive. `file` is named in errors; no error says what the archive holds.
pub fn read(file: &Path) -> Result<Vec<Request>> {
    let name = file.display();
    let text = std::fs::read(file).map_err(|e| Misuse(format!("cannot read {name}: {e}")))?;
    // Some tools begin the file with a mark of its encoding.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let archive: Archive = serde_json::from_slice(text).map_err(|e| {
        Misuse(format!("{name} is no HTTP Archive (HAR 1.2): line {}, column {}", e.line(), e.column()))
    })?;
    if !archive.log.version.starts_with("1.") {
        return Err(Misuse(format!("{name} is no HTTP Archive of version 1")).into());
    }
    Ok(archive.log.entries.iter().map(request).collect())
}

/// Does a request stay inside: is it one to a host of the installation, or to no host at all?
pub fn stays(request: &Request, inside: &[String]) -> bool {
    let nowhere = request.host.is_empty() && request.unread.is_none();
    nowhere || inside.iter().any(|host| host.eq_ignore_ascii_case(&request.host))
}

/// Headers that say how something is sent, not what. `origin` and `referer` are none of them: they name the sender's own host.
const TRANSPORT: [&str; 26] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "pragma",
    "priority",
    "proxy-connection",
    "sec-gpc",
    "te",
    "transfer-encoding",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
];

fn request(entry: &Entry) -> Request {
    let sent = &entry.request;
    let mut read = Request { asks: sent.method.eq_ignore_ascii_case("OPTIONS"), ..Request::default() };
    match Url::parse(&sent.url) {
        // Pages that a browser makes itself or carries within their address.
        Ok(url) if ["data", "blob", "about"].contains(&url.scheme()) => return read,
        Ok(url) => address(&url, &mut read),
        Err(_) => read.unread = Some("its address cannot be read"),
    }
    read.names.extend(sent.query_string.iter().map(|pair| pair.name.clone()));
    read.names.extend(sent.cookies.iter().map(|cookie| format!("cookie:{}", cookie.name)));
    sent.headers.iter().for_each(|header| read.names.extend(told(header)));
    match &sent.post_data {
        Some(body) => read.unread = read.unread.or(body.read(&mut read.names)),
        None if sent.body_size > 0 => read.unread = Some("its body was not captured"),
        None => {}
    }
    if entry.messages.is_some() || sent.url.starts_with("ws") {
        read.unread = Some("it keeps a connection open, and nobody can say what for");
    }
    read
}

fn address(url: &Url, read: &mut Request) {
    read.host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    read.path = url.path().to_owned();
    read.names.extend(url.query_pairs().map(|(name, _)| name.into_owned()));
    if !url.username().is_empty() || url.password().is_some() {
        read.unread = Some("its address names a user");
    }
}

/// What a header carries beside how the request is sent.
fn told(header: &Named) -> Vec<String> {
    let name = header.name.to_ascii_lowercase();
    let value = header.value.as_deref().unwrap_or_default();
    if name == "cookie" {
        let pairs = value.split(';').map(|pair| pair.split('=').next().unwrap_or_default().trim());
        return pairs.filter(|name| !name.is_empty()).map(|name| format!("cookie:{name}")).collect();
    }
    let silent = value.is_empty() || (name == "origin" && value == "null");
    let transport = ["sec-fetch-", "sec-ch-ua", ":"].iter().any(|begin| name.starts_with(begin));
    if silent || transport || TRANSPORT.contains(&name.as_str()) { Vec::new() } else { vec![format!("header:{name}")] }
}

impl Body {
    /// Adds the names of its fields; says why they are not all of it, if so.
    fn read(&self, names: &mut BTreeSet<String>) -> Option<&'static str> {
        names.extend(self.params.iter().map(|field| field.name.clone()));
        let text = self.text.as_deref().filter(|text| !text.is_empty())?;
        let kind = self.mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind == "application/x-www-form-urlencoded" {
            names.extend(form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()));
            return None;
        }
        for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let Ok(value) = value else {
                return Some("its body is neither a form nor JSON, so nobody can say what it carries");
            };
            if !fields(&value, "", names) {
                return Some("its body carries a value without a name");
            }
        }
        None
    }
}

/// Adds the names of fields that hold a value, joined with dots; lists are looked through. Has every value a name?
pub fn fields(value: &Value, above: &str, names: &mut BTreeSet<String>) -> bool {
    match value {
        Value::Object(entries) => entries.iter().fold(true, |all, (name, value)| {
            let name = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            // The name of a group that holds nothing is still sent.
            if matches!(value, Value::Object(inner) if inner.is_empty()) {
                names.insert(name.clone());
            }
            fields(value, &name, names) && all
        }),
        Value::Array(list) => {
            if list.is_empty() && !above.is_empty() {
                names.insert(above.to_owned());
            }
            list.iter().filter(|value| !fields(value, above, names)).count() == 0
        }
        _ if above.is_empty() => false,
        _ => {
            names.insert(above.to_owned());
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, request};
    use serde_json::json;

    fn names(request_json: serde_json::Value) -> (Vec<String>, Option<&'static str>) {
        let entry: Entry = serde_json::from_value(json!({ "request": request_json })).expect("an entry");
        let read = request(&entry);
        (read.names.into_iter().collect(), read.unread)
    }

    fn posted(mime: &str, text: &str) -> (Vec<String>, Option<&'static str>) {
        names(
            json!({ "method": "POST", "url": "https://t.example/v1", "postData": { "mimeType": mime, "text": text } }),
        )
    }

    #[test]
    fn names_from_every_part_of_a_request() {
        let headers = json!([{ "name": "Cookie", "value": "sid=1; lang=en" }, { "name": "X-Who", "value": "ann" },
            { "name": "Origin", "value": "null" }, { "name": "Referer", "value": "https://a.example/" }, { "name": "Accept", "value": "*/*" }]);
        let sent = json!({ "method": "GET", "url": "https://t.example/v1?a=1&b", "headers": headers });
        let expected = ["a", "b", "cookie:lang", "cookie:sid", "header:referer", "header:x-who"].map(str::to_owned);
        assert_eq!(names(sent), (expected.to_vec(), None));
    }

    #[test]
    fn bodies_are_looked_through_or_said_to_be_unread() {
        let expected = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(posted("application/x-www-form-urlencoded", "a=1&b=2"), (expected(&["a", "b"]), None));
        let deep = r#"[{"a":{"b":[1,2]},"c":{}},{"d":[]}] {"e":null}"#;
        assert_eq!(posted("text/plain;charset=UTF-8", deep), (expected(&["a.b", "c", "d", "e"]), None));
        for (mime, text) in
            [("text/plain", "ann@x.example"), ("application/json", "[\"ann\"]"), ("image/png", "\u{1}\u{2}")]
        {
            assert!(posted(mime, text).1.is_some(), "{mime} {text}");
        }
        let lost = names(json!({ "method": "POST", "url": "https://t.example/", "bodySize": 12 }));
        assert!(lost.1.is_some_and(|why| why.contains("not captured")));
        assert!(names(json!({ "method": "GET", "url": "https://ann:pw@t.example/" })).1.is_some());
        assert!(names(json!({ "method": "GET", "url": "wss://t.example/" })).1.is_some());
    }
}
