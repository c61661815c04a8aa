//! The steps of an access: what is returned of each row, and what is withheld (LANGUAGE 1.3).

use std::collections::{BTreeMap, BTreeSet};

use super::bytes::is_described;
use super::draft::{Draft, Drafted, held_links};
use super::rows::{Claim, RowIx, Via};
use super::types::{Action, Holder, Step, Withheld};
use crate::policy::model::{Access, ColumnIx, Role, SystemId, TableId};

/// Rows that are returned alike: table, level, columns and links.
type Alike = (TableId, Access, Vec<ColumnIx>, Vec<String>);

impl Draft<'_> {
    /// The steps of an access: what is returned of each row, and what is withheld.
    pub fn access(&self) -> Drafted {
        let mut groups: BTreeMap<Alike, Vec<RowIx>> = BTreeMap::new();
        let mut withheld: BTreeMap<(TableId, Vec<String>, &'static str), usize> = BTreeMap::new();
        for (ix, row) in self.rows.all().filter(|(_, r)| !r.claims.is_empty() && !self.policy.table(r.table).made) {
            let t = self.policy.table(row.table);
            let view = self.view(ix);
            for (reason, columns) in view.withheld {
                *withheld.entry((row.table, t.names(&columns), reason)).or_default() += 1;
            }
            if view.level > Access::Withhold {
                groups.entry((row.table, view.level, view.columns, view.links)).or_default().push(ix);
            }
        }
        let mut steps: Vec<(SystemId, Step)> = groups
            .into_iter()
            .map(|((table, level, columns, links), ixs)| {
                let content = if self.returns_itself(table, &columns) { self.content(&ixs) } else { Vec::new() };
                let columns = self.policy.table(table).names(&columns);
                let reason = self.reason(ixs[0]);
                let action = Action::Export { columns, level, links, content };
                (self.policy.table(table).system, self.step(table, &ixs, action, reason))
            })
            .collect();
        steps.extend(self.files());
        let withheld = withheld
            .into_iter()
            .map(|((table, columns, reason), rows)| {
                let t = self.policy.table(table);
                Withheld {
                    system: self.policy.system(t.system).name.clone(),
                    table: t.name.clone(),
                    columns,
                    rows,
                    reason: reason.into(),
                }
            })
            .collect();
        let absent = self.bytes.absent(self.policy);
        Drafted { systems: self.by_system(steps), kept: Vec::new(), withheld, absent, shreds: Vec::new() }
    }

    /// The files that returned rows name: whoever gets the name gets the bytes.
    fn files(&self) -> Vec<(SystemId, Step)> {
        let mut groups: BTreeMap<(TableId, Access, Vec<String>), Vec<RowIx>> = BTreeMap::new();
        for ix in self.bytes.found() {
            let by = self.bytes.naming(self.policy, self.rows, ix).iter();
            let level = by.map(|(row, _)| self.view(*row).level).max().unwrap_or(Access::Shared);
            let links = self.bytes.named_by(self.policy, self.rows, ix);
            groups.entry((self.rows.row(ix).table, level, links)).or_default().push(ix);
        }
        let steps = groups.into_iter().map(|((table, level, links), ixs)| {
            let t = self.policy.table(table);
            let columns = t.columns.iter().map(|c| c.name.clone()).collect();
            let (content, reason) = (self.content(&ixs), self.reason(ixs[0]));
            (t.system, self.step(table, &ixs, Action::Export { columns, level, links, content }, reason))
        });
        steps.collect()
    }

    /// For each file, in the order of their keys, the rows that name it.
    fn content(&self, ixs: &[RowIx]) -> Vec<Vec<Holder>> {
        let mut ixs = ixs.to_vec();
        ixs.sort_by(|a, b| self.rows.row(*a).key.cmp(&self.rows.row(*b).key));
        ixs.into_iter().map(|ix| self.bytes.holders(self.policy, self.rows, ix)).collect()
    }

    /// Columns of a row whose values the answer returns.
    pub fn returned(&self, ix: RowIx) -> Vec<ColumnIx> {
        self.view(ix).columns
    }

    /// Does an answer with these columns of a table of files return the bytes as well?
    pub fn returns_itself(&self, table: TableId, columns: &[ColumnIx]) -> bool {
        is_described(self.policy, table) && self.policy.table(table).key.iter().all(|k| columns.contains(k))
    }

    /// How much of a row the answer holds.
    fn view(&self, ix: RowIx) -> View {
        self.narrowed(ix, self.seen(ix))
    }

    /// How much of a row the person sees (LANGUAGE 1.3).
    fn seen(&self, ix: RowIx) -> View {
        let row = self.rows.row(ix);
        let t = self.policy.table(row.table);
        let links = held_links(row);
        let names = links.iter().map(|l| t.links[*l].name.clone()).collect();
        let level = row.claims.iter().map(|c| self.grant(row.table, c)).max().unwrap_or(Access::Withhold);
        if links.iter().any(|l| t.links[*l].on_access == Some(Access::Withhold)) {
            return View {
                level: Access::Withhold,
                columns: Vec::new(),
                links: names,
                withheld: vec![("the map withholds these rows", Vec::new())],
            };
        }
        let mut view = View { level, columns: Vec::new(), links: names, withheld: Vec::new() };
        if level == Access::Fact {
            view.withheld.push(("the row names the person, but is not theirs: only the fact is told", Vec::new()));
            return view;
        }
        let hidden: BTreeSet<ColumnIx> = links.iter().flat_map(|l| t.links[*l].hide.iter().copied()).collect();
        let (mut secret, mut others, mut hide) = (Vec::new(), Vec::new(), Vec::new());
        for (column, c) in t.columns.iter().enumerate() {
            let mine = c.of.is_empty() || c.of.iter().any(|l| links.contains(l));
            if c.withhold {
                secret.push(column);
            } else if hidden.contains(&column) {
                hide.push(column);
            } else if level == Access::Shared && !mine {
                others.push(column);
            } else {
                view.columns.push(column);
            }
        }
        let reasons =
            [("a secret", secret), ("belongs to other people", others), ("hidden by the map from this role", hide)];
        view.withheld.extend(reasons.into_iter().filter(|(_, c)| !c.is_empty()));
        view
    }

    fn grant(&self, table: TableId, claim: &Claim) -> Access {
        let by_role = match claim.role {
            Role::Own | Role::Owner => Access::Row,
            Role::CoOwner | Role::Author | Role::Viewer => Access::Shared,
            Role::Mention | Role::Part => Access::Fact,
        };
        match claim.via {
            Via::Link { link, .. } => self.policy.table(table).links[link].on_access.unwrap_or(by_role),
            _ => by_role,
        }
    }
}

/// What the person sees of one row.
pub(super) struct View {
    pub level: Access,
    pub columns: Vec<ColumnIx>,
    pub links: Vec<String>,
    pub withheld: Vec<(&'static str, Vec<ColumnIx>)>,
}
