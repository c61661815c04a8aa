//! `upheld notice record`.

use std::process::ExitCode;

use anyhow::Result;
use engine::matching::normal;
use engine::policy::model::Match;
use engine::value::Value;
use serde_json::json;
use store::Identity;

use super::super::Context;
use super::versions;
use crate::clock;
use crate::terminal::{Misuse, say, say_json};

/// Remember what a person did about a version: an acknowledgement, deemed acceptance, agreement or refusal.
///
/// Each is kept apart from the others, and none of them is a consent to a purpose. Only a keyed digest of the person is stored.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice record 2026-1 --subject customer --email ann@x.example --as explicit
  upheld notice record 2026-1 --subject customer --email ann@x.example --as deemed")]
pub struct Args {
    /// The version.
    version: String,
    /// Subject kind, such as customer.
    #[arg(long, value_name = "KIND")]
    subject: String,
    /// Tenant, where the kind has tenants.
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Verified e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// What they did.
    #[arg(long = "as", value_name = "WHAT", value_parser = ["acknowledged", "deemed", "explicit", "refused"])]
    what: String,
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let store = versions::opened(context).await?;
    let address = normal(Match::Email, &Value::text(args.email.as_str()), None)
        .ok_or_else(|| Misuse("--email is no mail address".to_owned()))?;
    let person = Identity { kind: &args.subject, tenant: args.tenant.as_deref(), name: "email", value: &address };
    let mut tx = store.begin().await?;
    let new = tx.agreement(person, &args.version, &args.what, clock::now()).await?;
    tx.commit().await?;
    if new {
        store.sequence(clock::now()).await?;
    }
    let all = store.agreements(person).await?;
    store.close().await;
    if context.json {
        say_json(&json!({ "recorded": new, "all": all }))?;
    } else {
        say(if new {
            format!("recorded: {} for version {}", args.what, args.version)
        } else {
            "it stands already; nothing was changed".to_owned()
        });
    }
    Ok(ExitCode::SUCCESS)
}
