//! `upheld notice safeguards`: the copy that people get of what protects their data abroad, without what stays secret.

use std::path::Path;

use serde_json::json;

use crate::versions::bytes;
use crate::{change, copy, example, told, upheld};

/// What stays secret in the clauses of the help desk.
const SECRET: [&str; 4] = ["4,180", "215 dollars", "Whitlock", "Okonjo"];
const WHO: [&str; 4] = ["--subject", "customer", "--email", "Inés@Spain.example"];

#[test]
fn somebody_who_asks_gets_a_copy_in_which_secret_words_are_nowhere() {
    let place = tempfile::tempdir().expect("a folder");
    let (folder, file) = (example("helpdesk"), place.path().join("copy.md"));
    let whole = std::fs::read_to_string(folder.join("safeguards/clauses-2021.md")).expect("the signed text");
    assert!(SECRET.iter().all(|word| whole.contains(word)), "the text holds what is secret");
    let (folder, out) = (folder.display().to_string(), file.display().to_string());
    let ask = [&["notice", "safeguards", &folder, "--transfer", "europe-clauses"][..], &WHO].concat();

    let done = upheld(place.path(), &[&ask[..], &["--out", &out]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    let given = std::fs::read_to_string(&file).expect("the copy");
    for word in SECRET {
        assert!(!given.contains(word) && !done.stdout.contains(word), "{word} is in what was given");
    }
    assert!(
        given.contains("████████ (prices) each month")
            && given.contains("For the sender: ████████ (names of signatories)"),
        "{given}"
    );
    let open = |text: &str| {
        text.lines().filter(|l| !l.contains("[[") && !l.contains('█')).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(open(&whole), open(&given), "everything else is there");

    // The same file is not written over; without a file the copy goes to the terminal, and both times are remembered.
    assert_eq!(upheld(place.path(), &[&ask[..], &["--out", &out]].concat()).code, 2);
    let again = told(place.path(), &[0], &ask);
    assert_eq!((&again["copies"], again["text"].as_str()), (&json!(2), Some(given.as_str())), "{again}");
    let somebody = [
        "notice",
        "safeguards",
        &folder,
        "--transfer",
        "europe-clauses",
        "--subject",
        "customer",
        "--email",
        "b@b.example",
    ];
    assert_eq!(told(place.path(), &[0], &somebody)["copies"], 1, "another person");

    let (ledger, home) = (bytes(&place.path().join("home/ledger")), bytes(&place.path().join("home")));
    assert!(ledger.contains("\"kind\":\"safeguards\"") && ledger.contains("europe-clauses"), "the ledger knows of it");
    for word in SECRET.into_iter().chain(["spain.example", "Spain.example", "b@b.example"]) {
        assert!(!home.contains(word), "{word} is in the store");
    }
}

/// What the program says to a changed folder, where it makes no copy and leaves nothing behind.
fn refused(spoil: impl Fn(&Path)) -> String {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("helpdesk", place.path());
    // The promise would contradict some of it, which is another finding.
    let promises = folder.join("promises.toml");
    change(&promises, ", copy_on_request = true, redact = [\"prices\"], document = \"safeguards/clauses-2021.md\"", "");
    change(&promises, ", copy_on_request = true, redact = [\"prices\"], document = \"safeguards/uk-addendum.md\"", "");
    spoil(&folder);
    let out = place.path().join("copy.md");
    let (folder, file) = (folder.display().to_string(), out.display().to_string());
    let ask = ["notice", "safeguards", &folder, "--transfer", "europe-clauses", "--out", &file];
    let done = upheld(place.path(), &[&ask[..], &WHO].concat());
    assert_eq!(done.code, 2, "{done:?}");
    assert!(!out.exists() && !place.path().join("home").exists(), "nothing is left behind");
    for word in SECRET {
        assert!(!done.stderr.contains(word), "{word} is told: {}", done.stderr);
    }
    done.stderr
}

#[test]
fn no_copy_is_made_of_a_text_that_may_tell_too_much() {
    let text = "safeguards/clauses-2021.md";
    let cases: [(&str, &str, &str, &str); 8] = [
        (text, "[[prices: 4,180 dollars]]", "4,180 dollars", "also stands here"),
        (text, "[[prices: ", "[[fees: ", "line 17: `redact` of the transfer names no \"fees\""),
        (text, "Whitlock]]", "Whitlock", "does not end"),
        (
            text,
            "## What it costs",
            "## What it costs: 215  DOLLARS",
            "line 15: what is blackened as \"prices\" also stands here",
        ),
        (
            "recipients.toml",
            "redact          = [\"prices\", \"names of signatories\"]",
            "redact = [\"prices\", \"names of signatories\", \"places\"]",
            "no passage is marked with \"places\"",
        ),
        (
            "recipients.toml",
            "safeguards/clauses-2021.md",
            "../clauses-2021.md",
            "no Markdown or plain text in the folder",
        ),
        (
            "recipients.toml",
            "safeguards/clauses-2021.md",
            "safeguards/clauses-2021.pdf",
            "no Markdown or plain text in the folder",
        ),
        ("recipients.toml", "copy_on_request = true", "copy_on_request = false", "nobody gets a copy"),
    ];
    for (file, old, new, expected) in cases {
        let said = refused(|folder| {
            change(&folder.join(file), old, new);
            if new == "4,180 dollars" {
                // Marked once and unmarked once.
                change(&folder.join(file), "## Signed", "[[prices: 4,180 dollars]]\n\n## Signed");
            }
        });
        assert!(said.contains(expected), "{new}: {expected} is not in: {said}");
    }
    let gone = refused(|folder| std::fs::remove_file(folder.join(text)).expect("a file"));
    assert!(gone.contains("cannot read safeguards/clauses-2021.md"), "{gone}");
}
