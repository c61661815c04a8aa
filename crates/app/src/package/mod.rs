//! The access package: a folder with a readable page, exact JSON Lines for each table, a manifest and checksums.
//!
//! [`Package`] is a sink of the run: rows go straight to their files, and only what the page shows stays in memory. The
//! folder is inert: no script, no request to anywhere, values never become links. [`seal`] turns it into one encrypted file.

mod attachments;
mod exact;
mod files;
mod manifest;
mod page;
mod passphrase;
mod preview;
mod seal;
#[cfg(test)]
mod tests;
mod words;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use engine::plan::{Plan, Step};
use engine::policy::model::Policy;
use engine::run::Sink;
use engine::value::Value;

use attachments::Attachments;
use exact::Lines;
use manifest::Manifest;
pub use passphrase::passphrase;
use preview::Preview;
pub use seal::{Sealing, seal};

/// A package that is being written. Rows arrive through [`Sink`].
pub struct Package {
    dir: PathBuf,
    manifest: Manifest,
    previews: Vec<Preview>,
    attachments: Attachments,
    open: Option<Open>,
}

/// The table whose rows arrive.
struct Open {
    table: usize,
    out: BufWriter<std::fs::File>,
    lines: Lines,
}

/// What the package says beside the data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extra<'a> {
    /// The signed certificate; becomes `certificate.json`.
    pub certificate: Option<&'a [u8]>,
    /// Where the person can ask.
    pub contact: Option<&'a str>,
    /// The data protection officer.
    pub officer: Option<&'a str>,
    /// The authority that hears complaints.
    pub authority: Option<&'a str>,
}

/// A finished package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its folder.
    pub dir: PathBuf,
    /// Number of files.
    pub files: usize,
    /// Number of rows returned.
    pub rows: u64,
    /// SHA-256 of `SHA256SUMS`, hexadecimal: it stands for the whole package.
    pub digest: String,
}

impl Package {
    /// Begins a package in `dir`, which must be empty or absent. The folder is the user's alone (mode 0700).
    pub fn create(dir: &Path, plan: &Plan, policy: &Policy) -> anyhow::Result<Package> {
        let manifest = Manifest::of(plan, policy)?;
        files::fresh_folder(dir)?;
        let previews = manifest.tables.iter().map(|_| Preview::default()).collect();
        Ok(Package { dir: dir.to_owned(), manifest, previews, attachments: Attachments::new(dir), open: None })
    }

    /// Writes page, manifest and checksums. Fails where a row that the plan lists did not arrive, and then removes the
    /// folder: half an answer never lies about.
    pub fn finish(mut self, extra: &Extra<'_>) -> anyhow::Result<Finished> {
        let finished = self.complete(extra);
        if finished.is_err() {
            // The first error is the one to tell.
            let _ = self.discard();
        }
        finished
    }

    fn complete(&mut self, extra: &Extra<'_>) -> anyhow::Result<Finished> {
        self.close()?;
        for (table, preview) in self.manifest.tables.iter().zip(&self.previews) {
            let (planned, written) = (table.rows.total(), preview.rows);
            let name = format!("{}.{}", table.system, table.table);
            ensure!(planned == written, "{name}: {written} of {planned} rows arrived, so the answer is not complete");
        }
        self.manifest.attachments = self.attachments.finish()?;
        if let Some(certificate) = extra.certificate {
            files::write(&self.dir.join("certificate.json"), certificate)?;
        }
        self.manifest.files = files::sums(&self.dir)?;
        let manifest =
            serde_json::to_string_pretty(&self.manifest).context("the manifest cannot be written as JSON")?;
        let digest = files::write(&self.dir.join("manifest.json"), manifest.as_bytes())?;
        let page = page::render(&self.manifest, &self.previews, extra, &digest);
        files::write(&self.dir.join("index.html"), page.as_bytes())?;
        let all = files::sums(&self.dir)?;
        let sums: String = all.iter().map(|f| format!("{}  {}\n", f.sha256, f.path)).collect();
        let digest = files::write(&self.dir.join("SHA256SUMS"), sums.as_bytes())?;
        let rows = self.previews.iter().map(|p| p.rows).sum();
        Ok(Finished { dir: self.dir.clone(), files: all.len() + 1, rows, digest })
    }

    /// Removes the folder with all that was written so far, after a failure.
    pub fn discard(mut self) -> anyhow::Result<()> {
        self.open = None;
        std::fs::remove_dir_all(&self.dir).with_context(|| format!("cannot remove {}", self.dir.display()))
    }

    /// Turns to the file of a table; it is opened once for several steps in a row.
    fn turn(&mut self, system: &str, step: &Step) -> anyhow::Result<()> {
        let table = self.manifest.position(system, &step.table);
        let table = table.with_context(|| format!("{system}.{} is not in the plan of this package", step.table))?;
        let lines = Lines::of(step).context("the step exports nothing")?;
        let out = match self.open.take() {
            Some(open) if open.table == table => open.out,
            other => {
                self.open = other;
                self.close()?;
                BufWriter::new(files::appended(&self.path(table), self.previews[table].groups.is_empty())?)
            }
        };
        self.previews[table].begin(step, &self.manifest.tables[table]);
        self.attachments.begin(system, step);
        self.open = Some(Open { table, out, lines });
        Ok(())
    }

    fn put(&mut self, row: &[Value]) -> anyhow::Result<()> {
        let open = self.open.as_mut().context("a row came before its step")?;
        let table = open.table;
        let written = open.out.write_all(open.lines.line(row)?.as_bytes());
        written.with_context(|| files::unwritable(&self.path(table)))?;
        self.previews[table].push(row);
        self.attachments.row(row)
    }

    fn close(&mut self) -> anyhow::Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let flushed = open.out.flush().and_then(|()| open.out.get_ref().sync_all());
        flushed.with_context(|| files::unwritable(&self.path(open.table)))
    }

    fn path(&self, table: usize) -> PathBuf {
        self.dir.join(&self.manifest.tables[table].file)
    }
}

impl Sink for Package {
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String> {
        self.turn(system, step).map_err(|e| format!("{e:#}"))
    }

    fn row(&mut self, row: Vec<Value>) -> Result<(), String> {
        self.put(&row).map_err(|e| format!("{e:#}"))
    }

    fn content(&mut self, piece: &[u8]) -> Result<(), String> {
        self.attachments.piece(piece).map_err(|e| format!("{e:#}"))
    }
}
