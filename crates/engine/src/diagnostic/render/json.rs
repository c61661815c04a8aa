//! Findings for programs.

use serde::Serialize;

use super::{count, files, sorted};
use crate::diagnostic::{Code, Diagnostic, Label, Severity};
use crate::source::{Source, Span};

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Finding<'a>>,
    errors: usize,
    warnings: usize,
    notes: usize,
    files: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    help: Option<&'a str>,
    also: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'a str,
}

/// All findings as one JSON object: `findings` (each with `code`, `severity`, `message`, `file`, `line`, `column`,
/// `end_line`, `end_column`, `label`, `help`, and further places in `also`), `errors`, `warnings`, `notes`, `files`. Lines
/// and columns count from 1, columns in characters; the end is one past the last character.
pub fn json(findings: &[Diagnostic], source: &Source) -> String {
    let report = Report {
        findings: sorted(findings, source).into_iter().map(|d| finding(d, source)).collect(),
        errors: count(findings, Severity::Error),
        warnings: count(findings, Severity::Warning),
        notes: count(findings, Severity::Note),
        files: files(findings),
    };
    serde_json::to_string_pretty(&report).expect("strings and numbers always serialise")
}

fn finding<'a>(d: &'a Diagnostic, source: &'a Source) -> Finding<'a> {
    let mut places = d.labels.iter().map(|l| place(l, source));
    Finding {
        code: d.code,
        severity: d.severity,
        message: &d.message,
        place: places.next(),
        help: d.help.as_deref(),
        also: places.collect(),
    }
}

fn place<'a>(label: &'a Label, source: &'a Source) -> Place<'a> {
    let (line, column) = source.line_column(label.span);
    let (end_line, end_column) = source.line_column(Span { start: label.span.end, ..label.span });
    Place { file: &source.file(label.span.file).path, line, column, end_line, end_column, label: &label.text }
}
