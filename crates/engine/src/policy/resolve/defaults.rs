//! What the language fills in where the map is silent: how a tie is undone, and what erasure does to a personal column.

use super::Draft;
use crate::actions::Token;
use crate::policy::category;
use crate::policy::model::{
    Codec, Column, ColumnIx, Cond, Erase, Fill, Link, Placeholder, Role, Step, Table, TableId, Target, Untie,
};
use crate::schema::Class;

impl Draft<'_> {
    /// Fills in all defaults.
    pub(super) fn fill_defaults(&mut self) {
        let ids: Vec<TableId> = self.policy.table_ids().collect();
        for id in ids {
            for nth in 0..self.policy.table(id).links.len() {
                let link = &self.policy.table(id).links[nth];
                if link.by {
                    self.policy.tables[id.0].links[nth].untie = None;
                } else if self.origins[id.0].links[nth].written.untie.is_none() && !self.is_file(id) {
                    // What others co-own does not go with the tie of one of them, unless the map says so.
                    let shared = |u: Untie| u == Untie::Delete && link.role == Role::CoOwner;
                    let possible = |u: &Untie| !shared(*u) && self.untie_problem(id, link, *u).is_none();
                    let first = UNTIES.into_iter().find(possible);
                    self.policy.tables[id.0].links[nth].untie = first;
                }
            }
        }
        self.fill_actions(|column| column.copy_of.is_none());
        // "the action of the first source", said or not.
        self.resolve_copies();
        self.fill_actions(|column| column.copy_of.is_some());
    }

    fn fill_actions(&mut self, of: impl Fn(&Column) -> bool) {
        for id in self.policy.table_ids() {
            for ix in 0..self.policy.table(id).columns.len() {
                if of(&self.policy.table(id).columns[ix])
                    && let Some(erase) = self.default_erase(id, ix)
                {
                    self.policy.tables[id.0].columns[ix].erase = vec![(Cond::default(), erase)];
                }
            }
        }
    }

    /// Why a tie cannot be undone in this way; `None` if it can.
    pub(crate) fn untie_problem(&self, id: TableId, link: &Link, untie: Untie) -> Option<&'static str> {
        let table = self.policy.table(id);
        let columns = || link.columns.iter().map(|&c| &table.columns[c]);
        if self.is_file(id) {
            return (untie != Untie::Delete).then_some("the name of a file cannot be changed");
        }
        if untie != Untie::Delete && columns().any(|c| c.generated) {
            return Some(self.policy.never_written(id));
        }
        let unless = |possible: bool, why: &'static str| (!possible).then_some(why);
        match untie {
            Untie::Drop => unless(
                link.reading.document.as_ref().is_some_and(|d| d.path.0.contains(&Step::Each)),
                "the link reads no element of an array",
            ),
            Untie::Null => match &link.reading.document {
                Some(place) => unless(place.codec != Codec::Url, "a URL holds no NULL"),
                None => unless(columns().all(|c| c.nullable), "the column takes no NULL"),
            },
            Untie::Nobody => unless(link.columns.len() == 1 && !link.nobody.is_empty(), "no value stands for `nobody`"),
            Untie::Placeholder => unless(
                self.has_placeholder(link),
                "the link leads to no table with a placeholder, or not to what tells its stand-ins apart",
            ),
            Untie::Delete => unless(
                self.is_association(id),
                "the row is no pure association: it has columns besides keys, ties and `system` ones",
            ),
            Untie::Pseudonym if link.columns.len() != 1 => Some("the link has several columns"),
            Untie::Pseudonym if columns().any(|c| !is_text(c, link)) => Some("the column is no text"),
            Untie::Pseudonym => {
                unless(columns().all(|c| Token::at(c, &link.reading).is_some()), "the column is too short for a token")
            }
            Untie::Blank => unless(columns().all(|c| is_text(c, link)), "the column is no text"),
        }
    }

    /// Does the link lead to a table of persons with a stand-in, by its key or by columns in which each stand-in differs?
    fn has_placeholder(&self, link: &Link) -> bool {
        let Target::Row { table, columns } = &link.target else { return false };
        let populations = self.policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == *table);
        let differs = |placeholder: &Placeholder, column: &ColumnIx| {
            let token = |fill: &Fill| matches!(fill, Fill::Template(text) if text.contains("{token"));
            placeholder.columns.iter().any(|(c, fill)| c == column && token(fill))
        };
        let is_key = self.policy.table(*table).key == *columns;
        populations.filter_map(|p| p.placeholder.as_ref()).any(|p| is_key || columns.iter().all(|c| differs(p, c)))
    }

    /// Only keys, ties and `system` columns?
    fn is_association(&self, id: TableId) -> bool {
        let (table, origin) = (self.policy.table(id), &self.origins[id.0]);
        let decided: Vec<&str> =
            origin.parts.iter().flat_map(|p| &p.ignore).flat_map(|(_, c)| c).map(|n| n.it.as_str()).collect();
        (0..table.columns.len()).all(|ix| {
            let column = &table.columns[ix];
            let tie = table.links.iter().any(|l| !l.by && l.columns.contains(&ix));
            let system = column.category.as_deref().is_some_and(is_system);
            tie || system
                || is_structural(table, ix)
                || origin.in_primary_key(ix)
                || decided.contains(&column.name.as_str())
        })
    }

    /// The default action of a column that belongs to persons and has none of its own.
    fn default_erase(&self, id: TableId, ix: ColumnIx) -> Option<Erase> {
        let column = &self.policy.table(id).columns[ix];
        // A copy may have its source's.
        if !column.erase.is_empty() || !self.needs_erase(id, ix) {
            return None;
        }
        let text = matches!(column.class, Class::Text | Class::Json | Class::Bytes);
        if text && (column.text || column.is_redacted() && !is_personal(column.category.as_deref(), false)) {
            Some(Erase::Redact)
        } else if column.nullable {
            Some(Erase::Null)
        } else {
            (column.class == Class::Text && !column.unique).then_some(Erase::Blank)
        }
    }

    /// Is it a personal column that the map gives no action, although one can be written to it?
    pub(crate) fn needs_erase(&self, id: TableId, ix: ColumnIx) -> bool {
        let (table, origin) = (self.policy.table(id), &self.origins[id.0]);
        let column = &table.columns[ix];
        let silent = origin.written_column(&column.name).is_none_or(|(_, c)| c.erase.is_empty());
        let tie = table.links.iter().any(|l| !l.by && l.columns.contains(&ix));
        let key = is_structural(table, ix) || origin.in_primary_key(ix);
        is_personal(column.category.as_deref(), column.is_redacted()) && silent && !tie && !key && !column.generated
    }
}

/// Can any text be written where the link reads its value?
fn is_text(column: &Column, link: &Link) -> bool {
    column.class == Class::Text || link.reading.document.is_some()
}

/// The ways to undo a tie, in the order in which they are tried where the map says none.
const UNTIES: [Untie; 6] =
    [Untie::Drop, Untie::Null, Untie::Nobody, Untie::Placeholder, Untie::Delete, Untie::Pseudonym];

/// Part of the key or the tenant column: never erased unless the map says so.
fn is_structural(table: &Table, ix: ColumnIx) -> bool {
    table.is_key(ix) || table.tenant == Some(ix)
}

/// Does a column of this category belong to persons?
pub(crate) fn is_personal(category: Option<&str>, text: bool) -> bool {
    text || category.is_some_and(category::is_personal)
}

fn is_system(category: &str) -> bool {
    category == "system" || category.starts_with("system.")
}
