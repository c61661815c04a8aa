//! The encrypted archive opens for whom it is meant, and holds the same files.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use age::secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{files, place, sample};
use crate::package::{Sealing, seal};

fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let named =
        |path: &std::path::PathBuf| (format!("package/{}", files::inner(dir, path)), std::fs::read(path).unwrap());
    files::walk(dir).unwrap().iter().map(named).collect()
}

fn opened(sealed: &[u8], identity: &dyn age::Identity) -> BTreeMap<String, Vec<u8>> {
    let mut plain = Vec::new();
    let decryptor = age::Decryptor::new(sealed).unwrap();
    decryptor.decrypt(std::iter::once(identity)).unwrap().read_to_end(&mut plain).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(plain)).unwrap();
    let count = zip.len();
    let mut read = |i| {
        let mut file = zip.by_index(i).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        (file.name().unwrap().into_owned(), content)
    };
    (0..count).map(&mut read).collect()
}

#[test]
fn a_passphrase_opens_it() {
    let (temp, dir) = place();
    sample::written(&dir);
    let (before, out) = (contents(&dir), temp.path().join("package.zip.age"));
    let phrase = "babab-zuzuz-dohog";
    seal(&dir, Sealing::Passphrase(Zeroizing::new(phrase.to_owned())), &out).unwrap();
    assert!(!dir.exists());
    assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 1, "nothing else is left");
    let mut identity = age::scrypt::Identity::new(SecretString::from(phrase.to_owned()));
    identity.set_max_work_factor(25);
    assert_eq!(opened(&std::fs::read(&out).unwrap(), &identity), before);
}

#[test]
fn a_recipient_opens_it_and_others_do_not() {
    let (temp, dir) = place();
    sample::written(&dir);
    let (before, out) = (contents(&dir), temp.path().join("package.zip.age"));
    let key = age::x25519::Identity::generate();
    assert!(key.to_string().expose_secret().starts_with("AGE-SECRET-KEY-"));
    seal(&dir, Sealing::Recipient(key.to_public().to_string()), &out).unwrap();
    let sealed = std::fs::read(&out).unwrap();
    assert_eq!(opened(&sealed, &key), before);
    let stranger = age::x25519::Identity::generate();
    assert!(age::Decryptor::new(&sealed[..]).unwrap().decrypt(std::iter::once(&stranger as _)).is_err());
}

#[test]
fn a_failure_leaves_the_folder_and_no_file() {
    let (temp, dir) = place();
    sample::written(&dir);
    let out = temp.path().join("package.zip.age");
    let error = seal(&dir, Sealing::Recipient("ssh-ed25519 AAAA".into()), &out).unwrap_err();
    assert!(error.to_string().contains("age1"), "{error}");
    assert!(dir.join("index.html").exists() && !out.exists());
    std::fs::write(&out, "an older one").unwrap();
    let error = seal(&dir, Sealing::Passphrase(Zeroizing::new("x".into())), &out).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    assert_eq!(std::fs::read(&out).unwrap(), b"an older one");
}
