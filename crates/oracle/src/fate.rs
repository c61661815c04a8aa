//! What becomes of each row (LANGUAGE 1.4), rising and then falling.

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{
    ColumnIx, Erase, Fate, ForeignKey, Hold, Keep, KindId, Link, LinkIx, OnErase, Policy, Role, Table, Target, Untie,
    Until,
};
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::actions::moment;
use crate::claims::{Claim, Claims, Via, closed, grow, parents};
use crate::copies;
use crate::matching::joins_identity;
use crate::persons::is_person;
use crate::reading::holds;
use crate::resolve::{Question, alike, resolve};
use crate::world::{Row, RowId, World, id as id_of};

/// The frozen fates.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    /// By row; rows without an entry have none. A vetoed row has none.
    pub of: BTreeMap<RowId, Fate>,
    /// Rows that stay as they are, and why.
    pub vetoes: BTreeMap<RowId, Vec<Keep>>,
    /// Rows that go: those with fate delete, and association rows that go with their tie.
    pub going: BTreeSet<RowId>,
    /// Rows that would have gone if no surviving row needed them.
    pub fallen: BTreeSet<RowId>,
    /// Columns that stay as they are: by a law of their own, or readable with a row that a law keeps.
    pub staying: BTreeMap<RowId, BTreeSet<ColumnIx>>,
}

/// All that deciding looks at.
pub(crate) struct Scene<'a> {
    pub policy: &'a Policy,
    pub world: &'a World,
    pub records: &'a BTreeSet<RowId>,
    pub claims: &'a Claims,
    /// Rows that somebody else co-owns.
    pub shared: BTreeSet<RowId>,
    /// The same, and what the person holds through such rows only.
    pub among: BTreeSet<RowId>,
    /// Rows that are the person's alone by a claim of an owner, whoever co-owns them.
    pub owned: BTreeSet<RowId>,
    /// The kind of the persons.
    pub kind: KindId,
    /// Whom holds name.
    pub held: &'a BTreeMap<String, Question>,
    pub today: &'a str,
}

/// "fates only rise in the first pass and only fall in the second".
pub(crate) fn fates(scene: &Scene) -> Fates {
    let mut fates = Fates { of: rising(scene), vetoes: vetoes(scene), ..Fates::default() };
    fates.of.retain(|id, _| !fates.vetoes.contains_key(id));
    fates.staying = scene.staying(&fates);
    column_vetoes(scene, &mut fates);
    fates.going = fates.of.iter().filter(|(_, f)| **f == Fate::Delete).map(|(id, _)| id.clone()).collect();
    scene.associations(&mut fates);
    scene.falling(&mut fates);
    fates
}

/// "The fate of `r` is the highest over the claims of `P` on it".
fn rising(scene: &Scene) -> BTreeMap<RowId, Fate> {
    let mut fates: BTreeMap<RowId, Fate> = scene.claims.of.keys().map(|id| (id.clone(), Fate::None)).collect();
    loop {
        let before = fates.clone();
        for id in before.keys() {
            for claim in scene.claims.on(id) {
                let asked = scene.asked(&fates, id, claim).iter().map(|w| w.0).max().unwrap_or_default();
                fates.entry(id.clone()).and_modify(|f| *f = asked.max(*f));
            }
        }
        if fates == before {
            return fates;
        }
    }
}

/// "a *keep* on a link .. beats every fate: the row stays, and parts of a held row follow".
fn vetoes(scene: &Scene) -> BTreeMap<RowId, Vec<Keep>> {
    let mut vetoes: BTreeMap<RowId, Vec<Keep>> = BTreeMap::new();
    for id in scene.claims.of.keys() {
        for said in scene.claims.on(id).flat_map(|claim| scene.vetoes_of(id, claim)) {
            if let OnErase::Keep(keep) = said {
                vetoes.entry(id.clone()).or_default().push(keep.clone());
            }
        }
    }
    for hold in scene.policy.holds.iter().filter(|hold| scene.in_force(hold)) {
        let keep = Keep { law: format!("hold {}", hold.id), until: None, with: hold.with.clone() };
        let own = scene.claims.of.keys().filter(|_| scene.is_on_the_person(hold));
        let mut rows: BTreeSet<RowId> = own.cloned().chain(scene.held_by_others(hold)).collect();
        if hold.kind.is_none() {
            // "put from outside": on tables alone it is about their rows, whoever has a claim on them.
            rows.extend(scene.world.all(scene.policy).map(|(id, _)| id));
        }
        for id in rows.into_iter().filter(|id| hold.tables.as_ref().is_none_or(|tables| tables.contains(&id.0))) {
            vetoes.entry(id).or_default().push(keep.clone());
        }
    }
    loop {
        let mut followers = Vec::new();
        for (id, row) in scene.world.all(scene.policy) {
            for link in scene.links(&id, |l| l.role == Role::Part) {
                for parent in parents(scene.policy, scene.world, id.0, row, link) {
                    followers.extend(vetoes.get(&parent).into_iter().flatten().map(|k| (id.clone(), k.clone())));
                }
            }
        }
        let mut grew = false;
        for (id, keep) in followers {
            let kept = vetoes.entry(id).or_default();
            if !kept.contains(&keep) {
                kept.push(keep);
                grew = true;
            }
        }
        if !grew {
            return vetoes;
        }
    }
}

/// "on a link or column .. the row (or column) stays": a row cannot go while one of its columns must stay.
fn column_vetoes(scene: &Scene, fates: &mut Fates) {
    for (id, fate) in fates.of.iter_mut().filter(|(_, f)| **f == Fate::Delete) {
        if scene.keeps_a_column(id) {
            *fate = Fate::Scrub;
            fates.fallen.insert(id.clone());
        }
    }
}

impl Scene<'_> {
    /// A hold "put from outside" stands from its first to its last day, on rows of the persons it is about.
    fn in_force(&self, hold: &Hold) -> bool {
        let begun = hold.since.as_deref().is_none_or(|since| since <= self.today);
        let over = hold.last.as_deref().is_some_and(|last| last < self.today);
        begun && !over && (hold.kind.is_some() || hold.tables.is_some())
    }

    /// The records of the person whom a hold names, where it names one.
    fn named(&self, hold: &Hold) -> Option<BTreeSet<RowId>> {
        self.held.get(&hold.id).map(|question| resolve(self.policy, self.world, question).unwrap_or_default())
    }

    /// "Of these persons alone", or of all of the kind. Whoever has an identity of theirs counts as one of them.
    fn is_on_the_person(&self, hold: &Hold) -> bool {
        let alike = |records| alike(self.policy, self.world, self.kind, &records);
        let named = || self.named(hold).is_none_or(|records| !alike(records).is_disjoint(self.records));
        hold.kind.is_none_or(|kind| kind == self.kind && named())
    }

    /// "only rows on which a person of this kind has a claim", whoever asks.
    fn held_by_others(&self, hold: &Hold) -> Vec<RowId> {
        let Some(kind) = hold.kind else { return Vec::new() };
        if let Some(records) = self.named(hold) {
            let mut claims = Claims::default();
            for record in records.union(&alike(self.policy, self.world, kind, &records)) {
                claims.add(record.clone(), Claim { role: Role::Own, via: Via::Own });
            }
            grow(self.policy, self.world, &records, &mut claims, &|_, _| true);
            return claims.of.into_keys().collect();
        }
        let mut records = BTreeSet::new();
        for population in &self.policy.kinds[kind.0].populations {
            let persons = self.world.rows(population.table).iter();
            let persons = persons.filter(|row| is_person(self.policy, self.world, population, row));
            records.extend(persons.map(|row| id_of(self.policy, population.table, row)));
        }
        closed(self.policy, self.world, &records).of.into_keys().collect()
    }

    pub(crate) fn row(&self, id: &RowId) -> &Row {
        self.world.get(self.policy, id).expect("the row of an id of this world")
    }

    /// "a list of `{ when, do }`, first match"; when a law's time is over and nothing else is said, the default.
    pub(crate) fn action(&self, id: &RowId, column: ColumnIx) -> Option<Erase> {
        let row = self.row(id);
        let table = self.policy.table(id.0);
        let choices = copies::said(self.policy, id.0, column);
        let over = |what: &Erase| matches!(what, Erase::Keep(keep) if is_over(table, keep, row, self.today));
        let said: Vec<&Erase> = choices
            .iter()
            .filter(|(when, _)| holds(self.policy, self.world, when, row))
            .map(|(_, what)| what)
            .collect();
        match said.iter().find(|what| !over(what)) {
            Some(what) => Some((*what).clone()),
            None if said.is_empty() => None,
            None => copies::default(&table.columns[column]),
        }
    }

    /// Columns that a law keeps in this row; "an empty column is kept by none".
    fn kept_columns(&self, id: &RowId) -> BTreeSet<usize> {
        let row = self.row(id);
        let columns = 0..self.policy.table(id.0).columns.len();
        let kept =
            columns.filter(|&c| matches!(self.action(id, c), Some(Erase::Keep(_))) && row[c].join_text().is_some());
        kept.collect()
    }

    fn keeps_a_column(&self, id: &RowId) -> bool {
        !self.kept_columns(id).is_empty()
    }

    pub(crate) fn links(&self, id: &RowId, which: impl Fn(&Link) -> bool) -> Vec<LinkIx> {
        let links = self.policy.table(id.0).links.iter().enumerate();
        links.filter(|(_, l)| which(l)).map(|(l, _)| l).collect()
    }

    /// "A *tie* is a reference held by a surviving row to a record or identity of `P` or to a row that goes (a `by` link
    /// holds none here)." Ties to what stays are undone by the row's own fate, ties to what goes in any case.
    pub(crate) fn ties(&self, fates: &Fates, id: &RowId) -> BTreeSet<LinkIx> {
        let row = self.row(id);
        let asked = fates.of.get(id).is_some_and(|f| matches!(f, Fate::Untie | Fate::Scrub));
        let mut ties = BTreeSet::new();
        for link in self.links(id, |l| !l.by) {
            let target = &self.policy.table(id.0).links[link];
            let tied = match target.target {
                Target::Row { .. } => parents(self.policy, self.world, id.0, row, link)
                    .iter()
                    .any(|t| fates.going.contains(t) || (asked && self.records.contains(t))),
                Target::Identity { .. } => {
                    asked && joins_identity(self.policy, self.world, target, (id.0, row), self.records)
                }
            };
            if tied {
                ties.insert(link);
            }
        }
        ties
    }

    /// Links of a surviving row whose ties are undone: "`none`, a veto: nothing", and where no way is given, none.
    pub(crate) fn undone(&self, fates: &Fates, id: &RowId) -> BTreeSet<LinkIx> {
        if fates.vetoes.contains_key(id) {
            return BTreeSet::new();
        }
        let stays = |l: &LinkIx| {
            let columns = &self.policy.table(id.0).links[*l].columns;
            fates.staying.get(id).is_some_and(|staying| columns.iter().any(|c| staying.contains(c)))
        };
        let undone = |l: &LinkIx| self.untie(id, *l).is_some_and(|u| u != Untie::Delete) && !stays(l);
        self.ties(fates, id).into_iter().filter(undone).collect()
    }

    /// "`with` lists the columns of referenced records that must stay readable with it"; and columns with a `keep`.
    fn staying(&self, fates: &Fates) -> BTreeMap<RowId, BTreeSet<ColumnIx>> {
        let mut staying: BTreeMap<RowId, BTreeSet<ColumnIx>> = BTreeMap::new();
        for (id, _) in self.world.all(self.policy) {
            staying.entry(id.clone()).or_default().extend(self.kept_columns(&id));
        }
        for (vetoed, keeps) in &fates.vetoes {
            for link in self.links(vetoed, |l| !l.by) {
                for to in parents(self.policy, self.world, vetoed.0, self.row(vetoed), link) {
                    let with = keeps.iter().flat_map(|k| &k.with).filter(|(t, _)| *t == to.0);
                    staying.entry(to.clone()).or_default().extend(with.map(|(_, c)| *c));
                }
            }
        }
        staying
    }

    pub(crate) fn untie(&self, id: &RowId, link: LinkIx) -> Option<Untie> {
        self.policy.table(id.0).links[link].untie
    }

    fn goes_with_a_tie(&self, fates: &Fates, id: &RowId) -> bool {
        !fates.vetoes.contains_key(id)
            && !self.keeps_a_column(id)
            && self.ties(fates, id).iter().any(|t| self.untie(id, *t) == Some(Untie::Delete))
    }

    /// "`delete` a pure association row": it goes when its tie is undone, and so may others that refer to it.
    fn associations(&self, fates: &mut Fates) {
        loop {
            let found: Vec<RowId> = self
                .world
                .all(self.policy)
                .map(|(id, _)| id)
                .filter(|id| !fates.going.contains(id) && self.goes_with_a_tie(fates, id))
                .collect();
            if found.is_empty() {
                return;
            }
            fates.going.extend(found);
        }
    }

    /// "Then, until nothing changes: a row with fate `delete` that a surviving row needs (RESTRICT, CASCADE, or a tie that
    /// cannot be undone) becomes `scrub`."
    fn falling(&self, fates: &mut Fates) {
        loop {
            let stays: Vec<RowId> = fates.going.iter().filter(|id| self.must_stay(fates, id)).cloned().collect();
            if stays.is_empty() {
                return;
            }
            for id in stays {
                fates.going.remove(&id);
                if let Some(fate) = fates.of.get_mut(&id).filter(|f| **f == Fate::Delete) {
                    *fate = Fate::Scrub;
                    fates.fallen.insert(id);
                }
            }
        }
    }

    fn must_stay(&self, fates: &Fates, id: &RowId) -> bool {
        let by_fate = fates.of.get(id) == Some(&Fate::Delete);
        (!by_fate && !self.goes_with_a_tie(fates, id)) || self.is_needed(fates, id)
    }

    fn is_needed(&self, fates: &Fates, id: &RowId) -> bool {
        let survivors = self.world.all(self.policy).filter(|(x, _)| !fates.going.contains(x));
        survivors.into_iter().any(|(x, row)| self.needs(fates, &x, row, id))
    }

    /// Does a surviving row still refer to one that goes, after its unties?
    fn needs(&self, fates: &Fates, x: &RowId, row: &Row, y: &RowId) -> bool {
        let table = self.policy.table(x.0);
        let undone = self.undone(fates, x);
        let tied = self
            .links(x, |l| !l.by)
            .into_iter()
            .any(|l| !undone.contains(&l) && parents(self.policy, self.world, x.0, row, l).contains(y));
        let freed: BTreeSet<usize> = undone.iter().flat_map(|&l| table.links[l].columns.clone()).collect();
        let keys = table.foreign_keys.iter().filter(|fk| fk.table == y.0);
        tied || keys.into_iter().any(|fk| fk.columns.iter().all(|c| !freed.contains(c)) && refers(fk, row, self.row(y)))
    }
}

fn refers(fk: &ForeignKey, row: &Row, target: &Row) -> bool {
    fk.columns
        .iter()
        .zip(&fk.target_columns)
        .all(|(&c, &t)| row[c].join_text().is_some() && row[c].join_text() == target[t].join_text())
}

/// "`until` is a date, or a column and a period": the last day; a row without the date never tells it.
pub(crate) fn is_over(table: &Table, keep: &Keep, row: &Row, today: &str) -> bool {
    let end = match &keep.until {
        None => None,
        Some(Until::Date(date)) => date.parse::<Date>().ok(),
        Some(Until::After(column, period)) => {
            day(table, *column, row).and_then(|date| date.checked_add(period.parse::<Span>().ok()?).ok())
        }
    };
    let today: Option<Date> = today.parse().ok();
    end.zip(today).is_some_and(|(end, today)| end < today)
}

/// "`time = "s"`, `"ms"` or `"us"` for numbers that count from 1970, which answers and `until` read as times".
fn day(table: &Table, column: ColumnIx, row: &Row) -> Option<Date> {
    let text = row[column].join_text()?;
    match table.columns[column].time {
        Some(unit) => Some(moment(text.parse().ok()?, unit)?.to_zoned(TimeZone::UTC).date()),
        None => text.get(..10)?.parse().ok(),
    }
}
