//! The families of declarations: what a policy folder says beside its data maps, one kind of thing each. A promise names
//! what keeps it as `FAMILY:NAME`.

use super::said::{collection, parties, security, sharing};
use super::takes::{DATE, LANGUAGE, SINGLE, TEXT};
use super::{KIND_LABEL, LAW, PURPOSE, RECIPIENT, RIGHT, RULE, SYSTEM, Shape, may, must};

/// A kind of declaration.
#[derive(Debug)]
pub struct Family {
    /// As promises name it.
    pub name: &'static str,
    /// What people call one, with its article.
    pub what: &'static str,
    /// The file it stands in.
    pub file: &'static str,
    /// The table under which its declarations stand by name, or the list of them that have an `id`.
    pub table: &'static str,
    /// Its keys.
    pub shape: &'static Shape,
}

/// All families, by file.
#[rustfmt::skip]
pub static FAMILIES: &[Family] = &[
    Family { name: "population", what: "a population", file: "policy.toml", table: "subjects", shape: &KIND_LABEL },
    Family { name: "law", what: "a law", file: "policy.toml", table: "law", shape: &LAW },
    Family { name: "entity", what: "an entity", file: "policy.toml", table: "entity", shape: &parties::ENTITY },
    Family { name: "property", what: "a property", file: "policy.toml", table: "property", shape: &parties::PROPERTY },
    Family { name: "role", what: "a role", file: "policy.toml", table: "role", shape: &parties::ROLE },
    Family { name: "regime", what: "a regime", file: "policy.toml", table: "regime", shape: &parties::REGIME },
    Family { name: "contact", what: "a contact", file: "policy.toml", table: "contact", shape: &parties::CONTACT },
    Family { name: "officer", what: "an officer", file: "policy.toml", table: "officer", shape: &parties::OFFICER },
    Family { name: "authority", what: "an authority", file: "policy.toml", table: "authority", shape: &parties::AUTHORITY },
    Family { name: "term", what: "a term", file: "policy.toml", table: "term", shape: &parties::TERM },
    Family { name: "boundary", what: "a boundary", file: "policy.toml", table: "boundary", shape: &parties::BOUNDARY },
    Family { name: "claim", what: "a claim", file: "policy.toml", table: "claim", shape: &parties::CLAIM },
    Family { name: "change", what: "a change rule", file: "policy.toml", table: "change", shape: &parties::CHANGE },
    Family { name: "category", what: "a category", file: "collection.toml", table: "category", shape: &collection::CATEGORY },
    Family { name: "source", what: "a source", file: "collection.toml", table: "source", shape: &collection::SOURCE },
    Family { name: "point", what: "a collection point", file: "collection.toml", table: "point", shape: &collection::POINT },
    Family { name: "tracker", what: "a tracker", file: "collection.toml", table: "tracker", shape: &collection::TRACKER },
    Family { name: "telemetry", what: "telemetry", file: "collection.toml", table: "telemetry", shape: &collection::TELEMETRY },
    Family { name: "edition", what: "an edition", file: "collection.toml", table: "edition", shape: &collection::EDITION },
    Family { name: "aggregate", what: "an aggregate", file: "collection.toml", table: "aggregate", shape: &collection::AGGREGATE },
    Family { name: "purpose", what: "a purpose", file: "purposes.toml", table: "purpose", shape: &PURPOSE },
    Family { name: "assessment", what: "an assessment", file: "purposes.toml", table: "assessment", shape: &sharing::ASSESSMENT },
    Family { name: "recipient", what: "a recipient", file: "recipients.toml", table: "recipient", shape: &RECIPIENT },
    Family { name: "transfer", what: "a transfer", file: "recipients.toml", table: "transfer", shape: &sharing::TRANSFER },
    Family { name: "retention", what: "a retention rule", file: "retention.toml", table: "rule", shape: &RULE },
    Family { name: "right", what: "a right", file: "rights.toml", table: "right", shape: &RIGHT },
    Family { name: "message", what: "a message", file: "messages.toml", table: "message", shape: &security::MESSAGE },
    Family { name: "safeguard", what: "a safeguard", file: "security.toml", table: "safeguard", shape: &security::SAFEGUARD },
    Family { name: "certification", what: "a certification", file: "security.toml", table: "certification", shape: &security::CERTIFICATION },
];

/// Settings are declarations too, each with its `value`.
pub static SETTING: Family =
    Family { name: "setting", what: "a setting", file: "settings.toml", table: "", shape: &SETTING_KEYS };

static SETTING_KEYS: Shape = Shape {
    name: "setting",
    what: "a setting",
    doc: "A choice, or a number behind a word of the notice.",
    keys: &[must("value", &SINGLE, "Its value.")],
    others: None,
    one_of: &[],
};

/// What stands elsewhere in the folder and keeps promises all the same: its systems, and the notice itself.
pub static SYSTEM_FAMILY: Family =
    Family { name: "system", what: "a system", file: "systems/NAME.toml", table: "", shape: &SYSTEM };

/// The head of the notice; its one declaration is called `head`.
pub static NOTICE: Family =
    Family { name: "notice", what: "a notice", file: "notice.md", table: "", shape: &NOTICE_HEAD };

static NOTICE_HEAD: Shape = Shape {
    name: "notice",
    what: "the head of the notice",
    doc: "Which version of the notice this is, and from when it holds.",
    keys: &[
        must("title", &TEXT, "Its title."),
        must("version", &TEXT, "Its version, such as `2026-1`."),
        must("effective", &DATE, "From when it holds."),
        may("language", &LANGUAGE, "The language it is written in, as two small letters (ISO 639)."),
        may("published", &DATE, "When it was published."),
    ],
    others: None,
    one_of: &[],
};

/// Checks of the words themselves; promises that no program can keep name one.
pub static LINT: Family = Family { name: "lint", what: "a lint", file: "notice.md", table: "", shape: &LINT_KEYS };

static LINT_KEYS: Shape = Shape {
    name: "lint",
    what: "a lint",
    doc: "A check of the words of the notice.",
    keys: &[],
    others: None,
    one_of: &[],
};

impl Family {
    /// Every family that a promise may name, those of declarations first.
    pub fn all() -> impl Iterator<Item = &'static Family> {
        FAMILIES.iter().chain([&SETTING, &SYSTEM_FAMILY, &NOTICE, &LINT])
    }

    /// The family of that name.
    pub fn named(name: &str) -> Option<&'static Family> {
        Family::all().find(|family| family.name == name)
    }
}
