//! Messages, safeguards and certifications.

use crate::policy::keys::takes::{DATE, FLAG, NAMES, PERIOD, POPULATION_IDS, RECIPIENT_IDS, TEXT};
use crate::policy::keys::{Shape, Takes, may, must};

static MESSAGE_LIST: Takes = Takes::Named(&Takes::Table(&MESSAGE));
static SAFEGUARDS: Takes = Takes::Named(&Takes::Table(&SAFEGUARD));
static CERTIFICATIONS: Takes = Takes::Named(&Takes::Table(&CERTIFICATION));

/// `messages.toml`.
pub static MESSAGES: Shape = Shape {
    name: "messages",
    what: "this file",
    doc: "What the company sends to people.",
    keys: &[may("message", &MESSAGE_LIST, "Messages by id.")],
    others: None,
    one_of: &[],
};

static CLASSES: Takes = Takes::OneWord(&["service", "relationship", "marketing", "third_party_marketing", "referral"]);
static CHANNELS: Takes = Takes::List(&Takes::OneWord(&["email", "in_app", "push", "sms", "phone", "post", "site"]));

/// `[message.ID]`.
pub static MESSAGE: Shape = Shape {
    name: "message",
    what: "a message",
    doc: "A kind of message, its class and whether people can decline it.",
    keys: &[
        must("title", &TEXT, "What it tells."),
        must("class", &CLASSES, "What it is in law."),
        must("channels", &CHANNELS, "How it is sent."),
        may("purpose", &Takes::Id("purpose"), "What for."),
        may("populations", &POPULATION_IDS, "To whom."),
        may("declined_by", &NAMES, "How people decline it, such as `footer_link`; empty: they cannot."),
        may("consent", &Takes::OneWord(&["none", "opt_out", "soft_opt_in", "opt_in"]), "What it needs beforehand."),
        may("tracking", &NAMES, "What is measured, such as `opens` and `clicks`."),
        may("most", &Takes::Whole(1000), "How often one person gets it at most."),
        may("topics", &NAMES, "Its subjects."),
    ],
    others: None,
    one_of: &[],
};

/// `security.toml`.
pub static SECURITY: Shape = Shape {
    name: "security",
    what: "this file",
    doc: "How data is protected, and what outsiders have confirmed.",
    keys: &[
        may("safeguard", &SAFEGUARDS, "Safeguards by id."),
        may("certification", &CERTIFICATIONS, "Certifications by id."),
    ],
    others: None,
    one_of: &[],
};

/// `[safeguard.ID]`.
pub static SAFEGUARD: Shape = Shape {
    name: "safeguard",
    what: "a safeguard",
    doc: "A measure that protects data, with its evidence.",
    keys: &[
        must("title", &TEXT, "What is done."),
        must("class", &Takes::OneWord(&["technical", "organisational", "physical", "contractual"]), "What it is."),
        must("evidence", &TEXT, "Where it can be seen that it is done."),
        must("reviewed", &DATE, "When somebody last looked."),
        must("every", &PERIOD, "How often somebody looks, such as `P1Y`."),
        may("owner", &TEXT, "The team that answers for it."),
        may("systems", &NAMES, "Systems it protects; without: all."),
        may("recipients", &RECIPIENT_IDS, "Recipients it binds."),
    ],
    others: None,
    one_of: &[],
};

static STATUS: Takes = Takes::OneWord(&["held", "applied_for", "expired", "withdrawn", "not_taken_part"]);

/// `[certification.ID]`.
pub static CERTIFICATION: Shape = Shape {
    name: "certification",
    what: "a certification",
    doc: "What an outsider has certified, or has not.",
    keys: &[
        must("scheme", &TEXT, "Which, such as `ISO/IEC 27001`."),
        must("status", &STATUS, "How it stands."),
        may("since", &DATE, "From when."),
        may("until", &DATE, "Until when."),
        may("evidence", &TEXT, "Certificate number or page."),
        may("corridors", &NAMES, "Of a transfer framework: from where to where, such as `EU>US`."),
        may("holder", &Takes::UsOr("recipient"), "`us`, or a recipient by id."),
        may("public", &FLAG, "The notice speaks of it."),
    ],
    others: None,
    one_of: &[],
};
