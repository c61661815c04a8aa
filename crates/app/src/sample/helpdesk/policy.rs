//! The policy folder of Harbour Desk, built into the program so that the demonstration needs no other files.

use crate::sample::table::Engine;

const FILES: &[(&str, &str)] = &[
    ("policy.toml", include_str!("../../../../../examples/harbour-desk/policy.toml")),
    ("purposes.toml", include_str!("../../../../../examples/harbour-desk/purposes.toml")),
    ("recipients.toml", include_str!("../../../../../examples/harbour-desk/recipients.toml")),
    ("retention.toml", include_str!("../../../../../examples/harbour-desk/retention.toml")),
    ("rights.toml", include_str!("../../../../../examples/harbour-desk/rights.toml")),
    ("promises.toml", include_str!("../../../../../examples/harbour-desk/promises.toml")),
    ("notice.md", include_str!("../../../../../examples/harbour-desk/notice.md")),
    ("systems/helpdesk.toml", include_str!("../../../../../examples/harbour-desk/systems/helpdesk.toml")),
    ("systems/billing.toml", include_str!("../../../../../examples/harbour-desk/systems/billing.toml")),
    ("systems/uploads.toml", include_str!("../../../../../examples/harbour-desk/systems/uploads.toml")),
    ("systems/paper-archive.toml", include_str!("../../../../../examples/harbour-desk/systems/paper-archive.toml")),
];

/// The files of the policy folder, by their path in it, for databases of that engine.
///
/// The written folder says SQLite; only `kind` differs on other engines.
pub fn policy(engine: Engine) -> Vec<(&'static str, String)> {
    let word = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
        Engine::Mysql => "mysql",
    };
    let kind = |text: &str| text.replace("kind = \"sqlite\"", &format!("kind = \"{word}\""));
    FILES.iter().map(|(path, text)| (*path, kind(text))).collect()
}
