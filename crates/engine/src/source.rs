//! The files of a policy folder in memory, and places in them.

use serde::Serialize;

/// Index of a file in its [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub it: T,
    /// Its place.
    pub at: Span,
}

impl<T> At<T> {
    /// A value at a place.
    pub fn new(it: T, at: Span) -> Self {
        At { it, at }
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.it
    }
}

/// One file of the folder.
#[derive(Clone, Debug)]
pub struct File {
    /// Path within the folder, with `/`.
    pub path: String,
    /// Content.
    pub text: String,
}

/// All files of a policy folder.
#[derive(Clone, Debug, Default)]
pub struct Source {
    files: Vec<File>,
}

impl Source {
    /// Adds a file; paths are relative to the folder and use `/`.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(File { path: path.into(), text: text.into() });
        FileId(u32::try_from(self.files.len() - 1).expect("fewer than 4 billion files"))
    }

    /// All files with their ids.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The file of an id that this source gave out.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files().find(|(_, f)| f.path == path).map(|(id, _)| id)
    }

    /// Line and column (both from 1, columns in characters) of the start of a span.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let before = &self.file(span.file).text[..span.start as usize];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
