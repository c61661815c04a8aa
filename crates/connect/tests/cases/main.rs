//! What is proposed for the databases of two open-source applications, against what is known of them. Skipped where the
//! cases or Python's driver for PostgreSQL are absent.

mod open;
mod score;

use std::path::{Path, PathBuf};

use open::Opened;

/// The folder of cases beside the repository.
fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).join("../shared/cases")
}

/// Nine of ten links found, at most one of ten wrong.
async fn holds(case: &str) {
    let Some(opened) = Opened::case(&cases(), case) else { return };
    let score = score::Score::of(&opened, &score::proposal(&opened).await);
    eprintln!("{score}");
    assert!(score.structural.share() >= 0.9, "{score}");
    assert!(score.right_share() >= 0.9, "{score}");
}

#[tokio::test]
async fn lobsters() {
    holds("lobsters").await;
}

#[tokio::test]
async fn zammad() {
    holds("zammad").await;
}
