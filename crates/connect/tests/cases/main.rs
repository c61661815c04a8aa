//! What is proposed for the databases of two open-source applications, against what is known of them. Skipped where the
//! cases or Python's driver for PostgreSQL are absent.

mod apps;
mod asked;
mod carried;
mod edna;
mod k9db;
mod open;
mod outcome;
mod raw;
mod score;

use std::path::{Path, PathBuf};

use open::Opened;

use engine::policy::model::SystemKind;

/// The folder of cases: `UPHELD_CASES`, or the one beside the repository.
fn cases() -> PathBuf {
    if let Some(folder) = std::env::var_os("UPHELD_CASES") {
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

/// Scripts of our own, on both kinds of database; and those of the folder of cases.
async fn annotated() -> Vec<outcome::Outcome> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/k9db/scripts");
    let theirs = cases().join("k9db-scripts");
    if !theirs.is_dir() {
        eprintln!("skipped k9db-scripts: there is no {}", theirs.display());
    }
    let mut outcomes = k9db::run("annotated", &own, SystemKind::Sqlite, 1).await;
    outcomes.extend(k9db::run("annotated-pg", &own, SystemKind::Postgres, 1).await);
    outcomes.extend(k9db::run("k9db", &theirs, SystemKind::Sqlite, 1).await);
    outcomes.extend(k9db::run("k9db-pg", &theirs, SystemKind::Postgres, 4).await);
    outcomes
}

/// All cases, named one by one; `--nocapture` shows the table.
#[tokio::test]
async fn table() {
    let mut outcomes = annotated().await;
    outcomes.extend(apps::own("forum").await);
    outcomes.extend(apps::theirs(&cases(), "lobsters").await);
    outcomes.extend(edna::run(&cases(), "websubmit").await);
    outcome::print(&outcomes);
    outcome::judge(&outcomes);
}

/// People leave these applications and come back; each has a line in the table above.
#[tokio::test]
async fn edna_websubmit() {
    let outcomes = edna::run(&cases(), "websubmit").await;
    outcome::print(&outcomes);
    outcome::judge(&outcomes);
}
