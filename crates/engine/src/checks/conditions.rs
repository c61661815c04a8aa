//! Conditions that no row can fulfil (U0219), and choices that are never reached (U0220).

use super::logic::{excluded, implies, never, resolved, test};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Cond, Table};
use crate::policy::resolve::Draft;
use crate::policy::written::{self, Choice, Condition, Erase, OnErase};
use crate::source::Span;

/// Looks at every condition on rows of a mapped table, and at every list of choices.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        for link in origin.written_links() {
            let own = link.when.as_ref().map(|w| &w.it);
            found.extend(own.into_iter().flat_map(|when| alone(table, when)));
            let own = own.map_or(Some(Cond::default()), |when| resolved(table, when));
            let ends = |action: &OnErase| matches!(action, OnErase::Keep(keep) if keep.until.is_some());
            found.extend(choices(table, own.as_ref(), &link.on_erase, ends));
            found.extend(choices(table, own.as_ref(), &link.while_shared, ends));
        }
        for (_, column) in origin.written_columns() {
            // A veto on a column ends, or keeps nothing where the column is empty.
            found.extend(choices(table, None, &column.erase, |action| matches!(action, Erase::Keep(_))));
        }
    }
    for population in draft.policy.kinds.iter().flat_map(|k| &k.populations) {
        let system = &draft.folder.systems[population.system.0];
        let table = draft.policy.table(population.table);
        let subjects = system.subjects.iter().map(|(_, s)| s);
        let here = subjects.filter(|s| s.table.as_ref().is_some_and(|t| t.it == table.name));
        found.extend(here.filter_map(|s| s.when.as_ref()).flat_map(|when| alone(table, when)));
    }
    found
}

/// Tests of a condition that no value of their column fulfils.
fn alone(table: &Table, condition: &Condition) -> Vec<Diagnostic> {
    let finding = |(name, written): &(written::Name, crate::source::At<written::Test>)| {
        let column = &table.columns[table.column(&name.it)?];
        let why = never(column, &test(&written.it)?)?;
        let message = format!("no row of `{}` can fulfil this condition on `{}`", table.name, column.name);
        Some(
            Diagnostic::error(codes::CONDITION_NEVER, message, written.at, why)
                .help("mend the value, or leave the whole out"),
        )
    };
    condition.parts.iter().filter_map(finding).collect()
}

/// Choices whose own condition can never hold, and choices that another one leaves nothing. `ends` says of an action that
/// the next choices apply after it.
fn choices<T>(table: &Table, own: Option<&Cond>, choices: &[Choice<T>], ends: impl Fn(&T) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut earlier: Vec<(Cond, Span)> = Vec::new();
    for choice in choices {
        let impossible = alone(table, &choice.when);
        let Some(when) = resolved(table, &choice.when).filter(|_| impossible.is_empty()) else {
            found.extend(impossible);
            continue;
        };
        let message = "this choice is never reached";
        if let Some((_, first)) = earlier.iter().find(|(wide, _)| implies(&when, wide)) {
            let finding = Diagnostic::error(codes::CHOICE_UNREACHABLE, message, choice.action.at, "never done");
            found.push(
                finding
                    .label(*first, "done first, for all those rows")
                    .help("the first choice that fits counts: put the narrower one first"),
            );
        } else if let Some(column) = own.and_then(|own| excluded(table, &[own, &when])) {
            let label = format!("the link joins no row with such a `{}`", column.name);
            found.push(
                Diagnostic::error(codes::CHOICE_UNREACHABLE, message, choice.action.at, label)
                    .help("the `when` of the link already excludes it: take the choice out, or mend one of the two"),
            );
        }
        if !ends(&choice.action.it) {
            earlier.push((when, choice.action.at));
        }
    }
    found
}
