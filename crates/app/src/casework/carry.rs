//! Carrying out a plan: claim, run, receipts, verification, certificate. Each state change commits with its ledger entry.

use anyhow::{Context, Result, bail};
use connect::Probed;
use engine::plan::{Action, Plan, Residue};
use engine::policy::model::Right;
use engine::run::{Halt, Run, Sink};
use jiff::SignedDuration;
use store::{Claim, NewRun, State, Store, StoreError, Tx};

use super::certificate;
use super::journal::events;
use crate::clock;
use crate::company::Company;
use crate::config;

/// How long a claim lasts when its process dies without a trace.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

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
    /// The certificate, anchored in the ledger.
    pub certificate: Option<Vec<u8>>,
}

/// Carries out a plan, or goes on with an interrupted run of it.
pub async fn carry_out(store: &Store, company: &Company, plan: &Plan, sink: &mut dyn Sink) -> Result<Carried> {
    let approved = approved_bounds(store, company, plan).await?;
    let (run, state) = find_run(store, plan).await?;
    let (claim, fresh) = claim(store, plan, run, state).await?;
    if matches!(state, Some(State::Applied | State::Verified)) {
        return verify(store, company, plan, claim).await;
    }
    let journal = store.journal(claim.run()).await?;
    let run = Run::new(plan, &company.policy.hash, clock::now(), &approved, &events(&journal));
    let mut writer = store.journal_of(claim.clone(), clock::now);
    match connect::run(plan, run, &company.systems, &mut writer, sink).await {
        Ok(_) => {}
        Err(halt) => {
            let to = match &halt {
                Halt::Refused(_) if fresh => State::Refused,
                Halt::Failed { done, .. } if done.is_empty() => State::Failed,
                _ => State::Partial,
            };
            let mut tx = store.begin().await?;
            tx.advance(&claim, to, clock::now()).await?;
            tx.release(&claim).await?;
            tx.commit().await?;
            return Err(halt.into());
        }
    }
    applied(store, plan, &claim).await?;
    verify(store, company, plan, claim).await
}

/// Goes on with a run that a crash cut short. Answers are made anew instead: a half-written one is worth nothing.
pub async fn resume(store: &Store, company: &Company, run: &str, sink: &mut dyn Sink) -> Result<Option<Carried>> {
    let plan: Plan = serde_json::from_slice(&store.plan(run).await?).context("the stored plan cannot be read")?;
    let state = store.run(run).await?.state;
    if plan.right == Right::Access && state == State::Applying {
        let (claim, _) = claim(store, &plan, Some(run.to_owned()), Some(state)).await?;
        let mut tx = store.begin().await?;
        tx.advance(&claim, State::Failed, clock::now()).await?;
        tx.release(&claim).await?;
        tx.commit().await?;
        return Ok(None);
    }
    carry_out(store, company, &plan, sink).await.map(Some)
}

/// After a task was confirmed: the certificate, if nothing else is open.
pub async fn settle(store: &Store, company: &Company, run: &str) -> Result<Carried> {
    let plan: Plan = serde_json::from_slice(&store.plan(run).await?).context("the stored plan cannot be read")?;
    let (claim, _) = claim(store, &plan, Some(run.to_owned()), Some(State::Applied)).await?;
    verify(store, company, &plan, claim).await
}

/// Bounds that approvals of this very plan name; fails where an approval is needed and missing.
async fn approved_bounds(store: &Store, company: &Company, plan: &Plan) -> Result<Vec<String>> {
    let hash: proof::hash::Hash = plan.hash().parse()?;
    let mut approvals = Vec::new();
    for run in store.runs(&plan.request).await? {
        approvals.extend(store.approvals(&run.id).await?.into_iter().filter(|a| a.plan_hash == hash));
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

/// The run of this plan that can go on, if there is one.
async fn find_run(store: &Store, plan: &Plan) -> Result<(Option<String>, Option<State>)> {
    let hash: proof::hash::Hash = plan.hash().parse()?;
    for run in store.runs(&plan.request).await?.into_iter().filter(|r| r.plan_hash == hash) {
        match run.state {
            State::Complete => bail!("this plan was already carried out ({})", run.id),
            State::Failed | State::Refused | State::Expired => {}
            state => return Ok((Some(run.id), Some(state))),
        }
    }
    Ok((None, None))
}

/// Claims the run, making it first where it is new; the flag says that nothing of it was applied yet.
async fn claim(store: &Store, plan: &Plan, run: Option<String>, state: Option<State>) -> Result<(Claim, bool)> {
    let id = match &run {
        Some(id) => id.clone(),
        None => format!("{}-{}", super::run_id(plan), store.runs(&plan.request).await?.len() + 1),
    };
    let now = clock::now();
    let mut tx = store.begin().await?;
    if run.is_none() {
        register(&mut tx, store, plan, &id).await?;
    }
    let claim = match tx.claim(&id, &config::holder(), LEASE, now).await {
        Err(StoreError::Claimed { holder, .. }) if config::is_gone(&holder) => {
            tx.claim(&id, &holder, LEASE, now).await?
        }
        other => other?,
    };
    let fresh = matches!(state, None | Some(State::Planned | State::Approved));
    if fresh || state == Some(State::Partial) {
        tx.advance(&claim, State::Applying, now).await?;
    }
    tx.commit().await?;
    Ok((claim, fresh))
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

/// Receipts of the steps and tasks for people, with the state that follows.
async fn applied(store: &Store, plan: &Plan, claim: &Claim) -> Result<()> {
    let now = clock::now();
    let mut tx = store.begin().await?;
    for system in &plan.systems {
        for (ix, step) in system.steps.iter().enumerate() {
            let id = format!("{}.{ix}", system.system);
            match &step.action {
                Action::Confirm { team, text } => tx.add_task(claim.run(), &id, team, text, now).await?,
                _ => {
                    tx.receipt(claim, &id, &serde_json::to_vec(&(&step.table, step.keys.len(), &step.digest))?, now)
                        .await?;
                }
            }
        }
    }
    tx.advance(claim, State::Applied, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Looks again, on fresh connections; certifies when nothing is open.
async fn verify(store: &Store, company: &Company, plan: &Plan, claim: Claim) -> Result<Carried> {
    let tasks = store.tasks(claim.run()).await?;
    let open: Vec<_> = tasks.iter().filter(|t| t.confirmed.is_none()).collect();
    if !open.is_empty() {
        let waiting = open.iter().map(|t| (t.run.clone(), t.step.clone(), t.team.clone())).collect();
        let mut tx = store.begin().await?;
        tx.release(&claim).await?;
        tx.commit().await?;
        return Ok(Carried {
            run: claim.run().into(),
            ending: Ending::Waiting(waiting),
            read_again: 0,
            certificate: None,
        });
    }
    let (residues, read) = probed(company, plan).await?;
    let read_again = read.len();
    let now = clock::now();
    let facts = certificate::Facts { company, plan, residues: &residues, read: &read, tasks: &tasks, now };
    let mut tx = store.begin().await?;
    if tx.run(claim.run()).await?.state == State::Applied {
        tx.advance(&claim, State::Verified, now).await?;
    }
    if residues.is_empty() && plan.right == Right::Erasure {
        suppress(&mut tx, company, plan).await?;
    }
    tx.advance(&claim, if residues.is_empty() { State::Complete } else { State::Partial }, now).await?;
    let signed = certificate::sign(&facts, tx.reference(&plan.request).await?, store)?;
    let entry = tx.certify(&claim, &signed, now).await?;
    tx.journal(&claim, &store::Event::Finished, None, now).await?;
    tx.release(&claim).await?;
    tx.commit().await?;
    let anchored = anchor(store, signed, entry).await?;
    let ending = if residues.is_empty() { Ending::Complete } else { Ending::Residues(residues) };
    Ok(Carried { run: claim.run().into(), ending, read_again, certificate: Some(anchored) })
}

async fn probed(company: &Company, plan: &Plan) -> Result<Probed> {
    if plan.right == Right::Access {
        return Ok((Vec::new(), Vec::new()));
    }
    let found = connect::probe(&company.policy, &company.systems, plan).await?;
    found.context("the policy folder no longer knows a table of the plan, so nothing can be verified")
}

/// Erased stays erased: a keyed hash of each key identity survives.
async fn suppress(tx: &mut Tx<'_>, company: &Company, plan: &Plan) -> Result<()> {
    let tenant = plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()));
    for (name, value) in engine::plan::key_identities(&company.policy, plan) {
        tx.suppress(store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value })
            .await?;
    }
    Ok(())
}

/// Waits until the ledger includes the certificate.
async fn anchor(store: &Store, signed: proof::certificate::Certificate, entry: store::EntryId) -> Result<Vec<u8>> {
    for _ in 0..100 {
        match store.sequence(clock::now()).await {
            Ok(_) | Err(StoreError::Claimed { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(anchor) = store.inclusion(entry).await? {
            return Ok(signed.anchored(anchor).to_bytes()?);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    bail!("the ledger did not take the certificate in time; `upheld resume` writes it later")
}
