//! Listing what lies beneath a folder.

use rustix::fd::OwnedFd;
use rustix::fs::{Dir, FileType};
use rustix::io::Errno;

use super::super::place::Object;
use super::beneath::{Beneath, is_file, object, parted, status};

/// Hands over all regular files whose path begins with the prefix, until `each` says no. What goes away meanwhile is left
/// out; a folder that may not be read is a failure, for what lies in it would be missed.
pub(super) fn walk(root: &Beneath, prefix: &str, each: &mut dyn FnMut(Object) -> bool) -> Result<(), Errno> {
    // Folders by path and not by handle: however deep somebody nests them, few are open at once.
    let mut folders = vec![parted(prefix).0.to_owned()];
    while let Some(path) = folders.pop() {
        let Some(folder) = root.folder(&path)? else { continue };
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            if matches!(name, "." | "..") || !path.starts_with(prefix) {
                continue;
            }
            match kind(&folder, name, entry.file_type())? {
                FileType::Directory => folders.push(path),
                FileType::RegularFile => {
                    let Some(status) = status(&folder, name)?.filter(is_file) else { continue };
                    if !each(object(path, &status)) {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Some file systems do not tell the kind in a listing.
fn kind(folder: &OwnedFd, name: &str, listed: FileType) -> Result<FileType, Errno> {
    if listed != FileType::Unknown {
        return Ok(listed);
    }
    Ok(status(folder, name)?.map_or(FileType::Unknown, |status| FileType::from_raw_mode(status.st_mode)))
}
