//! All people of a kind in the order of their tables, in memory that does not grow with their number.
//!
//! A table is passed over once, into a file without a name that nobody else can open and that is gone with the program. Its rows
//! are read back in chunks, and of each chunk is asked what stands beside it.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::ops::ControlFlow;

use engine::ask::{Failure, Row};
use engine::notice::roll::{Listed, Roll};
use engine::policy::model::Policy;

use crate::{Connector, Planless, Session, Systems};

/// So many rows are held at once.
const CHUNK: usize = 1000;

/// The people of one roll.
pub struct People<'r, 'p> {
    roll: &'r Roll<'p>,
    system: String,
    session: Box<dyn Session>,
    spool: BufReader<File>,
}

impl<'r, 'p> People<'r, 'p> {
    /// Passes over the table on the reading side.
    ///
    /// # Errors
    /// When the system is not there or cannot answer.
    pub async fn read(policy: &Policy, systems: &Systems, roll: &'r Roll<'p>) -> Result<Self, Planless> {
        let system = policy.system(roll.system()).name.clone();
        match open(systems.get(&system).map(Box::as_ref), roll).await {
            Ok((session, spool)) => Ok(People { roll, system, session, spool: BufReader::new(spool) }),
            Err(failure) => Err(Planless::Failed { system, failure }),
        }
    }

    /// The next of them; none when there are no more. Of a chunk in which nobody is a person, those of the next.
    ///
    /// # Errors
    /// When the system cannot answer.
    pub async fn next(&mut self) -> Result<Vec<Listed>, Planless> {
        let next = self.chunk().await;
        next.map_err(|failure| Planless::Failed { system: self.system.clone(), failure })
    }

    async fn chunk(&mut self) -> Result<Vec<Listed>, Failure> {
        loop {
            let rows = self.rows()?;
            if rows.is_empty() {
                return Ok(Vec::new());
            }
            let mut answers = Vec::new();
            for ask in self.roll.beside(&rows) {
                answers.push(self.session.answer(&ask).await?);
            }
            let people = self.roll.people(&rows, &answers);
            if !people.is_empty() {
                return Ok(people);
            }
        }
    }

    fn rows(&mut self) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let mut line = String::new();
        while rows.len() < CHUNK && self.spool.read_line(&mut line).map_err(spooling)? > 0 {
            rows.push(serde_json::from_str(&line).map_err(|_| unreadable())?);
            line.clear();
        }
        Ok(rows)
    }

    /// Ends the session.
    pub async fn close(self) {
        // A read-only session has nothing to lose.
        let _ = self.session.close().await;
    }
}

async fn open(connector: Option<&dyn Connector>, roll: &Roll<'_>) -> Result<(Box<dyn Session>, File), Failure> {
    let connector = connector.ok_or_else(|| Failure::Unreachable { detail: "no connection is configured".into() })?;
    let mut session = connector.read().await?;
    let mut spool = BufWriter::new(tempfile::tempfile().map_err(spooling)?);
    let mut failed = None;
    let mut keep = |row: Row| match written(&mut spool, &row) {
        Ok(()) => ControlFlow::Continue(()),
        Err(failure) => {
            failed = Some(failure);
            ControlFlow::Break(())
        }
    };
    session.stream(&roll.everything(), &mut keep).await?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    let mut file = spool.into_inner().map_err(|e| spooling(e.into_error()))?;
    file.rewind().map_err(spooling)?;
    Ok((session, file))
}

fn written(spool: &mut impl Write, row: &Row) -> Result<(), Failure> {
    let mut line = serde_json::to_vec(row).map_err(|_| unreadable())?;
    line.push(b'\n');
    spool.write_all(&line).map_err(spooling)
}

fn spooling(error: std::io::Error) -> Failure {
    Failure::Other { detail: format!("its rows could not be kept aside for a moment: {}", error.kind()) }
}

fn unreadable() -> Failure {
    Failure::Other { detail: "a row that was kept aside cannot be read".to_owned() }
}
