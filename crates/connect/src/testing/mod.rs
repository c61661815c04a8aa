//! Private servers for tests, and scenes played on them. Databases: each with its own folder and a Unix socket, nothing of
//! the machine's.

mod mariadb;
mod place;
mod postgres;
mod run;
#[cfg(feature = "testing-s3")]
mod s3;
mod scene;
#[cfg(feature = "testing-s3")]
mod shelf;
mod slow;
mod web;

pub use mariadb::MariaServer;
pub use place::{Cells, Place, execute, query};
pub use postgres::{DURABLE, PgServer};
pub use run::{Unseen, Written, carry_out, question};
#[cfg(feature = "testing-s3")]
pub use s3::S3Server;
pub use scene::{KINDS, Part, Returned, Scene};
pub use slow::{Ticks, slow_down};
pub use web::{Asked, Told, WebServer};

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Who runs a server: user and group.
type User = Option<(u32, u32)>;

/// Starts a server and waits; when its standard input closes, which happens at the latest when the process that holds the
/// other end dies, stops the server and removes the folder.
const WATCH: &str = r#"folder=$1 signal=$2; shift 2; "$@" >"$folder/log" 2>&1 </dev/null & server=$!
read -r _; kill -"$signal" $server; wait $server; rm -rf "$folder""#;

/// A running server. Dropping it stops it and removes its folder; so does the end of the process, however it ends.
struct Watch(Child);

impl Watch {
    fn start(server: &Command, folder: &Path, user: User, signal: &str) -> Watch {
        let mut watch = command(Path::new("/bin/sh"), user);
        watch.args(["-c", WATCH, "sh"]).arg(folder).arg(signal).arg(server.get_program()).args(server.get_args());
        Watch(
            watch
                .current_dir(folder)
                .process_group(0)
                .stdin(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("start a server"),
        )
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A folder that the server's user may write to. The path of a Unix socket may have some hundred characters at most.
fn folder(prefix: &str, user: User) -> PathBuf {
    let folder = tempfile::Builder::new().prefix(prefix).tempdir_in("/tmp").expect("a folder in /tmp").keep();
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid)).expect("give the folder to the server's user");
    }
    folder
}

fn command(program: &Path, user: User) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Database servers refuse to run as root; then that user, else `nobody`, runs them.
fn unprivileged(preferred: &str) -> User {
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
    ids(preferred).or_else(|| ids("nobody"))
}
