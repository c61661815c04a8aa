//! Holds: whom and what they name.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Hold, KindId, TableId};
use crate::policy::written;
use crate::source::At;

impl<'a> Draft<'a> {
    /// Every hold, in the order of the file; one that does not resolve is left out and reported.
    pub(super) fn resolve_holds(&mut self) {
        let folder = self.folder;
        self.policy.hold_key = folder.holds.key.as_ref().map(|key| key.it.clone());
        for written in &folder.holds.list {
            self.in_order(written);
            let hold = self.hold(written);
            self.policy.holds.extend(hold);
        }
        self.without_key();
    }

    fn hold(&mut self, written: &'a written::Hold) -> Option<Hold> {
        let kind = written.subject.as_ref().map(|name| self.held_kind(name));
        let mut tables: Vec<TableId> = Vec::new();
        for (system, name) in &written.tables {
            let found = self.system_named(system).and_then(|system| self.table(system, name));
            tables.extend(found);
        }
        let given = tables.len();
        tables.extend(self.of_categories(&written.categories));
        let with = written.with.iter().filter_map(|reference| self.held_with(reference)).collect();
        let narrowed = !written.tables.is_empty() || !written.categories.is_empty();
        let kind = match kind {
            Some(found) => Some(found?),
            None => None,
        };
        if given < written.tables.len() {
            return None;
        }
        tables.sort_unstable();
        tables.dedup();
        let text = |given: &Option<At<String>>| given.as_ref().map(|at| at.it.clone());
        Some(Hold {
            id: written.id.it.clone(),
            reason: text(&written.reason)?,
            authority: text(&written.authority)?,
            since: text(&written.since),
            last: last_day(written),
            released: written.ended.is_some(),
            kind,
            persons: written.persons.iter().map(|p| p.it.clone()).collect(),
            tables: narrowed.then_some(tables),
            rows: written.rows.iter().map(|r| r.it.clone()).collect(),
            with,
        })
    }

    fn held_kind(&mut self, name: &written::Name) -> Option<KindId> {
        let found = self.policy.kind(&name.it);
        if found.is_none() {
            let message = format!("no system has a subject kind `{}`", name.it);
            let known = self.policy.kinds.iter().map(|k| k.name.as_str());
            let finding = Diagnostic::error(codes::UNKNOWN_KIND, message, name.at, "a hold on nobody");
            let finding = finding.suggest(&name.it, known);
            self.findings.push(finding);
        }
        found
    }

    /// Tables with a column of one of the categories, or of one beneath it.
    fn of_categories(&self, names: &[written::Name]) -> Vec<TableId> {
        let beneath = |category: &str, name: &str| {
            category == name || category.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        };
        let of = |category: &str| names.iter().any(|name| beneath(category, &name.it));
        let tables = self.policy.table_ids();
        let has = |id: &TableId| self.policy.table(*id).columns.iter().any(|c| c.category.as_deref().is_some_and(of));
        tables.filter(has).collect()
    }

    fn held_with(&mut self, reference: &'a written::Reference) -> Option<(TableId, usize)> {
        let Some(system) = &reference.system else {
            let finding = Diagnostic::error(
                codes::BAD_REFERENCE,
                "a hold belongs to no system, so a reference in it names one",
                reference.at,
                "no system",
            );
            let (table, column) = (&reference.table.it, &reference.column.it);
            self.findings.push(finding.help(format!("write it as `system:{table}.{column}`")));
            return None;
        };
        let system = self.system_named(system)?;
        self.reference(system, reference)
    }

    /// Its end, and its release, do not lie before its beginning.
    fn in_order(&mut self, hold: &written::Hold) {
        let Some(since) = &hold.since else { return };
        for (end, word) in [(&hold.until, "ends"), (&hold.ended, "is released")] {
            if let Some(end) = end.as_ref().filter(|end| end.it < since.it) {
                let message = format!("hold `{}` {word} before it begins", hold.id.it);
                let finding = Diagnostic::error(codes::HOLD_BACKWARDS, message, end.at, "before `since`");
                let finding = finding.label(since.at, "it begins here");
                self.findings.push(finding.help("such a hold keeps nothing: mend the dates, or take it out"));
            }
        }
    }

    /// Digests say nothing without the name of the key that made them.
    fn without_key(&mut self) {
        let folder = self.folder;
        if folder.holds.key.is_some() {
            return;
        }
        let keyed = folder.holds.list.iter().find_map(|h| h.persons.iter().chain(&h.rows).next());
        if let Some(first) = keyed {
            let finding = Diagnostic::error(
                codes::HOLD_WITHOUT_KEY,
                "`holds.toml` has digests and does not name the key that made them",
                first.at,
                "made by which key?",
            );
            self.findings
                .push(finding.help("let `upheld hold add` write them: it writes `key` at the top of the file"));
        }
    }
}

/// The last day on which it keeps anything: from the day of its release on it keeps nothing.
fn last_day(hold: &written::Hold) -> Option<String> {
    let before = |day: &At<String>| day.it.parse::<Date>().ok()?.checked_sub(1.day()).ok().map(|d| d.to_string());
    let ended = hold.ended.as_ref().and_then(before);
    let until = hold.until.as_ref().map(|day| day.it.clone());
    match (until, ended) {
        (Some(until), Some(ended)) => Some(until.min(ended)),
        (until, ended) => until.or(ended),
    }
}
