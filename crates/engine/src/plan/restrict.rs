//! The steps of a restriction and of its end (GDPR Art. 18): the flag that the map names on the person's records. Where
//! the map names none, the register of restrictions, which decisions read, holds it alone.

use std::collections::BTreeMap;

use super::draft::{Draft, Drafted};
use super::how::How;
use super::question::Refusal;
use super::rows::RowIx;
use super::types::{Action, Step};
use crate::policy::model::{Right, SystemId, TableId};

impl Draft<'_> {
    /// One step for each table of records with a flag.
    pub fn restriction(&self) -> Result<Drafted, Refusal> {
        let mut records: BTreeMap<TableId, Vec<RowIx>> = BTreeMap::new();
        for (ix, _) in &self.person.records {
            records.entry(self.rows.row(*ix).table).or_default().push(*ix);
        }
        let mut steps: Vec<(SystemId, Step)> = Vec::new();
        let populations = &self.policy.kinds[self.question.kind.0].populations;
        for population in populations {
            let (Some(flag), Some(ixs)) = (&population.restriction, records.get(&population.table)) else { continue };
            let (written, reason) = match self.question.right {
                Right::Lifting => (&flag.lift, "the restriction ends"),
                _ => (&flag.set, "is restricted"),
            };
            let names = &self.policy.table(population.table).columns;
            let columns = written
                .iter()
                .map(|(column, fill)| (names[*column].name.clone(), How::Set(self.fill(fill, population.system, ""))));
            let action = Action::Change { columns: columns.collect(), spans: Vec::new() };
            steps.push((population.system, self.step(population.table, ixs, action, reason.to_owned())));
        }
        Ok(Drafted { systems: self.by_system(steps), ..Drafted::default() })
    }
}
