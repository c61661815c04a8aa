//! The plan: the frozen, hashed list of steps. Nothing runs that was not a plan.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::how::How;
pub use super::kept::{Kept, Why};
pub use super::pace::Paced;
use crate::ask::{By, Select};
use crate::policy::model::{Access, ColumnIx, Fate, Policy, Right, Role, TableId, View};
use crate::text::{Hit, Identifier};
use crate::value::Value;

/// A row's key: the values of its table's key columns.
pub type Key = Vec<Value>;

/// A frozen plan. Its file holds row keys and identifiers of the person: keep it as you keep the data itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Format, now 1.
    pub version: u32,
    /// The case it belongs to.
    pub request: String,
    /// The right exercised.
    pub right: Right,
    /// Who made the plan; never the one who approves it.
    pub requested_by: String,
    /// Subject kind.
    pub kind: String,
    /// Tenant, where the kind has one.
    pub tenant: Option<Value>,
    /// What each system writes for that tenant.
    pub local_tenants: BTreeMap<String, Vec<Value>>,
    /// Hash of the policy folder it was made under.
    pub policy: String,
    /// The profile it was made under, where it was made under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The person's records, each with the chain of identities that led to it.
    pub persons: Vec<Record>,
    /// What is searched in texts.
    pub identifiers: Vec<Identifier>,
    /// Steps, system by system.
    pub systems: Vec<SystemPlan>,
    /// Rows that survive untouched or in part, and why.
    pub kept: Vec<Kept>,
    /// What a law or a hold stopped, for the time when it ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stopped: Vec<super::Stopped>,
    /// The plan whose rest it carries out, by its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_of: Option<String>,
    /// Columns that an answer leaves out, and why.
    pub withheld: Vec<Withheld>,
    /// Hits that only a person can judge; nothing is done about them.
    pub review: Vec<Review>,
    /// Identities of the person that several people share, and that were not followed: names and normalised values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_followed: Vec<(String, String)>,
    /// Values that look like identities and join nothing, by system, table and column.
    pub unusable: Vec<Unusable>,
    /// Other subject kinds under which an identity of the person is also found.
    pub other_kinds: Vec<OtherKind>,
    /// The deactivation that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<Restores>,
    /// Files that rows name and that are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Absent>,
    /// Tables that were searched for the person, as `system.table`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub searched: Vec<String>,
    /// Tables of which every row was searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swept: Vec<Swept>,
    /// Rows of other tables that conditions looked at: while they change, the plan does not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<super::Consulted>,
    /// Keys that an earlier plan of the request freed, and that must be nobody's still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freed: Vec<Freed>,
    /// Who could be found by the person's identities when rows that came meanwhile were looked for, and nobody else may since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bearers: Vec<super::Bearers>,
    /// Columns that become unreadable with the keys of the person's records, which are destroyed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shreds: Vec<Shred>,
    /// Bounds it goes beyond; each needs an approval that names it.
    pub breaches: Vec<Breach>,
    /// Key of tokens and hashes, the same for each plan of the request; hexadecimal.
    pub token_key: String,
    /// Random, hexadecimal: hashes of two equal plans differ.
    pub nonce: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it may no longer be applied.
    pub expires_at: Timestamp,
}

impl Plan {
    /// SHA-256 of the plan, hexadecimal; what approvals and certificates name.
    pub fn hash(&self) -> String {
        let json = serde_json::to_vec(self).expect("a plan is plain data");
        hex::encode(Sha256::digest(json))
    }

    /// Was anything found that is the person's, or names them?
    pub fn holds_data(&self) -> bool {
        !self.persons.is_empty() || self.rows() > 0
    }

    /// Number of rows the plan changes or returns.
    pub fn rows(&self) -> usize {
        self.systems.iter().flat_map(|s| &s.steps).map(Step::rows).sum::<u64>() as usize
    }
}

/// What a reactivation takes back, and what it leaves to other deactivations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restores {
    /// The case of the deactivation.
    pub case: String,
    /// Digests of its seal, and of those of all others at the time, by case.
    pub seals: BTreeMap<String, String>,
    /// Rows that another deactivation gives back.
    pub handed_on: Vec<HandedOn>,
}

/// A row that comes back, or becomes whole again, with another deactivation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedOn {
    /// The case of the other one.
    pub case: String,
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Key of the row.
    pub key: Key,
    /// The columns that do; none for the whole row.
    pub columns: Option<Vec<String>>,
}

/// One record of the person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Key.
    pub key: Key,
    /// Names of the identities that led here, in order.
    pub chain: Vec<String>,
    /// Values that joins need, by column, so that the search can be repeated when the row is gone.
    pub values: BTreeMap<String, Value>,
    /// Identities that stand in rows beside it: names and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<(String, Value)>,
}

/// The part of one system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemPlan {
    /// System.
    pub system: String,
    /// Hash of the structure of each table touched (columns, types, nullability, keys, triggers).
    pub fingerprint: BTreeMap<String, String>,
    /// In the order in which they are applied.
    pub steps: Vec<Step>,
    /// Views that are built anew after the steps, before they last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rebuild: Vec<Rebuild>,
    /// For a system of files, whose deletions cannot be rolled back: it commits after the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Files>,
    /// For a web service, whose calls cannot be rolled back either: they come last, one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<Calls>,
    /// Where it is changed no faster than its limits say: how slowly that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paced: Option<Paced>,
}

/// A view, or search index, that is built anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rebuild {
    /// Its name.
    pub view: String,
    /// Tables that it derives from, and the columns that the map names.
    pub sources: Vec<(String, Vec<String>)>,
}

impl Rebuild {
    /// Of a view of the map.
    pub fn of(policy: &Policy, view: &View) -> Rebuild {
        let source = |(table, columns): &(TableId, Vec<ColumnIx>)| {
            let t = policy.table(*table);
            (t.name.clone(), t.names(columns))
        };
        Rebuild { view: view.name.clone(), sources: view.sources.iter().map(source).collect() }
    }
}

/// What a run must know of the calls to a web service. Steps are named by their index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// Steps whose calls do no harm when they are sent twice.
    pub harmless: BTreeSet<usize>,
    /// Steps that take several calls for each record, so that a record which is gone does not show that all were made.
    pub several: BTreeSet<usize>,
}

/// What a run must know of a system of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Who could come to name a file that is to go.
    pub sharers: Vec<Sharers>,
}

/// Rows that name the files which are to go, or share their bytes: all of them must be in the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharers {
    /// Their system.
    pub system: String,
    /// Their table.
    pub table: String,
    /// Its key columns.
    pub key: Vec<String>,
    /// Columns that lead to the bytes.
    pub columns: Vec<String>,
    /// Values of these columns.
    pub values: Vec<Vec<Value>>,
    /// Columns that the path is made of; a row in which one is empty names no file.
    pub path: Vec<String>,
}

/// One step on rows of one table, or one task for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Table; empty for a task.
    pub table: String,
    /// Key columns.
    pub key: Vec<String>,
    /// Keys of the rows, sorted.
    pub keys: Vec<Key>,
    /// Where the whole row is the key: how many rows there are beyond the first of each, for equal rows share one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// What is done.
    pub action: Action,
    /// Why, for people.
    pub reason: String,
    /// Columns that decided the fate; the digest is over them.
    pub decided_by: Vec<String>,
    /// Keyed digest over keys and deciding columns; differs when a row was swapped, changed or lost.
    pub digest: String,
    /// Of rows that are deleted: how the person held each, in the order of the keys; one where it is the same of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<Was>,
    /// Equal rows may be written while the plan is carried out, and share the fate of these.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_more: bool,
    /// Its rows refer to each other in a circle that nothing opens: only one statement can delete them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// The same for each key alone, in a system that cannot roll back: what an interruption left is finished one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<String>,
}

/// How the person held a row that goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Was {
    /// Their roles on it; none where it only refers to a row that goes.
    pub roles: Vec<Role>,
    /// Its fate.
    pub fate: Fate,
}

/// Keys that an earlier plan of the request freed: the plan holds only while no row bears one of them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freed {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Key columns.
    pub key: Vec<String>,
    /// The keys.
    pub keys: Vec<Key>,
}

impl Freed {
    /// The question for rows that bear one of them.
    pub fn select(&self) -> Select {
        let by = By::Keys { columns: self.key.clone(), values: self.keys.clone() };
        Select { table: self.table.clone(), columns: self.key.clone(), by, filter: Vec::new(), lock: false }
    }
}

impl Step {
    /// How many rows it concerns.
    pub fn rows(&self) -> u64 {
        self.keys.len() as u64 + self.copies.unwrap_or_default()
    }

    /// The columns that an answer shows. Of a mere fact that is the key, which tells nothing else; where the whole row is the
    /// key, none is shown.
    pub fn shown(&self) -> &[String] {
        match &self.action {
            Action::Export { columns, .. } if !columns.is_empty() || self.copies.is_some() => columns,
            _ => &self.key,
        }
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Makes the stand-in record that unties point at.
    Insert {
        /// Columns and values.
        values: Vec<(String, Value)>,
        /// Which of several it is: a keyed token of the rows it is made for.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        which: String,
    },
    /// Changes columns.
    Change {
        /// Column and how.
        columns: Vec<(String, How)>,
        /// Masked places: index of the key, column, place. Empty where no column is masked.
        #[serde(default)]
        spans: Vec<(usize, String, Vec<Hit>)>,
    },
    /// Deletes the rows.
    Delete,
    /// Puts deleted rows back as they were sealed.
    Reinsert {
        /// Columns that are written; the database computes the others.
        columns: Vec<String>,
        /// Of these, columns that get another value than the sealed one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        instead: Vec<(String, Value)>,
    },
    /// Returns columns of the rows.
    Export {
        /// Columns; none for a mere fact.
        columns: Vec<String>,
        /// How much of the row this is.
        level: Access,
        /// Names of the links by which the person holds the rows.
        links: Vec<String>,
        /// Of files whose bytes are returned too: for each key the rows that name the file; none where the row is itself
        /// the file. Empty where no bytes are returned.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        content: Vec<Vec<Holder>>,
    },
    /// A person of the team confirms that it was done.
    Confirm {
        /// Who.
        team: String,
        /// What.
        text: String,
    },
}

/// A row that names a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Its system.
    pub system: String,
    /// Its table.
    pub table: String,
    /// The column that names the file.
    pub column: String,
    /// Its key.
    pub key: Key,
}

/// Encrypted columns of a table whose key is destroyed; they are not written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shred {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Columns.
    pub columns: Vec<String>,
    /// Number of rows, those that are deleted among them.
    pub rows: usize,
    /// Keys of those that stay, sorted.
    #[serde(default)]
    pub staying: Vec<Key>,
}

/// Files that rows name and that are not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// System of the rows.
    pub system: String,
    /// Their table.
    pub table: String,
    /// The column that names the files.
    pub column: String,
    /// How many.
    pub files: usize,
}

impl Action {
    /// Does it change a system, rather than read it or leave it to people?
    pub fn changes(&self) -> bool {
        !matches!(self, Action::Export { .. } | Action::Confirm { .. })
    }
}

/// A table of which every row was searched for the person's identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swept {
    /// As `system.table`.
    pub table: String,
    /// Columns that were searched.
    pub columns: Vec<String>,
    /// How many rows it has, an estimate in large tables.
    pub rows: u64,
}

/// Columns that an answer leaves out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Columns; empty: whole rows.
    pub columns: Vec<String>,
    /// Number of rows.
    pub rows: usize,
    /// Why, for people.
    pub reason: String,
}

/// A hit that a person must judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Key of the row.
    pub key: Key,
    /// Why it is doubtful.
    pub reason: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Doubt::is_text")]
    pub doubt: Doubt,
}

/// What a person must judge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A text that may name the person.
    #[default]
    Text,
    /// A record that may be the person; a new plan takes it in if somebody confirms it.
    Candidate,
    /// A step of the search that was refused.
    Refused,
}

impl Doubt {
    fn is_text(&self) -> bool {
        *self == Doubt::Text
    }
}

/// A value that was skipped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unusable {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Column.
    pub column: String,
}

/// A record of another kind with the same identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherKind {
    /// The other kind.
    pub kind: String,
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Keys.
    pub keys: Vec<Key>,
}

/// A bound that the plan goes beyond.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breach {
    /// Name of the bound, as an approval names it: `rows_per_table:helpdesk.replies`.
    pub bound: String,
    /// System.
    pub system: String,
    /// Table; empty where the bound is about all rows of the system.
    pub table: String,
    /// Rows the plan touches.
    pub rows: u64,
    /// What the bound allows.
    pub allowed: u64,
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Breach { bound, system, table, rows, allowed } = self;
        match table.as_str() {
            "" => write!(f, "{system}: {rows} rows, the bound allows {allowed} ({bound})"),
            table => write!(f, "{system}.{table}: {rows} rows, the bound allows {allowed} ({bound})"),
        }
    }
}

/// The key identities of the plan's persons: name and normalised value, sorted, for suppression lists.
pub fn key_identities(policy: &Policy, plan: &Plan) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let populations = policy.kinds.iter().filter(|k| k.name == plan.kind).flat_map(|k| &k.populations);
    for population in populations {
        let table = policy.table(population.table);
        let system = policy.system(population.system);
        let records = plan.persons.iter().filter(|r| r.system == system.name && r.table == table.name);
        for record in records {
            for identity in population.identities.iter().filter(|i| i.worth == crate::policy::model::Worth::Key) {
                let value = |column: usize| record.values.get(&table.columns[column].name).unwrap_or(&Value::Null);
                // What a condition finds in another table stands among the values held beside.
                let told = !identity.when.looks_up() && identity.when.holds(value);
                let own = identity.table == population.table && told;
                let own = if own { identity.reading.values(value(identity.column)) } else { Vec::new() };
                let beside = record.held.iter().filter(|(name, _)| *name == identity.name).map(|(_, value)| value);
                let normal = |v| crate::matching::normal(identity.matching, v, system.country.as_deref());
                found.extend(own.iter().chain(beside).filter_map(normal).map(|n| (identity.name.clone(), n)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
