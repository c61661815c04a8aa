//! Answers the engine's questions: planner and probe on the reading side.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use engine::ask::{Failure, Row, Select};
use engine::plan::restore::{Deactivation, Restorer, Returned, Returning};
use engine::plan::{
    Answer, Ask, Next, Plan, Planner, Probe, Question, Refusal, Register, Registrar, Remainder, Residue, What,
};
use engine::policy::model::{Policy, SystemId};
use engine::schema::Schema;

use crate::{Connector, Session};

/// Systems by name.
pub type Systems = BTreeMap<String, Box<dyn Connector>>;

/// Why there is no plan.
#[derive(Debug)]
pub enum Planless {
    /// The question was refused.
    Refused(Refusal),
    /// A system could not answer.
    Failed {
        /// System.
        system: String,
        /// Why.
        failure: Failure,
    },
}

impl std::fmt::Display for Planless {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Planless::Refused(refusal) => write!(f, "{refusal}"),
            Planless::Failed { system, failure } => write!(f, "system {system}: {failure}"),
        }
    }
}

impl std::error::Error for Planless {}

/// The live schema of each system that can be described.
pub async fn describe(systems: &Systems) -> Result<BTreeMap<String, Schema>, Planless> {
    let mut schemas = BTreeMap::new();
    for (name, system) in systems {
        let schema = system.describe().await.map_err(|failure| Planless::Failed { system: name.clone(), failure })?;
        schemas.insert(name.clone(), schema);
    }
    Ok(schemas)
}

/// Plans a question: a dry run on the reading side, nothing is changed.
pub async fn plan(
    policy: &Policy,
    schemas: &BTreeMap<String, Schema>,
    systems: &Systems,
    question: Question,
) -> Result<Plan, Planless> {
    made(Planner::new(policy, schemas, question), Reader::new(policy, systems)).await
}

/// What our own store knows of rows that are kept.
#[derive(Clone)]
pub struct Known<'a> {
    /// Key and places of the register.
    pub register: Register,
    /// Who looks rows up in it.
    pub registrar: &'a dyn Registrar,
}

/// The same, where holds may name persons and rows, and earlier runs have left rows that are kept.
pub async fn plan_knowing(
    policy: &Policy,
    schemas: &BTreeMap<String, Schema>,
    systems: &Systems,
    question: Question,
    known: Known<'_>,
) -> Result<Plan, Planless> {
    let reader = Reader { registrar: Some(known.registrar), ..Reader::new(policy, systems) };
    made(Planner::new(policy, schemas, question).knowing(known.register), reader).await
}

/// Plans what an earlier plan had to leave: a dry run on the reading side, nothing is changed.
pub async fn plan_rest(
    policy: &Policy,
    schemas: &BTreeMap<String, Schema>,
    systems: &Systems,
    (question, rest): (Question, Remainder),
    known: Known<'_>,
) -> Result<Plan, Planless> {
    let reader = Reader { registrar: Some(known.registrar), ..Reader::new(policy, systems) };
    let planner = Planner::of_rest(policy, schemas, question, rest);
    made(planner.knowing(known.register), reader).await
}

/// Plans for rows that were written while another plan was carried out.
pub(crate) async fn plan_after(
    policy: &Policy,
    systems: &Systems,
    planner: Planner<'_>,
    known: Option<Known<'_>>,
) -> Result<Plan, Planless> {
    let reader = Reader { registrar: known.as_ref().map(|k| k.registrar), ..Reader::new(policy, systems) };
    match known {
        Some(known) => made(planner.knowing(known.register), reader).await,
        None => made(planner, reader).await,
    }
}

async fn made(mut planner: Planner<'_>, mut reader: Reader<'_>) -> Result<Plan, Planless> {
    let mut answers = Vec::new();
    loop {
        match planner.step(answers).map_err(Planless::Refused)? {
            Next::Done(plan) => {
                reader.close().await;
                return Ok(*plan);
            }
            Next::Ask(asks) => answers = reader.answer(&asks).await?,
        }
    }
}

/// Plans a reactivation: a dry run on the reading side, nothing is changed.
pub async fn restore(
    policy: &Policy,
    schemas: &BTreeMap<String, Schema>,
    systems: &Systems,
    own: &Deactivation,
    others: &[Deactivation],
    question: Returning,
) -> Result<Plan, Planless> {
    let mut restorer = Restorer::new(policy, schemas, own, others, question);
    let mut reader = Reader::new(policy, systems);
    let mut answers = Vec::new();
    loop {
        match restorer.step(answers).map_err(Planless::Refused)? {
            Returned::Done(plan) => {
                reader.close().await;
                return Ok(*plan);
            }
            Returned::Ask(asks) => answers = reader.answer(&asks).await?,
        }
    }
}

/// The rows of a seal as they are now, on fresh connections, by system and table.
pub async fn sealed_rows(systems: &Systems, asks: Vec<(String, Select)>) -> Result<Vec<Vec<Row>>, Planless> {
    let mut found = Vec::new();
    for (system, select) in asks {
        let connector = systems.get(&system).map(Box::as_ref);
        let answer = async {
            let connector =
                connector.ok_or_else(|| Failure::Unreachable { detail: "no connection is configured".into() })?;
            let mut session = connector.read().await?;
            let rows = session.answer(&select).await?;
            session.close().await?;
            Ok(rows)
        };
        found.push(answer.await.map_err(|failure| Planless::Failed { system: system.clone(), failure })?);
    }
    Ok(found)
}

/// What a probe found: residues, and the tables (system, table) that were read.
pub type Probed = (Vec<Residue>, Vec<(String, String)>);

/// Looks, on fresh connections, whether anything is left after an erasure. `None` if the policy no longer knows the kind
/// or a table of the plan.
pub async fn probe(policy: &Policy, systems: &Systems, plan: &Plan) -> Result<Option<Probed>, Planless> {
    let Some(mut probe) = Probe::new(policy, plan) else { return Ok(None) };
    let mut reader = Reader::new(policy, systems);
    let mut answers = Vec::new();
    loop {
        let asks = probe.step(answers);
        if asks.is_empty() {
            reader.close().await;
            return Ok(Some(probe.finish()));
        }
        answers = reader.answer(&asks).await?;
    }
}

/// One reading session for each system, opened when first needed.
struct Reader<'a> {
    policy: &'a Policy,
    systems: &'a Systems,
    sessions: BTreeMap<SystemId, Box<dyn Session>>,
    registrar: Option<&'a dyn Registrar>,
}

impl<'a> Reader<'a> {
    fn new(policy: &'a Policy, systems: &'a Systems) -> Self {
        Reader { policy, systems, sessions: BTreeMap::new(), registrar: None }
    }

    /// One round: what a system is asked for goes to it at once.
    async fn answer(&mut self, asks: &[Ask]) -> Result<Vec<Answer>, Planless> {
        let mut selects: BTreeMap<SystemId, Vec<(usize, &Select)>> = BTreeMap::new();
        let mut answers: Vec<Option<Answer>> = Vec::with_capacity(asks.len());
        for (at, ask) in asks.iter().enumerate() {
            answers.push(match &ask.what {
                What::Select(select) => {
                    selects.entry(ask.system).or_default().push((at, select));
                    None
                }
                What::Count => Some(self.count(ask).await.map_err(|failure| self.failed(ask.system, failure))?),
                What::Kept(rows) => {
                    let kept = self.kept(ask, rows).await;
                    Some(kept.map_err(|failure| self.failed(ask.system, failure))?)
                }
            });
        }
        for (system, asked) in selects {
            let rows = self.select(system, &asked.iter().map(|(_, select)| *select).collect::<Vec<_>>()).await;
            let rows = rows.map_err(|failure| self.failed(system, failure))?;
            asked.iter().zip(rows).for_each(|((at, _), rows)| answers[*at] = Some(Answer::of_rows(&asks[*at], rows)));
        }
        let unanswered = |ask: &Ask| {
            self.failed(ask.system, Failure::Other { detail: "a question was left without an answer".into() })
        };
        answers.into_iter().zip(asks).map(|(answer, ask)| answer.ok_or_else(|| unanswered(ask))).collect()
    }

    fn failed(&self, system: SystemId, failure: Failure) -> Planless {
        Planless::Failed { system: self.policy.system(system).name.clone(), failure }
    }

    fn connector(&self, system: SystemId) -> Result<&'a dyn Connector, Failure> {
        let connector = self.systems.get(&self.policy.system(system).name).map(Box::as_ref);
        connector.ok_or_else(|| Failure::Unreachable { detail: "no connection is configured".into() })
    }

    async fn count(&self, ask: &Ask) -> Result<Answer, Failure> {
        let tables = [self.policy.table(ask.table).name.clone()];
        let counts = self.connector(ask.system)?.rows(&tables).await?;
        Ok(Answer::of_count(ask, counts.first().copied().unwrap_or_default()))
    }

    async fn kept(&self, ask: &Ask, rows: &[String]) -> Result<Answer, Failure> {
        let missing = || Failure::Missing { object: "the register of kept rows".into() };
        let kept = self.registrar.ok_or_else(missing)?.kept(rows).await;
        Ok(Answer::of_register(ask, kept.map_err(|detail| Failure::Other { detail })?))
    }

    async fn select(&mut self, system: SystemId, selects: &[&Select]) -> Result<Vec<Vec<Row>>, Failure> {
        let connector = self.connector(system)?;
        let session = match self.sessions.entry(system) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(new) => new.insert(connector.read().await?),
        };
        session.answers(selects).await
    }

    async fn close(self) {
        for (_, session) in self.sessions {
            // A read-only session has nothing to lose.
            let _ = session.close().await;
        }
    }
}
