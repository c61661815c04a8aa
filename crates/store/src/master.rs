//! The master key: 32 random bytes in a file of their own, which opens every other key.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::files;
use crate::secret::Secret;

const NOTE: &str = "\
# Master key of an Upheld store. Whoever has it and the database can read everything sealed there.
# Keep it apart from the database and its backups, and keep a copy: without it nothing sealed can be read again.
";

/// The key and where it came from.
pub(crate) struct Master {
    pub(crate) path: PathBuf,
    /// Wraps the other keys.
    pub(crate) wrap: Secret,
    /// Tells keys apart without telling anything of them.
    pub(crate) id: String,
    /// Whether this call made it.
    pub(crate) fresh: bool,
}

impl Master {
    /// Reads the key; makes it on first use, and never where a database exists already.
    pub(crate) fn load(path: PathBuf, database_exists: bool) -> Result<Self, StoreError> {
        let fresh = match path.try_exists() {
            Ok(true) => false,
            Ok(false) if database_exists => return Err(StoreError::MissingMasterKey(path)),
            Ok(false) => make(&path)?,
            Err(source) => return Err(StoreError::io(&path, source)),
        };
        let text = std::fs::read_to_string(&path).map(Zeroizing::new).map_err(|e| StoreError::io(&path, e))?;
        let key = parse(&text).ok_or_else(|| StoreError::MasterKeyFile(path.clone()))?;
        let id = hex::encode(&key.digest(&[b"upheld master key id"])[..8]);
        Ok(Self { path, wrap: key.derive("wrap"), id, fresh })
    }
}

/// Two processes may come here at once; the first file stands and both read that.
fn make(path: &Path) -> Result<bool, StoreError> {
    let key = Secret::random()?;
    let text = Zeroizing::new(format!("{NOTE}{}\n", *Zeroizing::new(hex::encode(key.bytes()))));
    files::create(path, text.as_bytes())
}

fn parse(text: &str) -> Option<Secret> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let bytes = Zeroizing::new(hex::decode(lines.next()?).ok()?);
    lines.next().is_none().then(|| Secret::from_slice(&bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_is_made_once_private_and_never_beside_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(Master::load(path.clone(), true), Err(StoreError::MissingMasterKey(_))));
        let made = Master::load(path.clone(), false).unwrap();
        let read = Master::load(path.clone(), true).unwrap();
        assert_eq!((made.fresh, read.fresh, made.id), (true, false, read.id));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_no_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k");
        for text in ["", "# only a note\n", "00", &"zz".repeat(32), &format!("{0}\n{0}\n", "00".repeat(32))] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Master::load(path.clone(), true), Err(StoreError::MasterKeyFile(_))), "{text}");
        }
    }
}
