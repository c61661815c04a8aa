//! What stands under one table: all of it on the first page if it is short, else its beginning, and pages of its own.

use std::ops::Range;

use maud::{Markup, html};

use super::talk::{self, Thread};
use super::value::tame;
use super::{Book, safe, table};
use crate::package::words::fill;

/// What the first page shows whole.
const SHORT: usize = 60;
/// What it shows of something longer.
const BEGINNING: usize = 20;
/// What a further page holds.
const PAGE: usize = 200;

/// Rows or conversations, in the order in which they are shown.
pub struct Content<'a> {
    book: Book<'a>,
    at: usize,
    items: Items<'a>,
    weights: Vec<usize>,
}

enum Items<'a> {
    Rows(Vec<(usize, usize)>),
    Threads(Vec<Thread<'a>>),
}

impl<'a> Content<'a> {
    /// `None` where pages show nothing of the table, or show it elsewhere.
    pub fn of(book: Book<'a>, at: usize) -> Option<Content<'a>> {
        let talk = book.notes.talk(at);
        let (items, weights): (_, Vec<usize>) = match talk.filter(|t| t.stands_at() == at) {
            Some(talk) => {
                let threads = talk::threads(book, talk);
                let weights = threads.iter().map(Thread::weight).collect();
                (Items::Threads(threads), weights)
            }
            None => {
                let rows = table::rows(book, at);
                let weight =
                    |(group, row): &(usize, usize)| table::weight(&book.previews[at].groups[*group].rows[*row]);
                let weights = rows.iter().map(weight).collect();
                (Items::Rows(rows), weights)
            }
        };
        (!weights.is_empty()).then_some(Content { book, at, items, weights })
    }

    /// The pages of its own, as stretches of its items; none where the first page shows it whole.
    pub fn pages(&self) -> Vec<Range<usize>> {
        if self.weights.iter().sum::<usize>() <= SHORT { Vec::new() } else { split(&self.weights, PAGE) }
    }

    /// What the first page shows.
    pub fn beginning(&self) -> Markup {
        let pages = self.pages().len();
        let words = self.book.words;
        if pages == 0 {
            return self.draw(0..self.weights.len());
        }
        let first = split(&self.weights, BEGINNING).swap_remove(0);
        let shown = words.number(first.len() as u64);
        html! {
            p.note { (self.book.say(&words.data.first, &[("n", &shown), ("records", &self.amount())])) }
            (self.draw(first))
            p.all {
                a href={ (self.book.up) (self.book.path(self.at, 0)) } {
                    (fill(&words.data.all, &[("pages", &words.amount(pages as u64, &words.count.pages))]))
                }
            }
        }
    }

    /// How much there is, in words.
    pub fn amount(&self) -> String {
        let words = self.book.words;
        match &self.items {
            Items::Rows(_) => words.amount(self.book.manifest.tables[self.at].rows.total(), &words.count.records),
            Items::Threads(threads) => {
                let begun = threads.iter().filter(|t| !t.continued).count();
                words.amount(begun as u64, &words.count.conversations)
            }
        }
    }

    /// One further page.
    pub fn page(&self, nth: usize, of: usize, range: Range<usize>) -> String {
        let (book, words) = (self.book, self.book.words);
        let part = words.label(&book.manifest.tables[self.at].table);
        let (page, pages) = (words.number(nth as u64 + 1), words.number(of as u64));
        let title = fill(&words.page.title, &[("part", &part), ("page", &page), ("pages", &pages)]);
        let title = format!("{} – {}", tame(&title), book.title());
        let body = html! {
            header.leaf {
                p.crumb { a href={ (book.up) "index.html#t" (self.at) } { (words.page.back) } }
                p.eyebrow { (safe(&book.manifest.company)) }
                h1 { (safe(&part)) }
                p.lead { (self.amount()) ". " (book.say(&words.page.of, &[("page", &page), ("pages", &pages)])) "." }
                (self.turn(nth, of, "top"))
            }
            main id="data" {
                @if let Items::Threads(threads) = &self.items { (talk::contents(book, &threads[range.clone()])) }
                (self.draw(range))
                @if nth + 1 == of { (self.capped()) }
            }
            footer { (self.turn(nth, of, "end")) }
        };
        book.frame(&title, body)
    }

    /// Says so where not all rows are on pages.
    pub fn capped(&self) -> Markup {
        let (book, words) = (self.book, self.book.words);
        let (preview, Items::Rows(rows)) = (&book.previews[self.at], &self.items) else { return html! {} };
        let (shown, records) = (words.number(rows.len() as u64), words.amount(preview.rows, &words.count.records));
        html! {
            @if (preview.shown as u64) < preview.rows {
                p.note { (book.say(&words.data.capped, &[("n", &shown), ("records", &records)])) }
            }
        }
    }

    fn draw(&self, range: Range<usize>) -> Markup {
        match &self.items {
            Items::Rows(rows) => table::stretch(self.book, self.at, &rows[range.clone()], range.start),
            Items::Threads(threads) => {
                html! { @for thread in &threads[range] { (talk::thread(self.book, thread)) } }
            }
        }
    }

    /// Links to the pages before and after.
    fn turn(&self, nth: usize, of: usize, place: &str) -> Markup {
        let (book, words) = (self.book, self.book.words);
        let to = |nth: usize| format!("{}{}", book.up, book.path(self.at, nth));
        html! {
            @if of > 1 {
                nav.turn aria-label={ (words.page.pages) @if place == "end" { " (" (nth + 1) ")" } } {
                    @if nth > 0 { a rel="prev" href=(to(nth - 1)) { "← " (words.page.previous) } }
                    @if nth + 1 < of { a rel="next" href=(to(nth + 1)) { (words.page.next) " →" } }
                }
            }
        }
    }
}

/// Cuts a list into stretches of at most this weight, each of one item at least.
fn split(weights: &[usize], most: usize) -> Vec<Range<usize>> {
    let (mut ranges, mut start, mut sum) = (Vec::new(), 0, 0);
    for (at, weight) in weights.iter().enumerate() {
        if at > start && sum + weight > most {
            ranges.push(start..at);
            (start, sum) = (at, 0);
        }
        sum += weight;
    }
    ranges.push(start..weights.len());
    ranges
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn stretches_are_as_long_as_they_may_be_and_lose_nothing() {
        assert_eq!(split(&[1, 1, 1, 1, 1], 2), [0..2, 2..4, 4..5]);
        assert_eq!(split(&[5, 1, 1, 9], 3), [0..1, 1..3, 3..4]);
        assert_eq!(split(&[1, 9], 10), vec![0..2; 1]);
    }
}
