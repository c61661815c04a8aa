//! Kept rows: nothing said of the person they point at (U0214, a warning), an end that no column tells (U0226), `with` of
//! records that they do not refer to (U0227).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Link, OnErase, Table, Target};
use crate::policy::resolve::Draft;
use crate::policy::written;
use crate::schema::Class;

/// Looks at every `keep`.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = silent(draft);
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        let links = origin.written_links().flat_map(|l| l.on_erase.iter().chain(&l.while_shared));
        let links =
            links.filter_map(|c| if let written::OnErase::Keep(keep) = &c.action.it { Some(keep) } else { None });
        let columns = origin.written_columns().flat_map(|(_, c)| &c.erase);
        let columns =
            columns.filter_map(|c| if let written::Erase::Keep(keep) = &c.action.it { Some(keep) } else { None });
        for keep in links.chain(columns) {
            found.extend(no_day(table, keep));
            if !origin.broken_link {
                found.extend(keep.with.iter().filter_map(|with| unreached(draft, table, with)));
            }
        }
    }
    found
}

/// The end of a veto is read from a day, a point in time, or text that begins with a day.
fn no_day(table: &Table, keep: &written::Keep) -> Option<Diagnostic> {
    let Some(written::Until::After { column, .. }) = &keep.until else { return None };
    let found = &table.columns[table.column(&column.it)?];
    if found.time.is_some() || matches!(found.class, Class::Date | Class::Timestamp | Class::Text | Class::Other) {
        return None;
    }
    let message = format!("column `{}` of table `{}` tells no day", found.name, table.name);
    let label = format!("it is `{}`", found.type_name);
    let help = "name a column with a date or a time, or write the last day itself, such as `until = 2031-12-31`";
    Some(Diagnostic::error(codes::UNTIL_NO_DAY, message, column.at, label).help(help))
}

fn unreached(draft: &Draft<'_>, table: &Table, with: &written::Reference) -> Option<Diagnostic> {
    let system = match &with.system {
        Some(name) => draft.policy.system_named(&name.it)?,
        None => table.system,
    };
    let wanted = draft.policy.table_named(system, &with.table.it)?;
    let leads = |link: &Link| match &link.target {
        Target::Row { table, .. } => *table == wanted,
        Target::Identity { kind, .. } => draft.policy.kinds[kind.0].populations.iter().any(|p| p.table == wanted),
    };
    if table.links.iter().any(|link| !link.by && leads(link)) {
        return None;
    }
    let message = format!("rows of `{}` do not refer to `{}`", table.name, with.table.it);
    let finding = Diagnostic::error(
        codes::WITH_UNREACHED,
        message,
        with.at,
        "no link leads there, so nothing of it stays readable",
    );
    Some(finding.help("name columns of the records that the kept row itself points at"))
}

/// Kept rows with a tie to a person and no `with`.
fn silent(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        for (link, place) in table.links.iter().zip(&origin.links) {
            let Target::Row { table: target, .. } = &link.target else { continue };
            if link.by || draft.policy.table(*target).kind.is_none() {
                continue;
            }
            let keeps = link.on_erase.iter().chain(&link.while_shared).any(|(_, e)| matches!(e, OnErase::Keep(_)));
            let written =
                place.written.on_erase.iter().chain(&place.written.while_shared).filter_map(|c| match &c.action.it {
                    written::OnErase::Keep(keep) if keeps && keep.with.is_empty() => Some(keep.at),
                    _ => None,
                });
            found.extend(written.map(|at| {
                let there = &draft.policy.table(*target).name;
                Diagnostic::error(
                    codes::KEPT_WITHOUT_WITH,
                    format!("rows of `{}` stay, but nothing is said of the `{there}` they point at", table.name),
                    at,
                    "no `with`",
                )
                .warning()
                .help(format!("name what must stay readable, as `with = [\"{there}.name\"]`"))
            }));
        }
    }
    found
}
