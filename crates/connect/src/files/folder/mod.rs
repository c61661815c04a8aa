//! Objects that are the regular files below a local folder.
//!
//! Everything is reached from a handle of the root, one folder at a time, and no symbolic link is ever followed, so a link
//! that somebody puts in the way between two looks leads nowhere. (`object_store` has a local store as well; it follows
//! links out of its root.) Names that are not UTF-8 cannot be said and so are not seen.

mod beneath;
mod walk;

use std::io;
use std::path::Path;
use std::sync::Arc;

use engine::ask::Failure;
use rustix::io::Errno;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::place::{EachObject, Object, Place};
use crate::connector::{Answer, EachPiece};
use beneath::{Beneath, Deleted, parted};

/// Bytes of a file that are in memory at once.
const PIECE: usize = 64 * 1024;

/// Objects of a listing that wait for whoever asked.
const WAITING: usize = 256;

/// An open folder. The handle stays with the folder that was opened, whatever becomes of its name.
pub(super) struct Folder {
    root: Arc<Beneath>,
}

/// Opens the folder.
pub(super) async fn open(root: &Path) -> Result<Folder, Failure> {
    let opened = {
        let root = root.to_owned();
        blocking(move || Ok(Beneath::open(&root))).await?
    };
    let said = |why: Errno| match why {
        Errno::NOENT | Errno::NOTDIR => {
            Failure::Unreachable { detail: format!("there is no folder {}", root.display()) }
        }
        other => failure(other),
    };
    Ok(Folder { root: Arc::new(opened.map_err(said)?) })
}

impl Place for Folder {
    fn list<'a>(&'a self, prefix: &'a str, each: &'a mut EachObject<'_>) -> Answer<'a, ()> {
        let (root, prefix) = (self.root.clone(), prefix.to_owned());
        Box::pin(async move {
            let (send, mut found) = mpsc::channel(WAITING);
            spawn_blocking(move || {
                // Nobody listens any more when the listing was ended early.
                let walked = walk::walk(&root, &prefix, &mut |object| send.blocking_send(Ok(object)).is_ok());
                if let Err(why) = walked {
                    let _ = send.blocking_send(Err(failure(why)));
                }
            });
            while let Some(object) = found.recv().await {
                if each(object?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    fn look<'a>(&'a self, paths: &'a [String]) -> Answer<'a, Vec<Object>> {
        let (root, paths) = (self.root.clone(), paths.to_vec());
        Box::pin(blocking(move || {
            let found = paths.iter().filter_map(|path| root.look(path).transpose());
            found.collect::<Result<_, _>>().map_err(failure)
        }))
    }

    fn content<'a>(&'a self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()> {
        let (root, path) = (self.root.clone(), path.to_owned());
        Box::pin(async move {
            let file = blocking(move || root.file(&path).map_err(failure)).await?;
            let mut file = tokio::fs::File::from_std(file.ok_or_else(super::no_object)?);
            let mut piece = vec![0; PIECE];
            loop {
                let read = file.read(&mut piece).await.map_err(unreadable)?;
                if read == 0 || each(&piece[..read]).is_break() {
                    return Ok(());
                }
            }
        })
    }

    fn may_delete<'a>(&'a self, objects: &'a [Object]) -> Answer<'a, ()> {
        let (root, objects) = (self.root.clone(), objects.to_vec());
        Box::pin(blocking(move || objects.iter().try_for_each(|object| root.may_delete(&object.path)).map_err(failure)))
    }

    fn delete<'a>(&'a self, objects: &'a [Object]) -> Answer<'a, ()> {
        let (root, objects) = (self.root.clone(), objects.to_vec());
        Box::pin(blocking(move || delete(&root, objects)))
    }
}

/// Looks at all first, then deletes folder by folder, so that each folder is made durable once.
fn delete(root: &Beneath, mut objects: Vec<Object>) -> Result<(), Failure> {
    for object in &objects {
        let now = root.look(&object.path).map_err(failure)?;
        if now.is_some_and(|now| now.version != object.version) {
            return Err(super::replaced());
        }
    }
    objects.sort_by(|a, b| parted(&a.path).cmp(&parted(&b.path)));
    let mut deleted = 0;
    for siblings in objects.chunk_by(|a, b| parted(&a.path).0 == parted(&b.path).0) {
        let done = delete_siblings(root, siblings, &mut deleted);
        done.map_err(|why| super::half_done(deleted, objects.len(), why))?;
    }
    Ok(())
}

/// Deletes files of one folder. What was deleted lasts, also where a later one fails.
fn delete_siblings(root: &Beneath, siblings: &[Object], deleted: &mut usize) -> Result<(), Failure> {
    let Some(folder) = root.folder(parted(&siblings[0].path).0).map_err(failure)? else { return Ok(()) };
    let done = siblings.iter().try_for_each(|object| {
        match beneath::delete(&folder, object).map_err(failure)? {
            Deleted::Gone => *deleted += 1,
            Deleted::WasNotThere => {}
            Deleted::Replaced => return Err(super::replaced()),
        }
        Ok(())
    });
    match rustix::fs::fsync(&folder) {
        // Some file systems have no such thing for folders.
        Ok(()) | Err(Errno::INVAL) => done,
        Err(why) => done.and(Err(failure(why))),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let ended = |_| Failure::Other { detail: "the work on the folder was cut off".to_owned() };
    spawn_blocking(work).await.map_err(ended)?
}

/// What the system said; never a path, which may hold a person's name.
fn failure(why: Errno) -> Failure {
    match why {
        Errno::ACCESS | Errno::PERM | Errno::ROFS => {
            Failure::Forbidden { object: "a folder or file below the root".to_owned(), detail: why.to_string() }
        }
        _ => Failure::Other { detail: format!("the folder: {why}") },
    }
}

fn unreadable(why: io::Error) -> Failure {
    Errno::from_io_error(&why).map_or_else(|| Failure::Other { detail: format!("the file: {}", why.kind()) }, failure)
}
