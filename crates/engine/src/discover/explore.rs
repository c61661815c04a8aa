//! How a database is read: a bounded number of rows of each table, then a few questions about values of one column among
//! the keys of another. A state machine without I/O, as the planner is.

use super::refs::{self, Doubt, Hunt};
use super::world::World;
use crate::ask::{By, Row, Select};
use crate::schema::{Class, Schema};
use crate::value::Value;

/// Most rows of one table that are read.
pub const SAMPLED_ROWS: u32 = 1_000;

/// Most values of one column that are looked for among the keys of another table.
pub const SOUGHT_VALUES: usize = 200;

/// Most tables that are read; the rest of a larger database is judged by its structure alone.
pub const SAMPLED_TABLES: usize = 2_000;

/// What the explorer wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// How many rows each of these tables has.
    Counts(Vec<String>),
    /// A sample of a table.
    Sample {
        /// Table.
        table: String,
        /// Columns, in the order of the answer.
        columns: Vec<String>,
        /// Most rows.
        rows: u32,
    },
    /// Rows of a table that have certain values.
    Select(Select),
}

/// The answer to a [`Wish`].
pub enum Reply {
    /// Counts, in the order of the tables.
    Counts(Vec<u64>),
    /// Rows.
    Rows(Vec<Row>),
    /// Our role may not read the table, or it could not be read in time.
    Refused,
}

/// Reads a database step by step.
pub struct Explorer {
    world: World,
    stage: Stage,
}

enum Stage {
    Start,
    Sampling(Vec<Wish>),
    Doubting(Hunt, Vec<Doubt>),
    Done,
}

/// What the explorer does next.
pub enum Step {
    /// Wants replies, in this order.
    Ask(Vec<Wish>),
    /// Has read enough.
    Done(Box<Explored>),
}

/// A database that was looked at.
pub struct Explored {
    /// Structure and samples.
    pub world: World,
    /// The references that were found in it.
    pub hunt: Hunt,
}

impl Explorer {
    /// An explorer of one schema.
    pub fn new(schema: Schema) -> Explorer {
        Explorer { world: World::new(schema), stage: Stage::Start }
    }

    /// Takes the replies to the wishes it returned last (none at first) and goes on.
    pub fn step(&mut self, replies: Vec<Reply>) -> Step {
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Start => {
                let wishes = self.wishes();
                self.stage = Stage::Sampling(wishes.clone());
                Step::Ask(wishes)
            }
            Stage::Sampling(wishes) => {
                self.take_samples(wishes, replies);
                let hunt = refs::begin(&self.world);
                let doubts = hunt.doubts();
                if doubts.is_empty() {
                    return self.done(hunt);
                }
                let asks = doubts.iter().map(ask).collect();
                self.stage = Stage::Doubting(hunt, doubts);
                Step::Ask(asks)
            }
            Stage::Doubting(mut hunt, doubts) => {
                for (doubt, reply) in doubts.into_iter().zip(replies) {
                    if let Reply::Rows(rows) = reply {
                        let found =
                            rows.iter().filter_map(|r| r.first()?.join_text()).map(|v| v.into_owned()).collect();
                        hunt.settle(doubt, found);
                    }
                }
                self.done(hunt)
            }
            Stage::Done => self.done(Hunt::default()),
        }
    }

    fn done(&mut self, mut hunt: Hunt) -> Step {
        let world = std::mem::replace(&mut self.world, World::new(Schema::default()));
        hunt.conclude(&world);
        Step::Done(Box::new(Explored { world, hunt }))
    }

    fn wishes(&self) -> Vec<Wish> {
        let tables: Vec<_> = self.world.tables().take(SAMPLED_TABLES).collect();
        let mut wishes = vec![Wish::Counts(tables.iter().map(|t| t.name.clone()).collect())];
        for table in tables {
            // Bytes are many and say little; a column of them is known by its name and type.
            let columns = table.columns.iter().filter(|c| c.class != Class::Bytes).map(|c| c.name.clone()).collect();
            wishes.push(Wish::Sample { table: table.name.clone(), columns, rows: SAMPLED_ROWS });
        }
        wishes
    }

    fn take_samples(&mut self, wishes: Vec<Wish>, replies: Vec<Reply>) {
        for (wish, reply) in wishes.into_iter().zip(replies) {
            match (wish, reply) {
                (Wish::Counts(tables), Reply::Counts(counts)) => {
                    tables.iter().zip(counts).for_each(|(t, n)| self.world.counted(t, n));
                }
                (Wish::Sample { table, columns, .. }, Reply::Rows(rows)) => self.world.sampled(&table, columns, rows),
                (Wish::Sample { table, .. }, Reply::Refused) => self.world.refused(&table),
                _ => {}
            }
        }
    }
}

fn ask(doubt: &Doubt) -> Wish {
    let values = doubt.values.iter().map(|v| vec![Value::text(v)]).collect();
    let by = By::Values { columns: vec![doubt.column.clone()], values };
    let columns = vec![doubt.column.clone()];
    Wish::Select(Select { table: doubt.table.clone(), columns, by, filter: Vec::new(), lock: false })
}
