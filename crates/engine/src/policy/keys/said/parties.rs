//! Who speaks, of whom and for what: the parts of `policy.toml` that a notice begins and ends with.

use crate::policy::keys::takes::{
    CONTACT_IDS, COUNTRY, FLAG, NAMES, PERIOD, PLACES, POPULATION_IDS, TAXONOMY_KEYS, TEXT,
};
use crate::policy::keys::{Shape, Takes, may, must};

static RELATIONS: Takes = Takes::OneWord(&["affiliate", "parent", "subsidiary", "branch", "representative"]);

/// `[entity.ID]`.
pub static ENTITY: Shape = Shape {
    name: "entity",
    what: "an entity",
    doc: "A company of the group for which the notice speaks too.",
    keys: &[
        must("name", &TEXT, "Its name."),
        must("relation", &RELATIONS, "What it is to the company."),
        may("country", &COUNTRY, "Where it sits, as two capital letters (ISO 3166-1)."),
        may("address", &TEXT, "Postal address."),
    ],
    others: None,
    one_of: &[],
};

static PROPERTY_KINDS: Takes =
    Takes::OneWord(&["site", "portal", "service", "app", "extension", "premises", "event", "correspondence", "social"]);

/// `[property.ID]`.
pub static PROPERTY: Shape = Shape {
    name: "property",
    what: "a property",
    doc: "A site, service, app or place that the notice governs.",
    keys: &[
        must("title", &TEXT, "What it is called."),
        must("kind", &PROPERTY_KINDS, "What it is."),
        may("hosts", &NAMES, "Its hosts; `*.acme.example` covers the host and all below it."),
        may("populations", &POPULATION_IDS, "Whose data it gathers."),
        may("governed", &FLAG, "`false`: another notice holds there; say which in `by`."),
        may("by", &TEXT, "The notice that holds there instead."),
    ],
    others: None,
    one_of: &[],
};

static ROLE_WORDS: Takes =
    Takes::OneWord(&["controller", "processor", "joint_controller", "customer_controlled", "operator", "none"]);

/// `[role.ID]`.
pub static ROLE: Shape = Shape {
    name: "role",
    what: "a role",
    doc: "Who decides about some data: the company itself, or somebody for whom it works.",
    keys: &[
        must("we_are", &ROLE_WORDS, "What the company is for this data."),
        may("systems", &NAMES, "Systems, or tables as `system:table`; without: all."),
        may("populations", &POPULATION_IDS, "Persons; without: all."),
        may("edition", &Takes::Id("edition"), "Only in this edition."),
        may("agreement", &TEXT, "The contract that says so."),
    ],
    others: None,
    one_of: &[],
};

static DISCRETION: Takes = Takes::OneWord(&["grant", "discretion", "refuse"]);

/// `[regime.ID]`.
pub static REGIME: Shape = Shape {
    name: "regime",
    what: "a regime",
    doc: "A body of law, where it holds, and which rights it gives.",
    keys: &[
        must("title", &TEXT, "Its name."),
        must("places", &PLACES, "Countries (ISO 3166-1), parts of them such as `US-CA`, `EEA`, or `*` for all others."),
        may("rights", &Takes::List(&Takes::Id("right")), "Rights that people there have."),
        may("requests", &DISCRETION, "What is done with requests for which it gives no right."),
        may("answer_within", &PERIOD, "How long an answer may take, such as `P1M`."),
        may("populations", &POPULATION_IDS, "Persons it covers; without: all."),
        may("section", &TEXT, "Heading of the notice's section for these people."),
    ],
    others: None,
    one_of: &[],
};

static CONTACT_KINDS: Takes = Takes::OneWord(&["email", "phone", "post", "form", "chat", "in_app"]);
static DUTIES: Takes = Takes::List(&Takes::OneWord(&[
    "questions",
    "officer",
    "rights",
    "complaints",
    "children",
    "security",
    "marketing",
    "support",
    "agreement",
    "breach",
    "direct_marketing_list",
]));

/// `[contact.ID]`.
pub static CONTACT: Shape = Shape {
    name: "contact",
    what: "a contact",
    doc: "A way to reach the company, and what it is for.",
    keys: &[
        must("kind", &CONTACT_KINDS, "What it is."),
        must("address", &TEXT, "Mailbox, number, postal address or page."),
        must("serves", &DUTIES, "What people write or call about."),
        may("owner", &TEXT, "The team that answers."),
        may("subject", &TEXT, "A subject line by which a request is known."),
        may("places", &PLACES, "For people of these places only."),
    ],
    others: None,
    one_of: &[],
};

static OFFICES: Takes = Takes::OneWord(&[
    "data_protection_officer",
    "eu_representative",
    "uk_representative",
    "grievance_officer",
    "privacy_team",
    "processing_officer",
]);

/// `[officer.ID]`.
pub static OFFICER: Shape = Shape {
    name: "officer",
    what: "an officer",
    doc: "Somebody with a duty towards persons.",
    keys: &[
        must("office", &OFFICES, "The duty."),
        must("contacts", &CONTACT_IDS, "How to reach them."),
        may("name", &TEXT, "Who it is, where a name is published."),
        may("answers_within", &PERIOD, "How soon they answer, such as `P30D`."),
    ],
    others: None,
    one_of: &[],
};

static MATTERS: Takes =
    Takes::List(&Takes::OneWord(&["complaints", "framework", "consumer", "arbitration", "dispute_body"]));

/// `[authority.ID]`.
pub static AUTHORITY: Shape = Shape {
    name: "authority",
    what: "an authority",
    doc: "Who hears complaints, beside the authorities that Upheld knows by country.",
    keys: &[
        must("name", &TEXT, "Its name."),
        must("places", &PLACES, "For people of these places; `EEA`, `US-CA` and the like too."),
        must("matters", &MATTERS, "What it hears."),
        may("url", &TEXT, "Its page."),
        may("address", &TEXT, "Postal address."),
        may("phone", &TEXT, "Number."),
        may("email", &TEXT, "Mailbox."),
        may("free", &FLAG, "It costs the person nothing."),
        may("after", &TEXT, "What must have been tried before."),
    ],
    others: None,
    one_of: &[],
};

/// `[term.ID]`.
pub static TERM: Shape = Shape {
    name: "term",
    what: "a term",
    doc: "A word of the notice with a meaning of its own.",
    keys: &[
        must("word", &TEXT, "The word as the notice writes it."),
        must("means", &TEXT, "What it means."),
        may("categories", &TAXONOMY_KEYS, "Categories of data it stands for."),
        may("personal", &FLAG, "`true`: such data is about a person; `false`: it identifies nobody."),
    ],
    others: None,
    one_of: &[],
};

static ABOUT: Takes = Takes::OneWord(&[
    "security",
    "links",
    "vendors",
    "apps",
    "administrators",
    "customers",
    "credentials",
    "disagreement",
    "social",
    "authorities",
]);

/// `[boundary.ID]`.
pub static BOUNDARY: Shape = Shape {
    name: "boundary",
    what: "a boundary",
    doc: "What the notice does not promise, or where another one holds. Its sentence must stand in the notice.",
    keys: &[
        must("about", &ABOUT, "What it is about."),
        must("says", &TEXT, "The sentence of the notice."),
        may("link", &TEXT, "Where the other notice is, or the heading that says more."),
        may("shown_before", &TEXT, "The step before which people see it."),
    ],
    others: None,
    one_of: &[],
};

static CLAIMS: Takes = Takes::OneWord(&[
    "not_sold",
    "not_sold_for_money",
    "not_rented",
    "not_shared_for_advertising",
    "minors_not_sold",
    "no_data_broker",
    "no_own_marketing_of_others",
    "sensitive_not_beyond_limits",
    "payment_data_not_stored",
    "certified",
    "not_certified",
    "certification_applied_for",
    "only_adequate_countries",
    "transfer_safeguarded",
    "sub_processors_listed",
    "source_limited",
]);

/// `[claim.ID]`.
pub static CLAIM: Shape = Shape {
    name: "claim",
    what: "a claim",
    doc: "A statement of the notice that follows from the rest of the folder, or does not: it is computed anew at each check.",
    keys: &[
        must("says", &CLAIMS, "What is stated."),
        may("window", &PERIOD, "For how far back, such as `P12M`."),
        may("scheme", &TEXT, "Of a certification: which."),
        may("age", &TEXT, "Of minors: under which age."),
        may("text", &TEXT, "The sentence of the notice."),
    ],
    others: None,
    one_of: &[],
};

static CHANNELS: Takes = Takes::List(&Takes::OneWord(&["page", "effective_date", "site_notice", "email", "in_app"]));
static AGREEMENT: Takes = Takes::OneWord(&["none", "deemed", "explicit"]);

/// `[change.CLASS]`.
pub static CHANGE: Shape = Shape {
    name: "change",
    what: "a change rule",
    doc: "What follows from a change of the notice, by its class: `editorial`, `notice` or `fresh_consent`.",
    keys: &[
        must("channels", &CHANNELS, "How people are told."),
        must("agreement", &AGREEMENT, "What counts as agreement: nothing is needed, going on counts, or an answer."),
        may("before", &PERIOD, "How long before it holds people are told, such as `P30D`."),
        may("review_every", &PERIOD, "How often the notice is reviewed, such as `P1Y`."),
    ],
    others: None,
    one_of: &[],
};
