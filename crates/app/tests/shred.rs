//! Keys of persons: an application encrypts columns under them, an erasure destroys them.

mod support;

use serde_json::Value;
use support::{Company, Witness};

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";

/// The company, whose application encrypts birth dates.
fn company() -> Company {
    let company = Company::sqlite(30);
    let map = company.folder.join("systems/helpdesk.toml");
    let text = std::fs::read_to_string(&map).expect("the map");
    let plain = r#"date_of_birth", erase = "null" }"#;
    assert!(text.contains(plain));
    std::fs::write(&map, text.replace(plain, r#"date_of_birth", erase = "shred" }"#)).expect("the map");
    company.execute("helpdesk", "update persons set birth_date = 'c2VhbGVk' where id in (1, 2)");
    let locked = company.upheld(&["map", "lock", company.folder()]);
    assert_eq!(locked.code, 0, "{locked:?}");
    company
}

fn key(company: &Company, record: &str) -> String {
    let told = company.json(&["key", "subject", company.folder(), "--subject", "customer", "--id", record]);
    told["key"].as_str().expect("a key").to_owned()
}

#[test]
fn an_erasure_destroys_the_key_of_the_person_and_of_nobody_else() {
    let company = company();
    let (hers, another) = (key(&company, "helpdesk:1"), key(&company, "helpdesk:2"));
    assert!(hers.len() == 64 && hers != another);
    assert_eq!(key(&company, "helpdesk: 1"), hers, "a key is made once");

    let out = company.answers.display().to_string();
    let folder = company.folder();
    let erase = ["fulfil", "erasure", folder, "--subject", "customer", "--email", MARIA, "--yes", "--out", &out];
    let told = company.json(&erase);
    let ending = company.confirm_tasks(told["run"].as_str().expect("a run"));
    assert_eq!(ending["state"], "complete", "{ending}");
    let certificate = std::fs::read_to_string(ending["certificate"].as_str().expect("a certificate")).expect("it");
    assert!(certificate.contains("\"shredded\"") && certificate.contains("birth_date"), "{certificate}");

    let left = company.query("helpdesk", "select birth_date from persons where id = 1");
    assert_eq!(left[0]["birth_date"].as_deref(), Some("c2VhbGVk"), "what nobody can read is not written");
    let refused = company.upheld(&["key", "subject", folder, "--subject", "customer", "--id", "helpdesk:1"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("is destroyed and is not made again"), "{refused:?}");
    assert_eq!(key(&company, "helpdesk:2"), another);
}

#[test]
fn an_answer_marks_what_is_encrypted_and_holds_it_as_it_is_stored() {
    let company = company();
    let out = company.path("answer");
    let ask = ["fulfil", "access", company.folder(), "--subject", "customer", "--email", MARIA, "--yes", "--plain"];
    let told = company.json(&[&ask[..], &["--out", &out]].concat());
    let answer = std::path::Path::new(told["answer"].as_str().expect("an answer"));
    let text = |name: &str| std::fs::read_to_string(answer.join(name)).expect("a file");
    let page = text("index.html");
    assert!(page.contains("encrypted, 8 bytes") && !page.contains("c2VhbGVk"), "shown to people");
    assert!(page.contains("Encrypted under a key of your own: <bdi>Birth date</bdi>."), "said of the table");
    assert!(text("data/helpdesk/persons.jsonl").contains("c2VhbGVk"), "exact for programs");
}

#[test]
fn a_plan_says_what_becomes_unreadable_and_destroys_nothing() {
    let company = company();
    let hers = key(&company, "helpdesk:1");
    let file = company.path("plan.json");
    let ask = ["plan", "erasure", company.folder(), "--subject", "customer", "--email", MARIA, "--out", &file];
    let shown = company.upheld(&ask);
    assert_eq!(shown.code, 0, "{shown:?}");
    let told = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("birth_date: unreadable"), "{}", shown.stdout);
    assert_eq!(key(&company, "helpdesk:1"), hers);
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("the plan")).expect("JSON");
    assert!(!plan.to_string().contains(&hers), "no plan holds a key");
}

#[test]
fn a_record_has_one_name_and_a_wrong_one_gets_no_key() {
    let company = company();
    let witness = Witness::of(&company);
    for (kind, record, says) in [
        ("customer", "helpdesk:01", "written `1`"),
        ("customer", "helpdesk:x", "no whole number"),
        ("customer", "helpdesk", "SYSTEM:KEY"),
        ("customer", "nowhere:1", "records are in"),
        ("nobody", "helpdesk:1", "no subject kind"),
    ] {
        let args = ["key", "subject", company.folder(), "--subject", kind, "--id", record];
        witness.fails(2, &args, &[says]);
    }
}
