//! What an erasure changes (LANGUAGE 1.5).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use engine::policy::model::{ColumnIx, Erase, Fate, Fill, LinkIx, Policy, Role, Scope, TableId, Target, Untie};
use engine::value::Value;

use crate::claims::{Claim, Claims, claims};
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
    /// This value of the stand-in record of a table.
    Placeholder(TableId, ColumnIx),
    /// The first `nobody` value.
    Nobody(Value),
    /// A keyed token.
    Pseudonym,
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
}

/// Carries out an erasure request, as a description.
pub fn erase(policy: &Policy, world: &World, question: &Question) -> Result<Erasure, Refusal> {
    let world = &complete(policy, world);
    let records = resolve(policy, world, question)?;
    let mut claims = claims(policy, world, question, &records);
    let scene = Scene::new(policy, world, &records, &claims, question);
    let mut fates = fates(&scene);
    let eraser =
        Eraser { identifiers: Identifiers::of(policy, world, &records, &question.words), scene, fates: &fates };
    let mut changes = BTreeMap::new();
    for (id, row) in world.all(policy) {
        if !fates.going.contains(&id) && !fates.vetoes.contains_key(&id) {
            let cells = eraser.cells(&id, row);
            if !cells.is_empty() {
                changes.insert(id, cells);
            }
        }
    }
    let shared = eraser.scene.shared;
    files::let_go(policy, world, &mut fates, &changes);
    let placeholders = count_placeholders(policy, world, &changes);
    told(policy, &mut claims.of);
    told(policy, &mut fates.of);
    fates.going.retain(|id| !policy.table(id.0).made);
    Ok(Erasure { fates, changes, placeholders, claims, shared })
}

struct Eraser<'a> {
    scene: Scene<'a>,
    fates: &'a Fates,
    identifiers: Identifiers,
}

impl Eraser<'_> {
    /// "`scrub`: all ties .. are undone; columns that belong to `P` get their `erase` action ..; `set_on_scrub` is written.
    /// `untie`: the ties only. .. With `untie` and `scrub`, `text` columns also lose P's own identifiers".
    fn cells(&self, id: &RowId, row: &Row) -> BTreeMap<ColumnIx, Change> {
        let table = self.scene.policy.table(id.0);
        let fate = self.fates.of.get(id).copied().unwrap_or_default();
        let mut cells = BTreeMap::new();
        if fate >= Fate::Untie {
            for (c, _) in table.columns.iter().enumerate().filter(|(_, c)| c.text) {
                cells.extend(self.redacted(&row[c]).map(|change| (c, change)));
            }
        }
        if fate >= Fate::Scrub {
            for (c, action) in self.actions(id) {
                match self.act(&row[c], &action) {
                    Some(change) => cells.insert(c, change),
                    None => cells.remove(&c),
                };
            }
        }
        // "primary-key columns and generated columns are never changed by column actions" (house rule)
        cells.retain(|c, _| !table.key.contains(c) && !table.columns[*c].generated);
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
        let alone = |c: Claim| self.scene.ways(id, c).iter().any(|w| !self.scene.with_others(id, c, w));
        let holds = self.scene.claims.on(id).any(|c| c.role >= Role::CoOwner && alone(c));
        let mut actions = BTreeMap::new();
        if self.asks_for_ordinary_scrub(id) {
            for (c, column) in table.columns.iter().enumerate() {
                // "A column without `of` belongs to the row, that is, to whoever holds `self`, `owner` or `co_owner` on it."
                let mine = if column.of.is_empty() { holds } else { column.of.iter().any(|l| own.contains(l)) };
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

    fn act(&self, value: &Value, action: &Erase) -> Option<Change> {
        match action {
            Erase::Null => Some(Change::Null),
            Erase::Blank => Some(Change::Blank),
            Erase::Replace(v) => Some(Change::Replace(v.clone())),
            // Nothing to hide: an empty value has no hash.
            Erase::Hash => value.join_text().map(|_| Change::Hash),
            Erase::Redact => self.redacted(value),
            // The last four are not compiled yet.
            Erase::Keep(_) | Erase::Pseudonym | Erase::TruncateIp | Erase::Generalise | Erase::Shred => None,
        }
    }

    fn redacted(&self, value: &Value) -> Option<Change> {
        let Value::Text(text) = value else { return None };
        Some(self.identifiers.spans(text)).filter(|s| !s.is_empty()).map(Change::Redacted)
    }

    /// "It is undone as `untie` says".
    fn untied(&self, id: &RowId) -> BTreeMap<ColumnIx, Change> {
        let table = self.scene.policy.table(id.0);
        let mut cells = BTreeMap::new();
        for l in self.scene.undone(self.fates, id) {
            let link = &table.links[l];
            for (n, &c) in link.columns.iter().enumerate() {
                let change = match link.untie {
                    Some(Untie::Null) => Change::Null,
                    Some(Untie::Blank) => Change::Blank,
                    Some(Untie::Pseudonym) => Change::Pseudonym,
                    Some(Untie::Nobody) => Change::Nobody(link.nobody.first().cloned().unwrap_or(Value::Null)),
                    Some(Untie::Placeholder) => self.stand_in(&link.target, n),
                    Some(Untie::Delete | Untie::Drop) | None => continue,
                };
                cells.entry(c).or_insert(change);
            }
        }
        cells
    }

    fn stand_in(&self, target: &Target, n: usize) -> Change {
        match target {
            Target::Row { table, columns } => Change::Placeholder(*table, columns[n]),
            Target::Identity { kind, identity } => {
                let populations = &self.scene.policy.kinds[kind.0].populations;
                let found = populations
                    .iter()
                    .find_map(|p| p.identities.iter().find(|i| i.name == *identity).map(|i| (p.table, i.column)));
                found.map_or(Change::Pseudonym, |(table, column)| Change::Placeholder(table, column))
            }
        }
    }
}

fn filled(fill: &Fill) -> Change {
    match fill {
        Fill::Value(v) => Change::Replace(v.clone()),
        Fill::Template(t) => Change::Filled(t.clone()),
    }
}

/// "`scope` = "one" (default), "person", "row", `[columns]`": a request is about one person in one tenant.
fn count_placeholders(
    policy: &Policy,
    world: &World,
    changes: &BTreeMap<RowId, BTreeMap<ColumnIx, Change>>,
) -> BTreeMap<TableId, usize> {
    let mut scopes: BTreeMap<TableId, BTreeSet<Vec<Value>>> = BTreeMap::new();
    for (id, cells) in changes {
        for change in cells.values() {
            let Change::Placeholder(table, _) = change else { continue };
            let populations = policy.kinds.iter().flat_map(|k| &k.populations);
            let placeholder = populations.filter(|p| p.table == *table).find_map(|p| p.placeholder.as_ref());
            let row = world.get(policy, id).into_iter().flatten();
            let scope: Vec<Value> = match placeholder.map(|p| &p.scope) {
                None | Some(Scope::One | Scope::Person) => Vec::new(),
                Some(Scope::Row) => id.1.clone(),
                Some(Scope::Columns(names)) => {
                    let columns = &policy.table(id.0).columns;
                    row.enumerate().filter(|(c, _)| names.contains(&columns[*c].name)).map(|(_, v)| v.clone()).collect()
                }
            };
            scopes.entry(*table).or_default().insert(scope);
        }
    }
    scopes.into_iter().map(|(t, s)| (t, s.len())).collect()
}
