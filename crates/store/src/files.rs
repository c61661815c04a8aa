//! Files that are whole or absent: written aside, synced, then renamed.

use std::fs::{DirBuilder, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::StoreError;

/// Makes a folder that only its owner may enter; one that exists and holds something keeps its mode.
pub(crate) fn private_folder(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| StoreError::io(path, e))?;
    let mut inside = std::fs::read_dir(path).map_err(|e| StoreError::io(path, e))?;
    if inside.next().is_none() {
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(path, private).map_err(|e| StoreError::io(path, e))?;
    }
    Ok(())
}

/// Makes an empty file that its owner alone may read, unless the file exists.
pub(crate) fn create_empty(path: &Path) -> Result<(), StoreError> {
    let made = File::options().append(true).create(true).mode(0o600).open(path);
    made.map(drop).map_err(|e| StoreError::io(path, e))
}

/// Replaces `path` by `bytes`, readable by the owner alone. The name is durable only after [`sync_folder`]. The bytes are
/// first written in the folder `aside`, where a crash may leave a file behind.
pub(crate) fn replace(aside: &Path, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let file = written_aside(aside, bytes)?;
    file.persist(path).map_err(|e| StoreError::io(path, e.error))?;
    Ok(())
}

/// Writes `path` unless it exists; durable when it returns. Tells whether it was written.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<bool, StoreError> {
    let file = written_aside(folder(path), bytes)?;
    match file.persist_noclobber(path) {
        Ok(_) => sync_folder(folder(path)).map(|()| true),
        Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(StoreError::io(path, e.error)),
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|e| StoreError::io(path, e))
}

pub(crate) fn folder(path: &Path) -> &Path {
    // The parent of a bare file name is the empty path, which cannot be opened.
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn written_aside(aside: &Path, bytes: &[u8]) -> Result<NamedTempFile, StoreError> {
    let written = || {
        let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(aside)?;
        file.write_all(bytes)?;
        file.as_file().sync_data()?;
        Ok(file)
    };
    written().map_err(|e| StoreError::io(aside, e))
}
