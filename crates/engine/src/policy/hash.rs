//! The name of one exact version of a folder.

use sha2::{Digest, Sha256};

use crate::source::{File, Source};

/// SHA-256 over path and text of every file, sorted by path, in hexadecimal. Locked schemas are left out: they are found
/// in the live systems, and plans look there themselves.
pub fn hash(source: &Source) -> String {
    let mut files: Vec<&File> = source.files().map(|(_, file)| file).collect();
    files.retain(|file| !file.path.ends_with(".schema.json"));
    files.sort_by(|a, b| (&a.path, &a.text).cmp(&(&b.path, &b.text)));
    let mut digest = Sha256::new();
    for part in files.iter().flat_map(|file| [&file.path, &file.text]) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> String {
        let mut source = Source::default();
        for (path, text) in files {
            source.add(*path, *text);
        }
        hash(&source)
    }

    #[test]
    fn order_and_locked_schemas_do_not_matter_and_borders_do() {
        let plain = of(&[("a", "1"), ("b", "2")]);
        assert_eq!(plain, of(&[("b", "2"), ("systems/x.schema.json", "{}"), ("a", "1")]));
        assert_ne!(plain, of(&[("a", "1b"), ("", "2")]));
        assert_ne!(plain, of(&[("a", "1")]));
    }
}
