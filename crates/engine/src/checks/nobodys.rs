//! Rows that may be nobody's (U0414): every link that would give them to a person starts from a column that may be NULL, or
//! from a row of another table that need not be there. No request finds such rows, so they are worth knowing of; whether they
//! are meant is not for the map to say, so this is a note.

use std::collections::BTreeSet;

use super::flow::Flow;
use super::reach::leads_to_broken;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Link, Role, SystemKind, TableId, Target};
use crate::policy::resolve::Draft;

/// Looks at each table whose rows are to belong to persons. Tables that hang on one with such rows are named with it.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    if draft.broken_subject {
        return Vec::new();
    }
    let owned = Owned::of(draft);
    let readable = draft.policy.table_ids().filter(|id| !leads_to_broken(draft, *id));
    readable.filter_map(|id| owned.finding(id)).collect()
}

/// Which tables' rows surely have a person, by the map and the schema alone.
struct Owned<'a> {
    draft: &'a Draft<'a>,
    flow: Flow,
    sure: BTreeSet<TableId>,
}

impl<'a> Owned<'a> {
    fn of(draft: &'a Draft<'a>) -> Owned<'a> {
        let mut owned = Owned { draft, flow: Flow::of(draft), sure: BTreeSet::new() };
        loop {
            let grown = draft.policy.table_ids().filter(|id| owned.is_sure(*id)).collect();
            if grown == owned.sure {
                return owned;
            }
            owned.sure = grown;
        }
    }

    /// Records are persons. A link with a condition is a decision about the other rows.
    fn is_sure(&self, id: TableId) -> bool {
        let leads = |link: &Link| !link.when.0.is_empty() || self.why(id, link).is_none() && self.parent_is_sure(link);
        self.draft.policy.table(id).kind.is_some() || self.owning(id).any(|(_, link)| leads(link))
    }

    fn parent_is_sure(&self, link: &Link) -> bool {
        match link.target {
            Target::Row { table, .. } => self.sure.contains(&table),
            Target::Identity { .. } => true,
        }
    }

    /// The links that give rows to somebody, or say who wrote them, with their places in the table's list.
    fn owning(&self, id: TableId) -> impl Iterator<Item = (usize, &Link)> {
        let policy = &self.draft.policy;
        let gives = move |link: &Link| self.flow.brings(policy, id, link, Role::Author);
        policy.table(id).links.iter().enumerate().filter(move |(_, link)| gives(link))
    }

    /// Why a link need not lead from a row to any other.
    fn why(&self, id: TableId, link: &Link) -> Option<String> {
        let table = self.draft.policy.table(id);
        if let (true, Target::Row { table, .. }) = (link.by, &link.target) {
            return Some(format!("only where a row of `{}` points here", self.draft.policy.table(*table).name));
        }
        let nullable = link.columns.iter().map(|&c| &table.columns[c]).find(|c| c.nullable);
        nullable.map(|column| format!("`{}` may be NULL", column.name))
    }

    /// The finding, if rows may be nobody's for a reason that lies in this table itself.
    fn finding(&self, id: TableId) -> Option<Diagnostic> {
        let (table, origin) = (self.draft.policy.table(id), &self.draft.origins[id.0]);
        let kind = self.draft.policy.system(table.system).kind;
        let database = matches!(kind, SystemKind::Postgres | SystemKind::Mysql | SystemKind::Sqlite);
        let given = self.owning(id).any(|(_, link)| self.flow.brings(&self.draft.policy, id, link, Role::CoOwner));
        if self.sure.contains(&id) || !given || !database || table.made || origin.lookup_only {
            return None;
        }
        let mut reasons = self.owning(id).filter_map(|(nth, link)| Some((nth, self.why(id, link)?)));
        let (nth, why) = reasons.next()?;
        let message = format!("rows of table `{}` may be nobody's: {}", table.name, self.and_with_them(id, &why));
        let mut note = Diagnostic::error(codes::NOBODYS, message, origin.links[nth].column_at(), why).note();
        for (nth, why) in reasons {
            note = note.label(origin.links[nth].column_at(), why);
        }
        Some(note.help(
            "no request finds such rows; if they are meant to be, `when = { COLUMN = { not = \"null\" } }` on the link says so",
        ))
    }

    /// The reason, and the tables whose rows are nobody's because these are.
    fn and_with_them(&self, id: TableId, why: &str) -> String {
        let below: Vec<String> =
            self.below(id).into_iter().map(|t| format!("table `{}`", self.draft.policy.table(t).name)).collect();
        if below.is_empty() { why.to_owned() } else { format!("{why}; so may those of {}", below.join(", ")) }
    }

    /// Tables without a reason of their own that hang on this one.
    fn below(&self, id: TableId) -> BTreeSet<TableId> {
        let mut below = BTreeSet::new();
        let hangs = |table: TableId, on: &BTreeSet<TableId>| {
            let leads =
                |link: &Link| matches!(link.target, Target::Row { table, .. } if table == id || on.contains(&table));
            !self.sure.contains(&table)
                && self.owning(table).any(|(_, link)| leads(link))
                && self.owning(table).all(|(_, link)| self.why(table, link).is_none())
        };
        loop {
            let grown: BTreeSet<TableId> = self.draft.policy.table_ids().filter(|t| hangs(*t, &below)).collect();
            if grown == below {
                return below;
            }
            below = grown;
        }
    }
}
