//! What becomes of rows that are written while an erasure is carried out (LANGUAGE 1.6, "`sweep = "after"` tables last and again
//! at verification").
//!
//! Rows "that lead to the person's records or to rows that went" are looked for once everything is committed, and each "gets the
//! fate that it would have had".

use std::collections::BTreeSet;

use engine::policy::model::{LinkIx, Policy, TableId};

use crate::claims::{Claims, grow};
use crate::erase::{Erasure, erase, erase_where};
use crate::resolve::{Question, Refusal};
use crate::world::{Row, RowId, World, id};

/// An erasure with what is done to rows that came while it was carried out, and the world with them in it.
///
/// It answers for rows to which nothing refers, and that make nobody a person.
pub fn erase_after(
    policy: &Policy,
    before: &World,
    came: &[(TableId, Row)],
    question: &Question,
) -> Result<(World, Erasure), Refusal> {
    let first = erase(policy, before, question)?;
    let mut world = before.clone();
    came.iter().for_each(|(table, row)| world.insert(*table, row.clone()));
    let new: BTreeSet<RowId> = came.iter().map(|(table, row)| id(policy, *table, row)).collect();
    let erasure = erase_where(policy, &world, question, |world, records, claims| {
        let after = left(policy, world, records, &first);
        claims.of.retain(|id, _| !new.contains(id));
        claims.of.extend(after.of.into_iter().filter(|(id, _)| new.contains(id)));
    })?;
    Ok((world, erasure))
}

/// The claims that still follow once the erasure has changed what it changes: records and rows that went pass on what the
/// person had on them, others only what comes by a tie that stands.
fn left(policy: &Policy, world: &World, records: &BTreeSet<RowId>, first: &Erasure) -> Claims {
    let went = |id: &RowId| records.contains(id) || first.fates.going.contains(id);
    let mut claims = Claims::default();
    claims.of.extend(first.claims.of.iter().filter(|(id, _)| went(id)).map(|(id, held)| (id.clone(), held.clone())));
    let stands = |id: &RowId, link: LinkIx| {
        let link = &policy.table(id.0).links[link];
        let changed = |c| first.changes.get(id).is_some_and(|cells| cells.contains_key(c));
        !went(id) && (link.by || !link.columns.iter().any(changed))
    };
    grow(policy, world, records, &mut claims, &stands);
    claims
}
