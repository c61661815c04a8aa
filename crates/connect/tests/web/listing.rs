//! Questions that no call takes: everything is listed, once, and what was asked for is picked out of it.

use connect::testing::{Told, WebServer};
use engine::ask::By;
use serde_json::json;

use crate::{ask, connector, said, texts};

const MAP: &str = r#"
[system]
kind    = "http"
url     = "http://127.0.0.1:9"
connect = { env = "CRM_TOKEN" }

[http]
auth    = { kind = "bearer" }
private = true

[resource.deals]
key     = "id"
columns = { id = "int", about = "text", tags = "json" }
find    = [
  { by = "id", path = "/deals/{id}", records = "$" },
  { path = "/deals", records = "$[*]" },
]

[resource.calls]
key     = "id"
columns = { id = "int", about = "text" }
find    = [{ by = "about", path = "/calls", query = { about = "{about}" }, records = "$[*]" }]
"#;

fn containing(column: &str, needles: &[&str]) -> By {
    By::Containing { column: column.into(), needles: needles.iter().map(|n| (*n).to_owned()).collect() }
}

fn server() -> WebServer {
    WebServer::start(|_| {
        Told::json(
            200,
            &json!([
                { "id": 17, "about": "Contact:U-8", "tags": ["Vip", { "of": "u-9" }] },
                { "id": 2, "about": "", "tags": [] },
                { "id": 3, "about": null },
            ]),
        )
    })
}

#[tokio::test]
async fn parts_of_texts_are_looked_for_in_all_records() {
    let server = server();
    let system = connector(MAP, &server.url());
    let found =
        async |column: &str, needles: &[&str]| ask(&*system, "deals", &["id"], containing(column, needles)).await;
    let ids = async |column, needles| texts(&found(column, needles).await.unwrap()).concat();
    assert_eq!(ids("about", &["CONTACT:u-8", "contact:u-80"]).await, ["17"]);
    assert_eq!(server.lines(), ["GET /deals"], "one listing, whatever the needles");
    assert_eq!(ids("about", &["u-9"]).await, [""; 0]);
    assert_eq!(ids("about", &[""]).await, ["17", "2"], "the empty text contains an empty needle, NULL does not");
    assert_eq!(ids("tags", &["vip"]).await, ["17"]);
    assert_eq!(ids("tags", &[""]).await, ["17", "2"]);
    assert_eq!(ids("id", &["7"]).await, ["17"]);
    let asked = server.lines().len();
    assert_eq!(ids("about", &[]).await, [""; 0]);
    assert_eq!(server.lines().len(), asked, "no needles, no call");
}

#[tokio::test]
async fn a_call_that_takes_a_value_finds_no_part_of_one() {
    let server = server();
    let system = connector(MAP, &server.url());
    let said = said(ask(&*system, "calls", &["id"], containing("about", &["u-8"])).await);
    assert!(said.contains("has no call that answers this question"), "{said}");
    assert!(server.lines().is_empty());
}
