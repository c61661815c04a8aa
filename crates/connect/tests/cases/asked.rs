//! Questions of this suite, and the policies they are asked under.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Planless, Systems};
use engine::diagnostic::{Diagnostic, codes};
use engine::plan::{Plan, Question, Refusal, Seed};
use engine::policy::compile::compile;
use engine::policy::model::{KindId, Policy, Right};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;

/// Why a case cannot be tried.
pub enum Untried {
    /// Its map uses parts of the language that no plan carries out yet.
    Later(String),
    /// Something is wrong.
    Wrong(String),
}

impl From<String> for Untried {
    fn from(why: String) -> Untried {
        Untried::Wrong(why)
    }
}

/// The policy of a folder on live databases.
pub fn compiled(source: &Source, schemas: &BTreeMap<String, Schema>) -> Result<Policy, Untried> {
    let compiled = compile(source, Some(schemas));
    let errors: Vec<&Diagnostic> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    let later = errors.iter().all(|d| d.code == codes::NOT_YET);
    let said: BTreeSet<String> = errors.iter().map(|d| format!("{} {}", d.code.0, d.message)).collect();
    let said = said.into_iter().collect::<Vec<_>>().join("; ");
    compiled.policy.ok_or(if later { Untried::Later(said) } else { Untried::Wrong(said) })
}

/// The plan of a question; `None` where nobody is found.
pub async fn planned(
    policy: &Policy,
    schemas: &BTreeMap<String, Schema>,
    systems: &Systems,
    question: Question,
) -> Result<Option<Plan>, String> {
    match connect::plan(policy, schemas, systems, question).await {
        Ok(plan) => Ok(Some(plan)),
        Err(Planless::Refused(Refusal::NotFound { .. })) => Ok(None),
        Err(Planless::Refused(refusal)) => Err(format!("refused: {refusal}")),
        Err(Planless::Failed { failure, .. }) => Err(format!("failed: {failure}")),
    }
}

/// A question of this suite: a request of its own for each person.
pub fn question(right: Right, kind: KindId, seed: Seed) -> Question {
    let request = match &seed {
        Seed::Identity { value, .. } => value.join_text().unwrap_or_default().into_owned(),
        Seed::Record { key, .. } | Seed::Confirmed { key, .. } => {
            key.iter().filter_map(Value::join_text).collect::<Vec<_>>().join(",")
        }
    };
    let mut token_key = [7; 32];
    token_key.iter_mut().zip(request.bytes().cycle()).enumerate().for_each(|(n, (key, byte))| {
        *key = byte.wrapping_add(u8::try_from(n % 251).unwrap_or_default());
    });
    Question { request, token_key, ..connect::testing::question(right, kind, vec![seed]) }
}
