//! Links and personal columns proposed for real schemas, against what is known of them.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::open::Opened;
use crate::score_links::{Score, proposal};

/// The application cases.
const CASES: [&str; 2] = ["lobsters", "zammad"];

/// One block for each case that can be loaded.
pub fn report(cases: &Path) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut text = String::new();
    for case in CASES {
        if let Some(opened) = Opened::case(cases, case) {
            let score = runtime.block_on(async { Score::of(&opened, &proposal(&opened).await) });
            writeln!(text, "{score}")?;
        }
    }
    Ok(text)
}
