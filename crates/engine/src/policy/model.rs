//! The resolved data map: names are indices, defaults are filled in, everything fits the schema. Planner and oracle read this.
//!
//! Tables of all systems stand in one list, so a link across systems is an ordinary link.

use serde::{Deserialize, Serialize};

use crate::schema::{Class, OnDelete};
use crate::value::Value;

/// Index of a system in [`Policy::systems`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemId(pub usize);

/// Index of a table in [`Policy::tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub usize);

/// Index of a subject kind in [`Policy::kinds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub usize);

/// Index of a column in its [`Table::columns`].
pub type ColumnIx = usize;

/// Index of a link in its [`Table::links`].
pub type LinkIx = usize;

/// A compiled policy folder.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Name of the company, as answers and certificates show it.
    pub company: String,
    /// SHA-256 over the folder's files, in hexadecimal; plans name it.
    pub hash: String,
    /// Systems in the order of their file names.
    pub systems: Vec<System>,
    /// Subject kinds, sorted by name.
    pub kinds: Vec<Kind>,
    /// All mapped tables of all systems.
    pub tables: Vec<Table>,
    /// Laws and retention rules that `keep` may name.
    pub laws: Vec<Law>,
    /// Rights whose plans need a second person's approval before they are applied.
    pub approval: Vec<Right>,
}

impl Policy {
    /// The table of an id.
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    /// The system of an id.
    pub fn system(&self, id: SystemId) -> &System {
        &self.systems[id.0]
    }

    /// The kind of that name.
    pub fn kind(&self, name: &str) -> Option<KindId> {
        self.kinds.iter().position(|k| k.name == name).map(KindId)
    }

    /// The system of that name.
    pub fn system_named(&self, name: &str) -> Option<SystemId> {
        self.systems.iter().position(|s| s.name == name).map(SystemId)
    }

    /// The mapped table of a system by name.
    pub fn table_named(&self, system: SystemId, name: &str) -> Option<TableId> {
        self.tables.iter().position(|t| t.system == system && t.name == name).map(TableId)
    }

    /// Ids of all tables.
    pub fn table_ids(&self) -> impl Iterator<Item = TableId> + use<> {
        (0..self.tables.len()).map(TableId)
    }
}

/// A right a person can exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// A copy of the person's data (GDPR Art. 15).
    Access,
    /// Erasure (GDPR Art. 17).
    Erasure,
}

impl Right {
    /// The word used on the command line, in plans and in certificates.
    pub fn word(self) -> &'static str {
        match self {
            Right::Access => "access",
            Right::Erasure => "erasure",
        }
    }
}

/// A law or retention rule that keeps rows or columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Law {
    /// Name used by `keep`.
    pub id: String,
    /// Words for people.
    pub title: String,
    /// Article, where given.
    pub article: Option<String>,
}

/// What kind of place a system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SystemKind {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
    /// File trees and object stores.
    Files,
    /// A web service.
    Http,
    /// People with a to-do list.
    Manual,
}

/// Where a secret is found; the secret itself never stands in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// Environment variable.
    Env(String),
    /// First line of a file.
    File(String),
    /// Standard output of a command.
    Command(String),
}

/// One system.
#[derive(Clone, Debug)]
pub struct System {
    /// File name without `.toml`.
    pub name: String,
    /// Kind of place.
    pub kind: SystemKind,
    /// Where check, plan and probe read.
    pub read: Option<SecretRef>,
    /// Where apply writes; without it, apply says so.
    pub write: Option<SecretRef>,
    /// Database schema (PostgreSQL), default `public`.
    pub schema: Option<String>,
    /// ISO 3166 country, the region of phone numbers without one.
    pub country: Option<String>,
    /// Zone of times without one; default UTC.
    pub time_zone: Option<String>,
    /// For `manual`: who does the work.
    pub team: Option<String>,
    /// For `manual`: what there is to do, by right.
    pub tasks: Vec<(Right, String)>,
    /// Bounds of plans.
    pub limits: Limits,
}

/// Bounds: a plan beyond one is made and shown, but not applied without an approval that names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Most rows a plan may change or return in one table.
    pub rows_per_table: u64,
    /// Largest share of a table's rows a plan may change (0 to 1); tables under `share_from` rows are exempt.
    pub share_of_table: f64,
    /// Tables smaller than this are not measured by share.
    pub share_from: u64,
    /// Most records of one kind that one person may have.
    pub records_per_kind_and_person: u64,
    /// Most rows changed in one transaction.
    pub one_transaction: u64,
    /// Longest statement, in milliseconds.
    pub statement_timeout_ms: u64,
    /// Longest wait for a lock, in milliseconds.
    pub lock_timeout_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            rows_per_table: 100_000,
            share_of_table: 0.2,
            share_from: 200,
            records_per_kind_and_person: 5,
            one_transaction: 50_000,
            statement_timeout_ms: 60_000,
            lock_timeout_ms: 5_000,
        }
    }
}

/// A population of persons.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Name, such as `customer`.
    pub name: String,
    /// One for each system that has records of this kind.
    pub populations: Vec<Population>,
}

/// Where the records of a kind stand in one system.
#[derive(Clone, Debug)]
pub struct Population {
    /// The system.
    pub system: SystemId,
    /// The table whose rows are the records.
    pub table: TableId,
    /// Which of its rows are persons.
    pub when: Cond,
    /// Scope of every identity of this kind.
    pub tenant: Option<Tenant>,
    /// Ways to find a record; one entry for each column.
    pub identities: Vec<Identity>,
    /// May one key value reach several records of this population?
    pub many: bool,
    /// Values of a reference that point at no one.
    pub nobody: Vec<Value>,
    /// The stand-in record.
    pub placeholder: Option<Placeholder>,
}

/// The tenant of a population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Column of the population's table.
    pub column: ColumnIx,
    /// Where `column` is only a local reference: the table it joins by key, and the column there that holds the value
    /// under which tenants of several systems are equal.
    pub through: Option<(TableId, ColumnIx)>,
}

/// One column that identifies a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Name, such as `email`.
    pub name: String,
    /// Column of the population's table.
    pub column: ColumnIx,
    /// How values are compared.
    pub matching: Match,
    /// What a match is worth.
    pub worth: Worth,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// Byte for byte.
    #[default]
    Exact,
    /// Unicode lower case and NFC, with an `@` and something on both sides.
    Email,
    /// The same phone number, whatever its punctuation.
    Phone,
    /// Unicode lower case and NFC.
    CaseInsensitive,
}

/// What an identity is worth (LANGUAGE 1.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Worth {
    /// Proves; alone extends a person.
    #[default]
    Key,
    /// Finds candidates for a human to confirm.
    Hint,
    /// Only redacted in text.
    Text,
}

/// The record that stands in for erased persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What its columns hold.
    pub columns: Vec<(ColumnIx, Fill)>,
    /// How many there are.
    pub scope: Scope,
}

/// How many placeholders a request makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// One in a request (and tenant).
    #[default]
    One,
    /// One for each person.
    Person,
    /// One for each row.
    Row,
    /// One for each combination of values of these columns of the referring row.
    Columns(Vec<ColumnIx>),
}

/// A value to write; strings may hold `{token:N}`, `{now}`, `{now:s}`, `{now:ms}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// As it stands.
    Value(Value),
    /// With fields to fill in.
    Template(String),
}

/// One mapped table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its system.
    pub system: SystemId,
    /// Name as the database stores it.
    pub name: String,
    /// Columns that tell its rows apart.
    pub key: Vec<ColumnIx>,
    /// All columns of the live table, in its order.
    pub columns: Vec<Column>,
    /// Links, in the order written. `self` is not among them.
    pub links: Vec<Link>,
    /// The kind whose records are this table's rows.
    pub kind: Option<KindId>,
    /// Needed for identity joins under a tenant.
    pub tenant: Option<ColumnIx>,
    /// Written when a row is scrubbed.
    pub set_on_scrub: Vec<(ColumnIx, Fill)>,
    /// Declared foreign keys whose target is mapped.
    pub foreign_keys: Vec<ForeignKey>,
    /// Triggers that somebody reviewed, by name.
    pub reviewed_triggers: Vec<String>,
}

impl Table {
    /// Index of the column of that name.
    pub fn column(&self, name: &str) -> Option<ColumnIx> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Names of the columns of some indices.
    pub fn names(&self, columns: &[ColumnIx]) -> Vec<String> {
        columns.iter().map(|&c| self.columns[c].name.clone()).collect()
    }
}

/// A declared foreign key, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Referencing columns.
    pub columns: Vec<ColumnIx>,
    /// Referenced table.
    pub table: TableId,
    /// Referenced columns.
    pub target_columns: Vec<ColumnIx>,
    /// What the database does when the referenced row goes.
    pub on_delete: OnDelete,
}

/// One column of a mapped table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name as the database stores it.
    pub name: String,
    /// The database's name of its type.
    pub type_name: String,
    /// Class of its values.
    pub class: Class,
    /// May be NULL.
    pub nullable: bool,
    /// Never written.
    pub generated: bool,
    /// Longest text in characters.
    pub max_chars: Option<u32>,
    /// Part of a primary or unique key.
    pub unique: bool,
    /// Category, where the map gives one.
    pub category: Option<String>,
    /// Links to whose persons it belongs; empty: to whoever holds the row.
    pub of: Vec<LinkIx>,
    /// Free text, searched and redacted.
    pub text: bool,
    /// A secret: never leaves.
    pub withhold: bool,
    /// What erasure does to it, first match; empty: nothing. Defaults are filled in for personal columns: those with a
    /// `user` category, with `text`, or with an `erase` of their own. Keys and columns of links have none unless said.
    pub erase: Vec<(Cond, Erase)>,
}

/// What happens to a column's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erase {
    /// NULL.
    Null,
    /// The empty string.
    Blank,
    /// This value.
    Replace(Value),
    /// A keyed hash of the value, as text.
    Hash,
    /// The person's identifiers in it are masked.
    Redact,
    /// Stays, by law.
    Keep(Keep),
}

/// Why, until when and with what something stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// [`Law::id`].
    pub law: String,
    /// Its end.
    pub until: Option<Until>,
    /// Columns of referenced records that must stay readable with it.
    pub with: Vec<(TableId, ColumnIx)>,
}

/// When a veto ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    /// On a civil date, ISO 8601.
    Date(String),
    /// A period (ISO 8601) after the date in a column of the row.
    After(ColumnIx, String),
}

/// A join from a row to a target, and what it means.
#[derive(Clone, Debug)]
pub struct Link {
    /// `as`, or the column's name.
    pub name: String,
    /// Role of the target's persons on this row.
    pub role: Role,
    /// Columns of this table, compared one by one with the target's.
    pub columns: Vec<ColumnIx>,
    /// The other end.
    pub target: Target,
    /// The target's row holds the reference (`by`), so there is no tie here.
    pub by: bool,
    /// How values are compared.
    pub matching: Match,
    /// Which rows of this table it joins.
    pub when: Cond,
    /// Values that are no reference.
    pub nobody: Vec<Value>,
    /// Replaces the grant of the role.
    pub on_access: Option<Access>,
    /// Columns not returned to whoever comes by this link.
    pub hide: Vec<ColumnIx>,
    /// Replaces the fate, first match.
    pub on_erase: Vec<(Cond, OnErase)>,
    /// How its tie is undone; the default is filled in, `None` for `by` links and where no tie can be undone.
    pub untie: Option<Untie>,
}

/// The other end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Rows of a table with these values.
    Row {
        /// The table.
        table: TableId,
        /// Its columns.
        columns: Vec<ColumnIx>,
    },
    /// An identity of a person, within the tenant.
    Identity {
        /// The kind.
        kind: KindId,
        /// Name of the identity.
        identity: String,
    },
}

/// Role of a claim or link (LANGUAGE 1.1), weakest first so that the order compares strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names the person, or was handled by them.
    Mention,
    /// May be seen by the person.
    Viewer,
    /// Written by the person for others.
    Author,
    /// Several people's.
    CoOwner,
    /// This person's alone.
    Owner,
    /// The person. Never a link's role.
    Own,
    /// Of a link only: takes its parent's role.
    Part,
}

/// How much of a row is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing: the row is left out, and said to be.
    Withhold,
    /// Table, key and link.
    Fact,
    /// Without what belongs to others.
    Shared,
    /// Whole.
    Row,
}

/// What becomes of a row, weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Nothing.
    #[default]
    None,
    /// Its ties to the person are undone.
    Untie,
    /// Its ties are undone and the person's columns erased.
    Scrub,
    /// It goes.
    Delete,
}

/// What a link asks for at erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnErase {
    /// A fate.
    Fate(Fate),
    /// A veto.
    Keep(Keep),
    /// Scrub exactly these columns.
    Columns(Vec<(Erase, Vec<ColumnIx>)>),
}

/// How a tie is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Untie {
    /// NULL.
    Null,
    /// The first `nobody` value.
    Nobody,
    /// The key of the placeholder record.
    Placeholder,
    /// The row, a pure association, goes.
    Delete,
    /// A keyed token.
    Pseudonym,
    /// The empty string.
    Blank,
}

/// A condition on a row: all tests hold. The empty condition always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cond(pub Vec<(ColumnIx, Test)>);

/// One test of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Equal to one of these; [`Value::Null`] among them accepts NULL.
    In(Vec<Value>),
    /// The test does not hold; NULL is not equal to any value, so `not = 3` accepts NULL.
    Not(Box<Test>),
    /// Less than; never NULL.
    Lt(Value),
    /// Greater than; never NULL.
    Gt(Value),
    /// Text that begins so.
    Prefix(String),
    /// The bit of that number (from 0) is set.
    Bit(u32),
}

impl Cond {
    /// The columns it looks at.
    pub fn columns(&self) -> impl Iterator<Item = ColumnIx> + '_ {
        self.0.iter().map(|(c, _)| *c)
    }

    /// Does it hold for a row, given by a function from column to value?
    pub fn holds<'a>(&self, value: impl Fn(ColumnIx) -> &'a Value) -> bool {
        self.0.iter().all(|(c, test)| test.holds(value(*c)))
    }
}

impl Test {
    /// Does it hold for a value?
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Test::In(list) => list.iter().any(|v| alike(v, value)),
            Test::Not(test) => !test.holds(value),
            Test::Lt(bound) => compare(value, bound).is_some_and(|o| o.is_lt()),
            Test::Gt(bound) => compare(value, bound).is_some_and(|o| o.is_gt()),
            Test::Prefix(p) => matches!(value, Value::Text(s) if s.starts_with(p)),
            Test::Bit(n) => matches!(value, Value::Int(i) if *n < 64 && i >> n & 1 == 1),
        }
    }
}

/// Equality of a literal of the map and a value of a database, where truth values may be stored as 0 and 1.
fn alike(literal: &Value, value: &Value) -> bool {
    match (literal, value) {
        (Value::Null, v) => v.is_null(),
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Bool(b), Value::Int(i)) | (Value::Int(i), Value::Bool(b)) => i64::from(*b) == *i,
        (a, b) => matches!((a.join_text(), b.join_text()), (Some(a), Some(b)) if a == b),
    }
}

fn compare(value: &Value, bound: &Value) -> Option<std::cmp::Ordering> {
    let number = |v: &Value| match v {
        Value::Int(i) => Some(*i as f64),
        Value::Real(r) => Some(*r),
        _ => None,
    };
    match (value, bound) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (a, b) => number(a)?.partial_cmp(&number(b)?),
    }
}
