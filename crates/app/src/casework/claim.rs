//! Whose a run is: it is made with its plan, claimed by one process, and let go when nobody needs to look after it any more.

use anyhow::{Result, bail};
use engine::plan::Plan;
use jiff::{SignedDuration, Timestamp};
use store::{Claim, NewRun, SealEnd, State, Store, StoreError, Tx};

use super::halted::touched;
use super::journal::events;
use super::restriction;
use crate::clock;
use crate::company::Company;
use crate::config;

/// How long a claim lasts when its process dies without a trace.
pub(super) const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// The run of this plan that can go on, or is complete, if there is one.
pub(super) async fn find_run(store: &Store, plan: &Plan) -> Result<(Option<String>, Option<State>)> {
    let hash: proof::hash::Hash = plan.hash().parse()?;
    for run in store.runs(&plan.request).await?.into_iter().filter(|r| r.plan_hash == hash) {
        match run.state {
            State::Failed | State::Refused | State::Expired => {}
            state => return Ok((Some(run.id), Some(state))),
        }
    }
    Ok((None, None))
}

/// Claims the run, making it first where it is new, and says that it is being carried out. Fails where a restriction
/// stands against it; what has changed something is finished all the same.
pub(super) async fn claim(
    store: &Store,
    company: &Company,
    plan: &Plan,
    run: Option<String>,
    state: Option<State>,
) -> Result<Claim> {
    let id = match &run {
        Some(id) => id.clone(),
        None => format!("{}-{}", super::run_id(plan), store.runs(&plan.request).await?.len() + 1),
    };
    let now = clock::now();
    let mut tx = store.begin().await?;
    if run.is_none() {
        register(&mut tx, store, plan, &id).await?;
    }
    let claim = take(&mut tx, &id, now).await?;
    let done = matches!(state, Some(State::Applied | State::Verified));
    // Nobody else writes while this change is open, so that no restriction comes between the look and the claim.
    if !done
        && !changed(store, run.as_deref()).await?
        && let Some(why) = restriction::against(store, company, plan).await?
    {
        if state == Some(State::Applying) {
            refuse(tx, &claim, now).await?;
        }
        bail!(why);
    }
    if matches!(state, None | Some(State::Planned | State::Approved | State::Partial)) {
        tx.advance(&claim, State::Applying, now).await?;
    }
    tx.commit().await?;
    Ok(claim)
}

/// Has a run changed anything, or may it have? Its state does not say: it is claimed before it begins.
async fn changed(store: &Store, run: Option<&str>) -> Result<bool> {
    match run {
        Some(run) => Ok(touched(&events(&store.journal(run).await?))),
        None => Ok(false),
    }
}

/// Ends a run that was claimed and changed nothing, so that nobody takes it up later unasked.
async fn refuse(mut tx: Tx<'_>, claim: &Claim, now: Timestamp) -> Result<()> {
    tx.end_seal(claim.case(), SealEnd::Undone, now).await?;
    tx.advance(claim, State::Refused, now).await?;
    tx.release(claim).await?;
    Ok(tx.commit().await?)
}

/// Claims a run whose state stays as it is.
pub(super) async fn claim_again(store: &Store, run: &str) -> Result<Claim> {
    let mut tx = store.begin().await?;
    let claim = take(&mut tx, run, clock::now()).await?;
    tx.commit().await?;
    Ok(claim)
}

/// Takes a claim, also from a process that is gone.
pub(super) async fn take(tx: &mut Tx<'_>, run: &str, now: Timestamp) -> Result<Claim> {
    match tx.claim(run, &config::holder(), LEASE, now).await {
        Err(StoreError::Claimed { holder, .. }) if config::is_gone(&holder) => {
            // In its name first, which voids what it held, then in ours.
            let claim = tx.claim(run, &holder, LEASE, now).await?;
            tx.release(&claim).await?;
            Ok(tx.claim(run, &config::holder(), LEASE, now).await?)
        }
        other => Ok(other?),
    }
}

/// Opens the case, if it is new, and keeps the plan as a run.
pub async fn register(tx: &mut Tx<'_>, store: &Store, plan: &Plan, id: &str) -> Result<()> {
    let now = clock::now();
    if store.runs(&plan.request).await?.is_empty() {
        tx.open_case(&plan.request, plan.right.word(), now).await?;
    }
    let bytes = serde_json::to_vec(plan)?;
    let (case, right, plan_hash) = (plan.request.as_str(), plan.right.word(), plan.hash().parse()?);
    tx.add_run(NewRun { id, case, right, plan_hash, plan: &bytes, expires: plan.expires_at }, now).await?;
    Ok(())
}

/// Lets a run go: nobody needs to look after it any more.
pub(super) async fn finish(store: &Store, claim: &Claim) -> Result<()> {
    let finished = store.journal(claim.run()).await?.iter().any(|r| r.event == store::Event::Finished);
    let mut tx = store.begin().await?;
    if !finished {
        tx.journal(claim, &store::Event::Finished, None, clock::now()).await?;
    }
    tx.release(claim).await?;
    Ok(tx.commit().await?)
}
