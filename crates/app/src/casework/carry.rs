//! Carrying out a plan: claim, run, receipts, verification, certificate. Each state change commits with its ledger entry.
//!
//! A crash may come anywhere. Whoever carries out the same plan again goes on where the run stands: state and journal
//! say what was done, and a run that has its certificate only hands it over once more.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow, bail};
use connect::Probed;
use engine::plan::{Action, Plan, Residue};
use engine::policy::model::Right;
use engine::run::{Event, Halt, Run, Sink, swept};
use jiff::{SignedDuration, Timestamp};
use proof::certificate::Certificate;
use store::{Approval, Claim, NewRun, SealEnd, State, Store, StoreError, Tx};

use super::certificate;
use super::journal::{Nowhere, events};
use super::rest;
use super::reversal;
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
    /// The certificate, anchored in the ledger. Where there is one, write it, then say so with [`handed_over`].
    pub certificate: Option<Vec<u8>>,
    claim: Option<Claim>,
}

/// Carries out a plan, or goes on with an interrupted run of it. An answer is always written whole, also when its run is
/// over: a half-written one is worth nothing.
pub async fn carry_out(store: &Store, company: &Company, plan: &Plan, sink: &mut dyn Sink) -> Result<Carried> {
    company.can_carry_out(plan)?;
    company.policy_of(plan)?;
    let approved = approved_bounds(store, company, plan).await?;
    let (run, state) = find_run(store, plan).await?;
    if run.is_none() {
        unrestricted(store, company, plan).await?;
    }
    if let Some(run) = &run
        && store.certificate(run).await?.is_some()
    {
        let claim = claim_again(store, run).await?;
        if plan.right.returns() {
            execute(store, company, plan, &claim, &approved, sink).await??;
        }
        return reissue(store, company, plan, claim).await;
    }
    let claim = claim(store, plan, run, state).await?;
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
            applied(store, plan, &claim).await?;
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

async fn finish(store: &Store, claim: &Claim) -> Result<()> {
    let finished = store.journal(claim.run()).await?.iter().any(|r| r.event == store::Event::Finished);
    let mut tx = store.begin().await?;
    if !finished {
        tx.journal(claim, &store::Event::Finished, None, clock::now()).await?;
    }
    tx.release(claim).await?;
    Ok(tx.commit().await?)
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
    let mut writer = store.journal_of(claim.clone(), clock::now);
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

/// Writes down that a run halted. Where a system has committed, or may have, the run stays open to be taken up again.
async fn halted(store: &Store, claim: &Claim, done: bool, halt: Halt) -> anyhow::Error {
    let again = match &halt {
        Halt::Open { .. } => "; `upheld resume` goes on with it",
        Halt::Failed { done, .. } if !done.is_empty() => "; once this is mended, `upheld resume` does the rest",
        _ => "",
    };
    match note_halt(store, claim, done, &halt).await {
        Ok(()) => anyhow!("{halt}{again}"),
        // The first error is the one to tell; that the store fails too must not hide what became of the systems.
        Err(error) => anyhow!("{halt}{again}; the store in {} fails too: {error}", store.folder().display()),
    }
}

/// A deactivation, or its end, that could not even begin is no reason to make others wait for it.
async fn not_begun(store: &Store, plan: &Plan, claim: &Claim) -> Result<()> {
    let reverses = matches!(plan.right, Right::Deactivation | Right::Reactivation);
    if !reverses || !store.journal(claim.run()).await?.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    tx.end_seal(claim.case(), SealEnd::Undone, clock::now()).await?;
    tx.advance(claim, State::Failed, clock::now()).await?;
    tx.release(claim).await?;
    Ok(tx.commit().await?)
}

async fn note_halt(store: &Store, claim: &Claim, done: bool, halt: &Halt) -> Result<()> {
    let untouched = !done && !touched(&events(&store.journal(claim.run()).await?));
    let to = match halt {
        Halt::Refused(_) if untouched => State::Refused,
        Halt::Failed { .. } if untouched => State::Failed,
        _ => State::Partial,
    };
    let mut tx = store.begin().await?;
    if untouched {
        // Nothing was changed, so that there is nothing to take back.
        tx.end_seal(claim.case(), SealEnd::Undone, clock::now()).await?;
    }
    tx.advance(claim, to, clock::now()).await?;
    tx.release(claim).await?;
    Ok(tx.commit().await?)
}

/// Has any system committed, or may it have?
fn touched(journal: &[Event]) -> bool {
    let last: BTreeMap<&str, bool> = journal
        .iter()
        .map(|event| match event {
            Event::RolledBack { system } => (system.as_str(), false),
            event => (event.system(), true),
        })
        .collect();
    last.into_values().any(|touched| touched)
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

/// The run of this plan that can go on, or is complete, if there is one.
async fn find_run(store: &Store, plan: &Plan) -> Result<(Option<String>, Option<State>)> {
    let hash: proof::hash::Hash = plan.hash().parse()?;
    for run in store.runs(&plan.request).await?.into_iter().filter(|r| r.plan_hash == hash) {
        match run.state {
            State::Failed | State::Refused | State::Expired => {}
            state => return Ok((Some(run.id), Some(state))),
        }
    }
    Ok((None, None))
}

/// Claims the run, making it first where it is new, and says that it is being carried out.
async fn claim(store: &Store, plan: &Plan, run: Option<String>, state: Option<State>) -> Result<Claim> {
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
    if matches!(state, None | Some(State::Planned | State::Approved | State::Partial)) {
        tx.advance(&claim, State::Applying, now).await?;
    }
    tx.commit().await?;
    Ok(claim)
}

/// Claims a run whose state stays as it is.
async fn claim_again(store: &Store, run: &str) -> Result<Claim> {
    let mut tx = store.begin().await?;
    let claim = take(&mut tx, run, clock::now()).await?;
    tx.commit().await?;
    Ok(claim)
}

/// Takes a claim, also from a process that is gone.
async fn take(tx: &mut Tx<'_>, run: &str, now: Timestamp) -> Result<Claim> {
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

/// Receipts of the steps and tasks for people, with the state that follows. A run that is taken up again may have some.
async fn applied(store: &Store, plan: &Plan, claim: &Claim) -> Result<()> {
    let now = clock::now();
    let mut there: BTreeSet<String> = store.receipts(claim.run()).await?.into_iter().map(|r| r.step).collect();
    there.extend(store.tasks(claim.run()).await?.into_iter().map(|t| t.step));
    let meanwhile = swept(&events(&store.journal(claim.run()).await?));
    let restored = match &plan.restores {
        Some(restores) => Some(reversal::all(store, &restores.case).await?),
        None => None,
    };
    let mut tx = store.begin().await?;
    if let Some(restored) = restored {
        reversal::hand_on(&mut tx, plan, restored).await?;
    }
    for system in &plan.systems {
        for (ix, step) in system.steps.iter().enumerate() {
            let id = format!("{}.{ix}", system.system);
            if there.contains(&id) {
                continue;
            }
            match &step.action {
                Action::Confirm { team, text } => tx.add_task(claim.run(), &id, team, text, now).await?,
                _ => {
                    tx.receipt(claim, &id, &serde_json::to_vec(&(&step.table, step.rows(), &step.digest))?, now)
                        .await?;
                }
            }
        }
    }
    for (nth, of) in meanwhile.iter().enumerate() {
        let id = format!("{}.meanwhile.{nth}", of.0);
        if !there.contains(&id) {
            tx.receipt(claim, &id, &serde_json::to_vec(of)?, now).await?;
        }
    }
    if !plan.shreds.is_empty() {
        shred(&mut tx, plan, now).await?;
    }
    tx.advance(claim, State::Applied, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Destroys the keys of the person's records: what is encrypted under them cannot be read again.
async fn shred(tx: &mut Tx<'_>, plan: &Plan, now: Timestamp) -> Result<()> {
    for record in &plan.persons {
        let key: Vec<String> = record.key.iter().map(|v| v.join_text().unwrap_or_default().into_owned()).collect();
        let subject = store::Subject { kind: &plan.kind, system: &record.system, key: &key };
        tx.destroy_subject_key(&plan.request, subject, now).await?;
    }
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
            claim: None,
        });
    }
    let restored = reversal::checked(store, company, plan).await?;
    let (residues, read) = match &restored {
        Some(checked) => (checked.residues.clone(), Vec::new()),
        None => probed(company, plan).await?,
    };
    let read_again = read.len();
    let now = clock::now();
    let restored = restored.as_ref();
    let left = rest::left(store, company, plan).await?;
    let earlier = rest::earlier_certificate(store, plan).await?;
    let meanwhile = swept(&events(&store.journal(claim.run()).await?));
    let facts = certificate::Facts {
        company,
        plan,
        residues: &residues,
        read: &read,
        tasks: &tasks,
        meanwhile: &meanwhile,
        earlier,
        restored,
        now,
    };
    let mut tx = store.begin().await?;
    if tx.run(claim.run()).await?.state == State::Applied {
        tx.advance(&claim, State::Verified, now).await?;
    }
    if residues.is_empty() {
        remember(&mut tx, company, plan, now).await?;
    }
    if residues.is_empty() && plan.right == Right::Erasure {
        reversal::make_final(&mut tx, store, company, plan).await?;
    }
    if let Some(restores) = plan.restores.as_ref().filter(|_| residues.is_empty()) {
        tx.end_seal(&restores.case, SealEnd::Restored, now).await?;
    }
    left.write(&mut tx, plan, claim.run(), residues.is_empty()).await?;
    tx.advance(&claim, if residues.is_empty() { State::Complete } else { State::Partial }, now).await?;
    let signed = certificate::sign(&facts, tx.reference(&plan.request).await?, store)?;
    let entry = tx.certify(&claim, &signed, now).await?;
    tx.commit().await?;
    let certificate = Some(anchor(store, signed, entry).await?);
    let ending = if residues.is_empty() { Ending::Complete } else { Ending::Residues(residues) };
    Ok(Carried { run: claim.run().into(), ending, read_again, certificate, claim: Some(claim) })
}

/// The certificate of a run that has one already: a crash may have come before it was handed over.
async fn reissue(store: &Store, company: &Company, plan: &Plan, claim: Claim) -> Result<Carried> {
    let run = claim.run().to_owned();
    let kept = store.certificate(&run).await?.context("the run has no certificate")?;
    let entry = kept.entry.context("the key of this case was destroyed: its certificate cannot be given out again")?;
    let certificate = Some(anchor(store, Certificate::parse(&kept.bytes)?, entry).await?);
    let (ending, read_again) = match store.run(&run).await?.state {
        State::Complete => (Ending::Complete, 0),
        _ => match reversal::checked(store, company, plan).await? {
            Some(checked) => (Ending::Residues(checked.residues), 0),
            None => {
                let (residues, read) = probed(company, plan).await?;
                (Ending::Residues(residues), read.len())
            }
        },
    };
    Ok(Carried { run, ending, read_again, certificate, claim: Some(claim) })
}

async fn probed(company: &Company, plan: &Plan) -> Result<Probed> {
    if plan.right.returns() {
        return Ok((Vec::new(), Vec::new()));
    }
    let found = connect::probe(company.policy_of(plan)?, &company.systems, plan).await?;
    found.context("the policy folder no longer knows a table of the plan, so nothing can be verified")
}

/// What outlives the case, as keyed hashes of each key identity: erased stays erased, restricted stays restricted.
async fn remember(tx: &mut Tx<'_>, company: &Company, plan: &Plan, now: Timestamp) -> Result<()> {
    let tenant = plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()));
    for (name, value) in engine::plan::key_identities(company.policy_of(plan)?, plan) {
        let identity = store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value };
        match plan.right {
            Right::Erasure => tx.suppress(identity).await?,
            Right::Restriction => tx.restrict(identity, now).await?,
            Right::Lifting => tx.lift(identity).await?,
            _ => {}
        }
    }
    Ok(())
}

/// While a person's data are restricted they are stored and nothing else is done with them (GDPR Art. 18(2)).
async fn unrestricted(store: &Store, company: &Company, plan: &Plan) -> Result<()> {
    if !matches!(plan.right, Right::Erasure | Right::Deactivation) {
        return Ok(());
    }
    let tenant = plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()));
    for (name, value) in engine::plan::key_identities(company.policy_of(plan)?, plan) {
        let identity = store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value };
        if let Some(since) = store.restricted_since(identity).await? {
            let since = since.strftime("%Y-%m-%d");
            bail!(
                "this person's data are restricted since {since}: they may only be stored until `upheld fulfil lifting` ends that"
            );
        }
    }
    Ok(())
}

/// Waits until the ledger includes the certificate, and adds the proof.
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
