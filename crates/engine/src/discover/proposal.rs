//! A proposed data map: every part with what speaks for it, and a list of what only people can decide.

use std::collections::BTreeMap;

use super::classify::{Bond, Verdict};
use super::refs::{Sign, When};
use crate::policy::model::{Match, Role, Worth};
use crate::schema::Schema;
use crate::value::Value;

/// A proposed map of one system.
pub struct Proposal {
    /// The structure it fits, to be locked beside it.
    pub schema: Schema,
    /// Rows of each table, as the database says.
    pub counts: BTreeMap<String, u64>,
    /// Populations of persons.
    pub kinds: Vec<Kind>,
    /// Mapped tables by name.
    pub tables: BTreeMap<String, Mapped>,
    /// Tables that are left out, and why.
    pub ignored: BTreeMap<String, Ignored>,
    /// What is left to people.
    pub decisions: Vec<Decision>,
}

/// A population of persons.
#[derive(Clone)]
pub struct Kind {
    /// Name.
    pub name: String,
    /// The table whose rows they are.
    pub table: String,
    /// Ways to find one.
    pub identities: Vec<Identity>,
    /// Column of the tenant, and what speaks for it.
    pub tenant: Option<(String, String)>,
    /// Key of the record that stands for nobody.
    pub nobody: Option<Value>,
    /// The stand-in that erasure would make.
    pub placeholder: Vec<(String, Value)>,
    /// Why these are persons.
    pub evidence: String,
}

/// One way to find a person.
#[derive(Clone)]
pub struct Identity {
    /// Name, such as `email`.
    pub name: String,
    /// Column.
    pub column: String,
    /// How it is compared.
    pub matching: Match,
    /// What a match is worth.
    pub worth: Worth,
    /// Why.
    pub evidence: String,
}

/// A mapped table.
#[derive(Clone, Default)]
pub struct Mapped {
    /// How its rows relate to persons.
    pub bond: Bond,
    /// What joins it.
    pub links: Vec<Link>,
    /// What its columns hold.
    pub columns: Vec<Column>,
    /// Columns that tell rows apart, where there is no primary key.
    pub key: Option<Vec<String>>,
    /// Column of the tenant.
    pub tenant: Option<String>,
    /// Foreign keys that are no links: the reason, and the columns of each.
    pub ignore: Vec<(String, String)>,
    /// Triggers that nobody has read.
    pub triggers: Vec<String>,
}

/// A proposed link.
#[derive(Clone)]
pub struct Link {
    /// Role of the target's persons.
    pub role: Role,
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The other end.
    pub to: End,
    /// Rows of which it holds.
    pub when: Option<When>,
    /// Its name, where the column's would not be its own.
    pub name: Option<String>,
    /// 0 points at nothing.
    pub zero: bool,
    /// What the erasure of a person does, where the default of the role would not do: `none`, because no tie can be undone.
    pub stays: bool,
    /// Returned without what belongs to others, although the role would only name it.
    pub shared: bool,
    /// What it rests on.
    pub sign: Sign,
    /// 0 to 1.
    pub confidence: f32,
    /// Why this link.
    pub evidence: String,
    /// Why this role, and what would be better.
    pub note: String,
}

/// What a link leads to.
#[derive(Clone, PartialEq, Eq)]
pub enum End {
    /// Rows of a table, by these columns of theirs.
    Row {
        /// Table.
        table: String,
        /// Columns.
        columns: Vec<String>,
    },
    /// Rows of a table whose columns hold the key of this one.
    By {
        /// Table.
        table: String,
        /// Columns.
        columns: Vec<String>,
    },
    /// An identity of a person.
    Identity {
        /// Kind.
        kind: String,
        /// Identity.
        identity: String,
        /// How values are compared.
        matching: Match,
    },
}

/// What a column holds.
#[derive(Clone)]
pub struct Column {
    /// Name.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What erasure does, where there is no default: `hash`, or a value.
    pub erase: Option<Erase>,
}

/// What erasure does to a column.
#[derive(Clone, PartialEq)]
pub enum Erase {
    /// A keyed hash.
    Hash,
    /// This value, the same for everybody.
    Replace(Value),
}

/// Why a table is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The reason.
    pub reason: String,
    /// It is not decided, only put off.
    pub undecided: bool,
}

/// Something that only people can decide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// Table.
    pub table: String,
    /// Column, if it is about one.
    pub column: Option<String>,
    /// What is to be decided.
    pub question: String,
}

impl Proposal {
    /// Puts a decision off to people, once.
    pub fn decide(&mut self, table: &str, column: Option<&str>, question: impl Into<String>) {
        let decision =
            Decision { table: table.to_owned(), column: column.map(str::to_owned), question: question.into() };
        if !self.decisions.contains(&decision) {
            self.decisions.push(decision);
        }
    }

    /// Leaves a table undecided; whatever joined it goes as well.
    pub fn leave(&mut self, table: &str, reason: &str) {
        self.tables.remove(table);
        for mapped in self.tables.values_mut() {
            mapped.links.retain(|l| l.to.table() != Some(table));
        }
        let reason = format!("undecided: {reason}");
        self.ignored.insert(table.to_owned(), Ignored { reason: reason.clone(), undecided: true });
        self.decide(table, None, reason.trim_start_matches("undecided: "));
    }
}

impl End {
    /// The table at the other end.
    pub fn table(&self) -> Option<&str> {
        match self {
            End::Row { table, .. } | End::By { table, .. } => Some(table),
            End::Identity { .. } => None,
        }
    }
}
