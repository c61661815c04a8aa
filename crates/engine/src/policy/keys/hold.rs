//! `holds.toml`.

use super::takes::{DATE, DIGESTS, NAMES, REFERENCES, SOMETHING, TABLE_NAMES, TEXT};
use super::{Shape, Takes, may, must};

static HOLD_TABLE: Takes = Takes::Table(&HOLD);
static HOLD_LIST: Takes = Takes::Named(&HOLD_TABLE);

/// `holds.toml`.
pub static HOLDS: Shape = Shape {
    name: "holds",
    what: "this file",
    doc: "What stops erasures from outside: named legal reasons, each until it ends or is released.",
    keys: &[
        may("key", &TEXT, "Which key made the digests of persons and rows; `upheld hold add` writes it."),
        may("hold", &HOLD_LIST, "Holds by id."),
    ],
    others: None,
    one_of: &[],
};

/// `[hold.ID]`.
pub static HOLD: Shape = Shape {
    name: "hold",
    what: "a hold",
    doc: "A legal reason that stops the erasure of exactly these rows until it ends.",
    keys: &[
        must("reason", &SOMETHING, "Why, for the person who is told that something stays."),
        must("authority", &SOMETHING, "Who ordered or decided it."),
        may("since", &DATE, "The first day on which it keeps anything; from the start, if it is left out."),
        may("until", &DATE, "The last day on which it keeps anything; until it is released, if it is left out."),
        may("ended", &DATE, "Released: from this day on it keeps nothing. `upheld hold end` writes it."),
        may("subject", &TEXT, "Only rows of persons of this kind."),
        may("persons", &DIGESTS, "Of these persons alone: keyed digests, which `upheld hold add` writes.")
            .beside("subject"),
        may(
            "tables",
            &TABLE_NAMES,
            "Only rows of these tables, as `system:table`; without `subject` all of them, whosever they are.",
        ),
        may("categories", &NAMES, "Also rows of tables with a column of these categories."),
        may("rows", &DIGESTS, "These rows, whosever they are: keyed digests, which `upheld hold add` writes."),
        may("with", &REFERENCES, "Columns of the records that kept rows refer to which stay readable with them."),
    ],
    others: None,
    one_of: &["subject", "tables", "categories", "rows"],
};
