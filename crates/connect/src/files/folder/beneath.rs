//! What lies beneath a folder: reached part by part from its handle, never through a symbolic link.

use std::fs::File;
use std::path::Path;

use jiff::Timestamp;
use rustix::fd::OwnedFd;
use rustix::fs::{Access, AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::super::path::is_below_root;
use super::super::place::Object;

/// A folder by its handle.
pub(super) struct Beneath {
    root: OwnedFd,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// A named pipe in the place of a file must not keep us waiting.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

impl Beneath {
    /// The root may be a link: it is the operator's word.
    pub fn open(root: &Path) -> Result<Beneath, Errno> {
        Ok(Beneath { root: rustix::fs::open(root, FOLDER, Mode::empty())? })
    }

    /// The folder of that path, the root for an empty one; `None` where there is none.
    pub fn folder(&self, path: &str) -> Result<Option<OwnedFd>, Errno> {
        let mut folder = self.root.try_clone().map_err(|e| Errno::from_io_error(&e).unwrap_or(Errno::MFILE))?;
        if path.is_empty() {
            return Ok(Some(folder));
        }
        if !is_below_root(path) {
            return Ok(None);
        }
        for part in path.split('/') {
            match there(rustix::fs::openat(&folder, part, FOLDER | OFlags::NOFOLLOW, Mode::empty()))? {
                Some(inner) => folder = inner,
                None => return Ok(None),
            }
        }
        Ok(Some(folder))
    }

    /// The regular file of that path.
    pub fn look(&self, path: &str) -> Result<Option<Object>, Errno> {
        let (parent, name) = parted(path);
        let Some(folder) = self.folder(parent)? else { return Ok(None) };
        Ok(status(&folder, name)?.filter(is_file).map(|status| object(path.to_owned(), &status)))
    }

    /// Opens the regular file of that path for reading.
    pub fn file(&self, path: &str) -> Result<Option<File>, Errno> {
        let (parent, name) = parted(path);
        let Some(folder) = self.folder(parent)? else { return Ok(None) };
        let Some(file) = there(rustix::fs::openat(&folder, name, FILE, Mode::empty()))? else { return Ok(None) };
        Ok(is_file(&rustix::fs::fstat(&file)?).then(|| File::from(file)))
    }

    /// Fails where the folder of that path may not be written by us.
    pub fn may_delete(&self, path: &str) -> Result<(), Errno> {
        let Some(folder) = self.folder(parted(path).0)? else { return Ok(()) };
        rustix::fs::accessat(&folder, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)
    }
}

/// What deleting one file came to.
#[derive(Debug, PartialEq)]
pub(super) enum Deleted {
    Gone,
    WasNotThere,
    Replaced,
}

/// Deletes the regular file of that name if it is still what it was.
pub(super) fn delete(folder: &OwnedFd, object: &Object) -> Result<Deleted, Errno> {
    let name = parted(&object.path).1;
    let Some(status) = status(folder, name)?.filter(is_file) else { return Ok(Deleted::WasNotThere) };
    if version(&status) != object.version {
        return Ok(Deleted::Replaced);
    }
    // By name in the open folder: were the file replaced by a link just now, the link would go and not what it leads to.
    let gone = there(rustix::fs::unlinkat(folder, name, AtFlags::empty()))?;
    Ok(if gone.is_some() { Deleted::Gone } else { Deleted::WasNotThere })
}

/// The folder of a path, and its name within.
pub(super) fn parted(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// What is of that name in the folder, links themselves included.
pub(super) fn status(folder: &OwnedFd, name: &str) -> Result<Option<Stat>, Errno> {
    there(rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW))
}

pub(super) fn is_file(status: &Stat) -> bool {
    FileType::from_raw_mode(status.st_mode) == FileType::RegularFile
}

/// A link in the way, or a name that no file can have, is nothing.
fn there<T>(found: Result<T, Errno>) -> Result<Option<T>, Errno> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG | Errno::NXIO) => Ok(None),
        Err(why) => Err(why),
    }
}

/// The object that a file is.
pub(super) fn object(path: String, status: &Stat) -> Object {
    let nanos = i32::try_from(status.st_mtime_nsec).unwrap_or_default();
    let at = Timestamp::new(status.st_mtime, nanos / 1_000 * 1_000).unwrap_or(Timestamp::UNIX_EPOCH);
    Object { path, size: status.st_size, modified: super::super::utc(at), version: version(status) }
}

fn version(status: &Stat) -> String {
    format!("{:x}-{}.{:09}-{}", status.st_ino, status.st_mtime, status.st_mtime_nsec, status.st_size)
}
