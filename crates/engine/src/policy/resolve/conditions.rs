//! Conditions.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, Cond, Lookup, TableId, Test};
use crate::policy::written::{self, Condition, Literal};
use crate::source::{At, Span};

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
                let (there, found) = self.lookup(self.policy.table(table).system, values)?;
                self.looked_up_fits((table, column), (there, found), test.at);
                let (table, column) = (there, found);
                let found = Test::Lookup(Box::new(Lookup { table, column, filter: self.condition(table, filter) }));
                if *negated { Test::Not(Box::new(found)) } else { found }
            }
        })
    }

    /// Reports a lookup that finds nothing whatever the rows, because the types share no value.
    fn looked_up_fits(&mut self, here: (TableId, ColumnIx), there: (TableId, ColumnIx), at: Span) {
        let column = |(table, column): (TableId, ColumnIx)| &self.policy.table(table).columns[column];
        let (mine, theirs) = (column(here), column(there));
        if !mine.class.meets(theirs.class) {
            let message = format!("`{}` and `{}` can never be equal", mine.name, theirs.name);
            let label = format!("`{}` is `{}`, `{}` is `{}`", mine.name, mine.type_name, theirs.name, theirs.type_name);
            let finding = Diagnostic::error(codes::TYPES_NEVER_EQUAL, message, at, label);
            self.findings.push(finding.help("nothing is found there: name the column that holds the same values"));
        }
    }

    fn literals(&mut self, table: TableId, column: ColumnIx, list: &[Literal]) -> Vec<crate::value::Value> {
        list.iter().map(|l| self.literal(table, column, l)).collect()
    }

    fn literal(&mut self, table: TableId, column: ColumnIx, literal: &Literal) -> crate::value::Value {
        self.compare_fits(table, column, literal);
        literal.it.clone()
    }
}
