//! The sections of a folder that could not be read whole: that a thing is not said proves nothing if it may stand there.

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::source::{FileId, Source};

/// Texts of sections with a syntax error or a key given twice.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    sections: Vec<(FileId, String)>,
}

impl Unread {
    /// What the parser's findings leave open.
    pub fn of(source: &Source, findings: &[Diagnostic]) -> Unread {
        const LEAVE_OPEN: [Code; 2] = [codes::SYNTAX, codes::DUPLICATE_KEY];
        let open = findings.iter().filter(|d| LEAVE_OPEN.contains(&d.code)).filter_map(|d| d.labels.first());
        let sections = open.map(|label| {
            let text = &source.file(label.span.file).text;
            (label.span.file, section(text, label.span.start as usize).to_owned())
        });
        Unread { sections: sections.collect() }
    }

    /// May something be said of these names together in a part of the file that could not be read?
    pub fn may_name(&self, file: FileId, names: &[&str]) -> bool {
        self.sections.iter().any(|(f, text)| *f == file && names.iter().all(|name| text.contains(name)))
    }
}

/// The section around a place, from its header to the next one.
fn section(text: &str, at: usize) -> &str {
    let line = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let start = if text[line..].starts_with('[') { line } else { text[..line].rfind("\n[").map_or(0, |i| i + 1) };
    let end = text[at..].find("\n[").map_or(text.len(), |i| at + i);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_goes_from_header_to_header() {
        let text = "a = 1\n[one]\nb = [\n1\n[two]\nc = 2\n";
        assert_eq!(section(text, 13), "[one]\nb = [\n1");
        assert_eq!(section(text, 7), "[one]\nb = [\n1");
        assert_eq!(section(text, 2), "a = 1");
        assert_eq!(section(text, text.len()), "[two]\nc = 2\n");
    }
}
