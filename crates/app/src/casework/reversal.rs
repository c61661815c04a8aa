//! Deactivations: what is sealed for how long, whose it is, and how it is taken back or becomes final.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use engine::matching;
use engine::plan::Plan;
use engine::plan::restore::{self, Checked, Deactivation, Returning};
use engine::policy::model::{Policy, Right, Worth};
use engine::seal::Sealed;
use engine::value::Value;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use store::{Claim, Seal, SealEnd, Store, Tx};

use super::carry::stored_plan;
use super::question::{Ask, Identity};
use crate::clock;
use crate::company::Company;
use crate::terminal::Misuse;

/// How long a deactivation can be taken back where the folder does not say.
const WINDOW: &str = "P1Y";

/// When a deactivation made now becomes final.
fn ends(policy: &Policy, now: Timestamp) -> Result<Timestamp> {
    let window: Span = policy.window.as_deref().unwrap_or(WINDOW).parse().context("the window of deactivations")?;
    Ok(now.to_zoned(TimeZone::UTC).checked_add(window).context("the window of deactivations")?.timestamp())
}

/// Makes the seal of a deactivation, before anything is changed.
pub(super) async fn open_seal(store: &Store, company: &Company, plan: &Plan, claim: &Claim) -> Result<()> {
    let tenant = tenant_of(plan);
    let mut known = engine::plan::key_identities(company.policy_of(plan)?, plan);
    known.extend(plan.persons.iter().map(|r| (record_name(&r.system), record_text(&r.key))));
    let persons: Vec<store::Identity<'_>> = known
        .iter()
        .map(|(name, value)| store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name, value })
        .collect();
    let now = clock::now();
    let mut tx = store.begin().await?;
    tx.open_seal(claim, ends(&company.policy, now)?, &persons, now).await?;
    Ok(tx.commit().await?)
}

fn record_name(system: &str) -> String {
    format!("id:{system}")
}

fn record_text(key: &[Value]) -> String {
    key.iter().map(|v| v.join_text().unwrap_or_default()).collect::<Vec<_>>().join(",")
}

/// Deactivations of a person that can still be taken back, newest last; in each tenant, where the question names none.
pub async fn seals_of(store: &Store, company: &Company, ask: &Ask) -> Result<Vec<Seal>> {
    let mut tenants: BTreeSet<Option<String>> = BTreeSet::from([ask.tenant.clone()]);
    if ask.tenant.is_none() {
        for seal in store.seals().await? {
            tenants.insert(tenant_of(&stored_plan(store, &seal.run).await?));
        }
    }
    let mut found: Vec<Seal> = Vec::new();
    for (name, value) in names(&company.policy, ask) {
        for tenant in &tenants {
            let person = store::Identity { kind: &ask.kind, tenant: tenant.as_deref(), name: &name, value: &value };
            let seals = store.seals_of(person).await?;
            let new: Vec<Seal> = seals.into_iter().filter(|seal| !found.contains(seal)).collect();
            found.extend(new);
        }
    }
    found.sort_by_key(|s| s.sealed);
    let mut tenants = BTreeSet::new();
    for seal in &found {
        tenants.extend(tenant_of(&stored_plan(store, &seal.run).await?));
    }
    if tenants.len() > 1 {
        let (kind, tenants) = (&ask.kind, tenants.into_iter().collect::<Vec<_>>().join(", "));
        let told = format!("a {kind} with these identities was deactivated in several tenants ({tenants})");
        return Err(Misuse(format!("{told}: name one with --tenant")).into());
    }
    Ok(found)
}

fn tenant_of(plan: &Plan) -> Option<String> {
    plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()))
}

/// The identities of a question, in the form in which they are remembered.
fn names(policy: &Policy, ask: &Ask) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for identity in &ask.identities {
        let (name, value) = match identity {
            Identity::Record(system, key) => {
                found.push((record_name(system), key.trim().to_owned()));
                continue;
            }
            // Confirmed records were found by the others.
            Identity::Confirmed(..) => continue,
            Identity::Named(name, value) => (name, Value::text(value.as_str())),
        };
        for population in policy.kinds.iter().filter(|k| k.name == ask.kind).flat_map(|k| &k.populations) {
            let region = policy.system(population.system).country.as_deref();
            let of = population.identities.iter().filter(|i| i.name == *name && i.worth == Worth::Key);
            let normal = of.filter_map(|i| matching::normal(i.matching, &value, region));
            found.extend(normal.map(|n| (name.clone(), n)));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The plan that takes a person's deactivation back.
pub async fn take_back(store: &Store, company: &Company, ask: &Ask) -> Result<Plan> {
    end_due(store).await?;
    settled(store, None).await?;
    let Some(seal) = seals_of(store, company, ask).await?.pop() else {
        let kind = &ask.kind;
        return Err(Misuse(format!(
            "no deactivation of a {kind} with these identities can be taken back: there was none, or it is final (`upheld seals` lists them)"
        ))
        .into());
    };
    let (own, others) = all(store, &seal.case).await?;
    let policy = company.policy_of(&own.plan)?;
    let made_at = clock::now();
    let question = Returning {
        request: store::entropy::id("case")?,
        requested_by: ask.by.clone(),
        nonce: store::entropy::bytes()?,
        made_at,
        expires_at: made_at + ask.valid,
    };
    Ok(connect::restore(policy, &company.schemas, &company.systems, &own, &others, question).await?)
}

/// What a plan takes back, and all other deactivations.
pub(super) async fn all(store: &Store, case: &str) -> Result<(Deactivation, Vec<Deactivation>)> {
    let (mut own, mut others) = (None, Vec::new());
    for seal in store.seals().await? {
        let sealed = sealed(store, &seal.case).await?;
        let one = Deactivation::new(seal.case.clone(), stored_plan(store, &seal.run).await?, sealed);
        if seal.case == case { own = Some(one) } else { others.push(one) }
    }
    let own = own.context("what was sealed for this deactivation is gone: it was taken back, or is final")?;
    Ok((own, others))
}

/// What is sealed of everybody who is away.
pub(super) async fn away(store: &Store) -> Result<Vec<Sealed>> {
    let mut all = Vec::new();
    for seal in store.seals().await? {
        all.extend(sealed(store, &seal.case).await?);
    }
    Ok(all)
}

async fn sealed(store: &Store, case: &str) -> Result<Vec<Sealed>> {
    let images = store.before_images(case).await?;
    let read = |(_, bytes): &(String, store::Zeroizing<Vec<u8>>)| serde_json::from_slice(bytes);
    images.iter().map(read).collect::<Result<_, _>>().context("sealed before-images cannot be read")
}

/// What a plan restores, as it was when the plan was made.
pub(super) async fn to_restore(store: &Store, plan: &Plan, first: bool) -> Result<Vec<Sealed>> {
    let Some(restores) = &plan.restores else { return Ok(Vec::new()) };
    let (own, others) = all(store, &restores.case).await?;
    let now = others.iter().chain([&own]).map(|d| (d.case.clone(), d.digest.clone())).collect();
    if first {
        settled(store, Some(&plan.request)).await?;
        if restores.seals != now {
            bail!("deactivations were made or taken back since the plan was made: make a new one; nothing was done");
        }
    }
    Ok(own.sealed)
}

/// While a deactivation is half done, nobody knows what the others would find.
async fn settled(store: &Store, but: Option<&str>) -> Result<()> {
    let reversal = [Right::Deactivation.word(), Right::Reactivation.word()];
    for run in store.unfinished_runs().await? {
        if reversal.contains(&run.right.as_str()) && run.state.is_under_way() && Some(run.case.as_str()) != but {
            bail!("a {} was interrupted: `upheld resume` must finish it first; nothing was done", run.right);
        }
    }
    Ok(())
}

/// Writes down, with the change of state, what this reactivation leaves to other deactivations.
pub(super) async fn hand_on(
    tx: &mut Tx<'_>,
    plan: &Plan,
    (own, others): (Deactivation, Vec<Deactivation>),
) -> Result<()> {
    let mut seals: Vec<(String, Vec<Sealed>)> = others.into_iter().map(|d| (d.case, d.sealed)).collect();
    for case in restore::hand_on(plan, &own.sealed, &mut seals) {
        for sealed in seals.iter().filter(|(c, _)| *c == case).flat_map(|(_, s)| s) {
            tx.seal(&case, &sealed.system, &store::Zeroizing::new(serde_json::to_vec(sealed)?)).await?;
        }
    }
    Ok(())
}

/// Looks, on fresh connections, whether everything came back.
pub(super) async fn checked(store: &Store, company: &Company, plan: &Plan) -> Result<Option<Checked>> {
    let Some(restores) = &plan.restores else { return Ok(None) };
    let own = sealed(store, &restores.case).await?;
    let rows = connect::sealed_rows(&company.systems, restore::selects(&own)).await?;
    Ok(Some(restore::check(plan, &own, rows)))
}

/// Ends the deactivations of somebody who is erased for good.
pub(super) async fn make_final(tx: &mut Tx<'_>, store: &Store, company: &Company, plan: &Plan) -> Result<()> {
    let tenant = tenant_of(plan);
    let mut known = engine::plan::key_identities(company.policy_of(plan)?, plan);
    known.extend(plan.persons.iter().map(|r| (record_name(&r.system), record_text(&r.key))));
    for (name, value) in &known {
        let person = store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name, value };
        for seal in store.seals_of(person).await? {
            tx.end_seal(&seal.case, SealEnd::Final, clock::now()).await?;
        }
    }
    Ok(())
}

/// Destroys the keys of deactivations whose window is over; returns their cases.
pub async fn end_due(store: &Store) -> Result<Vec<String>> {
    let now = clock::now();
    let mut ended = Vec::new();
    for seal in store.seals().await?.into_iter().filter(|s| s.ends <= now) {
        let mut tx = store.begin().await?;
        if tx.end_seal(&seal.case, SealEnd::Final, now).await? {
            ended.push(seal.case);
        }
        tx.commit().await?;
    }
    Ok(ended)
}

/// Destroys what was sealed of a person who is erased while deactivated; returns the cases.
pub async fn end_of(store: &Store, seals: &[Seal]) -> Result<()> {
    for seal in seals {
        let mut tx = store.begin().await?;
        tx.end_seal(&seal.case, SealEnd::Final, clock::now()).await?;
        tx.commit().await?;
    }
    Ok(())
}
