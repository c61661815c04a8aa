//! `upheld notice record`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::super::Context;
use super::reader::Reader;
use super::{told, versions};
use crate::clock;
use crate::terminal::{say, say_json};

/// Remember that people were told of a version, or what one did about it: an acknowledgement, deemed acceptance, agreement or
/// refusal.
///
/// Each is kept apart from the others, and none of them is a consent to a purpose. Only a keyed digest of the person is stored.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice record 2026-1 --subject customer --email ann@x.example --as explicit
  upheld notice record 2026-1 --subject customer --email ann@x.example --as deemed
  upheld notice record 2026-1 --subject customer --id helpdesk:17 --as acknowledged
  upheld notice record 2026-1 --told --channel email --subjects people.csv    everybody in a list of `upheld notice owed`
  upheld notice record 2026-1 --told --channel in_app --subject customer --email ann@x.example

A list is CSV with the column `person`, as `upheld notice owed --list` writes it, or with the columns `subject` and `email` and,
where the kind has tenants, `tenant`. One without an address in the data map is known by --id SYSTEM:KEY.")]
pub struct Args {
    /// The version.
    version: String,
    /// Subject kind, such as customer.
    #[arg(long, value_name = "KIND", required_unless_present = "subjects")]
    subject: Option<String>,
    /// Tenant, where the kind has tenants.
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Verified e-mail address.
    #[arg(long, value_name = "ADDRESS", required_unless_present_any = ["subjects", "id"])]
    email: Option<String>,
    /// The record of somebody without address, by its key.
    #[arg(long, value_name = "SYSTEM:KEY", conflicts_with = "email")]
    id: Option<String>,
    /// What they did.
    #[arg(long = "as", value_name = "WHAT", value_parser = ["acknowledged", "deemed", "explicit", "refused"], required_unless_present = "told", conflicts_with = "told")]
    what: Option<String>,
    /// They were told.
    #[arg(long, requires = "channel")]
    told: bool,
    /// How they were told.
    #[arg(long, requires = "told", value_parser = engine::notice::versions::PERSONAL)]
    channel: Option<String>,
    /// Everybody in a list.
    #[arg(long, value_name = "FILE", requires = "told", conflicts_with_all = ["subject", "tenant", "email", "id"])]
    subjects: Option<PathBuf>,
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    match (&args.channel, &args.subjects) {
        (Some(channel), Some(list)) => {
            let people = told::in_list(list)?;
            told::record(context, &args.version, channel, &people).await
        }
        (Some(channel), None) => told::record(context, &args.version, channel, &[told::Told::Named(args.one()?)]).await,
        (None, _) => act(context, args).await,
    }
}

impl Args {
    /// The person who is named.
    fn one(&self) -> Result<Reader> {
        let (kind, tenant) = (self.subject.as_deref().unwrap_or_default(), self.tenant.as_deref());
        Reader::named(kind, tenant, self.email.as_deref(), self.id.as_deref())
    }
}

async fn act(context: &Context, args: &Args) -> Result<ExitCode> {
    let (reader, what) = (args.one()?, args.what.as_deref().unwrap_or_default());
    let store = versions::opened(context).await?;
    reader.known_to(&versions::read(versions::find(&store.notices().await?, &args.version)?)?)?;
    let mut tx = store.begin().await?;
    let new = tx.agreement(reader.identity(), &args.version, what, clock::now()).await?;
    tx.commit().await?;
    if new {
        store.sequence(clock::now()).await?;
    }
    let all = store.agreements(reader.identity()).await?;
    store.close().await;
    if context.json {
        say_json(&json!({ "recorded": new, "all": all }))?;
    } else {
        say(if new {
            format!("recorded: {what} for version {}", args.version)
        } else {
            "it stands already; nothing was changed".to_owned()
        });
    }
    Ok(ExitCode::SUCCESS)
}
