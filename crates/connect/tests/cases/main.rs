//! Cases from elsewhere: other people's models of whose data is whose, expressed in our language, and whole applications.
//! And what is proposed for the databases of two of those, against what is known of them. What lies outside the repository
//! is skipped, with a printed line, where it is absent; so are applications where Python's driver for PostgreSQL is.

mod apps;
mod asked;
mod carried;
mod delf;
mod edna;
mod k9db;
mod open;
mod outcome;
mod raw;
mod score;

use std::path::{Path, PathBuf};

use open::Opened;

/// The folder of cases: `UPHELD_CASES_FOLDER`, or the one beside the repository.
fn cases() -> PathBuf {
    if let Some(folder) = std::env::var_os("UPHELD_CASES_FOLDER") {
        return folder.into();
    }
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

/// All cases, named one by one; `--nocapture` shows the table.
#[tokio::test]
async fn table() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/k9db/scripts");
    let mut outcomes = k9db::own(&scripts).await;
    outcomes.extend(k9db::made().await);
    outcomes.extend(k9db::published(&cases()).await);
    outcomes.extend(delf::published(&cases()).await);
    outcomes.extend(apps::own("forum").await);
    outcomes.extend(apps::theirs(&cases(), "lobsters").await);
    outcomes.extend(apps::theirs(&cases(), "zammad").await);
    for name in ["websubmit", "lobsters", "hotcrp", "unit"] {
        outcomes.extend(edna::run(&cases(), name).await);
    }
    outcome::print(&outcomes);
    outcome::judge(&outcomes);
}

/// People leave these applications and come back; each has its lines in the table above.
async fn returns(name: &str) {
    let outcomes = edna::run(&cases(), name).await;
    outcome::print(&outcomes);
    outcome::judge(&outcomes);
}

#[tokio::test]
async fn edna_websubmit() {
    returns("websubmit").await;
}

#[tokio::test]
async fn edna_lobsters() {
    returns("lobsters").await;
}

#[tokio::test]
async fn edna_hotcrp() {
    returns("hotcrp").await;
}

#[tokio::test]
async fn edna_unit() {
    returns("unit").await;
}
