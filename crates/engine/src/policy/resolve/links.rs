//! Links.

use super::{Draft, LinkOrigin};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, Cond, KindId, Link, Match, OnErase, Role, SystemId, TableId, Target};
use crate::policy::written::{self, To};
use crate::value::Value;

impl<'a> Draft<'a> {
    /// All links of a table, in the order written.
    pub(super) fn resolve_links(&mut self, table: TableId) {
        let links: Vec<&'a written::Link> = self.origins[table.0].written_links().collect();
        for written in links {
            match self.link(table, written) {
                Some(link) => {
                    self.policy.tables[table.0].links.push(link);
                    self.origins[table.0].links.push(LinkOrigin { written });
                }
                None => self.origins[table.0].broken_link = true,
            }
        }
    }

    fn link(&mut self, table: TableId, w: &'a written::Link) -> Option<Link> {
        // Every part is resolved before any of them is missed, so that all findings of a link come at once.
        let ends = self.ends(table, w);
        let when = self.condition_of(table, &w.when);
        let hide = w.hide.iter().filter_map(|n| self.column(table, n)).collect();
        let on_erase = w.on_erase.iter().filter_map(|c| self.on_erase(table, c)).collect();
        let while_shared = w.while_shared.iter().filter_map(|c| self.on_erase(table, c)).collect();
        self.last_needs_part(w);
        let to_when = match (&w.to_when, &ends) {
            (Some(when), Some((_, Target::Row { table, .. }))) => self.condition(*table, &when.it),
            _ => Cond::default(),
        };
        let (columns, target) = ends?;
        let role = w.role.as_ref()?.it;
        if let (Some(list), [column]) = (&w.nobody, columns.as_slice()) {
            list.it.iter().for_each(|l| self.compare_fits(table, *column, l));
        }
        Some(Link {
            name: self.link_name(table, w, &columns),
            role,
            matching: self.matching(w, &target),
            nobody: self.nobody(w, table, &target),
            columns,
            by: !w.by.is_empty(),
            target,
            reading: self.reading(&w.form, w.codec.as_ref(), w.path.as_ref()),
            when,
            to_when,
            on_access: w.on_access.as_ref().map(|a| a.it),
            hide,
            last: w.last.as_ref().is_some_and(|l| l.it),
            on_erase,
            while_shared,
            untie: w.untie.as_ref().map(|u| u.it),
        })
    }

    /// The columns of this table, and the other end.
    fn ends(&mut self, table: TableId, w: &'a written::Link) -> Option<(Vec<ColumnIx>, Target)> {
        let system = self.policy.table(table).system;
        let own = self.columns(table, &w.column);
        let target = if w.by.is_empty() {
            match w.to.as_ref()? {
                To::Columns(list) => {
                    self.references(system, list).map(|(table, columns)| Target::Row { table, columns })
                }
                To::Identity { kind, identity, .. } => self.identity_target(kind, identity),
            }
        } else {
            self.references(system, &w.by).map(|(table, columns)| Target::Row { table, columns })
        };
        let (mut own, target) = (own?, target?);
        if own.is_empty() && !w.by.is_empty() {
            own.clone_from(&self.policy.table(table).key);
        }
        self.same_count(w, &own, &target).then_some((own, target))
    }

    fn identity_target(&mut self, kind: &'a written::Name, identity: &'a written::Name) -> Option<Target> {
        let id = self.kind_named(kind)?;
        let folder = self.folder;
        let subjects = folder.systems.iter().flat_map(|s| &s.subjects).filter(|(n, _)| n.it == kind.it);
        let known: Vec<&str> = subjects.flat_map(|(_, s)| s.identities.iter().map(|(n, _)| n.it.as_str())).collect();
        if !known.contains(&identity.it.as_str()) {
            let finding = Diagnostic::error(
                codes::UNKNOWN_IDENTITY,
                format!("subject kind `{}` has no identity `{}`", kind.it, identity.it),
                identity.at,
                "not among its identities",
            );
            self.findings.push(finding.suggest(&identity.it, known));
            return None;
        }
        Some(Target::Identity { kind: id, identity: identity.it.clone() })
    }

    fn same_count(&mut self, w: &written::Link, own: &[ColumnIx], target: &Target) -> bool {
        let there = match target {
            Target::Row { columns, .. } => columns.len(),
            Target::Identity { .. } => 1,
        };
        if own.len() == there {
            return true;
        }
        let origin = LinkOrigin { written: w };
        let message = format!("a link of {} with {}", many(own.len()), many(there));
        self.findings.push(
            Diagnostic::error(codes::COLUMN_COUNT, message, origin.target_at(), many(there))
                .label(origin.column_at(), many(own.len()))
                .help("columns are compared one by one: name as many on both sides"),
        );
        false
    }

    fn last_needs_part(&mut self, w: &written::Link) {
        let (Some(last), Some(role)) = (&w.last, &w.role) else { return };
        if last.it && role.it != Role::Part {
            self.findings.push(
                Diagnostic::error(
                    codes::LAST_WITHOUT_PART,
                    "`last` stands on a link that is no `part`",
                    last.at,
                    "only a part goes with the last of its parents",
                )
                .label(role.at, "the role"),
            );
        }
    }

    fn link_name(&self, table: TableId, w: &written::Link, columns: &[ColumnIx]) -> String {
        match (&w.name, w.by.first()) {
            (Some(name), _) => name.it.clone(),
            (None, Some(by)) => format!("{}.{}", by.table.it, by.column.it),
            (None, None) => self.policy.table(table).names(columns).join(","),
        }
    }

    /// `match` as written, else that of the identity it joins.
    fn matching(&self, w: &written::Link, target: &Target) -> Match {
        match (&w.matching, target) {
            (Some(m), _) => m.it,
            (None, Target::Identity { kind, identity }) => {
                self.identities_of(*kind, identity).map(|(_, i)| i.matching).next().unwrap_or_default()
            }
            (None, Target::Row { .. }) => Match::Exact,
        }
    }

    /// The columns of all systems that hold an identity.
    pub(crate) fn identities_of<'s>(
        &'s self,
        kind: KindId,
        name: &'s str,
    ) -> impl Iterator<Item = (TableId, &'s crate::policy::model::Identity)> {
        let populations = &self.policy.kinds[kind.0].populations;
        populations.iter().flat_map(move |p| p.identities.iter().filter(move |i| i.name == name).map(|i| (i.table, i)))
    }

    /// `nobody` as written, else the kind's.
    fn nobody(&self, w: &written::Link, table: TableId, target: &Target) -> Vec<Value> {
        if let Some(list) = &w.nobody {
            return list.it.iter().map(|l| l.it.clone()).collect();
        }
        let here: SystemId = self.policy.table(table).system;
        let populations = self.policy.kinds.iter().flat_map(|k| &k.populations);
        let found = match target {
            Target::Row { table, .. } => populations.into_iter().find(|p| p.table == *table),
            Target::Identity { kind, .. } => self.policy.kinds[kind.0].populations.iter().find(|p| p.system == here),
        };
        found.map(|p| p.nobody.clone()).unwrap_or_default()
    }

    fn on_erase(&mut self, table: TableId, choice: &'a written::Choice<written::OnErase>) -> Option<(Cond, OnErase)> {
        let when = self.condition(table, &choice.when);
        let action = match &choice.action.it {
            written::OnErase::Fate(fate) => OnErase::Fate(*fate),
            written::OnErase::Keep(keep) => OnErase::Keep(self.keep(table, keep)?),
            written::OnErase::Columns(parts) => {
                let mut list = Vec::new();
                for (erase, names) in parts {
                    let columns = self.columns(table, names);
                    list.extend(self.erase(table, &erase.it).zip(columns));
                }
                OnErase::Columns(list)
            }
        };
        Some((when, action))
    }
}

fn many(n: usize) -> String {
    format!("{n} column{}", if n == 1 { "" } else { "s" })
}
