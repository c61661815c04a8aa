//! The version under which data of a person is held, for questions about that data.

use anyhow::Result;
use engine::notice::versions::{Agreement, Held as Data, Version, governing, standing};
use jiff::civil::Date;
use serde_json::json;

use super::super::Context;
use super::super::notice::reader::Reader;
use super::super::notice::versions;
use crate::clock;
use crate::terminal::Misuse;

/// Whose data, and since when.
#[derive(clap::Args)]
pub struct Held {
    /// The day on which data of a person was gathered: the version answers under which it is held.
    #[arg(long, value_name = "DATE", requires = "subject", conflicts_with = "under")]
    gathered: Option<Date>,
    /// With --gathered: subject kind, such as customer.
    #[arg(long, value_name = "KIND", requires = "gathered")]
    subject: Option<String>,
    /// With --gathered: tenant, where the kind has tenants.
    #[arg(long, value_name = "TENANT", requires = "gathered")]
    tenant: Option<String>,
    /// With --gathered: verified e-mail address.
    #[arg(long, value_name = "ADDRESS", requires = "gathered")]
    email: Option<String>,
    /// With --gathered: the record of somebody without address, by its key.
    #[arg(long = "id", value_name = "SYSTEM:KEY", requires = "gathered", conflicts_with = "email")]
    id: Option<String>,
}

impl Held {
    /// The version that holds for the data; none where nobody's data is asked about.
    pub async fn version(&self, context: &Context) -> Result<Option<Version>> {
        let (Some(gathered), Some(kind)) = (self.gathered, self.subject.as_deref()) else { return Ok(None) };
        if gathered > clock::today() {
            return Err(Misuse(format!("nothing was gathered on {gathered} yet")).into());
        }
        if self.email.is_none() && self.id.is_none() {
            return Err(Misuse("say whose data it is: --email or --id".to_owned()).into());
        }
        let reader = Reader::named(kind, self.tenant.as_deref(), self.email.as_deref(), self.id.as_deref())?;
        let store = versions::opened(context).await?;
        let published = store.notices().await?;
        let done = store.agreements(reader.identity()).await?;
        store.close().await;
        let published: Vec<Version> = published.iter().map(versions::read).collect::<Result<_>>()?;
        if let Some(last) = published.last() {
            reader.known_to(last)?;
        }
        let agreed = |version: &str| {
            let own = done.iter().filter(|(about, _)| about == version);
            let words: Vec<Agreement> = own.filter_map(|(_, word)| serde_json::from_value(json!(word)).ok()).collect();
            standing(&words)
        };
        let found = governing(&published, Data { gathered, population: Some(kind) }, clock::today(), &agreed);
        let older = || format!("what was gathered on {gathered} is older than every version: name one with --under");
        Ok(Some(found.cloned().ok_or_else(|| Misuse(older()))?))
    }
}
