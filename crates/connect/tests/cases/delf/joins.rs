//! From edges of deletion to what joins which rows: the one reading that the map and the rules are both made of.

use super::read::{Edge, Object};
use crate::k9db::sql::Table;

/// Rows of `table` refer to rows of `target`, and go with them as `goes` says.
pub struct Join {
    pub table: String,
    pub column: String,
    pub target: String,
    pub to: String,
    pub goes: Goes,
    /// The rows of `target` refer to those of `table`, not the other way.
    pub by: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// With each.
    Each,
    /// With the last.
    Last,
}

/// What the edges of all objects say, with columns named as the tables have them: the database does not tell their letter
/// case apart.
pub fn joins(objects: &[Object], tables: &[Table]) -> Vec<Join> {
    let mut joins: Vec<Join> = Vec::new();
    let mut add = |join: Join| {
        let same =
            |j: &Join| j.table == join.table && j.column == join.column && j.target == join.target && j.by == join.by;
        match joins.iter_mut().find(|j| same(j)) {
            Some(known) if join.goes == Goes::Last => known.goes = Goes::Last,
            Some(_) => {}
            None => joins.push(join),
        }
    };
    for object in objects {
        for edge in &object.edges {
            let refers = edge.mapping.as_ref().unwrap_or(&edge.to);
            // The row between is nothing without either end, whatever becomes of the ends.
            let counted = edge.deletion == "refcount" && edge.mapping.is_none();
            add(Join {
                table: refers.clone(),
                column: named(tables, refers, &edge.field),
                target: object.name.clone(),
                to: named(tables, &object.name, &object.id),
                goes: if counted { Goes::Last } else { Goes::Each },
                by: false,
            });
        }
    }
    for object in objects {
        let is_counted = inbound(objects, &object.name).any(|edge| edge.deletion == "refcount");
        for edge in inbound(objects, &object.name).filter(|_| is_counted) {
            let Some((between, back)) = edge.mapping.as_ref().zip(back(objects, edge)) else { continue };
            add(Join {
                table: object.name.clone(),
                column: named(tables, &object.name, &object.id),
                target: between.clone(),
                to: named(tables, between, &back.field),
                goes: Goes::Last,
                by: true,
            });
        }
    }
    joins
}

/// The edges that lead to a kind of objects from others.
fn inbound<'a>(objects: &'a [Object], name: &'a str) -> impl Iterator<Item = &'a Edge> {
    objects.iter().filter(move |o| o.name != name).flat_map(|o| &o.edges).filter(move |e| e.to == name)
}

/// The edge over the same table that leads the other way.
fn back<'a>(objects: &'a [Object], edge: &Edge) -> Option<&'a Edge> {
    objects.iter().flat_map(|o| &o.edges).find(|e| edge.inverse.as_ref() == Some(&e.name))
}

fn named(tables: &[Table], table: &str, column: &str) -> String {
    let table = tables.iter().find(|t| t.name == table);
    let known = table.and_then(|t| t.columns.iter().find(|c| c.name.eq_ignore_ascii_case(column)));
    known.map_or(column, |c| &c.name).to_owned()
}
