//! One access and one erasure of one person, beside the same work written by hand in SQL.
//!
//! Both work on a copy of the same help desk, on the same persons, taking turns; afterwards the copies must be equal row by
//! row. Time in the target databases is taken at the connector.

#[allow(dead_code)]
#[path = "../../crates/app/src/casework/certificate.rs"]
mod certificate;
#[allow(dead_code)]
#[path = "../../crates/app/src/clock.rs"]
mod clock;
mod company;
mod hand;
#[allow(dead_code, unused_imports)]
#[path = "../../crates/app/src/package/mod.rs"]
mod package;
mod parts;
mod report;
#[allow(dead_code)]
#[path = "../../crates/app/src/standalone.rs"]
mod standalone;
#[allow(dead_code)]
#[path = "../../crates/app/src/casework/summary.rs"]
mod summary;
mod timed;
mod trial;
mod upheld;
mod world;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use trial::trial;
use world::Engine;

/// Measure access and erasure of one person beside the same work written by hand in SQL.
#[derive(Parser)]
pub struct Args {
    /// Customers of the sample company; 33,000 make a million rows.
    #[arg(long, default_value_t = 33_000)]
    persons: u64,
    /// Subjects of each request, all different.
    #[arg(long, default_value_t = 30)]
    subjects: usize,
    /// Databases; both where none is named.
    #[arg(long, value_enum)]
    engine: Vec<Engine>,
    /// Cores of the client and of the server, such as `0,1`; nothing is pinned where they are not given.
    #[arg(long, value_name = "CLIENT,SERVER")]
    cores: Option<String>,
    /// The program that makes the sample; beside this one if not given.
    #[arg(long, value_name = "PROGRAM")]
    upheld: Option<PathBuf>,
    /// Where databases are made and removed.
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    dir: PathBuf,
    /// Print the dearest statements too.
    #[arg(long, value_name = "N", default_value_t = 0)]
    statements: usize,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Only fulfil one request on a sample that is there, and print what it cost.
    #[arg(long, hide = true, num_args = 4, value_names = ["DIR", "RIGHT", "EMAIL", "GIVEN"])]
    cold: Option<Vec<String>>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    if let Some(request) = &args.cold {
        return print(&serde_json::to_string(&trial::cold(request).await?)?);
    }
    let cores = args.cores.as_deref().map(|c| c.split_once(',').unwrap_or((c, c)));
    if let Some((client, _)) = cores {
        world::pin(client, &std::process::id().to_string())?;
    }
    let beside = std::env::current_exe()?.with_file_name("upheld");
    let upheld = args.upheld.clone().unwrap_or(beside);
    std::fs::create_dir_all(&args.dir).with_context(|| format!("cannot make {}", args.dir.display()))?;
    let root = std::fs::canonicalize(&args.dir)?;
    let engines = if args.engine.is_empty() { vec![Engine::Sqlite, Engine::Postgres] } else { args.engine.clone() };
    let (mut all, mut companies) = (Vec::new(), Vec::new());
    for engine in engines {
        let dir = root.join(format!("{}-{}", engine.name().to_lowercase(), std::process::id()));
        let world = world::World::make(engine, &dir, &upheld, args.persons, cores.map(|c| c.1))?;
        let done = trial(&world, engine, &args).await;
        companies.push(world.company.clone());
        std::fs::remove_dir_all(&dir)?;
        all.extend(done?);
    }
    if args.json {
        return print(&serde_json::to_string_pretty(&report::json(&all))?);
    }
    let pinned = cores.map_or("nothing pinned".to_owned(), |(c, s)| format!("client on core {c}, server on core {s}"));
    print(&format!("{}. Medians of {} subjects; {pinned}.\n", companies[0], args.subjects))?;
    print(&report::markdown(&all, args.statements))
}

fn print(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
