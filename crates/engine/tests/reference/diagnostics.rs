//! The page of all diagnostics.

use engine::diagnostic::catalogue::reference;

use crate::current;

#[test]
fn the_page_of_diagnostics_is_current() {
    current("diagnostics.md", &reference());
}
