//! Systems of kind `http`: how a web service is called, and what its answers hold.

use super::{Entries, Name};
use crate::policy::model::{Match, Path, SecretRef};
use crate::schema::Class;
use crate::source::{At, Span};
use crate::value::Value;

/// `[http]` of a system: how its service is spoken to. What is missing has a default, or comes from the named service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// Proof of who we are; none: the service asks for none.
    pub auth: Option<At<Auth>>,
    /// Headers sent with each request.
    pub headers: Entries<String>,
    /// Longest wait for one answer, in milliseconds.
    pub timeout_ms: Option<At<u64>>,
    /// Longest wait that the service may ask for (`Retry-After`), in milliseconds.
    pub retry_after_ms: Option<At<u64>>,
    /// Most requests in a second.
    pub per_second: Option<At<u64>>,
    /// Largest answer, in bytes.
    pub most_bytes: Option<At<u64>>,
    /// Most pages of one listing.
    pub most_pages: Option<At<u64>>,
    /// Its address may be a private one.
    pub private: Option<At<bool>>,
    /// Further hosts that may be called, beside that of `url`.
    pub hosts: Vec<Name>,
    /// File with the certificate of the authority that vouches for it, in PEM.
    pub authority: Option<At<String>>,
    /// Nobody has tried this description against the real service.
    pub untried: Option<At<bool>>,
}

/// The address of a service: written here, or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// As it stands.
    Plain(String),
    /// Found elsewhere.
    Secret(SecretRef),
}

/// How a request proves who sends it. The credential itself is the secret that `connect`, `read` or `write` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer CREDENTIAL`.
    Bearer,
    /// `Authorization: Basic`; the credential is `user:password`.
    Basic,
    /// A header; `{}` in `form` is the credential.
    Header {
        /// Its name.
        name: String,
        /// What it says.
        form: String,
    },
    /// A parameter of the query.
    Query {
        /// Its name.
        name: String,
    },
    /// OAuth 2 client credentials; the credential is `id:secret`.
    OAuth2 {
        /// Path, or whole address, where tokens are given out.
        token: String,
        /// What is asked for.
        scope: Option<String>,
    },
}

/// `[resource.NAME]`: the table of that name, as calls of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The whole entry.
    pub at: Span,
    /// Columns that tell its records apart.
    pub key: Vec<Name>,
    /// Its columns.
    pub columns: Entries<Field>,
    /// References to other resources, by column: such a record goes before the one it refers to.
    pub refers: Entries<At<(String, String)>>,
    /// Ways to find records.
    pub find: Vec<Find>,
    /// Calls that delete one record, in order.
    pub erase: Vec<Erasure>,
    /// The call that changes one record.
    pub change: Option<Change>,
}

/// A column of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Kind of values.
    pub class: Class,
    /// Where a record holds it.
    pub path: Path,
    /// Records lack it: it is the value by which they were asked for.
    pub given: bool,
}

/// One request, with `{column}` where values go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The whole entry.
    pub at: Span,
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Path below the address.
    pub path: At<String>,
    /// Parameters of the query.
    pub query: Entries<At<String>>,
    /// A JSON document.
    pub body: Option<At<serde_json::Value>>,
    /// The parameters of a form; some even if there are none: what is sent is a form, not a document.
    pub form: Option<Entries<At<String>>>,
    /// Statuses that say that there is no such record.
    pub missing: Vec<u16>,
}

/// A way to find records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// Columns whose values it takes; none: it lists all records.
    pub by: Vec<Name>,
    /// How the service compares.
    pub matching: Match,
    /// The request.
    pub call: Call,
    /// Where the answer holds the records.
    pub records: Path,
    /// Records that count as gone: one of these values stands there.
    pub unless: Vec<(Path, Value)>,
    /// How further pages are asked for.
    pub paging: Option<At<Paging>>,
    /// Characters that a value must not have, for the service would read them as its own language.
    pub never: String,
    /// What it finds may be out of date: each record is read again by its key.
    pub again: bool,
}

/// How further pages are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paging {
    /// The answer holds the address of the next page.
    Next(Path),
    /// A `Link` header with `rel="next"` does.
    Link,
    /// By number, until a page has fewer records than `size`.
    Page {
        /// Parameter.
        parameter: String,
        /// Number of the first page.
        first: u64,
        /// Records of a full page.
        size: u64,
    },
    /// By the number of records before it, until a page has fewer than `size`.
    Offset {
        /// Parameter.
        parameter: String,
        /// Records of a full page.
        size: u64,
    },
    /// By a cursor.
    Cursor {
        /// Where it is put.
        put: Put,
        /// Where it is taken from.
        take: Take,
        /// Where the answer says that there is more; without it, until there is no cursor.
        more: Option<Path>,
    },
}

/// Where a cursor is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// Into a parameter of the query.
    Parameter(String),
    /// Into the body.
    Body(Path),
}

/// Where a cursor is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// From the answer.
    Answer(Path),
    /// From its last record.
    Last(Path),
}

/// A call that deletes a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The request.
    pub call: Call,
    /// Sending it twice does no harm.
    pub repeat: bool,
    /// Header that takes a key by which the service knows a repetition.
    pub once: Option<String>,
    /// It is done later: how we learn that it is.
    pub later: Option<At<Later>>,
}

/// How we learn that a deletion was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// Where the answer holds the address that tells; none: the record is looked for until it is gone.
    pub status: Option<Path>,
    /// Where that address says how far it is.
    pub state: Option<Path>,
    /// What it says when it is done.
    pub done: Vec<String>,
    /// What it says when it has failed.
    pub failed: Vec<String>,
    /// Between two looks, in milliseconds.
    pub every_ms: u64,
    /// Longest wait, in milliseconds; after it the request stays open.
    pub wait_ms: u64,
}

/// The call that changes columns of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The request.
    pub call: Call,
    /// Columns it can write.
    pub columns: Vec<Name>,
    /// Where in its body they go; with a form they are its parameters.
    pub into: Option<Path>,
    /// Sending it twice does no harm.
    pub repeat: bool,
    /// Header that takes a key by which the service knows a repetition.
    pub once: Option<String>,
}

impl Resource {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Field> {
        self.columns.iter().find(|(n, _)| n.it == name).map(|(_, field)| field)
    }
}
