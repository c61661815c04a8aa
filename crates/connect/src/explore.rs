//! Answers the explorer's wishes about a database that nobody here has seen.

use engine::ask::Failure;
use engine::discover::explore::{Explored, Explorer, Reply, Step, Wish};
use engine::schema::Schema;

use crate::{Connector, Session};

/// Reads a bounded number of rows of each table, within one snapshot where the system has them. `told` hears which table is
/// looked at. A table that our role may not read, or not in time, is noted as such and the rest goes on.
pub async fn explore(
    connector: &dyn Connector,
    schema: Schema,
    told: &mut (dyn FnMut(&str) + Send),
) -> Result<Explored, Failure> {
    let mut reader = Reader { connector, session: None };
    let mut explorer = Explorer::new(schema);
    let mut replies = Vec::new();
    loop {
        match explorer.step(replies) {
            Step::Done(explored) => {
                reader.close().await;
                return Ok(*explored);
            }
            Step::Ask(wishes) => {
                replies = Vec::with_capacity(wishes.len());
                for wish in &wishes {
                    told(about(wish));
                    replies.push(reader.answer(wish).await?);
                }
            }
        }
    }
}

fn about(wish: &Wish) -> &str {
    match wish {
        Wish::Counts(_) => "all tables",
        Wish::Sample { table, .. } => table,
        Wish::Select(select) => &select.table,
    }
}

struct Reader<'a> {
    connector: &'a dyn Connector,
    session: Option<Box<dyn Session>>,
}

impl Reader<'_> {
    async fn answer(&mut self, wish: &Wish) -> Result<Reply, Failure> {
        if let Wish::Counts(tables) = wish {
            return self.counts(tables).await;
        }
        let mut session = match self.session.take() {
            Some(open) => open,
            None => self.connector.read().await?,
        };
        let rows = match wish {
            Wish::Sample { table, columns, rows } => session.sample(table, columns, *rows).await,
            Wish::Select(select) => session.answer(select).await,
            Wish::Counts(_) => Ok(Vec::new()),
        };
        match rows {
            Ok(rows) => {
                self.session = Some(session);
                Ok(Reply::Rows(rows))
            }
            Err(failure) => {
                // A session may be of no use after a failure; the next wish opens a new one.
                let _ = session.close().await;
                refusal(failure)
            }
        }
    }

    /// All at once; if that fails, table by table, so that one of them does not hide the others.
    async fn counts(&self, tables: &[String]) -> Result<Reply, Failure> {
        if let Ok(counts) = self.connector.rows(tables).await {
            return Ok(Reply::Counts(counts));
        }
        let mut counts = Vec::with_capacity(tables.len());
        for table in tables {
            match self.connector.rows(std::slice::from_ref(table)).await {
                Ok(one) => counts.push(one.first().copied().unwrap_or_default()),
                Err(failure) => {
                    refusal(failure)?;
                    counts.push(0);
                }
            }
        }
        Ok(Reply::Counts(counts))
    }

    async fn close(self) {
        if let Some(session) = self.session {
            // A read-only session has nothing to lose.
            let _ = session.close().await;
        }
    }
}

/// What concerns one table is noted; what concerns the system ends the matter.
fn refusal(failure: Failure) -> Result<Reply, Failure> {
    match failure {
        Failure::Unreachable { .. } | Failure::Denied { .. } => Err(failure),
        _ => Ok(Reply::Refused),
    }
}
