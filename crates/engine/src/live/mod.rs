//! What only live systems show: questions that no index serves, rights of the roles, drift of the schema (U0701 to U0704).
//! Somebody observed it; here it becomes findings at the places of the map.

mod indexes;
mod rights;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::drift::drift;
use crate::grants::{Held, Side};
use crate::plan::Lookup;
use crate::policy::model::Policy;
use crate::policy::written::{Folder, System};
use crate::schema::Schema;

/// A pass over a table of fewer rows than this is no finding.
pub const MANY_ROWS: u64 = 10_000;

/// A question that the system answers by a pass over a large table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slow {
    /// The question.
    pub lookup: Lookup,
    /// Rows of the table.
    pub rows: u64,
    /// Statements that make what would serve it.
    pub indexes: Vec<String>,
}

/// What was seen of one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Questions without index.
    pub slow: Vec<Slow>,
    /// What its roles may do.
    pub held: BTreeMap<Side, Held>,
}

/// All findings. `schemas` are the live ones.
pub fn findings(
    folder: &Folder,
    policy: &Policy,
    schemas: &BTreeMap<String, Schema>,
    observed: &BTreeMap<String, Observed>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for system in &folder.systems {
        let (Some(schema), Some(seen)) = (schemas.get(&system.name), observed.get(&system.name)) else { continue };
        found.extend(rights::findings(system, policy, schema, seen));
        found.extend(seen.slow.iter().map(|slow| indexes::finding(system, policy, slow)));
    }
    found
}

/// Does the live schema still look as it was locked? Can be told of a map that does not compile, too.
pub fn drifted(folder: &Folder, schemas: &BTreeMap<String, Schema>) -> Vec<Diagnostic> {
    folder.systems.iter().filter_map(|s| of_system(folder, s, schemas.get(&s.name)?)).collect()
}

fn of_system(folder: &Folder, system: &System, live: &Schema) -> Option<Diagnostic> {
    let found = drift(folder.schemas.get(&system.name)?, live, system);
    let first = found.first()?;
    let more = match found.len() {
        1 => String::new(),
        n => format!("; and {} more", n - 1),
    };
    let message = format!("the live schema of system `{}` is not the locked one", system.name);
    let label = format!("{}{more}", first.text);
    let help = "`upheld map diff FOLDER` shows all of it; when the map fits again, `upheld map lock FOLDER`";
    Some(Diagnostic::error(codes::DRIFT, message, system.at, label).help(help).warning())
}
