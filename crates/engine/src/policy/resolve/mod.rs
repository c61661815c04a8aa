//! From the folder as written to the resolved data map.
//!
//! What cannot be resolved is reported and left out, and the rest goes on: a bad link hides no finding of the next. The
//! [`Draft`] that results is complete enough for every check; only a draft without errors becomes a policy.

mod about;
mod columns;
mod conditions;
mod copies;
mod defaults;
mod erase;
mod files;
mod fit;
mod frame;
mod holds;
mod kinds;
mod limits;
mod links;
mod made;
mod names;
mod not_yet;
mod origin;
mod profiles;
mod reading;
mod unread;
mod views;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use defaults::is_personal;
pub(crate) use fit::unwritable;
pub(crate) use made::written_columns;
pub use origin::{LinkOrigin, TableOrigin};
pub use unread::Unread;

use super::model::{Policy, SystemId};
use super::written::Folder;
use crate::checks;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;

/// Resolves a folder and each of its profiles against the schemas of its systems (by name) and runs all checks. The policy is there if there is no
/// error; `hash` is that of the folder's files, `unread` what the parser could not read.
pub fn resolve(
    folder: &Folder,
    schemas: &BTreeMap<String, Schema>,
    hash: String,
    unread: Unread,
) -> (Option<Policy>, Vec<Diagnostic>) {
    let (mut policy, mut findings) = whole(folder, schemas, hash.clone(), unread.clone());
    for name in profiles::names(folder) {
        let restated = profiles::under(folder, name);
        let (under, found) = whole(&restated, schemas, hash.clone(), unread.clone());
        // What is wrong with the map itself has been said.
        let own: Vec<Diagnostic> = found.into_iter().filter(|f| !findings.contains(f)).collect();
        findings.extend(own.into_iter().map(|f| profiles::found_under(name, f)));
        policy = policy.zip(under).map(|(mut policy, under)| {
            policy.profiles.insert(name.to_owned(), Policy { profile: Some(name.to_owned()), ..under });
            policy
        });
    }
    (policy, findings)
}

/// Resolves and checks one map.
fn whole(
    folder: &Folder,
    schemas: &BTreeMap<String, Schema>,
    hash: String,
    unread: Unread,
) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut draft = draft(folder, schemas, hash, unread);
    let found: Vec<Diagnostic> = checks::CHECKS.iter().flat_map(|check| check(&draft)).collect();
    draft.findings.extend(found);
    let failed = draft.findings.iter().any(Diagnostic::is_error);
    ((!failed).then_some(draft.policy), draft.findings)
}

/// A policy in the making: what could be resolved, and where each part of it was written.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The folder.
    pub folder: &'a Folder,
    /// The systems' schemas by name.
    pub schemas: &'a BTreeMap<String, Schema>,
    /// What could be resolved.
    pub policy: Policy,
    /// Where the tables of the policy were written, in the same order.
    pub origins: Vec<TableOrigin<'a>>,
    /// Parts of the folder that could not be read.
    pub unread: Unread,
    /// Findings so far.
    pub findings: Vec<Diagnostic>,
    /// The table of some subject did not resolve, so that the absence of a claim proves nothing.
    pub broken_subject: bool,
    /// Tables that the map names and the schema lacks; reported once, where they are mapped.
    missing: BTreeSet<(SystemId, &'a str)>,
}

/// Resolves what can be resolved, without the checks.
pub fn draft<'a>(folder: &'a Folder, schemas: &'a BTreeMap<String, Schema>, hash: String, unread: Unread) -> Draft<'a> {
    let mut draft = Draft {
        folder,
        schemas,
        policy: Policy { hash, ..Policy::default() },
        origins: Vec::new(),
        unread,
        findings: Vec::new(),
        broken_subject: false,
        missing: BTreeSet::new(),
    };
    draft.frame();
    draft.map_tables();
    draft.enter_objects();
    draft.resolve_kinds();
    draft.resolve_tables();
    draft.resolve_copies();
    draft.resolve_views();
    draft.fill_defaults();
    draft.resolve_holds();
    draft
}

impl Draft<'_> {
    /// May the map of a system say something of these names, such as a table and its column, in a part that could not be
    /// read?
    pub fn may_be_said(&self, system: SystemId, names: &[&str]) -> bool {
        self.unread.may_name(self.folder.systems[system.0].file, names)
    }
}
