//! Words: terms that the notice does not use, and categories that nobody explains (U1102).

use jiff::civil::Date;

use super::at;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// Terms that the notice does not use, and categories that purposes or recipients name and that have no meaning.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let words = said.notice.as_ref().map(|n| n.text.to_lowercase()).unwrap_or_default();
    let unused = said.of("term").filter(|t| t.text("word").is_some_and(|w| !words.contains(&w.to_lowercase())));
    let unused = unused.map(|t| {
        let message = format!("the notice does not use the term `{}`", t.text("word").unwrap_or_default());
        at(codes::NOTICE_TERM, t, "word", message, "explained, and not used").help("use the word, or take the term out")
    });
    let empty = said.of("category").filter(|c| c.list("covers").is_empty()).map(|c| {
        let message = format!("the category `{}` stands for nothing", c.id.it);
        at(codes::NOTICE_TERM, c, "covers", message, "covers no data")
            .help("name the keys of the taxonomy that it covers")
    });
    unused.chain(empty).collect()
}
