//! The files beside the systems.

use super::takes::{COUNTRY, FLAG, LANGUAGE, NAME_OR_LIST, NAMES, PERIOD, SOMETHING, TEXT, WHOLE};
use super::{LIMITS, Shape, Takes, may, must};
use crate::policy::model::Right as KnownRight;
use crate::policy::parse::words;

static COMPANY_TABLE: Takes = Takes::Table(&COMPANY);
static LABEL_TABLE: Takes = Takes::Table(&KIND_LABEL);
static LABELS: Takes = Takes::Named(&LABEL_TABLE);
static LAW_TABLE: Takes = Takes::Table(&LAW);
static LAWS: Takes = Takes::List(&LAW_TABLE);
static DEFAULTS_TABLE: Takes = Takes::Table(&DEFAULTS);
static TAXONOMY_TABLE: Takes = Takes::Table(&TAXONOMY);
static LIMITS_TABLE: Takes = Takes::Table(&LIMITS);
static REQUESTS_TABLE: Takes = Takes::Table(&REQUESTS);
static TEXTS: Takes = Takes::Named(&TEXT);
static APPROVALS: Takes = Takes::NamedOf(words::of::<KnownRight>, &FLAG);

/// `policy.toml`.
pub static POLICY: Shape = Shape {
    name: "policy",
    what: "this file",
    doc: "Who the company is, and what the other files rest on.",
    keys: &[
        must("company", &COMPANY_TABLE, "Who answers to the persons."),
        may("subjects", &LABELS, "How subject kinds are shown to people, by kind."),
        may("law", &LAWS, "Laws that keep data; `keep` names them by `id`."),
        may("defaults", &DEFAULTS_TABLE, "What holds where nothing else is said."),
        may("taxonomy", &TAXONOMY_TABLE, "Categories of data."),
        may("limits", &LIMITS_TABLE, "Bounds of plans in every system."),
        may("requests", &REQUESTS_TABLE, "How requests are handled."),
    ],
    others: None,
    one_of: &[],
};

/// `[company]`.
pub static COMPANY: Shape = Shape {
    name: "company",
    what: "`[company]`",
    doc: "Who answers to the persons.",
    keys: &[
        must("name", &SOMETHING, "Name of the company."),
        may("country", &COUNTRY, "Where it sits, as two capital letters (ISO 3166-1)."),
        may("contact", &TEXT, "How persons reach it."),
        may("dpo", &TEXT, "The data protection officer."),
    ],
    others: None,
    one_of: &[],
};

/// `[subjects.KIND]`.
pub static KIND_LABEL: Shape = Shape {
    name: "kind_label",
    what: "a subject kind",
    doc: "How a subject kind is shown to people.",
    keys: &[may("label", &TEXT, "A word or two."), may("description", &TEXT, "A sentence.")],
    others: None,
    one_of: &[],
};

/// `[[law]]`.
pub static LAW: Shape = Shape {
    name: "law",
    what: "a law",
    doc: "A law that keeps data.",
    keys: &[
        must("id", &TEXT, "The name that `keep` uses."),
        must("title", &TEXT, "Its title, for the person who is told why something stays."),
        may("article", &TEXT, "Article or section."),
        may("jurisdiction", &TEXT, "Where it is in force."),
        may("retention", &PERIOD, "How long it keeps, such as `P7Y`."),
    ],
    others: None,
    one_of: &[],
};

/// `[defaults]`.
pub static DEFAULTS: Shape = Shape {
    name: "defaults",
    what: "`[defaults]`",
    doc: "What holds where nothing else is said.",
    keys: &[
        may("language", &LANGUAGE, "The language of answers, as two small letters (ISO 639)."),
        may("region", &COUNTRY, "The country of phone numbers without a country code, as two capital letters."),
        may(
            "shared",
            &NAMES,
            "Addresses and numbers that several people share, and that lead to nobody; `info@`: in any domain. Replaces the usual ones.",
        ),
    ],
    others: None,
    one_of: &[],
};

/// `[taxonomy]`.
pub static TAXONOMY: Shape = Shape {
    name: "taxonomy",
    what: "`[taxonomy]`",
    doc: "Categories of data.",
    keys: &[may("extend", &TEXTS, "Own categories, and what each means.")],
    others: None,
    one_of: &[],
};

/// `[requests]`.
pub static REQUESTS: Shape = Shape {
    name: "requests",
    what: "`[requests]`",
    doc: "How requests are handled.",
    keys: &[may("approval", &APPROVALS, "Rights whose plans need a second person before they are applied.")],
    others: None,
    one_of: &[],
};

static RULE_TABLE: Takes = Takes::Table(&RULE);
static RULES: Takes = Takes::Named(&RULE_TABLE);

/// `retention.toml`.
pub static RETENTION: Shape = Shape {
    name: "retention",
    what: "this file",
    doc: "How long data is held.",
    keys: &[may("rule", &RULES, "Rules by id.")],
    others: None,
    one_of: &[],
};

/// `[rule.ID]`.
pub static RULE: Shape = Shape {
    name: "rule",
    what: "a retention rule",
    doc: "How long something is held, and what happens then.",
    keys: &[
        must("period", &PERIOD, "How long, such as `P3Y`."),
        may("from", &TEXT, "The column or event from which it counts."),
        may("action", &TEXT, "What happens at its end."),
        may("law", &TEXT, "The `id` of the law it rests on."),
    ],
    others: None,
    one_of: &[],
};

static PURPOSE_TABLE: Takes = Takes::Table(&PURPOSE);
static PURPOSE_LIST: Takes = Takes::Named(&PURPOSE_TABLE);

/// `purposes.toml`.
pub static PURPOSES: Shape = Shape {
    name: "purposes",
    what: "this file",
    doc: "Why data is held.",
    keys: &[may("purpose", &PURPOSE_LIST, "Purposes by id.")],
    others: None,
    one_of: &[],
};

/// `[purpose.ID]`.
pub static PURPOSE: Shape = Shape {
    name: "purpose",
    what: "a purpose",
    doc: "What data is used for, and what allows it.",
    keys: &[
        must("title", &TEXT, "What for, in a few words."),
        must("basis", &TEXT, "The legal basis, such as `contract` or `consent`."),
        may("categories", &NAMES, "Categories of data it needs."),
        may("recipients", &NAMES, "Who receives them, by id of `recipients.toml`."),
        may("retention", &TEXT, "How long, by id of `retention.toml`."),
    ],
    others: None,
    one_of: &[],
};

static RECIPIENT_TABLE: Takes = Takes::Table(&RECIPIENT);
static RECIPIENT_LIST: Takes = Takes::Named(&RECIPIENT_TABLE);

/// `recipients.toml`.
pub static RECIPIENTS: Shape = Shape {
    name: "recipients",
    what: "this file",
    doc: "Who receives personal data.",
    keys: &[may("recipient", &RECIPIENT_LIST, "Recipients by id.")],
    others: None,
    one_of: &[],
};

/// `[recipient.ID]`.
pub static RECIPIENT: Shape = Shape {
    name: "recipient",
    what: "a recipient",
    doc: "Somebody who receives personal data.",
    keys: &[
        must("name", &TEXT, "Name."),
        must("role", &TEXT, "What it is to us, such as `processor`."),
        may("country", &COUNTRY, "Where it sits, as two capital letters (ISO 3166-1)."),
        may("mechanism", &TEXT, "What allows the transfer there."),
    ],
    others: None,
    one_of: &[],
};

static RIGHT_TABLE: Takes = Takes::Table(&RIGHT);
static RIGHT_LIST: Takes = Takes::Named(&RIGHT_TABLE);

/// `rights.toml`.
pub static RIGHTS: Shape = Shape {
    name: "rights",
    what: "this file",
    doc: "Where the company differs from what the law gives anyway.",
    keys: &[may("right", &RIGHT_LIST, "Rights by name.")],
    others: None,
    one_of: &[],
};

/// `[right.NAME]`.
pub static RIGHT: Shape = Shape {
    name: "right",
    what: "a right",
    doc: "How requests under a right are handled.",
    keys: &[
        may("verification", &TEXT, "How the person is verified."),
        may("fee", &TEXT, "What it costs."),
        may("approvals", &WHOLE, "How many persons approve its plans."),
        may("routes", &NAMES, "Ways by which requests come in."),
        may("deadline", &PERIOD, "How long an answer may take, such as `P30D`."),
        may(
            "window",
            &PERIOD,
            "Of a deactivation: how long it can be taken back, such as `P1Y`, which is the default.",
        ),
        may("note", &TEXT, "Anything else worth telling."),
    ],
    others: None,
    one_of: &[],
};

static PROMISE_TABLE: Takes = Takes::Table(&PROMISE);
static PROMISE_LIST: Takes = Takes::List(&PROMISE_TABLE);

/// `promises.toml`.
pub static PROMISES: Shape = Shape {
    name: "promises",
    what: "this file",
    doc: "Promises of the notice, and what keeps each.",
    keys: &[may("promise", &PROMISE_LIST, "Promises.")],
    others: None,
    one_of: &[],
};

/// `[[promise]]`.
pub static PROMISE: Shape = Shape {
    name: "promise",
    what: "a promise",
    doc: "A sentence of the notice.",
    keys: &[
        must("id", &TEXT, "Name."),
        must("text", &TEXT, "The words of the notice."),
        must("mechanism", &NAME_OR_LIST, "What keeps it, such as `right:erasure` or `retention:RULE`."),
    ],
    others: None,
    one_of: &[],
};
