//! From the files of a folder to a policy, or to all that is wrong with it.

use std::collections::BTreeMap;

use super::model::Policy;
use super::{hash, http, parse, resolve};
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::Schema;
use crate::source::{Source, Span};

/// What became of a folder.
#[derive(Debug)]
pub struct Compiled {
    /// The policy, if there is no error.
    pub policy: Option<Policy>,
    /// All findings, of all files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses, resolves and checks a folder. Schemas are those of `live` (by system), and where that has none, the locked ones.
pub fn compile(source: &Source, live: Option<&BTreeMap<String, Schema>>) -> Compiled {
    let (folder, mut diagnostics) = parse::parse(source);
    let mut schemas = folder.schemas.clone();
    schemas.extend(live.into_iter().flatten().map(|(name, schema)| (name.clone(), schema.clone())));
    schemas.extend(http::schemas(&folder));
    let unread = resolve::Unread::of(source, &diagnostics);
    let (policy, findings) = resolve::resolve(&folder, &schemas, hash::hash(source), unread);
    diagnostics.extend(findings);
    quote_no_secret(source, &mut diagnostics);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    Compiled { policy: policy.filter(|_| !failed), diagnostics }
}

/// Takes out what was found at a secret, or says one: the secret itself is the finding.
fn quote_no_secret(source: &Source, findings: &mut Vec<Diagnostic>) {
    let places: Vec<Span> =
        findings.iter().filter(|f| f.code == codes::SECRET).flat_map(|f| &f.labels).map(|l| l.span).collect();
    if places.is_empty() {
        return;
    }
    let text = |at: &Span| source.file(at.file).text.get(at.start as usize..at.end as usize);
    let secrets: Vec<&str> = places.iter().filter_map(text).map(|s| s.trim_matches(['"', '\''])).collect();
    let overlaps = |at: Span| places.iter().any(|p| p.file == at.file && p.start < at.end && at.start < p.end);
    let says = |text: &str| secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret));
    findings.retain(|f| {
        let words = f.labels.iter().map(|l| &l.text).chain([&f.message]).chain(&f.help);
        f.code == codes::SECRET || !(f.labels.iter().any(|l| overlaps(l.span)) || words.into_iter().any(|w| says(w)))
    });
}
