//! The parts of the language that plans do not carry out yet: each is reported where it stands, none is ignored.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
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
}
