//! From the folder as written to the resolved data map.
//!
//! What cannot be resolved is reported and left out, and the rest goes on: a bad link hides no finding of the next. The
//! [`Draft`] that results is complete enough for every check; only a draft without errors becomes a policy.

mod columns;
mod conditions;
mod defaults;
mod erase;
mod fit;
mod frame;
mod kinds;
mod links;
mod names;
mod not_yet;
mod origin;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use defaults::is_personal;
pub(crate) use fit::unwritable;
pub use origin::{LinkOrigin, TableOrigin};

use super::model::{Policy, SystemId};
use super::written::Folder;
use crate::checks;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;

/// Resolves a folder against the schemas of its systems (by name) and runs all checks. The policy is there if there is no
/// error; `hash` is that of the folder's files.
pub fn resolve(folder: &Folder, schemas: &BTreeMap<String, Schema>, hash: String) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut draft = draft(folder, schemas, hash);
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
    /// Findings so far.
    pub findings: Vec<Diagnostic>,
    /// Tables that the map names and the schema lacks; reported once, where they are mapped.
    missing: BTreeSet<(SystemId, &'a str)>,
}

/// Resolves what can be resolved, without the checks.
pub fn draft<'a>(folder: &'a Folder, schemas: &'a BTreeMap<String, Schema>, hash: String) -> Draft<'a> {
    let mut draft = Draft {
        folder,
        schemas,
        policy: Policy { hash, ..Policy::default() },
        origins: Vec::new(),
        findings: Vec::new(),
        missing: BTreeSet::new(),
    };
    draft.frame();
    draft.map_tables();
    draft.resolve_kinds();
    draft.resolve_tables();
    draft.fill_defaults();
    draft.report_not_yet();
    draft
}
