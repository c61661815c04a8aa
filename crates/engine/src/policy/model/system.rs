//! Systems and the bounds of plans.

use super::{ColumnIx, TableId};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Right;

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
    /// For `http`: what may be done twice, by table.
    pub calls: BTreeMap<String, Calls>,
    /// Views and search indexes that keep what they derive from tables.
    pub views: Vec<View>,
}

/// A view, or a search index, of tables of its system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// What it derives from: tables, each with the columns named, in the order of the map.
    pub sources: Vec<(TableId, Vec<ColumnIx>)>,
    /// It is built anew when rows of these have changed.
    pub rebuild: bool,
}

impl System {
    /// Views that are built anew when these tables have changed, in the order of the map.
    pub fn rebuilt_after(&self, changed: impl Fn(TableId) -> bool) -> impl Iterator<Item = &View> {
        self.views.iter().filter(move |v| v.rebuild && v.sources.iter().any(|(table, _)| changed(*table)))
    }
}

/// What is known of the calls that change records of one table of a web service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// Deleting twice does no harm.
    pub erase_again: bool,
    /// Deleting takes several calls.
    pub several: bool,
    /// Changing twice does no harm.
    pub change_again: bool,
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
    /// Most rows a plan may change in one system, for they change in one transaction.
    pub one_transaction: u64,
    /// Most rows changed in a second, never 0; `None` leaves the pace to the system.
    pub rows_per_second: Option<u64>,
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
            rows_per_second: None,
            statement_timeout_ms: 60_000,
            lock_timeout_ms: 5_000,
        }
    }
}
