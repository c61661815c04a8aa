//! A declaration that got another name is the same declaration, as long as it says the same.

use engine::notice::versions::{Class, Version, diff};
use serde_json::json;

use crate::folder::{Edit, version};
use crate::pair::{Expected, comes_to, editorial, from_to, notice};

const SAME: &str = "it has another name; all that it says is the same";

const fn renamed(what: &'static str) -> Expected {
    editorial(what, None, SAME)
}

#[test]
fn a_recipient_and_all_that_refers_to_it() {
    let edits: [Edit; 4] = [
        ("recipients.toml", "[recipient.cloud]", "[recipient.stackhaven]"),
        ("recipients.toml", "recipients    = [\"cloud\"]", "recipients    = [\"stackhaven\"]"),
        ("security.toml", "= \"cloud\"", "= \"stackhaven\""),
        ("settings.toml", "", "[share]\nclosed_list = true"),
    ];
    let old: Edit = edits[3];
    from_to(&[old], &edits, &[renamed("recipient:stackhaven").of(&["applicant", "user"])]);
    let change = diff(&version(&[old]), &version(&edits)).changes.remove(0);
    let names = (change.before, change.after, change.key);
    assert_eq!(names, (Some(json!("recipient:cloud")), Some(json!("recipient:stackhaven")), None));
}

#[test]
fn a_purpose_that_recipients_and_messages_name() {
    comes_to(
        &[
            ("purposes.toml", "[purpose.news]", "[purpose.letters]"),
            ("recipients.toml", "[\"news\"]", "[\"letters\"]"),
            ("messages.toml", "\"news\"", "\"letters\""),
        ],
        &[renamed("purpose:letters").of(&["user"])],
    );
}

#[test]
fn two_that_refer_to_each_other() {
    comes_to(
        &[
            ("purposes.toml", "[purpose.news]", "[purpose.letters]"),
            ("recipients.toml", "[\"news\"]", "[\"letters\"]"),
            ("messages.toml", "\"news\"", "\"letters\""),
            ("recipients.toml", "[recipient.press]", "[recipient.newsroom]"),
        ],
        &[renamed("purpose:letters").of(&["user"]), renamed("recipient:newsroom").of(&["user"])],
    );
}

#[test]
fn an_assessment_and_a_safeguard() {
    comes_to(
        &[
            ("purposes.toml", "[assessment.hiring]", "[assessment.choosing]"),
            ("purposes.toml", "\"hiring\"\ncategories", "\"choosing\"\ncategories"),
            ("security.toml", "[safeguard.at-rest]", "[safeguard.stored]"),
        ],
        &[renamed("assessment:choosing").of(&["applicant"]), renamed("safeguard:stored")],
    );
}

/// Whoever renames and changes at once has another declaration: nobody can tell that it is meant to be the same.
#[test]
fn another_name_and_another_value_are_one_that_went_and_one_that_came() {
    let (old, new) = (
        version(&[]),
        version(&[
            ("purposes.toml", "[purpose.news]", "[purpose.letters]"),
            ("purposes.toml", "\"Send news\"", "\"Send offers of others\""),
            ("recipients.toml", "[\"news\"]", "[\"letters\"]"),
            ("messages.toml", "\"news\"", "\"letters\""),
        ]),
    );
    let found = diff(&old, &new);
    let purposes: Vec<&str> =
        found.changes.iter().map(|c| c.what.as_str()).filter(|w| w.starts_with("purpose")).collect();
    assert_eq!(found.class, Class::FreshConsent);
    assert!(purposes.contains(&"purpose:news") && purposes.contains(&"purpose:letters"), "{purposes:?}");
}

/// Rights are what they are called.
#[test]
fn a_right_that_is_called_otherwise_is_another_right() {
    let right = |name: &str| ("rights.toml", "", format!("[right.{name}]\nfee = \"none\""));
    let with = |(file, at, text): (&'static str, &'static str, String)| version(&[(file, at, text.leak())]);
    let found = diff(&with(right("objection")), &with(right("confirmation")));
    let what: Vec<&str> = found.changes.iter().map(|c| c.what.as_str()).collect();
    assert!(what.contains(&"right:objection") && what.contains(&"right:confirmation"), "{what:?}");
    assert_eq!(found.class, Class::Notice, "a right that is gone: {found:#?}");
}

/// Of two that say the same, nobody can tell which became which.
#[test]
fn twins_are_not_told_apart() {
    let twins = |one: &str, other: &str| -> Version {
        let contact = |name: &str| {
            format!("[contact.{name}]\nkind = \"post\"\naddress = \"Box 1\"\nserves = [\"questions\"]\n\n")
        };
        version(&[("policy.toml", "", (contact(one) + &contact(other)).leak())])
    };
    let found = diff(&twins("letters", "parcels"), &twins("post", "freight"));
    assert_eq!(found.changes.len(), 4, "{found:#?}");
    let one = diff(&twins("letters", "parcels"), &twins("letters", "freight"));
    assert_eq!(one.changes.iter().map(|c| c.what.as_str()).collect::<Vec<_>>(), ["contact:freight"], "{one:#?}");
}

/// Where the name itself stands in the published words, people read another one.
#[test]
fn a_name_that_people_read() {
    let because = "it has another name, which people read; all else that it says is the same";
    let mut expected = notice("recipient:newsroom-desk", None, because, "").of(&["user"]);
    expected.article = None;
    from_to(
        &[("notice.md", "What we gather", "Ask about press. What we gather")],
        &[
            ("notice.md", "What we gather", "Ask about newsroom-desk. What we gather"),
            ("recipients.toml", "[recipient.press]", "[recipient.newsroom-desk]"),
        ],
        &[expected],
    );
}

/// The data of people stays where it is: a name is no change of the rules.
#[test]
fn nothing_is_owed_for_a_name() {
    let edits: [Edit; 1] = [("recipients.toml", "[recipient.press]", "[recipient.newsroom]")];
    let found = diff(&version(&[]), &version(&edits));
    assert_eq!((found.class, found.changes.len()), (Class::Editorial, 1), "{found:#?}");
}
