//! The help desk twice: one copy for Upheld, one for the statements written by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use connect::testing::{DURABLE, PgServer};

use crate::hand::{Cell, Hand};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// As tables name it.
    pub fn name(self) -> &'static str {
        if self == Engine::Sqlite { "SQLite" } else { "PostgreSQL" }
    }
}

/// Both copies.
pub struct World {
    /// The folder with Upheld's copy.
    pub dir: PathBuf,
    /// What the generator said it made.
    pub company: String,
    hand: [String; 2],
    upheld: [String; 2],
    _server: Option<PgServer>,
}

const NAMES: [&str; 2] = ["helpdesk", "billing"];

impl World {
    /// Makes the company in the fresh folder `dir` with the program `upheld`, and copies its databases. A server runs on
    /// its own core if one is named.
    pub fn make(engine: Engine, dir: &Path, upheld: &Path, persons: u64, core: Option<&str>) -> Result<World> {
        let mut demo = Command::new(upheld);
        demo.args(["--json", "demo", "--only-make", "--persons", &persons.to_string(), "--dir"]).arg(dir);
        let world = match engine {
            Engine::Sqlite => {
                let company = make(&mut demo)?;
                let address = |folder: &Path, name| format!("sqlite://{}/{name}.db", folder.display());
                let (databases, copies) = (dir.join("databases"), dir.join("by-hand"));
                std::fs::create_dir(&copies)?;
                for name in NAMES {
                    let file = format!("{name}.db");
                    std::fs::copy(databases.join(&file), copies.join(&file))?;
                }
                World {
                    dir: dir.to_owned(),
                    company,
                    hand: NAMES.map(|n| address(&copies, n)),
                    upheld: NAMES.map(|n| address(&databases, n)),
                    _server: None,
                }
            }
            Engine::Postgres => {
                let server = PgServer::start_with(DURABLE);
                if let Some(core) = core {
                    let lock = std::fs::read_to_string(server.folder().join("data/postmaster.pid"))?;
                    pin(core, lock.lines().next().unwrap_or_default())?;
                }
                let upheld = NAMES.map(|name| server.create_database(name));
                let company = make(demo.arg("--helpdesk").arg(&upheld[0]).arg("--billing").arg(&upheld[1]))?;
                let hand = NAMES.map(|name| {
                    server.psql("postgres", &format!("create database hand_{name} template {name}"));
                    server.url(&format!("hand_{name}"))
                });
                for name in ["helpdesk", "billing", "hand_helpdesk", "hand_billing"] {
                    server.psql(name, "vacuum analyze");
                }
                server.psql("postgres", "checkpoint");
                World { dir: dir.to_owned(), company, hand, upheld, _server: Some(server) }
            }
        };
        // A task waits for people, and how long they take is not measured here.
        std::fs::remove_file(dir.join("helpdesk/systems/paper-archive.toml"))?;
        // Files lie in no database, and by hand nobody deletes them.
        std::fs::remove_file(dir.join("helpdesk/systems/uploads.toml"))?;
        let map = dir.join("helpdesk/systems/helpdesk.toml");
        let text = std::fs::read_to_string(&map)?;
        std::fs::write(&map, text.replace(", file = \"uploads\", shared_by = \"sha256\"", ""))?;
        Ok(world)
    }

    /// Connections for the statements written by hand.
    pub async fn hand(&self) -> Result<Hand> {
        Hand::open(&self.hand[0], &self.hand[1]).await
    }

    /// Addresses of persons, spread over the whole company, no two of one organisation.
    pub async fn subjects(&self, persons: u64, count: usize) -> Result<Vec<String>> {
        const FIRST: u64 = 31;
        let step = persons.saturating_sub(FIRST) / count as u64 / 10 * 10;
        ensure!(step >= 10, "{count} subjects need more persons: try --persons {}", FIRST as usize + 20 * count);
        let mut hand = self.hand().await?;
        let mut found = Vec::new();
        for n in 0..count as u64 {
            let id = FIRST + n * step + n % 10;
            let sql = "select email from persons where id = $1 and phone is not null";
            let rows = hand.desk.rows(sql, &[Cell::Int(id as i64)]).await?;
            found.extend(rows.first().and_then(|row| row[0].text().map(str::to_owned)));
        }
        ensure!(found.len() == count, "every subject has an address and a phone number");
        Ok(found)
    }

    /// Are the copies still equal, row by row? Names the tables that differ.
    pub async fn differences(&self) -> Result<Vec<String>> {
        let mut upheld = Hand::open(&self.upheld[0], &self.upheld[1]).await?;
        let mut hand = self.hand().await?;
        let mut different = Vec::new();
        for (name, a, b) in
            [("helpdesk", &mut upheld.desk, &mut hand.desk), ("billing", &mut upheld.billing, &mut hand.billing)]
        {
            let (a, b) = (a.contents().await?, b.contents().await?);
            let tables = a.iter().filter(|(table, digest)| b.get(*table) != Some(*digest));
            different.extend(tables.map(|(table, _)| format!("{name}.{table}")));
        }
        Ok(different)
    }
}

fn make(demo: &mut Command) -> Result<String> {
    let made = demo.output().with_context(|| format!("cannot run {}", demo.get_program().display()))?;
    if !made.status.success() {
        bail!("the sample was not made: {}", String::from_utf8_lossy(&made.stderr));
    }
    let told: serde_json::Value = serde_json::from_slice(&made.stdout)?;
    Ok(told["company"].as_str().unwrap_or_default().to_owned())
}

/// Lets a process and all its threads run on one core only.
pub fn pin(core: &str, process: &str) -> Result<()> {
    let done = Command::new("taskset").args(["-acp", core, process]).output().context("taskset is needed to pin")?;
    ensure!(done.status.success(), "taskset: {}", String::from_utf8_lossy(&done.stderr).trim());
    Ok(())
}
