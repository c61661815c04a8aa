//! Conditions and actions.

use super::takes::{DATE, NAME_OR_LIST, PERIOD, REFERENCE, REFERENCES, SINGLE, TEXT};
use super::{Key, Shape, Takes, may, must};
use crate::policy::model::Fate;
use crate::policy::parse::words::{self, Action};

static LITERALS: Takes = Takes::Many(&SINGLE);
static BIT: Takes = Takes::Whole(63);

/// `{ not = v }` and the like.
pub static TEST: Shape = Shape {
    name: "test",
    what: "a test",
    doc: "One test of a column's value.",
    keys: &[
        may("not", &LITERALS, "Equal to none of these."),
        may("lt", &SINGLE, "Less than this."),
        may("gt", &SINGLE, "Greater than this."),
        may("prefix", &TEXT, "Text that begins so."),
        may("bit", &BIT, "The bit of this number, counted from 0, is set."),
        may("in", &REFERENCE, "Found among the values of this column."),
        may("not_in", &REFERENCE, "Not found among the values of this column."),
        may("where", &CONDITION, "With `in` and `not_in`: which rows are looked at."),
    ],
    others: None,
    one_of: &["not", "lt", "gt", "prefix", "bit", "in", "not_in"],
};

static TEST_TABLE: Takes = Takes::Table(&TEST);
static TESTS: Takes = Takes::OneOf(&[&LITERALS, &TEST_TABLE]);
static TESTS_OF_COLUMNS: Takes = Takes::Named(&TESTS);
/// Columns and their tests.
pub(super) static CONDITION: Takes = Takes::Ref("condition", &TESTS_OF_COLUMNS);

static UNTIL_TABLE: Takes = Takes::Table(&UNTIL);
static UNTIL_VALUE: Takes = Takes::OneOf(&[&DATE, &UNTIL_TABLE]);

/// `until = { column, period }`.
pub static UNTIL: Shape = Shape {
    name: "until",
    what: "`until`",
    doc: "The day in a column of the row, and how long after it.",
    keys: &[
        must("column", &TEXT, "The column that holds the day."),
        must("period", &PERIOD, "How long after it, such as `P7Y`."),
    ],
    others: None,
    one_of: &[],
};

/// `{ keep = "law" }`.
pub static KEEP: Shape = Shape {
    name: "keep",
    what: "a `keep`",
    doc: "A veto: it stays, by this law, until its end.",
    keys: &[
        must("keep", &TEXT, "The `id` of a law in `policy.toml` or of a rule in `retention.toml`."),
        may("until", &UNTIL_VALUE, "A date, or a column and the period after it."),
        may("with", &REFERENCES, "Columns of the records it refers to that must stay readable with it."),
    ],
    others: None,
    one_of: &[],
};

const fn on_columns(name: &'static str, doc: &'static str) -> Key {
    may(name, &NAME_OR_LIST, doc)
}

/// `{ action = [columns] }`.
pub static COLUMNS_ACTION: Shape = Shape {
    name: "columns_action",
    what: "an action on columns",
    doc: "The row stays, and exactly these columns are changed.",
    keys: &[
        on_columns("null", "Columns set to NULL."),
        on_columns("blank", "Columns set to the empty string."),
        on_columns("hash", "Columns replaced by a keyed hash."),
        on_columns("pseudonym", "Columns replaced by a keyed token."),
        on_columns("truncate_ip", "Network addresses that lose their last part."),
        on_columns("generalise", "Columns made coarser."),
        on_columns("redact", "Texts in which the person's identifiers are masked."),
        on_columns("shred", "Columns whose key is destroyed."),
    ],
    others: None,
    one_of: &["null", "blank", "hash", "pseudonym", "truncate_ip", "generalise", "redact", "shred"],
};

/// `{ replace = v }`.
pub static ACTION: Shape = Shape {
    name: "replace",
    what: "an action",
    doc: "The value is replaced.",
    keys: &[must("replace", &SINGLE, "By this.")],
    others: None,
    one_of: &[],
};

static KEEP_TABLE: Takes = Takes::Table(&KEEP);
static COLUMNS_TABLE: Takes = Takes::Table(&COLUMNS_ACTION);
static FATES: Takes = Takes::Words(words::of::<Fate>);
static ON_ERASE: Takes = Takes::OneOf(&[&FATES, &KEEP_TABLE, &COLUMNS_TABLE]);
static ACTIONS: Takes = Takes::Words(words::of::<Action>);
static REPLACE: Takes = Takes::Table(&ACTION);
static ERASE: Takes = Takes::OneOf(&[&ACTIONS, &REPLACE, &KEEP_TABLE]);

/// An entry of a list of `{ when, do }` behind `on_erase` and `while_shared`.
pub static CHOICE: Shape = Shape {
    name: "choice",
    what: "an entry of the list",
    doc: "What becomes of rows that fulfil a condition; the first entry that fits counts.",
    keys: &[
        may("when", &CONDITION, "Which rows; all, if it is left out."),
        must("do", &ON_ERASE, "What becomes of them."),
    ],
    others: None,
    one_of: &[],
};

/// The same behind `erase`.
pub static ERASE_CHOICE: Shape = Shape {
    name: "erase_choice",
    what: "an entry of the list",
    doc: "What erasure does to the column in rows that fulfil a condition; the first entry that fits counts.",
    keys: &[
        may("when", &CONDITION, "Which rows; all, if it is left out."),
        must("do", &ERASE, "What is done to the column."),
    ],
    others: None,
    one_of: &[],
};

static CHOICE_TABLE: Takes = Takes::Table(&CHOICE);
static CHOICE_LIST: Takes = Takes::List(&CHOICE_TABLE);
/// One fate, or a list of choices.
pub(super) static FATE_OR_CHOICES: Takes = Takes::OneOf(&[&FATES, &KEEP_TABLE, &COLUMNS_TABLE, &CHOICE_LIST]);
static ERASE_CHOICE_TABLE: Takes = Takes::Table(&ERASE_CHOICE);
static ERASE_LIST: Takes = Takes::List(&ERASE_CHOICE_TABLE);
/// One action, or a list of choices.
pub(super) static ERASE_OR_CHOICES: Takes = Takes::OneOf(&[&ACTIONS, &REPLACE, &KEEP_TABLE, &ERASE_LIST]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_can_be_applied_to_columns() {
        let keys: Vec<&str> = COLUMNS_ACTION.keys.iter().map(|k| k.name).collect();
        assert_eq!(keys, words::of::<Action>());
        assert_eq!(COLUMNS_ACTION.one_of, keys);
    }
}
