//! The policy folder as written: every name and value with its place, nothing resolved, no defaults.
//!
//! Everything a file may leave out is an `Option` or a list, even where the language requires it: what is required and
//! missing, or was there but unusable, has been reported by the parser and is `None` here, so that later checks go on with
//! the rest. Lists keep the order of the file.

mod action;
mod files;
mod hold;
pub mod http;
mod reference;
mod said;
mod subject;
mod system;
mod table;

use std::collections::BTreeMap;

pub use action::*;
pub use files::*;
pub use hold::*;
pub use reference::*;
pub use said::*;
pub use subject::*;
pub use system::*;
pub use table::*;

use crate::schema::Schema;
use crate::source::FileId;

/// All files of a policy folder.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// `policy.toml`.
    pub company: Company,
    /// `purposes.toml`.
    pub purposes: Vec<Purpose>,
    /// `recipients.toml`.
    pub recipients: Vec<Recipient>,
    /// `retention.toml`.
    pub retention: Vec<Rule>,
    /// `holds.toml`.
    pub holds: Holds,
    /// `rights.toml`.
    pub rights: Vec<RightRule>,
    /// `promises.toml`.
    pub promises: Promises,
    /// All that is said beside the data maps, in the order of the files.
    pub said: Vec<Declaration>,
    /// The words of `notice.md`, if it is there.
    pub notice: Option<Words>,
    /// `systems/NAME.toml`, sorted by name.
    pub systems: Vec<System>,
    /// `systems/NAME.PROFILE.toml`, sorted by system and name.
    pub profiles: Vec<Profile>,
    /// `systems/NAME.schema.json` by system name. A locked schema that is not readable has been reported and is missing
    /// here; [`Folder::locked`] tells whether there is a file.
    pub schemas: BTreeMap<String, Schema>,
    /// The files of locked schemas by system name, readable or not.
    pub locked: BTreeMap<String, FileId>,
}

impl Folder {
    /// The system of that name.
    pub fn system(&self, name: &str) -> Option<&System> {
        self.systems.iter().find(|s| s.name == name)
    }
}
