//! Why data is used and who receives it, beside the keys that plans read.

use crate::policy::keys::takes::{COUNTRY, DATE, FLAG, NAMES, PLACES, RECIPIENT_IDS, TEXT};
use crate::policy::keys::{Shape, Takes, may, must};

/// `[assessment.ID]`.
pub static ASSESSMENT: Shape = Shape {
    name: "assessment",
    what: "an assessment",
    doc: "Why an interest of the company outweighs those of the persons.",
    keys: &[
        must("interest", &TEXT, "The interest, and whose it is."),
        must("necessity", &TEXT, "Why nothing less would do."),
        must("balance", &TEXT, "Why it does not outweigh the person."),
        must("date", &DATE, "When it was made."),
        may("by", &TEXT, "Who made it: a role, no name."),
        may("whose", &Takes::OneWord(&["company", "third_party", "person"]), "Whose interest it is."),
    ],
    others: None,
    one_of: &[],
};

/// What allows a transfer.
pub static MECHANISM_WORDS: Takes = Takes::OneWord(&[
    "none_needed",
    "adequacy",
    "standard_contractual_clauses",
    "uk_addendum",
    "data_privacy_framework",
    "privacy_shield",
    "binding_corporate_rules",
    "consent",
    "contract_derogation",
]);

/// `[transfer.ID]`.
pub static TRANSFER: Shape = Shape {
    name: "transfer",
    what: "a transfer",
    doc: "Data of people of one place that goes to another, and what allows it.",
    keys: &[
        must("from", &PLACES, "Places of the persons: countries (ISO 3166-1), `EEA`, or `*` for anywhere."),
        must("to", &COUNTRY, "Where it goes, as two capital letters (ISO 3166-1)."),
        must("mechanism", &MECHANISM_WORDS, "What allows it."),
        may("recipients", &RECIPIENT_IDS, "Who receives it; without: the company itself, and all that lies there."),
        may("systems", &NAMES, "Systems of the company in which it lies."),
        may("since", &DATE, "From when the mechanism is in force."),
        may("until", &DATE, "Until when."),
        may("order", &Takes::Whole(99), "Which mechanism is tried first where several would do."),
        may("certification", &Takes::Id("certification"), "The certification it rests on."),
        may(
            "document",
            &TEXT,
            "The signed text, for those who ask for a copy: a file of the folder, Markdown or plain text.",
        ),
        may("redact", &NAMES, "What is blackened in a copy; in the text each passage stands as `[[WHAT: WORDS]]`."),
        may("measures", &NAMES, "What is done beside it."),
        may("copy_on_request", &FLAG, "People get a copy when they ask."),
    ],
    others: None,
    one_of: &[],
};
