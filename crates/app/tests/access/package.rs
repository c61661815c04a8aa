//! An access package as a stranger opens it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use age::secrecy::SecretString;
use serde_json::Value;

/// The files of a package, and what its tables hold.
pub struct Package {
    pub files: BTreeMap<String, Vec<u8>>,
    pub manifest: Value,
    /// Lines by system and table.
    pub rows: BTreeMap<(String, String), Vec<Value>>,
}

impl Package {
    /// A plain folder.
    pub fn folder(path: &str) -> Package {
        let mut files = BTreeMap::new();
        collect(Path::new(path), Path::new(path), &mut files);
        Package::of(files)
    }

    /// An encrypted archive.
    pub fn archive(path: &str, passphrase: &str) -> Package {
        let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
        identity.set_max_work_factor(25);
        let (sealed, mut zip) = (std::fs::read(path).expect("the archive"), Vec::new());
        let decryptor = age::Decryptor::new(&sealed[..]).expect("an age file");
        let mut plain = decryptor.decrypt(std::iter::once(&identity as _)).expect("the passphrase opens it");
        plain.read_to_end(&mut zip).expect("the whole archive");
        let mut zip = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip archive");
        let mut files = BTreeMap::new();
        for ix in 0..zip.len() {
            let (mut file, mut content) = (zip.by_index(ix).expect("an entry"), Vec::new());
            file.read_to_end(&mut content).expect("the whole file");
            let name = file.name().expect("a name").into_owned();
            let (_, inner) = name.split_once('/').expect("a folder around the files");
            files.insert(inner.to_owned(), content);
        }
        Package::of(files)
    }

    fn of(files: BTreeMap<String, Vec<u8>>) -> Package {
        let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("the manifest");
        let mut rows = BTreeMap::new();
        for table in manifest["tables"].as_array().expect("tables") {
            let text = |name: &str| table[name].as_str().map(str::to_owned);
            let Some(file) = text("file") else { continue };
            let content = std::str::from_utf8(&files[&file]).expect("UTF-8");
            let lines = content.lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect();
            rows.insert((text("system").expect("a system"), text("table").expect("a table")), lines);
        }
        Package { files, manifest, rows }
    }

    /// What `sha256sum` says against the checksums: files that differ, and files that it is not told of.
    pub fn unsummed(&self) -> Vec<String> {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, content) in &self.files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        }
        let mut sums = Command::new("sha256sum");
        let checked =
            sums.args(["--check", "--strict", "SHA256SUMS"]).current_dir(dir.path()).output().expect("sha256sum");
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        let agreed = |name: &String| name == "SHA256SUMS" || said.lines().any(|l| l == format!("{name}: OK"));
        let mut found: Vec<String> = self.files.keys().filter(|n| !agreed(n)).cloned().collect();
        if !checked.status.success() {
            found.push(String::from_utf8_lossy(&checked.stderr).into_owned());
        }
        found
    }
}

fn collect(top: &Path, dir: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(top, &path, files);
        } else {
            let name = path.strip_prefix(top).expect("inside").to_string_lossy().into_owned();
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}
