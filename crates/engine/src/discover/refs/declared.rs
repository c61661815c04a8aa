//! Declared foreign keys.

use super::{Reference, Sign};
use crate::discover::world::World;

/// All of them that lead to a table which is there.
pub(super) fn references(world: &World) -> Vec<Reference> {
    let of_table = |table: &crate::schema::Table| {
        let name = table.name.clone();
        let known = table.foreign_keys.iter().filter(|k| {
            k.columns.len() == k.target_columns.len()
                && world.table(&k.table).is_some_and(|t| k.target_columns.iter().all(|c| t.column(c).is_some()))
        });
        let reference = |key: &crate::schema::ForeignKey| Reference {
            table: name.clone(),
            columns: key.columns.clone(),
            to: key.table.clone(),
            to_columns: key.target_columns.clone(),
            when: None,
            sign: Sign::Declared,
            zero: false,
            confidence: 1.0,
            evidence: "declared foreign key".to_owned(),
        };
        known.map(reference).collect::<Vec<_>>()
    };
    let mut all: Vec<Reference> = world.tables().flat_map(of_table).collect();
    // The same key declared twice says nothing more.
    all.dedup_by(|a, b| a.table == b.table && a.columns == b.columns && a.to == b.to && a.to_columns == b.to_columns);
    all
}
