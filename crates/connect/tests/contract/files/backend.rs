//! A place for objects that tests fill by themselves.

use std::fs;
use std::path::PathBuf;

use connect::{Connector, FileTable, Options};
use engine::policy::model::SystemKind;
use engine::value::Value;

use crate::backend::{by, one, read, select};

pub struct Objects {
    folder: tempfile::TempDir,
}

/// The tables of all tests here, beside `objects`.
pub const TABLES: [(&str, &str); 3] = [
    ("avatars", "avatars/{username}-{size_px}.png"),
    ("papers", "papers/{person}/{name}"),
    ("exports", "exports/{person}/{year}/{person}.zip"),
];

impl Objects {
    pub fn folder() -> Objects {
        Objects { folder: tempfile::Builder::new().prefix("it's a %20 ").tempdir().unwrap() }
    }

    /// Where the objects lie, to look at without the connector.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn put(&self, path: &str, content: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    pub fn address(&self) -> String {
        self.folder.path().display().to_string()
    }

    pub fn options(&self) -> Options {
        let table = |(name, path): (&str, &str)| FileTable { name: name.into(), path: path.into() };
        Options { files: TABLES.into_iter().map(table).collect(), ..Options::default() }
    }

    pub fn open(&self) -> Box<dyn Connector> {
        connect::open(SystemKind::Files, &self.address(), Some(&self.address()), self.options()).unwrap()
    }
}

pub fn texts(values: &[&str]) -> Vec<Vec<Value>> {
    one(values.iter().map(|v| Value::text(*v)))
}

/// The paths that a question by the values of one column finds.
pub async fn paths(connector: &dyn Connector, table: &str, column: &str, values: &[&str]) -> Vec<String> {
    shown(read(connector, select(table, &["path"], by(&[column], texts(values)))).await)
}

/// The first column.
pub fn shown(rows: Vec<Vec<Value>>) -> Vec<String> {
    let text = |row: Vec<Value>| row[0].join_text().map(|t| t.into_owned()).unwrap_or_default();
    rows.into_iter().map(text).collect()
}
