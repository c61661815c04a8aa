//! The look at what is left, and the certificate that follows.

use anyhow::{Context, Result, bail};
use connect::Probed;
use engine::plan::Plan;
use engine::policy::model::Right;
use engine::run::swept;
use proof::certificate::Certificate;
use store::{Claim, SealEnd, State, Store, StoreError, Tx};

use super::carry::{Carried, Ending, whole};
use super::certificate;
use super::journal::events;
use super::rest;
use super::reversal;
use crate::clock;
use crate::company::Company;

/// Looks again, on fresh connections; certifies when nothing is open.
pub(super) async fn verify(store: &Store, company: &Company, plan: &Plan, claim: Claim) -> Result<Carried> {
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
    let whole = whole(store, claim.run(), plan).await?;
    let (residues, read) = match &restored {
        Some(checked) => (checked.residues.clone(), Vec::new()),
        None => probed(company, &whole).await?,
    };
    let read_again = read.len();
    let now = clock::now();
    let restored = restored.as_ref();
    let left = rest::left(store, company, &whole).await?;
    let earlier = rest::earlier_certificate(store, plan).await?;
    let meanwhile = swept(&events(&store.journal(claim.run()).await?));
    let facts = certificate::Facts {
        company,
        plan,
        whole: &whole,
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
        remember(&mut tx, company, plan).await?;
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
pub(super) async fn reissue(store: &Store, company: &Company, plan: &Plan, claim: Claim) -> Result<Carried> {
    let run = claim.run().to_owned();
    let kept = store.certificate(&run).await?.context("the run has no certificate")?;
    let entry = kept.entry.context("the key of this case was destroyed: its certificate cannot be given out again")?;
    let certificate = Some(anchor(store, Certificate::parse(&kept.bytes)?, entry).await?);
    let (ending, read_again) = match store.run(&run).await?.state {
        State::Complete => (Ending::Complete, 0),
        _ => match reversal::checked(store, company, plan).await? {
            Some(checked) => (Ending::Residues(checked.residues), 0),
            None => {
                let whole = whole(store, &run, plan).await?;
                let (residues, read) = probed(company, &whole).await?;
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

/// What outlives the case, as keyed hashes of each key identity: erased stays erased. A restriction stands in the register
/// since its flags were set, and until its end is complete.
async fn remember(tx: &mut Tx<'_>, company: &Company, plan: &Plan) -> Result<()> {
    let tenant = plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()));
    for (name, value) in engine::plan::key_identities(company.policy_of(plan)?, plan) {
        let identity = store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value };
        match plan.right {
            Right::Erasure => tx.suppress(identity).await?,
            Right::Lifting => tx.lift(identity).await?,
            _ => {}
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
