//! The keys of every table in a policy folder. The parser takes exactly these, and the JSON Schemas say what stands here,
//! so that an editor and `check` cannot disagree about which keys there are.

mod action;
mod company;
mod families;
mod hold;
mod http;
pub mod said;
mod schema;
mod subject;
mod system;
mod table;
mod takes;

pub use action::{ACTION, CHOICE, COLUMNS_ACTION, ERASE_CHOICE, KEEP, TEST, UNTIL};
pub use company::{
    COMPANY, DEFAULTS, KEEPS, KIND_LABEL, LAW, POLICY, PROMISE, PROMISES, PURPOSE, PURPOSES, RECIPIENT, RECIPIENTS,
    REQUESTS, RETENTION, RIGHT, RIGHTS, RULE, SETTINGS, TAXONOMY,
};
pub use families::{FAMILIES, Family, LINT, NOTICE, SETTING, SYSTEM_FAMILY};
pub use hold::{HOLD, HOLDS};
pub use http::{AUTH, CHANGE, ERASURE, FIELD, FIND, HTTP, LATER, METHOD_WORDS, PAGING, RESOURCE};
pub use schema::{SCHEMAS, SchemaFile, json_schema};
pub use subject::{IDENTITY, PLACEHOLDER, RESTRICTION, SUBJECT, TENANT};
pub use system::{
    LIMITS, PROFILE, PROFILE_COLUMN, PROFILE_LINK, PROFILE_SUBJECT, PROFILE_TABLE, SECRET, SERVICE, SYSTEM,
    SYSTEM_HEAD, TASK,
};
pub use table::{COLUMN, EACH, LINK, TABLE, VIEW};

/// A table with declared keys.
#[derive(Debug)]
pub struct Shape {
    /// Its name among the definitions of a schema.
    pub name: &'static str,
    /// What people call it in a sentence, with its article: "a link".
    pub what: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
    /// What free names beside the keys take; none: other keys are mistakes.
    pub others: Option<&'static Takes>,
    /// At least one of these keys is given.
    pub one_of: &'static [&'static str],
}

impl Shape {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// Its value.
    pub takes: &'static Takes,
    /// It must be given.
    pub required: bool,
    /// Another key that must be given beside it.
    pub needs: Option<&'static str>,
    /// What it says.
    pub doc: &'static str,
}

const fn may(name: &'static str, takes: &'static Takes, doc: &'static str) -> Key {
    Key { name, takes, required: false, needs: None, doc }
}

const fn must(name: &'static str, takes: &'static Takes, doc: &'static str) -> Key {
    Key { name, takes, required: true, needs: None, doc }
}

impl Key {
    const fn beside(self, other: &'static str) -> Key {
        Key { needs: Some(other), ..self }
    }
}

/// What stands behind a key.
#[derive(Debug)]
pub enum Takes {
    /// Any string.
    Text,
    /// A string that matches a regular expression.
    Pattern(&'static str),
    /// A string of a form that the parser knows, and a regular expression for editors.
    Form(&'static str, fn(&str) -> Result<String, &'static str>),
    /// The name of a declaration of a family.
    Id(&'static str),
    /// `us`, or the name of a declaration of a family.
    UsOr(&'static str),
    /// A key of the taxonomy, built in or the folder's own.
    Taxonomy,
    /// One of these words.
    OneWord(&'static [&'static str]),
    /// One of the words that the parser knows.
    Words(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    Flag,
    /// A whole number up to a bound.
    Whole(u64),
    /// A whole number above 0.
    Positive,
    /// A number from 0 to 1.
    Share,
    /// A single value of any type.
    Single,
    /// Declared keys.
    Table(&'static Shape),
    /// Free names.
    Named(&'static Takes),
    /// Free names of some words only.
    NamedOf(fn() -> Vec<&'static str>, &'static Takes),
    /// A list.
    List(&'static Takes),
    /// One, or a list.
    Many(&'static Takes),
    /// One of several.
    OneOf(&'static [&'static Takes]),
    /// What has a name of its own among the definitions, because it holds itself.
    Ref(&'static str, &'static Takes),
}
