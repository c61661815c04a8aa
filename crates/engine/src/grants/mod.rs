//! The least rights in a database that a policy needs: what a reading role must see so that people can check, plan, probe
//! and export, and what a writing role must be able to change so that any plan of this policy can be applied.
//!
//! Everything follows from the compiled policy. A table or column that no plan can touch is in neither list, so a role made
//! from these lists cannot do what no plan would.

mod compare;
mod reach;
mod sql;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::policy::model::{Policy, SystemId, SystemKind};
use crate::schema::Schema;

pub use compare::{Held, Misfit, Misfits, compare};
pub use sql::{Roles, Statement, Verb, one, statements};

/// Which of the two roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Check, plan, probe and export use it; never changes anything.
    Read,
    /// Only apply uses it.
    Write,
}

/// What one role may do with one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rights {
    /// Columns it may read.
    pub select: BTreeSet<String>,
    /// Columns it may give a value when it inserts.
    pub insert: BTreeSet<String>,
    /// Columns it may change.
    pub update: BTreeSet<String>,
    /// It may delete rows.
    pub delete: bool,
    /// It sees the table's triggers, where a database shows them only to who may make them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub trigger: bool,
    /// A column that it must be allowed to change only because databases let nobody else lock a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
}

impl Rights {
    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        *self == Rights::default()
    }
}

/// Rights by table.
pub type Tables = BTreeMap<String, Rights>;

/// What both roles need in one system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// The reading role.
    pub read: Tables,
    /// The writing role.
    pub write: Tables,
    /// Sequences from which the writing role's inserts take their numbers: schema and name.
    pub sequences: BTreeSet<(String, String)>,
}

impl Needs {
    /// What one role needs.
    pub fn of(&self, side: Side) -> &Tables {
        match side {
            Side::Read => &self.read,
            Side::Write => &self.write,
        }
    }

    /// What a single role needs that does the work of both.
    pub fn together(&self) -> Tables {
        let mut all = self.write.clone();
        for (table, rights) in &self.read {
            let both = all.entry(table.clone()).or_default();
            both.select.extend(rights.select.iter().cloned());
            both.trigger |= rights.trigger;
        }
        all
    }
}

/// Of triggers that the reading role does not see, nothing could be said.
fn triggers(policy: &Policy, system: SystemId, schema: &Schema, needs: &mut Needs) {
    let ids = policy.table_ids().filter(|id| policy.table(*id).system == system);
    for name in ids.map(|id| &policy.table(id).name) {
        if schema.table(name).is_some_and(|t| !t.triggers.is_empty()) {
            needs.read.entry(name.clone()).or_default().trigger = true;
        }
    }
}

/// What the roles of a system need, whatever person of whatever kind exercises whatever right. `schema` is the system's, for
/// keys and foreign keys that act by themselves.
pub fn needs(policy: &Policy, system: SystemId, schema: &Schema) -> Needs {
    let mut needs = Needs::default();
    for kind in 0..policy.kinds.len() {
        let reach = reach::Reach::of(policy, crate::policy::model::KindId(kind));
        tables::add(policy, system, schema, &reach, &mut needs);
    }
    // MariaDB lets those lock who may read, MySQL those who may delete.
    let is_mysql = policy.system(system).kind == SystemKind::Mysql;
    for rights in needs.write.values_mut().filter(|r| is_mysql || !r.update.is_empty()) {
        rights.lock = None;
    }
    if is_mysql {
        triggers(policy, system, schema, &mut needs);
    }
    needs
}
