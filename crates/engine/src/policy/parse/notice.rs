//! `notice.md`: the head between two lines `+++`, which is TOML, and the words below it.

use super::file;
use super::said;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::NOTICE;
use crate::policy::written::{Declaration, Folder, Words};
use crate::source::{At, FileId, Span};

const FENCE: &str = "+++";

/// Reads the head as the declaration `notice:head`, and keeps the words.
pub(super) fn read(folder: &mut Folder, id: FileId, text: &str) -> Vec<Diagnostic> {
    let Some((head, body)) = parts(text) else {
        folder.notice = Some(Words { file: id, begins: 0, text: text.to_owned() });
        return no_end(id, text);
    };
    folder.notice = Some(Words { file: id, begins: text.len() - body.len(), text: body.to_owned() });
    // Blanks instead of the first fence, so that every place is that of the file.
    let begin = begins(text).unwrap_or_default();
    let blanked = format!("{}{}", " ".repeat(begin + FENCE.len()), &head[begin + FENCE.len()..]);
    let at = fence(id, begin);
    file::read(id, &blanked, NOTICE.shape, |k, _| {
        let values = said::values(k, NOTICE.shape);
        folder.said.push(Declaration { family: &NOTICE, id: At::new("head".to_owned(), at), at, values });
    })
}

fn fence(file: FileId, begin: usize) -> Span {
    let start = u32::try_from(begin).unwrap_or_default();
    Span { file, start, end: start + u32::try_from(FENCE.len()).unwrap_or_default() }
}

/// The head with its first fence, and what follows the second one.
fn parts(text: &str) -> Option<(&str, &str)> {
    let begin = begins(text)?;
    let after = begin + FENCE.len();
    let end = after + text[after..].find("\n+++")? + 1;
    Some((&text[..end], &text[end + FENCE.len()..]))
}

/// Where the first fence stands: at the beginning, or after a byte order mark and empty lines.
fn begins(text: &str) -> Option<usize> {
    let words = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    words.starts_with(FENCE).then(|| text.len() - words.len())
}

fn no_end(id: FileId, text: &str) -> Vec<Diagnostic> {
    let Some(begin) = begins(text) else { return Vec::new() };
    let at = fence(id, begin);
    let finding = Diagnostic::error(codes::SYNTAX, "the head of the notice does not end", at, "begins here");
    vec![finding.help("close it with a line `+++`")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_words() {
        let text = "+++\ntitle = \"Privacy\"\n+++\n# Hello\n";
        assert_eq!(parts(text), Some(("+++\ntitle = \"Privacy\"\n", "\n# Hello\n")));
        assert_eq!(parts("# Hello\n"), None);
        assert_eq!(parts("\u{feff}\r\n+++\nx = 1\n+++\nHi\n").map(|(_, body)| body), Some("\nHi\n"));
        assert_eq!(parts("+++\ntitle = 1\n"), None);
    }

    #[test]
    fn a_head_is_a_declaration_with_its_places() {
        let text = "+++\ntitle = \"Privacy\"\nversion = \"3\"\neffective = \"2026-13-01\"\n+++\nHello\n";
        let mut folder = Folder::default();
        let found = read(&mut folder, FileId(0), text);
        assert_eq!(folder.said[0].text("version"), Some("3"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(&text[found[0].labels[0].span.start as usize..][..12], "\"2026-13-01\"");
        assert_eq!(folder.notice.map(|w| w.text), Some("\nHello\n".to_owned()));
    }
}
