//! The ledger's public files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proof::checkpoint::Checkpoint;
use proof::key::VerifierKey;
use proof::note::{Note, Signatures};
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
            files::replace(files::folder(&path), &place, text.as_bytes())?;
            files::sync_folder(&path)?;
        }
        Ok(Self { path, key: key.clone() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The checkpoint that lies here, whoever signed it.
    pub(crate) fn checkpoint(&self) -> Option<(Head, String)> {
        let text = std::fs::read_to_string(self.path.join(CHECKPOINT)).ok()?;
        let (checkpoint, _) = Checkpoint::parse(&text).ok()?;
        Some((checkpoint.head, text))
    }

    /// Whether a note bears our signature.
    pub(crate) fn is_ours(&self, note: &str) -> bool {
        let signatures = Note::parse(note).map(|note| note.check(std::slice::from_ref(&self.key)));
        matches!(signatures, Ok(Signatures::Good(_)))
    }

    /// Writes tiles. Their bytes are durable when this returns, their names once a checkpoint is written over them.
    pub(crate) fn write_tiles(&self, tiles: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        for (path, bytes) in tiles {
            let path = self.path.join(path);
            let folder = files::folder(&path);
            std::fs::create_dir_all(folder).map_err(|e| StoreError::io(folder, e))?;
            files::replace(self.aside(), &path, bytes)?;
        }
        Ok(())
    }

    /// Shows a checkpoint. Should the name of a tile be lost with the power all the same, the sequencer notices: it never
    /// takes the right edge of the tree for granted.
    pub(crate) fn write_checkpoint(&self, note: &str) -> Result<(), StoreError> {
        files::replace(self.aside(), &self.path.join(CHECKPOINT), note.as_bytes())?;
        files::sync_folder(&self.path)
    }

    /// Whether the tiles at the right edge are there and lead to the root of `head`.
    pub(crate) fn holds_edge_of(&self, head: &Head) -> bool {
        tile::append(self, head, &[]).is_ok()
    }

    /// Unfinished files are no business of those who read the ledger.
    fn aside(&self) -> &Path {
        files::folder(&self.path)
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
