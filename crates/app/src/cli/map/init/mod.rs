//! `upheld map init`.

mod address;
mod summary;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use connect::Options;
use engine::discover::propose::{Circumstances, propose};
use engine::discover::settle::settle;
use engine::discover::write::Frame;
use engine::policy::model::{Limits, SystemKind};
use engine::source::Source;

use super::super::Context;
use crate::clock;
use crate::terminal::{Misuse, progress, say_json};

/// Propose a policy folder from a live database that nobody has mapped yet.
///
/// Reads the structure and at most 1,000 rows of each table, changes nothing, and writes a folder that compiles. Each part
/// says in a comment what speaks for it; what cannot be decided is listed, not guessed. No value from a row is printed.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld map init sqlite:shop.db\n  upheld map init postgres://reader@db/desk --out acme --name desk --company 'Acme Ltd' --country NO\n\nThe folder never holds the address: it names an environment variable, and the output says how to set it."
)]
pub struct Args {
    /// Address of the database: postgres://.., mysql://.., sqlite:PATH, or the path of an SQLite file.
    #[arg(value_name = "DSN")]
    dsn: String,
    /// The folder to write; must not exist. Default: the name of the system.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Name of the system in the folder. Default: the name of the database.
    #[arg(long, value_name = "SYSTEM")]
    name: Option<String>,
    /// Name of the company.
    #[arg(long, value_name = "NAME", default_value = "Our company")]
    company: String,
    /// Country of the company, two letters; phone numbers without a country code belong to it.
    #[arg(long, value_name = "XX")]
    country: Option<String>,
    /// Database schema (PostgreSQL).
    #[arg(long, value_name = "SCHEMA", default_value = "public")]
    schema: String,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let frame = frame(&args)?;
    let folder = args.out.clone().unwrap_or_else(|| PathBuf::from(&frame.system));
    if folder.exists() {
        let other = "choose another with --out, or remove it";
        return Err(Misuse(format!("{} is already there; {other}", folder.display())).into());
    }
    let bar = progress("connecting");
    let limits = Limits::default();
    let options = Options {
        schema: args.schema.clone(),
        statement_timeout_ms: limits.statement_timeout_ms,
        lock_timeout_ms: limits.lock_timeout_ms,
        files: Vec::new(),
        service: None,
    };
    let failed = |failure| anyhow::anyhow!("the database: {failure}");
    let connector = connect::open(frame.kind, &args.dsn, None, options).map_err(failed)?;
    bar.set_message("reading the structure");
    let schema = connector.describe().await.map_err(failed)?;
    if !schema.tables.iter().any(|t| !t.view) {
        let help = "is it the right database, and the right --schema?";
        return Err(anyhow::anyhow!("the database has no tables that our role may see; {help}"));
    }
    let mut told = |table: &str| bar.set_message(format!("looking at {table}"));
    let explored = connect::explore(&*connector, schema, &mut told).await.map_err(failed)?;
    bar.set_message("relating tables");
    let circumstances =
        Circumstances { today: clock::now().to_zoned(jiff::tz::TimeZone::UTC).date(), country: frame.country.clone() };
    let proposal = propose(explored, &circumstances);
    let (source, proposal) = settle(proposal, &frame).map_err(|findings| {
        let codes: Vec<&str> = findings.iter().map(|f| f.code.0).collect();
        anyhow::anyhow!("no folder that compiles could be made of this schema ({}); please report it", codes.join(", "))
    })?;
    write(&folder, &source)?;
    bar.finish_and_clear();
    if context.json {
        say_json(&summary::json(&proposal, &frame, &folder))?;
    } else {
        summary::show(&proposal, &frame, &folder, &args.dsn);
    }
    Ok(ExitCode::SUCCESS)
}

fn frame(args: &Args) -> Result<Frame> {
    let kind = address::kind(&args.dsn)?;
    let system = args.name.clone().unwrap_or_else(|| address::name(&args.dsn));
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if system.is_empty() || !system.chars().all(fits) {
        return Err(Misuse("--name takes letters, digits, - and _".into()).into());
    }
    let country = args.country.as_ref().map(|c| c.to_ascii_uppercase());
    if country.as_ref().is_some_and(|c| c.len() != 2 || !c.chars().all(|c| c.is_ascii_uppercase())) {
        return Err(Misuse("--country takes two letters, such as NO".into()).into());
    }
    let variable: String = system.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_uppercase() }).collect();
    let variable = if variable.starts_with(|c: char| c.is_ascii_digit()) { format!("DB_{variable}") } else { variable };
    let schema = (kind == SystemKind::Postgres && args.schema != "public").then(|| args.schema.clone());
    Ok(Frame { system, kind, variable: format!("{variable}_DSN"), schema, company: args.company.clone(), country })
}

/// Writes all files or says what could not be written.
fn write(folder: &Path, source: &Source) -> Result<()> {
    let systems = folder.join("systems");
    std::fs::create_dir_all(&systems).with_context(|| format!("cannot make {}", systems.display()))?;
    for (_, file) in source.files() {
        let path = folder.join(&file.path);
        std::fs::write(&path, &file.text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
