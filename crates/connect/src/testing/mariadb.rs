//! MariaDB.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::{Watch, command, folder, unprivileged};

/// A running server. Dropping it stops it and removes its folder; so does the end of the process, however it ends.
pub struct MariaServer {
    client: PathBuf,
    folder: PathBuf,
    _watch: Watch,
}

const SETTINGS: [&str; 11] = [
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
    "--innodb-log-file-size=16M",
    "--innodb-buffer-pool-size=64M",
    "--max-connections=200",
    "--performance-schema=0",
    "--aria-pagecache-buffer-size=8M",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",
];

impl MariaServer {
    /// Settings for [`MariaServer::start_with`] under which a commit is as durable as in production.
    pub const DURABLE: [&str; 4] = [
        "--innodb-flush-log-at-trx-commit=1",
        "--innodb-doublewrite=1",
        "--innodb-flush-method=O_DIRECT",
        "--innodb-buffer-pool-size=512M",
    ];

    /// The server that all tests of this process share; each takes a database of its own.
    pub fn shared() -> &'static MariaServer {
        static SHARED: OnceLock<MariaServer> = OnceLock::new();
        SHARED.get_or_init(MariaServer::start)
    }

    /// Starts a server, as an unprivileged user where we are root. Panics, saying why, where it cannot.
    pub fn start() -> MariaServer {
        MariaServer::start_with(&[])
    }

    /// As [`MariaServer::start`], with settings that stand above those that only tests may use.
    pub fn start_with(settings: &[&str]) -> MariaServer {
        let found =
            |name: &str| program(name).expect("MariaDB is not installed; on Debian: apt-get install mariadb-server");
        let (install, server, client) = (found("mariadb-install-db"), found("mariadbd"), found("mariadb"));
        let user = unprivileged("mysql");
        let folder = folder("my", user);
        let data = format!("--datadir={}", folder.join("data").display());
        let mut make = command(&install, user);
        make.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        // A server that starts clears away whatever looks like a temporary table of an earlier one, so each has its own place.
        let temporary = format!("--tmpdir={}", folder.display());
        let made = make.args([&data, &temporary, "--innodb-log-file-size=16M"]).current_dir(&folder).output();
        let made = made.expect("run mariadb-install-db");
        assert!(made.status.success(), "mariadb-install-db: {}", String::from_utf8_lossy(&made.stderr));
        let mut run = command(&server, user);
        run.args(["--no-defaults", &data]).args(SETTINGS).args(settings);
        let place = |option: &str, name: &str| format!("--{option}={}", folder.join(name).display());
        run.args([place("socket", "socket"), place("pid-file", "pid"), temporary]);
        let server = MariaServer { client, _watch: Watch::start(&run, &folder, user, "KILL"), folder };
        server.wait_until_ready();
        server
    }

    /// The address of one of its databases, for the superuser.
    pub fn url(&self, database: &str) -> String {
        self.url_as("root", "", database)
    }

    /// The address of one of its databases, for a user.
    pub fn url_as(&self, user: &str, password: &str, database: &str) -> String {
        format!("mysql://{user}:{password}@localhost/{database}?socket={}", self.folder.join("socket").display())
    }

    /// The folder in which its socket and its process id lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database and returns its address.
    pub fn create_database(&self, name: &str) -> String {
        self.sql("mysql", &format!("create database `{name}`"));
        self.url(name)
    }

    /// Runs SQL as the superuser, double quotes standing for names, and returns what it prints, unaligned. Panics where
    /// it fails.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut client = Command::new(&self.client);
        client.args(["--no-defaults", "-u", "root", "-B", "-N", "-r", "--default-character-set=utf8mb4"]);
        client.arg("-S").arg(self.folder.join("socket")).args(["-D", database, "-e"]);
        let words = "set sql_mode = concat(@@sql_mode, ',ANSI_QUOTES,NO_BACKSLASH_ESCAPES'), time_zone = '+00:00'";
        let done = client.arg(format!("{words}; {sql}")).output().expect("run mariadb");
        assert!(done.status.success(), "mariadb: {}\n{sql}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    fn wait_until_ready(&self) {
        for _ in 0..600 {
            if std::os::unix::net::UnixStream::connect(self.folder.join("socket")).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("mariadbd did not start: {}", fs::read_to_string(self.folder.join("log")).unwrap_or_default());
    }
}

/// On the path, or where Debian puts servers.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|program| program.exists())
}
