//! Private servers for tests. PostgreSQL: its own folder, a Unix socket, nothing of the machine's.

#[cfg(feature = "testing-s3")]
mod s3;
#[cfg(feature = "testing-s3")]
mod shelf;

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

#[cfg(feature = "testing-s3")]
pub use s3::S3Server;

/// A running server. Dropping it stops it and removes its folder; so does the end of the process, however it ends.
pub struct PgServer {
    programs: PathBuf,
    folder: PathBuf,
    watch: Child,
}

/// Starts the server and waits; when its standard input closes, which happens at the latest when the process that holds
/// the other end dies, stops the server and removes the folder.
const WATCH: &str = r#""$1" -D "$2/data" >"$2/log" 2>&1 </dev/null & server=$!
read -r _; kill -INT $server; wait $server; rm -rf "$2""#;

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
        // The path of a Unix socket may have some hundred characters at most.
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").expect("a folder in /tmp").keep();
        let user = unprivileged();
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).expect("give the folder to the server's user");
        }
        let data = folder.join("data");
        let mut initdb = command(&programs.join("initdb"), user);
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]).arg(&data);
        let made = initdb.current_dir(&folder).output().expect("run initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let own = format!("{SETTINGS}{settings}unix_socket_directories = '{}'\n", folder.display());
        append(&data.join("postgresql.conf"), &own);
        fs::write(data.join("pg_hba.conf"), ACCESS).expect("write pg_hba.conf");
        let mut watch = command(Path::new("/bin/sh"), user);
        watch.args(["-c", WATCH, "sh"]).arg(programs.join("postgres")).arg(&folder);
        let watch = watch.current_dir(&folder).process_group(0).stdin(Stdio::piped()).spawn().expect("run postgres");
        let server = PgServer { programs, folder, watch };
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

impl Drop for PgServer {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
    }
}

fn command(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn append(file: &Path, text: &str) {
    let before = fs::read_to_string(file).expect("read the server's settings");
    fs::write(file, before + text).expect("write the server's settings");
}

/// The folder with the server's programs: of those on the path and Debian's, the first that has both.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    folders.into_iter().find(|f| ["initdb", "postgres", "psql"].iter().all(|p| f.join(p).exists()))
}

/// PostgreSQL refuses to run as root; then `postgres`, else `nobody`, runs it.
fn unprivileged() -> Option<(u32, u32)> {
    let root = fs::metadata("/proc/self").map(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0).unwrap_or(false);
    if !root {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = passwd.lines().find(|l| l.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}
