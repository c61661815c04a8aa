//! Files of the person: linked under the names that we gave them, and shown only where they are plain pictures.

use std::collections::HashMap;

use engine::value::Value;
use maud::{Markup, html};

use super::{Book, safe, say};
use crate::package::attachments::Attachment;
use crate::package::exact;
use crate::package::manifest::Manifest;
use crate::package::preview::{Cell, Group};

/// Pictures that no browser can be made to run anything from. A picture that holds something else is shown as broken.
const PICTURES: [&str; 5] = [".png", ".jpg", ".jpeg", ".gif", ".webp"];
/// Larger pictures are only linked.
const LARGEST: u64 = 8_000_000;

/// The files of each row: by place of the table and key of the row.
#[derive(Default)]
pub struct Attached<'a>(HashMap<(usize, String), Vec<&'a Attachment>>);

impl<'a> Attached<'a> {
    pub fn of(manifest: &'a Manifest) -> Attached<'a> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for attachment in &manifest.attachments {
            for of in &attachment.of {
                if let Some(at) = manifest.position(&of.system, &of.table) {
                    found.entry((at, key(of.key.iter().cloned()))).or_default().push(attachment);
                }
            }
        }
        Attached(found)
    }

    /// The files of a row of a table.
    pub fn files(&self, manifest: &Manifest, at: usize, group: &Group, row: &[Cell]) -> &[&'a Attachment] {
        if self.0.is_empty() {
            return &[];
        }
        let values = manifest.tables[at].key.iter().map(|column| match group.cell(row, column) {
            Some(Cell::Whole(value)) => exact::value(value),
            _ => exact::value(&Value::Null),
        });
        self.0.get(&(at, key(values))).map_or(&[], Vec::as_slice)
    }

    /// Has any row of this table a file?
    pub fn any(&self, at: usize) -> bool {
        self.0.keys().any(|(table, _)| *table == at)
    }
}

fn key(values: impl Iterator<Item = serde_json::Value>) -> String {
    serde_json::Value::Array(values.collect()).to_string()
}

/// A file, and what a row calls it.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub file: &'a Attachment,
    pub title: Option<&'a str>,
}

impl Named<'_> {
    /// What it is called: by the row, by its own name, or not at all.
    fn name<'w>(&'w self, words: &'w crate::package::words::File) -> &'w str {
        let names = [self.title, Some(&self.file.name)];
        names.into_iter().flatten().map(str::trim).find(|n| !n.is_empty()).unwrap_or(&words.unnamed)
    }
}

/// Links to some files, with previews of pictures.
pub fn list(book: Book<'_>, files: &[Named<'_>]) -> Markup {
    let words = &book.words.file;
    html! {
        @if !files.is_empty() {
            ul.attached aria-label=(words.attached) {
                @for named in files {
                    @let (file, name) = (named.file, named.name(words));
                    @let path = format!("{}{}", book.up, file.file);
                    li {
                        a href=(path) {
                            @if is_picture(file) {
                                img src=(path) alt=(say_plain(&words.preview, name)) loading="lazy" decoding="async";
                            }
                            (safe(name))
                        }
                        " " span.count { (kind(name, file)) ", " (book.words.size(file.bytes)) }
                    }
                }
            }
        }
    }
}

/// A sentence for an attribute, where nothing keeps a value apart.
fn say_plain(template: &str, name: &str) -> String {
    crate::package::words::fill(template, &[("name", &super::tame(name))])
}

fn is_picture(file: &Attachment) -> bool {
    PICTURES.iter().any(|end| file.file.ends_with(end)) && (1..=LARGEST).contains(&file.bytes)
}

/// What sort of file it was: the end of its own name if that is a plain word, else of ours.
fn kind(name: &str, file: &Attachment) -> String {
    let end = |name: &str| name.rsplit_once('.').map(|(_, end)| end.to_ascii_uppercase());
    let plain = |end: &String| (1..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric());
    end(name).filter(plain).or_else(|| end(&file.file)).unwrap_or_default()
}

/// What is told of files in the section of files.
pub fn told(book: Book<'_>) -> Markup {
    let (words, count) = (book.words, book.manifest.attachments.len() as u64);
    html! {
        @if count > 0 {
            li { (say(&words.file.told, &[("files", html! { (words.amount(count, &words.count.files)) })])) }
        }
    }
}
