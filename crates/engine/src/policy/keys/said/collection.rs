//! `collection.toml`: what is gathered, from whom and where.

use crate::policy::keys::takes::{
    CATEGORY_IDS, DATE, FIELDS, FLAG, NAMES, PERIOD, POPULATION_IDS, PURPOSE_IDS, TAXONOMY_KEYS, TEXT, TEXTS, WHOLE,
};
use crate::policy::keys::{Shape, Takes, may, must};

static CATEGORIES: Takes = Takes::Named(&Takes::Table(&CATEGORY));
static SOURCES: Takes = Takes::Named(&Takes::Table(&SOURCE));
static POINTS: Takes = Takes::Named(&Takes::Table(&POINT));
static TRACKERS: Takes = Takes::Named(&Takes::Table(&TRACKER));
static TELEMETRIES: Takes = Takes::Named(&Takes::Table(&TELEMETRY));
static EDITIONS: Takes = Takes::Named(&Takes::Table(&EDITION));
static AGGREGATES: Takes = Takes::Named(&Takes::Table(&AGGREGATE));

/// `collection.toml`.
pub static COLLECTION: Shape = Shape {
    name: "collection",
    what: "this file",
    doc: "What is gathered, from whom and where.",
    keys: &[
        may("category", &CATEGORIES, "Categories as the notice names them, by id."),
        may("source", &SOURCES, "Where data comes from, by id."),
        may("point", &POINTS, "Forms and other places where data comes in, by id."),
        may("tracker", &TRACKERS, "Cookies, beacons and the like, by id."),
        may("telemetry", &TELEMETRIES, "What is recorded without being typed, by id."),
        may("edition", &EDITIONS, "Editions of a product in which other rules hold, by id."),
        may("aggregate", &AGGREGATES, "Numbers about groups, by id."),
    ],
    others: None,
    one_of: &[],
};

/// `[category.ID]`.
pub static CATEGORY: Shape = Shape {
    name: "category",
    what: "a category",
    doc: "Data as the notice names it: a few keys of the taxonomy under one name.",
    keys: &[
        must("title", &TEXT, "What the notice calls it."),
        must("covers", &TAXONOMY_KEYS, "Keys of the taxonomy; each covers those below it."),
        may("examples", &NAMES, "What belongs to it, in plain words."),
        may("law_name", &TEXT, "What a law calls it, such as `identifiers`."),
        may("sensitive", &FLAG, "Special, sensitive or criminal data."),
        may("personal", &FLAG, "`false`: identifies nobody, even together with other data."),
        may("collected", &FLAG, "`false`: said not to be gathered."),
        may("set_by", &Takes::OneWord(&["us", "customer"]), "Who decides what belongs to it."),
        may(
            "defined",
            &TEXTS,
            "Where customers define what belongs to it: its `name`, `key` and `tenant`, and the `value` column of what is held that names the key; each as `system:table.column`.",
        ),
    ],
    others: None,
    one_of: &[],
};

static SOURCE_KINDS: Takes = Takes::OneWord(&[
    "person",
    "automatic",
    "customer",
    "administrator",
    "employer",
    "colleague",
    "referral",
    "sign_in",
    "supplier",
    "public",
    "social",
    "partner",
    "third_party",
]);

/// `[source.ID]`.
pub static SOURCE: Shape = Shape {
    name: "source",
    what: "a source",
    doc: "Where data comes from.",
    keys: &[
        must("title", &TEXT, "What it is called."),
        must("kind", &SOURCE_KINDS, "What it is."),
        must("categories", &CATEGORY_IDS, "What comes from it."),
        may("populations", &POPULATION_IDS, "About whom."),
        may("columns", &NAMES, "Columns that record it for each row, as `system:table.column`."),
        may("marked", &TEXT, "The value by which those columns name it."),
        may("purposes", &PURPOSE_IDS, "What data from it may be used for; without: all."),
        may("since", &DATE, "When it began."),
    ],
    others: None,
    one_of: &[],
};

static POINT_KINDS: Takes = Takes::OneWord(&[
    "form",
    "signup",
    "checkout",
    "profile",
    "settings",
    "support",
    "email",
    "phone",
    "chat",
    "upload",
    "content",
    "survey",
    "contest",
    "event",
    "social",
    "import",
    "api",
    "sso",
    "referral",
    "application",
    "feedback",
    "post",
]);

/// `[point.ID]`.
pub static POINT: Shape = Shape {
    name: "point",
    what: "a collection point",
    doc: "A form, call or import where data comes in, and the fields it may carry. Others are refused.",
    keys: &[
        must("title", &TEXT, "What it is called."),
        must("kind", &POINT_KINDS, "What it is."),
        may("required", &FIELDS, "Fields that must be filled in, with the category of each."),
        may("permitted", &FIELDS, "Fields that may be filled in, with the category of each."),
        may("property", &Takes::Id("property"), "Where it stands."),
        may("populations", &POPULATION_IDS, "Who fills it in, or of whom it tells."),
        may("source", &Takes::Id("source"), "Where its data comes from."),
        may("purposes", &PURPOSE_IDS, "What its data may be used for."),
        may("edition", &Takes::Id("edition"), "Only in this edition."),
        may("columns", &NAMES, "Where the fields are stored, as `system:table.column`."),
        may("voluntary", &FLAG, "People may leave it out altogether."),
    ],
    others: None,
    one_of: &[],
};

static TRACKER_KINDS: Takes =
    Takes::OneWord(&["cookie", "beacon", "pixel", "tag", "device_id", "local_storage", "widget", "sdk", "log"]);
static CONSENT: Takes = Takes::OneWord(&["none", "opt_out", "opt_in"]);

/// `[tracker.ID]`.
pub static TRACKER: Shape = Shape {
    name: "tracker",
    what: "a tracker",
    doc: "A cookie, beacon or the like: who sets it, what for and for how long.",
    keys: &[
        must("title", &TEXT, "Name of the cookie, or what it is called."),
        must("kind", &TRACKER_KINDS, "What it is."),
        must("setter", &Takes::UsOr("recipient"), "`us`, or a recipient by id."),
        must("purposes", &PURPOSE_IDS, "What for."),
        may("lifetime", &PERIOD, "How long it lives, such as `P1Y`; without: until the browser closes."),
        may("attributes", &NAMES, "What it takes, and nothing else."),
        may("events", &NAMES, "What it reports."),
        may("hosts", &NAMES, "Where its code comes from."),
        may("on", &Takes::List(&Takes::Id("property")), "Where it is set, by id of a property."),
        may("messages", &NAMES, "Classes of messages in which it may stand, such as `marketing`."),
        may("consent", &CONSENT, "What it needs where the law leaves it open."),
        may("linked", &FLAG, "It can be tied to a person."),
    ],
    others: None,
    one_of: &[],
};

/// `[telemetry.ID]`.
pub static TELEMETRY: Shape = Shape {
    name: "telemetry",
    what: "telemetry",
    doc: "What is recorded without being typed: only these attributes are taken.",
    keys: &[
        must("title", &TEXT, "What it is called."),
        must("attributes", &FIELDS, "What is recorded, with the category of each."),
        may("events", &NAMES, "What is reported."),
        may("purposes", &PURPOSE_IDS, "What for."),
        may("property", &Takes::Id("property"), "Where."),
        may("edition", &Takes::Id("edition"), "Only in this edition."),
        may("columns", &NAMES, "Where it is stored, as `system:table.column`."),
        may("linked", &FLAG, "It can be tied to a person."),
        may("precision", &TEXT, "How exact, such as `city`."),
    ],
    others: None,
    one_of: &[],
};

/// `[edition.ID]`.
pub static EDITION: Shape = Shape {
    name: "edition",
    what: "an edition",
    doc: "An edition of a product in which other rules hold, such as one that customers run themselves.",
    keys: &[
        must("title", &TEXT, "What it is called."),
        must("run_by", &Takes::OneWord(&["us", "customer"]), "Who runs it."),
        may("sends", &NAMES, "The only telemetry and collection points whose data reaches the company, by id."),
        may("default", &Takes::OneWord(&["on", "off"]), "`on`: it sends before anybody decided."),
        may("switch", &Takes::OneWord(&["administrator", "user", "none"]), "Who turns that on and off."),
        may("hosts", &NAMES, "Where it sends to, so that a firewall can stop it."),
        may("paths", &TEXTS, "The path on those hosts to which each is sent, by id; without: `/`."),
        may("responsible", &Takes::OneWord(&["us", "customer"]), "Who answers for its security."),
        may("advice", &NAMES, "What the one who runs it is advised to do."),
        may("removes", &NAMES, "What is taken out before anything is sent."),
    ],
    others: None,
    one_of: &[],
};

/// `[aggregate.ID]`.
pub static AGGREGATE: Shape = Shape {
    name: "aggregate",
    what: "an aggregate",
    doc: "Numbers about groups in which nobody can be found.",
    keys: &[
        must("title", &TEXT, "What it is called."),
        must("smallest_group", &WHOLE, "How many people stand behind each number at least."),
        may("tables", &NAMES, "Where it is stored, as `system:table`."),
        may("counts", &TEXT, "The column that says how many people stand behind a row."),
        may("from", &CATEGORY_IDS, "What it is made of."),
        may("purposes", &PURPOSE_IDS, "What for; without: anything."),
        may("removes", &NAMES, "What is taken out first."),
    ],
    others: None,
    one_of: &[],
};
