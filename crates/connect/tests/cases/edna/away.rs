//! People leave, and come back.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use connect::Systems;
use engine::plan::restore::{Deactivation, Returning, check, hand_on, selects};
use engine::plan::{Plan, Question, Seed};
use engine::policy::model::{KindId, Policy, Right};
use engine::run::{Event, Journal, Run};
use engine::schema::Schema;
use engine::seal::Sealed;

use crate::asked::{planned, question};
use crate::carried::Exported;

/// An application under its map.
pub struct Scene {
    pub policy: Policy,
    pub schemas: BTreeMap<String, Schema>,
    pub systems: Systems,
}

impl Scene {
    /// The person of a record leaves under a profile.
    pub async fn leave(&self, profile: &str, seed: Seed, case: &str) -> Result<Deactivation, String> {
        let policy = self.policy.under(Some(profile)).ok_or_else(|| format!("no profile {profile}"))?;
        let asked = question(Right::Deactivation, KindId(0), seed);
        let mut token_key = asked.token_key;
        token_key.iter_mut().zip(case.bytes()).for_each(|(key, byte)| *key ^= byte.rotate_left(3));
        let asked = Question { request: case.to_owned(), token_key, ..asked };
        let plan = planned(policy, &self.schemas, &self.systems, asked).await?.ok_or("nobody was found")?;
        let mut journal = Sealing::default();
        self.run(&plan, &[], &mut journal).await?;
        Ok(Deactivation::new(case.to_owned(), plan, journal.sealed.into_values().collect()))
    }

    /// They come back while others are still away. Returns how many rows were compared with the seal.
    pub async fn come_back(&self, own: &Deactivation, others: &mut [Deactivation]) -> Result<usize, String> {
        let policy = self.policy.under(own.plan.profile.as_deref()).ok_or("no such profile")?;
        let returning = Returning {
            request: format!("back-{}", own.case),
            requested_by: "tests".to_owned(),
            nonce: [9; 16],
            made_at: own.plan.made_at,
            expires_at: own.plan.expires_at,
        };
        let plan = connect::restore(policy, &self.schemas, &self.systems, own, others, returning).await;
        let plan = plan.map_err(|planless| format!("not planned: {planless}"))?;
        self.run(&plan, &own.sealed, &mut Sealing::default()).await?;
        let rows = connect::sealed_rows(&self.systems, selects(&own.sealed)).await.map_err(|e| e.to_string())?;
        let checked = check(&plan, &own.sealed, rows);
        if !checked.residues.is_empty() {
            return Err(format!("left over: {:?}; kept: {:?}", checked.residues, plan.kept));
        }
        let mut seals: Vec<_> = others.iter().map(|d| (d.case.clone(), d.sealed.clone())).collect();
        hand_on(&plan, &own.sealed, &mut seals);
        for (other, (_, sealed)) in others.iter_mut().zip(seals) {
            *other = Deactivation::new(other.case.clone(), other.plan.clone(), sealed);
        }
        Ok(checked.exact)
    }

    async fn run(&self, plan: &Plan, sealed: &[Sealed], journal: &mut Sealing) -> Result<(), String> {
        let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
        let run = Run::new(plan, &plan.policy, plan.made_at, &approved, &[]).with_sealed(sealed);
        let ran = connect::run(plan, run, &self.systems, journal, &mut Exported::default()).await;
        ran.map(drop).map_err(|halt| format!("the run halts: {halt}"))
    }
}

/// Keeps what is sealed, as text, as a store does.
#[derive(Default)]
struct Sealing {
    sealed: BTreeMap<String, Sealed>,
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

impl Journal for Sealing {
    fn append<'a>(&'a mut self, _: &'a Event) -> Done<'a> {
        Box::pin(async { Ok(()) })
    }

    fn seal<'a>(&'a mut self, sealed: &'a Sealed) -> Done<'a> {
        let text = serde_json::to_string(sealed).expect("plain data");
        self.sealed.insert(sealed.system.clone(), serde_json::from_str(&text).expect("reads itself"));
        Box::pin(async { Ok(()) })
    }
}
