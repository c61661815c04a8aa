//! What an erasure changes (LANGUAGE 1.5).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use engine::policy::model::{Codec, ColumnIx, Erase, Fate, Fill, LinkIx, Policy, Role, TableId};
use engine::value::Value;

use crate::actions::{coarse, truncated};
use crate::claims::{Claim, Claims, claims};
use crate::copies;
use crate::documents::Piece;
use crate::fate::{Fates, Scene, fates};
use crate::files;
use crate::persons::{complete, told};
use crate::resolve::{Question, Refusal, resolve};
use crate::rules::Wish;
use crate::text::Identifiers;
use crate::world::{Row, RowId, World};

/// What happens to one cell. What only the request's key decides is described, not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// NULL.
    Null,
    /// The empty string.
    Blank,
    /// This value.
    Replace(Value),
    /// A keyed hash of the old value.
    Hash,
    /// These bytes of the old text are masked.
    Redacted(Vec<Range<usize>>),
    /// This value of the stand-in record of a table: of the one that is made for these values of the referring row.
    Placeholder(TableId, ColumnIx, Vec<Value>),
    /// The first `nobody` value.
    Nobody(Value),
    /// A keyed token.
    Pseudonym,
    /// A keyed token of the old value: the same wherever that value stands.
    Alias,
    /// The old address without its end.
    Truncated(Value),
    /// Something less exact than the old value.
    Coarse(Value),
    /// A document with other tokens.
    Document(Codec, Vec<Piece>),
    /// These bytes of the old text are replaced.
    Within(Range<usize>, Box<Change>),
    /// A template with fields that are filled in when it is applied.
    Filled(String),
}

/// What an erasure does to the world.
#[derive(Clone, Debug, Default)]
pub struct Erasure {
    /// Fates, vetoes, and the rows that go.
    pub fates: Fates,
    /// Cells that change, in rows that stay.
    pub changes: BTreeMap<RowId, BTreeMap<ColumnIx, Change>>,
    /// How many stand-in records each table gets.
    pub placeholders: BTreeMap<TableId, usize>,
    /// The claims behind it.
    pub claims: Claims,
    /// Rows that somebody else holds too.
    pub shared: BTreeSet<RowId>,
    /// Cells that stay as they are, and that nobody can read once the person's key is destroyed.
    pub shredded: BTreeSet<(RowId, ColumnIx)>,
}

/// Carries out an erasure request, as a description.
pub fn erase(policy: &Policy, world: &World, question: &Question) -> Result<Erasure, Refusal> {
    erase_where(policy, world, question, |_, _, _| {})
}

/// The same, where something else is known of the claims on some rows.
pub(crate) fn erase_where(
    policy: &Policy,
    world: &World,
    question: &Question,
    known: impl FnOnce(&World, &BTreeSet<RowId>, &mut Claims),
) -> Result<Erasure, Refusal> {
    let world = &complete(policy, world);
    let records = resolve(policy, world, question)?;
    let mut claims = claims(policy, world, question, &records);
    known(world, &records, &mut claims);
    let scene = Scene::new(policy, world, &records, &claims, question);
    let mut fates = fates(&scene);
    let eraser =
        Eraser { identifiers: Identifiers::of(policy, world, &records, &question.words), scene, fates: &fates };
    let (mut changes, mut shredded) = (BTreeMap::new(), BTreeSet::new());
    for (id, row) in world.all(policy) {
        if !fates.going.contains(&id) && !fates.vetoes.contains_key(&id) {
            let cells = eraser.cells(&id, row);
            shredded.extend(eraser.shredded(&id).into_iter().map(|c| (id.clone(), c)));
            if !cells.is_empty() {
                changes.insert(id, cells);
            }
        }
    }
    let shared = eraser.scene.shared;
    files::let_go(policy, world, &mut fates, &changes);
    let placeholders = count_placeholders(&changes);
    told(policy, &mut claims.of);
    told(policy, &mut fates.of);
    fates.going.retain(|id| !policy.table(id.0).made);
    Ok(Erasure { fates, changes, placeholders, claims, shared, shredded })
}

pub(crate) struct Eraser<'a> {
    pub scene: Scene<'a>,
    pub fates: &'a Fates,
    pub identifiers: Identifiers,
}

impl Eraser<'_> {
    /// "`scrub`: all ties .. are undone; columns that belong to `P` get their `erase` action ..; `set_on_scrub` is written.
    /// `untie`: the ties only. .. With `untie` and `scrub`, `text` columns also lose P's own identifiers".
    fn cells(&self, id: &RowId, row: &Row) -> BTreeMap<ColumnIx, Change> {
        let table = self.scene.policy.table(id.0);
        let fate = self.fates.of.get(id).copied().unwrap_or_default();
        let mut cells = BTreeMap::new();
        if fate >= Fate::Untie {
            for (c, value) in row.iter().enumerate() {
                let column = copies::read(self.scene.policy, id.0, c);
                cells.extend(self.masked(&column, value, false).filter(|_| column.text).map(|change| (c, change)));
            }
        }
        if fate >= Fate::Scrub {
            for (c, action) in self.actions(id) {
                match self.act(id, c, &row[c], &action) {
                    Some(change) => cells.insert(c, change),
                    None => cells.remove(&c),
                };
            }
        }
        // "primary-key columns and generated columns are never changed by column actions" (house rule)
        cells.retain(|c, _| (table.keyless || !table.key.contains(c)) && !table.columns[*c].generated);
        cells.extend(self.untied(id));
        if fate >= Fate::Scrub {
            cells.extend(table.set_on_scrub.iter().map(|(c, fill)| (*c, filled(fill))));
        }
        let staying = self.fates.staying.get(id);
        cells.retain(|c, _| !staying.is_some_and(|s| s.contains(c)));
        cells
    }

    /// Columns that belong to `P`, and what becomes of each.
    fn actions(&self, id: &RowId) -> BTreeMap<ColumnIx, Erase> {
        let table = self.scene.policy.table(id.0);
        let own: BTreeSet<LinkIx> = self.scene.claims.links(id).collect();
        // "while others co-own the row, only columns `of` P's links".
        let co_owned = |c: Claim| c.role == Role::CoOwner && self.scene.shared.contains(id);
        let alone = |c: Claim| !co_owned(c) && self.scene.ways(id, c).iter().any(|w| !self.scene.with_others(id, c, w));
        let holds = self.scene.claims.on(id).any(|c| c.role >= Role::CoOwner && alone(c));
        let mut actions = BTreeMap::new();
        if self.asks_for_ordinary_scrub(id) {
            for c in 0..table.columns.len() {
                // "A column without `of` belongs to the row, that is, to whoever holds `self`, `owner` or `co_owner` on it."
                let of = copies::of(self.scene.policy, id.0, c);
                let mine = if of.is_empty() { holds } else { of.iter().any(|l| own.contains(l)) };
                actions.extend(self.scene.action(id, c).filter(|_| mine).map(|e| (c, e)));
            }
        }
        // "`{ action = [columns] }` scrubs exactly these"
        for listed in self.wishes(id).filter_map(|(_, listed)| listed) {
            actions.extend(listed.iter().flat_map(|(action, cs)| cs.iter().map(|&c| (c, action.clone()))));
        }
        actions
    }

    fn wishes(&self, id: &RowId) -> impl Iterator<Item = Wish<'_>> {
        self.scene.claims.on(id).flat_map(|claim| self.scene.asked(&self.fates.of, id, claim))
    }

    /// Does anything but a list of columns ask for this scrub?
    fn asks_for_ordinary_scrub(&self, id: &RowId) -> bool {
        self.fates.fallen.contains(id) || self.wishes(id).any(|(fate, listed)| listed.is_none() && fate >= Fate::Scrub)
    }

    fn act(&self, id: &RowId, c: ColumnIx, value: &Value, action: &Erase) -> Option<Change> {
        let column = &copies::read(self.scene.policy, id.0, c);
        // Nothing to hide: "an empty value stays as it is".
        let held = value.join_text().is_some();
        match action {
            Erase::Null => Some(Change::Null),
            Erase::Blank => Some(Change::Blank),
            Erase::Replace(v) => Some(Change::Replace(v.clone())),
            Erase::Hash => held.then_some(Change::Hash),
            Erase::Pseudonym => held.then_some(Change::Alias),
            Erase::TruncateIp => held.then(|| Change::Truncated(truncated(column, value))),
            Erase::Generalise => held.then(|| Change::Coarse(coarse(column, value))),
            Erase::Redact => self.masked(column, value, true),
            // "what stood there, which nobody can read any more"
            Erase::Keep(_) | Erase::Shred => None,
        }
    }

    /// Columns whose key goes with the person.
    fn shredded(&self, id: &RowId) -> Vec<ColumnIx> {
        if self.fates.of.get(id).is_none_or(|f| *f < Fate::Scrub) {
            return Vec::new();
        }
        self.actions(id).into_iter().filter(|(_, action)| *action == Erase::Shred).map(|(c, _)| c).collect()
    }
}

fn filled(fill: &Fill) -> Change {
    match fill {
        Fill::Value(v) => Change::Replace(v.clone()),
        Fill::Template(t) => Change::Filled(t.clone()),
    }
}

/// "`scope` = "one" (default), "person", "row", `[columns]`": a request is about one person in one tenant.
fn count_placeholders(changes: &BTreeMap<RowId, BTreeMap<ColumnIx, Change>>) -> BTreeMap<TableId, usize> {
    let mut scopes: BTreeMap<TableId, BTreeSet<&Vec<Value>>> = BTreeMap::new();
    for change in changes.values().flat_map(BTreeMap::values).flat_map(Change::inner) {
        if let Change::Placeholder(table, _, scope) = change {
            scopes.entry(*table).or_default().insert(scope);
        }
    }
    scopes.into_iter().map(|(t, s)| (t, s.len())).collect()
}

impl Change {
    /// What is written: by itself, or within a document or text.
    pub fn inner(&self) -> Vec<&Change> {
        match self {
            Change::Within(_, change) => vec![change],
            Change::Document(_, pieces) => {
                let mut instead = Vec::new();
                for piece in pieces {
                    if let Piece::Instead(_, change) = piece {
                        instead.push(change.as_ref());
                    }
                }
                instead
            }
            whole => vec![whole],
        }
    }
}
