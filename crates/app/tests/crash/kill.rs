//! Points at which the program is killed: a small library, preloaded into the very binary that is shipped, counts the
//! calls that write, sync or send, and kills the process at one of them. Nothing of this is in the program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One call of the program that could be the last.
#[derive(Debug)]
pub struct Call {
    /// `write`, `sync`, `send`, `commit` (a send with that word), `truncate`, `remove` or `rename`.
    pub name: String,
    /// The file, or the socket.
    pub about: String,
}

/// The library, compiled once for this process.
pub fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/kill.c");
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kill-{}.so", std::process::id()));
        let mut compile = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        compile
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&out)
            .arg(source)
            .arg("-ldl");
        let done = compile.output().expect("the tests of crashes need a C compiler: apt-get install gcc libc6-dev");
        assert!(done.status.success(), "cc: {}", String::from_utf8_lossy(&done.stderr));
        out
    })
}

/// The calls of an undisturbed run, in order.
pub fn calls(log: &Path) -> Vec<Call> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let mut calls: Vec<(usize, Call)> = Vec::new();
    for line in text.lines() {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let number = word().parse().expect("the number of a call");
        calls.push((number, Call { name: word(), about: word() }));
    }
    // Threads may have written their lines in another order.
    calls.sort_by_key(|(number, _)| *number);
    assert!(
        !calls.is_empty(),
        "no call was counted: is the program linked statically, so that nothing can be preloaded?"
    );
    calls.into_iter().map(|(_, call)| call).collect()
}

/// All points of so many calls: even ones lie before a call, odd ones after it.
pub fn all(calls: &[Call]) -> Vec<usize> {
    (0..2 * calls.len()).collect()
}

/// About `wanted` points around commits: before the last write that a sync or commit makes final, before it and after it.
/// Those of the company's own databases are all among them; of the others every n-th.
pub fn around_commits(calls: &[Call], wanted: usize) -> Vec<usize> {
    let (mut systems, mut ours) = (Vec::new(), Vec::new());
    for (n, call) in calls.iter().enumerate() {
        let around = [(2 * n).checked_sub(2), Some(2 * n), Some(2 * n + 1)].into_iter().flatten();
        match call.name.as_str() {
            "commit" => systems.extend(around),
            "sync" if call.about.contains("/databases/") => systems.extend(around),
            // A file is removed by its name within a folder that is open.
            "remove" if !call.about.contains('/') => systems.extend(around),
            "sync" | "remove" | "rename" => ours.extend(around),
            _ => {}
        }
    }
    let step = (ours.len() / wanted.saturating_sub(systems.len()).max(1)).max(1);
    systems.extend(ours.into_iter().skip(step / 2).step_by(step));
    systems.sort_unstable();
    systems.dedup();
    systems
}

/// `wanted` points, evenly spread.
pub fn spread(calls: &[Call], wanted: usize) -> Vec<usize> {
    let last = 2 * calls.len() - 1;
    let mut points: Vec<usize> = (0..wanted).map(|n| n * last / (wanted - 1).max(1)).collect();
    points.dedup();
    points
}
