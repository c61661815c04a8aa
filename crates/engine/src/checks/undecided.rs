//! Reasons that begin with `undecided`: put off, so they compile, but named at each check (U0409, a warning).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::resolve::Draft;
use crate::policy::written::{Name, Table};

/// What a reason begins with that is none yet.
pub(crate) const UNDECIDED: &str = "undecided";

/// Looks at every reason of `[ignore]`, of `ignore` and of triggers.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for system in &draft.folder.systems {
        let put_off = system.ignore.iter().filter(|(reason, _)| is_undecided(&reason.it));
        found.extend(put_off.flat_map(|(reason, names)| names.iter().map(move |n| of_table(reason, n))));
        let own = system.tables.iter().map(|(name, table)| (&name.it, table));
        let each = system.each.iter().flat_map(|e| e.tables.iter().map(|name| (&name.it, &e.adds)));
        found.extend(own.chain(each).flat_map(|(name, table)| of_columns(name, table)));
    }
    found
}

/// Is a reason only put off?
pub(crate) fn is_undecided(reason: &str) -> bool {
    reason.trim_start().get(..UNDECIDED.len()).is_some_and(|start| start.eq_ignore_ascii_case(UNDECIDED))
}

fn of_table(reason: &Name, table: &Name) -> Diagnostic {
    let message = format!("table `{}` is undecided", table.it);
    let help = format!("map it with `[table.{}]`, or give the reason why it holds no personal data", table.it);
    Diagnostic::error(codes::UNDECIDED, message, table.at, open(&reason.it)).warning().help(help)
}

fn of_columns(name: &str, table: &Table) -> Vec<Diagnostic> {
    let put_off = table.ignore.iter().filter(|(reason, _)| is_undecided(&reason.it));
    let columns = put_off.flat_map(|(reason, names)| names.iter().map(move |n| (reason, n)));
    let columns = columns.map(|(reason, column)| {
        let message = format!("column `{}` of table `{name}` is undecided", column.it);
        let help = "add a link, or give the reason why it is none";
        Diagnostic::error(codes::UNDECIDED, message, column.at, open(&reason.it)).warning().help(help)
    });
    let triggers = table.triggers.iter().filter(|(_, said)| is_undecided(&said.it)).map(|(trigger, said)| {
        let message = format!("nobody has reviewed trigger `{}` of table `{name}` yet", trigger.it);
        let help = "read what it does to rows, then write `reviewed: ..`";
        Diagnostic::error(codes::UNDECIDED, message, said.at, "put off").warning().help(help)
    });
    columns.chain(triggers).collect()
}

/// The reason without its first word.
fn open(reason: &str) -> String {
    let rest = reason.trim_start().get(UNDECIDED.len()..).unwrap_or_default();
    let rest = rest.trim_start_matches([':', ',', ' ']);
    if rest.is_empty() { "put off".to_owned() } else { rest.to_owned() }
}
