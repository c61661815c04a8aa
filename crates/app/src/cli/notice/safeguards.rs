//! `upheld notice safeguards`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::matching::normal;
use engine::policy::model::Match;
use engine::value::Value;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Identity;

use super::super::Context;
use crate::terminal::{Misuse, good, note, say, say_json};
use crate::{clock, company, safeguards};

/// Make the copy of the safeguards of a transfer for somebody who asks for it, without what stays secret.
///
/// The signed text is the `document` of the transfer, a file of the folder. Passages that the copy must not hold stand in it as
/// `[[WHAT: WORDS]]`, and `redact` of the transfer names each WHAT. That the person got it is remembered by a keyed digest.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice safeguards acme --transfer clauses --subject customer --email ann@x.example --out copy.md
  upheld notice safeguards acme --transfer clauses --subject customer --email ann@x.example > copy.md

Nothing is made while a passage is not marked, or while its words stand elsewhere in the text as well.")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// The transfer, by id.
    #[arg(long, value_name = "ID")]
    transfer: String,
    /// Who asks: a population, such as customer.
    #[arg(long, value_name = "KIND")]
    subject: String,
    /// Tenant, where the kind has tenants.
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// The address to which the copy goes.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Write the copy to a new file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let said = company::compiled(company::read(&args.folder)?)?.said;
    if said.find("population", &args.subject).is_none() {
        return Err(Misuse(format!("there is no population {}", args.subject)).into());
    }
    let address = normal(Match::Email, &Value::text(args.email.as_str()), None)
        .ok_or_else(|| Misuse("--email is no mail address".to_owned()))?;
    let transfer = said.find("transfer", &args.transfer);
    let transfer = transfer.ok_or_else(|| Misuse(format!("there is no transfer {}", args.transfer)))?;
    let copy = safeguards::copy(&args.folder, transfer).map_err(Misuse)?;
    let digest: [u8; 32] = Sha256::digest(copy.text.as_bytes()).into();
    if let Some(path) = &args.out {
        write(path, &copy.text)?;
    }
    let person = Identity { kind: &args.subject, tenant: args.tenant.as_deref(), name: "email", value: &address };
    let store = context.store().await?;
    let mut tx = store.begin().await?;
    tx.safeguards_given(person, &args.transfer, digest, clock::now()).await?;
    tx.commit().await?;
    store.sequence(clock::now()).await?;
    let given = store.safeguards_of(person).await?;
    store.close().await;
    let times = given.iter().find(|(transfer, _)| *transfer == args.transfer).map_or(0, |(_, times)| *times);
    if context.json {
        let text = args.out.is_none().then_some(&copy.text);
        say_json(&json!({ "transfer": args.transfer, "blackened": copy.blackened, "sha256": hex::encode(digest),
                          "copies": times, "text": text }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let told = format!("{} passages are blackened; it is copy {times} for this person", copy.blackened.len());
    match &args.out {
        Some(path) => say(format!("{} the copy is in {}: {told}", good("ok"), path.display())),
        None => {
            say(copy.text.trim_end());
            note(told);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that is there stays: it may be somebody else's copy.
fn write(path: &PathBuf, text: &str) -> Result<()> {
    use std::io::Write as _;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Misuse(format!("{} is there already; name a new file", path.display())).into())
        }
        other => other.with_context(|| format!("cannot write {}", path.display())),
    }
}
