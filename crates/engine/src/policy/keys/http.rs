//! Systems of kind `http`.

use super::takes::{DURATION, FLAG, NAME_OR_LIST, NAMES, PATH, SOMETHING, TEXT, VALUES, WHOLE};
use super::{Shape, Takes, may, must};
use crate::policy::model::Match;
use crate::policy::parse::words;

static AUTH_TABLE: Takes = Takes::Table(&AUTH);
static TEXTS: Takes = Takes::Named(&TEXT);

/// `[http]`.
pub static HTTP: Shape = Shape {
    name: "http",
    what: "`[http]`",
    doc: "How a web service is spoken to.",
    keys: &[
        may("auth", &AUTH_TABLE, "How a request proves who sends it; the credential is what `connect` names."),
        may("headers", &TEXTS, "Headers sent with each request."),
        may("timeout", &DURATION, "Longest wait for one answer; 30s, if it is left out."),
        may(
            "retry_after",
            &DURATION,
            "Longest wait that the service may ask for with `Retry-After`; 2m, if it is left out.",
        ),
        may("requests_per_second", &WHOLE, "Most requests in a second."),
        may("most_bytes", &WHOLE, "Largest answer that is read; 16 MiB, if it is left out."),
        may("most_pages", &WHOLE, "Most pages of one listing; 1000, if it is left out."),
        may("private", &FLAG, "The service has a private address."),
        may("hosts", &NAMES, "Further hosts that may be called, beside that of `url`."),
        may(
            "authority",
            &SOMETHING,
            "File with the certificate, in PEM, of the authority that vouches for it; the system's own, if it is left out.",
        ),
        may("untried", &FLAG, "Nobody has tried this description against the real service; `check` says so."),
    ],
    others: None,
    one_of: &[],
};

static AUTHS: Takes = Takes::Words(|| vec!["bearer", "basic", "header", "query", "oauth2"]);

/// `auth`.
pub static AUTH: Shape = Shape {
    name: "auth",
    what: "`auth`",
    doc: "How a request proves who sends it.",
    keys: &[
        must(
            "kind",
            &AUTHS,
            "`bearer`; `basic` (the credential is `user:password`); `header`; `query`; `oauth2` (client credentials: `id:secret`).",
        ),
        may("name", &SOMETHING, "With `header` and `query`: its name."),
        may("form", &TEXT, "With `header`: what it says; `{}` is the credential."),
        may("token_at", &SOMETHING, "With `oauth2`: the path or address where tokens are given out."),
        may("scope", &TEXT, "With `oauth2`: what is asked for."),
    ],
    others: None,
    one_of: &[],
};

static CLASSES: Takes = Takes::Words(words::of::<crate::schema::Class>);
static FIELD_TABLE: Takes = Takes::Table(&FIELD);
static FIELD_VALUE: Takes = Takes::OneOf(&[&CLASSES, &FIELD_TABLE]);
static FIELDS: Takes = Takes::Named(&FIELD_VALUE);
static FIND_TABLE: Takes = Takes::Table(&FIND);
static FINDS: Takes = Takes::List(&FIND_TABLE);
static ERASURE_TABLE: Takes = Takes::Table(&ERASURE);
static ERASURES: Takes = Takes::Many(&ERASURE_TABLE);
static CHANGE_TABLE: Takes = Takes::Table(&CHANGE);

/// `[resource.NAME]`.
pub static RESOURCE: Shape = Shape {
    name: "resource",
    what: "a resource",
    doc: "A table of a web service: which calls find, delete and change its records.",
    keys: &[
        must("key", &NAME_OR_LIST, "Columns that tell its records apart."),
        must("columns", &FIELDS, "Its columns: name and type."),
        may("refers", &TEXTS, "Columns that refer to another resource, `\"resource.column\"`: such records go first."),
        must("find", &FINDS, "Ways to find records."),
        may("erase", &ERASURES, "The call that deletes a record, or several in order."),
        may("change", &CHANGE_TABLE, "The call that changes a record."),
    ],
    others: None,
    one_of: &[],
};

/// A column of a resource.
pub static FIELD: Shape = Shape {
    name: "field",
    what: "a column of a resource",
    doc: "A column of a resource.",
    keys: &[
        must("type", &CLASSES, "Kind of values."),
        may("path", &PATH, "Where a record holds it; `$.NAME`, if it is left out."),
        may("given", &FLAG, "Records lack it: it is the value by which they were asked for."),
    ],
    others: None,
    one_of: &[],
};

static METHODS: Takes = Takes::Words(|| METHOD_WORDS.to_vec());
/// The methods of requests.
pub const METHOD_WORDS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
static PATH_OF_CALL: Takes = Takes::Pattern("^/");
static STATUS: Takes = Takes::Whole(599);
static STATUSES: Takes = Takes::Many(&STATUS);
static ONCE: Takes = Takes::Pattern("^[A-Za-z0-9-]+$");
static PAGING_TABLE: Takes = Takes::Table(&PAGING);
static MATCHES: Takes = Takes::Words(words::of::<Match>);
static LATER_TABLE: Takes = Takes::Table(&LATER);

macro_rules! call_keys {
    ($($more:expr),* $(,)?) => {
        &[
            may("method", &METHODS, "The method; `GET` finds, `DELETE` erases, `PATCH` changes, if it is left out."),
            must("path", &PATH_OF_CALL, "Path below the address; `{column}` is a value."),
            may("query", &TEXTS, "Parameters of the query; `{column}` is a value."),
            may("body", &TEXT, "A JSON document; `{column}` in a text of it is a value."),
            may("form", &TEXTS, "Parameters of a form instead of a document."),
            may("missing", &STATUSES, "Statuses that say that there is no such record."),
            $($more,)*
        ]
    };
}

/// A way to find records.
pub static FIND: Shape = Shape {
    name: "find",
    what: "a way to find records",
    doc: "A call that finds records.",
    keys: call_keys![
        may("by", &NAME_OR_LIST, "Columns whose values it takes; none: it lists all records."),
        may("match", &MATCHES, "How the service compares; `exact`, if it is left out."),
        must("records", &PATH, "Where the answer holds records, such as `$.users[*]`."),
        may("unless", &VALUES, "Paths of a record and values that say it is deleted."),
        may("paging", &PAGING_TABLE, "How further pages are asked for."),
        may(
            "never",
            &TEXT,
            "Characters that a value must not have, for the service would read them as its own language."
        ),
        may("again", &FLAG, "What it finds may be out of date: each record is read again by its key."),
    ],
    others: None,
    one_of: &[],
};

/// How further pages are asked for.
pub static PAGING: Shape = Shape {
    name: "paging",
    what: "`paging`",
    doc: "How further pages are asked for.",
    keys: &[
        may("next", &PATH, "Where the answer holds the address of the next page."),
        may("link", &FLAG, "A `Link` header has it."),
        may("page", &SOMETHING, "Parameter for the number of the page."),
        may("offset", &SOMETHING, "Parameter for the number of records before the page."),
        may("first", &WHOLE, "With `page`: the number of the first page; 1, if it is left out."),
        may("size", &WHOLE, "With `page` and `offset`: records of a full page; a shorter one is the last."),
        may("cursor", &SOMETHING, "Parameter for a cursor; one that begins with `$` is a path in the body."),
        may("from", &PATH, "With `cursor`: where the answer holds it."),
        may("last", &PATH, "With `cursor`: where the last record holds it."),
        may("more", &PATH, "With `cursor`: where the answer says that there is more."),
    ],
    others: None,
    one_of: &["next", "link", "page", "offset", "cursor"],
};

/// A call that deletes a record.
pub static ERASURE: Shape = Shape {
    name: "erasure_call",
    what: "a call that deletes",
    doc: "A call that deletes a record.",
    keys: call_keys![
        may("repeat", &FLAG, "Sending it twice does no harm."),
        may("once", &ONCE, "Header that takes a key by which the service knows a repetition."),
        may("later", &LATER_TABLE, "It is done later, and how that is learnt."),
    ],
    others: None,
    one_of: &[],
};

/// How it is learnt that a deletion was done.
pub static LATER: Shape = Shape {
    name: "later",
    what: "`later`",
    doc: "The service deletes later. Without `status`, the record is looked for until it is gone.",
    keys: &[
        may("status", &PATH, "Where the answer holds the address that tells how far it is."),
        may("state", &PATH, "Where that address says it.").beside("status"),
        may("done", &NAME_OR_LIST, "What it says when it is done.").beside("state"),
        may("failed", &NAME_OR_LIST, "What it says when it has failed.").beside("state"),
        may("every", &DURATION, "Between two looks; 2s, if it is left out."),
        may("wait", &DURATION, "Longest wait, after which the request stays open; 2m, if it is left out."),
    ],
    others: None,
    one_of: &[],
};

/// The call that changes a record.
pub static CHANGE: Shape = Shape {
    name: "change_call",
    what: "the call that changes",
    doc: "The call that changes columns of a record.",
    keys: call_keys![
        must("columns", &NAMES, "Columns it can write."),
        may(
            "into",
            &PATH,
            "Where in the body they go; its root, if it is left out. With `form = {}` they are parameters."
        ),
        may("repeat", &FLAG, "Sending it twice does no harm."),
        may("once", &ONCE, "Header that takes a key by which the service knows a repetition."),
    ],
    others: None,
    one_of: &[],
};
