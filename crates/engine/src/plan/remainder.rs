//! What a law or a hold stopped, and how it is taken up again when they end: by row key, for the record that led to a row
//! may be gone or masked, and a tie on the way undone.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::asked::Keeper;
use super::claims::Claims;
use super::draft::Draft;
use super::fates::Outcome;
use super::question::Refusal;
use super::references::{By, References};
use super::resolve::{Person, place};
use super::rows::{Claim, Row, RowIx, Rows, Via};
use super::types::{Key, Plan};
use super::{Answer, Ask};
use crate::ask;
use crate::policy::model::{ColumnIx, Fate, KindId, Policy, Role, TableId};

/// Rows of one table whose erasure was stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Key columns.
    pub key: Vec<String>,
    /// Columns that decide what becomes of a row: if they change, somebody else works with it.
    pub decided_by: Vec<String>,
    /// The rows, sorted by key.
    pub rows: Vec<StoppedRow>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoppedRow {
    /// Its key.
    pub key: Key,
    /// What would have become of it.
    pub fate: Fate,
    /// Only these columns are left to be dealt with; none: the whole row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The person's claims on it.
    pub claims: Vec<Held>,
    /// What keeps it, or the rows that need it.
    pub by: Vec<Keeping>,
}

impl StoppedRow {
    /// Is it a record of the person?
    pub fn is_own(&self) -> bool {
        self.claims.iter().any(|held| held.way == Way::Own)
    }
}

/// A claim on a row, as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Role.
    pub role: Role,
    /// How it came about.
    pub way: Way,
}

/// How a claim came about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The row is a record of the person.
    Own,
    /// By the link of this name.
    Link(String),
    /// An identifier stood in this column.
    Text(String),
}

/// What keeps a row, or columns of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    /// `law:ID` or `hold:ID`; with `needed:` before it, of rows that need this one.
    pub keeper: String,
    /// Last day, where it is known.
    pub until: Option<String>,
    /// The columns; empty: all of the row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

impl Draft<'_> {
    /// What was stopped, by table. Where nothing is kept, the person's records that something needs: whoever asks again is
    /// to know that they were left.
    pub fn stopped(&self, outcomes: &[Outcome]) -> Vec<Stopped> {
        let mut by_table: BTreeMap<TableId, Vec<StoppedRow>> = BTreeMap::new();
        let keeps = outcomes.iter().any(|o| !o.vetoes.is_empty() || !o.stays.is_empty());
        let stays = |ix: RowIx, row: &Row| !row.claims.is_empty() && !outcomes[ix].goes && (keeps || is_own(row));
        let mapped = self.rows.all().filter(|(_, row)| !self.policy.table(row.table).made);
        for (ix, row) in mapped.filter(|(ix, row)| stays(*ix, row)) {
            by_table.entry(row.table).or_default().extend(self.stopped_row(row, &outcomes[ix]));
        }
        let tables = by_table.into_iter().filter(|(_, rows)| !rows.is_empty());
        let group = |(table, mut rows): (TableId, Vec<StoppedRow>)| {
            rows.sort();
            let t = self.policy.table(table);
            Stopped {
                system: self.policy.system(t.system).name.clone(),
                table: t.name.clone(),
                key: t.names(&t.key),
                decided_by: t.names(self.rows.needed(table)),
                rows,
            }
        };
        tables.map(group).collect()
    }

    fn stopped_row(&self, row: &Row, outcome: &Outcome) -> Option<StoppedRow> {
        let t = self.policy.table(row.table);
        let names = |columns: &[ColumnIx]| t.names(columns);
        let mut columns = match () {
            () if outcome.free == Fate::None => return None,
            () if !outcome.vetoes.is_empty() => None,
            () if outcome.fate > Fate::None && !outcome.stays.is_empty() => {
                Some(outcome.stays.keys().copied().collect())
            }
            () if outcome.needed_by.is_some() && outcome.free == Fate::Delete => Some(Vec::new()),
            () => return None,
        };
        if let Some(only) = &outcome.only {
            let left = columns.unwrap_or_else(|| only.clone());
            columns = Some(left.into_iter().filter(|c| only.contains(c)).collect());
        }
        let whole = outcome.vetoes.iter().map(|veto| (&veto.keeper, veto.until, Vec::new()));
        let mut by: Vec<_> = whole.collect();
        if outcome.vetoes.is_empty() {
            by.extend(outcome.stays.iter().map(|(column, (keeper, until))| (keeper, *until, names(&[*column]))));
        }
        let by = by.into_iter().map(|(keeper, until, columns)| {
            let until = until.map(|day| day.to_string());
            Keeping { keeper: id(keeper), until, columns }
        });
        let mut by: Vec<Keeping> = by.collect();
        if by.is_empty() {
            by.extend(outcome.needed_for.iter().map(|(keeper, until)| Keeping {
                keeper: format!("needed:{}", id(keeper)),
                until: until.map(|day| day.to_string()),
                columns: Vec::new(),
            }));
        }
        let by = until_the_last(by);
        let mut claims: Vec<Held> = row
            .claims
            .iter()
            .map(|claim| {
                let way = match claim.via {
                    Via::Own => Way::Own,
                    Via::Link { link, .. } => Way::Link(t.links[link].name.clone()),
                    Via::Text(column) => Way::Text(t.columns[column].name.clone()),
                };
                Held { role: claim.role, way }
            })
            .collect();
        claims.sort();
        claims.dedup();
        let columns = columns.map(|c| names(&c));
        Some(StoppedRow { key: row.key.clone(), fate: outcome.free, columns, claims, by })
    }
}

/// One line for each keeper and what it keeps: two of its reasons may end on different days, and the last one counts.
fn until_the_last(by: Vec<Keeping>) -> Vec<Keeping> {
    let mut lines: BTreeMap<(String, Vec<String>), Option<String>> = BTreeMap::new();
    for Keeping { keeper, until, columns } in by {
        let line = lines.entry((keeper, columns)).or_insert_with(|| until.clone());
        // Without a day it has no end that is known.
        *line = line.take().zip(until).map(|(one, other)| one.max(other));
    }
    lines.into_iter().map(|((keeper, columns), until)| Keeping { keeper, until, columns }).collect()
}

fn is_own(row: &Row) -> bool {
    row.claims.iter().any(|claim| claim.via == Via::Own)
}

fn id(keeper: &Keeper) -> String {
    match keeper {
        Keeper::Law(law) => format!("law:{law}"),
        Keeper::Hold(hold) => format!("hold:{hold}"),
    }
}

/// What is remembered of rows that an earlier run left.
#[derive(Debug, Default)]
pub struct Remembered(HashMap<RowIx, (Fate, Option<Vec<ColumnIx>>)>);

impl Remembered {
    /// What would have become of the row then.
    pub fn fate(&self, ix: RowIx) -> Option<Fate> {
        self.0.get(&ix).map(|(fate, _)| *fate)
    }

    /// The only columns of it that are left to be dealt with.
    pub fn only(&self, ix: RowIx) -> Option<&[ColumnIx]> {
        self.0.get(&ix).and_then(|(_, only)| only.as_deref())
    }
}

/// The rest of an earlier plan.
#[derive(Debug)]
pub struct Remainder {
    /// That plan, with what was found after it.
    pub plan: Plan,
    /// Its hash as it was approved.
    pub(super) hash: String,
    asked: Vec<(TableId, usize)>,
}

impl Remainder {
    /// The rest of this plan, that was approved under this hash.
    pub fn of(plan: Plan, hash: String) -> Self {
        Remainder { plan, hash, asked: Vec::new() }
    }

    /// Asks for every row that was left.
    pub(super) fn ask(&mut self, policy: &Policy, rows: &Rows) -> Result<Vec<Ask>, Refusal> {
        let mut asks = Vec::new();
        for (at, stopped) in self.plan.stopped.iter().enumerate() {
            let table = policy.system_named(&stopped.system).and_then(|s| policy.table_named(s, &stopped.table));
            let Some(table) = table.filter(|t| policy.table(*t).names(&policy.table(*t).key) == stopped.key) else {
                return Err(Refusal::Unmapped { table: format!("{}.{}", stopped.system, stopped.table) });
            };
            let values = stopped.rows.iter().map(|row| row.key.clone()).collect();
            let by = ask::By::Keys { columns: stopped.key.clone(), values };
            asks.push(Ask::select(policy, table, rows.select(policy, table, by, Vec::new())));
            self.asked.push((table, at));
        }
        Ok(asks)
    }

    /// Takes the rows that are still there, with the claims on them, so that the search goes on from there.
    pub(super) fn take(
        &self,
        policy: &Policy,
        kind: KindId,
        rows: &mut Rows,
        answers: Vec<Answer>,
    ) -> (Person, Claims, Remembered) {
        let mut left: Vec<(RowIx, &StoppedRow)> = Vec::new();
        for ((table, at), answer) in self.asked.iter().zip(answers) {
            for values in answer.rows() {
                let ix = rows.take(policy, *table, values);
                let key = &rows.row(ix).key;
                left.extend(self.plan.stopped[*at].rows.iter().find(|row| row.key == *key).map(|row| (ix, row)));
            }
        }
        rows.look_up(policy);
        let references = References::among(policy, rows);
        let mut claims = Claims::continued(policy, kind);
        let (mut person, mut remembered) = (self.person(policy), Remembered::default());
        for (ix, row) in left {
            let table = policy.table(rows.row(ix).table);
            let only = row.columns.as_ref().map(|names| names.iter().filter_map(|n| table.column(n)).collect());
            remembered.0.insert(ix, (row.fate, only));
            for held in &row.claims {
                if held.way == Way::Own {
                    person.records.push((ix, self.chain(policy, rows.row(ix))));
                }
                for via in vias(policy, rows, &references, ix, &held.way) {
                    claims.add(rows, ix, Claim { role: held.role, via });
                }
            }
        }
        (person, claims, remembered)
    }

    fn person(&self, policy: &Policy) -> Person {
        let locals = self.plan.local_tenants.iter();
        Person {
            tenant: self.plan.tenant.clone(),
            local_tenants: locals.filter_map(|(s, v)| Some((policy.system_named(s)?, v.clone()))).collect(),
            not_followed: self.plan.not_followed.iter().cloned().collect(),
            ..Person::default()
        }
    }

    fn chain(&self, policy: &Policy, row: &Row) -> Vec<String> {
        let here = place(policy, row.table);
        let known = self.plan.persons.iter().find(|p| format!("{}.{}", p.system, p.table) == here && p.key == row.key);
        known.map_or_else(|| vec!["id".to_owned()], |p| p.chain.clone())
    }
}

/// A remembered claim among the rows that are left: with the row it comes from, where that is still one of them.
fn vias(policy: &Policy, rows: &Rows, references: &References, ix: RowIx, way: &Way) -> Vec<Via> {
    let table = policy.table(rows.row(ix).table);
    match way {
        Way::Own => vec![Via::Own],
        Way::Text(name) => table.column(name).map(Via::Text).into_iter().collect(),
        Way::Link(name) => {
            let Some(link) = table.links.iter().position(|l| l.name == *name) else { return Vec::new() };
            let from = references.of(ix).iter().filter(|(by, _)| *by == By::Link(link) || *by == By::Back(link));
            let parents: Vec<Via> = from.map(|(_, to)| Via::Link { link, parent: Some(*to) }).collect();
            if parents.is_empty() { vec![Via::Link { link, parent: None }] } else { parents }
        }
    }
}
