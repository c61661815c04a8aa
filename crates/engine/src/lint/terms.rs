//! Words: terms that the notice does not use, and categories that stand for nothing (U1102).

use jiff::civil::Date;

use super::at;
use crate::diagnostic::{Diagnostic, codes};
use crate::notice::fill::{filled, flat};
use crate::policy::model::{Policy, Said};

/// Terms that the notice does not use, and categories that cover no data.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let words = flat(&filled(said)).to_lowercase();
    let unused = said.of("term").filter(|t| t.text("word").is_some_and(|w| !uses(&words, &flat(w).to_lowercase())));
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

/// Does a text have a term, not as part of a longer word? Endings may follow, since words are inflected.
fn uses(text: &str, term: &str) -> bool {
    text.match_indices(term).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}
