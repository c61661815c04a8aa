//! What is written down when every system has committed.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::plan::{Action, Plan};
use engine::policy::model::Right;
use engine::run::swept;
use jiff::Timestamp;
use store::{Claim, State, Store, Tx};

use super::carry::whole;
use super::journal::events;
use super::{restriction, reversal};
use crate::clock;
use crate::company::Company;

/// Receipts of the steps and tasks for people, with the state that follows. A run that is taken up again may have some.
pub(super) async fn applied(store: &Store, company: &Company, plan: &Plan, claim: &Claim) -> Result<()> {
    let now = clock::now();
    let mut there: BTreeSet<String> = store.receipts(claim.run()).await?.into_iter().map(|r| r.step).collect();
    there.extend(store.tasks(claim.run()).await?.into_iter().map(|t| t.step));
    let meanwhile = swept(&events(&store.journal(claim.run()).await?));
    let shreds = !whole(store, claim.run(), plan).await?.shreds.is_empty();
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
    if shreds {
        shred(&mut tx, plan, now).await?;
    }
    if plan.right == Right::Restriction {
        restriction::write(&mut tx, company, plan, now).await?;
        restriction::take_place(&mut tx, store, company, plan, claim).await?;
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
