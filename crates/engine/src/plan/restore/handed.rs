//! What one reactivation leaves to other deactivations: rows and values that come back with them.

use std::collections::BTreeSet;

use super::super::how::How;
use super::super::types::{Action, HandedOn, Key, Plan};
use super::edges::{Edge, Place, Seals, edges, keys};
use crate::ask::Row;
use crate::seal::{Image, Sealed, SealedTable};
use crate::text::Finder;
use crate::value::Value;

/// Rewrites the seals of the others as if the one that `plan` takes back had never been. Returns the cases whose seals
/// changed.
pub fn hand_on(plan: &Plan, own: &[Sealed], others: &mut Vec<(String, Vec<Sealed>)>) -> Vec<String> {
    let mut seals = Seals::new(std::mem::take(others));
    rewrite(plan, own, &mut seals);
    let (cases, changed) = seals.finish();
    *others = cases;
    changed
}

/// The same within the planner, that goes on with what comes of it.
pub(super) fn rewrite(plan: &Plan, own: &[Sealed], seals: &mut Seals) {
    for system in own {
        for table in &system.tables {
            let said = Said::of(plan, system, table);
            table.rows.iter().for_each(|image| said.rewrite(image, seals));
        }
    }
}

/// What a plan says of the rows of one sealed table.
struct Said<'p> {
    system: &'p str,
    table: &'p SealedTable,
    /// Steps by their keys.
    steps: Vec<(BTreeSet<&'p Key>, &'p Action)>,
    handed: Vec<&'p HandedOn>,
    plan: &'p Plan,
    /// Finds those whom values that come back shall not name.
    finder: Finder,
}

impl<'p> Said<'p> {
    fn of(plan: &'p Plan, system: &'p Sealed, table: &'p SealedTable) -> Self {
        let steps = plan.systems.iter().filter(|s| s.system == system.system).flat_map(|s| &s.steps);
        let steps = steps.filter(|s| s.table == table.table).map(|s| (s.keys.iter().collect(), &s.action)).collect();
        let handed = plan.restores.iter().flat_map(|r| &r.handed_on);
        let handed = handed.filter(|h| h.system == system.system && h.table == table.table).collect();
        Said { system: &system.system, table, steps, handed, plan, finder: Finder::new(&plan.identifiers) }
    }

    fn rewrite(&self, image: &Image, seals: &mut Seals) {
        let Some(key) = image.stands().map(|row| self.table.key_of(row)) else { return };
        let actions: Vec<&Action> =
            self.steps.iter().filter(|(keys, _)| keys.contains(&key)).map(|(_, action)| *action).collect();
        let (back, rest) = self.undone(image, &actions);
        let places = seals.of_row(self.system, &self.table.table, &keys(self.table, image));
        for edge in &back {
            places.iter().for_each(|place| seals.look_on(*place, edge));
        }
        let rest = self.hand(image, &key, (back, rest), seals);
        self.lead_on(image, rest, &places, seals);
    }

    /// The changes that the plan undoes, and the others. Where a row comes back with other values, what leads from the sealed
    /// value to the other one is among the others.
    fn undone(&self, image: &Image, actions: &[&Action]) -> (Vec<Edge>, Vec<Edge>) {
        let back = |edge: &Edge| {
            actions.iter().any(|action| match action {
                Action::Change { columns, .. } => {
                    columns.iter().any(|(c, how)| *how == How::Sealed && *c == edge.column)
                }
                Action::Delete => edge.from.is_none(),
                _ => false,
            })
        };
        let instead = actions.iter().find_map(|action| match action {
            Action::Reinsert { instead, .. } => Some(instead),
            _ => None,
        });
        let all = edges(self.table, image);
        let comes = instead.is_some() && image.after.is_none();
        let (mut restored, mut rest) = (Vec::new(), Vec::new());
        for edge in all {
            // What is left open only until a circle is closed is set by a later step.
            let other = instead.into_iter().flatten().find(|(c, _)| *c == edge.column);
            let other = other.filter(|_| comes && !back(&edge)).map(|(_, value)| value.clone());
            match other.or_else(|| self.veiled(&edge, actions)) {
                Some(value) => rest.push(Edge { to: Some(value), ..edge }),
                None if comes || back(&edge) => restored.push(edge),
                None => rest.push(edge),
            }
        }
        (restored, rest)
    }

    /// What a value is that comes back without somebody's name.
    fn veiled(&self, edge: &Edge, actions: &[&Action]) -> Option<Value> {
        let columns = actions.iter().filter_map(|action| match action {
            Action::Change { columns, .. } => Some(columns),
            _ => None,
        });
        let how = columns.flatten().find(|(c, how)| *c == edge.column && *how != How::Sealed && how.restores());
        how?.1.back(&self.plan.token_key, &self.finder, edge.from.as_ref()?)
    }

    /// Hands on what the plan says, and returns what is left.
    fn hand(&self, image: &Image, key: &Key, (back, mut rest): (Vec<Edge>, Vec<Edge>), seals: &mut Seals) -> Vec<Edge> {
        for handed in self.handed.iter().filter(|h| h.key == *key) {
            let of = |edge: &Edge| handed.columns.as_ref().is_none_or(|list| list.contains(&edge.column));
            let (given, kept): (Vec<Edge>, Vec<Edge>) = rest.into_iter().partition(of);
            rest = kept;
            if !given.is_empty() {
                let piece = self.piece(image, &back, &given);
                seals.hand(&handed.case, (self.system, self.table), piece);
            }
        }
        rest
    }

    /// An image that holds these changes alone; the other columns are as the reactivation leaves them.
    fn piece(&self, image: &Image, back: &[Edge], given: &[Edge]) -> Image {
        let Some(around) = image.stands() else { return image.clone() };
        let side = |of: &dyn Fn(&Edge) -> Option<Value>| -> Option<Row> {
            let cell = |(column, value): (&String, &Value)| match given.iter().find(|e| e.column == *column) {
                Some(edge) => of(edge),
                None => back.iter().find(|e| e.column == *column).map_or(Some(value.clone()), |e| e.from.clone()),
            };
            self.table.columns.iter().zip(around).map(cell).collect()
        };
        Image { before: side(&|e| e.from.clone()), after: side(&|e| e.to.clone()), since: image.since }
    }

    /// What the row no longer holds was changed again: that change now leads from what was there before both.
    fn lead_on(&self, image: &Image, mut rest: Vec<Edge>, places: &[Place], seals: &mut Seals) {
        for place in places {
            // Who changes a row that was made has made it now.
            let whole = image.before.is_none() && !edges(self.table, seals.at(*place).2).is_empty();
            let on = |edge: &Edge| whole || seals.leads_on(*place, &edge.column, edge.to.as_ref());
            let (joined, left): (Vec<Edge>, Vec<Edge>) = rest.into_iter().partition(on);
            rest = left;
            if !joined.is_empty() {
                seals.join(*place, &joined, image.since);
            }
        }
    }
}
