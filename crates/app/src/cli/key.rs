//! `upheld key`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::policy::model::{KindId, Policy};
use engine::schema::Class;
use engine::value::Value;
use serde_json::json;
use store::{StoreError, Subject};

use super::Context;
use crate::casework::{kind_named, record_key};
use crate::clock;
use crate::company;
use crate::terminal::{Misuse, say, say_json};

/// Keys of persons, under which applications encrypt what `erase = "shred"` destroys.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Subject(SubjectArgs),
}

/// Print the 256-bit key of one record, in hexadecimal; it is made when it is first asked for.
///
/// Whoever may read Upheld's home and its master key may ask. An erasure destroys the key, and it is never made again.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  upheld key subject acme --subject customer --id helpdesk:42")]
struct SubjectArgs {
    /// The policy folder.
    folder: PathBuf,
    /// Subject kind, such as customer.
    #[arg(long, value_name = "KIND")]
    subject: String,
    /// The record by its key; parts of a composite key are separated by commas.
    #[arg(long = "id", value_name = "SYSTEM:KEY")]
    record: String,
    /// Use the live schemas instead of the locked ones.
    #[arg(long)]
    live: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let Command::Subject(args) = args.command;
    let (policy, _) = company::Read::folder(&args.folder, args.live).await?.policy()?;
    let kind = kind_named(&policy, &args.subject)?;
    let (system, key) = args.record.split_once(':').ok_or_else(|| Misuse("--id is written SYSTEM:KEY".to_owned()))?;
    let key = named(&policy, kind, system, &record_key(&policy, kind, system, key)?)?;
    let store = context.store().await?;
    let mut tx = store.begin().await?;
    let made = tx.subject_key(Subject { kind: &args.subject, system, key: &key }, clock::now()).await;
    let made = match made {
        Err(StoreError::SubjectKeyDestroyed) => {
            anyhow::bail!("this person was erased: the key is destroyed and is not made again");
        }
        other => other.map_err(|e| context.naming_the_store(e.into()))?,
    };
    tx.commit().await?;
    let text = in_hex(&made);
    if context.json {
        say_json(&json!({ "key": *text }))?;
    } else {
        say(text.as_str());
    }
    Ok(ExitCode::SUCCESS)
}

/// The parts of a key as the database tells them: a record with two spellings would have two keys, of which an erasure
/// destroys one.
fn named(policy: &Policy, kind: KindId, system: &str, key: &[Value]) -> Result<Vec<String>, Misuse> {
    let populations = policy.kinds[kind.0].populations.iter();
    let table = populations.map(|p| policy.table(p.table)).find(|t| policy.system(t.system).name == system);
    let classes = table.iter().flat_map(|t| t.key.iter().map(|c| t.columns[*c].class));
    let part = |(value, class): (&Value, Class)| {
        let text = value.join_text().unwrap_or_default();
        match class {
            Class::Int => {
                let number: i128 = text.parse().map_err(|_| Misuse(format!("`{text}` is no whole number")))?;
                let plain = number.to_string();
                if plain == text { Ok(plain) } else { Err(Misuse(format!("this key is written `{plain}`"))) }
            }
            Class::Uuid => Ok(text.to_lowercase()),
            _ => Ok(text.into_owned()),
        }
    };
    key.iter().zip(classes).map(part).collect()
}

/// In hexadecimal, wiped afterwards.
fn in_hex(key: &store::Zeroizing<[u8; 32]>) -> store::Zeroizing<String> {
    store::Zeroizing::new(hex::encode(key.as_slice()))
}
