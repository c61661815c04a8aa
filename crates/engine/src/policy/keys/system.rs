//! Systems and profiles.

use super::action::{ERASE_OR_CHOICES, FATE_OR_CHOICES};
use super::takes::{COUNTRY, DURATION, REASONS, SOMETHING, TEXT, WHOLE};
use super::{EACH, HTTP, PLACEHOLDER, RESOURCE, SUBJECT, Shape, TABLE, Takes, VIEW, may, must};
use crate::policy::model::Untie;
use crate::policy::model::{Right, SystemKind};
use crate::policy::parse::words;

static HEAD_TABLE: Takes = Takes::Table(&SYSTEM_HEAD);
static TASK_TABLE: Takes = Takes::Table(&TASK);
static TASKS: Takes = Takes::NamedOf(words::of::<Right>, &TASK_TABLE);
static SUBJECT_TABLE: Takes = Takes::Table(&SUBJECT);
static SUBJECTS: Takes = Takes::Named(&SUBJECT_TABLE);
static EACH_TABLE: Takes = Takes::Table(&EACH);
static EACH_LIST: Takes = Takes::List(&EACH_TABLE);
static TABLE_TABLE: Takes = Takes::Table(&TABLE);
static TABLES: Takes = Takes::Named(&TABLE_TABLE);
static VIEW_TABLE: Takes = Takes::Table(&VIEW);
static VIEWS: Takes = Takes::Named(&VIEW_TABLE);
static HTTP_TABLE: Takes = Takes::Table(&HTTP);
static RESOURCE_TABLE: Takes = Takes::Table(&RESOURCE);
static RESOURCES: Takes = Takes::Named(&RESOURCE_TABLE);

/// `systems/NAME.toml`.
pub static SYSTEM: Shape = Shape {
    name: "system",
    what: "this file",
    doc: "The data map of one system: what it holds, and whose that is.",
    keys: &[
        must("system", &HEAD_TABLE, "Kind of place, and where it is reached."),
        may("task", &TASKS, "For `manual` systems: what people do, by right."),
        may("http", &HTTP_TABLE, "For `http` systems: how the service is spoken to."),
        may("resource", &RESOURCES, "For `http` systems: the calls behind each table."),
        may("subject", &SUBJECTS, "Subject kinds by name."),
        may("each", &EACH_LIST, "The same keys for several tables."),
        may("table", &TABLES, "Tables by name."),
        may("view", &VIEWS, "Views and search indexes that derive from tables."),
        may("ignore", &REASONS, "Tables without personal data: the reason, and the tables."),
    ],
    others: None,
    one_of: &[],
};

/// `rules/services/NAME.toml`: what `service = "NAME"` brings.
pub static SERVICE: Shape = Shape {
    name: "service",
    what: "the description of a service",
    doc: "How a known service is called, and how its tables belong together.",
    keys: &[
        may("url", &SOMETHING, "Its address, where it is the same for everybody."),
        must("http", &HTTP_TABLE, "How the service is spoken to."),
        must("resource", &RESOURCES, "The calls behind each table."),
        may("table", &TABLES, "Tables by name; a folder's own map of a table replaces it."),
        may("ignore", &REASONS, "Tables without personal data: the reason, and the tables."),
    ],
    others: None,
    one_of: &[],
};

static URL: Takes = Takes::OneOf(&[&SOMETHING, &SECRET_TABLE]);
static SERVICES: Takes = Takes::Words(crate::policy::known::names);
static KINDS: Takes = Takes::Words(words::of::<SystemKind>);
static SECRET_TABLE: Takes = Takes::Table(&SECRET);
static LIMITS_TABLE: Takes = Takes::Table(&LIMITS);

/// `[system]`.
pub static SYSTEM_HEAD: Shape = Shape {
    name: "head",
    what: "`[system]`",
    doc: "Kind of place, and where it is reached.",
    keys: &[
        must("kind", &KINDS, "What kind of place it is."),
        may("connect", &SECRET_TABLE, "Where both reading and writing goes; the secret is named, never written here."),
        may("read", &SECRET_TABLE, "Where check, plan and probe read; may be a replica."),
        may("write", &SECRET_TABLE, "Where apply writes."),
        may("schema", &TEXT, "The database schema."),
        may("country", &COUNTRY, "Where the data lies, and the country of phone numbers without one."),
        may("time_zone", &TEXT, "The zone of times without one, such as `Europe/Berlin`; UTC, if it is left out."),
        may("team", &SOMETHING, "For `manual` systems: who does the work."),
        may("service", &SERVICES, "For `http` systems: a service whose description comes with Upheld."),
        may(
            "url",
            &URL,
            "For `http` systems: the address that all paths are below; written here, or the place of a secret.",
        ),
        may("limits", &LIMITS_TABLE, "Bounds of plans in this system."),
    ],
    others: None,
    one_of: &[],
};

static VARIABLE: Takes = Takes::Pattern("^[A-Za-z_][A-Za-z0-9_]*$");

/// Where a secret is found.
pub static SECRET: Shape = Shape {
    name: "secret",
    what: "a place of a secret",
    doc: "Where a secret is found; exactly one of the keys.",
    keys: &[
        may("env", &VARIABLE, "The environment variable that holds it."),
        may("file", &SOMETHING, "The file whose first line it is."),
        may("command", &SOMETHING, "The command that prints it."),
    ],
    others: None,
    one_of: &["env", "file", "command"],
};

/// `[task.RIGHT]`.
pub static TASK: Shape = Shape {
    name: "task",
    what: "a task",
    doc: "What people do in a `manual` system.",
    keys: &[must("text", &TEXT, "What there is to do, in a sentence or two.")],
    others: None,
    one_of: &[],
};

static SHARE: Takes = Takes::Share;
static POSITIVE: Takes = Takes::Positive;

/// `[limits]`.
pub static LIMITS: Shape = Shape {
    name: "limits",
    what: "`limits`",
    doc: "Bounds: a plan beyond one is shown, and applied only with an approval that names it.",
    keys: &[
        may("rows_per_table", &WHOLE, "Most rows of one table in a plan."),
        may("share_of_table", &SHARE, "Largest share of a table's rows that a plan may change, from 0 to 1."),
        may("share_from", &WHOLE, "Tables with fewer rows are not measured by share."),
        may("records_per_kind_and_person", &WHOLE, "Most records of one kind that one person may have."),
        may("one_transaction", &WHOLE, "Most rows that a plan may change in this system, which is one transaction."),
        may(
            "rows_per_second",
            &POSITIVE,
            "Most rows that Upheld changes there in a second; as fast as the system goes, if it is left out.",
        ),
        may("statement_timeout", &DURATION, "Longest statement, such as `60s`."),
        may("lock_timeout", &DURATION, "Longest wait for a lock, such as `5s`."),
    ],
    others: None,
    one_of: &[],
};

static PROFILE_SUBJECT_TABLE: Takes = Takes::Table(&PROFILE_SUBJECT);
static PROFILE_SUBJECTS: Takes = Takes::Named(&PROFILE_SUBJECT_TABLE);
static PROFILE_TABLE_TABLE: Takes = Takes::Table(&PROFILE_TABLE);
static PROFILE_TABLES: Takes = Takes::Named(&PROFILE_TABLE_TABLE);

/// `systems/NAME.PROFILE.toml`.
pub static PROFILE: Shape = Shape {
    name: "profile",
    what: "this file",
    doc: "Another policy on the same map: it restates what becomes of links and columns that the map has.",
    keys: &[
        may("subject", &PROFILE_SUBJECTS, "Placeholders by subject kind."),
        may("table", &PROFILE_TABLES, "Tables by name."),
    ],
    others: None,
    one_of: &[],
};

static PLACEHOLDER_TABLE: Takes = Takes::Table(&PLACEHOLDER);

/// `[subject.KIND]` of a profile.
pub static PROFILE_SUBJECT: Shape = Shape {
    name: "profile_subject",
    what: "a subject kind of a profile",
    doc: "What a profile restates of a subject kind.",
    keys: &[must("placeholder", &PLACEHOLDER_TABLE, "The record that stands in for erased persons.")],
    others: None,
    one_of: &[],
};

static PROFILE_LINK_TABLE: Takes = Takes::Table(&PROFILE_LINK);
static PROFILE_LINKS: Takes = Takes::List(&PROFILE_LINK_TABLE);
static PROFILE_COLUMN_TABLE: Takes = Takes::Table(&PROFILE_COLUMN);
static PROFILE_COLUMNS: Takes = Takes::Named(&PROFILE_COLUMN_TABLE);

/// `[table.NAME]` of a profile.
pub static PROFILE_TABLE: Shape = Shape {
    name: "profile_table",
    what: "a table of a profile",
    doc: "What a profile restates of a table.",
    keys: &[
        may("links", &PROFILE_LINKS, "Links, each by its name."),
        may("columns", &PROFILE_COLUMNS, "Columns by name."),
    ],
    others: None,
    one_of: &[],
};

static UNTIES: Takes = Takes::Words(words::of::<Untie>);

/// One link of a profile.
pub static PROFILE_LINK: Shape = Shape {
    name: "profile_link",
    what: "a link of a profile",
    doc: "What a profile restates of a link.",
    keys: &[
        must("as", &TEXT, "The link's name in the map."),
        may("on_erase", &FATE_OR_CHOICES, LINK_ON_ERASE),
        may("while_shared", &FATE_OR_CHOICES, LINK_WHILE_SHARED),
        may("untie", &UNTIES, LINK_UNTIE),
    ],
    others: None,
    one_of: &[],
};

const LINK_ON_ERASE: &str = "What becomes of the row at erasure.";
const LINK_WHILE_SHARED: &str = "What becomes of the row while others co-own it.";
const LINK_UNTIE: &str = "How the reference is undone in rows that stay.";

/// One column of a profile.
pub static PROFILE_COLUMN: Shape = Shape {
    name: "profile_column",
    what: "a column of a profile",
    doc: "What a profile restates of a column.",
    keys: &[must("erase", &ERASE_OR_CHOICES, "What erasure does to it.")],
    others: None,
    one_of: &[],
};
