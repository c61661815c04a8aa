//! While a person's data are restricted they are stored and nothing else is done with them (GDPR Art. 18(2)).

use anyhow::{Context as _, Result};
use engine::plan::Plan;
use engine::policy::model::Right;
use engine::value::Value;
use jiff::Timestamp;
use serde::Deserialize;
use store::{Claim, Event, Run, State, Store, StoreError, Tx};

use super::claim::take;
use crate::clock;
use crate::company::Company;

/// Writes a restriction into the register. This comes with the flags, not with what people confirm days later: until then
/// an erasure would find nothing that stands against it.
pub(super) async fn write(tx: &mut Tx<'_>, company: &Company, plan: &Plan, now: Timestamp) -> Result<()> {
    let tenant = tenant(plan);
    for (name, value) in engine::plan::key_identities(company.policy_of(plan)?, plan) {
        let identity = store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value };
        tx.restrict(identity, now).await?;
    }
    Ok(())
}

/// Gives up interrupted restrictions of the same person in favour of one that sets its flags and goes into the register.
/// One at which another process is at work is left to it.
pub(super) async fn take_place(
    tx: &mut Tx<'_>,
    store: &Store,
    company: &Company,
    plan: &Plan,
    own: &Claim,
) -> Result<()> {
    let now = clock::now();
    for run in interrupted(store).await? {
        // What cannot be read stays as it is: that must not keep this person from a restriction.
        if run.case == own.case() || !is_of(store, company, plan, &run).await.unwrap_or(false) {
            continue;
        }
        let claim = match take(tx, &run.id, now).await {
            Ok(claim) => claim,
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::Claimed { .. })) => continue,
            Err(error) => return Err(error),
        };
        if run.state == State::Applying {
            tx.advance(&claim, State::Partial, now).await?;
        }
        tx.journal(&claim, &Event::Finished, None, now).await?;
        tx.release(&claim).await?;
    }
    Ok(())
}

/// What stands against carrying out a plan that has not begun: its person's data are restricted, or are about to be.
pub(super) async fn against(store: &Store, company: &Company, plan: &Plan) -> Result<Option<String>> {
    let changes = matches!(plan.right, Right::Erasure | Right::Deactivation);
    // Once its end is certified, nothing of a restriction may come after.
    if !changes && plan.right != Right::Lifting {
        return Ok(None);
    }
    if changes && let Some(since) = restricted_since(store, company, plan).await? {
        let since = since.strftime("%Y-%m-%d");
        return Ok(Some(format!(
            "this person's data are restricted since {since}: they may only be stored until `upheld fulfil lifting` ends that"
        )));
    }
    for run in interrupted(store).await? {
        if is_of(store, company, plan, &run).await? {
            return Ok(Some(format!(
                "a restriction of this person's data ({}) was interrupted: `upheld resume` must finish it first, or, where it \
                 cannot be finished, `upheld fulfil restriction` anew takes its place; nothing was done",
                run.id
            )));
        }
    }
    Ok(None)
}

/// Restrictions that may have set flags and do not stand in the register yet: `upheld resume` would write them there.
async fn interrupted(store: &Store) -> Result<Vec<Run>> {
    let mut found = Vec::new();
    for run in store.unfinished_runs().await? {
        let open = matches!(run.state, State::Applying | State::Partial);
        if open && run.right == Right::Restriction.word() && store.certificate(&run.id).await?.is_none() {
            found.push(run);
        }
    }
    Ok(found)
}

/// Since when the data of the person of a plan are restricted, by the register; none where they are not.
pub async fn restricted_since(store: &Store, company: &Company, plan: &Plan) -> Result<Option<Timestamp>> {
    let tenant = tenant(plan);
    for (name, value) in engine::plan::key_identities(company.policy_of(plan)?, plan) {
        let identity = store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value };
        if let Some(since) = store.restricted_since(identity).await? {
            return Ok(Some(since));
        }
    }
    Ok(None)
}

fn tenant(plan: &Plan) -> Option<String> {
    text(plan.tenant.as_ref())
}

fn text(tenant: Option<&Value>) -> Option<String> {
    tenant.and_then(|t| t.join_text().map(|s| s.into_owned()))
}

/// Whose a plan is, which can be read where the rest of it cannot.
#[derive(Deserialize)]
struct Whose {
    kind: String,
    tenant: Option<Value>,
}

/// Is a run about the person of a plan, by what finds them? Fails where it may be and cannot be read.
async fn is_of(store: &Store, company: &Company, plan: &Plan, run: &Run) -> Result<bool> {
    let unread = || format!("a restriction that was interrupted ({}) may be of this person and cannot be read", run.id);
    let bytes = store.plan(&run.id).await.with_context(unread)?;
    // What a reader of JSON says may repeat what it read.
    let whose: Whose = serde_json::from_slice(&bytes).ok().with_context(unread)?;
    if whose.kind != plan.kind || text(whose.tenant.as_ref()) != tenant(plan) {
        return Ok(false);
    }
    let other: Plan = serde_json::from_slice(&bytes).ok().with_context(unread)?;
    // No profile says by what a person is found, so that the other's, which may be gone, is not asked for.
    let policy = company.policy_of(plan)?;
    let known = engine::plan::key_identities(policy, plan);
    Ok(engine::plan::key_identities(policy, &other).iter().any(|identity| known.contains(identity)))
}
