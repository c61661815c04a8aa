//! A place for objects that tests fill by themselves.

use std::fs;
use std::path::PathBuf;

use connect::testing::S3Server;
use connect::{Connector, FileTable, Options};
use engine::policy::model::SystemKind;
use engine::value::Value;

use crate::backend::{by, one, read, select};

pub enum Objects {
    Folder(tempfile::TempDir),
    Bucket(S3Server),
}

/// The root of the bucket's objects; what lies beside it is somebody else's.
const ROOT: &str = "it's a %20 root";

/// The tables of all tests here, beside `objects`.
pub const TABLES: [(&str, &str); 3] = [
    ("avatars", "avatars/{username}-{size_px}.png"),
    ("papers", "papers/{person}/{name}"),
    ("exports", "exports/{person}/{year}/{person}.zip"),
];

impl Objects {
    pub fn folder() -> Objects {
        Objects::Folder(tempfile::Builder::new().prefix("it's a %20 ").tempdir().unwrap())
    }

    pub async fn bucket() -> Objects {
        Objects::with_bucket(false).await
    }

    pub async fn with_bucket(versioned: bool) -> Objects {
        let server = S3Server::start().await;
        server.make_bucket("uploads", versioned);
        Objects::Bucket(server)
    }

    /// Where an object of a folder lies, to look at without the connector.
    pub fn path(&self, path: &str) -> PathBuf {
        match self {
            Objects::Folder(folder) => folder.path().join(path),
            Objects::Bucket(_) => PathBuf::from("/uploads").join(ROOT).join(path),
        }
    }

    pub fn server(&self) -> &S3Server {
        let Objects::Bucket(server) = self else { panic!("a folder has no server") };
        server
    }

    pub fn put(&self, path: &str, content: &str) {
        if let Objects::Bucket(server) = self {
            return server.put("uploads", &key(path), content);
        }
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    pub fn has(&self, path: &str) -> bool {
        match self {
            Objects::Folder(_) => self.path(path).exists(),
            Objects::Bucket(server) => server.has("uploads", &key(path)),
        }
    }

    pub fn address(&self) -> String {
        match self {
            Objects::Folder(folder) => folder.path().display().to_string(),
            Objects::Bucket(server) => server.url(&format!("uploads/{}", ROOT.replace('%', "%25"))),
        }
    }

    pub fn options(&self) -> Options {
        let table = |(name, path): (&str, &str)| FileTable { name: name.into(), path: path.into() };
        Options { files: TABLES.into_iter().map(table).collect(), ..Options::default() }
    }

    pub fn open(&self) -> Box<dyn Connector> {
        connect::open(SystemKind::Files, &self.address(), Some(&self.address()), self.options()).unwrap()
    }
}

/// The key of a path in the bucket.
pub fn key(path: &str) -> String {
    format!("{ROOT}/{path}")
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
