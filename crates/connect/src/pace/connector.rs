//! A system with a pace of its own.

use engine::grants::{Held, Side};
use engine::schema::Schema;

use super::Pace;
use crate::connector::{Answer, Connector, Outcome, Session, Transaction};

/// A system that is changed no faster than its pace; it is read as fast as it goes.
pub struct Paced {
    /// The system.
    pub system: Box<dyn Connector>,
    /// Its pace.
    pub pace: Pace,
}

impl Connector for Paced {
    fn describe(&self) -> Answer<'_, Schema> {
        self.system.describe()
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        self.system.read()
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        self.system.begin()
    }

    fn resolve<'a>(&'a self, transaction: &'a str) -> Answer<'a, Outcome> {
        self.system.resolve(transaction)
    }

    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        self.system.rows(tables)
    }

    fn pace(&self) -> Option<&Pace> {
        Some(&self.pace)
    }

    fn rights(&self, side: Side) -> Answer<'_, Option<Held>> {
        self.system.rights(side)
    }
}
