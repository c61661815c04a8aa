//! Conversations: what was begun, with what was said in it, in order. The person is "you"; nobody else has a name.

use std::collections::{BTreeMap, HashMap};

use engine::policy::model::Access;
use engine::schema::Class;
use engine::value::Value;
use maud::{Markup, html};

use super::attached::Named;
use super::value::{self, Manner, written};
use super::{Book, attached, safe, table};
use crate::package::notes::{Enclosure, Part, Talk, Who};
use crate::package::preview::{Cell, Group};
use crate::package::words::{Words, fill};

/// Most messages that are set as one piece; longer conversations continue.
const MESSAGES: usize = 100;

/// A conversation, or a piece of a long one.
pub struct Thread<'a> {
    talk: &'a Talk,
    /// Its number among the conversations of the table.
    nth: usize,
    piece: usize,
    pub continued: bool,
    head: Option<Row<'a>>,
    title: String,
    messages: Vec<Message<'a>>,
}

#[derive(Clone, Copy)]
struct Row<'a> {
    group: &'a Group,
    cells: &'a [Cell],
}

struct Message<'a> {
    part: &'a Part,
    row: Row<'a>,
    time: Option<&'a str>,
    files: Vec<Named<'a>>,
}

/// Does a group of a table have what conversations are made of?
pub fn takes(talk: &Talk, at: usize, group: &Group) -> bool {
    let has = |columns: &[String]| columns.iter().all(|c| group.columns.contains(c));
    if talk.head.at == Some(at) {
        return has(&talk.head.key);
    }
    talk.parts.iter().any(|p| p.at == at && has(&p.columns))
}

/// The conversations of some tables, the newest first.
pub fn threads<'a>(book: Book<'a>, talk: &'a Talk) -> Vec<Thread<'a>> {
    let mut found: BTreeMap<Vec<String>, (Option<Row<'a>>, Vec<Message<'a>>)> = BTreeMap::new();
    for row in talk.head.at.iter().flat_map(|at| rows(book, talk, *at)) {
        found.entry(row.key(&talk.head.key)).or_default().0 = Some(row);
    }
    for part in &talk.parts {
        let enclosed = Enclosed::in_part(book, part);
        for row in rows(book, talk, part.at) {
            let message = Message { part, row, time: row.time(book.words, part), files: enclosed.of(part, row) };
            found.entry(row.key(&part.columns)).or_default().1.push(message);
        }
    }
    let mut all: Vec<_> = found.into_iter().collect();
    all.iter_mut().for_each(|(_, (_, messages))| messages.sort_by_key(|m| m.time));
    all.sort_by(|(a, (_, x)), (b, (_, y))| latest(y).cmp(&latest(x)).then_with(|| a.cmp(b)));
    let pieces = all.into_iter().enumerate().flat_map(|(nth, (key, (head, messages)))| {
        let title = title(book, talk, head, &key);
        pieces(talk, nth, head, title, messages)
    });
    pieces.collect()
}

/// Files of what is said, and of what is enclosed in it.
struct Enclosed<'a> {
    book: Book<'a>,
    /// For each enclosure of the part: files by what they are enclosed in.
    files: Vec<HashMap<Vec<String>, Vec<Named<'a>>>>,
}

impl<'a> Enclosed<'a> {
    fn in_part(book: Book<'a>, part: &Part) -> Enclosed<'a> {
        let of = |enclosure: &Enclosure| {
            let mut files: HashMap<_, Vec<_>> = HashMap::new();
            for group in &book.previews[enclosure.at].groups {
                for row in group.rows.iter().map(|cells| Row { group, cells }) {
                    let title = enclosure.titles.iter().find_map(|c| row.text(c));
                    let found = book.files(enclosure.at, group, row.cells).iter().map(|file| Named { file, title });
                    files.entry(row.key(&enclosure.columns)).or_default().extend(found);
                }
            }
            files
        };
        Enclosed { book, files: part.enclosures.iter().map(of).collect() }
    }

    fn of(&self, part: &Part, row: Row<'_>) -> Vec<Named<'a>> {
        let own = self.book.files(part.at, row.group, row.cells).iter();
        let mut files: Vec<Named<'a>> = own.map(|file| Named { file, title: None }).collect();
        for (enclosure, enclosed) in part.enclosures.iter().zip(&self.files) {
            files.extend(enclosed.get(&row.key(&enclosure.key)).into_iter().flatten());
        }
        files
    }
}

fn pieces<'a>(
    talk: &'a Talk,
    nth: usize,
    head: Option<Row<'a>>,
    title: String,
    mut messages: Vec<Message<'a>>,
) -> Vec<Thread<'a>> {
    let mut pieces = Vec::new();
    loop {
        let rest = messages.split_off(messages.len().min(MESSAGES));
        let piece = pieces.len();
        pieces.push(Thread { talk, nth, piece, continued: piece > 0, head, title: title.clone(), messages });
        if rest.is_empty() {
            return pieces;
        }
        messages = rest;
    }
}

fn latest<'a>(messages: &[Message<'a>]) -> Option<&'a str> {
    messages.last().and_then(|m| m.time)
}

fn rows<'a>(book: Book<'a>, talk: &'a Talk, at: usize) -> impl Iterator<Item = Row<'a>> {
    let groups = book.previews[at].groups.iter().filter(move |g| takes(talk, at, g));
    groups.flat_map(|group| group.rows.iter().map(move |cells| Row { group, cells }))
}

impl<'a> Row<'a> {
    fn cell(self, column: &str) -> Option<&'a Cell> {
        self.group.cell(self.cells, column)
    }

    fn value(self, column: &str) -> Option<&'a Value> {
        match self.cell(column)? {
            Cell::Whole(value) => Some(value),
            Cell::Cut(..) | Cell::Bytes(_) | Cell::Encrypted(_) => None,
        }
    }

    /// A text that is not empty.
    fn text(self, column: &str) -> Option<&'a str> {
        match self.value(column)? {
            Value::Text(text) => Some(text.as_str()).filter(|t| !t.trim().is_empty()),
            _ => None,
        }
    }

    fn key(self, columns: &[String]) -> Vec<String> {
        let text = |c: &String| self.value(c).and_then(|v| v.join_text()).map(|t| t.into_owned()).unwrap_or_default();
        columns.iter().map(text).collect()
    }

    fn class(self, column: &str) -> Class {
        self.group.columns.iter().position(|c| c == column).map_or(Class::Other, |at| self.group.classes[at])
    }

    /// When it was made: the first of the columns that holds a time.
    fn time(self, words: &Words, part: &'a Part) -> Option<&'a str> {
        part.times.iter().find_map(|column| match self.value(column)? {
            Value::Text(text) => words.moment(text, Class::Timestamp, "").map(|_| text.as_str()),
            _ => None,
        })
    }
}

/// The first text that names it, or the table with its number.
fn title(book: Book<'_>, talk: &Talk, head: Option<Row<'_>>, key: &[String]) -> String {
    let named = head.and_then(|row| {
        let text = |c: &String| row.value(c).and_then(|v| v.join_text()).map(|t| t.trim().to_owned());
        talk.head.titles.iter().filter_map(text).find(|t| !t.is_empty() && t.chars().count() <= 200)
    });
    let table = book.words.label(&talk.head.table);
    named.unwrap_or_else(|| fill(&book.words.talk.untitled, &[("table", &table), ("key", &key.join(", "))]))
}

impl Thread<'_> {
    /// What it takes on a page.
    pub fn weight(&self) -> usize {
        let messages = self.messages.iter().map(|m| 2 + table::weight(m.row.cells)).sum::<usize>();
        4 + messages + self.head.map_or(0, |row| table::weight(row.cells))
    }

    fn anchor(&self) -> String {
        format!("c{}-{}-{}", self.talk.stands_at(), self.nth + 1, self.piece + 1)
    }

    /// When it begins.
    fn day(&self, book: Book<'_>) -> Option<String> {
        let begins = self.messages.first()?.time?;
        book.words.moment(begins.get(..10)?, Class::Date, "")
    }

    fn named(&self, book: Book<'_>) -> Markup {
        match self.continued {
            true => book.say(&book.words.talk.continued, &[("title", &self.title)]),
            false => safe(&self.title),
        }
    }
}

/// Links to the conversations of a page.
pub fn contents(book: Book<'_>, threads: &[Thread<'_>]) -> Markup {
    html! {
        @if threads.len() > 1 {
            nav.here aria-labelledby="here" {
                h2 id="here" { (book.words.talk.here) }
                ol {
                    @for thread in threads {
                        li {
                            a href={ "#" (thread.anchor()) } { (thread.named(book)) }
                            @if let Some(day) = thread.day(book) { " " span.count { (day) } }
                        }
                    }
                }
            }
        }
    }
}

/// One conversation. On the first page it stands under a table, on others under the page itself.
pub fn thread(book: Book<'_>, thread: &Thread<'_>) -> Markup {
    let words = book.words;
    let amount = words.amount(thread.messages.len() as u64, &words.count.messages);
    let heading = html! { (thread.named(book)) " " span.count { (amount) } };
    html! {
        article.talk id=(thread.anchor()) {
            @if book.up.is_empty() { h4 { (heading) } } @else { h2 { (heading) } }
            @match thread.head {
                _ if thread.continued => {},
                Some(head) if head.group.level > Access::Fact => (about(book, thread.talk, head, &thread.title)),
                _ => p.none { (words.talk.no_head) },
            }
            @if thread.messages.is_empty() { p.none { (words.talk.none) } }
            @if !thread.messages.is_empty() {
                ol.messages { @for message in &thread.messages { (self::message(book, message)) } }
            }
        }
    }
}

fn about(book: Book<'_>, talk: &Talk, head: Row<'_>, title: &str) -> Markup {
    let Some(at) = talk.head.at else { return html! {} };
    let (manner, file) = book.manner(at);
    let manner = Manner { file: &file, ..manner };
    let said = |c: &&String| matches!(head.value(c), Some(Value::Text(t)) if t.trim() == title);
    let but: Vec<&str> = talk.head.titles.iter().filter(said).map(String::as_str).collect();
    html! {
        details {
            summary { (book.words.talk.details) }
            (table::fields(manner, head.group, head.cells, &but))
        }
    }
}

fn message(book: Book<'_>, message: &Message<'_>) -> Markup {
    let (words, row, part) = (book.words, message.row, message.part);
    let (manner, file) = book.manner(part.at);
    let manner = Manner { file: &file, ..manner };
    let who = part.who(&row.group.links, &book.manifest.subject, |column| row.value(column));
    let bodies = || part.bodies.iter().filter_map(|c| Some((c, row.cell(c).filter(|cell| !cell.is_empty())?)));
    let first = bodies().next();
    let but: Vec<&str> = first.iter().map(|(c, _)| c.as_str()).collect();
    html! {
        li.you[who == Who::You] {
            p.from {
                strong { (name(book, who)) }
                span.when { (when(manner, message).unwrap_or_else(|| words.talk.undated.clone())) }
            }
            @if let Some((column, cell)) = first {
                div.body dir="auto" { (value::cell(manner, cell, row.class(column))) }
            }
            (attached::list(book, &message.files))
            details {
                summary { (words.talk.more) }
                (table::fields(manner, row.group, row.cells, &but))
            }
        }
    }
}

fn name(book: Book<'_>, who: Who<'_>) -> Markup {
    match who {
        Who::You => html! { (book.words.talk.you) },
        Who::Other => html! { (book.words.talk.other) },
        Who::Kind(kind) => {
            let label = book.notes.about.kinds.get(kind);
            safe(&label.cloned().unwrap_or_else(|| book.words.label(kind)))
        }
    }
}

fn when(manner: Manner<'_>, message: &Message<'_>) -> Option<String> {
    let time = Value::text(message.time?);
    Some(written(manner, &time, Class::Timestamp).into_owned())
}
