//! What a folder must fulfil beyond having names that resolve; one file for each rule or closely related group.

use crate::diagnostic::Diagnostic;
use crate::policy::resolve::Draft;

/// A check looks at a draft and reports what it finds.
pub type Check = fn(&Draft<'_>) -> Vec<Diagnostic>;

/// All checks.
pub const CHECKS: &[Check] = &[];
