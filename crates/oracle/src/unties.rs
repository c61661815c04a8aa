//! How ties are undone (LANGUAGE 1.5, "It is undone as `untie` says").

use std::collections::BTreeMap;

use engine::policy::model::{ColumnIx, Fate, Link, Place, Scope, TableId, Target, Untie};
use engine::value::Value;

use crate::documents::{At, Piece, tokens};
use crate::erase::{Change, Eraser};
use crate::masks::edited;
use crate::matching::{joins, joins_identity};
use crate::reading::place;
use crate::world::{Row, RowId, id as id_of};

impl Eraser<'_> {
    /// What is written to the columns of ties.
    pub(crate) fn untied(&self, id: &RowId) -> BTreeMap<ColumnIx, Change> {
        let table = self.scene.policy.table(id.0);
        let mut cells = BTreeMap::new();
        for l in self.scene.undone(self.fates, id) {
            let link = &table.links[l];
            for (n, &c) in link.columns.iter().enumerate() {
                let Some(untie) = link.untie else { continue };
                let change = match (&link.reading.document, link.reading.forms.is_empty()) {
                    (Some(place), _) => self.in_document(id, link, place, untie),
                    (None, true) => self.instead(id, link, n, untie),
                    (None, false) => self.in_text(id, link, untie),
                };
                if let Some(change) = change {
                    cells.entry(c).or_insert(change);
                }
            }
        }
        cells
    }

    fn instead(&self, id: &RowId, link: &Link, n: usize, untie: Untie) -> Option<Change> {
        Some(match untie {
            Untie::Null => Change::Null,
            Untie::Blank => Change::Blank,
            Untie::Pseudonym => Change::Pseudonym,
            Untie::Nobody => Change::Nobody(link.nobody.first().cloned().unwrap_or(Value::Null)),
            Untie::Placeholder => self.stand_in(id, &link.target, n),
            Untie::Delete | Untie::Drop => return None,
        })
    }

    /// "When such a tie is undone the rest of the text stays as it was: `drop` takes the array element away, the others
    /// write in its place".
    fn in_document(&self, id: &RowId, link: &Link, place: &Place, untie: Untie) -> Option<Change> {
        let text = self.scene.row(id)[link.columns[0]].join_text()?.into_owned();
        let mut found = tokens(place.codec, &text)?;
        let tied: Vec<Vec<At>> = found
            .iter()
            .filter(|t| t.is_at(&place.path) && self.is_tied(id, link, t.value()))
            .map(|t| t.at.clone())
            .collect();
        if untie == Untie::Drop {
            let element = |at: &Vec<At>| at.iter().rposition(|a| matches!(a, At::Nth(_))).map(|n| at[..=n].to_vec());
            let gone: Vec<Vec<At>> = tied.iter().filter_map(element).collect();
            found.retain(|t| !gone.iter().any(|g| t.at.starts_with(g)));
            return Some(Change::Document(place.codec, found.into_iter().map(Piece::Same).collect()));
        }
        edited(place.codec, &found, |t| {
            (t.is_scalar() && tied.contains(&t.at)).then(|| match self.instead(id, link, 0, untie) {
                Some(Change::Null) | None => Piece::Nothing,
                Some(change) => Piece::Instead(t.clone(), Box::new(change)),
            })
        })
    }

    /// "`null` without a document empties the column".
    fn in_text(&self, id: &RowId, link: &Link, untie: Untie) -> Option<Change> {
        let text = self.scene.row(id)[link.columns[0]].join_text()?.into_owned();
        let change = self.instead(id, link, 0, untie)?;
        if change == Change::Null {
            return Some(change);
        }
        let places = link.reading.forms.iter().filter_map(|form| place(form, &text));
        let mut tied = places.filter(|at| self.is_tied(id, link, Value::text(&text[at.clone()])));
        Some(Change::Within(tied.next()?, Box::new(change)))
    }

    /// Is this one of the values by which the row refers to the person, or to what goes?
    fn is_tied(&self, id: &RowId, link: &Link, value: Value) -> bool {
        let (policy, world, records) = (self.scene.policy, self.scene.world, self.scene.records);
        let asked = self.fates.of.get(id).is_some_and(|f| matches!(f, Fate::Untie | Fate::Scrub));
        let (mut plain, mut row): (Link, Row) = (link.clone(), self.scene.row(id).clone());
        plain.reading = Default::default();
        row[link.columns[0]] = value;
        let Target::Row { table, .. } = link.target else {
            return asked && joins_identity(policy, world, &plain, (id.0, &row), records);
        };
        world.rows(table).iter().any(|other| {
            let there = id_of(policy, table, other);
            (self.fates.going.contains(&there) || (asked && records.contains(&there)))
                && joins(policy, world, &plain, (id.0, &row), (table, other))
        })
    }

    fn stand_in(&self, id: &RowId, target: &Target, n: usize) -> Change {
        match target {
            Target::Row { table, columns } => Change::Placeholder(*table, columns[n], self.scope(id, *table)),
            Target::Identity { kind, identity } => {
                let populations = &self.scene.policy.kinds[kind.0].populations;
                let found = populations
                    .iter()
                    .find_map(|p| p.identities.iter().find(|i| i.name == *identity).map(|i| (p.table, i.column)));
                found.map_or(Change::Pseudonym, |(table, column)| {
                    Change::Placeholder(table, column, self.scope(id, table))
                })
            }
        }
    }

    /// "`"one"`, `"person"`, `"row"` (one for each row that refers to the person) or a list of columns of these rows (one for
    /// each combination of values)". A request is about one person.
    fn scope(&self, id: &RowId, of: TableId) -> Vec<Value> {
        let policy = self.scene.policy;
        let populations = policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == of);
        let mut scopes = populations.filter_map(|p| p.placeholder.as_ref()).map(|p| &p.scope);
        let values: Vec<Value> = match scopes.next() {
            None | Some(Scope::One | Scope::Person) => return Vec::new(),
            Some(Scope::Row) => id.1.clone(),
            Some(Scope::Columns(names)) => {
                let row = self.scene.row(id);
                let value = |name: &String| policy.table(id.0).column(name).map_or(Value::Null, |c| row[c].clone());
                names.iter().map(value).collect()
            }
        };
        // Rows of two tables are two rows, and combinations of two tables two combinations.
        let table = i64::try_from(id.0.0).unwrap_or_default();
        std::iter::once(Value::Int(table)).chain(values).collect()
    }
}
