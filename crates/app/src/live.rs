//! What live systems show beside their structure: which questions no index serves, and what the roles may do.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use connect::{Connector, Systems};
use engine::ask::{Failure, Way};
use engine::grants::Side;
use engine::live::{MANY_ROWS, Observed, Slow};
use engine::plan::{Lookup, lookups};
use engine::policy::model::Policy;

/// Looks at every system of the policy that can be connected to. Nothing is changed, and no row is read but to count.
pub async fn observe(policy: &Policy, systems: &Systems) -> Result<BTreeMap<String, Observed>> {
    let mut seen = BTreeMap::new();
    for (at, system) in policy.systems.iter().enumerate() {
        let Some(connector) = systems.get(&system.name) else { continue };
        let lookups = lookups(policy, engine::policy::model::SystemId(at));
        let observed = of_system(connector.as_ref(), lookups).await;
        seen.insert(system.name.clone(), observed.with_context(|| format!("system {}", system.name))?);
    }
    Ok(seen)
}

async fn of_system(connector: &dyn Connector, lookups: Vec<Lookup>) -> Result<Observed> {
    let mut observed = Observed::default();
    for side in [Side::Read, Side::Write] {
        observed.held.extend(connector.rights(side).await?.map(|held| (side, held)));
    }
    let mut rows: BTreeMap<String, Option<u64>> = BTreeMap::new();
    for lookup in lookups {
        let table = lookup.select.table.clone();
        let count = match rows.get(&table) {
            Some(count) => *count,
            None => *rows.entry(table.clone()).or_insert(count(connector, table).await?),
        };
        if let Some(rows) = count.filter(|rows| *rows > MANY_ROWS)
            && let Some(indexes) = missing(connector, &lookup).await?
        {
            observed.slow.push(Slow { lookup, rows, indexes });
        }
    }
    Ok(observed)
}

/// The rows of a table; `None` where our role may not look, which is a finding about the role.
async fn count(connector: &dyn Connector, table: String) -> Result<Option<u64>> {
    match connector.rows(&[table]).await {
        Ok(rows) => Ok(rows.first().copied()),
        Err(Failure::Forbidden { .. }) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// The indexes that a question would need, where none serves it. Each is asked in a session of its own, for a refusal ends
/// a session.
async fn missing(connector: &dyn Connector, lookup: &Lookup) -> Result<Option<Vec<String>>> {
    let mut session = connector.read().await?;
    let way = session.explain(&lookup.select).await;
    session.close().await?;
    match way {
        Ok(Way::Scan { indexes }) => Ok(Some(indexes)),
        Ok(Way::Index | Way::Unknown) | Err(Failure::Forbidden { .. }) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}
