//! One encrypted file instead of the folder: a zip archive inside an age file, which any age program opens.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use age::secrecy::SecretString;
use anyhow::{Context, anyhow, ensure};
use zeroize::Zeroizing;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::files;

/// Who can open the file.
pub enum Sealing {
    /// Whoever knows the passphrase.
    Passphrase(Zeroizing<String>),
    /// Whoever holds the key of this age recipient (`age1...`).
    Recipient(String),
}

/// Packs the folder into the encrypted file `out`, then removes the folder. Nothing unencrypted is written meanwhile; if it
/// fails, the folder stays and `out` is not there. An existing `out` is not overwritten.
pub fn seal(dir: &Path, to: Sealing, out: &Path) -> anyhow::Result<()> {
    let unwritable = || files::unwritable(out);
    ensure!(!out.exists(), "{} exists already: nothing was written", out.display());
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".sealing-").tempfile_in(parent).with_context(unwritable)?;
    let mut sealed = encryptor(to)?.wrap_output(file.as_file_mut()).with_context(unwritable)?;
    pack(dir, &mut sealed)?;
    sealed.finish().and_then(|f| f.sync_all()).with_context(unwritable)?;
    file.persist_noclobber(out).map_err(|e| e.error).with_context(unwritable)?;
    std::fs::remove_dir_all(dir).with_context(|| {
        format!("{} is ready, but the unencrypted folder {} stays: remove it", out.display(), dir.display())
    })
}

fn encryptor(to: Sealing) -> anyhow::Result<age::Encryptor> {
    match to {
        Sealing::Passphrase(phrase) => {
            Ok(age::Encryptor::with_user_passphrase(SecretString::from(String::clone(&phrase))))
        }
        Sealing::Recipient(key) => {
            let key = key.trim().parse::<age::x25519::Recipient>();
            let key = key.map_err(|_| anyhow!("the recipient is no age public key; such keys begin with age1"))?;
            age::Encryptor::with_recipients(std::iter::once(&key as &dyn age::Recipient))
                .context("the archive cannot be encrypted to this recipient")
        }
    }
}

/// Writes the zip archive, with all files below a folder of the package's name.
fn pack(dir: &Path, out: impl Write) -> anyhow::Result<()> {
    let top = dir.file_name().map_or("package".into(), |n| n.to_string_lossy());
    let mut zip = ZipWriter::new_stream(out);
    for path in files::walk(dir)? {
        let packing = || format!("cannot pack {}", path.display());
        let mut file = File::open(&path).with_context(packing)?;
        let about = file.metadata().with_context(packing)?;
        let mut options =
            SimpleFileOptions::default().unix_permissions(0o600).large_file(about.len() >= u32::MAX.into());
        if let Some(at) = about.modified().ok().and_then(written_at) {
            options = options.last_modified_time(at);
        }
        zip.start_file(format!("{top}/{}", files::inner(dir, &path)), options).with_context(packing)?;
        io::copy(&mut file, &mut zip).with_context(packing)?;
    }
    zip.finish().context("cannot finish the archive")?;
    Ok(())
}

/// When a file was written, as zip archives say it (in UTC).
fn written_at(at: std::time::SystemTime) -> Option<zip::DateTime> {
    let at = jiff::Timestamp::try_from(at).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |n: i8| u8::try_from(n).ok();
    let year = u16::try_from(at.year()).ok()?;
    let (month, day) = (part(at.month())?, part(at.day())?);
    zip::DateTime::from_date_and_time(year, month, day, part(at.hour())?, part(at.minute())?, part(at.second())?).ok()
}
