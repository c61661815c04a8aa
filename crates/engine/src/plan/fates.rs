//! What becomes of each row at erasure (LANGUAGE 1.4): fates rise, vetoes stand, then deletions fall where a surviving row
//! needs the row.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use super::claims::{Claims, Joined};
use super::keeps::{self, Decided};
use super::references::{By, References, covers, texts};
use super::resolve::Person;
use super::rows::{Claim, RowIx, Rows, Via};
use super::{Answer, Ask};
use crate::ask;
use crate::policy::model::{ColumnIx, Fate, ForeignKey, LinkIx, OnErase, Policy, Role, TableId, Untie};
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
    /// It would have gone, but this table needs it.
    pub needed_by: Option<TableId>,
    /// Columns that stay readable: column, law, end.
    pub stays: BTreeMap<ColumnIx, (String, Option<Date>)>,
    /// It fell from delete to scrub.
    fell: bool,
    /// It was to go, by its fate or with its tie, and something needs it.
    stayed: bool,
}

/// Why a row is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// Id of the law.
    pub law: String,
    /// Last day, where known.
    pub until: Option<Date>,
    /// What must stay readable with it.
    pub with: Vec<(TableId, ColumnIx)>,
}

/// The computation as a state machine: it asks for parts of kept rows, and for rows that refer to rows which are to go.
pub struct Fates {
    outcomes: Vec<Outcome>,
    stage: Stage,
    /// Foreign keys that no link covers, with the values asked for.
    keys: Vec<(TableId, ForeignKey, HashSet<Joined>)>,
    asked: Vec<TableId>,
    today: Date,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    Vetoes,
    Going,
    Done,
}

impl Fates {
    pub fn new(policy: &Policy, now: Timestamp) -> Self {
        let keys = policy.table_ids().flat_map(|t| policy.table(t).foreign_keys.iter().map(move |fk| (t, fk)));
        let keys = keys.filter(|(t, fk)| !covers(policy, *t, fk)).map(|(t, fk)| (t, fk.clone(), HashSet::new()));
        let today = now.to_zoned(TimeZone::UTC).date();
        Fates { outcomes: Vec::new(), stage: Stage::Start, keys: keys.collect(), asked: Vec::new(), today }
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
        for (table, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers.split_off(claims.awaited())) {
            for values in answer.rows() {
                rows.take(policy, table, values);
            }
        }
        claims.take(policy, person, rows, answers);
        loop {
            self.outcomes.resize_with(rows.count(), Outcome::default);
            let all = References::among(policy, rows);
            let mut scene = Scene { policy, rows, references: &all, today: self.today, outcomes: &mut self.outcomes };
            let asks = match self.stage {
                Stage::Start => {
                    scene.rise();
                    self.stage = Stage::Vetoes;
                    Vec::new()
                }
                Stage::Vetoes => {
                    scene.vetoes();
                    let kept = self.outcomes.iter().enumerate().filter(|(_, o)| !o.vetoes.is_empty()).map(|(ix, _)| ix);
                    let asks = claims.ask_pointing(policy, rows, kept, |l| l.role == Role::Part);
                    if asks.is_empty() {
                        self.stage = Stage::Going;
                    }
                    asks
                }
                Stage::Going => {
                    scene.go();
                    let asks = self.ask_referring(policy, claims, rows);
                    if asks.is_empty() {
                        let scene =
                            Scene { policy, rows, references: &all, today: self.today, outcomes: &mut self.outcomes };
                        scene.settle();
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

    pub fn finish(self) -> Vec<Outcome> {
        self.outcomes
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
    references: &'a References,
    today: Date,
    outcomes: &'a mut Vec<Outcome>,
}

impl Scene<'_> {
    /// The highest fate over the claims on each row; parts take their parent's.
    fn rise(&mut self) {
        let mut parts: Vec<Vec<RowIx>> = vec![Vec::new(); self.outcomes.len()];
        let mut work = Vec::new();
        for (ix, row) in self.rows.all() {
            for claim in &row.claims {
                match asked(self.policy, self.rows, self.today, ix, claim) {
                    Asked::Fate(fate) => self.outcomes[ix].fate = self.outcomes[ix].fate.max(fate),
                    Asked::Listed(_) => self.outcomes[ix].fate = self.outcomes[ix].fate.max(Fate::Scrub),
                    Asked::Veto(veto) if self.outcomes[ix].vetoes.contains(&veto) => {}
                    Asked::Veto(veto) => self.outcomes[ix].vetoes.push(veto),
                    Asked::AsParent(parent) => parts[parent].push(ix),
                }
            }
            work.push(ix);
        }
        while let Some(parent) = work.pop() {
            let fate = self.outcomes[parent].fate;
            for &part in &parts[parent] {
                if self.outcomes[part].fate < fate {
                    self.outcomes[part].fate = fate;
                    work.push(part);
                }
            }
        }
    }

    /// Parts of a kept row follow it, whoever has a claim on them.
    fn vetoes(&mut self) {
        let mut work: Vec<RowIx> =
            (0..self.outcomes.len()).filter(|ix| !self.outcomes[*ix].vetoes.is_empty()).collect();
        while let Some(kept) = work.pop() {
            for &(by, row) in self.references.to(kept) {
                let (By::Link(link) | By::Back(link)) = by else { continue };
                if self.policy.table(self.rows.row(row).table).links[link].role != Role::Part {
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
            if !self.outcomes[ix].vetoes.is_empty() {
                self.outcomes[ix].fate = Fate::None;
                continue;
            }
            for column in 0..self.policy.table(self.rows.row(ix).table).columns.len() {
                if let Decided::Stays(law, until) = keeps::column(self.policy, self.rows, self.today, ix, column) {
                    self.outcomes[ix].stays.insert(column, (law, until));
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
                if self.outcomes[ix].fate != Fate::Delete && !self.goes_with_a_tie(ix) {
                    self.stay(ix, &mut work);
                }
                continue;
            }
            for needed in self.needed(ix) {
                self.stay(needed, &mut work);
            }
        }
        for ix in 0..self.outcomes.len() {
            self.outcomes[ix].undone = self.undone(ix);
            let table = self.rows.row(ix).table;
            if !self.outcomes[ix].goes {
                for needed in self.referred(ix) {
                    let outcome = &mut self.outcomes[needed];
                    if outcome.stayed {
                        outcome.needed_by = Some(outcome.needed_by.map_or(table, |t| t.min(table)));
                    }
                }
            }
        }
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

    /// Columns of records that kept rows refer to, and that must stay readable with them.
    fn with(&mut self) {
        for ix in 0..self.outcomes.len() {
            for veto in self.outcomes[ix].vetoes.clone() {
                for &(by, to) in self.references.of(ix) {
                    let table = self.rows.row(to).table;
                    if matches!(by, By::Link(_)) && self.outcomes[to].vetoes.is_empty() {
                        let columns = veto.with.iter().filter(|(t, _)| *t == table);
                        let stays = &mut self.outcomes[to].stays;
                        stays.extend(columns.map(|(_, c)| (*c, (veto.law.clone(), veto.until))));
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
        needed.retain(|y| self.outcomes[*y].goes);
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

fn is_record(rows: &Rows, ix: RowIx) -> bool {
    rows.row(ix).roles.contains(&Role::Own)
}

/// What one claim asks for.
pub enum Asked<'p> {
    /// A fate.
    Fate(Fate),
    /// The fate of this row, whose part it is.
    AsParent(RowIx),
    /// A scrub of exactly these columns.
    Listed(&'p [(crate::policy::model::Erase, Vec<ColumnIx>)]),
    /// A veto that is in force.
    Veto(Veto),
}

/// What a claim on a row asks for (LANGUAGE 1.4, rules 1 and 3).
pub fn asked<'p>(policy: &'p Policy, rows: &Rows, today: Date, ix: RowIx, claim: &Claim) -> Asked<'p> {
    let by_role = match claim.role {
        Role::Own | Role::Owner | Role::CoOwner => Fate::Delete,
        Role::Author => Fate::Scrub,
        Role::Viewer | Role::Mention | Role::Part => Fate::Untie,
    };
    let Via::Link { link, parent } = claim.via else { return Asked::Fate(by_role) };
    let is_part = policy.table(rows.row(ix).table).links[link].role == Role::Part;
    let said = keeps::on_erase(policy, rows, today, ix, link);
    match (said, parent) {
        // A veto stands however weak the claim is.
        (Some(OnErase::Keep(keep)), _) => {
            Asked::Veto(Veto { law: keep.law.clone(), until: keeps::until(rows, ix, keep), with: keep.with.clone() })
        }
        // A replacement counts for claims of co-owners and above only.
        (said, Some(parent)) if is_part && (said.is_none() || claim.role < Role::CoOwner) => Asked::AsParent(parent),
        (Some(OnErase::Fate(fate)), _) => Asked::Fate(*fate),
        (Some(OnErase::Columns(columns)), _) => Asked::Listed(columns),
        (None, _) => Asked::Fate(by_role),
    }
}

impl Outcome {
    /// Does anything but a list of columns ask for the scrub of this row? `outcomes` are those of all rows.
    pub fn is_ordinary(&self, policy: &Policy, rows: &Rows, today: Date, outcomes: &[Outcome], ix: RowIx) -> bool {
        self.fell
            || rows.row(ix).claims.iter().any(|c| match asked(policy, rows, today, ix, c) {
                Asked::Fate(fate) => fate >= Fate::Scrub,
                Asked::AsParent(parent) => outcomes[parent].fate >= Fate::Scrub,
                Asked::Listed(_) | Asked::Veto(_) => false,
            })
    }
}
