//! The resolved data map: names are indices, defaults are filled in, everything fits the schema. Planner and oracle read this.
//!
//! Tables of all systems stand in one list, so a link across systems is an ordinary link.

mod about;
mod cond;
mod erase;
mod file;
mod hold;
mod kind;
mod link;
mod reading;
mod said;
mod shared;
mod system;
mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use about::*;
pub use cond::*;
pub use erase::*;
pub use file::*;
pub use hold::*;
pub use kind::*;
pub use link::*;
pub use reading::*;
pub use said::*;
pub use shared::*;
pub use system::*;
pub use table::*;

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
    /// What answers tell beside the data.
    pub about: About,
    /// What the folder says beside its data maps, and what keeps which promise.
    pub said: Said,
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
    /// Holds, in the order of `holds.toml`.
    pub holds: Vec<Hold>,
    /// Which key made the digests in the holds.
    pub hold_key: Option<String>,
    /// Identities that several people share, so that they lead from nobody to anybody.
    pub shared: Shared,
    /// The profile of which this is the map; none for the map as it stands.
    pub profile: Option<String>,
    /// The same map as each profile has it, by the profile's name; these have no profiles themselves.
    pub profiles: BTreeMap<String, Policy>,
    /// How long a deactivation can be taken back, where the folder says so; ISO 8601.
    pub window: Option<String>,
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

    /// The map as a profile has it, or as it stands; `None` where the folder has no such profile.
    pub fn under(&self, profile: Option<&str>) -> Option<&Policy> {
        match profile {
            None => Some(self),
            Some(name) => self.profiles.get(name),
        }
    }

    /// Why generated columns of a table are never written.
    pub fn never_written(&self, table: TableId) -> &'static str {
        match self.system(self.table(table).system).kind {
            SystemKind::Http => "no `change` of the service writes it",
            _ => "the database computes it",
        }
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

    /// The stand-in for the records that a link leads to.
    pub fn stand_in(&self, link: &Link) -> Option<&Placeholder> {
        let Target::Row { table, .. } = &link.target else { return None };
        let mut populations = self.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == *table);
        populations.find_map(|p| p.placeholder.as_ref())
    }

    /// Links by which rows of one table belong to rows of another.
    pub fn ties(&self, from: TableId, to: TableId) -> impl Iterator<Item = (LinkIx, &Link)> {
        let belongs = |l: &Link| !l.by && matches!(l.role, Role::Owner | Role::CoOwner | Role::Part);
        let leads = move |l: &Link| matches!(&l.target, Target::Row { table, .. } if *table == to);
        self.table(from).links.iter().enumerate().filter(move |(_, l)| belongs(l) && leads(l))
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
    /// An erasure that can be taken back: what it changes is sealed beforehand.
    Deactivation,
    /// A deactivation is taken back.
    Reactivation,
    /// Correction of what is wrong (GDPR Art. 16), also in copies and linked systems (Art. 19).
    Rectification,
    /// Nothing but storage, until it is lifted (GDPR Art. 18).
    Restriction,
    /// The end of a restriction.
    Lifting,
    /// What the person provided, in a form that machines read (GDPR Art. 20).
    Portability,
    /// Whether anything is held (GDPR Art. 15(1), first half).
    Confirmation,
}

impl Right {
    /// The word used on the command line, in plans and in certificates.
    pub fn word(self) -> &'static str {
        match self {
            Right::Access => "access",
            Right::Erasure => "erasure",
            Right::Deactivation => "deactivation",
            Right::Reactivation => "reactivation",
            Right::Rectification => "rectification",
            Right::Restriction => "restriction",
            Right::Lifting => "lifting",
            Right::Portability => "portability",
            Right::Confirmation => "confirmation",
        }
    }

    /// Is it answered with what is held, rather than by a change?
    pub fn returns(self) -> bool {
        matches!(self, Right::Access | Right::Portability | Right::Confirmation)
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
