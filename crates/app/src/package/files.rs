//! Folders and files of the package: the user's alone, named from a small alphabet, summed.

use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// One file of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Path within the package, with `/`.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// Makes the folder, or takes an empty one; only the user can enter it.
pub fn fresh_folder(dir: &Path) -> anyhow::Result<()> {
    let shown = dir.display();
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .with_context(|| format!("cannot make the folder {shown}"))?;
    let mut inside = std::fs::read_dir(dir).with_context(|| format!("cannot look into the folder {shown}"))?;
    ensure!(inside.next().is_none(), "the folder {shown} is not empty: name a new one, nothing was written");
    let only_ours = Permissions::from_mode(0o700);
    std::fs::set_permissions(dir, only_ours).with_context(|| format!("cannot make the folder {shown} private"))
}

/// Opens a file to append to; the first time it must not exist.
pub fn appended(path: &Path, first: bool) -> anyhow::Result<File> {
    if let Some(parent) = path.parent() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(parent);
        made.with_context(|| format!("cannot make the folder {}", parent.display()))?;
    }
    let opened = OpenOptions::new().append(true).create_new(first).mode(0o600).open(path);
    opened.with_context(|| unwritable(path))
}

/// Writes a new file and returns its SHA-256, hexadecimal.
pub fn write(path: &Path, content: &[u8]) -> anyhow::Result<String> {
    let mut file = appended(path, true)?;
    file.write_all(content).and_then(|()| file.sync_all()).with_context(|| unwritable(path))?;
    Ok(hex::encode(Sha256::digest(content)))
}

/// What is said when a file cannot be written.
pub fn unwritable(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// All files of a folder with their checksums, sorted by path.
pub fn sums(dir: &Path) -> anyhow::Result<Vec<Listed>> {
    walk(dir)?.iter().map(|path| listed(dir, path)).collect()
}

/// Paths of all files under a folder, sorted. Anything but files and folders is an error.
pub fn walk(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("cannot look into the folder {}", dir.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let kind = entry.file_type().with_context(unreadable)?;
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => found.extend(walk(&entry.path())?),
            (_, true) => found.push(entry.path()),
            _ => bail!("{} is neither a file nor a folder", entry.path().display()),
        }
    }
    found.sort();
    Ok(found)
}

/// A path within a folder, with `/`.
pub fn inner(dir: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(dir).unwrap_or(path).components();
    parts.map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn listed(dir: &Path, path: &Path) -> anyhow::Result<Listed> {
    let unreadable = || format!("cannot read {}", path.display());
    let mut file = File::open(path).with_context(unreadable)?;
    let (mut sum, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = file.read(&mut chunk).with_context(unreadable)?;
        if n == 0 {
            return Ok(Listed { path: inner(dir, path), bytes, sha256: hex::encode(sum.finalize()) });
        }
        sum.update(&chunk[..n]);
        bytes += n as u64;
    }
}

/// Gives out names for files and folders that no system misreads, each once.
#[derive(Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// A name like `wanted`, from letters, digits, `_`, `-` and `.`, with `end`; numbered where it is taken, also in other
    /// letter case, for some file systems do not tell cases apart.
    pub fn give(&mut self, wanted: &str, end: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' };
        let stem: String = wanted.chars().map(plain).take(80).collect();
        let stem = match stem.strip_prefix('.') {
            Some(rest) => format!("_{rest}"),
            None if stem.is_empty() => "_".to_owned(),
            None => stem,
        };
        let numbered = (2..).map(|n| format!("{stem}-{n}{end}"));
        let mut candidates = std::iter::once(format!("{stem}{end}")).chain(numbered);
        candidates.find(|name| self.0.insert(name.to_lowercase())).unwrap_or(stem)
    }
}
