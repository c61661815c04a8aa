//! A server that misbehaves on purpose.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect::testing::{Asked, Told, WebServer};
use engine::ask::{By, Failure};
use engine::value::Value;
use serde_json::json;

use crate::{ask, by, connector, erase, folded, said, texts};

const MAP: &str = r#"
[system]
kind    = "http"
url     = "http://127.0.0.1:9"
connect = { env = "CRM_TOKEN" }

[http]
auth        = { kind = "bearer" }
private     = true
timeout     = "500ms"
retry_after = "3s"
most_bytes  = 10000
most_pages  = 20

[resource.contacts]
key     = "id"
columns = { id = "int", email = "text", since = "timestamp" }
find    = [
  { by = "id", path = "/contacts/{id}", records = "$.contact", missing = 404 },
  { by = "email", match = "email", path = "/contacts", query = { email = "{email}" }, never = "\"", records = "$.contacts[*]", paging = { next = "$.next" } },
]
erase   = { path = "/contacts/{id}", missing = 404 }

[resource.safe]
key     = "id"
columns = { id = "int" }
find    = [{ by = "id", path = "/safe/{id}", records = "$", missing = 404 }]
erase   = { path = "/safe/{id}", missing = 404, repeat = true, once = "Idempotency-Key", later = { status = "$.job", state = "$.state", done = "ok", failed = "no", every = "20ms", wait = "200ms" } }

[resource.notes]
key     = "id"
columns = { id = "int", contact_id = "int" }
find    = [{ by = "contact_id", path = "/notes", query = { of = "{contact_id}" }, records = "$[*]", paging = { page = "page", size = 2 } }]

[resource.letters]
key     = "id"
columns = { id = "int", contact_id = { type = "int", given = true } }
find    = [{ by = "contact_id", path = "/contacts/{contact_id}/letters", records = "$[*]", paging = { link = true } }]
"#;

fn contact(id: i64) -> serde_json::Value {
    json!({ "id": id, "email": "ann@x.example", "since": 86_400 })
}

fn one() -> Told {
    Told::json(200, &json!({ "contact": contact(1) }))
}

/// Asks for a contact of a server that answers every request so.
async fn answered(told: Told) -> (Result<Vec<Vec<Value>>, Failure>, usize) {
    let server = WebServer::start(move |_| told.clone());
    let system = connector(MAP, &server.url());
    let found = ask(&*system, "contacts", &["id", "since"], by("id", Value::Int(1))).await;
    (found, server.asked().len())
}

#[tokio::test]
async fn a_right_answer_is_a_row() {
    let (found, asked) = answered(one()).await;
    assert_eq!(texts(&found.unwrap()), [["1", "1970-01-02 00:00:00+00"]]);
    assert_eq!(asked, 1);
    let (found, _) = answered(Told::status(404)).await;
    assert!(found.unwrap().is_empty());
}

#[tokio::test]
async fn packed_answers_are_unpacked_up_to_a_size() {
    let pack = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        Told::Answer(200, vec![("content-encoding".into(), "gzip".into())], packed.finish().unwrap())
    };
    let (found, _) = answered(pack(&json!({ "contact": contact(1) }).to_string())).await;
    assert_eq!(found.unwrap().len(), 1);
    let (found, _) = answered(pack(&format!("{{\"contact\": \"{}\"}}", "0".repeat(1_000_000)))).await;
    assert!(said(found).contains("longer than `most_bytes`"));
}

#[tokio::test]
async fn what_is_no_answer_says_so_and_shows_nothing_of_anybody() {
    let page = Told::Answer(200, vec![("content-type".into(), "text/html".into())], b"<html>ann@x.example".to_vec());
    let long = Told::json(200, &json!({ "contact": "0".repeat(20_000) }));
    let head = "HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: ";
    for (told, expected) in [
        (page, "is no JSON"),
        (long, "longer than `most_bytes`"),
        (Told::json(200, &json!({ "person": contact(1) })), "nothing at `$.contact`"),
        (Told::json(200, &json!({ "contact": { "email": "ann@x.example" } })), "has no key"),
        (Told::json(200, &json!({ "contact": { "id": "ann" } })), "has in `id` what its description does not say"),
        (Told::status(403), "may not use GET /contacts/{id}"),
        (Told::status(401), "refuses our name or password"),
        (Told::status(422), "answered with 422"),
        (Told::status(500), "cannot be reached"),
        (Told::Cut, "cannot be reached"),
        (Told::Later(Duration::from_secs(2), Box::new(one())), "no answer in time"),
        (Told::Bytes(format!("{head}999\r\n\r\n{{\"contact\":").into_bytes()), "was cut off"),
        (Told::Bytes(b"hello\r\n\r\n".to_vec()), "cannot be reached"),
        (Told::status(302).with("location", "http://127.0.0.1:1/?ann@x.example"), "redirect"),
    ] {
        let (found, _) = answered(told).await;
        let said = said(found);
        assert!(said.contains(expected), "{said}, not {expected}");
        assert!(!said.contains("ann@"), "{said}");
    }
}

#[tokio::test]
async fn a_short_trouble_is_outlived_by_questions() {
    for trouble in [
        Told::Cut,
        Told::status(500),
        Told::status(429).with("retry-after", "0"),
        Told::status(503).with("retry-after", "0"),
    ] {
        let count = AtomicUsize::new(0);
        let server =
            WebServer::start(move |_| if count.fetch_add(1, Ordering::Relaxed) < 2 { trouble.clone() } else { one() });
        let system = connector(MAP, &server.url());
        let found = ask(&*system, "contacts", &["id"], by("id", Value::Int(1))).await;
        assert_eq!((found.unwrap().len(), server.asked().len()), (1, 3));
    }
}

#[tokio::test]
async fn a_storm_of_429_ends() {
    let (found, asked) = answered(Told::status(429).with("retry-after", "1")).await;
    assert!(said(found).contains("longer than `retry_after` allows"));
    assert_eq!(asked, 4);
    let (found, asked) = answered(Told::status(429).with("retry-after", "86400")).await;
    assert!(said(found).contains("429") && asked == 1);
    // A date is taken against the server's own.
    let dated = Told::status(429)
        .with("date", "Sun, 22 Nov 2026 08:00:00 GMT")
        .with("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT");
    assert_eq!(answered(dated).await.1, 1);
}

#[tokio::test]
async fn a_call_that_may_harm_is_sent_once() {
    for (told, unknown) in [
        (Told::Cut, true),
        (Told::status(500), true),
        (Told::Later(Duration::from_secs(2), Box::new(Told::status(204))), true),
        (Told::status(403), false),
        (Told::status(409), false),
    ] {
        let server = WebServer::start(move |_| told.clone());
        let system = connector(MAP, &server.url());
        let failure = erase(&*system, "contacts", &[("id", Value::Int(1))]).await.unwrap_err();
        assert_eq!(matches!(failure, Failure::Unknown { .. }), unknown, "{failure}");
        assert_eq!(server.lines(), ["DELETE /contacts/1"]);
    }
    // Nobody is there: nothing was sent.
    let failure =
        erase(&*connector(MAP, "http://127.0.0.1:9"), "contacts", &[("id", Value::Int(1))]).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure}");
}

#[tokio::test]
async fn one_that_does_not_is_sent_again_with_the_same_key() {
    let server = WebServer::start(|asked| if asked.method == "DELETE" { Told::Cut } else { Told::status(404) });
    let system = connector(MAP, &server.url());
    assert!(matches!(erase(&*system, "safe", &[("id", Value::Int(1))]).await, Err(Failure::Unknown { .. })));
    let keys: Vec<String> = server.asked().iter().map(|a| a.header("idempotency-key").to_owned()).collect();
    assert!(keys.len() == 3 && keys[0].len() == 64 && keys.iter().all(|k| *k == keys[0]), "{keys:?}");
}

#[tokio::test]
async fn deletions_that_are_done_later() {
    for (states, expected) in [
        (vec!["wait", "wait", "ok"], None),
        (vec!["wait", "no"], Some("has failed")),
        (vec!["wait"], Some("is not done after")),
    ] {
        let count = AtomicUsize::new(0);
        let server = WebServer::start(move |asked| match asked.line().as_str() {
            "DELETE /safe/1" => Told::json(202, &json!({ "job": "/jobs/7" })),
            _ => {
                let nth = count.fetch_add(1, Ordering::Relaxed).min(states.len() - 1);
                Told::json(200, &json!({ "state": states[nth] }))
            }
        });
        let done = erase(&*connector(MAP, &server.url()), "safe", &[("id", Value::Int(1))]).await;
        match expected {
            None => assert_eq!(done.unwrap().rows, 1),
            Some(expected) => assert!(said(done).contains(expected)),
        }
    }
    // The address that tells may lie on no other host.
    let server = WebServer::start(|_| Told::json(202, &json!({ "job": "http://169.254.169.254/latest" })));
    let done = erase(&*connector(MAP, &server.url()), "safe", &[("id", Value::Int(1))]).await;
    assert!(said(done).contains("another host"));
}

#[tokio::test]
async fn pages_end() {
    // Twice the same page, and a cursor that leads back.
    let around = |asked: &Asked| {
        let next = if asked.target.contains("p=2") { "/contacts?p=1" } else { "/contacts?p=2" };
        Told::json(200, &json!({ "contacts": [contact(1)], "next": next }))
    };
    let server = WebServer::start(around);
    let found = ask(&*connector(MAP, &server.url()), "contacts", &["id"], folded("email", "ann@x.example")).await;
    assert!(said(found).contains("in a circle") && server.asked().len() < 5);
    // Ever new pages.
    let count = AtomicUsize::new(0);
    let server = WebServer::start(move |_| {
        let nth = count.fetch_add(1, Ordering::Relaxed);
        Told::json(200, &json!({ "contacts": [contact(nth as i64)], "next": format!("/contacts?p={nth}") }))
    });
    let found = ask(&*connector(MAP, &server.url()), "contacts", &["id"], folded("email", "ann@x.example")).await;
    assert!(said(found).contains("more pages than"));
    assert_eq!(server.asked().len(), 20);
    // A next page elsewhere.
    let server = WebServer::start(|_| Told::json(200, &json!({ "contacts": [], "next": "https://evil.example/x" })));
    let found = ask(&*connector(MAP, &server.url()), "contacts", &["id"], folded("email", "ann@x.example")).await;
    assert!(said(found).contains("another host"));
}

#[tokio::test]
async fn pages_by_number_and_by_link_are_read_to_the_end_and_records_told_once() {
    let server = WebServer::start(|asked| {
        let ids = if asked.target.contains("page=1") {
            vec![1, 2]
        } else if asked.target.contains("page=2") {
            vec![2, 3]
        } else {
            vec![]
        };
        Told::json(200, &ids.iter().map(|id| json!({ "id": id, "contact_id": 9 })).collect())
    });
    let found = ask(&*connector(MAP, &server.url()), "notes", &["id"], by("contact_id", Value::Int(9))).await.unwrap();
    assert_eq!(texts(&found), [["1"], ["2"], ["3"]]);
    assert_eq!(server.lines(), ["GET /notes?of=9&page=1", "GET /notes?of=9&page=2", "GET /notes?of=9&page=3"]);

    let server = WebServer::start(|asked| match asked.target.as_str() {
        "/contacts/9/letters" => Told::json(200, &json!([{ "id": 1 }]))
            .with("link", "</x?p=0>; rel=\"prev\", </contacts/9/letters?p=2>; rel=\"next\""),
        _ => Told::json(200, &json!([{ "id": 2 }])),
    });
    let found =
        ask(&*connector(MAP, &server.url()), "letters", &["id", "contact_id"], by("contact_id", Value::Int(9))).await;
    assert_eq!(texts(&found.unwrap()), [["1", "9"], ["2", "9"]]);
}

#[tokio::test]
async fn an_identity_stays_a_value() {
    let server = WebServer::start(|_| Told::json(200, &json!({ "contacts": [] })));
    let system = connector(MAP, &server.url());
    for evil in ["a@x&admin=1#", "../../users", "a@x\r\nX-Admin: 1", "{id}", "%0d%0a"] {
        ask(&*system, "contacts", &["id"], folded("email", evil)).await.unwrap();
    }
    for asked in server.asked() {
        assert!(asked.target.starts_with("/contacts?email=") && !asked.target.contains(['&', '#']), "{}", asked.target);
        assert!(asked.header("x-admin").is_empty());
    }
    // What the service would read as its own language is not asked at all.
    assert!(said(ask(&*system, "contacts", &["id"], folded("email", "a\" OR 1")).await).contains("its own language"));
    let by =
        By::Values { columns: vec!["id".into()], values: vec![vec![Value::text("..")], vec![Value::text("1/../2")]] };
    assert!(said(ask(&*system, "contacts", &["id"], by).await).contains("cannot stand in the path"));
}

#[tokio::test]
async fn a_service_may_not_be_private_unless_that_is_said() {
    let open = MAP.replace("private     = true\n", "");
    let options = |url: &str| {
        let mut source = engine::source::Source::default();
        source.add("policy.toml", "[company]\nname = \"Acme\"\n");
        source.add("systems/crm.toml", open.as_str());
        let system = engine::policy::parse::parse(&source).0.systems.remove(0);
        let service =
            connect::Service { url: url.into(), http: system.http, resources: system.resources, authority: None };
        connect::Options { service: Some(service), ..connect::Options::default() }
    };
    let kind = engine::policy::model::SystemKind::Http;
    for url in ["https://10.0.0.1", "https://[::1]:9", "http://example.net", "https://169.254.169.254"] {
        assert!(connect::open(kind, "sesame", None, options(url)).is_err(), "{url}");
    }
    // A name that leads into our own network is refused when it is looked up.
    let system = connect::open(kind, "sesame", None, options("https://localhost:9")).unwrap();
    let found = ask(&*system, "contacts", &["id"], by("id", Value::Int(1))).await;
    assert!(said(found).contains("cannot be reached"));
}
