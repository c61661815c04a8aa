//! From what somebody asks to a plan.

use anyhow::Result;
use connect::Planless;
use engine::plan::{Correction, Plan, Question, Refusal, Seed};
use engine::policy::model::{KindId, Policy, Right, Table};
use engine::text::Words;
use engine::value::Value;
use jiff::SignedDuration;
use store::Store;

use super::rest;
use crate::clock;
use crate::company::Company;
use crate::terminal::Misuse;

/// An identity that somebody verified.
#[derive(Clone, Debug)]
pub enum Identity {
    /// By name, such as `email`.
    Named(String, String),
    /// By record: system and key.
    Record(String, String),
    /// A record that a plan lists for review: system, table and key.
    Confirmed(String, String, String),
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
    /// Profile under which it is planned.
    pub profile: Option<String>,
    /// What finds the person.
    pub identities: Vec<Identity>,
    /// What is to be corrected; only for a rectification.
    pub corrections: Vec<Correction>,
    /// Is every row of `text = "all"` columns searched?
    pub sweep: bool,
    /// What else the person is called.
    pub words: Vec<Words>,
    /// Who asks.
    pub by: String,
    /// How long the plan may be applied.
    pub valid: SignedDuration,
}

/// Makes a plan: a dry run, nothing is changed or stored.
///
/// `store` is our own, where there is one yet: it knows what earlier runs had to keep, and reads the digests of holds.
pub async fn make(company: &Company, ask: &Ask, store: Option<&Store>) -> Result<Plan> {
    let (policy, question) = (policy(company, ask)?, question(company, ask)?);
    Ok(match store {
        Some(store) => {
            let known = rest::known(store).await?;
            connect::plan_knowing(policy, &company.schemas, &company.systems, question, known).await?
        }
        None => connect::plan(policy, &company.schemas, &company.systems, question).await?,
    })
}

/// The map under the profile that was asked for; a deactivation has its own, where the folder has one of that name.
fn policy<'c>(company: &'c Company, ask: &Ask) -> Result<&'c Policy, Misuse> {
    let Some(profile) = &ask.profile else {
        let own = (ask.right == Right::Deactivation).then(|| company.policy.under(Some(ask.right.word()))).flatten();
        return Ok(own.unwrap_or(&company.policy));
    };
    if ask.right.returns() {
        return Err(Misuse(format!("a profile says what becomes of rows; {} changes none", ask.right.word())));
    }
    company.policy.under(Some(profile)).ok_or_else(|| {
        let known: Vec<&str> = company.policy.profiles.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has: {}", known.join(", ")) };
        Misuse(format!("the policy folder has no profile `{profile}` (systems/NAME.{profile}.toml); {known}"))
    })
}

fn question(company: &Company, ask: &Ask) -> Result<Question> {
    let kind = kind_named(&company.policy, &ask.kind)?;
    let seeds = ask.identities.iter().map(|i| seed(&company.policy, kind, i)).collect::<Result<_, _>>()?;
    let made_at = clock::now();
    Ok(Question {
        request: store::entropy::id("case")?,
        right: ask.right,
        requested_by: ask.by.clone(),
        kind,
        tenant: ask.tenant.clone().map(Value::Text),
        seeds,
        corrections: ask.corrections.clone(),
        sweep: ask.sweep,
        words: ask.words.clone(),
        token_key: store::entropy::bytes()?,
        nonce: store::entropy::bytes()?,
        made_at,
        expires_at: made_at + ask.valid,
    })
}

/// The subject kind of that name, or which there are.
pub fn kind_named(policy: &Policy, name: &str) -> Result<KindId, Misuse> {
    policy.kind(name).ok_or_else(|| {
        let known: Vec<&str> = policy.kinds.iter().map(|k| k.name.as_str()).collect();
        Misuse(format!("this company has no subject kind `{name}`; it has: {}", known.join(", ")))
    })
}

fn seed(policy: &Policy, kind: KindId, identity: &Identity) -> Result<Seed, Misuse> {
    Ok(match identity {
        Identity::Named(name, value) => Seed::Identity { name: name.clone(), value: Value::text(value.as_str()) },
        Identity::Record(system, key) => {
            Seed::Record { system: system.clone(), key: record_key(policy, kind, system, key)? }
        }
        Identity::Confirmed(system, table, key) => Seed::Confirmed {
            system: system.clone(),
            table: table.clone(),
            key: confirmed_key(policy, system, table, key)?,
        },
    })
}

/// The key of a row of any table of the map.
pub fn confirmed_key(policy: &Policy, system: &str, table: &str, key: &str) -> Result<Vec<Value>, Misuse> {
    let found = policy.system_named(system).and_then(|s| policy.table_named(s, table));
    let Some(found) = found.map(|id| policy.table(id)) else {
        return Err(Misuse(format!("the map has no table {system}.{table}")));
    };
    parts(found, key, &format!("{system}.{table}"))
}

/// The parts of the key of a record. Only a composite key is split, for a single one may hold a comma.
pub fn record_key(policy: &Policy, kind: KindId, system: &str, key: &str) -> Result<Vec<Value>, Misuse> {
    let kind = &policy.kinds[kind.0];
    let tables = || kind.populations.iter().map(|p| (&policy.system(p.system).name, policy.table(p.table)));
    let Some((_, table)) = tables().find(|(name, _)| *name == system) else {
        let known: Vec<&str> = tables().map(|(name, _)| name.as_str()).collect();
        let (kind, known) = (&kind.name, known.join(", "));
        return Err(Misuse(format!("no {kind} has records in a system `{system}`; records are in: {known}")));
    };
    parts(table, key, system)
}

/// The values of a key. Only a composite key is split, for a single one may hold a comma.
fn parts(table: &Table, key: &str, place: &str) -> Result<Vec<Value>, Misuse> {
    let parts: Vec<Value> = match table.key.len() {
        1 => vec![Value::text(key.trim())],
        _ => key.split(',').map(|part| Value::text(part.trim())).collect(),
    };
    if parts.len() != table.key.len() {
        let columns = table.names(&table.key).join(",");
        return Err(Misuse(format!("a key of {} is written {place}:{columns}", table.name)));
    }
    Ok(parts)
}

/// The tenants that an error lists, for `--all-tenants`.
pub fn tenants_of(error: &anyhow::Error) -> Option<Vec<Value>> {
    match error.downcast_ref::<Planless>() {
        Some(Planless::Refused(Refusal::Tenants { tenants, .. })) => Some(tenants.clone()),
        _ => None,
    }
}
