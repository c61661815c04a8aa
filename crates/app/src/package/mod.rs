//! The access package: a folder with a readable page, exact JSON Lines for each table, a manifest and checksums.
//!
//! [`Package`] is a sink of the run: rows go straight to their files, and only what the page shows stays in memory. The
//! folder is inert: no script, no request to anywhere, values never become links. [`seal`] turns it into one encrypted file.

mod attachments;
mod authority;
mod exact;
mod files;
mod manifest;
mod notes;
mod page;
mod passphrase;
mod portable;
mod preview;
mod seal;
mod sheet;
#[cfg(test)]
mod tests;
mod words;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use engine::plan::{Action, Plan, Step};
use engine::policy::model::{Access, Policy, Right};
use engine::run::Sink;
use engine::value::Value;

use attachments::Attachments;
use exact::Lines;
use manifest::Manifest;
use notes::Notes;
use page::Book;
pub use passphrase::passphrase;
use portable::Portable;
use preview::Preview;
pub use seal::{Sealing, seal};
use sheet::Sheet;
pub use sheet::harmless;
pub use words::codes as languages;

/// A package that is being written. Rows arrive through [`Sink`].
pub struct Package {
    dir: PathBuf,
    manifest: Manifest,
    notes: Notes,
    previews: Vec<Preview>,
    attachments: Attachments,
    /// Bytes that the pages may still show.
    left: usize,
    /// The one document of a portability.
    portable: Option<Portable>,
    open: Option<Open>,
}

type Out = BufWriter<std::fs::File>;

/// The table whose rows arrive.
struct Open {
    table: usize,
    out: Out,
    sheet: Sheet<Out>,
    step: Current,
}

/// The step whose rows arrive.
struct Current {
    lines: Lines,
    level: Access,
    links: String,
    /// Where each column of the sheet stands in a row.
    places: Vec<Option<usize>>,
}

/// What the package says beside the data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extra<'a> {
    /// The signed certificate; becomes `certificate.json`.
    pub certificate: Option<&'a [u8]>,
    /// Language of the pages, one of [`languages`]; none: that of the policy, else the first.
    pub language: Option<&'a str>,
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
        let notes = Notes::of(plan, policy, &manifest);
        let (dir, left, attachments) = (dir.to_owned(), preview::BYTES, Attachments::new(dir));
        let portable = match plan.right {
            Right::Portability => Some(Portable::create(&dir, &manifest)?),
            _ => None,
        };
        Ok(Package { dir, manifest, notes, previews, left, attachments, portable, open: None })
    }

    /// Writes pages, manifest and checksums. Fails where a row that the plan lists did not arrive, and then removes the
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
        if let Some(portable) = self.portable.take() {
            portable.finish(&self.dir, &self.manifest.attachments)?;
        }
        if let Some(certificate) = extra.certificate {
            files::write(&self.dir.join("certificate.json"), certificate)?;
        }
        self.manifest.files = files::sums(&self.dir)?;
        let manifest =
            serde_json::to_string_pretty(&self.manifest).context("the manifest cannot be written as JSON")?;
        let digest = files::write(&self.dir.join("manifest.json"), manifest.as_bytes())?;
        self.pages(extra, &digest)?;
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

    fn pages(&self, extra: &Extra<'_>, digest: &str) -> anyhow::Result<()> {
        let language = extra.language.or(self.notes.about.language.as_deref());
        let book = Book {
            manifest: &self.manifest,
            notes: &self.notes,
            previews: &self.previews,
            words: words::of(language),
            certified: extra.certificate.is_some(),
            digest,
            up: "",
            attached: None,
        };
        page::write(book, &mut |path, page| files::write(&self.dir.join(path), page.as_bytes()).map(drop))
    }

    /// Turns to the files of a table; they are opened once for several steps in a row.
    fn turn(&mut self, system: &str, step: &Step) -> anyhow::Result<()> {
        let table = self.manifest.position(system, &step.table);
        let table = table.with_context(|| format!("{system}.{} is not in the plan of this package", step.table))?;
        let exported = (&step.action, Lines::of(step));
        let (Action::Export { level, links, .. }, Some(lines)) = exported else { bail!("the step exports nothing") };
        let (out, sheet) = match self.open.take() {
            Some(open) if open.table == table => (open.out, open.sheet),
            other => {
                self.open = other;
                self.close()?;
                self.begin_table(table)?
            }
        };
        self.previews[table].begin(step, &self.manifest.tables[table]);
        self.attachments.begin(system, step);
        if let Some(portable) = &mut self.portable {
            portable.begin(system, step, &self.manifest.tables[table].columns)?;
        }
        let step = Current { lines, level: *level, links: links.join(", "), places: sheet.places(step.shown()) };
        self.open = Some(Open { table, out, sheet, step });
        Ok(())
    }

    fn begin_table(&self, at: usize) -> anyhow::Result<(Out, Sheet<Out>)> {
        let table = &self.manifest.tables[at];
        let first = self.previews[at].groups.is_empty();
        let open = |path: &str| files::appended(&self.dir.join(path), first).map(BufWriter::new);
        let columns = table.returned().map(|c| c.name.clone()).collect();
        let (out, sheet) = (open(&table.file)?, open(&table.csv)?);
        let sheet = if first { Sheet::new(sheet, columns) } else { Ok(Sheet::resumed(sheet, columns)) };
        Ok((out, sheet.with_context(|| files::unwritable(&self.path(at)))?))
    }

    fn put(&mut self, row: &[Value]) -> anyhow::Result<()> {
        let open = self.open.as_mut().context("a row came before its step")?;
        let (table, step) = (open.table, &open.step);
        let written = open.out.write_all(step.lines.line(row)?.as_bytes());
        let written = written.and_then(|()| open.sheet.row(step.level, &step.links, &step.places, row));
        written.with_context(|| files::unwritable(&self.path(table)))?;
        self.previews[table].push(row, &mut self.left);
        if let Some(portable) = &mut self.portable {
            portable.row(row)?;
        }
        self.attachments.row(row)
    }

    fn close(&mut self) -> anyhow::Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let flushed = open.out.flush().and_then(|()| open.out.get_ref().sync_all());
        let written = flushed.and_then(|()| open.sheet.finish()).and_then(|mut out| {
            out.flush()?;
            out.get_ref().sync_all()
        });
        written.with_context(|| files::unwritable(&self.path(open.table)))
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
