//! Loads a case into a database of its own.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::PgServer;
use connect::{Connector, Options};
use engine::policy::model::SystemKind;

use crate::raw::Raw;

/// Each opening has a database of its own.
static OPENED: AtomicU32 = AtomicU32::new(0);

/// A case and its database.
pub struct Opened {
    /// What is known of it.
    pub truth: toml::Table,
    /// Its database.
    pub connector: Box<dyn Connector>,
    /// Kind of its database.
    pub kind: SystemKind,
    /// Name of the case.
    pub name: String,
    /// The database itself.
    pub raw: Raw,
    /// Where it is.
    pub address: String,
    /// The same, as the tools of the cases want it.
    pub dsn: String,
    _folder: tempfile::TempDir,
}

impl Opened {
    /// The case of that name in a folder of cases; `None`, with a printed line, where it cannot be had.
    pub fn case(cases: &Path, name: &str) -> Option<Opened> {
        let apps = cases.join("apps");
        let Ok(text) = std::fs::read_to_string(apps.join(name).join("truth.toml")) else {
            return skipped(name, &format!("there is no {}", apps.join(name).display()));
        };
        let truth: toml::Table = text.parse().expect("the truth is TOML");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let engine = truth["app"]["engine"].as_str().unwrap_or_default();
        let (kind, address, dsn, raw) = match engine {
            "sqlite" => {
                let raw = Raw::Sqlite(folder.path().join("case.db"));
                let file = folder.path().join("case.db").display().to_string();
                (SystemKind::Sqlite, file.clone(), file, raw)
            }
            "pg" => {
                let driver = ["import psycopg", "import psycopg2"];
                if !driver.iter().any(|line| python(&apps, &["-c", line]).is_ok()) {
                    return skipped(name, "Python has no psycopg (pip install psycopg2-binary)");
                }
                let server = PgServer::shared();
                let database = format!("case_{name}_{}", OPENED.fetch_add(1, Ordering::Relaxed));
                let dsn = format!("host={} user=postgres dbname={database}", server.folder().display());
                let raw = Raw::Postgres { database: database.clone(), schema: "public".to_owned() };
                (SystemKind::Postgres, server.url(&database), dsn, raw)
            }
            other => return skipped(name, &format!("no way to load a case for {other}")),
        };
        let loaded = python(&apps, &["tools/load_case.py", name, "--dsn", &dsn, "--recreate"]);
        if let Err(why) = loaded {
            return skipped(name, &format!("it could not be loaded: {why}"));
        }
        let options = Options { schema: "public".into(), ..Options::default() };
        let connector = connect::open(kind, &address, Some(&address), options).expect("the case can be opened");
        Some(Opened { truth, connector, kind, name: name.to_owned(), raw, address, dsn, _folder: folder })
    }
}

fn skipped(name: &str, why: &str) -> Option<Opened> {
    eprintln!("skipped {name}: {why}");
    None
}

/// Runs a tool of the cases; what it says, or complains of.
pub fn python(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("python3");
    let done = command.args(arguments).current_dir(folder).output().map_err(|e| e.to_string())?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match (done.status.success(), said(&done.stderr)) {
        (true, _) => Ok(said(&done.stdout)),
        (false, complaint) if complaint.is_empty() => Err(said(&done.stdout)),
        (false, complaint) => Err(complaint),
    }
}
