//! The steps of a rectification (GDPR Art. 16 and 19): what is wrong is corrected where it stands, and wherever the same
//! value stands for the same reason: in other systems, in copies, and in rows that are joined by it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::draft::{Draft, Drafted, held_links};
use super::how::How;
use super::keeps::{self, Decided};
use super::question::{Correction, Refusal, Wrong};
use super::resolve::{by_match, place, region, same};
use super::rows::{RowIx, Via};
use super::types::{Action, Kept, Key, Step, Why};
use super::{Answer, Ask, Person};
use crate::matching;
use crate::policy::model::{
    ColumnIx, Identity, LinkIx, Match, OnErase, Policy, Population, Role, SystemId, SystemKind, TableId, Target, Worth,
};
use crate::policy::resolve::unwritable;
use crate::schema::Class;
use crate::value::Value;

/// A place of one value.
type Cell = (RowIx, ColumnIx);

/// Rows that change alike: table, columns, and why.
type Alike = (TableId, Vec<(String, How)>, &'static str);

/// Values that stay for the same reason: table, why, and columns.
type Staying = (TableId, Why, Vec<String>);

/// What becomes of cells: the new value, and why.
pub type Corrected = BTreeMap<Cell, (Value, &'static str)>;

/// The columns that must be read to find what corrections are about, and their copies.
pub fn corrected(policy: &Policy, corrections: &[Correction]) -> Vec<(TableId, ColumnIx)> {
    let mut found: BTreeSet<(TableId, ColumnIx)> = BTreeSet::new();
    for correction in corrections {
        let named = named(policy, &correction.what);
        let category = match (&correction.what, named) {
            (Wrong::Category(category), _) => Some(category.clone()),
            (_, Some((table, column))) => policy.table(table).columns[column].category.clone(),
            _ => None,
        };
        found.extend(named);
        let alike =
            columns(policy).filter(|(t, c)| category.is_some() && policy.table(*t).columns[*c].category == category);
        found.extend(alike);
    }
    let copies: Vec<_> = columns(policy)
        .filter(|(t, c)| policy.table(*t).columns[*c].copy_of.is_some_and(|source| found.contains(&source)))
        .collect();
    found.into_iter().chain(copies).collect()
}

fn columns(policy: &Policy) -> impl Iterator<Item = (TableId, ColumnIx)> + '_ {
    policy.table_ids().flat_map(|t| (0..policy.table(t).columns.len()).map(move |c| (t, c)))
}

fn named(policy: &Policy, what: &Wrong) -> Option<(TableId, ColumnIx)> {
    let Wrong::Column { system, table, column } = what else { return None };
    let table = policy.table_named(policy.system_named(system)?, table)?;
    Some((table, policy.table(table).column(column)?))
}

impl Draft<'_> {
    /// The steps of a rectification, and what a law or a hold keeps as it is.
    pub fn rectification(&self) -> Result<Drafted, Refusal> {
        let corrected = self.corrections()?;
        let mut changes: BTreeMap<Alike, Vec<RowIx>> = BTreeMap::new();
        let mut kept: BTreeMap<Staying, Vec<Key>> = BTreeMap::new();
        let rows: BTreeSet<RowIx> = corrected.keys().map(|(row, _)| *row).collect();
        for row in rows {
            let t = self.policy.table(self.rows.row(row).table);
            let (mut columns, mut reason) = (Vec::new(), "");
            for ((_, column), (to, why)) in corrected.range((row, 0)..(row + 1, 0)) {
                match self.stays(row, *column) {
                    Some(law) => {
                        let key = (self.rows.row(row).table, law, vec![t.columns[*column].name.clone()]);
                        kept.entry(key).or_default().push(self.rows.row(row).key.clone());
                    }
                    None => {
                        columns.push((t.columns[*column].name.clone(), How::Set(to.clone())));
                        reason = why;
                    }
                }
            }
            if !columns.is_empty() {
                changes.entry((self.rows.row(row).table, columns, reason)).or_default().push(row);
            }
        }
        let steps: Vec<(SystemId, Step)> = changes
            .into_iter()
            .map(|((table, columns, reason), ixs)| {
                let action = Action::Change { columns, spans: Vec::new() };
                (self.policy.table(table).system, self.step(table, &ixs, action, reason.to_owned()))
            })
            .collect();
        Ok(Drafted { systems: self.by_system(steps), kept: self.kept(kept), ..Drafted::default() })
    }

    fn kept(&self, kept: BTreeMap<Staying, Vec<Key>>) -> Vec<Kept> {
        let one = |((table, reason, columns), mut keys): (Staying, Vec<Key>)| {
            keys.sort();
            let t = self.policy.table(table);
            Kept { system: self.policy.system(t.system).name.clone(), table: t.name.clone(), keys, reason, columns }
        };
        kept.into_iter().map(one).collect()
    }

    /// Every value that changes. A value that the person does not hold is never changed, whoever names them there.
    pub fn corrections(&self) -> Result<Corrected, Refusal> {
        let mut all = Corrected::new();
        for correction in &self.question.corrections {
            for (cell, reason) in self.found(correction)? {
                let to = self.fitting(cell, &correction.to)?;
                if all.get(&cell).is_some_and(|(other, _)| *other != to) {
                    return Err(Refusal::Twice { column: self.column_place(cell) });
                }
                if *self.rows.value(cell.0, cell.1) != to {
                    all.insert(cell, (to, reason));
                }
            }
        }
        if all.is_empty() {
            let what = self.question.corrections.first().map(|c| c.what.to_string()).unwrap_or_default();
            return Err(Refusal::NothingToCorrect { what });
        }
        while let Some((cell, to, reason)) = self.following(&all) {
            let to = self.fitting(cell, &to.join_text().unwrap_or_default())?;
            all.insert(cell, (to, reason));
        }
        Ok(all)
    }

    /// Cells that a correction is about, and those with the same value for the same reason.
    fn found(&self, correction: &Correction) -> Result<Vec<(Cell, &'static str)>, Refusal> {
        let what = &correction.what;
        let named = matches!(what, Wrong::Column { .. });
        let meant = self.held().filter(|cell| self.is_meant(*cell, what) && (named || !self.follows_by_itself(*cell)));
        let meant: Vec<Cell> = meant.collect();
        let old: BTreeSet<String> = match &correction.from {
            Some(from) => meant.iter().filter_map(|c| self.normal(*c, &Value::text(from.as_str()))).collect(),
            None => meant.iter().filter_map(|c| self.normal(*c, self.rows.value(c.0, c.1))).collect(),
        };
        if correction.from.is_none() && old.len() > 1 {
            let places: BTreeSet<String> = meant.iter().map(|c| self.column_place(*c)).collect();
            return Err(Refusal::Ambiguous { what: what.to_string(), places: places.into_iter().collect() });
        }
        let holds_old = |c: &Cell| self.normal(*c, self.rows.value(c.0, c.1)).is_some_and(|n| old.contains(&n));
        // Where nothing stands yet, the person's own record is completed.
        let fill =
            |c: &Cell| old.is_empty() && correction.from.is_none() && self.rows.row(c.0).roles.contains(&Role::Own);
        let wrong: Vec<Cell> = meant.into_iter().filter(|c| holds_old(c) || fill(c)).collect();
        if wrong.is_empty() {
            return Err(Refusal::NothingToCorrect { what: what.to_string() });
        }
        let held = self.held().filter(|c| !self.follows_by_itself(*c));
        let same = held.filter(|c| !wrong.contains(c) && wrong.iter().any(|w| self.is_alike(*w, *c)));
        let same: Vec<Cell> = same.filter(holds_old).collect();
        let reasoned =
            wrong.into_iter().map(|c| (c, "is wrong")).chain(same.into_iter().map(|c| (c, "holds the same")));
        Ok(reasoned.collect())
    }

    /// Cells that belong to the person, as far as they were read.
    fn held(&self) -> impl Iterator<Item = Cell> + '_ {
        self.rows.all().filter(|(_, row)| !row.claims.is_empty()).flat_map(move |(ix, row)| {
            let t = self.policy.table(row.table);
            let links = held_links(row);
            let owns = row.roles.iter().any(|r| *r >= Role::CoOwner && *r != Role::Part);
            let read = self.rows.needed(row.table).iter().copied();
            read.filter(move |c| {
                let of = &t.columns[*c].of;
                if of.is_empty() { owns } else { of.iter().any(|l| links.contains(l)) }
            })
            .map(move |c| (ix, c))
        })
    }

    /// Is it computed from what is corrected? Nobody else can write it.
    fn follows_by_itself(&self, (row, column): Cell) -> bool {
        let table = self.policy.table(self.rows.row(row).table);
        table.columns[column].generated && self.policy.system(table.system).kind != SystemKind::Http
    }

    fn is_meant(&self, (row, column): Cell, what: &Wrong) -> bool {
        let table = self.rows.row(row).table;
        match what {
            Wrong::Category(category) => self.policy.table(table).columns[column].category.as_ref() == Some(category),
            Wrong::Column { .. } => named(self.policy, what) == Some((table, column)),
        }
    }

    /// Do two columns hold the same thing: one category, or one identity?
    fn is_alike(&self, a: Cell, b: Cell) -> bool {
        let category =
            |(row, column): Cell| self.policy.table(self.rows.row(row).table).columns[column].category.as_deref();
        let name = |cell| self.identity(cell).map(|(_, i)| i.name.as_str());
        (category(a).is_some() && category(a) == category(b)) || (name(a).is_some() && name(a) == name(b))
    }

    /// The identity that a cell holds: in a record of the person, or in a row of theirs beside it.
    fn identity(&self, (row, column): Cell) -> Option<(&Population, &Identity)> {
        let row = self.rows.row(row);
        let populations = self.policy.kinds[self.question.kind.0].populations.iter();
        let mut all = populations.flat_map(|p| p.identities.iter().map(move |i| (p, i)));
        let found = all.find(|(_, i)| i.table == row.table && i.column == column);
        found.filter(|(p, _)| row.roles.iter().any(|r| *r == Role::Own || (p.table != row.table && *r == Role::Owner)))
    }

    /// The form in which values of a cell are compared; none for an empty one.
    fn normal(&self, cell: Cell, value: &Value) -> Option<String> {
        let matching = self.identity(cell).map_or(Match::Exact, |(_, i)| i.matching);
        matching::normal(matching, value, region(self.policy, self.rows, cell.0)).filter(|n| !n.is_empty())
    }

    /// The value as the column wants it.
    fn fitting(&self, cell: Cell, to: &str) -> Result<Value, Refusal> {
        let t = self.policy.table(self.rows.row(cell.0).table);
        let column = &t.columns[cell.1];
        let unfit = |why: &str| Refusal::Unfit { column: self.column_place(cell), why: why.to_owned() };
        // An address may be the key of a row about the person; what tells the persons themselves apart stays.
        if t.key.contains(&cell.1) && self.rows.row(cell.0).roles.contains(&Role::Own) {
            return Err(unfit("it is part of the key of its table"));
        }
        if column.generated {
            return Err(unfit(self.policy.never_written(self.rows.row(cell.0).table)));
        }
        let value = cast(to, column.class).ok_or_else(|| unfit(&format!("the column is `{}`", column.type_name)))?;
        if let Some(why) = unwritable(&value, column) {
            return Err(unfit(&why));
        }
        if self.identity(cell).is_some_and(|(_, i)| i.worth != Worth::Text) && self.normal(cell, &value).is_none() {
            return Err(unfit("it identifies nobody"));
        }
        Ok(value)
    }

    /// One more cell that must follow: a reference to a changed value, or a copy of it.
    fn following(&self, all: &Corrected) -> Option<(Cell, Value, &'static str)> {
        let claimed = self.rows.all().filter(|(_, row)| !row.claims.is_empty());
        claimed.into_iter().find_map(|(ix, row)| {
            let tied = row.claims.iter().find_map(|c| match c.via {
                Via::Link { link, parent } => self.tied(all, ix, link, parent),
                _ => None,
            });
            tied.or_else(|| self.copied(all, ix))
        })
    }

    /// A reference that a link reads, at either end.
    fn tied(
        &self,
        all: &Corrected,
        ix: RowIx,
        link: LinkIx,
        parent: Option<RowIx>,
    ) -> Option<(Cell, Value, &'static str)> {
        let l = &self.policy.table(self.rows.row(ix).table).links[link];
        if !l.reading.is_plain() {
            return None;
        }
        let why = "refers to what changes";
        match (&l.target, parent) {
            (Target::Row { columns, .. }, Some(parent)) => {
                let mut ends = l.columns.iter().map(|c| (ix, *c)).zip(columns.iter().map(|c| (parent, *c)));
                ends.find_map(|(own, there)| {
                    let (reference, value) = if l.by { (there, own) } else { (own, there) };
                    let (to, _) = all.get(&value).filter(|_| !all.contains_key(&reference))?;
                    // A value that stays keeps what refers to it.
                    if self.stays(value.0, value.1).is_some() {
                        return None;
                    }
                    Some((reference, to.clone(), why))
                })
            }
            (Target::Identity { kind, identity }, None) if *kind == self.question.kind => {
                let cell = (ix, l.columns[0]);
                let here = |value| matching::normal(l.matching, value, region(self.policy, self.rows, ix));
                let changed = all.iter().find(|((row, column), _)| {
                    self.identity((*row, *column)).is_some_and(|(_, i)| i.name == *identity)
                        && here(self.rows.value(*row, *column)) == here(self.rows.value(ix, cell.1))
                        && self.stays(*row, *column).is_none()
                });
                let (_, (to, _)) = changed.filter(|_| !all.contains_key(&cell))?;
                Some((cell, to.clone(), why))
            }
            _ => None,
        }
    }

    /// A copy that held the same as its source.
    fn copied(&self, all: &Corrected, ix: RowIx) -> Option<(Cell, Value, &'static str)> {
        let row = self.rows.row(ix);
        let t = self.policy.table(row.table);
        t.columns.iter().enumerate().find_map(|(column, c)| {
            let (table, source) = c.copy_of?;
            let cell = (ix, column);
            let mut sources = all.iter().filter(|((row, c), _)| *c == source && self.rows.row(*row).table == table);
            let (_, (to, _)) = sources.find(|((from, c), _)| {
                (*from == ix || self.joined(*from, ix))
                    && same(self.rows.value(*from, *c), self.rows.value(ix, column))
                    && self.stays(*from, *c).is_none()
            })?;
            (!all.contains_key(&cell)).then(|| (cell, to.clone(), "is a copy of what changes"))
        })
    }

    /// Is one row joined to the other by a claim?
    fn joined(&self, a: RowIx, b: RowIx) -> bool {
        let leads = |from: RowIx, to: RowIx| {
            self.rows.row(to).claims.iter().any(|c| matches!(c.via, Via::Link { parent: Some(p), .. } if p == from))
        };
        leads(a, b) || leads(b, a)
    }

    /// The law or hold that keeps a value as it is: what must be kept must be kept as it was.
    fn stays(&self, ix: RowIx, column: ColumnIx) -> Option<Why> {
        if let Some(veto) = self.held.get(&ix) {
            return Some(veto.keeper.why(veto.until));
        }
        if let Decided::Stays(law, until) = keeps::column(self.policy, self.rows, Some(self.today()), ix, column) {
            return Some(Why::Law { law, until: until.map(|d| d.to_string()) });
        }
        self.veto(ix, &mut HashSet::new())
    }

    fn veto(&self, ix: RowIx, seen: &mut HashSet<RowIx>) -> Option<Why> {
        if !seen.insert(ix) {
            return None;
        }
        let row = self.rows.row(ix);
        row.claims.iter().find_map(|claim| {
            let Via::Link { link, parent } = claim.via else { return None };
            let link = &self.policy.table(row.table).links[link];
            for said in [&link.on_erase, &link.while_shared] {
                if let Some(OnErase::Keep(keep)) = keeps::said(self.policy, self.rows, Some(self.today()), ix, said) {
                    let until = keeps::until(self.policy, self.rows, ix, keep).map(|d| d.to_string());
                    return Some(Why::Law { law: keep.law.clone(), until });
                }
            }
            parent.filter(|_| link.role == Role::Part).and_then(|parent| self.veto(parent, seen))
        })
    }

    fn column_place(&self, (row, column): Cell) -> String {
        let table = self.rows.row(row).table;
        format!("{}.{}", place(self.policy, table), self.policy.table(table).columns[column].name)
    }
}

/// A text as a value of a class; `None` where it is none.
fn cast(text: &str, class: Class) -> Option<Value> {
    match class {
        Class::Int => text.trim().parse().ok().map(Value::Int),
        Class::Real => text.trim().parse().ok().map(Value::Real),
        Class::Bool => match text.trim() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Class::Bytes => None,
        _ => Some(Value::text(text)),
    }
}

/// The search for somebody else who has what a correction makes the person's.
pub struct Taken(Vec<Wanted>);

/// One identity that the person gets.
struct Wanted {
    population: Population,
    identity: Identity,
    values: Vec<String>,
}

impl Taken {
    /// What is to be asked before identities change.
    pub fn of(draft: &Draft<'_>, corrected: &Corrected) -> (Taken, Vec<Ask>) {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (cell, (to, _)) in corrected {
            let Some((population, identity)) = draft.identity(*cell).filter(|(_, i)| i.worth == Worth::Key) else {
                continue;
            };
            let Some(value) = draft.normal(*cell, to) else { continue };
            let known = wanted.iter_mut().find(|w| w.identity == *identity);
            match known {
                Some(w) => w.values.push(value),
                None => wanted.push(Wanted {
                    population: population.clone(),
                    identity: identity.clone(),
                    values: vec![value],
                }),
            }
        }
        let ask = |w: &Wanted| {
            let column = draft.policy.table(w.population.table).columns[w.identity.column].name.clone();
            let by = by_match(w.identity.matching, column, w.values.clone());
            Ask::select(
                draft.policy,
                w.population.table,
                draft.rows.select(draft.policy, w.population.table, by, Vec::new()),
            )
        };
        let asks = wanted.iter().map(ask).collect();
        (Taken(wanted), asks)
    }

    /// Refuses where a record that is not the person's has one of the identities, in the same tenant.
    pub fn judge(
        &self,
        policy: &Policy,
        rows: &super::rows::Rows,
        person: &Person,
        answers: Vec<Answer>,
    ) -> Result<(), Refusal> {
        let held = |table: TableId, key: &Key| {
            let mut rows_of = rows.claimed(table);
            rows_of.any(|(_, r)| r.key == *key && r.roles.iter().any(|r| *r >= Role::Owner && *r != Role::Part))
        };
        for (wanted, answer) in self.0.iter().zip(answers) {
            let (p, table) = (&wanted.population, wanted.identity.table);
            let region = policy.system(p.system).country.as_deref();
            for values in answer.rows() {
                let at = |c: ColumnIx| rows.needed(table).binary_search(&c).map_or(&Value::Null, |at| &values[at]);
                let key: Key = policy.table(table).key.iter().map(|c| at(*c).clone()).collect();
                let normal = matching::normal(wanted.identity.matching, at(wanted.identity.column), region);
                let scope = match table == p.table {
                    true => p.tenant.as_ref().map(|t| t.column),
                    false => policy.table(table).tenant,
                };
                let tenant = scope.is_none_or(|column| {
                    let mut local = person.local_tenants.get(&p.system).into_iter().flatten();
                    local.any(|l| same(l, at(column)))
                });
                let is_person = table != p.table || rows.holds_for(&p.when, at);
                if normal.is_some_and(|n| wanted.values.contains(&n)) && tenant && is_person && !held(table, &key) {
                    return Err(Refusal::Taken { table: place(policy, table) });
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Wrong::Category(category) => write!(f, "{category}"),
            Wrong::Column { system, table, column } => write!(f, "{system}.{table}.{column}"),
        }
    }
}
