//! Carrying out a plan: claim, run, receipts, verification, certificate. Each state change commits with its ledger entry.
//!
//! A crash may come anywhere. Whoever carries out the same plan again goes on where the run stands: state and journal
//! say what was done, and a run that has its certificate only hands it over once more.

use anyhow::{Context, Result, bail};
use engine::plan::{Plan, Residue};
use engine::policy::model::Right;
use engine::run::{Halt, Nowhere, Run, Sink, found};
use store::{Approval, Claim, State, Store};

use super::applied::applied;
use super::claim::{LEASE, claim, claim_again, find_run, finish};
use super::halted::{halted, not_begun};
use super::journal::events;
use super::verify::{reissue, verify};
use super::{rest, reversal};
use crate::clock;
use crate::company::Company;

/// How a run ended, or where it waits.
#[derive(Debug)]
pub enum Ending {
    /// Nothing is skipped, unconfirmed or unverified.
    Complete,
    /// People have to confirm tasks: run, step and team of each.
    Waiting(Vec<(String, String, String)>),
    /// Something is left.
    Residues(Vec<Residue>),
}

/// A run that was carried out.
#[derive(Debug)]
pub struct Carried {
    /// The run.
    pub run: String,
    /// How it ended.
    pub ending: Ending,
    /// Tables that were read again for verification.
    pub read_again: usize,
    /// The certificate, anchored in the ledger. Where there is one, write it, then say so with [`handed_over`].
    pub certificate: Option<Vec<u8>>,
    pub(super) claim: Option<Claim>,
}

/// Carries out a plan, or goes on with an interrupted run of it. An answer is always written whole, also when its run is
/// over: a half-written one is worth nothing.
pub async fn carry_out(store: &Store, company: &Company, plan: &Plan, sink: &mut dyn Sink) -> Result<Carried> {
    company.can_carry_out(plan)?;
    company.policy_of(plan)?;
    let approved = approved_bounds(store, company, plan).await?;
    let (run, state) = find_run(store, plan).await?;
    if let Some(run) = &run
        && store.certificate(run).await?.is_some()
    {
        let claim = claim_again(store, run).await?;
        if plan.right.returns() {
            execute(store, company, plan, &claim, &approved, sink).await??;
        }
        return reissue(store, company, plan, claim).await;
    }
    let claim = claim(store, company, plan, run, state).await?;
    let done = matches!(state, Some(State::Applied | State::Verified));
    if !done || plan.right.returns() {
        match execute(store, company, plan, &claim, &approved, sink).await {
            Ok(Ok(())) => {}
            Ok(Err(halt)) => return Err(halted(store, &claim, done, halt).await),
            Err(error) => {
                not_begun(store, plan, &claim).await?;
                return Err(error);
            }
        }
    }
    let recorded = async {
        if !done {
            applied(store, company, plan, &claim).await?;
        }
        verify(store, company, plan, claim).await
    };
    recorded.await.map_err(|error| match plan.right.returns() {
        true => error,
        false => error.context(
            "the rows are changed as planned; what follows failed, and `upheld resume` goes on from there once it is mended",
        ),
    })
}

/// Goes on with a run that a crash cut short. `None` where an answer was cut short: it must be asked for again, for
/// nobody says here where it should go.
pub async fn resume(store: &Store, company: &Company, run: &str) -> Result<Option<Carried>> {
    let plan = stored_plan(store, run).await?;
    if !plan.right.returns() {
        return carry_out(store, company, &plan, &mut Nowhere).await.map(Some);
    }
    // An answer is written before people are given their tasks.
    if store.tasks(run).await?.is_empty() {
        abandon(store, run).await?;
        return Ok(None);
    }
    settle(store, company, run).await.map(Some)
}

/// After a task was confirmed: the certificate, if nothing else is open.
pub async fn settle(store: &Store, company: &Company, run: &str) -> Result<Carried> {
    let plan = stored_plan(store, run).await?;
    let claim = claim_again(store, run).await?;
    if store.certificate(run).await?.is_some() {
        return reissue(store, company, &plan, claim).await;
    }
    verify(store, company, &plan, claim).await
}

/// The certificate lies where it belongs: nobody needs to look after the run any more.
pub async fn handed_over(store: &Store, carried: &Carried) -> Result<()> {
    match &carried.claim {
        Some(claim) => finish(store, claim).await,
        None => Ok(()),
    }
}

/// Gives up an answer that a crash cut short.
async fn abandon(store: &Store, run: &str) -> Result<()> {
    let state = store.run(run).await?.state;
    let claim = claim_again(store, run).await?;
    let mut tx = store.begin().await?;
    match state {
        State::Applying => tx.advance(&claim, State::Failed, clock::now()).await?,
        State::Applied | State::Verified => tx.advance(&claim, State::Partial, clock::now()).await?,
        _ => {}
    }
    tx.commit().await?;
    finish(store, &claim).await
}

pub(super) async fn stored_plan(store: &Store, run: &str) -> Result<Plan> {
    serde_json::from_slice(&store.plan(run).await?).context("the stored plan cannot be read")
}

/// A plan with what was found and done after it, in tables that are asked again.
pub(super) async fn whole(store: &Store, run: &str, plan: &Plan) -> Result<Plan> {
    Ok(plan.and(&found(&events(&store.journal(run).await?))))
}

/// Runs what the journal does not show as done; the inner result is how the run ended.
async fn execute(
    store: &Store,
    company: &Company,
    plan: &Plan,
    claim: &Claim,
    approved: &[String],
    sink: &mut dyn Sink,
) -> Result<Result<(), Halt>> {
    let journal = events(&store.journal(claim.run()).await?);
    let sealed = reversal::to_restore(store, plan, journal.is_empty()).await?;
    if plan.right == Right::Deactivation {
        reversal::open_seal(store, company, plan, claim).await?;
    }
    let others = if plan.right == Right::Deactivation { reversal::away(store).await? } else { Vec::new() };
    let run = Run::new(plan, &company.policy.hash, clock::now(), approved, &journal);
    let run = run.with_sealed(&sealed).with_others(&others);
    drop(others);
    let mut writer = store.journal_of(claim.clone(), LEASE, clock::now);
    if let Err(halt) = connect::run(plan, run, &company.systems, &mut writer, sink).await {
        return Ok(Err(halt));
    }
    let policy = company.policy_of(plan)?;
    if !engine::plan::asks_again(policy, plan) {
        return Ok(Ok(()));
    }
    let known = Some(rest::known(store).await?);
    let after = connect::After { policy, systems: &company.systems, plan, approved, known };
    Ok(after.carry_out(&events(&store.journal(claim.run()).await?), &mut writer).await.map(drop))
}

/// Bounds that approvals of this very plan name; fails where an approval is needed and missing.
async fn approved_bounds(store: &Store, company: &Company, plan: &Plan) -> Result<Vec<String>> {
    let hash: proof::hash::Hash = plan.hash().parse()?;
    let mut approvals = Vec::new();
    for run in store.runs(&plan.request).await? {
        // The rest of a plan was approved with it.
        let of_plan = |a: &Approval| a.plan_hash == hash || plan.rest_of.is_some();
        approvals.extend(store.approvals(&run.id).await?.into_iter().filter(of_plan));
    }
    approvals.retain(|a| a.by != plan.requested_by);
    if company.policy.approval.contains(&plan.right) && approvals.is_empty() {
        bail!(
            "this company's policy asks for a second person before {} is carried out: \
             write the plan with `upheld plan --out plan.json`, then `upheld approve plan.json --as NAME`",
            plan.right.word()
        );
    }
    Ok(approvals.into_iter().flat_map(|a| a.bounds).collect())
}
