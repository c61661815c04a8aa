//! Tables, links and columns.

use super::action::{CONDITION, ERASE_OR_CHOICES, FATE_OR_CHOICES};
use super::subject::MATCH;
use super::takes::{
    BY, CODEC, COLUMN as OWN_OR_OTHER, FLAG, FORMS, NAME_OR_LIST, NAMES, PATH, REASONS, SINGLES, TEXT, TO, VALUES,
};
use super::{Shape, Takes, may, must};
use crate::policy::model::{Access, Role};
use crate::policy::model::{Epoch, Origin, Untie};
use crate::policy::parse::words;

static LINK_TABLE: Takes = Takes::Table(&LINK);
static LINKS: Takes = Takes::List(&LINK_TABLE);
static COLUMN_TABLE: Takes = Takes::Table(&COLUMN);
static COLUMN_VALUE: Takes = Takes::OneOf(&[&TEXT, &COLUMN_TABLE]);
static COLUMNS: Takes = Takes::Named(&COLUMN_VALUE);
static AFTER: Takes = Takes::Words(|| vec!["after"]);
static REVIEW: Takes = Takes::Pattern(r"^reviewed:.*\S");
static TRIGGERS: Takes = Takes::Named(&REVIEW);

static PATH_OF_FILES: Takes = Takes::Pattern(r"[^/]");

macro_rules! table_keys {
    ($($more:expr),*) => {
        &[
            $($more,)*
            may("links", &LINKS, "How its rows relate to persons."),
            may("columns", &COLUMNS, "What its columns hold, by name."),
            may("key", &NAME_OR_LIST, "Columns that tell its rows apart, for tables without a primary key; `all`: the whole row."),
            may("tenant", &TEXT, "The column that holds the tenant of a row."),
            may("set_on_scrub", &VALUES, "Columns, and what is written into them when a row is scrubbed."),
            may("sweep", &AFTER, "The application writes here while it deletes, so it is done last."),
            may("trigger", &TRIGGERS, "Triggers that somebody read, each with `reviewed: ` and why it is fine."),
            may("path", &PATH_OF_FILES, "For tables of a files system: the path of its files, such as `avatars/{username}.png`; each field is a column."),
            may("ignore", &REASONS, "Foreign keys that are no links: the reason, and the columns."),
        ]
    };
}

/// `[table.NAME]`.
pub static TABLE: Shape = Shape {
    name: "table",
    what: "a table",
    doc: "What a table holds, and whose its rows are.",
    keys: table_keys!(),
    others: None,
    one_of: &[],
};

/// `[[each]]`.
pub static EACH: Shape = Shape {
    name: "each",
    what: "`each`",
    doc: "The same keys for several tables.",
    keys: table_keys!(must("tables", &NAMES, "The tables.")),
    others: None,
    one_of: &[],
};

static ROLES: Takes = Takes::Words(words::of::<Role>);
static ACCESS: Takes = Takes::Words(words::of::<Access>);
static UNTIES: Takes = Takes::Words(words::of::<Untie>);

/// One link.
pub static LINK: Shape = Shape {
    name: "link",
    what: "a link",
    doc: "How rows of this table relate to a person, or to rows that do.",
    keys: &[
        must("role", &ROLES, "What the persons at the other end are to the row; it decides access and erasure."),
        may("column", &NAME_OR_LIST, "The column or columns of this table that hold the reference."),
        may("to", &TO, "What they point at: `table.column`, `system:table.column` or `@kind.identity`.")
            .beside("column"),
        may("by", &BY, "The columns of another table that point at this row."),
        may("as", &TEXT, "Its name, for `of` and for profiles; the column, if it is left out."),
        may("match", &MATCH, "How values are compared; byte for byte, if it is left out."),
        may("form", &FORMS, "Patterns of the stored text: `{}` stands for the value, `*` for anything."),
        may("codec", &CODEC, "How the document in the column is encoded."),
        may("path", &PATH, "Where the value stands in the document, such as `$.user.id`."),
        may("when", &CONDITION, "Which rows of this table it joins."),
        may("to_when", &CONDITION, "Which rows of the other table it joins."),
        may("nobody", &SINGLES, "Values that are no reference."),
        may("last", &FLAG, "For role `part`: the row goes with the last of its parents."),
        may("on_access", &ACCESS, "How much of the row is returned, instead of what the role gives."),
        may("hide", &NAME_OR_LIST, "Columns that are not returned to whoever comes by this link."),
        may("on_erase", &FATE_OR_CHOICES, "What becomes of the row at erasure, instead of what the role gives."),
        may("while_shared", &FATE_OR_CHOICES, "For role `co_owner`: what becomes of the row while others co-own it."),
        may("untie", &UNTIES, "How the reference is undone in rows that stay."),
    ],
    others: None,
    one_of: &["to", "by"],
};

static ALL: Takes = Takes::Words(|| vec!["all"]);
static SEARCHED: Takes = Takes::OneOf(&[&FLAG, &ALL]);
static PATHS: Takes = Takes::Named(&TEXT);
static ORIGINS: Takes = Takes::Words(words::of::<Origin>);
static WITHHOLD: Takes = Takes::Words(|| vec!["withhold"]);
static EPOCHS: Takes = Takes::Words(words::of::<Epoch>);

/// One column, where it is more than a category.
pub static COLUMN: Shape = Shape {
    name: "column",
    what: "a column",
    doc: "What a column holds, whose it is, and what erasure does to it.",
    keys: &[
        may("category", &TEXT, "Kind of data, a key of the taxonomy such as `user.contact.email`."),
        may(
            "of",
            &NAME_OR_LIST,
            "The links, by name, column or role, to whose persons it belongs; else it is the row's.",
        ),
        may("text", &SEARCHED, "Free text: searched for persons and masked; `all`: in every row."),
        may(
            "form",
            &FORMS,
            "With `text`: patterns within which it is searched. With `file`: the path of the file, where `{}` stands for the value and `{column}` for another one of the row.",
        ),
        may("codec", &CODEC, "How the document in it is encoded."),
        may("json", &PATHS, "Paths in the document, and the category of each."),
        may("file", &TEXT, "The system that holds the bytes."),
        may("shared_by", &TEXT, "With `file`: the column by whose value the bytes are shared."),
        may("copy_of", &OWN_OR_OTHER, "The column it is derived from."),
        may("erase", &ERASE_OR_CHOICES, "What erasure does to it."),
        may("access", &WITHHOLD, "`withhold`: a secret that is never returned."),
        may("source", &ORIGINS, "Who its values come from; portability returns what the person provided."),
        may("time", &EPOCHS, "The unit of an epoch number."),
        may("generated", &FLAG, "The database computes it, so it is never written."),
    ],
    others: None,
    one_of: &[],
};

/// `[view.NAME]`.
pub static VIEW: Shape = Shape {
    name: "view",
    what: "a view",
    doc: "A view or search index that derives from tables.",
    keys: &[
        must("copy_of", &NAME_OR_LIST, "The tables or columns it derives from."),
        may("rebuild", &FLAG, "It is rebuilt after an erasure."),
    ],
    others: None,
    one_of: &[],
};
