//! Columns that are copies of each other in a circle (U0215).

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::resolve::Draft;
use crate::policy::written::ColumnReference;

/// System, table, column.
type Place<'d> = (usize, &'d str, &'d str);

/// Follows every `copy_of` to its root.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut sources: BTreeMap<Place<'_>, (Place<'_>, &ColumnReference)> = BTreeMap::new();
    for origin in &draft.origins {
        for (name, column) in origin.written_columns() {
            let Some(copy) = &column.copy_of else { continue };
            let table = copy.table.as_ref().map_or(origin.schema.name.as_str(), |t| &t.it);
            let here = (origin.system.0, origin.schema.name.as_str(), name.it.as_str());
            sources.insert(here, ((origin.system.0, table, &copy.column.it), copy));
        }
    }
    let mut found = Vec::new();
    for start in sources.keys() {
        let mut ring = vec![*start];
        while let Some((next, _)) = ring.last().and_then(|last| sources.get(last)) {
            if next == start {
                // Every place of the ring begins one: it is reported where the first stands.
                if ring.iter().all(|place| start <= place) {
                    found.push(finding(&ring, sources[start].1));
                }
                break;
            }
            if ring.contains(next) {
                break;
            }
            ring.push(*next);
        }
    }
    found
}

fn finding(ring: &[Place<'_>], at: &ColumnReference) -> Diagnostic {
    let names: Vec<String> = ring.iter().map(|(_, table, column)| format!("`{table}.{column}`")).collect();
    let message = match names.as_slice() {
        [one] => format!("{one} is a copy of itself"),
        several => format!("{} are copies of each other", several.join(" and ")),
    };
    Diagnostic::error(codes::COPY_CYCLE, message, at.at, "which one is the source?")
        .help("leave `copy_of` out at the column into which the application writes")
}
