//! Conditions.

use super::Draft;
use crate::policy::model::{ColumnIx, Cond, Lookup, TableId, Test};
use crate::policy::written::{self, Condition, Literal};
use crate::source::At;

impl<'a> Draft<'a> {
    /// A condition on rows of a table; what does not resolve is reported and left out.
    pub(super) fn condition(&mut self, table: TableId, written: &'a Condition) -> Cond {
        let mut parts = Vec::new();
        for (name, test) in &written.parts {
            if let Some(column) = self.column(table, name) {
                parts.extend(self.test(table, column, test).map(|t| (column, t)));
            }
        }
        Cond(parts)
    }

    /// The condition of a thing that may have none.
    pub(super) fn condition_of(&mut self, table: TableId, written: &'a Option<At<Condition>>) -> Cond {
        written.as_ref().map_or_else(Cond::default, |w| self.condition(table, w))
    }

    fn test(&mut self, table: TableId, column: ColumnIx, test: &'a At<written::Test>) -> Option<Test> {
        Some(match &test.it {
            written::Test::Is(list) => Test::In(self.literals(table, column, list)),
            written::Test::Not(list) => Test::Not(Box::new(Test::In(self.literals(table, column, list)))),
            written::Test::Lt(bound) => Test::Lt(self.literal(table, column, bound)),
            written::Test::Gt(bound) => Test::Gt(self.literal(table, column, bound)),
            written::Test::Prefix(s) => Test::Prefix(s.it.clone()),
            written::Test::Bit(n) => Test::Bit(n.it),
            written::Test::Lookup { negated, values, filter } => {
                let there = self.lookup(self.policy.table(table).system, values);
                self.not_yet("`in` and `not_in`", test.at);
                let (table, column) = there?;
                let found = Test::Lookup(Box::new(Lookup { table, column, filter: self.condition(table, filter) }));
                if *negated { Test::Not(Box::new(found)) } else { found }
            }
        })
    }

    fn literals(&mut self, table: TableId, column: ColumnIx, list: &[Literal]) -> Vec<crate::value::Value> {
        list.iter().map(|l| self.literal(table, column, l)).collect()
    }

    fn literal(&mut self, table: TableId, column: ColumnIx, literal: &Literal) -> crate::value::Value {
        self.compare_fits(table, column, literal);
        literal.it.clone()
    }
}
