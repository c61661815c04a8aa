//! A whole company for one test: the sample's two databases, its policy folder, a store, and the program itself.
//!
//! Everything here runs the real binary or reads the databases with SQL of its own, so that no test asks the code
//! under test whether it is right. Tests are plain functions; this module waits for the databases itself.

// Every test program uses another part of it.
#![allow(dead_code, unused_imports)]

pub mod database;
pub mod files;
pub mod later;
pub mod residue;
pub mod witness;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::{MariaServer, PgServer};
use serde_json::Value;
use tempfile::TempDir;

pub use database::{Dump, Row};
pub use witness::Witness;

/// A sample company in a folder and two databases of its own; gone when dropped.
pub struct Company {
    /// The policy folder.
    pub folder: PathBuf,
    /// Address of the database of system `helpdesk`.
    pub helpdesk: String,
    /// Address of the database of system `billing`.
    pub billing: String,
    /// The folder of system `uploads`.
    pub uploads: PathBuf,
    /// The store's folder.
    pub home: PathBuf,
    /// An empty folder for answers, plans and certificates.
    pub answers: PathBuf,
    /// `sqlite`, `postgres` or `mysql`.
    pub engine: &'static str,
    dir: TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Output {
    /// Exit code; -1 where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Company {
    /// The company on SQLite.
    pub fn sqlite(persons: u64) -> Company {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let company = dir.path().join("company");
        let database = |name: &str| format!("sqlite://{}/databases/{name}.db", company.display());
        let (helpdesk, billing) = (database("helpdesk"), database("billing"));
        Company::make(dir, helpdesk, billing, "sqlite", persons)
    }

    /// The company on PostgreSQL: two fresh databases of the server that all tests of this process share.
    pub fn postgres(persons: u64) -> Company {
        let number = number();
        let database = |name: &str| PgServer::shared().create_database(&format!("{name}_{number}"));
        let (helpdesk, billing) = (database("helpdesk"), database("billing"));
        let dir = tempfile::tempdir().expect("a temporary folder");
        Company::make(dir, helpdesk, billing, "postgres", persons)
    }

    /// The company on MariaDB: two fresh databases of the server that all tests of this process share.
    pub fn mariadb(persons: u64) -> Company {
        let number = number();
        let database = |name: &str| MariaServer::shared().create_database(&format!("{name}_{number}"));
        let (helpdesk, billing) = (database("helpdesk"), database("billing"));
        let dir = tempfile::tempdir().expect("a temporary folder");
        Company::make(dir, helpdesk, billing, "mysql", persons)
    }

    /// The same company on SQLite and on PostgreSQL.
    pub fn both(persons: u64) -> [Company; 2] {
        [Company::sqlite(persons), Company::postgres(persons)]
    }

    /// The same company on each kind of database.
    pub fn each(persons: u64) -> [Company; 3] {
        [Company::sqlite(persons), Company::postgres(persons), Company::mariadb(persons)]
    }

    /// No sample, but an empty folder and an empty database of SQLite, whose address is `helpdesk`.
    pub fn bare_sqlite() -> Company {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let databases = dir.path().join("company/databases");
        std::fs::create_dir_all(&databases).expect("a folder");
        std::fs::write(databases.join("desk.db"), "").expect("an empty database");
        let address = format!("sqlite://{}", databases.join("desk.db").display());
        Company::bare(dir, address, "sqlite")
    }

    /// The same on PostgreSQL.
    pub fn bare_postgres() -> Company {
        let address = PgServer::shared().create_database(&format!("desk_{}", number()));
        Company::bare(tempfile::tempdir().expect("a temporary folder"), address, "postgres")
    }

    fn bare(dir: TempDir, helpdesk: String, engine: &'static str) -> Company {
        let root = dir.path().join("company");
        let (folder, uploads) = (root.join("policy"), root.join("uploads"));
        let (home, answers) = (root.join("home"), root.join("answers"));
        [folder.join("systems"), answers.clone(), uploads.clone()]
            .iter()
            .for_each(|f| std::fs::create_dir_all(f).expect("a folder"));
        let billing = helpdesk.clone();
        Company { folder, helpdesk, billing, uploads, home, answers, engine, dir }
    }

    /// Of a bare company: its database is a system of this name with this map, which stands here without `[system]`.
    pub fn system(&self, name: &str, map: &str) {
        let secret = self.dir().join("address");
        std::fs::write(&secret, &self.helpdesk).expect("the address");
        let head = format!("[system]\nkind = \"{}\"\nconnect = {{ file = {secret:?} }}\n", self.engine);
        std::fs::write(self.folder.join(format!("systems/{name}.toml")), head + map).expect("the map");
    }

    fn make(dir: TempDir, helpdesk: String, billing: String, engine: &'static str, persons: u64) -> Company {
        let root = dir.path().join("company");
        let company = Company {
            folder: root.join("helpdesk"),
            uploads: root.join("uploads"),
            home: root.join("home"),
            answers: root.join("answers"),
            helpdesk,
            billing,
            engine,
            dir,
        };
        let (persons, root) = (persons.to_string(), root.display().to_string());
        let mut args = vec!["demo", "--only-make", "--dir", &root, "--persons", &persons];
        if engine != "sqlite" {
            args.extend(["--helpdesk", &company.helpdesk, "--billing", &company.billing]);
        }
        let made = company.upheld(&args);
        assert_eq!(made.code, 0, "make the company: {made:?}");
        std::fs::create_dir_all(&company.answers).expect("a folder for answers");
        company
    }

    /// The temporary folder that holds everything but the databases of servers.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The policy folder as an argument.
    pub fn folder(&self) -> &str {
        self.folder.to_str().expect("a path in UTF-8")
    }

    /// A path in the folder for answers, as an argument.
    pub fn path(&self, name: &str) -> String {
        self.answers.join(name).display().to_string()
    }

    /// The program with the company's store, ready for arguments.
    pub fn command(&self) -> Command {
        let mut command = program(&self.home);
        command.current_dir(self.dir.path());
        command
    }

    /// Runs the program to its end.
    pub fn upheld(&self, args: &[&str]) -> Output {
        output(self.command().args(args))
    }

    /// Runs the program so many days ahead of today.
    pub fn later(&self, days: i64, args: &[&str]) -> Output {
        output(self.command_later(days).args(args))
    }

    /// The program so many days ahead, ready for arguments.
    pub fn command_later(&self, days: i64) -> Command {
        let mut command = self.command();
        command.env("LD_PRELOAD", later::library()).env("DAYS_AHEAD", days.to_string());
        command
    }

    /// Runs the program with `--json`, which must succeed.
    pub fn json(&self, args: &[&str]) -> Value {
        let done = self.upheld(&[&["--json"], args].concat());
        assert_eq!(done.code, 0, "{args:?}: {done:?}");
        serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{args:?}: no JSON ({e}): {done:?}"))
    }

    /// Confirms every open task of a run as its team would; returns how the last one ended, `null` where none was open.
    pub fn confirm_tasks(&self, run: &str) -> Value {
        let open = self.json(&["task", "list"]);
        let mut ending = Value::Null;
        for task in open.as_array().expect("a list of tasks").iter().filter(|t| t["run"] == run) {
            let step = task["step"].as_str().expect("a step");
            let (folder, out) = (self.folder(), self.answers.display().to_string());
            ending =
                self.json(&["task", "confirm", run, step, "--as", "Records office", "--folder", folder, "--out", &out]);
        }
        ending
    }

    /// Changes a database directly; `system` is `helpdesk` or `billing`.
    pub fn execute(&self, system: &str, sql: &str) {
        database::execute(self.address(system), sql);
    }

    /// The rows of a query that the test writes itself.
    pub fn query(&self, system: &str, sql: &str) -> Vec<Row> {
        database::query(self.address(system), sql)
    }

    /// Every row of every table of both databases, and every file with its content as table `objects` of `uploads`.
    pub fn dump(&self) -> Dump {
        let mut dump = Dump::new();
        for system in ["billing", "helpdesk"] {
            for (table, rows) in database::dump(self.address(system)) {
                dump.insert((system.to_owned(), table), rows);
            }
        }
        dump.insert(("uploads".to_owned(), "objects".to_owned()), files::dump(&self.uploads));
        dump
    }

    fn address(&self, system: &str) -> &str {
        match system {
            "helpdesk" => &self.helpdesk,
            "billing" => &self.billing,
            other => panic!("the company has no database {other}"),
        }
    }
}

/// The program with its home in a folder, ready for arguments; nothing of our own environment reaches it.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upheld"));
    for (name, _) in std::env::vars_os().filter(|(n, _)| n.to_string_lossy().starts_with("UPHELD_")) {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").arg("--home").arg(home).stdin(Stdio::null());
    command
}

/// Runs a program to its end.
pub fn output(command: &mut Command) -> Output {
    let done = command.output().expect("run the program");
    Output {
        code: done.status.code().unwrap_or(-1),
        stdout: String::from_utf8(done.stdout).expect("output in UTF-8"),
        stderr: String::from_utf8(done.stderr).expect("messages in UTF-8"),
    }
}

/// A number that no other company of this process has.
fn number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}
