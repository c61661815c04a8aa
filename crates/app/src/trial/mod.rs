//! A folder tried on its own sample: databases made from `sample/NAME.sql`, rights carried out for the people of
//! `sample/people.toml`, and stores searched for what they should not hold.

mod card;
mod copies;
mod exports;
mod inventory;
mod rights;
mod sample;
mod scan;
mod traffic;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use engine::coverage::Trial;
use engine::policy::model::Policy;
use engine::source::Source;

use crate::company::{self, Company};
use sample::Sample;

/// A folder compiled against its sample where it has one, else against its locked schemas, and what was tried.
pub struct Tried {
    /// The policy.
    pub policy: Policy,
    /// What was tried; empty without a sample.
    pub trial: Trial,
}

/// Compiles a folder and tries it. `progress` is told what happens.
pub async fn tried(folder: &Path, source: Source, progress: &dyn Fn(&str)) -> Result<Tried> {
    let Some(sample) = Sample::read(folder)? else {
        let policy = company::compiled(source)?;
        return Ok(Tried { policy, trial: Trial::default() });
    };
    progress("making the sample's databases");
    let first = sample.made().await?;
    let company = company::open_at(folder, &first.addresses).await?;
    let mut trial = scan::scanned(&company.policy, &first).await?;
    trial.events = traffic::events(folder)?;
    trial.copies = copies::made(folder, &company.policy.said);
    trial.egress = traffic::captured(folder)?;
    progress("reading what recipients would be sent");
    trial.exports = exports::read(folder, &sample, &company.policy.said).await?;
    let (rights, held) = rights::carried_out(folder, &sample, progress).await?;
    trial.rights = rights;
    trial.inventories = inventory::taken(&company.policy.said, &first.values().await?, &held);
    Ok(Tried { policy: company.policy, trial })
}

/// Opens a folder over freshly made databases of its sample.
async fn fresh(folder: &Path, sample: &Sample) -> Result<(sample::Made, Company)> {
    let made = sample.made().await?;
    let company = company::open_at(folder, &made.addresses).await?;
    Ok((made, company))
}

/// Texts by name.
type Addresses = BTreeMap<String, String>;
