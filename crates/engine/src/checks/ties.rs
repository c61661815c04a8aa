//! Ties that cannot be undone: not in the way the map says (U0206), not at all (U0207), or only by a placeholder that
//! would stand twice in a unique key (U0208).

use super::flow;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Link, Scope, TableId, Target, Untie};
use crate::policy::resolve::{Draft, LinkOrigin};

/// Looks at every link that holds a reference.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for id in draft.policy.table_ids() {
        let links = draft.policy.table(id).links.iter().zip(&draft.origins[id.0].links);
        for (link, place) in links.filter(|(l, _)| !l.by) {
            found.extend(of_link(draft, id, link, *place));
        }
    }
    found
}

fn of_link(draft: &Draft<'_>, id: TableId, link: &Link, place: LinkOrigin<'_>) -> Option<Diagnostic> {
    let table = &draft.policy.table(id).name;
    if let (Some(written), Some(untie)) = (&place.written.untie, link.untie)
        && let Some(why) = draft.untie_problem(id, link, untie)
    {
        let message = format!("the tie `{}` of table `{table}` cannot be undone so", link.name);
        return Some(Diagnostic::error(codes::UNTIE_FORBIDDEN, message, written.at, why).help(WAYS));
    }
    if link.untie == Some(Untie::Placeholder) && collides(draft, id, link) {
        let message = format!("one placeholder for all would stand twice in a unique key of `{table}`");
        let at = place.written.untie.as_ref().map_or(place.column_at(), |u| u.at);
        let label = format!("`{}` is part of a unique key", link.name);
        return Some(Diagnostic::error(codes::PLACEHOLDER_COLLIDES, message, at, label).help(WAYS));
    }
    let written_but_unplanned = place.written.untie.is_some();
    if link.untie.is_none() && !written_but_unplanned && flow::row_may_stay(link) {
        let message = format!("the tie `{}` of table `{table}` cannot be undone", link.name);
        let label = "its row stays when the person goes";
        let ways = if draft.is_file(id) { FILE_WAYS } else { WAYS };
        return Some(Diagnostic::error(codes::TIE_STAYS, message, place.column_at(), label).help(ways));
    }
    None
}

const WAYS: &str =
    "let the column take NULL, give the kind a `placeholder` or a `nobody` value, or let `on_erase` delete the row";

const FILE_WAYS: &str =
    "the name of a file cannot be changed: write `untie = \"delete\"`, so that the file goes with its tie";

fn collides(draft: &Draft<'_>, id: TableId, link: &Link) -> bool {
    let Target::Row { table, .. } = &link.target else { return false };
    let mut populations = draft.policy.kinds.iter().flat_map(|k| &k.populations);
    let shared = |scope: &Scope| *scope == Scope::One;
    let one = populations.any(|p| p.table == *table && p.placeholder.as_ref().is_some_and(|p| shared(&p.scope)));
    one && link.columns.iter().any(|&c| draft.origins[id.0].in_unique_key(c))
}
