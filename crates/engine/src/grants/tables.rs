//! From what is possible on each table to the columns that the two roles must be able to read and write.

use std::collections::BTreeSet;

use super::reach::{Possible, Reach, Via};
use super::{Needs, Rights};
use crate::plan::{conditions, covers, deciding};
use crate::policy::model::{
    Access, Column, ColumnIx, Cond, Erase, Policy, Role, SystemId, SystemKind, Table, TableId, Target, Untie,
};
use crate::schema::{OnDelete, Schema};

/// Adds what questions about persons of one kind need in one system.
pub fn add(policy: &Policy, system: SystemId, schema: &Schema, reach: &Reach<'_>, needs: &mut Needs) {
    let deciding = deciding(policy);
    for id in policy.table_ids().filter(|id| policy.table(*id).system == system && !policy.table(*id).made) {
        let table = policy.table(id);
        let written = written(policy, reach, id);
        let (goes, changed) = (reach.on(id).goes(), !written.is_empty());
        if is_asked(policy, reach, id) {
            let seen = deciding[id.0].iter().copied().chain(exported(policy, reach, id)).chain(written.iter().copied());
            names(table, seen, &mut needs.read.entry(table.name.clone()).or_default().select);
        }
        if is_looked_at_again(policy, system, id) {
            let rights = needs.write.entry(table.name.clone()).or_default();
            names(table, deciding[id.0].iter().copied(), &mut rights.select);
        }
        if !goes && !changed {
            continue;
        }
        let rights = needs.write.entry(table.name.clone()).or_default();
        names(table, deciding[id.0].iter().copied(), &mut rights.select);
        rights.select.extend(schema.table(&table.name).into_iter().flat_map(|t| t.key.iter().cloned()));
        names(table, written, &mut rights.update);
        if changed {
            // Set to themselves, so that nothing changes that the plan does not list.
            let touched = schema.table(&table.name).into_iter().flat_map(|t| &t.touched);
            rights.update.extend(touched.clone().cloned());
            rights.select.extend(touched.cloned());
        }
        if policy.system(system).kind == SystemKind::Mysql {
            // MariaDB's update of several rows by a list of keys wants to read what it writes.
            rights.select.extend(rights.update.iter().cloned());
        }
        rights.delete |= goes;
        rights.lock = lock(table);
        if goes {
            guards(schema, &table.name, needs);
        }
    }
    placeholders(policy, system, schema, reach, needs);
    for (_, condition) in conditions(policy) {
        looked_up(policy, system, condition, needs);
    }
}

/// What conditions read of other tables: when a plan is made, and again before it is applied.
fn looked_up(policy: &Policy, system: SystemId, condition: &Cond, needs: &mut Needs) {
    for (_, lookup) in condition.lookups() {
        let table = policy.table(lookup.table);
        if table.system == system {
            let seen = || lookup.columns().into_iter().chain(lookup.filter.columns());
            for role in [&mut needs.read, &mut needs.write] {
                names(table, seen(), &mut role.entry(table.name.clone()).or_default().select);
            }
        }
        looked_up(policy, system, &lookup.filter, needs);
    }
}

/// Whose an identity is, is looked at within the transaction that changes rows which were written meanwhile.
fn is_looked_at_again(policy: &Policy, system: SystemId, id: TableId) -> bool {
    let swept = policy.table_ids().map(|id| policy.table(id)).any(|t| t.system == system && t.sweep_after);
    let mut populations = policy.kinds.iter().flat_map(|k| &k.populations);
    swept && populations.any(|p| p.table == id || p.identities.iter().any(|i| i.table == id))
}

fn names(table: &Table, columns: impl IntoIterator<Item = ColumnIx>, into: &mut BTreeSet<String>) {
    into.extend(columns.into_iter().map(|c| table.columns[c].name.clone()));
}

/// A column the database computes cannot be written whatever the rights, so it is the best to lock rows by.
fn lock(table: &Table) -> Option<String> {
    let generated = table.columns.iter().find(|c| c.generated);
    let key = table.key.first().map(|k| &table.columns[*k]);
    generated.or(key).or(table.columns.first()).map(|c| c.name.clone())
}

/// Can a planner or a probe read rows of this table?
fn is_asked(policy: &Policy, reach: &Reach<'_>, id: TableId) -> bool {
    let populations = || policy.kinds.iter().flat_map(|k| &k.populations);
    let tenant = populations().any(|p| p.tenant.as_ref().and_then(|t| t.through).is_some_and(|(t, _)| t == id));
    let table = policy.table(id);
    tenant
        || populations().any(|p| p.table == id || p.identities.iter().any(|i| i.table == id))
        || reach.is_climbed(id)
        || table.links.iter().any(|l| reach.asks(id, l))
        || table.foreign_keys.iter().any(|k| !covers(policy, id, k) && reach.on(k.table).goes())
}

/// Columns that an answer to an access can hold (LANGUAGE 1.3).
fn exported(policy: &Policy, reach: &Reach<'_>, id: TableId) -> Vec<ColumnIx> {
    let table = policy.table(id);
    let claims = || reach.on(id).claims.iter().filter(|(_, via)| !matches!(via, Via::Link(l) if withholds(table, *l)));
    let hides = |via: &Via, c: ColumnIx| matches!(via, Via::Link(l) if table.links[*l].hide.contains(&c));
    let owned = |c: ColumnIx| {
        let mut owners = claims().filter(|(_, via)| !hides(via, c));
        table.columns[c].of.is_empty()
            || owners.any(|(_, via)| matches!(via, Via::Link(l) if table.columns[c].of.contains(l)))
    };
    let shown = |c: ColumnIx| {
        let mut grants = claims().filter(|(_, via)| !hides(via, c)).map(|(role, via)| grant(table, *role, *via));
        !table.columns[c].withhold && grants.any(|g| g == Access::Row || (g == Access::Shared && owned(c)))
    };
    (0..table.columns.len()).filter(|c| shown(*c)).collect()
}

fn withholds(table: &Table, link: usize) -> bool {
    table.links[link].on_access == Some(Access::Withhold)
}

fn grant(table: &Table, role: Role, via: Via) -> Access {
    let by_role = match role {
        Role::Own | Role::Owner => Access::Row,
        Role::CoOwner | Role::Author | Role::Viewer => Access::Shared,
        Role::Mention | Role::Part => Access::Fact,
    };
    match via {
        Via::Link(link) => table.links[link].on_access.unwrap_or(by_role),
        Via::Own | Via::Text => by_role,
    }
}

/// Columns that an erasure can write.
fn written(policy: &Policy, reach: &Reach<'_>, id: TableId) -> BTreeSet<ColumnIx> {
    let table = policy.table(id);
    let possible = reach.on(id);
    let mut columns = BTreeSet::new();
    if possible.is_changed() {
        columns.extend((0..table.columns.len()).filter(|c| table.columns[*c].text));
        columns.extend(possible.listed());
    }
    if possible.is_scrubbed() {
        let links = reach.links(id);
        let holds = possible.keeps_an_owner();
        let belongs = |c: &Column| if c.of.is_empty() { holds } else { c.of.iter().any(|l| links.contains(l)) };
        columns.extend((0..table.columns.len()).filter(|c| belongs(&table.columns[*c]) && acts(&table.columns[*c])));
    }
    columns.retain(|c| !table.is_key(*c) && !table.columns[*c].generated);
    if possible.is_scrubbed() || !possible.listed().is_empty() {
        columns.extend(table.set_on_scrub.iter().map(|(c, _)| c));
    }
    let untied = (0..table.links.len()).filter(|l| reach.unties(id, *l));
    columns.extend(untied.flat_map(|l| &table.links[l].columns));
    columns.extend(nulled(policy, reach, id, possible));
    columns
}

/// Does a scrub write to the column? What is kept for a time is erased when the time is over.
fn acts(column: &Column) -> bool {
    column.erase.iter().any(|(_, erase)| match erase {
        Erase::Keep(keep) => keep.until.is_some(),
        Erase::Shred => false,
        _ => true,
    })
}

/// Columns that are nulled to open a circle of references among rows that go.
fn nulled(policy: &Policy, reach: &Reach<'_>, id: TableId, possible: &Possible) -> Vec<ColumnIx> {
    let table = policy.table(id);
    let keys = table.foreign_keys.iter().filter(|k| possible.goes() && leads_back(policy, reach, k.table, id));
    keys.flat_map(|k| &k.columns).copied().filter(|c| table.columns[*c].nullable && !table.key.contains(c)).collect()
}

/// Do declared keys between tables whose rows can go lead from one table to another?
fn leads_back(policy: &Policy, reach: &Reach<'_>, from: TableId, to: TableId) -> bool {
    let (mut seen, mut work) = (BTreeSet::from([from]), vec![from]);
    while let Some(at) = work.pop().filter(|at| reach.on(*at).goes() || *at == to) {
        if at == to {
            return true;
        }
        work.extend(policy.table(at).foreign_keys.iter().map(|k| k.table).filter(|t| seen.insert(*t)));
    }
    false
}

/// Before a row goes, the run looks for rows that the database would change by itself.
fn guards(schema: &Schema, deleted: &str, needs: &mut Needs) {
    for table in &schema.tables {
        for key in table.foreign_keys.iter().filter(|k| k.table == *deleted && k.on_delete != OnDelete::Refuse) {
            let select = &mut needs.write.entry(table.name.clone()).or_default().select;
            select.extend(key.columns.iter().chain(&table.key).cloned());
        }
    }
}

/// Stand-in records that unties of any system point at.
fn placeholders(policy: &Policy, system: SystemId, schema: &Schema, reach: &Reach<'_>, needs: &mut Needs) {
    for id in policy.table_ids() {
        let links = policy.table(id).links.iter().enumerate();
        for (_, link) in links.filter(|(ix, l)| l.untie == Some(Untie::Placeholder) && reach.unties(id, *ix)) {
            let Target::Row { table: target, columns } = &link.target else { continue };
            let table = policy.table(*target);
            let populations = policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == *target);
            let Some(placeholder) = populations.filter_map(|p| p.placeholder.as_ref()).next() else { continue };
            if table.system != system {
                continue;
            }
            let rights: &mut Rights = needs.write.entry(table.name.clone()).or_default();
            let given = || placeholder.columns.iter().map(|(c, _)| *c);
            let returned = || columns.iter().chain(&table.key).copied();
            names(table, given(), &mut rights.insert);
            names(table, returned(), &mut rights.select);
            // MariaDB's `INSERT .. RETURNING` wants both rights on what is given and on what is returned.
            if policy.system(system).kind == SystemKind::Mysql {
                names(table, returned(), &mut rights.insert);
                names(table, given(), &mut rights.select);
            }
            needs.sequences.extend(schema.table(&table.name).into_iter().flat_map(|t| t.sequences.iter().cloned()));
        }
    }
}
