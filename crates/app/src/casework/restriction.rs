//! While a person's data are restricted they are stored and nothing else is done with them (GDPR Art. 18(2)).

use anyhow::Result;
use engine::plan::Plan;
use engine::policy::model::Right;
use jiff::Timestamp;
use store::{Run, State, Store, Tx};

use super::carry::stored_plan;
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
        if one_person(company, plan, &stored_plan(store, &run.id).await?)? {
            return Ok(Some(format!(
                "a restriction of this person's data ({}) was interrupted: `upheld resume` must finish it first; nothing was done",
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
    plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()))
}

/// Are two plans about the same person, by what finds them?
fn one_person(company: &Company, one: &Plan, other: &Plan) -> Result<bool> {
    let known = engine::plan::key_identities(company.policy_of(one)?, one);
    let mut named = engine::plan::key_identities(company.policy_of(other)?, other).into_iter();
    Ok(one.kind == other.kind && tenant(one) == tenant(other) && named.any(|identity| known.contains(&identity)))
}
