//! Runs that did not come to their end: what is written down of them, and what is said.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use engine::plan::Plan;
use engine::policy::model::Right;
use engine::run::{Event, Halt};
use store::{Claim, SealEnd, State, Store};

use super::journal::events;
use crate::clock;

/// Writes down that a run halted. Where a system has committed, or may have, the run stays open to be taken up again.
pub(super) async fn halted(store: &Store, claim: &Claim, done: bool, halt: Halt) -> anyhow::Error {
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
pub(super) async fn not_begun(store: &Store, plan: &Plan, claim: &Claim) -> Result<()> {
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
pub(super) fn touched(journal: &[Event]) -> bool {
    let last: BTreeMap<&str, bool> = journal
        .iter()
        .map(|event| match event {
            Event::RolledBack { system } => (system.as_str(), false),
            event => (event.system(), true),
        })
        .collect();
    last.into_values().any(|touched| touched)
}
