//! Systems and profiles.

use super::http::{Address, Http, Resource};
use super::{Choice, Each, Entries, Erase, Name, OnErase, Placeholder, Subject, Table, View};
use crate::policy::model::{Right, SecretRef, SystemKind, Untie};
use crate::source::{At, FileId, Span};

/// `systems/NAME.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// File name without `.toml`.
    pub name: String,
    /// The file.
    pub file: FileId,
    /// Place of `[system]`, or the start of the file.
    pub at: Span,
    /// A syntax error or a duplicate key cut something off, so that the absence of a thing proves nothing.
    pub broken: bool,
    /// Kind of place.
    pub kind: Option<At<SystemKind>>,
    /// Where both reading and writing goes.
    pub connect: Option<At<SecretRef>>,
    /// Where check, plan and probe read.
    pub read: Option<At<SecretRef>>,
    /// Where apply writes.
    pub write: Option<At<SecretRef>>,
    /// Database schema.
    pub schema: Option<Name>,
    /// ISO 3166-1 country, two letters.
    pub country: Option<At<String>>,
    /// IANA zone of times without one.
    pub time_zone: Option<At<String>>,
    /// For `manual`: who does the work.
    pub team: Option<At<String>>,
    /// For `manual`: what there is to do.
    pub tasks: Vec<(At<Right>, At<String>)>,
    /// `[system.limits]`.
    pub limits: Limits,
    /// For `http`: the known service that it is.
    pub service: Option<Name>,
    /// For `http`: its address.
    pub url: Option<At<Address>>,
    /// For `http`: how it is spoken to.
    pub http: Http,
    /// For `http`: place of `[http]`.
    pub http_at: Option<Span>,
    /// For `http`: its tables, as calls.
    pub resources: Entries<Resource>,
    /// Subject kinds by name.
    pub subjects: Entries<Subject>,
    /// `[[each]]`.
    pub each: Vec<Each>,
    /// Tables by name.
    pub tables: Entries<Table>,
    /// Views by name.
    pub views: Entries<View>,
    /// Tables without personal data: the reason, and the tables.
    pub ignore: Entries<Vec<Name>>,
}

/// Bounds of plans; what is missing has a default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Most rows a plan may change or return in one table.
    pub rows_per_table: Option<At<u64>>,
    /// Largest share of a table's rows, 0 to 1.
    pub share_of_table: Option<At<f64>>,
    /// Tables smaller than this are not measured by share.
    pub share_from: Option<At<u64>>,
    /// Most records of one kind that one person may have.
    pub records_per_kind_and_person: Option<At<u64>>,
    /// Most rows changed in one transaction.
    pub one_transaction: Option<At<u64>>,
    /// Most rows changed in a second.
    pub rows_per_second: Option<At<u64>>,
    /// Longest statement, in milliseconds.
    pub statement_timeout_ms: Option<At<u64>>,
    /// Longest wait for a lock, in milliseconds.
    pub lock_timeout_ms: Option<At<u64>>,
}

/// `systems/NAME.PROFILE.toml`: another policy on the same map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name of the system.
    pub system: String,
    /// Name of the profile.
    pub name: String,
    /// The file.
    pub file: FileId,
    /// Placeholders by subject kind.
    pub placeholders: Entries<Placeholder>,
    /// Tables by name.
    pub tables: Entries<ProfileTable>,
}

/// What a profile restates of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileTable {
    /// Links.
    pub links: Vec<ProfileLink>,
    /// `erase` of columns by name.
    pub columns: Entries<Vec<Choice<Erase>>>,
}

/// What a profile restates of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileLink {
    /// The whole entry.
    pub at: Span,
    /// The link's name, `as`.
    pub name: Option<Name>,
    /// Replaces the fate, first match.
    pub on_erase: Vec<Choice<OnErase>>,
    /// The fate while others co-own the row, first match.
    pub while_shared: Vec<Choice<OnErase>>,
    /// How its tie is undone.
    pub untie: Option<At<Untie>>,
}
