//! `upheld verify`: the same checks as `upheld-verify`, without network, account or store.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use proof::key::{VerifierKey, parse_list};
use proof::tile::Tiles;
use proof::verify::{Against, Files, certificate, ledger, render};

use super::Context;
use crate::terminal::{Misuse, say, say_json};

/// Verify a certificate or a ledger folder, offline.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld verify certificate.json --key 'acme/ledger+1a2b3c4d+Aa...'\n  upheld verify .upheld/ledger --key-file key.pub --since old-checkpoint\n\nExit code 0: verified with a trusted key; 1: a check failed, or no key was given; 2: misuse."
)]
pub struct Args {
    /// A certificate, or a ledger folder.
    file: PathBuf,
    /// A trusted verifier key.
    #[arg(long = "key", value_name = "KEY")]
    keys: Vec<String>,
    /// Trusted verifier keys, one on each line.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// An older checkpoint or certificate: the ledger must have grown from it.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// The ledger folder, to check a certificate against.
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let keys = trusted(&args)?;
    let since = args.since.as_deref().map(read).transpose()?;
    let beside = args.ledger.map(Folder);
    let against = Against { keys: &keys, since: since.as_deref(), ledger: beside.as_ref().map(|f| f as &dyn Files) };
    let report = if args.file.is_dir() {
        ledger(&Folder(args.file), &against)
    } else {
        certificate(&read(&args.file)?, &against)
    };
    if context.json {
        say_json(&report)?;
    } else {
        say(render(&report).trim_end());
    }
    Ok(ExitCode::from(report.exit_code()))
}

fn trusted(args: &Args) -> Result<Vec<VerifierKey>> {
    let mut keys = Vec::new();
    for text in &args.keys {
        keys.push(text.parse().map_err(|e| Misuse(format!("--key: {e}")))?);
    }
    if let Some(path) = &args.key_file {
        let text = String::from_utf8(read(path)?).context("the key file is no text")?;
        keys.extend(parse_list(&text).map_err(|e| Misuse(format!("{}: {e}", path.display())))?);
    }
    Ok(keys)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Misuse(format!("cannot read {}: {e}", path.display())).into())
}

/// The files of a ledger folder.
struct Folder(PathBuf);

impl Tiles for Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.join(path)).ok()
    }
}

impl Files for Folder {
    fn paths(&self) -> Vec<String> {
        let (mut open, mut paths) = (vec![self.0.clone()], Vec::new());
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if let Ok(relative) = path.strip_prefix(&self.0) {
                    paths.push(relative.to_string_lossy().into_owned());
                }
            }
        }
        paths
    }
}
