//! `upheld-verify`: verifies a certificate or a ledger, offline. All it does itself is reading files.

use std::cell::RefCell;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use proof::key::{VerifierKey, parse_list};
use proof::tile::Tiles;
use proof::verify::{self, Against, Files, Report};

/// Verifies a certificate (a file) or a ledger (a folder), offline.
///
/// Exit code: 0 verified; 1 failed, or self-consistent without a key to check the signer; 2 misuse.
#[derive(Parser)]
#[command(
    version,
    after_help = "Example:
  upheld-verify certificate.json --key acme.example/ledger+530d903a+AekyeRrm56h...
  upheld-verify ledger/ --key-file keys.txt --since checkpoint-of-last-year"
)]
struct Arguments {
    /// A certificate, or the folder of a ledger
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,
    /// A key that you trust: an operator's, or a witness's. May be repeated
    #[arg(long = "key", value_name = "VKEY")]
    keys: Vec<VerifierKey>,
    /// A file of such keys, one a line. May be repeated
    #[arg(long = "key-file", value_name = "FILE")]
    key_files: Vec<PathBuf>,
    /// An older checkpoint or certificate, whose history must have been continued
    #[arg(long, value_name = "OLD")]
    since: Option<PathBuf>,
    /// A copy of the ledger to compare a certificate with
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// A ledger's folder. Tiles are read when asked for; the first error other than "not there" is kept.
struct Folder {
    root: PathBuf,
    paths: Vec<String>,
    error: RefCell<Option<String>>,
}

impl Folder {
    fn open(root: &Path) -> Result<Self, String> {
        let mut paths = Vec::new();
        list(root, "", &mut paths)?;
        Ok(Self { root: root.to_owned(), paths, error: RefCell::new(None) })
    }
}

fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> Result<(), String> {
    let explain = |error| cannot_read(folder, &error);
    for item in fs::read_dir(folder).map_err(explain)? {
        let item = item.map_err(explain)?;
        let name = format!("{prefix}{}", item.file_name().to_string_lossy());
        if item.file_type().map_err(explain)?.is_dir() {
            list(&item.path(), &format!("{name}/"), paths)?;
        } else {
            paths.push(name);
        }
    }
    Ok(())
}

fn cannot_read(path: &Path, error: &io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| cannot_read(path, &error))
}

impl Tiles for Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let path = self.root.join(path);
        fs::read(&path)
            .inspect_err(|error| {
                if error.kind() != ErrorKind::NotFound {
                    self.error.borrow_mut().get_or_insert(cannot_read(&path, error));
                }
            })
            .ok()
    }
}

impl Files for Folder {
    fn paths(&self) -> Vec<String> {
        self.paths.clone()
    }
}

fn trusted(arguments: &Arguments) -> Result<Vec<VerifierKey>, String> {
    let mut keys = arguments.keys.clone();
    for path in &arguments.key_files {
        let text = String::from_utf8_lossy(&read(path)?).into_owned();
        keys.extend(parse_list(&text).map_err(|error| format!("{}, {error}", path.display()))?);
    }
    Ok(keys)
}

fn run(arguments: &Arguments) -> Result<Report, String> {
    let keys = trusted(arguments)?;
    let since = arguments.since.as_deref().map(read).transpose()?;
    let is_ledger = arguments.path.is_dir();
    if is_ledger && arguments.ledger.is_some() {
        return Err("--ledger compares a certificate with a ledger; the first argument is a ledger already".into());
    }
    let folder = if is_ledger { Some(&arguments.path) } else { arguments.ledger.as_ref() };
    let folder = folder.map(|path| Folder::open(path)).transpose()?;
    let ledger = folder.as_ref().map(|folder| folder as &dyn Files);
    let against = Against { keys: &keys, since: since.as_deref(), ledger };
    let report = match ledger.filter(|_| is_ledger) {
        Some(files) => verify::ledger(files, &against),
        None => verify::certificate(&read(&arguments.path)?, &against),
    };
    match folder.and_then(|folder| folder.error.into_inner()) {
        Some(error) => Err(error),
        None => Ok(report),
    }
}

fn print(report: &Report, json: bool) -> io::Result<()> {
    let text = match json {
        true => serde_json::to_string_pretty(report)? + "\n",
        false => verify::render(report),
    };
    io::stdout().write_all(text.as_bytes())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printed = run(&arguments).and_then(|report| {
        print(&report, arguments.json).map_err(|error| format!("cannot write the report: {error}"))?;
        Ok(report.exit_code())
    });
    match printed {
        Ok(code) => code.into(),
        Err(error) => {
            // Nothing is left to do if standard error is closed as well.
            let _ = writeln!(io::stderr(), "error: {error}");
            2.into()
        }
    }
}
