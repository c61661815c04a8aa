//! One row that is one person's alone and several people's at once (U0211).

use super::logic::excluded;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Link, Role, Target};
use crate::policy::resolve::Draft;

/// Looks at each pair of `owner` and `co_owner` links to persons on one table.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        let of_role = |role: Role| {
            let links = table.links.iter().zip(&origin.links);
            links.filter(move |(l, _)| l.role == role && to_person(draft, l)).collect::<Vec<_>>()
        };
        for (shared, place) in of_role(Role::CoOwner) {
            for (sole, other) in of_role(Role::Owner) {
                if excluded(table, &[&shared.when, &sole.when]).is_some() {
                    continue;
                }
                found.push(
                    Diagnostic::error(
                        codes::OWNER_AND_CO_OWNER,
                        format!("a row of `{}` can be one person's alone and several people's at once", table.name),
                        place.column_at(),
                        "`co_owner` here",
                    )
                    .label(other.column_at(), "`owner` here")
                    .help("give the two links conditions (`when`) that exclude each other"),
                );
            }
        }
    }
    found
}

fn to_person(draft: &Draft<'_>, link: &Link) -> bool {
    match &link.target {
        Target::Row { table, .. } => draft.policy.table(*table).kind.is_some(),
        Target::Identity { .. } => true,
    }
}
