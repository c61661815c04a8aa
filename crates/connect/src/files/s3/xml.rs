//! The store's XML: pages of listings, and the code of a refusal. White space in keys counts, so no text is trimmed.

use engine::ask::Failure;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::place::Object;
use super::client::{seconds, version};

/// A page of a listing. The paths are whole keys.
pub(super) struct Page {
    pub objects: Vec<Object>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A page of a listing of versions.
pub(super) struct Versions {
    pub versions: Vec<Version>,
    /// Key and version behind which the next page begins.
    pub next: Option<(String, String)>,
}

/// One version of a key, or the mark that it was deleted.
pub(super) struct Version {
    pub key: String,
    pub id: String,
    pub latest: bool,
}

/// Reads a page of `ListObjectsV2`.
pub(super) fn page(xml: &str) -> Result<Page, Failure> {
    let document = Document::read(xml)?;
    let objects = document.records(&["Contents"]).map(|record| {
        let at: Timestamp = record.text("LastModified").parse().map_err(|_| odd())?;
        Ok(Object {
            path: document.key(record.text("Key"))?,
            size: record.text("Size").parse().map_err(|_| odd())?,
            modified: seconds(at),
            version: version(record.text("ETag")),
        })
    });
    let objects = objects.collect::<Result<_, Failure>>()?;
    let next = document.top.text("NextContinuationToken");
    let more = document.top.text("IsTruncated") == "true" && !next.is_empty();
    Ok(Page { objects, next: more.then(|| next.to_owned()) })
}

/// Reads a page of `ListObjectVersions`.
pub(super) fn versions(xml: &str) -> Result<Versions, Failure> {
    let document = Document::read(xml)?;
    let versions = document.records(&["Version", "DeleteMarker"]).map(|record| {
        let key = document.key(record.text("Key"))?;
        Ok(Version { key, id: record.text("VersionId").to_owned(), latest: record.text("IsLatest") == "true" })
    });
    let versions = versions.collect::<Result<_, Failure>>()?;
    let key = document.key(document.top.text("NextKeyMarker"))?;
    let more = document.top.text("IsTruncated") == "true" && !key.is_empty();
    Ok(Versions { versions, next: more.then(|| (key, document.top.text("NextVersionIdMarker").to_owned())) })
}

/// The code of an error, if the text is one.
pub(super) fn code(xml: &str) -> Option<String> {
    let code = Document::read(xml).ok()?.top.text("Code").to_owned();
    Some(code).filter(|code| !code.is_empty() && code.len() < 80 && code.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// An element with the texts of the elements directly in it.
#[derive(Default)]
struct Record {
    name: String,
    texts: Vec<(String, String)>,
}

impl Record {
    fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text)
    }
}

/// A document of two levels: the top element, and the records in it.
#[derive(Default)]
struct Document {
    top: Record,
    records: Vec<Record>,
}

impl Document {
    fn read(xml: &str) -> Result<Document, Failure> {
        let (mut reader, mut document) = (Reader::from_str(xml), Document::default());
        let (mut open, mut text): (Vec<Record>, String) = (Vec::new(), String::new());
        loop {
            match reader.read_event().map_err(|_| odd())? {
                Event::Start(start) => {
                    text.clear();
                    open.push(named(start.local_name().as_ref())?);
                }
                Event::Empty(start) => {
                    let (empty, parent) = (named(start.local_name().as_ref())?, open.last_mut().ok_or_else(odd)?);
                    parent.texts.push((empty.name, String::new()));
                }
                Event::Text(part) => text.push_str(&part.decode().map_err(|_| odd())?),
                Event::CData(part) => text.push_str(&part.decode().map_err(|_| odd())?),
                Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| odd())? {
                    Some(character) => text.push(character),
                    None => {
                        let name = reference.decode().map_err(|_| odd())?;
                        text.push_str(quick_xml::escape::resolve_predefined_entity(&name).ok_or_else(odd)?);
                    }
                },
                Event::End(_) => {
                    let closed = open.pop().ok_or_else(odd)?;
                    match open.last_mut() {
                        None => document.top = closed,
                        Some(parent) => {
                            parent.texts.push((closed.name.clone(), std::mem::take(&mut text)));
                            if open.len() == 1 && !closed.texts.is_empty() {
                                document.records.push(closed);
                            }
                        }
                    }
                }
                Event::Eof if open.is_empty() && !document.top.name.is_empty() => return Ok(document),
                Event::Eof => return Err(odd()),
                _ => {}
            }
        }
    }

    fn records<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(|record| names.contains(&record.name.as_str()))
    }

    /// A key as it is: XML cannot hold every character, so keys come escaped where the store says so.
    fn key(&self, text: &str) -> Result<String, Failure> {
        if self.top.text("EncodingType") != "url" {
            return Ok(text.to_owned());
        }
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(|key| key.into_owned()).map_err(|_| odd())
    }
}

fn named(name: &[u8]) -> Result<Record, Failure> {
    let name = std::str::from_utf8(name).map_err(|_| odd())?.to_owned();
    Ok(Record { name, texts: Vec::new() })
}

fn odd() -> Failure {
    Failure::Other { detail: "the store's answer is not what the protocol says".to_owned() }
}
