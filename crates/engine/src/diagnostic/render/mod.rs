//! Findings for people and for programs. Both list all of them, sorted by file and place.

mod json;
mod sarif;
mod text;

pub use json::json;
pub use sarif::sarif;
pub use text::text;

use super::{Diagnostic, Severity};
use crate::source::Source;

/// Findings in the order in which they are shown: by path, place, code.
fn sorted<'a>(findings: &'a [Diagnostic], source: &Source) -> Vec<&'a Diagnostic> {
    let mut list: Vec<_> = findings.iter().collect();
    list.sort_by_cached_key(|d| {
        let place = d.labels.first().map(|l| (source.file(l.span.file).path.clone(), l.span.start, l.span.end));
        (place, d.code, d.message.clone())
    });
    list
}

/// How many findings there are of a severity.
fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|d| d.severity == severity).count()
}

/// How many files have findings.
fn files(findings: &[Diagnostic]) -> usize {
    let mut ids: Vec<_> = findings.iter().filter_map(|d| d.labels.first()).map(|l| l.span.file).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}
