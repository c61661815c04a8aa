//! The parts of the language that plans do not carry out yet: each is reported where it stands, none is ignored.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::written;
use crate::source::Span;

impl Draft<'_> {
    /// Reports one part of the language as not planned yet.
    pub(super) fn not_yet(&mut self, feature: &str, at: Span) {
        self.findings.push(
            Diagnostic::error(
                codes::NOT_YET,
                format!("not planned yet: {feature}"),
                at,
                "read, but no plan carries it out",
            )
            .help("leave it out for now; the folder does not compile with it, so that nothing is silently missed"),
        );
    }

    /// Everything that no other step meets.
    pub(super) fn report_not_yet(&mut self) {
        let mut found: Vec<(String, Span)> = Vec::new();
        limits(&self.folder.company.limits, &mut found);
        for system in &self.folder.systems {
            limits(&system.limits, &mut found);
        }
        for (feature, at) in found {
            self.not_yet(&feature, at);
        }
    }
}

fn limits(limits: &written::Limits, found: &mut Vec<(String, Span)>) {
    found.extend(limits.rows_per_second.as_ref().map(|l| ("`rows_per_second`".to_owned(), l.at)));
}
