//! The words of the language.

use super::read::Word;

/// The words of a type, as they are written.
pub(crate) fn of<W: Word>() -> Vec<&'static str> {
    W::words()
}
use crate::policy::model::{Access, Codec, Epoch, Fate, Match, Origin, Right, Role, SystemKind, Untie, Worth};
use crate::policy::written::{Erase, Records};
use crate::schema::Class;

impl Word for SystemKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("postgres", SystemKind::Postgres),
        ("mysql", SystemKind::Mysql),
        ("sqlite", SystemKind::Sqlite),
        ("files", SystemKind::Files),
        ("http", SystemKind::Http),
        ("manual", SystemKind::Manual),
    ];
}

impl Word for Right {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("access", Right::Access),
        ("erasure", Right::Erasure),
        ("deactivation", Right::Deactivation),
        ("reactivation", Right::Reactivation),
        ("rectification", Right::Rectification),
        ("restriction", Right::Restriction),
        ("lifting", Right::Lifting),
        ("portability", Right::Portability),
        ("confirmation", Right::Confirmation),
    ];
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("owner", Role::Owner),
        ("co_owner", Role::CoOwner),
        ("part", Role::Part),
        ("author", Role::Author),
        ("viewer", Role::Viewer),
        ("mention", Role::Mention),
    ];
}

impl Word for Match {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("exact", Match::Exact),
        ("email", Match::Email),
        ("phone", Match::Phone),
        ("case_insensitive", Match::CaseInsensitive),
    ];
}

impl Word for Class {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("int", Class::Int),
        ("bool", Class::Bool),
        ("real", Class::Real),
        ("decimal", Class::Decimal),
        ("text", Class::Text),
        ("json", Class::Json),
        ("date", Class::Date),
        ("timestamp", Class::Timestamp),
    ];
}

impl Word for Worth {
    const WORDS: &'static [(&'static str, Self)] = &[("key", Worth::Key), ("hint", Worth::Hint), ("text", Worth::Text)];
}

impl Word for Records {
    const WORDS: &'static [(&'static str, Self)] = &[("one", Records::One), ("many", Records::Many)];
}

impl Word for Access {
    const WORDS: &'static [(&'static str, Self)] =
        &[("row", Access::Row), ("shared", Access::Shared), ("fact", Access::Fact), ("withhold", Access::Withhold)];
}

impl Word for Fate {
    const WORDS: &'static [(&'static str, Self)] =
        &[("delete", Fate::Delete), ("scrub", Fate::Scrub), ("untie", Fate::Untie), ("none", Fate::None)];
}

impl Word for Untie {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("drop", Untie::Drop),
        ("null", Untie::Null),
        ("nobody", Untie::Nobody),
        ("placeholder", Untie::Placeholder),
        ("pseudonym", Untie::Pseudonym),
        ("blank", Untie::Blank),
        ("delete", Untie::Delete),
    ];
}

impl Word for Codec {
    const WORDS: &'static [(&'static str, Self)] =
        &[("json", Codec::Json), ("yaml", Codec::Yaml), ("php", Codec::Php), ("url", Codec::Url)];
}

impl Word for Origin {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("person", Origin::Person),
        ("observed", Origin::Observed),
        ("derived", Origin::Derived),
        ("third_party", Origin::ThirdParty),
    ];
}

impl Word for Epoch {
    const WORDS: &'static [(&'static str, Self)] =
        &[("s", Epoch::Seconds), ("ms", Epoch::Millis), ("us", Epoch::Micros)];
}

/// The actions that a word alone says; `replace` and `keep` need a table.
#[derive(Clone)]
pub(crate) struct Action(pub(super) Erase);

impl Word for Action {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("null", Action(Erase::Null)),
        ("blank", Action(Erase::Blank)),
        ("hash", Action(Erase::Hash)),
        ("pseudonym", Action(Erase::Pseudonym)),
        ("truncate_ip", Action(Erase::TruncateIp)),
        ("generalise", Action(Erase::Generalise)),
        ("redact", Action(Erase::Redact)),
        ("shred", Action(Erase::Shred)),
    ];
}

/// The breadths of a placeholder that a word says.
#[derive(Clone)]
pub(crate) enum Breadth {
    One,
    Person,
    Row,
}

impl Word for Breadth {
    const WORDS: &'static [(&'static str, Self)] =
        &[("one", Breadth::One), ("person", Breadth::Person), ("row", Breadth::Row)];
}
