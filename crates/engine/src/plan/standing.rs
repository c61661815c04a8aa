//! What stands against an erasure beside the map: holds, and rows that an earlier run kept.
//!
//! The second matters where a veto reached a row through another one whose tie is undone by now: the map alone would not
//! find it again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::asked::{Keeper, Veto};
use super::bystanders::Bystanders;
use super::hold::{of_record, of_row, person_digests, place};
use super::question::{Question, Refusal};
use super::references::{By, References};
use super::register::{Entry, Register};
use super::resolve::Person;
use super::rows::{RowIx, Rows};
use super::{Answer, Ask, Plan, What};
use crate::policy::model::{ColumnIx, Hold, Policy, Role, TableId};

/// Holds that are in force, and what the register says of rows.
#[derive(Default)]
pub struct Standing {
    register: Option<Register>,
    /// Holds on the person: their places in the policy.
    holds: Vec<usize>,
    /// Holds that are about others, or about others too, or about rows whosever they are.
    bystanders: Bystanders,
    today: String,
    /// Rows below were asked for.
    looked: RowIx,
    asked: HashMap<String, RowIx>,
    awaited: Vec<TableId>,
    found: HashMap<RowIx, Vec<Entry>>,
}

impl Standing {
    /// What is in force on the day of the question, for this person.
    pub fn new(
        policy: &Policy,
        question: &Question,
        person: &Person,
        rows: &Rows,
        (register, earlier): (Option<&Register>, Option<&Plan>),
        today: Date,
    ) -> Result<Self, Refusal> {
        let today = today.to_string();
        let in_force = policy.holds.iter().enumerate().filter(|(_, hold)| hold.holds_on(&today));
        let in_force: Vec<(usize, &Hold)> = in_force.collect();
        let readable = register.is_some_and(|r| Some(r.key_id()) == policy.hold_key);
        if !readable && let Some((_, hold)) = in_force.iter().find(|(_, hold)| hold.is_keyed()) {
            return Err(Refusal::OtherKey { hold: hold.id.clone() });
        }
        let mut named = Vec::new();
        if let Some(register) = register {
            named = digests(policy, question, person, rows, register);
            named.extend(earlier.into_iter().flat_map(|plan| person_digests(policy, plan, register)));
        }
        let person = |hold: &Hold| hold.persons.is_empty() || hold.persons.iter().any(|p| named.contains(p));
        let about = |hold: &Hold| hold.kind == Some(question.kind) && person(hold);
        let all_named = |hold: &Hold| !hold.persons.is_empty() && hold.persons.iter().all(|p| named.contains(p));
        let nobody_else = |hold: &Hold| hold.rows.is_empty() && all_named(hold);
        let places = |which: &dyn Fn(&Hold) -> bool| {
            in_force.iter().filter(|(_, hold)| which(hold)).map(|(at, _)| *at).collect::<Vec<usize>>()
        };
        let bystanders = Bystanders::new(policy, places(&|hold| !nobody_else(hold)), register);
        Ok(Standing { register: register.cloned(), holds: places(&about), bystanders, today, ..Standing::default() })
    }

    /// Asks what the register has of rows that came since, and whose they are.
    pub fn ask(&mut self, policy: &Policy, person: &Person, rows: &Rows) -> Vec<Ask> {
        let asks = self.ask_register(policy, rows);
        if asks.is_empty() { self.bystanders.ask(policy, person, rows) } else { asks }
    }

    fn ask_register(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let Some(register) = &self.register else { return Vec::new() };
        let mut wanted: BTreeMap<TableId, Vec<String>> = BTreeMap::new();
        for ix in self.looked..rows.count() {
            let (system, table) = place(policy, rows.row(ix).table);
            if register.knows(system, table) {
                let digest = of_row(policy, register, rows, ix);
                wanted.entry(rows.row(ix).table).or_default().push(digest.clone());
                self.asked.insert(digest, ix);
            }
        }
        self.looked = rows.count();
        self.awaited = wanted.keys().copied().collect();
        let ask = |(table, digests)| Ask { system: policy.table(table).system, table, what: What::Kept(digests) };
        wanted.into_iter().map(ask).collect()
    }

    /// How many answers are awaited.
    pub fn awaited(&self) -> usize {
        self.awaited.len() + self.bystanders.awaited()
    }

    /// Takes them.
    pub fn take(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        if self.awaited.is_empty() {
            return self.bystanders.take(policy, rows, answers);
        }
        self.awaited.clear();
        for entry in answers.into_iter().flat_map(|answer| answer.kept) {
            if let Some(ix) = self.asked.get(&entry.row) {
                self.found.entry(*ix).or_default().push(entry);
            }
        }
    }

    /// What keeps a row as a whole.
    pub fn vetoes(&self, policy: &Policy, rows: &Rows, ix: RowIx) -> Vec<Veto> {
        let row = rows.row(ix);
        let here = |hold: &&Hold| hold.tables.as_ref().is_none_or(|tables| tables.contains(&row.table));
        let holds = self.holds.iter().map(|at| &policy.holds[*at]).filter(|_| !row.claims.is_empty()).filter(here);
        let entries = self.entries(ix).filter(|entry| entry.columns.is_empty());
        let kept = holds.map(veto).chain(entries.filter_map(|entry| self.of_entry(policy, entry)));
        kept.chain(self.bystanders.holds_on(policy, ix).map(veto)).collect()
    }

    /// Are rows kept because of others of which this was not known before?
    pub fn grew(&mut self) -> bool {
        self.bystanders.grew()
    }

    /// Is the row kept because of others?
    pub fn keeps_for_others(&self, ix: RowIx) -> bool {
        self.bystanders.keeps(ix)
    }

    /// Tables with columns that holds on others want to stay readable with the rows they keep.
    pub fn read_with_others(&self, policy: &Policy) -> BTreeSet<TableId> {
        self.bystanders.read_with(policy)
    }

    /// All rows that are kept as a whole, with their parts among the rows, and what keeps each.
    pub fn kept(&self, policy: &Policy, rows: &Rows) -> HashMap<RowIx, Veto> {
        let references = References::among(policy, rows);
        let mut kept: HashMap<RowIx, Veto> = HashMap::new();
        let mut work: Vec<(RowIx, Veto)> = Vec::new();
        for (ix, _) in rows.all() {
            work.extend(self.vetoes(policy, rows, ix).into_iter().next().map(|veto| (ix, veto)));
        }
        while let Some((ix, veto)) = work.pop() {
            if kept.contains_key(&ix) {
                continue;
            }
            for &(by, part) in references.to(ix) {
                if let By::Link(link) | By::Back(link) = by
                    && policy.table(rows.row(part).table).links[link].role == Role::Part
                {
                    work.push((part, veto.clone()));
                }
            }
            kept.insert(ix, veto);
        }
        kept
    }

    /// Columns of a row that are kept although the map does not say so any more, and what keeps them.
    pub fn columns(&self, policy: &Policy, table: TableId, ix: RowIx) -> Vec<(ColumnIx, Veto)> {
        let mut kept = Vec::new();
        for entry in self.entries(ix) {
            let columns = entry.columns.iter().filter_map(|name| policy.table(table).column(name));
            if let Some(veto) = self.of_entry(policy, entry) {
                kept.extend(columns.map(|column| (column, veto.clone())));
            }
        }
        kept
    }

    fn entries(&self, ix: RowIx) -> impl Iterator<Item = &Entry> {
        self.found.get(&ix).into_iter().flatten()
    }

    /// An entry as a veto, while it stands. The end of a hold is what the folder says now, not what it said then.
    fn of_entry(&self, policy: &Policy, entry: &Entry) -> Option<Veto> {
        if entry.profile.is_some() && entry.profile != policy.profile {
            return None;
        }
        let until = entry.until.as_ref().and_then(|day| day.parse::<Date>().ok());
        if let Some(id) = entry.keeper.strip_prefix("hold:") {
            return match policy.holds.iter().find(|hold| hold.id == id) {
                Some(hold) => hold.last.as_ref().is_none_or(|last| *last >= self.today).then(|| veto(hold)),
                // It was taken out of the folder instead of being released: it stands.
                None => Some(Veto { keeper: Keeper::Hold(id.to_owned()), until: None, with: Vec::new() }),
            };
        }
        let law = entry.keeper.strip_prefix("law:")?.to_owned();
        let stands = entry.until.as_ref().is_none_or(|last| *last >= self.today);
        stands.then(|| Veto { keeper: Keeper::Law(law), until, with: Vec::new() })
    }
}

fn veto(hold: &Hold) -> Veto {
    let until = hold.last.as_ref().and_then(|day| day.parse().ok());
    Veto { keeper: Keeper::Hold(hold.id.clone()), until, with: hold.with.clone() }
}

/// Under which digests a hold may name the person: each record, and each key identity of it.
fn digests(policy: &Policy, question: &Question, person: &Person, rows: &Rows, register: &Register) -> Vec<String> {
    let records = person.records.iter().flat_map(|(ix, _)| {
        let named = of_record(policy, register, rows, question.kind, *ix, person.tenant.as_ref());
        std::iter::once(of_row(policy, register, rows, *ix)).chain(named)
    });
    records.collect()
}
