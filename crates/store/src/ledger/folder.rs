//! The ledger's public files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proof::checkpoint::Checkpoint;
use proof::key::VerifierKey;
use proof::note::Signatures;
use proof::tile::{self, Tiles};
use proof::tree::Head;

use crate::error::StoreError;
use crate::files;

const CHECKPOINT: &str = "checkpoint";

/// The folder, and reading and writing in it.
#[derive(Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    key: VerifierKey,
}

impl Folder {
    /// Opens the folder, makes it on first use, and sees to it that the public key lies there.
    pub(crate) fn open(path: PathBuf, key: &VerifierKey) -> Result<Self, StoreError> {
        files::private_folder(&path)?;
        let (place, text) = (path.join("key.pub"), format!("{key}\n"));
        if std::fs::read_to_string(&place).ok().as_ref() != Some(&text) {
            files::replace(&place, text.as_bytes())?;
            files::sync_folder(&path)?;
        }
        Ok(Self { path, key: key.clone() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The checkpoint that lies here and was signed by us; anything else in its place counts as nothing.
    pub(crate) fn checkpoint(&self) -> Option<(Head, String)> {
        let text = std::fs::read_to_string(self.path.join(CHECKPOINT)).ok()?;
        let (checkpoint, note) = Checkpoint::parse(&text).ok()?;
        match note.check(std::slice::from_ref(&self.key)) {
            Signatures::Good(_) => Some((checkpoint.head, text)),
            _ => None,
        }
    }

    /// Writes tiles durably: when this returns, a checkpoint over them may be shown.
    pub(crate) fn write_tiles(&self, tiles: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut folders = BTreeSet::new();
        for (path, bytes) in tiles {
            let path = self.path.join(path);
            self.make_folders(files::folder(&path), &mut folders)?;
            files::replace(&path, bytes)?;
        }
        folders.iter().try_for_each(|folder| files::sync_folder(folder))
    }

    /// Notes each folder whose names changed: the given one, and those above where one had to be made.
    fn make_folders(&self, folder: &Path, changed: &mut BTreeSet<PathBuf>) -> Result<(), StoreError> {
        let mut missing = folder;
        while missing != self.path && !missing.is_dir() {
            missing = files::folder(missing);
            changed.insert(missing.to_owned());
        }
        std::fs::create_dir_all(folder).map_err(|e| StoreError::io(folder, e))?;
        changed.insert(folder.to_owned());
        Ok(())
    }

    pub(crate) fn write_checkpoint(&self, note: &str) -> Result<(), StoreError> {
        files::replace(&self.path.join(CHECKPOINT), note.as_bytes())?;
        files::sync_folder(&self.path)
    }

    /// Removes the unfinished tiles that were `written` over, except those of the checkpoint before, which somebody may
    /// be reading. What cannot be removed now does no harm.
    pub(crate) fn prune(&self, before: &Head, written: &[String]) {
        let mut keep: BTreeSet<PathBuf> =
            tile::append_reads(before.size).iter().map(|path| self.path.join(path)).collect();
        keep.extend(written.iter().map(|path| self.path.join(path)));
        for path in written {
            match path.rsplit_once('/').filter(|(folder, _)| folder.ends_with(".p")) {
                Some((folder, _)) => remove_except(&self.path.join(folder), &keep),
                None => drop(std::fs::remove_dir_all(self.path.join(format!("{path}.p")))),
            }
        }
    }
}

fn remove_except(folder: &Path, keep: &BTreeSet<PathBuf>) {
    let inside = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
    for path in inside.filter(|path| !keep.contains(path)) {
        drop(std::fs::remove_file(path));
    }
}

impl Tiles for Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path.join(path)).ok()
    }
}
