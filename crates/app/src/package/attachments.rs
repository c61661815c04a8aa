//! Attachments: the bytes of files, under names that we give, with extensions that nothing executes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use engine::plan::{Action, Holder, Step};
use engine::value::Value;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{exact, files};

/// One file of the answer.
#[derive(Serialize)]
pub struct Attachment {
    /// Path within the package, such as `files/0001.png`.
    pub file: String,
    /// Its own name, without folders. Show it escaped; never use it as a name of a file.
    pub name: String,
    /// System that holds it.
    pub system: String,
    /// Size.
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// The rows it belongs to.
    pub of: Vec<Of>,
}

/// A row that a file belongs to.
#[derive(Serialize)]
pub struct Of {
    pub system: String,
    pub table: String,
    /// The column that names the file.
    pub column: String,
    pub key: Vec<serde_json::Value>,
}

/// Extensions that stay: what viewers show and nothing runs.
const PLAIN: [&str; 33] = [
    "avif", "bmp", "doc", "docx", "eml", "flac", "gif", "gz", "heic", "ics", "jpeg", "jpg", "m4a", "mov", "mp3", "mp4",
    "odp", "ods", "odt", "ogg", "pdf", "png", "ppt", "pptx", "tiff", "txt", "vcf", "wav", "webm", "webp", "xls",
    "xlsx", "zip",
];

/// Texts that a browser or a spreadsheet would carry out; as `.txt` they are only shown.
const ACTIVE_TEXT: [&str; 12] = ["css", "csv", "htm", "html", "js", "json", "log", "md", "svg", "tsv", "xhtml", "xml"];

/// Writes the files of a package, one after the other.
pub struct Attachments {
    dir: PathBuf,
    written: Vec<Attachment>,
    planned: usize,
    /// System and step whose rows are files.
    step: Option<(String, Step)>,
    open: Option<Open>,
}

struct Open {
    attachment: Attachment,
    out: BufWriter<File>,
    sum: Sha256,
}

impl Attachments {
    /// Of the package in `dir`.
    pub fn new(dir: &Path) -> Attachments {
        Attachments { dir: dir.to_owned(), written: Vec::new(), planned: 0, step: None, open: None }
    }

    /// Rows of this step follow.
    pub fn begin(&mut self, system: &str, step: &Step) {
        let Action::Export { content, .. } = &step.action else { return };
        self.planned += content.len();
        self.step = (!content.is_empty()).then(|| (system.to_owned(), step.clone()));
    }

    /// A row of the step; where the plan returns its bytes, they follow.
    pub fn row(&mut self, row: &[Value]) -> anyhow::Result<()> {
        self.close()?;
        let Some((system, step)) = &self.step else { return Ok(()) };
        let Action::Export { content, .. } = &step.action else { return Ok(()) };
        let columns = step.shown();
        let key: Option<Vec<Value>> =
            step.key.iter().map(|k| Some(row.get(columns.iter().position(|c| c == k)?)?.clone())).collect();
        let key = key.context("a file came without its path")?;
        let at = step.keys.binary_search(&key).ok().context("a file came that the plan does not list")?;
        let path = key.first().and_then(Value::join_text).context("a file came without its path")?;
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let file = format!("files/{:04}.{}", self.written.len() + 1, extension(&name));
        let mut of: Vec<Of> = content[at].iter().map(Of::holder).collect();
        if of.is_empty() {
            of.push(Of::itself(system, step, &key));
        }
        let out = BufWriter::new(files::appended(&self.dir.join(&file), true)?);
        let attachment = Attachment { file, name, system: system.clone(), bytes: 0, sha256: String::new(), of };
        self.open = Some(Open { attachment, out, sum: Sha256::new() });
        Ok(())
    }

    /// A piece of the bytes.
    pub fn piece(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        let open = self.open.as_mut().context("bytes came without a file")?;
        open.sum.update(piece);
        open.attachment.bytes += piece.len() as u64;
        open.out.write_all(piece).with_context(|| files::unwritable(&self.dir.join(&open.attachment.file)))
    }

    /// All files; fails where one that the plan lists did not arrive.
    pub fn finish(&mut self) -> anyhow::Result<Vec<Attachment>> {
        self.close()?;
        let (planned, written) = (self.planned, self.written.len());
        ensure!(planned == written, "{written} of {planned} files arrived, so the answer is not complete");
        Ok(std::mem::take(&mut self.written))
    }

    fn close(&mut self) -> anyhow::Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let flushed = open.out.flush().and_then(|()| open.out.get_ref().sync_all());
        flushed.with_context(|| files::unwritable(&self.dir.join(&open.attachment.file)))?;
        open.attachment.sha256 = hex::encode(open.sum.finalize());
        self.written.push(open.attachment);
        Ok(())
    }
}

impl Of {
    fn holder(holder: &Holder) -> Of {
        let Holder { system, table, column, key } = holder;
        Of { system: system.clone(), table: table.clone(), column: column.clone(), key: values(key) }
    }

    fn itself(system: &str, step: &Step, key: &[Value]) -> Of {
        let column = step.key.first().cloned().unwrap_or_default();
        Of { system: system.to_owned(), table: step.table.clone(), column, key: values(key) }
    }
}

fn values(key: &[Value]) -> Vec<serde_json::Value> {
    key.iter().map(exact::value).collect()
}

/// The extension under which a file is handed over.
fn extension(name: &str) -> &'static str {
    let Some((_, end)) = name.rsplit_once('.') else { return "bin" };
    let end = end.to_ascii_lowercase();
    if ACTIVE_TEXT.contains(&end.as_str()) {
        return "txt";
    }
    PLAIN.iter().find(|e| **e == end).copied().unwrap_or("bin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_harmless() {
        let given = ["a.PNG", "b.svg", "c.html", "d.exe", "e", "f.csv", "g.pdf\u{202e}gnp", ".txt", "h.tar.gz", "i."];
        let names: Vec<&str> = given.iter().map(|n| extension(n)).collect();
        assert_eq!(names, ["png", "txt", "txt", "bin", "bin", "txt", "bin", "txt", "gz", "bin"]);
    }
}
