//! From the files of a folder to a policy, or to all that is wrong with it.

use std::collections::BTreeMap;

use super::model::Policy;
use super::{hash, parse, resolve};
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::source::Source;

/// What became of a folder.
#[derive(Debug)]
pub struct Compiled {
    /// The policy, if there is no error.
    pub policy: Option<Policy>,
    /// All findings, of all files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses, resolves and checks a folder. Schemas are those of `live` (by system), and where that has none, the locked ones.
pub fn compile(source: &Source, live: Option<&BTreeMap<String, Schema>>) -> Compiled {
    let (folder, mut diagnostics) = parse::parse(source);
    let mut schemas = folder.schemas.clone();
    schemas.extend(live.into_iter().flatten().map(|(name, schema)| (name.clone(), schema.clone())));
    let unread = resolve::Unread::of(source, &diagnostics);
    let (policy, findings) = resolve::resolve(&folder, &schemas, hash::hash(source), unread);
    diagnostics.extend(findings);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    Compiled { policy: policy.filter(|_| !failed), diagnostics }
}
