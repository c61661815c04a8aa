//! A case: tables, rows, and persons who ask.

use std::collections::BTreeMap;

use super::model::Row;
use super::sql::{Ask, Table};

/// A case of one database.
#[derive(Default)]
pub struct Case {
    pub name: String,
    pub tables: Vec<Table>,
    /// Its asks are to follow each edge at least once.
    pub thorough: bool,
    /// The database holds references to be foreign keys, as it does not there.
    pub declared: bool,
    pub steps: Vec<Step>,
}

/// What is done to the database of a case.
pub enum Step {
    Insert {
        table: String,
        columns: Vec<String>,
        rows: Vec<Vec<Option<String>>>,
    },
    /// The application changes its rows.
    Execute(String),
    Ask(Ask, Expected),
}

/// What is to come of an ask, beside what the rules of the other model say.
#[derive(Default)]
pub struct Expected {
    pub returned: Returned,
    /// Rows left, of the tables that are named.
    pub left: BTreeMap<String, Vec<Row>>,
}

/// A row, and its table where that is said.
pub type Named = (Option<String>, Row);

/// Which rows come back, each with its table where that is said.
#[derive(Default)]
pub enum Returned {
    /// Nothing is said.
    #[default]
    Unsaid,
    Exactly(Vec<Named>),
    /// These and maybe others.
    AtLeast(Vec<Named>),
}

impl Case {
    /// Rows go in; with those that went in just before, where both are alike.
    pub fn insert(&mut self, table: String, columns: Vec<String>, rows: Vec<Vec<Option<String>>>) {
        match self.steps.last_mut() {
            Some(Step::Insert { table: t, columns: c, rows: r }) if *t == table && *c == columns => r.extend(rows),
            _ => self.steps.push(Step::Insert { table, columns, rows }),
        }
    }

    /// How many ask to get and to forget.
    pub fn asks(&self) -> (usize, usize) {
        let forget =
            |wanted: bool| self.steps.iter().filter(|s| matches!(s, Step::Ask(ask, _) if ask.forget == wanted)).count();
        (forget(false), forget(true))
    }
}
