//! Every question that a plan, a probe or a run can put to a system, one for each table and way of choosing rows: for
//! finding out, before anybody asks, which of them an index serves.

use super::claims::{filters, narrowed};
use super::elsewhere::conditions;
use super::references::covers;
use super::rows::deciding;
use super::sharing::climbed;
use super::values::by_reading;
use crate::ask::{By, Select};
use crate::policy::model::{
    ColumnIx, Cond, Match, Policy, Population, Reading, SystemId, Table, TableId, Target, Worth,
};
use crate::schema::Class;
use crate::value::Value;

/// One kind of question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The table.
    pub table: TableId,
    /// The question, with values that are nobody's.
    pub select: Select,
    /// What it is asked for: `link owner`, `identity email`, ..
    pub purpose: String,
}

impl Lookup {
    /// The columns by which rows are chosen.
    pub fn columns(&self) -> Vec<&str> {
        match &self.select.by {
            By::Values { columns, .. } | By::Keys { columns, .. } => columns.iter().map(String::as_str).collect(),
            By::Folded { column, .. } | By::Phone { column, .. } | By::Containing { column, .. } => vec![column],
        }
    }
}

/// All kinds of questions to one system.
pub fn lookups(policy: &Policy, system: SystemId) -> Vec<Lookup> {
    let mut list = List { policy, columns: deciding(policy), found: Vec::new() };
    for id in policy.table_ids().filter(|id| policy.table(*id).system == system && !policy.table(*id).made) {
        list.of_table(id);
    }
    for (id, ix) in climbed(policy, |_, _| true) {
        let link = &policy.table(id).links[ix];
        if let Target::Row { table, columns } = &link.target
            && policy.table(*table).system == system
        {
            let purpose = format!("who else holds rows of {}", policy.table(id).name);
            let filter = narrowed(policy, *table, &link.to_when);
            let plain = Reading::default();
            let reading = if link.by { &link.reading } else { &plain };
            match link.matching {
                Match::Exact if reading.is_plain() => list.exact(*table, columns, filter, purpose),
                matching => list.matching(*table, columns[0], (reading, matching), filter, purpose),
            }
        }
    }
    for population in policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.system == system) {
        for identity in population.identities.iter().filter(|i| i.worth != Worth::Text) {
            let purpose = format!("identity {}", identity.name);
            let how = (&identity.reading, identity.matching);
            list.matching(identity.table, identity.column, how, Vec::new(), purpose);
        }
        list.owners(population);
        if let Some((table, column)) = population.tenant.as_ref().and_then(|t| t.through) {
            list.exact(table, &policy.table(table).key[..1], Vec::new(), "the tenant".to_owned());
            list.exact(table, &[column], Vec::new(), "the tenant".to_owned());
        }
    }
    let mut looked_up: Vec<(TableId, ColumnIx)> = Vec::new();
    for (_, condition) in conditions(policy) {
        looked_up_in(condition, &mut looked_up);
    }
    for (table, column) in looked_up.into_iter().filter(|(t, _)| policy.table(*t).system == system) {
        list.exact(table, &[column], Vec::new(), "a condition".to_owned());
    }
    list.found
}

/// Where a condition looks values up, and what that looks up in turn.
fn looked_up_in(condition: &Cond, into: &mut Vec<(TableId, ColumnIx)>) {
    for (_, lookup) in condition.lookups() {
        into.push((lookup.table, lookup.column));
        looked_up_in(&lookup.filter, into);
    }
}

struct List<'p> {
    policy: &'p Policy,
    columns: Vec<Vec<ColumnIx>>,
    found: Vec<Lookup>,
}

type Filter = Vec<(String, Vec<Value>)>;

impl List<'_> {
    fn of_table(&mut self, id: TableId) {
        let table = self.policy.table(id);
        self.exact(id, &table.key, Vec::new(), "the key".to_owned());
        for link in &table.links {
            let purpose = format!("link {}", link.name);
            let mut filter = filters(self.policy, id, link);
            let plain = Reading::default();
            let how = (if link.by { &plain } else { &link.reading }, link.matching);
            match (&link.target, how) {
                (Target::Row { .. }, (reading, Match::Exact)) if reading.is_plain() => {
                    self.exact(id, &link.columns, filter, purpose)
                }
                (Target::Row { .. }, how) => self.matching(id, link.columns[0], how, filter, purpose),
                (Target::Identity { .. }, how) => {
                    let tenant = table.tenant.map(|c| (table.columns[c].name.clone(), vec![nobody(table, c)]));
                    filter.extend(tenant);
                    self.matching(id, link.columns[0], how, filter, purpose);
                }
            }
        }
        for key in table.foreign_keys.iter().filter(|k| !covers(self.policy, id, k)) {
            self.exact(id, &key.columns, Vec::new(), "a foreign key".to_owned());
        }
    }

    /// Records are asked for by the rows beside them that hold their identities.
    fn owners(&mut self, population: &Population) {
        let policy = self.policy;
        for identity in population.identities.iter().filter(|i| i.table != population.table) {
            for (_, link) in policy.ties(identity.table, population.table) {
                let Target::Row { table, columns } = &link.target else { continue };
                let purpose = format!("identity {}", identity.name);
                match link.matching {
                    Match::Exact => self.exact(*table, columns, Vec::new(), purpose),
                    matching => self.matching(*table, columns[0], (&Reading::default(), matching), Vec::new(), purpose),
                }
            }
        }
    }

    fn exact(&mut self, id: TableId, columns: &[ColumnIx], filter: Filter, purpose: String) {
        let table = self.policy.table(id);
        if columns.is_empty() {
            return;
        }
        let values = vec![columns.iter().map(|c| nobody(table, *c)).collect()];
        self.add(id, By::Values { columns: table.names(columns), values }, filter, purpose);
    }

    fn matching(&mut self, id: TableId, column: ColumnIx, how: (&Reading, Match), filter: Filter, purpose: String) {
        let (reading, matching) = how;
        let value = match matching {
            Match::Exact if reading.is_plain() => return self.exact(id, &[column], filter, purpose),
            Match::Exact => "2000000011",
            Match::Phone => "+4799999999",
            Match::Email | Match::CaseInsensitive => "nobody@upheld.invalid",
        };
        let name = self.policy.table(id).columns[column].name.clone();
        let by = by_reading(reading, matching, name, vec![value.to_owned()]);
        self.add(id, by, filter, purpose);
    }

    /// The same columns chosen in the same way are one kind of question, whatever narrows them.
    fn add(&mut self, id: TableId, by: By, filter: Filter, purpose: String) {
        let known = self.found.iter_mut().find(|l| l.table == id && l.select.by == by);
        if let Some(known) = known {
            if filter.is_empty() {
                known.select.filter.clear();
            }
            if !known.purpose.split(", ").any(|p| p == purpose) {
                known.purpose = format!("{}, {purpose}", known.purpose);
            }
            return;
        }
        let table = self.policy.table(id);
        let columns = table.names(&self.columns[id.0]);
        let select = Select { table: table.name.clone(), columns, by, filter, lock: false };
        self.found.push(Lookup { table: id, select, purpose });
    }
}

/// A value of the column's class that is nobody's.
fn nobody(table: &Table, column: ColumnIx) -> Value {
    match table.columns[column].class {
        Class::Int => Value::Int(2_000_000_011),
        Class::Bool => Value::Bool(true),
        Class::Real => Value::Real(2_000_000_011.5),
        Class::Decimal => Value::text("2000000011.5"),
        Class::Bytes => Value::Bytes(vec![0xfe; 16]),
        Class::Uuid => Value::text("ffffffff-ffff-4fff-bfff-ffffffffffff"),
        Class::Date => Value::text("1900-01-01"),
        Class::Time => Value::text("03:04:05"),
        Class::Timestamp => Value::text("1900-01-01 03:04:05"),
        Class::Text | Class::Json | Class::Other => Value::text("nobody"),
    }
}
