//! Systems of kind `http`.

use super::form;
use super::reader::{Item, Keys, Read};
use crate::policy::keys;
use crate::policy::model::{Match, Path, SecretRef};
use crate::policy::written::Name;
use crate::policy::written::http::{
    Address, Auth, Call, Change, Erasure, Field, Find, Http, Later, Paging, Put, Resource, Take,
};
use crate::schema::Class;
use crate::source::At;
use crate::value::Value;

/// `[http]`.
pub(super) fn http(k: &mut Keys<'_>) -> Http {
    Http {
        auth: k.get("auth"),
        headers: k.entries("headers"),
        timeout_ms: k.formed("timeout", form::millis),
        retry_after_ms: k.formed("retry_after", form::millis),
        per_second: k.get("requests_per_second"),
        most_bytes: k.get("most_bytes"),
        most_pages: k.get("most_pages"),
        private: k.get("private"),
        hosts: k.many("hosts"),
        authority: k.formed("authority", form::words),
        untried: k.get("untried"),
    }
}

impl Read for Address {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_table() {
            return SecretRef::read(item).map(Address::Secret);
        }
        item.formed(form::address).map(|url| Address::Plain(url.it))
    }
}

impl Read for Auth {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::AUTH, |k| {
            let kind: String = k.need("kind")?;
            let (name, form, token, scope): (Option<String>, Option<String>, Option<String>, Option<String>) =
                (k.get("name"), k.get("form"), k.get("token_at"), k.get("scope"));
            match (kind.as_str(), name, token) {
                ("bearer", ..) => Some(Auth::Bearer),
                ("basic", ..) => Some(Auth::Basic),
                ("header", Some(name), _) => Some(Auth::Header { name, form: form.unwrap_or_else(|| "{}".to_owned()) }),
                ("query", Some(name), _) => Some(Auth::Query { name }),
                ("oauth2", _, Some(token)) => Some(Auth::OAuth2 { token, scope }),
                ("header" | "query", None, _) => item.bad_value("complete: say the `name` of the header or parameter"),
                ("oauth2", _, None) => item.bad_value("complete: say `token_at`, where tokens are given out"),
                (other, ..) => item.unknown_word(other, &["bearer", "basic", "header", "query", "oauth2"]),
            }
        })
        .flatten()
    }
}

impl Read for Resource {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::RESOURCE, |k| Resource {
            at: k.at,
            key: k.must("key").many("key"),
            columns: k.must("columns").named("columns", field),
            refers: k.named("refers", |name, item| Some((name.clone(), item.formed(form::reference)?))),
            find: k.must("find").list("find"),
            erase: k.many("erase"),
            change: k.get("change"),
        })
    }
}

fn field(name: &Name, item: Item<'_>) -> Option<(Name, Field)> {
    let own = Path(vec![crate::policy::model::Step::Name(name.it.clone())]);
    if item.value.is_str() {
        return Some((name.clone(), Field { class: Class::read(item)?, path: own, given: false }));
    }
    let field = item.table(&keys::FIELD, |k| {
        let class: Option<Class> = k.need("type");
        let path = path(k, "path").unwrap_or(own);
        Some(Field { class: class?, path, given: k.get("given").unwrap_or_default() })
    });
    Some((name.clone(), field.flatten()?))
}

fn path(k: &mut Keys<'_>, key: &'static str) -> Option<Path> {
    Path::parse(&k.formed(key, form::path)?.it)
}

/// The keys that all calls have.
fn call(k: &mut Keys<'_>, method: &str) -> Option<Call> {
    let given: Option<At<String>> = k.get("method");
    if let (Some(given), Some(item)) = (&given, k.item("method"))
        && !keys::METHOD_WORDS.contains(&given.it.as_str())
    {
        item.unknown_word::<()>(&given.it, &keys::METHOD_WORDS);
    }
    let path = k.must("path").formed("path", form::path_of_call);
    let texts = |k: &mut Keys<'_>, key| k.formed_entries(key, form::call_text);
    let query = texts(k, "query");
    let body = k.item("body").and_then(|i| i.formed(form::document));
    let form = k.has("form").then(|| texts(k, "form"));
    let missing = statuses(k);
    Some(Call {
        at: k.at,
        method: given.map_or_else(|| method.to_owned(), |m| m.it),
        path: path?,
        query,
        body,
        form,
        missing,
    })
}

fn statuses(k: &mut Keys<'_>) -> Vec<u16> {
    let given: Vec<u64> = k.many("missing");
    given.into_iter().filter_map(|status| u16::try_from(status).ok()).collect()
}

impl Read for Find {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::FIND, |k| {
            let method = if k.has("body") || k.has("form") { "POST" } else { "GET" };
            let by = k.many("by");
            let matching: Option<Match> = k.get("match");
            let call = call(k, method);
            let records = path(k.must("records"), "records");
            let unless = k.named("unless", |name, item| match Path::parse(&name.it) {
                Some(path) => Some((path, Value::read(item)?)),
                None => Item { at: name.at, ..item }.bad_value("a path such as `$.deleted`"),
            });
            Some(Find {
                by,
                matching: matching.unwrap_or(Match::Exact),
                call: call?,
                records: records?,
                unless,
                paging: k.get("paging"),
                never: k.get("never").unwrap_or_default(),
                again: k.get("again").unwrap_or_default(),
            })
        })
        .flatten()
    }
}

impl Read for Paging {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::PAGING, |k| {
            let (next, from, last, more) = (path(k, "next"), path(k, "from"), path(k, "last"), path(k, "more"));
            let link: Option<bool> = k.get("link");
            let (page, offset, cursor): (Option<String>, Option<String>, Option<String>) =
                (k.get("page"), k.get("offset"), k.get("cursor"));
            let (first, size): (Option<u64>, Option<u64>) = (k.get("first"), k.get("size"));
            let put = |cursor: String| Path::parse(&cursor).map_or(Put::Parameter(cursor), Put::Body);
            match (next, link, page, offset, cursor) {
                (Some(next), None, None, None, None) => Some(Paging::Next(next)),
                (None, Some(true), None, None, None) => Some(Paging::Link),
                (None, None, Some(parameter), None, None) => {
                    Some(Paging::Page { parameter, first: first.unwrap_or(1), size: size.filter(|n| *n > 0)? })
                }
                (None, None, None, Some(parameter), None) => {
                    Some(Paging::Offset { parameter, size: size.filter(|n| *n > 0)? })
                }
                (None, None, None, None, Some(cursor)) => {
                    let take = from.map(Take::Answer).or(last.map(Take::Last))?;
                    Some(Paging::Cursor { put: put(cursor), take, more })
                }
                _ => None,
            }
        })?
        .or_else(|| item.bad_value(PAGING))
    }
}

const PAGING: &str = "one of { next = \"$.path\" }, { link = true }, { page = \"page\", size = 100 }, \
                      { offset = \"offset\", size = 100 } or { cursor = \"after\", from = \"$.path\" }";

impl Read for Erasure {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::ERASURE, |k| {
            let call = call(k, "DELETE");
            Some(Erasure {
                call: call?,
                repeat: k.get("repeat").unwrap_or_default(),
                once: k.get("once"),
                later: k.get("later"),
            })
        })
        .flatten()
    }
}

impl Read for Later {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::LATER, |k| Later {
            status: path(k, "status"),
            state: path(k, "state"),
            done: k.many("done"),
            failed: k.many("failed"),
            every_ms: k.formed("every", form::millis).map_or(2_000, |v| v.it),
            wait_ms: k.formed("wait", form::millis).map_or(120_000, |v| v.it),
        })
    }
}

impl Read for Change {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::CHANGE, |k| {
            let call = call(k, "PATCH");
            let columns = k.must("columns").many("columns");
            Some(Change {
                call: call?,
                columns,
                into: path(k, "into"),
                repeat: k.get("repeat").unwrap_or_default(),
                once: k.get("once"),
            })
        })
        .flatten()
    }
}

/// `{column}` of a text, in order.
pub(crate) fn fields(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('{').and_then(|(_, after)| after.split_once('}')) {
        found.push(name);
        rest = after;
    }
    found
}

/// `{column}` of all texts of a call, and where each stands.
pub(crate) fn fields_of(call: &Call) -> Vec<(String, crate::source::Span)> {
    let mut found: Vec<(String, crate::source::Span)> = Vec::new();
    let forms = call.form.iter().flatten();
    let texts = call.query.iter().chain(forms).map(|(_, text)| text);
    for text in texts.chain([&call.path]) {
        found.extend(fields(&text.it).into_iter().map(|f| (f.to_owned(), text.at)));
    }
    if let Some(body) = &call.body {
        in_document(&body.it, &mut |text| found.extend(fields(text).into_iter().map(|f| (f.to_owned(), body.at))));
    }
    found
}

fn in_document(document: &serde_json::Value, each: &mut dyn FnMut(&str)) {
    match document {
        serde_json::Value::String(text) => each(text),
        serde_json::Value::Array(entries) => entries.iter().for_each(|e| in_document(e, each)),
        serde_json::Value::Object(members) => members.values().for_each(|e| in_document(e, each)),
        _ => {}
    }
}
