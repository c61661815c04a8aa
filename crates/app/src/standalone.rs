//! The frame of pages that stand alone: whatever opens them, they run nothing and load nothing but what is said here.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A page.
pub struct Page<'a> {
    /// Code of its language.
    pub language: &'a str,
    pub title: &'a str,
    pub style: &'a str,
    /// What may apply all the same: directives of a Content Security Policy, after `default-src 'none'`.
    pub may: &'a str,
    /// Further lines of its head.
    pub head: Markup,
    pub body: Markup,
}

/// For [`Page::may`]: any style that stands in the page.
pub const OWN_STYLE: &str = "style-src 'unsafe-inline'";

impl Page<'_> {
    /// The whole page.
    pub fn draw(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content={ "default-src 'none'; " (self.may) };
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    (self.head)
                    title { (self.title) }
                    style { (PreEscaped(self.style)) }
                }
                body { (self.body) }
            }
        };
        page.into_string()
    }
}
