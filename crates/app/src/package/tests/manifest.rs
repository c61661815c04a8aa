//! What the manifest and the page say.

use serde_json::{Value as Json, json};

use super::{place, sample, text};

fn table<'a>(manifest: &'a Json, name: &str) -> &'a Json {
    manifest["tables"].as_array().unwrap().iter().find(|t| t["table"] == name).unwrap()
}

fn column<'a>(table: &'a Json, name: &str) -> &'a Json {
    table["columns"].as_array().unwrap().iter().find(|c| c["name"] == name).unwrap()
}

#[test]
fn the_manifest_says_what_is_there_and_what_is_not() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let manifest: Json = serde_json::from_str(&text(&dir, "manifest.json")).unwrap();
    assert_eq!(manifest["format"], "upheld-access-package");
    assert_eq!(manifest["made_at"], "2026-12-28T09:30:00Z");
    let replies = table(&manifest, "replies");
    assert_eq!(replies["rows"], json!({ "row": 0, "shared": 4, "fact": 0 }));
    let left_out = json!({ "columns": ["from_name", "from_address"], "rows": 2, "reason": "belongs to other people" });
    assert_eq!(replies["withheld"], json!([left_out]));
    assert_eq!(column(replies, "from_name")["returned"], 2);
    let searched = json!({
        "searched": "searched for identifiers of the person",
        "others": "not examined for other people's data",
    });
    assert_eq!(column(replies, "body")["free_text"], searched);
    assert_eq!(column(replies, "body")["category"], "user.content.ticket");
    assert_eq!(column(replies, "body")["meaning"], "what a person wrote or made");
    assert_eq!(column(table(&manifest, "sessions"), "token")["returned"], 0);
    assert_eq!(manifest["review"], json!([{ "system": "helpdesk", "table": "replies", "places": 1 }]));
    assert_eq!(manifest["tasks"][0]["team"], "Records office");
    let files: Vec<&str> = manifest["files"].as_array().unwrap().iter().filter_map(|f| f["path"].as_str()).collect();
    assert_eq!(files[..2], ["certificate.json", "data/billing/invoices.csv"]);
}

#[test]
fn the_manifest_holds_no_personal_value() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let manifest = text(&dir, "manifest.json");
    assert!(["Sigrid", "sigrid", "Ødegård", "203.0.113", "8812"].iter().all(|v| !manifest.contains(v)));
}

#[test]
fn the_page_reads_well() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let page = text(&dir, "index.html");
    for words in [
        "<h1>Your data at <bdi>Harbour Desk AS</bdi></h1>",
        "28 December 2026",
        "9 February 1986",
        "2 May 2026, 10:20:31 UTC",
        "Shown here: the first <bdi>20</bdi> of <bdi>230 records</bdi>.",
        "The first 20,000 of 23,400 characters.",
        "binary data, 18.2 kB",
        "It belongs to other people.",
        "Empty: <bdi>Phone</bdi>",
        "Theme: dark",
        "Datatilsynet",
        "Records office",
        "privacy@harbour-desk.example",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn headings_come_in_order_and_ids_once() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let page = text(&dir, "index.html");
    let levels: Vec<u32> = page.split("<h").skip(1).filter_map(|r| r.chars().next()?.to_digit(10)).collect();
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|w| w[1] > 1 && w[1] <= w[0] + 1), "{levels:?}");
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|r| r.split('"').next()).collect();
    assert!(ids.iter().enumerate().all(|(i, id)| !ids[..i].contains(id)), "{ids:?}");
}
