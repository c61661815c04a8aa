//! PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::{Watch, command, folder, unprivileged};

/// A running server. Dropping it stops it and removes its folder; so does the end of the process, however it ends.
pub struct PgServer {
    programs: PathBuf,
    folder: PathBuf,
    _watch: Watch,
}

const SETTINGS: &str = "listen_addresses = ''\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n\
    max_connections = 200\nshared_buffers = 32MB\n";

/// Settings for [`PgServer::start_with`] under which a commit is as durable as in production.
pub const DURABLE: &str = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\nshared_buffers = 512MB\n";

/// Only the role `guarded` needs its password.
const ACCESS: &str = "local all guarded scram-sha-256\nlocal all all trust\n";

impl PgServer {
    /// The server that all tests of this process share; each takes a database of its own.
    pub fn shared() -> &'static PgServer {
        static SHARED: OnceLock<PgServer> = OnceLock::new();
        SHARED.get_or_init(PgServer::start)
    }

    /// Starts a server, as an unprivileged user where we are root. Panics, saying why, where it cannot.
    pub fn start() -> PgServer {
        PgServer::start_with("")
    }

    /// As [`PgServer::start`], with settings that stand above those that only tests may use.
    pub fn start_with(settings: &str) -> PgServer {
        let programs = programs().expect("PostgreSQL is not installed; on Debian: apt-get install postgresql");
        // Another version of the server can be tried; the client may be an older one.
        let server_programs = std::env::var_os("UPHELD_PG_BIN").map_or_else(|| programs.clone(), PathBuf::from);
        let user = unprivileged("postgres");
        let folder = folder("pg", user);
        let data = folder.join("data");
        let mut initdb = command(&server_programs.join("initdb"), user);
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]).arg(&data);
        let made = initdb.current_dir(&folder).output().expect("run initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let own = format!("{SETTINGS}{settings}unix_socket_directories = '{}'\n", folder.display());
        append(&data.join("postgresql.conf"), &own);
        fs::write(data.join("pg_hba.conf"), ACCESS).expect("write pg_hba.conf");
        let mut server = command(&server_programs.join("postgres"), user);
        server.arg("-D").arg(&data);
        let server = PgServer { programs, _watch: Watch::start(&server, &folder, user, "INT"), folder };
        server.wait_until_ready();
        server
    }

    /// The address of one of its databases, for the superuser.
    pub fn url(&self, database: &str) -> String {
        self.url_as("postgres", database)
    }

    /// The address of one of its databases, for a role.
    pub fn url_as(&self, role: &str, database: &str) -> String {
        format!("postgres:///{database}?host={}&user={role}", self.folder.display())
    }

    /// The folder in which its socket lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database and returns its address.
    pub fn create_database(&self, name: &str) -> String {
        self.psql("postgres", &format!("create database \"{name}\""));
        self.url(name)
    }

    /// Runs SQL as the superuser and returns what it prints, unaligned. Panics where it fails.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-c", sql]);
        let done = psql.arg("-h").arg(&self.folder).output().expect("run psql");
        assert!(done.status.success(), "psql: {}\n{sql}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// The last line but one of its lock file says so.
    fn wait_until_ready(&self) {
        for _ in 0..600 {
            let state = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("postgres did not start: {}", fs::read_to_string(self.folder.join("log")).unwrap_or_default());
    }
}

fn append(file: &Path, text: &str) {
    let before = fs::read_to_string(file).expect("read the server's settings");
    fs::write(file, before + text).expect("write the server's settings");
}

/// The folder with the programs: of those on the path and Debian's, the first that has them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    folders.into_iter().find(|f| ["initdb", "postgres", "psql"].iter().all(|p| f.join(p).exists()))
}
