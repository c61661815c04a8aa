//! Columns that are encrypted under a key of the person (`erase = "shred"`): whether the key can go, and what goes with it.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, held_links};
use super::fates::Outcome;
use super::rows::RowIx;
use super::types::{Kept, Key, Shred, Why};
use crate::policy::model::{Column, ColumnIx, Erase, Fate, Right, Role, TableId};

impl Draft<'_> {
    /// What becomes unreadable. One key encrypts all of them, so where one such column of the person stays, all stay and are
    /// told as kept: a law that keeps something unreadable keeps nothing.
    pub(super) fn shreds(&self, outcomes: &[Outcome]) -> (Vec<Shred>, Vec<Kept>) {
        let mut going: BTreeMap<(TableId, BTreeSet<ColumnIx>), Vec<RowIx>> = BTreeMap::new();
        let mut needed_by = None;
        if !self.destroys_keys() {
            return (Vec::new(), Vec::new());
        }
        for (ix, row) in self.rows.all().filter(|(ix, row)| !row.claims.is_empty() && !outcomes[*ix].aside) {
            let encrypted = self.encrypted(ix);
            let shredded = match outcomes[ix].goes {
                true => encrypted.clone(),
                false => self.shredded(ix, outcomes),
            };
            if !encrypted.is_subset(&shredded) {
                needed_by = Some(row.table);
            }
            if !shredded.is_empty() {
                going.entry((row.table, shredded)).or_default().push(ix);
            }
        }
        let Some(by) = needed_by else {
            let shred = |((table, columns), rows): ((TableId, BTreeSet<ColumnIx>), Vec<RowIx>)| {
                let (system, name, columns) = self.named(table, &columns);
                Shred { system, table: name, columns, rows: rows.len(), staying: self.staying(&rows, outcomes) }
            };
            return (going.into_iter().map(shred).collect(), Vec::new());
        };
        let by = self.policy.table(by).name.clone();
        let kept = going.into_iter().filter_map(|((table, columns), rows)| {
            let keys = self.staying(&rows, outcomes);
            let (system, table, columns) = self.named(table, &columns);
            (!keys.is_empty()).then(|| Kept { system, table, keys, reason: Why::Needed { by: by.clone() }, columns })
        });
        (Vec::new(), kept.collect())
    }

    fn staying(&self, rows: &[RowIx], outcomes: &[Outcome]) -> Vec<Key> {
        let staying = rows.iter().filter(|ix| !outcomes[**ix].goes);
        let mut keys: Vec<Key> = staying.map(|ix| self.rows.row(*ix).key.clone()).collect();
        keys.sort();
        keys
    }

    /// Only records have keys, and whoever may come back keeps theirs.
    pub(super) fn destroys_keys(&self) -> bool {
        let recorded = |(ix, _): &(RowIx, Vec<String>)| !self.policy.table(self.rows.row(*ix).table).made;
        self.question.right == Right::Erasure && self.person.records.iter().any(recorded)
    }

    /// Is all that happens to this row that columns of it become unreadable?
    pub(super) fn is_shredded(&self, ix: RowIx, outcomes: &[Outcome]) -> bool {
        self.destroys_keys() && self.actions(ix, outcomes).values().any(|erase| *erase == Erase::Shred)
    }

    /// Columns of a row that are encrypted under the person's key: those that belong to the person.
    fn encrypted(&self, ix: RowIx) -> BTreeSet<ColumnIx> {
        let row = self.rows.row(ix);
        let links = held_links(row);
        let holds = row.roles.iter().any(|role| *role >= Role::CoOwner);
        let belongs = |c: &Column| if c.of.is_empty() { holds } else { c.of.iter().any(|link| links.contains(link)) };
        let shredded = |c: &Column| c.erase.iter().any(|(_, erase)| *erase == Erase::Shred);
        let columns = self.policy.table(row.table).columns.iter().enumerate();
        columns.filter(|(_, c)| shredded(c) && belongs(c)).map(|(ix, _)| ix).collect()
    }

    /// Those of a row that stays which the scrub makes unreadable.
    fn shredded(&self, ix: RowIx, outcomes: &[Outcome]) -> BTreeSet<ColumnIx> {
        if outcomes[ix].fate < Fate::Scrub {
            return BTreeSet::new();
        }
        let stays = |column: &ColumnIx| outcomes[ix].stays.contains_key(column);
        let actions = self.actions(ix, outcomes).into_iter();
        actions.filter(|(column, erase)| *erase == Erase::Shred && !stays(column)).map(|(column, _)| column).collect()
    }

    fn named(&self, table: TableId, columns: &BTreeSet<ColumnIx>) -> (String, String, Vec<String>) {
        let t = self.policy.table(table);
        let columns = columns.iter().map(|c| t.columns[*c].name.clone()).collect();
        (self.policy.system(t.system).name.clone(), t.name.clone(), columns)
    }
}
