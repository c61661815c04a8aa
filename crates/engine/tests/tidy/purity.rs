//! What only some places may touch: the world at all, the clock, the environment, the database engine, the law.

use crate::{File, files, none, said, sources};

const CLOCKS: [&str; 4] = ["Timestamp::now", "Zoned::now", "SystemTime::now", "Utc::now"];

/// Places that may read a stopwatch, to show how long something took. It does not tell the time.
const STOPWATCHES: [&str; 1] = ["crates/app/src/cli/demo.rs"];
const STOPWATCH: &str = "Instant::now";

fn without(places: &[&str], files: Vec<File>) -> Vec<File> {
    files.into_iter().filter(|f| !f.is_in(places)).collect()
}

fn of(places: &[&str]) -> Vec<File> {
    sources().into_iter().filter(|f| f.is_in(places)).collect()
}

#[test]
fn engine_and_proof_are_pure() {
    let pure = without(&["crates/proof/src/bin/"], of(&["crates/engine/src/", "crates/proof/src/"]));
    let mut found = said(&pure, &["std::fs", "std::net", "std::env", "std::thread", "std::process", "std::os"]);
    found.extend(said(
        &pure,
        &["SystemTime", "Instant", "tokio", "async", "rand", "getrandom", "println!", "eprintln!"],
    ));
    found.extend(said(&pure, &CLOCKS));
    none("`engine` and `proof` do no input or output and take time and chance as parameters", found);
}

#[test]
fn only_the_clock_reads_the_time() {
    let others = without(&["crates/app/src/clock.rs"], sources());
    let mut found = said(&others, &CLOCKS);
    found.extend(said(&without(&STOPWATCHES, others), &[STOPWATCH]));
    let sql = files("migrations");
    found.extend(said(&sql, &["CURRENT_TIMESTAMP", "current_timestamp", "now()", "'now'"]));
    none("only `crates/app/src/clock.rs` reads the time", found);
}

#[test]
fn only_config_reads_the_environment() {
    let others = without(&["crates/app/src/config.rs", "crates/app/src/config/"], sources());
    let words = ["std::env", "env::var", "env::var_os", "env::vars", "env::set_var"];
    let mut found = said(&without(&["crates/proof/src/bin/"], others), &words);
    found.dedup_by_key(|f| f.split(' ').next().map(str::to_owned));
    none("only `config` of the program reads the environment", found);
}

#[test]
fn only_db_knows_the_engine_of_our_database() {
    let others = without(&["crates/store/src/db.rs"], of(&["crates/store/src/"]));
    let words = ["sqlite", "Sqlite", "SqlitePool", "SqliteConnection", "SqliteRow", "postgres", "Postgres", "PgPool"];
    let code: Vec<File> = others.into_iter().map(without_text).collect();
    none("only `crates/store/src/db.rs` knows which database holds our own data", said(&code, &words));
}

/// The same file with its string literals emptied, line by line: what an error says is no dependency.
fn without_text(file: File) -> File {
    let lines = file.text.lines().map(|line| line.split('"').step_by(2).collect::<Vec<_>>().join("\"\""));
    File { text: lines.collect::<Vec<_>>().join("\n"), path: file.path }
}

/// Statutes and regimes by the names that code would give them. Comments may cite.
const LAWS: [&str; 14] = [
    "GDPR", "CCPA", "CPRA", "LGPD", "PIPEDA", "PIPL", "DPDP", "APPI", "PDPA", "POPIA", "VCDPA", "HIPAA", "COPPA",
    "DSGVO",
];

#[test]
fn no_law_is_named_in_code() {
    // A sample company has a jurisdiction, as its customers have names.
    let code = without(&["crates/app/src/sample/"], sources());
    let names: Vec<String> = LAWS.iter().flat_map(|law| [law.to_string(), law.to_lowercase()]).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    none("the law lives in `rules/` and in the policy folder, never in Rust", said(&code, &names));
}
