//! Which columns point at which rows: declared keys, names, values that lie in a key, type columns, shared keys.
//!
//! A name alone is a guess and a value alone is chance, for small integers lie in every key; what is proposed has both, or
//! so much of one that the other is not needed.

mod declared;
mod names;
mod polymorphic;
mod shared;
mod values;

use std::collections::BTreeSet;

use super::explore::SOUGHT_VALUES;
use super::persons;
use super::world::World;
use crate::value::Value;

/// What a reference rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// A declared foreign key.
    Declared,
    /// The column's name, and its values where there are any.
    Name,
    /// A column beside it that holds the name of the other table.
    TypeColumn,
    /// Two tables with one key.
    SharedKey,
    /// The same values in a column that tells rows apart.
    SharedValue,
    /// Its values alone.
    Values,
}

/// Rows of which a reference holds: those with this value in the type column.
#[derive(Clone, PartialEq)]
pub struct When {
    /// The type column.
    pub column: String,
    /// What it holds.
    pub value: Value,
    /// For a number: the row of the lookup table that gives it a name, such as `object_lookups.name`.
    pub named_by: Option<String>,
}

/// Columns of a table that hold the key of a row elsewhere.
#[derive(Clone)]
pub struct Reference {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Where they point.
    pub to: String,
    /// The columns there.
    pub to_columns: Vec<String>,
    /// Which rows, if not all.
    pub when: Option<When>,
    /// What it rests on.
    pub sign: Sign,
    /// The column holds 0 where it points at nothing.
    pub zero: bool,
    /// 0 to 1.
    pub confidence: f32,
    /// Why, in words and counts.
    pub evidence: String,
}

/// A column that is called like a reference, and for which no target could be made out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// What was found.
    pub why: String,
}

/// A reference that is not yet sure.
#[derive(Clone)]
struct Candidate {
    table: String,
    column: String,
    to: String,
    to_column: String,
    when: Option<When>,
    sign: Sign,
    /// How much its name says, 0 to 1.
    name: f32,
    why: String,
    /// Different values, a bounded number of them, without those that stand for nothing.
    values: BTreeSet<String>,
    zero: bool,
    /// How many of the values are in the key; none while that is not known.
    found: Option<usize>,
}

/// A question about values of a candidate.
pub struct Doubt {
    candidate: usize,
    /// The table that is asked.
    pub table: String,
    /// Its key.
    pub column: String,
    /// Values that are sought there.
    pub values: Vec<String>,
}

/// Most questions about values in one run.
const DOUBTS: usize = 3_000;

/// The references of a database, while they are being found and when they are.
#[derive(Default)]
pub struct Hunt {
    /// What was found, sorted by table and column.
    pub references: Vec<Reference>,
    /// What looks like a reference and leads nowhere.
    pub open: Vec<Open>,
    candidates: Vec<Candidate>,
}

/// Collects what can be said before asking anything more.
pub fn begin(world: &World) -> Hunt {
    let references = declared::references(world);
    let persons = persons::find(world);
    let mut candidates = names::candidates(world, &references, &persons);
    candidates.extend(polymorphic::candidates(world, &references));
    candidates.extend(shared::candidates(world, &references));
    candidates.extend(values::candidates(world, &references, &candidates, &persons));
    let mut hunt = Hunt { references, open: Vec::new(), candidates };
    for candidate in &mut hunt.candidates {
        candidate.look(world);
    }
    hunt
}

impl Hunt {
    /// What must be asked because the keys of the other table were not read in whole.
    pub fn doubts(&self) -> Vec<Doubt> {
        let open = self.candidates.iter().enumerate().filter(|(_, c)| c.found.is_none());
        let doubt = |(candidate, c): (usize, &Candidate)| Doubt {
            candidate,
            table: c.to.clone(),
            column: c.to_column.clone(),
            values: c.values.iter().cloned().collect(),
        };
        open.map(doubt).take(DOUBTS).collect()
    }

    /// Takes the values that were found.
    pub fn settle(&mut self, doubt: Doubt, found: BTreeSet<String>) {
        if let Some(candidate) = self.candidates.get_mut(doubt.candidate) {
            candidate.found = Some(candidate.values.intersection(&found).count());
        }
    }

    /// Chooses among the candidates of each column.
    pub fn conclude(&mut self, world: &World) {
        let candidates = std::mem::take(&mut self.candidates);
        let mut columns: Vec<(&str, &str)> = candidates.iter().map(|c| (c.table.as_str(), c.column.as_str())).collect();
        columns.sort_unstable();
        columns.dedup();
        for (table, column) in columns {
            let of_column = candidates.iter().filter(|c| c.table == table && c.column == column);
            let (typed, plain): (Vec<_>, Vec<_>) = of_column.partition(|c| c.when.is_some());
            let typed: Vec<Reference> = typed.into_iter().filter_map(|c| c.reference(world)).collect();
            if typed.is_empty() {
                self.choose(world, &plain);
            }
            self.references.extend(typed);
        }
        self.references.sort_by(|a, b| (&a.table, &a.columns, &a.to).cmp(&(&b.table, &b.columns, &b.to)));
    }

    /// The best of the targets of one column; if two are equally good, none.
    fn choose(&mut self, world: &World, candidates: &[&Candidate]) {
        let mut good: Vec<(Reference, f32)> =
            candidates.iter().filter_map(|c| Some((c.reference(world)?, c.name))).collect();
        let merit = |r: &(Reference, f32)| r.0.confidence + r.1;
        good.sort_by(|a, b| merit(b).total_cmp(&merit(a)));
        match good.as_slice() {
            [] => {
                let named = candidates.iter().filter(|c| c.name >= names::SURE && c.sign == Sign::Name);
                self.open.extend(named.take(1).map(|c| Open {
                    table: c.table.clone(),
                    column: c.column.clone(),
                    why: format!("called like a reference to {}, but {}", c.to, c.compared()),
                }));
            }
            [first, second, ..] if merit(first) - merit(second) < 0.05 => self.open.push(Open {
                table: first.0.table.clone(),
                column: first.0.columns.join(", "),
                why: format!("may point at {} or at {}", first.0.to, second.0.to),
            }),
            [first, ..] => self.references.push(first.0.clone()),
        }
    }
}

impl Candidate {
    fn new(table: &str, column: &str, to: &str, to_column: &str, sign: Sign) -> Candidate {
        Candidate {
            table: table.to_owned(),
            column: column.to_owned(),
            to: to.to_owned(),
            to_column: to_column.to_owned(),
            when: None,
            sign,
            name: 0.0,
            why: String::new(),
            values: BTreeSet::new(),
            zero: false,
            found: None,
        }
    }

    /// Takes its values from the sample, and looks for them where the other table was read in whole.
    fn look(&mut self, world: &World) {
        let all = match &self.when {
            Some(w) => world.values_where(&self.table, &self.column, &w.column, &w.value),
            None => world.values(&self.table, &self.column),
        };
        let whole = world.seen(&self.to).is_some_and(|s| s.whole && !s.refused);
        let keys = if whole { world.values(&self.to, &self.to_column) } else { BTreeSet::new() };
        let nothing = |v: &str| matches!(v, "0" | "-1") && !keys.contains(v);
        self.zero = all.iter().any(|v| v == "0") && nothing("0");
        let values: Vec<String> = all.into_iter().filter(|v| !nothing(v)).collect();
        let apart = values.len().div_ceil(SOUGHT_VALUES).max(1);
        self.values = values.into_iter().step_by(apart).collect();
        if whole || self.values.is_empty() {
            self.found = Some(self.values.intersection(&keys).count());
        }
    }

    /// Share of its values that are in the key.
    fn coverage(&self) -> f32 {
        match (self.found, self.values.len()) {
            (Some(found), all) if all > 0 => found as f32 / all as f32,
            _ => 0.0,
        }
    }

    fn compared(&self) -> String {
        match (self.found, self.values.len()) {
            (_, 0) => "no value to compare".to_owned(),
            (None, _) => "its values could not be compared".to_owned(),
            (Some(found), all) => format!("{found} of {all} different values are in {}.{}", self.to, self.to_column),
        }
    }

    /// The reference, if enough speaks for it.
    fn reference(&self, world: &World) -> Option<Reference> {
        let (coverage, all) = (self.coverage(), self.values.len());
        let confidence = match self.sign {
            Sign::Declared => 1.0,
            Sign::Name => names::confidence(self.name, coverage, all, self.found.is_some())?,
            Sign::TypeColumn => polymorphic::confidence(coverage, all)?,
            Sign::SharedKey => shared::key_confidence(self, world)?,
            Sign::SharedValue => shared::value_confidence(self, world)?,
            Sign::Values => values::confidence(coverage, all)?,
        };
        Some(Reference {
            table: self.table.clone(),
            columns: vec![self.column.clone()],
            to: self.to.clone(),
            to_columns: vec![self.to_column.clone()],
            when: self.when.clone(),
            sign: self.sign,
            zero: self.zero,
            confidence,
            evidence: format!("{}; {}", self.why, self.compared()),
        })
    }
}

/// Is a column already part of a known reference?
fn is_known(references: &[Reference], table: &str, column: &str) -> bool {
    references.iter().any(|r| r.table == table && r.columns.iter().any(|c| c == column))
}
