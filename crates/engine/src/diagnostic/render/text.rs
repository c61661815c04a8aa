//! Findings for people, in the manner of rustc.

use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{count, files, sorted};
use crate::diagnostic::{Diagnostic, Label, Severity, codes};
use crate::source::{FileId, Source, Span};

/// All findings with underlines and help, then notes in a line each, how to learn more of each code, and one summary line
/// last. Empty if there are no findings.
pub fn text(findings: &[Diagnostic], source: &Source, color: bool) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let secrets: Vec<Span> =
        findings.iter().filter(|d| d.code == codes::SECRET).flat_map(|d| &d.labels).map(|l| l.span).collect();
    let (notes, others): (Vec<_>, Vec<_>) =
        sorted(findings, source).into_iter().partition(|d| d.severity == Severity::Note);
    for d in others {
        out.push_str(&renderer.render(&[group(d, source, &secrets)]));
        out.push_str("\n\n");
    }
    notes.iter().for_each(|d| out.push_str(&note(d, source)));
    if !notes.is_empty() {
        out.push('\n');
    }
    out.push_str(&learn_more(findings));
    out.push_str(&summary(findings));
    out.push('\n');
    out
}

fn group<'a>(d: &'a Diagnostic, source: &'a Source, secrets: &[Span]) -> Group<'a> {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(d.message.as_str()).id(d.code.0);
    let mut group = match d.labels.first() {
        Some(label) if shows(d, source, secrets) => title.element(place(label, source)),
        _ => title.elements(snippets(d, source)),
    };
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// A note in one line: nobody has to act on it, so it must not hide what is above.
fn note(d: &Diagnostic, source: &Source) -> String {
    let place = d.labels.first().map(|label| {
        let (line, column) = source.line_column(label.span);
        format!("{}:{line}:{column}: ", source.file(label.span.file).path)
    });
    format!("note[{}]: {}{}\n", d.code.0, place.unwrap_or_default(), d.message)
}

/// Would the lines of a finding show a secret?
fn shows(d: &Diagnostic, source: &Source, secrets: &[Span]) -> bool {
    secrets.iter().any(|secret| {
        let labels: Vec<(usize, &Label)> =
            d.labels.iter().enumerate().filter(|(_, l)| l.span.file == secret.file).collect();
        let lines = window(&source.file(secret.file).text, &labels);
        !labels.is_empty() && (secret.start as usize) < lines.end && lines.start < secret.end as usize
    })
}

/// A place without the line that stands there: a secret is never printed.
fn place<'a>(label: &Label, source: &'a Source) -> Origin<'a> {
    let (line, column) = source.line_column(label.span);
    Origin::path(source.file(label.span.file).path.as_str()).line(line).char_column(column)
}

/// One snippet for each file, the primary label's first.
fn snippets<'a>(d: &'a Diagnostic, source: &'a Source) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut of_files: Vec<FileId> = Vec::new();
    for label in &d.labels {
        if !of_files.contains(&label.span.file) {
            of_files.push(label.span.file);
        }
    }
    of_files.into_iter().map(|file| snippet(d, file, source)).collect()
}

fn snippet<'a>(d: &'a Diagnostic, id: FileId, source: &'a Source) -> Snippet<'a, Annotation<'a>> {
    let file = source.file(id);
    let labels: Vec<(usize, &Label)> = d.labels.iter().enumerate().filter(|(_, l)| l.span.file == id).collect();
    let window = window(&file.text, &labels);
    let line = file.text[..window.start].matches('\n').count() + 1;
    let annotations = labels.into_iter().map(|(nth, label)| {
        let kind = if nth == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let span = label.span.start as usize - window.start..label.span.end as usize - window.start;
        let words = (!label.text.is_empty()).then_some(label.text.as_str());
        kind.span(span).label(words)
    });
    Snippet::source(&file.text[window.clone()]).path(file.path.as_str()).line_start(line).annotations(annotations)
}

/// The whole lines that hold all labels, so that a long file is not scanned again for each finding.
fn window(text: &str, labels: &[(usize, &Label)]) -> Range<usize> {
    let start = labels.iter().map(|(_, l)| l.span.start as usize).min().unwrap_or(0);
    let end = labels.iter().map(|(_, l)| l.span.end as usize).max().unwrap_or(0);
    let from = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let to = text[end..].find('\n').map_or(text.len(), |i| end + i);
    from..to
}

fn learn_more(findings: &[Diagnostic]) -> String {
    let codes: BTreeSet<&str> = findings.iter().map(|d| d.code.0).collect();
    let first = codes.first().copied().unwrap_or_default();
    match codes.len() {
        1 => format!("For more about {first}, run `upheld explain {first}`.\n"),
        n => format!("{n} codes; for more about one, run `upheld explain {first}`.\n"),
    }
}

fn summary(findings: &[Diagnostic]) -> String {
    let parts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let parts: Vec<String> = parts
        .map(|(severity, word)| (count(findings, severity), word))
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| many(n, word))
        .collect();
    match files(findings) {
        0 => parts.join(", "),
        n => format!("{} in {}", parts.join(", "), many(n, "file")),
    }
}

fn many(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    fn sample() -> (Source, Vec<Diagnostic>) {
        let mut source = Source::default();
        let b = source.add("systems/b.toml", "a = 1\nname = \"Ødegård\"\n");
        let a = source.add("a.toml", "x");
        let late = Diagnostic::error(Code("U0101"), "unknown word", Span { file: b, start: 6, end: 10 }, "not known")
            .label(Span { file: b, start: 0, end: 1 }, "first seen here")
            .help("write `a`");
        let early = Diagnostic::error(Code("U0214"), "odd", Span { file: a, start: 0, end: 1 }, "").warning();
        let note =
            Diagnostic::error(Code("U0414"), "may well be so", Span { file: a, start: 0, end: 1 }, "here").note();
        (source, vec![note, late, early])
    }

    #[test]
    fn draws_all_findings_by_file_and_counts_them() {
        let (source, findings) = sample();
        let expected = "\
warning[U0214]: odd
 --> a.toml:1:1
  |
1 | x
  | ^

error[U0101]: unknown word
 --> systems/b.toml:2:1
  |
1 | a = 1
  | - first seen here
2 | name = \"Ødegård\"
  | ^^^^ not known
  |
  = help: write `a`

note[U0414]: a.toml:1:1: may well be so

3 codes; for more about one, run `upheld explain U0101`.
1 error, 1 warning, 1 note in 2 files
";
        assert_eq!(text(&findings, &source, false), expected);
        assert!(text(&findings, &source, true).contains("\u{1b}["));
    }

    #[test]
    fn json_names_places_from_one() {
        let (source, findings) = sample();
        let value: serde_json::Value = serde_json::from_str(&super::super::json(&findings, &source)).unwrap();
        assert_eq!(value["errors"], 1);
        assert_eq!((&value["warnings"], &value["notes"]), (&1.into(), &1.into()));
        let late = &value["findings"][2];
        assert_eq!((&late["line"], &late["column"], &late["end_column"]), (&2.into(), &1.into(), &5.into()));
        assert_eq!(late["also"][0]["line"], 1);
    }
}
