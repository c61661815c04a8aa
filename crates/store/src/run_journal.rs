//! The engine's journal, kept by the store.

use std::future::Future;
use std::pin::Pin;

use engine::run;
use engine::seal::Sealed;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use crate::journal::Event;
use crate::lease::Claim;
use crate::store::Store;

/// What stands beside the line of a second look.
#[derive(serde::Serialize)]
struct Again<'a> {
    tables: &'a [engine::plan::Meanwhile],
    made: &'a [run::Made],
}

/// The journal of one claimed run, as the engine's runs write it. The clock belongs to the caller.
pub struct RunJournal<'s, C> {
    store: &'s Store,
    claim: Claim,
    lease: SignedDuration,
    clock: C,
}

impl Store {
    /// The journal of a claimed run. Each event is durable when its `append` is done; after a lost claim each fails. A run
    /// that waits keeps its claim for another `lease`.
    pub fn journal_of<C: Fn() -> Timestamp + Send + Sync>(
        &self,
        claim: Claim,
        lease: SignedDuration,
        clock: C,
    ) -> RunJournal<'_, C> {
        RunJournal { store: self, claim, lease, clock }
    }
}

impl<C: Fn() -> Timestamp + Send + Sync> run::Journal for RunJournal<'_, C> {
    fn append<'a>(
        &'a mut self,
        event: &'a run::Event,
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let payload = match event {
                run::Event::Intent { made, .. } if !made.is_empty() => Some(serde_json::to_vec(made)),
                run::Event::Found { plan } => Some(serde_json::to_vec(plan)),
                run::Event::Again { tables, made, .. } => Some(serde_json::to_vec(&Again { tables, made })),
                _ => None,
            };
            let payload = payload.transpose().map_err(|error| error.to_string())?.map(Zeroizing::new);
            let payload = payload.as_ref().map(|p| p.as_slice());
            let written = self.store.append(&self.claim, &Event::from(event), payload, (self.clock)()).await;
            written.map(drop).map_err(|error| error.to_string())
        })
    }

    fn goes_on(&mut self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>> {
        Box::pin(async move {
            let renewed = async {
                let mut tx = self.store.begin().await?;
                tx.renew(&self.claim, self.lease, (self.clock)()).await?;
                tx.commit().await
            };
            renewed.await.map_err(|error| error.to_string())
        })
    }

    fn seal<'a>(&'a mut self, sealed: &'a Sealed) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let images = Zeroizing::new(serde_json::to_vec(sealed).map_err(|error| error.to_string())?);
            let kept = async {
                let mut tx = self.store.begin().await?;
                tx.check(&self.claim).await?;
                tx.seal(self.claim.case(), &sealed.system, &images).await?;
                tx.commit().await
            };
            kept.await.map_err(|error| error.to_string())
        })
    }
}

impl From<&run::Event> for Event {
    fn from(event: &run::Event) -> Self {
        match event.clone() {
            run::Event::Intent { system, transaction, .. } => Self::Intent { system, transaction },
            run::Event::Committed { system } => Self::Committed { system },
            run::Event::RolledBack { system } => Self::RolledBack { system },
            run::Event::Found { .. } => Self::Found,
            run::Event::Again { system, transaction, .. } => Self::Again { system, transaction },
            run::Event::Swept { system } => Self::Swept { system },
            run::Event::Unswept { system } => Self::Unswept { system },
        }
    }
}
