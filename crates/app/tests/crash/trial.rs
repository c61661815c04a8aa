//! One copy of the company, on which the program may be killed, and what must be true of it in the end.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::PgServer;
use serde_json::Value;
use tempfile::TempDir;

use crate::kill;
use crate::support::{Company, Dump, Output, database, files};

/// How long anything may take that follows a crash: nobody waits for the claim of a dead process.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

const PERSON: &str = "maria.lindqvist@fjord-cargo.example";

/// What all copies share: policy folder and plan, with the home in which the plan was made. The databases' addresses come from the environment.
pub struct Origin {
    company: Company,
    right: &'static str,
    plan: PathBuf,
}

/// Databases, store and answers of its own.
pub struct Trial<'o> {
    origin: &'o Origin,
    dir: TempDir,
    /// The folder of answers and certificates.
    pub answers: String,
    helpdesk: String,
    billing: String,
    uploads: TempDir,
}

impl Origin {
    /// Plans `right` of one person of this company, once for all copies.
    pub fn new(company: Company, right: &'static str) -> Origin {
        let systems = company.folder.join("systems");
        for (name, variable) in [("billing", "BILLING_DSN"), ("helpdesk", "HELPDESK_DSN"), ("uploads", "UPLOADS")] {
            let path = systems.join(format!("{name}.toml"));
            let text = fs::read_to_string(&path).expect("the system's file");
            let connect = text.lines().find(|l| l.starts_with("connect")).expect("where the system lies").to_owned();
            fs::write(path, text.replace(&connect, &format!("connect = {{ env = \"{variable}\" }}")))
                .expect("rewrite it");
        }
        let plan = company.answers.join("plan.json");
        let origin = Origin { company, right, plan };
        let company = &origin.company;
        let mut command = origin.command(&company.helpdesk, &company.billing, &company.uploads);
        command.arg("--home").arg(&origin.company.home).args(["plan", right]).arg(&origin.company.folder).args([
            "--subject",
            "customer",
            "--email",
        ]);
        let planned = run(command.arg(PERSON).arg("--out").arg(&origin.plan));
        assert_eq!(planned.code, 0, "{planned:?}");
        origin
    }

    fn command(&self, helpdesk: &str, billing: &str, uploads: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_upheld"));
        command.env_clear().env("NO_COLOR", "1").stdin(Stdio::null()).current_dir(self.company.dir());
        command.env("HELPDESK_DSN", helpdesk).env("BILLING_DSN", billing).env("UPLOADS", uploads);
        command
    }

    /// A fresh copy of the company.
    pub fn trial(&self) -> Trial<'_> {
        let dir = scratch();
        copy(&self.company.home, &dir.path().join("home"));
        Trial::over(self, dir, &self.company.helpdesk, &self.company.billing, &self.company.uploads)
    }
}

impl<'o> Trial<'o> {
    /// A copy of this copy as it stands.
    pub fn fork(&self) -> Trial<'o> {
        let dir = scratch();
        for inside in ["home", "answers"] {
            copy(&self.dir.path().join(inside), &dir.path().join(inside));
        }
        Trial::over(self.origin, dir, &self.helpdesk, &self.billing, self.uploads.path())
    }

    fn over(origin: &'o Origin, dir: TempDir, helpdesk: &str, billing: &str, uploads: &Path) -> Trial<'o> {
        let (helpdesk, billing) = match helpdesk.strip_prefix("sqlite://") {
            Some(from) => {
                let to = dir.path().join("databases");
                copy(Path::new(from).parent().expect("a folder"), &to);
                let address = |name: &str| format!("sqlite://{}/{name}.db", to.display());
                (address("helpdesk"), address("billing"))
            }
            None => (copied_database(helpdesk), copied_database(billing)),
        };
        let answers = dir.path().join("answers");
        fs::create_dir_all(&answers).expect("a folder for answers");
        // Another name of the same file: to a plan, a copy would be another file.
        let own = TempDir::with_prefix_in("uploads-", origin.company.dir()).expect("a folder for files");
        copy_by(uploads, own.path(), &|from, to| fs::hard_link(from, to));
        Trial { origin, answers: answers.display().to_string(), dir, helpdesk, billing, uploads: own }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.origin.command(&self.helpdesk, &self.billing, self.uploads.path());
        command.arg("--home").arg(self.dir.path().join("home")).args(args);
        command
    }

    /// Runs the program.
    pub fn upheld(&self, args: &[&str]) -> Output {
        run(&mut self.command(args))
    }

    /// Runs the program, which must succeed and soon, and returns its JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        let begun = std::time::Instant::now();
        let done = self.upheld(&[&["--json"], args].concat());
        assert_eq!(done.code, 0, "{args:?}: {done:?}");
        assert!(begun.elapsed() < PATIENCE, "{args:?} took {:?}", begun.elapsed());
        serde_json::from_str(&done.stdout).expect("JSON")
    }

    /// Runs the program undisturbed and lists its calls.
    pub fn calls(&self, args: &[&str]) -> Vec<kill::Call> {
        let log = self.dir.path().join("calls");
        drop(fs::remove_file(&log));
        let done = run(self.command(args).env("LD_PRELOAD", kill::library()).env("CRASH_LOG", &log));
        assert_eq!(done.code, 0, "{args:?}: {done:?}");
        kill::calls(&log)
    }

    /// Runs the program and kills it at a point; tells whether it came that far.
    pub fn killed_at(&self, point: usize, args: &[&str]) -> bool {
        let mut command = self.command(args);
        command.env("LD_PRELOAD", kill::library()).env("CRASH_AT", point.to_string());
        let done = command.output().expect("run the program");
        let killed = done.status.signal() == Some(9);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(killed || done.status.success(), "point {point}: {args:?} failed by itself: {said}");
        self.rewind_sequence();
        killed
    }

    /// A sequence of PostgreSQL never goes back, so a killed transaction leaves a gap between numbers. A gap is no row: it
    /// is closed here, so that rows can be compared as they are.
    fn rewind_sequence(&self) {
        if !self.helpdesk.starts_with("sqlite:") {
            let sql = "select setval(pg_get_serial_sequence('persons', 'id'), max(id)) from persons";
            database::execute(&self.helpdesk, sql);
        }
    }

    /// Carries out the plan, from the beginning or from wherever it stands. Answers stay folders.
    pub fn apply(&self) -> [&str; 5] {
        ["apply", self.origin.plan.to_str().expect("a path in UTF-8"), "--plain", "--out", &self.answers]
    }

    /// Asks anew for the answer to the same request.
    pub fn ask_again(&self) -> [&str; 10] {
        let (folder, right) = (self.folder(), self.origin.right);
        ["fulfil", right, folder, "--yes", "--plain", "--subject=customer", "--email", PERSON, "--out", &self.answers]
    }

    /// Plans another right of the same person.
    pub fn planning<'a>(&'a self, right: &'a str, plan: &'a str) -> [&'a str; 8] {
        ["plan", right, self.folder(), "--subject=customer", "--email", PERSON, "--out", plan]
    }

    /// Is there anything that can be taken back?
    pub fn sealed(&self) -> bool {
        let sql = "select 1 as one from before_images join seals using (case_id) where sealed_key is not null";
        !self.store(sql).is_empty()
    }

    /// Goes on with what was interrupted.
    pub fn resume(&self) -> [&str; 4] {
        ["resume", self.folder(), "--out", &self.answers]
    }

    /// Confirms the only task of the run.
    pub fn confirm<'a>(&'a self, run: &'a str) -> [&'a str; 10] {
        let (folder, out) = (self.folder(), &self.answers);
        ["task", "confirm", run, "paper-archive.0", "--as", "Records office", "--folder", folder, "--out", out]
    }

    /// The run that waits for its task, if one does.
    pub fn waiting(&self) -> Option<String> {
        Some(self.json(&["task", "list"])[0]["run"].as_str()?.to_owned())
    }

    fn folder(&self) -> &str {
        self.origin.company.folder()
    }

    /// Every row of both databases, and every file.
    pub fn dump(&self) -> Dump {
        let mut dump = Dump::new();
        for (system, address) in [("billing", &self.billing), ("helpdesk", &self.helpdesk)] {
            dump.extend(database::dump(address).into_iter().map(|(table, rows)| ((system.to_owned(), table), rows)));
        }
        dump.insert(("uploads".to_owned(), "objects".to_owned()), files::dump(self.uploads.path()));
        dump
    }

    fn store(&self, sql: &str) -> Vec<BTreeMap<String, Option<String>>> {
        database::query(&format!("sqlite://{}/home/upheld.db", self.dir.path().display()), sql)
    }

    /// One run, complete; one certificate in the store, in the ledger and as a file; it and the ledger are verified.
    pub fn check_proof(&self) {
        let states: Vec<_> =
            self.store("select state from runs").into_iter().filter_map(|mut r| r.remove("state")?).collect();
        assert_eq!(states, ["complete"]);
        assert_eq!(self.store("select 1 as one from certificates").len(), 1);
        let entry = "select 1 as one from entries where cast(body as text) like '%\"kind\":\"certificate\"%'";
        assert_eq!(self.store(entry).len(), 1);
        let pending = self.store("select 1 as one from entries where leaf_index is null");
        assert!(pending.is_empty(), "{} entries wait for a place in the ledger", pending.len());
        let certificates = self.files("certificate-");
        assert_eq!(certificates.len(), 1, "{certificates:?}");
        let certificate = certificates[0].to_str().expect("a path in UTF-8");
        let ledger = self.dir.path().join("home/ledger").display().to_string();
        let key = format!("{ledger}/key.pub");
        self.json(&["verify", certificate, "--key-file", &key, "--ledger", &ledger]);
    }

    /// No reference leads nowhere.
    pub fn check_references(&self) {
        for address in [&self.helpdesk, &self.billing] {
            if address.starts_with("sqlite:") {
                assert_eq!(database::query(address, "pragma foreign_key_check"), []);
            }
        }
    }

    /// Unfinished answers and certificates.
    pub fn leftovers(&self) -> Vec<PathBuf> {
        let mut left = self.files("");
        left.retain(|path| path.to_string_lossy().contains(".unfinished-"));
        left
    }

    /// What lies in the folder for answers under a name that begins so.
    pub fn files(&self, prefix: &str) -> Vec<PathBuf> {
        let inside = fs::read_dir(&self.answers).expect("the folder for answers").flatten();
        let found = inside.filter(|f| f.file_name().to_string_lossy().starts_with(prefix));
        found.map(|f| f.path()).collect()
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        for address in [&self.helpdesk, &self.billing] {
            if let Some(name) = database_of(address) {
                PgServer::shared().psql("postgres", &format!("drop database \"{name}\" with (force)"));
            }
        }
    }
}

fn run(command: &mut Command) -> Output {
    let done = command.output().expect("run the program");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Output { code: done.status.code().unwrap_or(-1), stdout: text(done.stdout), stderr: text(done.stderr) }
}

/// The name of a PostgreSQL database, from its address.
fn database_of(address: &str) -> Option<&str> {
    address.strip_prefix("postgres:///")?.split('?').next()
}

fn copied_database(address: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let from = database_of(address).expect("an address of PostgreSQL");
    let to = format!("copy_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    PgServer::shared().psql("postgres", &format!("create database \"{to}\" template \"{from}\""));
    PgServer::shared().url(&to)
}

/// A folder in memory where there is one: what a killed process wrote is not lost, so nothing here depends on a disk.
fn scratch() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

fn copy(from: &Path, to: &Path) {
    copy_by(from, to, &|from, to| fs::copy(from, to).map(drop));
}

fn copy_by(from: &Path, to: &Path, one: &dyn Fn(&Path, &Path) -> std::io::Result<()>) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_by(&from, &to, one);
        } else {
            one(&from, &to).expect("copy a file");
        }
    }
}
