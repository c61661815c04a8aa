//! The services whose description comes with Upheld, each against a server that replays what its documentation shows. None
//! was tried against the real service.

use std::collections::BTreeSet;
use std::sync::Mutex;

use connect::Connector;
use connect::testing::{Asked, Told, WebServer};
use engine::policy::known::SERVICES;
use engine::value::Value;
use serde_json::{Value as Json, json};

use crate::{ask, by, change, connector, erase, folded, texts};

/// A map that uses a service, on a server of this machine.
fn of(service: &str, server: &WebServer) -> Box<dyn Connector> {
    let map = format!(
        "[system]\nkind = \"http\"\nservice = \"{service}\"\nurl = \"{}\"\nconnect = {{ env = \"SECRET\" }}\n\n\
         [http]\nprivate = true\nrequests_per_second = 1000\n",
        server.url()
    );
    connector(&map, &server.url())
}

/// A server that forgets what is deleted: `delete` says whether a request deletes, `answer` what it says to the others,
/// given whether anything was deleted yet.
fn replay(
    delete: impl Fn(&Asked) -> Option<Told> + Send + Sync + 'static,
    answer: impl Fn(&Asked, bool) -> Told + Send + Sync + 'static,
) -> WebServer {
    let deleted = Mutex::new(BTreeSet::new());
    WebServer::start(move |asked| {
        let mut deleted = deleted.lock().unwrap();
        match delete(asked) {
            Some(told) => {
                deleted.insert(asked.target.clone());
                told
            }
            None => answer(asked, !deleted.is_empty()),
        }
    })
}

fn body(asked: &Asked) -> Json {
    serde_json::from_str(&asked.body).unwrap_or_default()
}

#[test]
fn each_says_that_nobody_has_tried_it() {
    for (name, text) in SERVICES {
        assert!(text.contains("not tried against the real service") && text.contains("untried = true"), "{name}");
    }
}

#[tokio::test]
async fn zendesk() {
    let user = json!({ "id": 35436, "name": "Johnny Agent", "email": "johnny@example.com", "active": true, "role": "end-user",
                       "created_at": "2011-05-05T10:38:52Z", "external_id": null, "notes": "", "phone": "+15551234567", "verified": true });
    let ticket = json!({ "id": 7, "requester_id": 35436, "subject": "Help", "description": "..", "status": "open" });
    let deletes =
        |asked: &Asked| (asked.method == "DELETE").then(|| Told::json(200, &json!({ "user": { "active": false } })));
    let server = replay(deletes, move |asked, gone| match asked.target.split('?').next().unwrap_or_default() {
        "/api/v2/users/search.json" => {
            // The search may be out of date: it still shows whom the service has deleted.
            Told::json(200, &json!({ "users": [user], "next_page": null, "previous_page": null, "count": 1 }))
        }
        "/api/v2/users/35436.json" if gone => Told::json(200, &json!({ "user": { "id": 35436, "active": false } })),
        "/api/v2/users/35436.json" => Told::json(200, &json!({ "user": user })),
        "/api/v2/users/35436/tickets/requested.json" => {
            Told::json(200, &json!({ "tickets": [ticket], "next_page": null, "count": 1 }))
        }
        _ => Told::json(404, &json!({ "error": "RecordNotFound" })),
    });
    let system = of("zendesk", &server);
    let found =
        ask(&*system, "users", &["id", "name", "created_at"], folded("email", "johnny@example.com")).await.unwrap();
    assert_eq!(texts(&found), [["35436", "Johnny Agent", "2011-05-05 10:38:52+00"]]);
    assert_eq!(server.lines()[0], "GET /api/v2/users/search.json?query=email%3A%22johnny%40example.com%22");
    assert_eq!(server.asked()[0].header("authorization"), "Basic c2VzYW1l");
    let tickets = ask(&*system, "tickets", &["id", "subject"], by("requester_id", Value::Int(35436))).await.unwrap();
    assert_eq!(texts(&tickets), [["7", "Help"]]);
    assert_eq!(erase(&*system, "tickets", &[("id", Value::Int(7))]).await.unwrap().rows, 1);
    assert_eq!(erase(&*system, "users", &[("id", Value::Int(35436))]).await.unwrap().rows, 1);
    let deleted: Vec<String> = server.lines().into_iter().filter(|l| l.starts_with("DELETE")).collect();
    assert_eq!(
        deleted,
        [
            "DELETE /api/v2/tickets/7.json",
            "DELETE /api/v2/deleted_tickets/7.json",
            "DELETE /api/v2/users/35436.json",
            "DELETE /api/v2/deleted_users/35436.json"
        ]
    );
    assert!(ask(&*system, "users", &["id"], folded("email", "johnny@example.com")).await.unwrap().is_empty());
}

#[tokio::test]
async fn intercom() {
    let contact = |id: &str| json!({ "type": "contact", "id": id, "role": "user", "email": "joe@example.com", "name": "Joe Example", "phone": null, "created_at": 1571672154 });
    let deletes = |asked: &Asked| {
        (asked.line() == "DELETE /contacts/a1")
            .then(|| Told::json(200, &json!({ "id": "a1", "object": "contact", "deleted": true })))
    };
    let server = replay(deletes, move |asked, gone| match asked.line().as_str() {
        "POST /contacts/search" => {
            // The second page is asked for by its cursor, in the body.
            let second = body(asked)["pagination"]["starting_after"] == "c2";
            let (id, next) = if second { ("a2", Json::Null) } else { ("a1", json!({ "starting_after": "c2" })) };
            Told::json(
                200,
                &json!({ "type": "list", "data": [contact(id)], "total_count": 2, "pages": { "type": "pages", "next": next, "page": 1 } }),
            )
        }
        "GET /contacts/a1" if !gone => Told::json(200, &contact("a1")),
        "GET /contacts/a2" => Told::json(200, &contact("a2")),
        "PUT /contacts/a2" => Told::json(200, &contact("a2")),
        _ => Told::json(404, &json!({ "type": "error.list", "errors": [{ "code": "not_found" }] })),
    });
    let system = of("intercom", &server);
    let found =
        ask(&*system, "contacts", &["id", "name", "created_at"], folded("email", "joe@example.com")).await.unwrap();
    assert_eq!(
        texts(&found),
        [["a1", "Joe Example", "2019-10-21 15:35:54+00"], ["a2", "Joe Example", "2019-10-21 15:35:54+00"]]
    );
    assert_eq!(
        body(&server.asked()[0])["query"],
        json!({ "field": "email", "operator": "=", "value": "joe@example.com" })
    );
    assert_eq!(server.asked()[0].header("authorization"), "Bearer sesame");
    assert_eq!(server.asked()[0].header("intercom-version"), "2.11");
    assert_eq!(erase(&*system, "contacts", &[("id", Value::text("a1"))]).await.unwrap().rows, 1);
    assert_eq!(change(&*system, "contacts", "a2", &[("name", Value::Null)]).await.unwrap().rows, 1);
    assert_eq!(body(server.asked().last().unwrap()), json!({ "name": null }));
    assert!(ask(&*system, "contacts", &["id"], by("id", "a1")).await.unwrap().is_empty());
}

#[tokio::test]
async fn mailchimp() {
    let member = json!({ "id": "852aaa9532cb36adfb5e9fef7a4206a9", "email_address": "urist.mcvankab@example.com", "full_name": "Urist McVankab",
                         "status": "subscribed", "merge_fields": { "FNAME": "Urist" }, "ip_signup": "", "list_id": "57afe96172" });
    let path = "/3.0/lists/57afe96172/members/852aaa9532cb36adfb5e9fef7a4206a9";
    let deletes = move |asked: &Asked| {
        (asked.line() == format!("POST {path}/actions/delete-permanent")).then(|| Told::status(204))
    };
    let server = replay(deletes, move |asked, gone| match asked.target.as_str() {
        "/3.0/search-members?query=urist.mcvankab%40example.com" => Told::json(
            200,
            &json!({ "exact_matches": { "members": [member], "total_items": 1 }, "full_search": { "members": [], "total_items": 0 } }),
        ),
        target if target == path && !gone => Told::json(200, &member),
        _ => Told::json(404, &json!({ "title": "Resource Not Found", "status": 404 })),
    });
    let system = of("mailchimp", &server);
    let email = "urist.mcvankab@example.com";
    let found = ask(&*system, "members", &["list_id", "full_name", "merge_fields"], folded("email_address", email))
        .await
        .unwrap();
    assert_eq!(texts(&found), [["57afe96172", "Urist McVankab", "{\"FNAME\":\"Urist\"}"]]);
    let key = [("list_id", Value::text("57afe96172")), ("id", Value::text("852aaa9532cb36adfb5e9fef7a4206a9"))];
    assert_eq!(erase(&*system, "members", &key).await.unwrap().rows, 1);
    assert!(ask(&*system, "members", &["id"], folded("email_address", email)).await.unwrap().is_empty());
}

#[tokio::test]
async fn stripe() {
    let customer = |id: &str| json!({ "id": id, "object": "customer", "email": "jenny@example.com", "name": "Jenny Rosen", "address": null, "created": 1680893993, "phone": null, "description": null });
    let deletes = |asked: &Asked| {
        (asked.line() == "DELETE /v1/customers/cus_1")
            .then(|| Told::json(200, &json!({ "id": "cus_1", "object": "customer", "deleted": true })))
    };
    let server = replay(deletes, move |asked, gone| {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        match (asked.method.as_str(), path) {
            ("GET", "/v1/customers/search") if query.contains("page=p2") => Told::json(
                200,
                &json!({ "object": "search_result", "has_more": false, "next_page": null, "data": [customer("cus_2")] }),
            ),
            ("GET", "/v1/customers/search") => Told::json(
                200,
                &json!({ "object": "search_result", "has_more": true, "next_page": "p2", "data": [customer("cus_1")] }),
            ),
            ("GET", "/v1/customers/cus_1") if gone => {
                Told::json(200, &json!({ "id": "cus_1", "object": "customer", "deleted": true }))
            }
            ("GET", "/v1/customers/cus_1") => Told::json(200, &customer("cus_1")),
            (_, "/v1/customers/cus_2") => Told::json(200, &customer("cus_2")),
            _ => Told::json(404, &json!({ "error": { "code": "resource_missing" } })),
        }
    });
    let system = of("stripe", &server);
    let found = ask(&*system, "customers", &["id", "created"], folded("email", "jenny@example.com")).await.unwrap();
    assert_eq!(texts(&found), [["cus_1", "2023-04-07 18:59:53+00"], ["cus_2", "2023-04-07 18:59:53+00"]]);
    assert!(server.lines()[0].starts_with("GET /v1/customers/search?"));
    assert_eq!(erase(&*system, "customers", &[("id", Value::text("cus_1"))]).await.unwrap().rows, 1);
    change(&*system, "customers", "cus_2", &[("name", Value::Null), ("phone", Value::text("+1&2"))]).await.unwrap();
    let changed = server.asked().pop().unwrap();
    assert_eq!(changed.body, "name=&phone=%2B1%262");
    assert!(changed.header("content-type").contains("form") && changed.header("idempotency-key").len() == 64);
    let left = ask(&*system, "customers", &["id"], folded("email", "jenny@example.com")).await.unwrap();
    assert_eq!(texts(&left), [["cus_2"]]);
}

#[tokio::test]
async fn hubspot() {
    let contact = json!({ "id": "512", "properties": { "email": "mark@example.com", "firstname": "Mark", "lastname": "Smith", "phone": null },
                          "createdAt": "2019-10-30T03:30:17.883Z", "archived": false });
    let deletes =
        |asked: &Asked| (asked.line() == "POST /crm/v3/objects/contacts/gdpr-delete").then(|| Told::status(204));
    let server = replay(deletes, move |asked, gone| {
        match (asked.method.as_str(), asked.target.split('?').next().unwrap_or_default()) {
            ("POST", "/crm/v3/objects/contacts/search") => {
                Told::json(200, &json!({ "total": 1, "results": [contact] }))
            }
            ("GET" | "PATCH", "/crm/v3/objects/contacts/512") if !gone => Told::json(200, &contact),
            _ => Told::json(404, &json!({ "status": "error", "category": "OBJECT_NOT_FOUND" })),
        }
    });
    let system = of("hubspot", &server);
    let found =
        ask(&*system, "contacts", &["id", "lastname", "createdAt"], folded("email", "mark@example.com")).await.unwrap();
    assert_eq!(texts(&found), [["512", "Smith", "2019-10-30 03:30:17.883+00"]]);
    assert_eq!(body(&server.asked()[0])["filterGroups"][0]["filters"][0]["value"], "mark@example.com");
    change(&*system, "contacts", "512", &[("lastname", Value::text("S."))]).await.unwrap();
    assert_eq!(body(server.asked().last().unwrap()), json!({ "properties": { "lastname": "S." } }));
    assert_eq!(erase(&*system, "contacts", &[("id", Value::text("512"))]).await.unwrap().rows, 1);
    assert_eq!(body(server.asked().last().unwrap()), json!({ "objectId": "512" }));
    assert!(ask(&*system, "contacts", &["id"], folded("email", "mark@example.com")).await.unwrap().is_empty());
}
