//! An HTTP Archive from the events of Chromium's own protocol.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;

/// The archive of everything that was asked for, also what led nowhere.
pub fn archive(log: &[Value]) -> Value {
    let messages: Vec<Value> =
        log.iter().filter_map(|entry| serde_json::from_str(entry["message"].as_str()?).ok()).collect();
    let of = |method: &'static str| {
        messages.iter().map(|m| &m["message"]).filter(move |m| m["method"] == method).map(|m| &m["params"])
    };
    // The headers as they went over the wire come in an event of their own.
    let wire: BTreeMap<&str, &Value> = of("Network.requestWillBeSentExtraInfo")
        .filter_map(|p| Some((p["requestId"].as_str()?, &p["headers"])))
        .collect();
    let status: BTreeMap<&str, &Value> = of("Network.responseReceived")
        .filter_map(|p| Some((p["requestId"].as_str()?, &p["response"]["status"])))
        .collect();
    // The browser's own pages, and what is carried within an address, never leave it.
    let own = |url: &str| ["chrome", "data:", "blob:", "about:"].iter().any(|begin| url.starts_with(begin));
    let entries: Vec<Value> = of("Network.requestWillBeSent")
        .filter(|event| !event["request"]["url"].as_str().is_some_and(own))
        .map(|event| {
            let id = event["requestId"].as_str().expect("an id");
            entry(event, wire.get(id).copied(), status.get(id).copied())
        })
        .collect();
    json!({ "log": { "version": "1.2", "creator": { "name": "Upheld's tests", "version": "1" }, "entries": entries } })
}

fn entry(event: &Value, wire: Option<&Value>, status: Option<&Value>) -> Value {
    let sent = &event["request"];
    let url = sent["url"].as_str().expect("an address");
    let headers = wire.unwrap_or(&sent["headers"]).as_object().expect("headers");
    let pair = |(name, value): (&String, &Value)| json!({ "name": name, "value": value });
    let query =
        Url::parse(url).map(|u| u.query_pairs().map(|(n, v)| json!({ "name": n, "value": v })).collect::<Vec<_>>());
    let body = sent["postData"].as_str();
    assert!(body.is_some() || sent["hasPostData"] != true, "a body is missing: {url}");
    let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")).map(|(_, v)| v);
    let mut request = json!({
        "method": sent["method"], "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": headers.iter().map(pair).collect::<Vec<_>>(), "queryString": query.unwrap_or_default(),
        "headersSize": -1, "bodySize": body.map_or(0, str::len),
    });
    if let Some(text) = body {
        request["postData"] = json!({ "mimeType": kind.cloned().unwrap_or(json!("")), "text": text });
    }
    let seconds = event["wallTime"].as_f64().expect("a time");
    let at = jiff::Timestamp::from_millisecond((seconds * 1000.0) as i64).expect("a time");
    json!({
        "startedDateTime": at.to_string(), "time": 0, "request": request,
        "response": { "status": status.cloned().unwrap_or(json!(0)), "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                      "headers": [], "content": { "size": 0, "mimeType": "" }, "redirectURL": "", "headersSize": -1, "bodySize": -1 },
        "cache": {}, "timings": { "send": 0, "wait": 0, "receive": 0 },
    })
}
