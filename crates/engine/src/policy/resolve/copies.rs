//! Columns that are derived from others (`copy_of`): what is said of the source holds for them.

use super::Draft;
use crate::actions::{Coarse, Token, address};
use crate::policy::model::{Column, ColumnIx, Cond, Erase, LinkIx, TableId};
use crate::policy::resolve::unwritable;
use crate::schema::Class;

impl Draft<'_> {
    /// Gives each copy what its root says and it does not say itself: category, `of`, text, personal places and action. Once
    /// more after the defaults it gives those of the roots.
    pub(super) fn resolve_copies(&mut self) {
        for id in self.policy.table_ids() {
            for ix in 0..self.policy.table(id).columns.len() {
                if let Some(root) = self.root(id, ix) {
                    self.inherit(id, ix, root);
                }
            }
        }
    }

    /// The end of a chain of copies; none for a column that is no copy, or one in a circle.
    fn root(&self, id: TableId, ix: ColumnIx) -> Option<(TableId, ColumnIx)> {
        let mut at = self.policy.table(id).columns[ix].copy_of?;
        let mut seen = vec![(id, ix)];
        while let Some(next) = self.policy.table(at.0).columns[at.1].copy_of {
            if seen.contains(&at) {
                return None;
            }
            seen.push(at);
            at = next;
        }
        Some(at)
    }

    fn inherit(&mut self, id: TableId, ix: ColumnIx, (root_id, root_ix): (TableId, ColumnIx)) {
        let root = self.policy.table(root_id).columns[root_ix].clone();
        let of: Vec<LinkIx> = root.of.iter().filter_map(|link| self.same_link(id, root_id, *link)).collect();
        let column = &self.policy.table(id).columns[ix];
        let here = root_id == id;
        // Conditions and periods of another table's action look at that table's columns.
        let fits = |(when, erase): &(Cond, Erase)| (here || is_plain(when, erase)) && takes(column, erase);
        let erase: Vec<(Cond, Erase)> = if root.erase.iter().all(fits) { root.erase.clone() } else { Vec::new() };
        let said = self.origins[id.0].written_column(&column.name).map(|(_, written)| written);
        let silent = said.is_none_or(|written| written.text.is_none());
        let text = matches!(column.class, Class::Text | Class::Json) && root.text;
        let column = &mut self.policy.tables[id.0].columns[ix];
        column.category = column.category.take().or(root.category);
        column.text |= silent && text;
        column.text_everywhere |= silent && text && root.text_everywhere;
        column.withhold |= root.withhold;
        if column.inside.is_empty() && !root.inside.is_empty() && column.codec.is_none_or(|own| Some(own) == root.codec)
        {
            column.codec = root.codec;
            column.inside = root.inside;
        }
        if column.of.is_empty() {
            column.of = of;
        }
        if column.erase.is_empty() {
            column.erase = erase;
        }
    }

    /// The link of a copy's table that is called as one of the source's.
    fn same_link(&self, id: TableId, root: TableId, link: LinkIx) -> Option<LinkIx> {
        let name = &self.policy.table(root).links[link].name;
        self.policy.table(id).links.iter().position(|l| l.name == *name)
    }
}

fn is_plain(when: &Cond, erase: &Erase) -> bool {
    when.0.is_empty() && !matches!(erase, Erase::Keep(_))
}

/// Can the action be carried out on the copy? Otherwise it gets the default of its category.
fn takes(column: &Column, erase: &Erase) -> bool {
    let text = column.class == Class::Text;
    match erase {
        Erase::Null => column.nullable,
        Erase::Blank => text && !column.unique,
        Erase::Hash => text && column.max_chars.is_none_or(|max| max >= 64),
        Erase::Replace(value) => unwritable(value, column).is_none() && !column.unique,
        Erase::Redact => text || column.class == Class::Json,
        Erase::Pseudonym => Token::of(column).is_some(),
        Erase::TruncateIp => address::may_hold(column),
        Erase::Generalise => Coarse::of(column).is_some(),
        Erase::Shred => true,
        Erase::Keep(_) => true,
    }
}
