//! The files beside the systems.

use super::said::{parties, sharing};
use super::takes::{
    CATEGORY_IDS, CONTACT_IDS, COUNTRY, DATE, FLAG, LANGUAGE, NAME_OR_LIST, NAMES, PERIOD, PLACES, POPULATION_IDS,
    PURPOSE_IDS, SINGLE, SINGLES, SOMETHING, TEXT, TEXTS, WHOLE,
};
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
static APPROVALS: Takes = Takes::NamedOf(words::of::<KnownRight>, &FLAG);
static ENTITIES: Takes = Takes::Named(&Takes::Table(&parties::ENTITY));
static PROPERTIES: Takes = Takes::Named(&Takes::Table(&parties::PROPERTY));
static ROLES: Takes = Takes::Named(&Takes::Table(&parties::ROLE));
static REGIMES: Takes = Takes::Named(&Takes::Table(&parties::REGIME));
static CONTACTS: Takes = Takes::Named(&Takes::Table(&parties::CONTACT));
static OFFICERS: Takes = Takes::Named(&Takes::Table(&parties::OFFICER));
static AUTHORITIES: Takes = Takes::Named(&Takes::Table(&parties::AUTHORITY));
static TERMS: Takes = Takes::Named(&Takes::Table(&parties::TERM));
static BOUNDARIES: Takes = Takes::Named(&Takes::Table(&parties::BOUNDARY));
static CLAIMS: Takes = Takes::Named(&Takes::Table(&parties::CLAIM));
static CHANGES: Takes = Takes::Named(&Takes::Table(&parties::CHANGE));

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
        may("entity", &ENTITIES, "Companies of the group for which the notice speaks too, by id."),
        may("property", &PROPERTIES, "Sites, services and places that the notice governs, by id."),
        may("role", &ROLES, "Who decides about which data, by id."),
        may("regime", &REGIMES, "Bodies of law, where they hold and what they give, by id."),
        may("contact", &CONTACTS, "Ways to reach the company, by id."),
        may("officer", &OFFICERS, "People with a duty towards persons, by id."),
        may("authority", &AUTHORITIES, "Who hears complaints, by id."),
        may("term", &TERMS, "Words with a meaning of their own, by id."),
        may("boundary", &BOUNDARIES, "What the notice does not promise, by id."),
        may("claim", &CLAIMS, "Statements that follow from the rest of the folder, by id."),
        may("change", &CHANGES, "What follows from changes of the notice, by class."),
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
        may("form", &TEXT, "Its legal form and where it is registered."),
        may("address", &TEXT, "Postal address."),
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
    keys: &[
        may("label", &TEXT, "A word or two."),
        may("description", &TEXT, "A sentence."),
        may("held", &FLAG, "`false`: no system holds these people under a key of their own."),
        may("group", &TEXT, "What the notice calls them together with others."),
    ],
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
        may("categories", &CATEGORY_IDS, "What it is about, as the notice names it."),
        may("populations", &POPULATION_IDS, "Whose data."),
        may("when", &TEXT, "Under which condition, in words."),
        may("why", &TEXT, "Why so long and no longer."),
        may("exceptions", &Takes::List(&Takes::Id("law")), "Laws that keep some of it longer."),
        may("backups", &TEXT, "What holds for backups meanwhile."),
        may("action", &TEXT, "What happens at its end."),
        may("law", &TEXT, "The `id` of the law it rests on."),
    ],
    others: None,
    one_of: &[],
};

static ASSESSMENTS: Takes = Takes::Named(&Takes::Table(&sharing::ASSESSMENT));
static PURPOSE_TABLE: Takes = Takes::Table(&PURPOSE);
static PURPOSE_LIST: Takes = Takes::Named(&PURPOSE_TABLE);

/// `purposes.toml`.
pub static PURPOSES: Shape = Shape {
    name: "purposes",
    what: "this file",
    doc: "Why data is held.",
    keys: &[
        may("purpose", &PURPOSE_LIST, "Purposes by id."),
        may("assessment", &ASSESSMENTS, "Why legitimate interests outweigh, by id."),
    ],
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
        may("populations", &POPULATION_IDS, "Whose data; without: anybody's."),
        may(
            "consent",
            &Takes::OneWord(&["none", "opt_out", "soft_opt_in", "opt_in", "explicit"]),
            "What it needs beforehand.",
        ),
        may("assessment", &Takes::Id("assessment"), "Of legitimate interests: why they outweigh."),
        may("law", &Takes::Id("law"), "Of a legal obligation: which."),
        may("marketing", &FLAG, "It is marketing, so people can object without a reason."),
        may("closed_to", &CATEGORY_IDS, "Data that is never used for it."),
        may("features", &NAMES, "What stops when it may not run."),
        may("regions", &PLACES, "Only for people of these places."),
        may("unless", &NAMES, "What else allows it, such as `demand`."),
    ],
    others: None,
    one_of: &[],
};

static TRANSFERS: Takes = Takes::Named(&Takes::Table(&sharing::TRANSFER));
static RECIPIENT_TABLE: Takes = Takes::Table(&RECIPIENT);
static RECIPIENT_LIST: Takes = Takes::Named(&RECIPIENT_TABLE);

/// `recipients.toml`.
pub static RECIPIENTS: Shape = Shape {
    name: "recipients",
    what: "this file",
    doc: "Who receives personal data.",
    keys: &[
        may("recipient", &RECIPIENT_LIST, "Recipients by id."),
        may("transfer", &TRANSFERS, "What allows data to go to other countries, by id."),
    ],
    others: None,
    one_of: &[],
};

static RECIPIENT_KINDS: Takes = Takes::OneWord(&[
    "hosting",
    "payment",
    "email",
    "analytics",
    "advertising",
    "support",
    "infrastructure",
    "security",
    "development",
    "affiliate",
    "parent",
    "partner",
    "reseller",
    "adviser",
    "authority",
    "buyer",
    "app",
    "expert",
    "public",
    "users",
    "administrator",
    "customer",
    "social_network",
    "marketer",
    "background_check",
    "insurer",
    "other_processor",
]);
static RECIPIENT_NEEDS: Takes = Takes::OneWord(&[
    "contract",
    "opt_out",
    "opt_in",
    "consent",
    "explicit_consent",
    "instrument",
    "user_action",
    "deal",
]);
static BOUND_TO: Takes = Takes::List(&Takes::OneWord(&[
    "confidentiality",
    "security",
    "instructions",
    "least_data",
    "liability",
    "audit",
    "same_notice",
    "deletion",
    "standard_clauses",
]));

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
        may("kind", &RECIPIENT_KINDS, "What it does for a living, as the notice groups recipients."),
        may("function", &TEXT, "What it does for us, in a few words."),
        may("purposes", &PURPOSE_IDS, "What it may use the data for."),
        may("categories", &CATEGORY_IDS, "What it receives, as the notice names it."),
        may("populations", &POPULATION_IDS, "Whose data."),
        may("columns", &NAMES, "The only columns that go to it, as `system:table.column`."),
        may("needs", &RECIPIENT_NEEDS, "What must be there before it receives anything."),
        may("agreement", &DATE, "When the contract was signed."),
        may("agreement_until", &DATE, "When it ends."),
        may("terms", &BOUND_TO, "What the contract binds it to."),
        may("reviewed", &DATE, "When its safeguards were last looked at."),
        may("review_every", &PERIOD, "How often they are, such as `P1Y`."),
        may("since", &DATE, "From when it receives data."),
        may("until", &DATE, "Until when."),
        may("published", &FLAG, "It stands in the public list of sub-processors."),
        may("outside", &FLAG, "People give it data themselves; its own notice holds."),
        may("notice", &TEXT, "Where its own notice is."),
        may("direct_marketing", &FLAG, "It uses the data for its own marketing."),
        may("consideration", &Takes::OneWord(&["none", "money", "other_value"]), "What the company gets for the data."),
        may("behavioural_advertising", &FLAG, "It uses the data to advertise across other sites."),
        may("minors", &FLAG, "`false`: never receives data of minors."),
        may(
            "tells_persons",
            &Takes::OneWord(&["none", "site", "email", "either", "both"]),
            "How people are told of it.",
        ),
        may("stages", &NAMES, "Of a deal: who sees the data when."),
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
        may("populations", &POPULATION_IDS, "Who has it; without: everybody."),
        may("places", &PLACES, "Where people have it; without: everywhere."),
        may("exceptions", &NAMES, "What limits it, by id of laws, or in words."),
        may(
            "third_persons",
            &Takes::OneWord(&["masked", "withheld"]),
            "What is done with other people's data in the answer.",
        ),
        may("confirm", &Takes::OneWord(&["never", "online", "always"]), "When the wish is asked for a second time."),
        may("contacts", &CONTACT_IDS, "Where people ask for it."),
        may("grounds", &NAMES, "When it is given."),
        may("self_service", &TEXT, "Where people do it themselves."),
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
    keys: &[
        may("promise", &PROMISE_LIST, "Promises."),
        may("statement", &NAMES, "Sentences of the notice that promise nothing."),
        may("reason", &TEXTS, "Why something odd is right: by mechanism, or `not_executable`."),
    ],
    others: None,
    one_of: &[],
};

/// `[[promise]]`.
pub static PROMISE: Shape = Shape {
    name: "promise",
    what: "a promise",
    doc: "A sentence of the notice, and what keeps it.",
    keys: &[
        must("id", &TEXT, "Name."),
        must("text", &TEXT, "The words of the notice."),
        may("mechanism", &MECHANISMS, "What keeps it, such as `right:erasure`, with the values it promises."),
        may("capability", &NAME_OR_LIST, "The capabilities it needs, such as `RTS-09`."),
        may("broken", &TEXT, "What would be seen if it were broken."),
        may("not_executable", &TEXT, "Why no program can keep it; needs `lint`."),
        may("lint", &TEXT, "The lint that watches its words."),
    ],
    others: None,
    one_of: &["mechanism", "not_executable"],
};

static MECHANISMS: Takes = Takes::Many(&MECHANISM);
static MECHANISM: Takes = Takes::OneOf(&[&TEXT, &Takes::Table(&KEEPS)]);

/// One mechanism of a promise, with the values that the promise names.
pub static KEEPS: Shape = Shape {
    name: "keeps",
    what: "a mechanism",
    doc: "What keeps a promise. Beside `is` stand the values that the promise names: keys of that declaration.",
    keys: &[must("is", &TEXT, "The declaration, as `FAMILY:NAME`.")],
    others: Some(&VALUE),
    one_of: &[],
};

static VALUE: Takes = Takes::OneOf(&[&SINGLE, &SINGLES, &TEXTS]);

/// `settings.toml`.
pub static SETTINGS: Shape = Shape {
    name: "settings",
    what: "this file",
    doc: "What the law leaves to the company, and what a notice leaves open: each setting by its group.",
    keys: &[],
    others: Some(&SETTING_GROUP),
    one_of: &[],
};

static SETTING_GROUP: Takes = Takes::Named(&Takes::OneOf(&[&SINGLE, &SINGLES, &Takes::Named(&SETTING_VALUE)]));
static SETTING_VALUE: Takes = Takes::OneOf(&[&SINGLE, &SINGLES]);
