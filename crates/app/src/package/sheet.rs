//! Rows as CSV for spreadsheets: readable, not exact; the JSON Lines beside it are exact.
//!
//! UTF-8 with a byte order mark, for the spreadsheet that most people have takes it for an old code page otherwise, and every
//! reader of CSV that knows Unicode skips the mark. NULL, the empty text and what is left out are all an empty cell.

use std::borrow::Cow;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::policy::model::Access;
use engine::value::Value;

use super::exact;

/// What a reader of the files must know; stands in the manifest.
pub const HOW_TO_READ: &[&str] = &[
    "Each .csv file holds the rows of the .jsonl file beside it, in UTF-8 with a byte order mark, for spreadsheets. The .jsonl file is exact.",
    "An empty cell is NULL, an empty text or a value that is left out of this row.",
    "A text that a spreadsheet could take for a formula has a ' before it, and so has one that begins with '; take one ' away to have the text.",
    "Binary data is in Base64.",
];

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A table as CSV, row by row.
pub struct Sheet<W: Write> {
    out: csv::Writer<W>,
    columns: Vec<String>,
}

impl<W: Write> Sheet<W> {
    /// Begins a file with these columns.
    pub fn new(mut out: W, columns: Vec<String>) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK)?;
        let mut sheet = Sheet::resumed(out, columns);
        let names = sheet.columns.iter().map(|c| harmless(c));
        let ours = ["_level", "_links"].map(Cow::Borrowed);
        sheet.out.write_record(ours.into_iter().chain(names).map(Cow::into_owned)).map_err(io::Error::other)?;
        Ok(sheet)
    }

    /// Goes on with a file that was begun with these columns.
    pub fn resumed(out: W, columns: Vec<String>) -> Self {
        Sheet { out: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out), columns }
    }

    /// Where each column of the file stands in rows of these columns.
    pub fn places(&self, columns: &[String]) -> Vec<Option<usize>> {
        self.columns.iter().map(|wanted| columns.iter().position(|c| c == wanted)).collect()
    }

    /// One row.
    pub fn row(&mut self, level: Access, links: &str, places: &[Option<usize>], row: &[Value]) -> io::Result<()> {
        self.out.write_field(exact::level(level)).map_err(io::Error::other)?;
        self.out.write_field(&*harmless(links)).map_err(io::Error::other)?;
        for place in places {
            let cell = place.and_then(|p| row.get(p)).map_or(Cow::Borrowed(""), cell);
            self.out.write_field(&*cell).map_err(io::Error::other)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(io::Error::other)
    }

    /// Everything is written; the file comes back.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(|e| io::Error::other(e.error().to_string()))
    }
}

fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
        Value::Int(i) => Cow::Owned(i.to_string()),
        Value::Real(r) => Cow::Owned(r.to_string()),
        Value::Text(text) => harmless(text),
        Value::Bytes(bytes) => Cow::Owned(STANDARD.encode(bytes)),
    }
}

/// A text that no spreadsheet takes for a formula. What is invisible before its first sign does not hide it, and signs of full
/// width count as well, for some programs read them as the others.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let unseen = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
    let begins = text.starts_with(['\'', '\t', '\r', '\n']);
    let visible = text.trim_start_matches(unseen);
    if begins || visible.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}
