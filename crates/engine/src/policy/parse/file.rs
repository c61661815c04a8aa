//! One TOML file: its tree, its fields, and which findings are worth telling.

use std::cell::RefCell;
use std::ops::Range;

use super::reader::{Keys, Reader};
use super::secret;
use super::tree::{SyntaxError, Tree, mend};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::Shape;
use crate::source::{FileId, Span};

/// Reads one file with a function from its top-level table and whether something was cut off.
pub(super) fn read(
    file: FileId,
    text: &str,
    shape: &'static Shape,
    fields: impl FnOnce(&mut Keys<'_>, bool),
) -> Vec<Diagnostic> {
    let (mended, errors) = mend(text);
    let tree = Tree::read(&mended, errors);
    let reader = Reader { file, text, findings: RefCell::default(), named_at: None };
    let broken = !tree.errors.is_empty() || !tree.duplicates.is_empty();
    Keys::read(&reader, &tree.root, reader.span(0..0), shape, |k| fields(k, broken));
    let mut findings = reader.findings.take();
    findings.retain(|finding| !tree.errors.iter().any(|error| follows_from(finding, error, text)));
    findings.extend(tree.errors.iter().map(|error| syntax(&reader, error)));
    findings.extend(tree.duplicates.iter().map(|at| duplicate(&reader, at.clone())));
    about_secrets(&reader, &mut findings);
    findings
}

/// Is a finding a mere consequence of a syntax error? It is if it is about a place that the error touches, if a key is
/// missing in the section in which the error is, or if the header of the section is broken, so that its keys seem to be
/// those of another.
fn follows_from(finding: &Diagnostic, (error, _): &SyntaxError, text: &str) -> bool {
    let Some(at) = finding.labels.first().map(|l| l.span.start as usize..l.span.end as usize) else { return false };
    let touches = at.start <= error.end && error.start <= at.end;
    let section = section(text, error.start);
    let header = text.get(section..error.start).is_some_and(|before| before.starts_with('[') && !before.contains('\n'));
    touches
        || (finding.code == codes::MISSING_KEY && at.start == section)
        || (finding.code == codes::UNKNOWN_KEY && header && section == self::section(text, at.start))
}

/// Where the header of the section begins that a place is in.
fn section(text: &str, place: usize) -> usize {
    text.get(..place).and_then(|before| before.rfind("\n[")).map_or(0, |newline| newline + 1)
}

fn syntax(reader: &Reader<'_>, (at, message): &SyntaxError) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, format!("this is not TOML: {message}"), reader.span(at.clone()), "cannot be read")
}

fn duplicate(reader: &Reader<'_>, at: Range<usize>) -> Diagnostic {
    let key = reader.text.get(at.clone()).unwrap_or_default();
    let message = format!("the key `{key}` is given twice");
    let finding = Diagnostic::error(codes::DUPLICATE_KEY, message, reader.span(at), "given again");
    finding.help("keep one of them, or put both together")
}

/// Adds the secrets that nobody reported yet, and takes out whatever else was found at a secret: it might quote it.
fn about_secrets(reader: &Reader<'_>, findings: &mut Vec<Diagnostic>) {
    let is_secret = |f: &Diagnostic| f.code == codes::SECRET;
    let mut secrets: Vec<Diagnostic> = findings.iter().filter(|f| is_secret(f)).cloned().collect();
    for at in secret::places(reader.text) {
        let place = reader.span(at);
        if !secrets.iter().any(|f| overlaps(f, place)) {
            secrets.push(secret::finding(place));
        }
    }
    findings.retain(|f| !is_secret(f) && !secrets.iter().any(|s| s.labels.iter().any(|l| overlaps(f, l.span))));
    findings.append(&mut secrets);
}

fn overlaps(finding: &Diagnostic, place: Span) -> bool {
    finding.labels.iter().any(|l| l.span.start < place.end && place.start < l.span.end)
}
