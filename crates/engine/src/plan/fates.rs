//! What becomes of each row at erasure (LANGUAGE 1.4): fates rise, vetoes stand, then deletions fall where a surviving row
//! needs the row.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use super::asked::{Asked, Keeper, Rules, Veto};
use super::claims::Claims;
use super::ghosts::Gone;
use super::keeps::{self, Decided};
use super::needed::pass_on;
use super::references::{By, References, covers, texts};
use super::remainder::Remembered;
use super::resolve::{Person, identities_of, region};
use super::rows::{RowIx, Rows, Via};
use super::sharing::Sharing;
use super::standing::Standing;
use super::values::{Joined, there};
use super::{Answer, Ask};
use crate::ask;
use crate::matching;
use crate::policy::model::{ColumnIx, Erase, Fate, ForeignKey, Link, LinkIx, Policy, Role, TableId, Target, Untie};
use crate::value::Value;

/// The outcome for one row.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Its fate, after everything rose and fell; none under a veto.
    pub fate: Fate,
    /// It goes: by its fate, or as an association row with its tie.
    pub goes: bool,
    /// The vetoes that keep it as it is.
    pub vetoes: Vec<Veto>,
    /// Links whose ties are undone.
    pub undone: Vec<LinkIx>,
    /// Of those that are read from a part of their column: the values that go, normalised.
    pub untied: BTreeMap<LinkIx, Vec<String>>,
    /// It would have gone, but this table needs it.
    pub needed_by: Option<TableId>,
    /// What keeps the rows that need it, and until when.
    pub needed_for: BTreeSet<(Keeper, Option<Date>)>,
    /// Columns that stay readable: what keeps them longest, and its end.
    pub stays: BTreeMap<ColumnIx, (Keeper, Option<Date>)>,
    /// What its fate would be if nothing were kept.
    pub free: Fate,
    /// An earlier run has dealt with all of its columns but these.
    pub only: Option<Vec<ColumnIx>>,
    /// It stays because others hold it too.
    pub others: Option<Others>,
    /// Something asks for more than exactly the columns listed.
    pub ordinary: bool,
    /// Columns that links list, and what is done to them.
    pub listed: Vec<(Erase, Vec<ColumnIx>)>,
    /// The person holds it alone, so that columns which are nobody else's are theirs.
    pub holds: bool,
    /// The plan does nothing to the row and tells nothing of it.
    pub aside: bool,
    /// It fell from delete to scrub.
    fell: bool,
    /// It was to go, by its fate or with its tie, and something needs it.
    stayed: bool,
}

impl Outcome {
    /// Of a row that the plan is not about.
    pub fn aside() -> Outcome {
        Outcome { aside: true, ..Outcome::default() }
    }

    /// Does anything follow from it?
    pub fn tells(&self) -> bool {
        self.goes || self.fate > Fate::None || !self.undone.is_empty() || !self.vetoes.is_empty()
    }
}

/// Who else holds a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// People who co-own it.
    CoOwners,
    /// Rows of this table, of which it is a part as well.
    Parents(TableId),
}

/// The computation as a state machine: it asks for parts of kept rows, and for rows that refer to rows which are to go.
pub struct Fates {
    outcomes: Vec<Outcome>,
    sharing: Sharing,
    standing: Standing,
    remembered: Remembered,
    gone: Gone,
    free: Vec<Outcome>,
    stage: Stage,
    /// Foreign keys that no link covers, with the values asked for.
    keys: Vec<(TableId, ForeignKey, HashSet<Joined>)>,
    asked: Vec<TableId>,
    today: Date,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Sharing,
    Start,
    Vetoes,
    Going,
    Done,
}

impl Fates {
    pub fn new(policy: &Policy, now: Timestamp, standing: Standing, remembered: Remembered, gone: Gone) -> Self {
        let keys = policy.table_ids().flat_map(|t| policy.table(t).foreign_keys.iter().map(move |fk| (t, fk)));
        let keys = keys.filter(|(t, fk)| !covers(policy, *t, fk)).map(|(t, fk)| (t, fk.clone(), HashSet::new()));
        let today = now.to_zoned(TimeZone::UTC).date();
        let (outcomes, sharing, asked) = (Vec::new(), Sharing::default(), Vec::new());
        let (free, stage) = (Vec::new(), Stage::Sharing);
        Fates { outcomes, sharing, standing, remembered, gone, free, stage, keys: keys.collect(), asked, today }
    }

    /// Takes answers, returns asks; none when the outcomes are final.
    pub fn step(
        &mut self,
        policy: &Policy,
        person: &Person,
        claims: &mut Claims,
        rows: &mut Rows,
        mut answers: Vec<Answer>,
    ) -> Vec<Ask> {
        if self.stage == Stage::Sharing {
            let asks = self.sharing.step(policy, person, rows, std::mem::take(&mut answers));
            if !asks.is_empty() {
                return asks;
            }
            self.stage = Stage::Start;
        }
        if self.standing.awaited() > 0 {
            // A row that turns out to be kept keeps its parts, and what was to go may have to stay.
            self.standing.take(policy, rows, std::mem::take(&mut answers));
            self.stage = Stage::Vetoes;
        }
        for (table, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers.split_off(claims.awaited())) {
            for values in answer.rows() {
                rows.take(policy, table, values);
            }
        }
        claims.take(policy, person, rows, answers);
        loop {
            let asks = if self.stage == Stage::Start { Vec::new() } else { self.standing.ask(policy, person, rows) };
            if !asks.is_empty() {
                return asks;
            }
            let grew = self.standing.grew() || rows.count() > self.outcomes.len();
            if grew && self.stage == Stage::Going {
                // A row that came may be kept, and keep others.
                self.stage = Stage::Vetoes;
            }
            self.outcomes.resize_with(rows.count(), Outcome::default);
            let all = References::among(policy, rows);
            let today = Some(self.today);
            let rules = Rules { policy, rows, sharing: &self.sharing, remembered: &self.remembered, today };
            let (standing, gone) = (&self.standing, &self.gone);
            let mut scene =
                Scene { policy, rows, rules, standing, gone, references: &all, outcomes: &mut self.outcomes };
            let asks = match self.stage {
                Stage::Sharing | Stage::Start => {
                    scene.rise();
                    self.free = vec![Outcome::default(); rows.count()];
                    let rules = Rules { today: None, ..rules };
                    Scene { policy, rows, rules, standing, gone, references: &all, outcomes: &mut self.free }.rise();
                    self.stage = Stage::Vetoes;
                    Vec::new()
                }
                Stage::Vetoes => {
                    scene.vetoes();
                    // Of what is kept because of others alone, no part is the person's that is not known.
                    let asks_for =
                        |ix: &RowIx| !rows.row(*ix).claims.is_empty() || !self.standing.keeps_for_others(*ix);
                    let kept = self.outcomes.iter().enumerate().filter(|(_, o)| !o.vetoes.is_empty()).map(|(ix, _)| ix);
                    let kept = kept.filter(asks_for);
                    let asks = claims.ask_pointing(policy, rows, kept, |l| l.role == Role::Part);
                    if asks.is_empty() {
                        self.stage = Stage::Going;
                    }
                    asks
                }
                Stage::Going => {
                    scene.go();
                    let mut asks = self.ask_referring(policy, claims, rows);
                    if asks.is_empty() {
                        asks = self.ask_held(policy, claims, rows, &all);
                    }
                    if asks.is_empty() {
                        let remembered = &self.remembered;
                        let rules = Rules { policy, rows, sharing: &self.sharing, remembered, today };
                        let (standing, gone) = (&self.standing, &self.gone);
                        Scene { policy, rows, rules, standing, gone, references: &all, outcomes: &mut self.outcomes }
                            .settle();
                        self.stage = Stage::Done;
                    }
                    asks
                }
                Stage::Done => return Vec::new(),
            };
            if !asks.is_empty() {
                return asks;
            }
        }
    }

    pub fn finish(mut self) -> Vec<Outcome> {
        for (ix, (outcome, free)) in self.outcomes.iter_mut().zip(&self.free).enumerate() {
            outcome.free = free.fate;
            outcome.only = self.remembered.only(ix).map(<[ColumnIx]>::to_vec);
        }
        self.outcomes
    }

    /// Which rows refer to those that may change, where a hold on somebody else's rows wants columns to stay readable?
    fn ask_held(&self, policy: &Policy, claims: &mut Claims, rows: &Rows, references: &References) -> Vec<Ask> {
        let wanted = self.standing.read_with_others(policy);
        let leads = |ix: RowIx| references.of(ix).iter().any(|(_, to)| self.outcomes[*to].goes);
        let may_change = |ix: &RowIx| !self.outcomes[*ix].goes && (!rows.row(*ix).claims.is_empty() || leads(*ix));
        let targets = (0..rows.count()).filter(|ix| wanted.contains(&rows.row(*ix).table) && may_change(ix));
        claims.ask_pointing(policy, rows, targets, |l| !l.by)
    }

    /// Who refers to the rows that go, by a link or by a foreign key that no link covers?
    fn ask_referring(&mut self, policy: &Policy, claims: &mut Claims, rows: &Rows) -> Vec<Ask> {
        let going: Vec<RowIx> = (0..self.outcomes.len()).filter(|ix| self.outcomes[*ix].goes).collect();
        let mut asks = claims.ask_pointing(policy, rows, going.iter().copied(), |l| !l.by);
        for (table, key, asked) in &mut self.keys {
            let mut values: Vec<Vec<Value>> = Vec::new();
            for &row in going.iter().filter(|r| rows.row(**r).table == key.table) {
                if texts(rows, row, &key.target_columns).is_some_and(|t| asked.insert(t)) {
                    values.push(key.target_columns.iter().map(|c| rows.value(row, *c).clone()).collect());
                }
            }
            if !values.is_empty() {
                let by = ask::By::Values { columns: policy.table(*table).names(&key.columns), values };
                asks.push(Ask::select(policy, *table, rows.select(policy, *table, by, Vec::new())));
                self.asked.push(*table);
            }
        }
        asks
    }
}

/// All that deciding looks at.
struct Scene<'a> {
    policy: &'a Policy,
    rows: &'a Rows,
    rules: Rules<'a, 'a>,
    standing: &'a Standing,
    /// What is gone goes, and nothing keeps it.
    gone: &'a Gone,
    references: &'a References,
    outcomes: &'a mut Vec<Outcome>,
}

impl Scene<'_> {
    /// The highest fate over the claims on each row; parts take their parents'.
    fn rise(&mut self) {
        let mut parts: Vec<(RowIx, Vec<RowIx>, Fate)> = Vec::new();
        let mut of_parent: Vec<Vec<usize>> = vec![Vec::new(); self.outcomes.len()];
        for (ix, fate) in self.gone.fates() {
            self.raise(ix, fate);
        }
        for (ix, row) in self.rows.all().filter(|(ix, _)| !self.gone.is(*ix)) {
            for claim in &row.claims {
                match self.rules.asked(ix, claim) {
                    Asked::Fate(fate) => drop(self.raise(ix, fate)),
                    Asked::Listed(_) => drop(self.raise(ix, Fate::Scrub)),
                    Asked::Veto(veto) if self.outcomes[ix].vetoes.contains(&veto) => {}
                    Asked::Veto(veto) => self.outcomes[ix].vetoes.push(veto),
                    Asked::AsParents { parents, most, .. } => {
                        parents.iter().for_each(|p| of_parent[*p].push(parts.len()));
                        parts.push((ix, parents, most));
                    }
                }
            }
        }
        let mut work: Vec<RowIx> = (0..self.outcomes.len()).collect();
        while let Some(parent) = work.pop() {
            for (part, parents, most) in of_parent[parent].iter().map(|at| &parts[*at]) {
                let fate = self.lowest(parents).min(*most);
                work.extend(self.raise(*part, fate).then_some(*part));
            }
        }
    }

    fn raise(&mut self, ix: RowIx, fate: Fate) -> bool {
        let rises = self.outcomes[ix].fate < fate;
        if rises {
            self.outcomes[ix].fate = fate;
        }
        rises
    }

    fn lowest(&self, rows: &[RowIx]) -> Fate {
        rows.iter().map(|p| self.outcomes[*p].fate).min().unwrap_or_default()
    }

    /// Parts of a kept row follow it, whoever has a claim on them.
    fn vetoes(&mut self) {
        for ix in (0..self.outcomes.len()).filter(|ix| !self.gone.is(*ix)) {
            for veto in self.standing.vetoes(self.policy, self.rows, ix) {
                if !self.outcomes[ix].vetoes.contains(&veto) {
                    self.outcomes[ix].vetoes.push(veto);
                }
            }
        }
        let mut work: Vec<RowIx> =
            (0..self.outcomes.len()).filter(|ix| !self.outcomes[*ix].vetoes.is_empty()).collect();
        while let Some(kept) = work.pop() {
            for &(by, row) in self.references.to(kept) {
                let (By::Link(link) | By::Back(link)) = by else { continue };
                if self.gone.is(row) || self.policy.table(self.rows.row(row).table).links[link].role != Role::Part {
                    continue;
                }
                for veto in self.outcomes[kept].vetoes.clone() {
                    if !self.outcomes[row].vetoes.contains(&veto) {
                        self.outcomes[row].vetoes.push(veto);
                        work.push(row);
                    }
                }
            }
        }
    }

    /// Which rows go, as far as they are known: by their fate, and association rows with their tie.
    fn go(&mut self) {
        for ix in 0..self.outcomes.len() {
            if self.gone.is(ix) {
                self.outcomes[ix].goes = true;
                continue;
            }
            if !self.outcomes[ix].vetoes.is_empty() {
                (self.outcomes[ix].fate, self.outcomes[ix].goes) = (Fate::None, false);
                continue;
            }
            let table = self.rows.row(ix).table;
            for column in 0..self.policy.table(table).columns.len() {
                let decided = keeps::column(self.policy, self.rows, self.rules.today, ix, column);
                if let Decided::Stays(law, until) = decided {
                    longest(&mut self.outcomes[ix].stays, column, Keeper::Law(law), until);
                }
            }
            for (column, veto) in self.standing.columns(self.policy, table, ix) {
                if !self.is_empty(ix, column) {
                    longest(&mut self.outcomes[ix].stays, column, veto.keeper, veto.until);
                }
            }
            let outcome = &mut self.outcomes[ix];
            if outcome.fate == Fate::Delete && !outcome.stays.is_empty() {
                (outcome.fate, outcome.fell) = (Fate::Scrub, true);
            }
            outcome.goes |= outcome.fate == Fate::Delete;
        }
        let mut work: Vec<RowIx> = (0..self.outcomes.len()).collect();
        while let Some(ix) = work.pop() {
            if !self.outcomes[ix].goes && self.goes_with_a_tie(ix) {
                self.outcomes[ix].goes = true;
                work.extend(self.references.to(ix).iter().map(|(_, row)| *row));
            }
        }
    }

    /// Rows that a surviving row needs stay; then what follows from the final fates.
    fn settle(mut self) {
        self.with();
        let mut work: Vec<RowIx> = (0..self.outcomes.len()).collect();
        while let Some(ix) = work.pop() {
            if self.outcomes[ix].goes {
                if !self.gone.is(ix) && self.outcomes[ix].fate != Fate::Delete && !self.goes_with_a_tie(ix) {
                    self.stay(ix, &mut work);
                }
                continue;
            }
            for needed in self.needed(ix) {
                self.stay(needed, &mut work);
            }
        }
        self.keep_empty();
        let mut needs = Vec::new();
        for ix in 0..self.outcomes.len() {
            self.outcomes[ix].undone = self.undone(ix);
            self.outcomes[ix].untied = self.untied(ix);
            self.explain(ix);
            let table = self.rows.row(ix).table;
            if !self.outcomes[ix].goes {
                for needed in self.referred(ix) {
                    let outcome = &mut self.outcomes[needed];
                    if outcome.stayed {
                        needs.push((ix, needed));
                        outcome.needed_by = Some(outcome.needed_by.map_or(table, |t| t.min(table)));
                    }
                }
            }
        }
        pass_on(self.outcomes, &needs);
    }

    /// What a surviving row with a claim loses, and who else holds it.
    fn explain(&mut self, ix: RowIx) {
        if self.outcomes[ix].goes {
            return;
        }
        let mut outcome = Outcome { ordinary: self.outcomes[ix].fell, ..Outcome::default() };
        for claim in &self.rows.row(ix).claims {
            let with_others = self.rules.of_others(ix, claim);
            let holds = claim.role >= Role::CoOwner;
            outcome.holds |= holds && !with_others;
            if holds && with_others {
                outcome.others = outcome.others.or(Some(self.others(ix)));
            }
            match self.rules.asked(ix, claim) {
                Asked::Fate(fate) => outcome.ordinary |= fate >= Fate::Scrub,
                Asked::Listed(columns) => outcome.listed.extend_from_slice(columns),
                Asked::AsParents { parents, most, listed } if self.lowest(&parents).min(most) >= Fate::Scrub => {
                    match listed {
                        Some(columns) => outcome.listed.extend_from_slice(columns),
                        None => outcome.ordinary = true,
                    }
                }
                Asked::AsParents { .. } | Asked::Veto(_) => {}
            }
        }
        let Outcome { ordinary, listed, holds, others, .. } = outcome;
        let outcome = &mut self.outcomes[ix];
        (outcome.ordinary, outcome.listed, outcome.holds, outcome.others) = (ordinary, listed, holds, others);
    }

    fn others(&self, ix: RowIx) -> Others {
        let staying = self.rules.sharing.parents(ix).iter().filter(|p| !self.outcomes[**p].goes);
        staying.map(|p| self.rows.row(*p).table).min().map_or(Others::CoOwners, Others::Parents)
    }

    fn stay(&mut self, ix: RowIx, work: &mut Vec<RowIx>) {
        let outcome = &mut self.outcomes[ix];
        (outcome.goes, outcome.stayed) = (false, true);
        if outcome.fate == Fate::Delete {
            (outcome.fate, outcome.fell) = (Fate::Scrub, true);
        }
        work.push(ix);
        work.extend(self.references.to(ix).iter().map(|(_, row)| *row));
    }

    /// A column that was empty when it had to stay is left as it is, but holds no row.
    fn keep_empty(&mut self) {
        for ix in 0..self.outcomes.len() {
            if self.outcomes[ix].goes || !self.outcomes[ix].vetoes.is_empty() {
                continue;
            }
            for (column, veto) in self.standing.columns(self.policy, self.rows.row(ix).table, ix) {
                if self.is_empty(ix, column) {
                    longest(&mut self.outcomes[ix].stays, column, veto.keeper, veto.until);
                }
            }
        }
    }

    /// Is the column known to be empty?
    fn is_empty(&self, ix: RowIx, column: ColumnIx) -> bool {
        let known = self.rows.needed(self.rows.row(ix).table).contains(&column);
        known && self.rows.value(ix, column).join_text().is_none()
    }

    /// Columns of records that kept rows refer to, and that must stay readable with them.
    fn with(&mut self) {
        for ix in 0..self.outcomes.len() {
            for veto in self.outcomes[ix].vetoes.clone() {
                for &(by, to) in self.references.of(ix) {
                    let table = self.rows.row(to).table;
                    if matches!(by, By::Link(_)) && self.outcomes[to].vetoes.is_empty() {
                        for (_, column) in veto.with.iter().filter(|(t, _)| *t == table) {
                            let stays = &mut self.outcomes[to].stays;
                            longest(stays, *column, veto.keeper.clone(), veto.until);
                        }
                    }
                }
            }
        }
    }

    /// Links of a row that hold a tie: a reference to a row that goes, or, where the fate says so, to the person.
    fn ties(&self, ix: RowIx) -> Vec<LinkIx> {
        let asked = matches!(self.outcomes[ix].fate, Fate::Untie | Fate::Scrub);
        let to_rows = self.references.of(ix).iter().filter_map(|(by, to)| match by {
            By::Link(link) if self.outcomes[*to].goes || (asked && is_record(self.rows, *to)) => Some(*link),
            _ => None,
        });
        let to_identities = self.rows.row(ix).claims.iter().filter_map(|c| match c.via {
            Via::Link { link, parent: None } if asked => Some(link),
            _ => None,
        });
        let mut ties: Vec<LinkIx> = to_rows.chain(to_identities).collect();
        ties.sort_unstable();
        ties.dedup();
        ties
    }

    fn untie(&self, ix: RowIx, link: LinkIx) -> Option<Untie> {
        self.policy.table(self.rows.row(ix).table).links[link].untie
    }

    fn undone(&self, ix: RowIx) -> Vec<LinkIx> {
        if self.outcomes[ix].goes || !self.outcomes[ix].vetoes.is_empty() {
            return Vec::new();
        }
        let mut ties = self.ties(ix);
        let links = &self.policy.table(self.rows.row(ix).table).links;
        let stays = |l: &LinkIx| links[*l].columns.iter().any(|c| self.outcomes[ix].stays.contains_key(c));
        ties.retain(|l| self.untie(ix, *l).is_some_and(|u| u != Untie::Delete) && !stays(l));
        ties
    }

    /// Which values of the links that are undone lead to what goes, where a column may hold others beside them.
    fn untied(&self, ix: RowIx) -> BTreeMap<LinkIx, Vec<String>> {
        let outcome = &self.outcomes[ix];
        let table = self.policy.table(self.rows.row(ix).table);
        let asked = matches!(outcome.fate, Fate::Untie | Fate::Scrub);
        let read = outcome.undone.iter().filter(|l| !table.links[**l].reading.is_plain());
        let values = read.map(|&at| {
            let link = &table.links[at];
            let goes = |to: RowIx| self.outcomes[to].goes || (asked && is_record(self.rows, to));
            let led = self.references.of(ix).iter().filter(|(by, to)| *by == By::Link(at) && goes(*to));
            let led = led.flat_map(|(_, to)| there(self.policy, link, self.rows, *to)).map(|(joined, _)| joined);
            let named = known_as(self.policy, self.rows, link).into_iter().filter(|_| asked).map(|n| vec![n]);
            let mut values: Vec<String> = led.chain(named).flatten().collect();
            values.sort();
            values.dedup();
            (at, values)
        });
        values.collect()
    }

    fn goes_with_a_tie(&self, ix: RowIx) -> bool {
        let outcome = &self.outcomes[ix];
        let table = self.policy.table(self.rows.row(ix).table);
        table.links.iter().any(|l| l.untie == Some(Untie::Delete))
            && outcome.vetoes.is_empty()
            && outcome.stays.is_empty()
            && self.ties(ix).iter().any(|l| self.untie(ix, *l) == Some(Untie::Delete))
    }

    /// Rows that are to go and that this surviving row still refers to after its unties.
    fn needed(&self, ix: RowIx) -> Vec<RowIx> {
        let mut needed = self.referred(ix);
        needed.retain(|y| self.outcomes[*y].goes && !self.gone.is(*y));
        needed
    }

    /// What a surviving row refers to after its unties.
    fn referred(&self, ix: RowIx) -> Vec<RowIx> {
        let references = self.references.of(ix);
        if references.is_empty() {
            return Vec::new();
        }
        let table = self.policy.table(self.rows.row(ix).table);
        let undone = self.undone(ix);
        let freed = |c: &ColumnIx| undone.iter().any(|l| table.links[*l].columns.contains(c));
        let still = references.iter().filter(|(by, _)| match by {
            By::Link(link) => !undone.contains(link),
            By::Back(_) => false,
            By::Key(key) => !table.foreign_keys[*key].columns.iter().any(freed),
        });
        still.map(|(_, to)| *to).collect()
    }
}

/// Of what keeps a column, the longest counts: no end is later than any.
fn longest(
    stays: &mut BTreeMap<ColumnIx, (Keeper, Option<Date>)>,
    column: ColumnIx,
    keeper: Keeper,
    until: Option<Date>,
) {
    let later = |known: Option<Date>| known.is_some_and(|known| until.is_none_or(|until| until > known));
    match stays.get(&column) {
        Some((_, known)) if !later(*known) => {}
        _ => drop(stays.insert(column, (keeper, until))),
    }
}

/// The values under which the person's records have the identity that a link leads to.
fn known_as(policy: &Policy, rows: &Rows, link: &Link) -> Vec<String> {
    let Target::Identity { kind, identity } = &link.target else { return Vec::new() };
    let records = (0..rows.count()).filter(|ix| is_record(rows, *ix));
    let values = records.flat_map(|ix| {
        let named = identities_of(policy, *kind, rows, ix, |_| true).filter(|(name, _)| name == identity);
        named.filter_map(move |(_, v)| matching::normal(link.matching, &v, region(policy, rows, ix)))
    });
    values.collect()
}

fn is_record(rows: &Rows, ix: RowIx) -> bool {
    rows.row(ix).roles.contains(&Role::Own)
}
