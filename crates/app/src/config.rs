//! The only place that reads the environment: secrets that a policy folder names, the home folder, who we are.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use engine::policy::model::SecretRef;
use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::terminal::Misuse;

/// The value of a secret. Errors name the secret, never show it.
pub fn secret(reference: &SecretRef) -> Result<Zeroizing<String>> {
    let value = match reference {
        SecretRef::Env(name) => std::env::var(name).with_context(|| {
            format!("the environment variable {name} is not set; it holds the address of the database")
        })?,
        SecretRef::File(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the secret file {path}"))?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        SecretRef::Command(command) => {
            let output = Command::new("sh").arg("-c").arg(command).output().context("cannot run the secret command")?;
            if !output.status.success() {
                bail!("the secret command failed ({})", output.status);
            }
            String::from_utf8(output.stdout).context("the secret command printed something that is no text")?
        }
    };
    Ok(Zeroizing::new(value.trim().to_owned()))
}

/// Where Upheld keeps its own data: `--home`, else `UPHELD_HOME`, else `.upheld` here.
pub fn home(given: Option<PathBuf>) -> PathBuf {
    given.or_else(|| std::env::var_os("UPHELD_HOME").map(PathBuf::from)).unwrap_or_else(|| PathBuf::from(".upheld"))
}

/// The day that counts as today, where somebody says so: `--today`, else `UPHELD_TODAY`.
pub fn today(given: Option<Date>) -> Result<Option<Date>> {
    let Some(text) = std::env::var_os("UPHELD_TODAY").filter(|_| given.is_none()) else { return Ok(given) };
    let day = text.to_str().and_then(|text| text.parse().ok());
    day.map(Some).ok_or_else(|| Misuse("UPHELD_TODAY is no day such as 2027-01-31".to_owned()).into())
}

/// Who works here, where `--as` or `--by` does not say.
pub fn user() -> String {
    ["UPHELD_USER", "USER", "LOGNAME"].iter().find_map(|n| std::env::var(n).ok()).unwrap_or_else(|| "unknown".into())
}

/// Does the command line ask for JSON? For when it cannot be understood as a whole.
pub fn asks_for_json() -> bool {
    std::env::args_os().any(|argument| argument == "--json")
}

/// Should output be coloured? Only on a terminal, and `NO_COLOR` is respected.
pub fn colour(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none()
}

/// Name of this process among all that may hold a claim: host and process id.
pub fn holder() -> String {
    format!("{}/{}", host(), std::process::id())
}

/// Is the process behind a claim of this host gone? Claims of other hosts are left to their lease.
pub fn is_gone(holder: &str) -> bool {
    let Some((host_of, pid)) = holder.rsplit_once('/') else { return false };
    host_of == host() && pid.parse().is_ok_and(has_ended)
}

/// Has a process of this host ended? One that nobody waited for still has its entry, as a zombie.
pub fn has_ended(pid: u32) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The name of the program stands in brackets and may hold anything.
        Ok(line) => line.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['Z', 'X'])),
        // Whatever else went wrong, the process may be there.
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let clean: String = name.trim().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
    if clean.is_empty() { "host".into() } else { clean }
}
