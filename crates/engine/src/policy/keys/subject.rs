//! Subject kinds.

use super::action::CONDITION;
use super::takes::{CODEC, COLUMNS, NAME_OR_LIST, NAMES, PATH, REFERENCE, SINGLE, SINGLES, TEXT};
use super::{Shape, Takes, may, must};
use crate::policy::model::{Match, Worth};
use crate::policy::parse::words::{self, Breadth};
use crate::policy::written::Records;

static TENANT_TABLE: Takes = Takes::Table(&TENANT);
static TENANT_VALUE: Takes = Takes::OneOf(&[&TEXT, &TENANT_TABLE]);
static IDENTITY_TABLE: Takes = Takes::Table(&IDENTITY);
static IDENTITY_VALUE: Takes = Takes::OneOf(&[&COLUMNS, &IDENTITY_TABLE]);
static IDENTITIES: Takes = Takes::Named(&IDENTITY_VALUE);
static RECORDS: Takes = Takes::Words(words::of::<Records>);
static RESTRICTION_TABLE: Takes = Takes::Table(&RESTRICTION);
static FILLS: Takes = Takes::Named(&SINGLE);
static PLACEHOLDER_TABLE: Takes = Takes::Table(&PLACEHOLDER);
pub(super) static MATCH: Takes = Takes::Words(words::of::<Match>);
static USE: Takes = Takes::Words(words::of::<Worth>);
static BREADTH: Takes = Takes::Words(words::of::<Breadth>);
static SCOPE: Takes = Takes::OneOf(&[&BREADTH, &NAMES]);

/// `[subject.KIND]`.
pub static SUBJECT: Shape = Shape {
    name: "subject",
    what: "a subject kind",
    doc: "Persons of one kind, and what finds them.",
    keys: &[
        may("table", &TEXT, "The table whose rows are the records."),
        may("key", &NAME_OR_LIST, "Key of that table; without `table`, the identity whose values are the records."),
        may("when", &CONDITION, "Which rows are persons."),
        may("tenant", &TENANT_VALUE, "The scope of every identity: the same address under two tenants is two persons."),
        may("identity", &IDENTITIES, "Values that find a person, by name."),
        may("records", &RECORDS, "Whether one key value may reach several records."),
        may("nobody", &SINGLES, "Values of a reference that point at no one."),
        may("placeholder", &PLACEHOLDER_TABLE, "The record that stands in for erased persons."),
        may("restriction", &RESTRICTION_TABLE, "How a record says that its person's data are restricted."),
    ],
    others: None,
    one_of: &["table", "key"],
};

/// `tenant` as a table.
pub static TENANT: Shape = Shape {
    name: "tenant",
    what: "a tenant",
    doc: "Where the tenant of a record is found.",
    keys: &[
        must("column", &TEXT, "The column of the record."),
        may("through", &REFERENCE, "The column that holds the tenant, in the table that `column` points at."),
        may("as", &REFERENCE, "The column of another system that holds the same values."),
    ],
    others: None,
    one_of: &[],
};

/// One identity as a table.
pub static IDENTITY: Shape = Shape {
    name: "identity",
    what: "an identity",
    doc: "A value that finds a person.",
    keys: &[
        must("column", &COLUMNS, "The column or columns that hold it."),
        may("match", &MATCH, "How values are compared; byte for byte, if it is left out."),
        may("use", &USE, "What a match is worth: it proves, it only hints, or it is only masked in texts."),
        may("when", &CONDITION, "Which rows have it."),
        may("codec", &CODEC, "How the document in the column is encoded."),
        may("path", &PATH, "Where the value stands in the document."),
    ],
    others: None,
    one_of: &[],
};

/// `[subject.KIND.placeholder]`.
pub static PLACEHOLDER: Shape = Shape {
    name: "placeholder",
    what: "a placeholder",
    doc: "The record that stands in for erased persons: its columns and what they hold. Strings may hold `{token:N}`, `{now}`, `{now:s}`, `{now:ms}`.",
    keys: &[may(
        "scope",
        &SCOPE,
        "How many there are: one, one for each person or row, or one for each value of columns.",
    )],
    others: Some(&SINGLE),
    one_of: &[],
};

/// `[subject.KIND.restriction]`.
pub static RESTRICTION: Shape = Shape {
    name: "restriction",
    what: "a restriction",
    doc: "What a record holds while its person's data are restricted, and afterwards. Strings may hold `{now}`, `{now:s}`, `{now:ms}`.",
    keys: &[
        must("set", &FILLS, "Columns and what is written to them when the restriction begins."),
        must("lift", &FILLS, "Columns and what is written to them when it ends."),
    ],
    others: None,
    one_of: &[],
};
