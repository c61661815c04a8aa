//! The data of a portability in one JSON document (GDPR Art. 20), against a schema that is published and lies beside it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use engine::plan::Step;
use engine::value::Value;
use serde_json::json;

use super::attachments::Attachment;
use super::manifest::{Column, Manifest};
use super::{exact, files};

/// Describes `data.json`; published with the reference.
pub const SCHEMA: &str = include_str!("../../../../docs/reference/schemas/portability.json");

/// Writes the document as rows arrive; only one row is ever held.
pub struct Portable {
    out: BufWriter<File>,
    state: State,
}

/// Where in the document the next row goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    NoTable,
    NoRow,
    Rows,
}

impl Portable {
    /// Begins `data.json` in a folder.
    pub fn create(dir: &Path, manifest: &Manifest) -> anyhow::Result<Portable> {
        let mut out = BufWriter::new(files::appended(&dir.join("data.json"), true)?);
        let head = json!({
            "format": "upheld-portability", "version": 1, "company": manifest.company, "request": manifest.request,
            "subject": manifest.subject, "made_at": manifest.made_at,
        });
        let head = head.to_string();
        write!(out, "{},\n\"tables\":[", head.trim_end_matches('}')).context("cannot write data.json")?;
        Ok(Portable { out, state: State::NoTable })
    }

    /// Rows of this step follow; columns are described once, before them.
    pub fn begin(&mut self, system: &str, step: &Step, known: &[Column]) -> anyhow::Result<()> {
        let columns: Vec<serde_json::Value> = step
            .shown()
            .iter()
            .map(|name| {
                let category = known.iter().find(|c| c.name == *name).and_then(|c| c.category.as_deref());
                json!({ "name": name, "category": category })
            })
            .collect();
        let before = if self.state == State::NoTable { "\n" } else { "\n]},\n" };
        let head = json!({ "system": system, "table": step.table, "key": step.key, "columns": columns }).to_string();
        write!(self.out, "{before}{},\"rows\":[", head.trim_end_matches('}')).context("cannot write data.json")?;
        self.state = State::NoRow;
        Ok(())
    }

    /// One row, its values in the order of the columns.
    pub fn row(&mut self, row: &[Value]) -> anyhow::Result<()> {
        let before = if self.state == State::NoRow { "\n" } else { ",\n" };
        self.state = State::Rows;
        let values: Vec<serde_json::Value> = row.iter().map(exact::value).collect();
        write!(self.out, "{before}{}", json!(values)).context("cannot write data.json")
    }

    /// Closes the document with its files, and lays the schema beside it.
    pub fn finish(mut self, dir: &Path, attachments: &[Attachment]) -> anyhow::Result<()> {
        let before = if self.state == State::NoTable { "]" } else { "\n]}]" };
        let written = writeln!(self.out, "{before},\n\"files\":{}}}", json!(attachments));
        written
            .and_then(|()| self.out.flush())
            .and_then(|()| self.out.get_ref().sync_all())
            .context("cannot write data.json")?;
        files::write(&dir.join("schema.json"), SCHEMA.as_bytes()).map(drop)
    }
}
