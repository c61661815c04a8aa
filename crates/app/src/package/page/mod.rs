//! The package for people: `index.html`, and further pages for what is long. No script, no request to anywhere.

mod attached;
mod closing;
mod content;
mod front;
mod purposes;
mod table;
mod talk;
mod value;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};
use sha2::{Digest, Sha256};

use super::attachments::Attachment;
use super::manifest::Manifest;
use super::notes::Notes;
use super::preview::{Cell, Group, Preview};
use super::words::{Words, fill};
use crate::standalone::Page;
use attached::Attached;
use content::Content;
use value::{Manner, safe, say, tame};

const STYLE: &str = include_str!("style.css");

/// Everything that pages are drawn from.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    pub manifest: &'a Manifest,
    pub notes: &'a Notes,
    pub previews: &'a [Preview],
    pub words: &'a Words,
    /// A certificate is in the package.
    pub certified: bool,
    /// The manifest's SHA-256.
    pub digest: &'a str,
    /// The way from the page that is drawn to the first one.
    pub up: &'static str,
    /// Files of rows; [`write`] fills it in.
    pub attached: Option<&'a Attached<'a>>,
}

/// Draws all pages; `put` takes the path and the text of each.
pub fn write(book: Book<'_>, put: &mut dyn FnMut(&str, String) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let attached = Attached::of(book.manifest);
    let book = Book { attached: Some(&attached), ..book };
    put("index.html", book.frame(&book.title(), html! { (front::page(book)) }))?;
    let deeper = Book { up: "../../", ..book };
    for at in 0..book.manifest.tables.len() {
        let Some(content) = Content::of(deeper, at) else { continue };
        let pages = content.pages();
        for (nth, range) in pages.iter().enumerate() {
            put(&deeper.path(at, nth), content.page(nth, pages.len(), range.clone()))?;
        }
    }
    Ok(())
}

impl<'a> Book<'a> {
    fn title(&self) -> String {
        tame(&fill(&self.words.front.title, &[("company", &self.manifest.company)]))
    }

    /// Path of a further page of a table, counted from 0.
    fn path(&self, at: usize, nth: usize) -> String {
        format!("{}-{}.html", self.manifest.tables[at].pages(), nth + 1)
    }

    /// The files of a row.
    fn files(&self, at: usize, group: &Group, row: &[Cell]) -> &'a [&'a Attachment] {
        self.attached.map_or(&[], |a| a.files(self.manifest, at, group, row))
    }

    /// How values of a table are written on this page.
    fn manner(&self, at: usize) -> (Manner<'a>, String) {
        let table = &self.manifest.tables[at];
        (Manner { words: self.words, zone: &table.zone, file: "" }, format!("{}{}", self.up, table.file))
    }

    /// A link to a table of the first page.
    fn link(&self, at: usize) -> Markup {
        let table = &self.manifest.tables[at];
        let anchor = if self.up.is_empty() { format!("#t{at}") } else { format!("{}index.html#t{at}", self.up) };
        html! { a href=(anchor) { (safe(&self.words.label(&table.table))) } }
    }

    /// A sentence with plain values set in, each kept apart.
    fn say(&self, template: &str, values: &[(&str, &str)]) -> Markup {
        let values: Vec<(&str, Markup)> = values.iter().map(|(name, value)| (*name, safe(value))).collect();
        say(template, &values)
    }

    /// A whole page.
    fn frame(&self, title: &str, body: Markup) -> String {
        let head = html! {
            meta name="referrer" content="no-referrer";
            meta name="robots" content="noindex";
            meta name="color-scheme" content="light dark";
            meta name="format-detection" content="telephone=no, date=no, address=no, email=no";
        };
        let body = html! {
            a.skip href="#data" { (self.words.front.skip) }
            (body)
        };
        Page { language: &self.words.code, title, style: STYLE, may: &may(), head, body }.draw()
    }
}

/// Only our own style and pictures of the package may apply; nothing else may load, run or be sent.
fn may() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("style-src 'sha256-{hash}'; img-src 'self' file:; base-uri 'none'; form-action 'none'")
}
