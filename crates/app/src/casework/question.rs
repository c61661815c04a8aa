//! From what somebody asks to a plan.

use anyhow::{Result, bail};
use connect::Planless;
use engine::plan::{Plan, Question, Refusal, Seed};
use engine::policy::model::Right;
use engine::value::Value;
use jiff::SignedDuration;

use crate::clock;
use crate::company::Company;

/// An identity that somebody verified.
#[derive(Clone, Debug)]
pub enum Identity {
    /// By name, such as `email`.
    Named(String, String),
    /// By record: system and key.
    Record(String, String),
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The right.
    pub right: Right,
    /// Subject kind.
    pub kind: String,
    /// Tenant.
    pub tenant: Option<String>,
    /// What finds the person.
    pub identities: Vec<Identity>,
    /// Who asks.
    pub by: String,
    /// How long the plan may be applied.
    pub valid: SignedDuration,
}

/// Makes a plan: a dry run, nothing is changed or stored.
pub async fn make(company: &Company, ask: &Ask) -> Result<Plan> {
    Ok(connect::plan(&company.policy, &company.schemas, &company.systems, question(company, ask)?).await?)
}

fn question(company: &Company, ask: &Ask) -> Result<Question> {
    let Some(kind) = company.policy.kind(&ask.kind) else {
        let known: Vec<&str> = company.policy.kinds.iter().map(|k| k.name.as_str()).collect();
        bail!("this company has no subject kind `{}`; it has: {}", ask.kind, known.join(", "));
    };
    if ask.identities.is_empty() {
        bail!("say who: --email, --phone, --identity NAME=VALUE or --id SYSTEM:KEY");
    }
    let made_at = clock::now();
    Ok(Question {
        request: store::entropy::id("case")?,
        right: ask.right,
        requested_by: ask.by.clone(),
        kind,
        tenant: ask.tenant.clone().map(Value::Text),
        seeds: ask.identities.iter().map(seed).collect(),
        token_key: store::entropy::bytes()?,
        nonce: store::entropy::bytes()?,
        made_at,
        expires_at: made_at + ask.valid,
    })
}

fn seed(identity: &Identity) -> Seed {
    match identity {
        Identity::Named(name, value) => Seed::Identity { name: name.clone(), value: Value::text(value.as_str()) },
        Identity::Record(system, key) => {
            Seed::Record { system: system.clone(), key: key.split(',').map(|k| Value::text(k.trim())).collect() }
        }
    }
}

/// The tenants that an error lists, for `--all-tenants`.
pub fn tenants_of(error: &anyhow::Error) -> Option<Vec<Value>> {
    match error.downcast_ref::<Planless>() {
        Some(Planless::Refused(Refusal::Tenants { tenants, .. })) => Some(tenants.clone()),
        _ => None,
    }
}
