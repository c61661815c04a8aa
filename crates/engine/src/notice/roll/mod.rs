//! All people of a kind, as the data map knows them: which tables list them, what to ask beside, and how a row is read.
//!
//! Nothing here holds more than a chunk of rows: whoever asks passes over a table once and hands over chunk by chunk.

mod listed;

use crate::ask::{By, Row, Select};
use crate::policy::model::{
    ColumnIx, Cond, Fill, Identity, KindId, Link, Lookup, Match, Policy, Population, SystemId, TableId, Target, Worth,
};
use crate::value::Value;

pub use listed::Listed;

/// The column of the tenant, and where it is only a local reference, the table it leads to and the column that counts there.
type Scope = (ColumnIx, Option<(TableId, ColumnIx)>);

/// One table that lists people of a kind.
pub struct Roll<'p> {
    policy: &'p Policy,
    population: &'p Population,
    table: TableId,
    /// Columns that are read, in the order of a row.
    columns: Vec<ColumnIx>,
    /// The identity whose values are the records, for a kind without a table.
    values: Option<&'p Identity>,
    /// Which rows are people.
    when: &'p Cond,
    tenant: Option<Scope>,
    /// Addresses in the row itself.
    own: Vec<&'p Identity>,
    /// Addresses in rows of other tables, and the link by which those belong to the record.
    beside: Vec<(&'p Identity, &'p Link)>,
    /// What conditions look up elsewhere.
    lookups: Vec<(ColumnIx, &'p Lookup)>,
}

/// The tables that list people of a kind. An error in words where a condition is too deep to be followed here.
pub fn rolls(policy: &Policy, kind: KindId) -> Result<Vec<Roll<'_>>, String> {
    let populations = &policy.kinds[kind.0].populations;
    let each = populations.iter().flat_map(|p| of_population(policy, p));
    each.map(|roll| if roll.is_too_deep() { Err(roll.too_deep()) } else { Ok(roll) }).collect()
}

fn of_population<'p>(policy: &'p Policy, population: &'p Population) -> Vec<Roll<'p>> {
    let table = policy.table(population.table);
    if !table.made {
        return vec![Roll::of_table(policy, population)];
    }
    let key = &table.columns[table.key[0]].name;
    let keys = population.identities.iter().filter(|i| i.name == *key && i.worth != Worth::Text);
    keys.map(|identity| Roll::of_values(policy, population, identity)).collect()
}

/// Where mail reaches a record; the identity called `email` before others.
fn addresses(population: &Population) -> Vec<&Identity> {
    let is_address = |i: &&Identity| i.matching == Match::Email && i.worth != Worth::Text;
    let mut found: Vec<&Identity> = population.identities.iter().filter(is_address).collect();
    found.sort_by_key(|i| i.name != "email");
    found
}

impl<'p> Roll<'p> {
    fn of_table(policy: &'p Policy, population: &'p Population) -> Self {
        let tenant = population.tenant.as_ref().map(|t| (t.column, t.through));
        let (own, elsewhere): (Vec<_>, Vec<_>) =
            addresses(population).into_iter().partition(|i| i.table == population.table);
        let link = |i: &'p Identity| {
            let mut ties = policy.ties(i.table, population.table).map(|(_, link)| link);
            ties.find(|l| l.matching == Match::Exact && l.reading.is_plain()).map(|link| (i, link))
        };
        let beside = elsewhere.into_iter().filter_map(link).collect();
        Roll::new(policy, population, (population.table, &population.when), (None, tenant), (own, beside))
    }

    fn of_values(policy: &'p Policy, population: &'p Population, identity: &'p Identity) -> Self {
        let home = policy.table(identity.table);
        let local = |t: &crate::policy::model::Tenant| {
            let name = &policy.table(population.table).columns[t.column].name;
            Some((home.column(name)?, t.through))
        };
        let tenant = population.tenant.as_ref().and_then(local);
        let own = addresses(population).into_iter().filter(|i| i.table == identity.table).collect();
        Roll::new(policy, population, (identity.table, &identity.when), (Some(identity), tenant), (own, Vec::new()))
    }

    fn new(
        policy: &'p Policy,
        population: &'p Population,
        (table, when): (TableId, &'p Cond),
        (values, tenant): (Option<&'p Identity>, Option<Scope>),
        (own, beside): (Vec<&'p Identity>, Vec<(&'p Identity, &'p Link)>),
    ) -> Self {
        let lookups = std::iter::once(when).chain(own.iter().map(|i| &i.when)).flat_map(Cond::lookups).collect();
        let mut roll =
            Roll { policy, population, table, columns: Vec::new(), values, when, tenant, own, beside, lookups };
        roll.columns = roll.needed();
        roll
    }

    fn needed(&self) -> Vec<ColumnIx> {
        let mut needed: Vec<ColumnIx> = match self.values {
            Some(identity) => vec![identity.column],
            None => self.policy.table(self.table).key.clone(),
        };
        needed.extend(self.when.columns());
        needed.extend(self.tenant.map(|(column, _)| column));
        needed.extend(self.own.iter().flat_map(|i| i.when.columns().chain([i.column])));
        needed.extend(self.beside.iter().flat_map(|(_, link)| target(link)));
        if self.values.is_none() {
            needed.extend(self.flags().map(|(column, _)| *column));
            needed.extend(self.policy.table(self.table).set_on_scrub.iter().map(|(column, _)| *column));
            needed.extend(self.population.placeholder.iter().flat_map(|p| &p.columns).map(|(column, _)| *column));
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// What a record holds while its person's data are restricted.
    fn flags(&self) -> impl Iterator<Item = &'p (ColumnIx, Fill)> {
        self.population.restriction.iter().flat_map(|r| &r.set)
    }

    fn is_too_deep(&self) -> bool {
        self.lookups.iter().any(|(_, lookup)| lookup.filter.looks_up())
    }

    fn too_deep(&self) -> String {
        let table = &self.policy.table(self.table).name;
        format!("a condition of table {table} looks up in a table that is itself looked up in; people cannot be listed")
    }

    /// The system that has the table.
    pub fn system(&self) -> SystemId {
        self.population.system
    }

    /// All rows of the table.
    pub fn everything(&self) -> Select {
        let table = self.policy.table(self.table);
        let column = self.values.map_or(table.key[0], |identity| identity.column);
        // In every value that is not NULL stands the empty text.
        let by = By::Containing { column: table.columns[column].name.clone(), needles: vec![String::new()] };
        self.select(self.table, &self.columns, by)
    }

    /// What must be asked beside a chunk of rows; the answers go to [`Roll::people`] in the same order.
    pub fn beside(&self, rows: &[Row]) -> Vec<Select> {
        let mut asks = Vec::new();
        if let Some((column, Some((table, wanted)))) = self.tenant {
            let key = self.policy.table(table).key[0];
            asks.push(self.among(table, &[key], &[key, wanted], self.tuples(rows, &[column])));
        }
        for (identity, link) in &self.beside {
            let columns: Vec<ColumnIx> = link.columns.iter().copied().chain(beside_columns(identity)).collect();
            asks.push(self.among(identity.table, &link.columns, &columns, self.tuples(rows, target(link))));
        }
        for (column, lookup) in &self.lookups {
            let columns: Vec<ColumnIx> = std::iter::once(lookup.column).chain(lookup.filter.columns()).collect();
            asks.push(self.among(lookup.table, &[lookup.column], &columns, self.tuples(rows, &[*column])));
        }
        asks
    }

    fn among(&self, table: TableId, by: &[ColumnIx], columns: &[ColumnIx], values: Vec<Vec<Value>>) -> Select {
        self.select(table, columns, By::Values { columns: self.policy.table(table).names(by), values })
    }

    fn select(&self, table: TableId, columns: &[ColumnIx], by: By) -> Select {
        let table = self.policy.table(table);
        Select { table: table.name.clone(), columns: table.names(columns), by, filter: Vec::new(), lock: false }
    }

    /// The values of some columns, each combination once.
    fn tuples(&self, rows: &[Row], columns: &[ColumnIx]) -> Vec<Vec<Value>> {
        let of_row = |row: &Row| columns.iter().map(|c| self.value(row, *c).clone()).collect::<Vec<_>>();
        let mut found: Vec<Vec<Value>> = rows.iter().map(of_row).collect();
        found.sort();
        found.dedup();
        found
    }

    fn value<'r>(&self, row: &'r Row, column: ColumnIx) -> &'r Value {
        static NULL: Value = Value::Null;
        self.columns.iter().position(|c| *c == column).and_then(|at| row.get(at)).unwrap_or(&NULL)
    }
}

/// Columns of the record by which rows beside it belong to it.
fn target(link: &Link) -> &[ColumnIx] {
    match &link.target {
        Target::Row { columns, .. } => columns,
        Target::Identity { .. } => &[],
    }
}

/// What is read of a row beside a record.
fn beside_columns(identity: &Identity) -> impl Iterator<Item = ColumnIx> + '_ {
    std::iter::once(identity.column).chain(identity.when.columns())
}
