//! `upheld import`: folders from what other programs know.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::interop::fides::{self, Circumstances, Given, Imported};
use serde_json::json;

use super::Context;
use crate::terminal::{Misuse, good, heading, note, say, say_json};

/// Make a policy folder from descriptions that other programs use.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(clap::Subcommand)]
enum From {
    Fides(Fides),
}

/// Make a policy folder from Fides datasets and systems (Fideslang YAML).
///
/// Give all files at once, for they refer to each other. What could not be carried over, and what a person must decide,
/// is printed and stands in IMPORT.md of the folder.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld import fides .fides/*.yml --out acme
  upheld import fides datasets.yml systems.yml --out acme --company 'Acme Ltd' --country NO

Datasets do not hold the schema of a database: set the address that each systems/NAME.toml
names, then `upheld map lock acme` and `upheld check acme` say what is undecided.
Exits with 2 where a file cannot be read; nothing is written then.")]
struct Fides {
    /// The YAML files.
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
    /// The folder to write.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Name of the company; otherwise that of the organization in the files.
    #[arg(long, value_name = "NAME")]
    company: Option<String>,
    /// Country of the company, two letters; phone numbers without a country code belong to it.
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// Overwrite files that are there already.
    #[arg(long)]
    force: bool,
}

/// Decisions and losses that are printed; all stand in the report.
const SHOWN: usize = 12;

pub fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let From::Fides(args) = &args.from;
    let given = args.files.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?;
    let country = args.country.as_ref().map(|c| c.to_ascii_uppercase());
    if country.as_ref().is_some_and(|c| c.len() != 2 || !c.chars().all(|c| c.is_ascii_uppercase())) {
        return Err(Misuse("--country takes two letters, such as NO".into()).into());
    }
    let circumstances = Circumstances { company: args.company.clone(), country };
    let imported = fides::import(&given, &circumstances).map_err(|failed| {
        let lines: Vec<String> = failed.iter().map(|f| format!("{}:{}: {}", f.file, f.line, f.why)).collect();
        Misuse(format!("cannot be read, so nothing was written:\n{}", lines.join("\n")))
    })?;
    write(&args.out, &imported, args.force)?;
    if context.json {
        let files: Vec<&str> = imported.folder.files().map(|(_, f)| f.path.as_str()).collect();
        say_json(&json!({
            "folder": args.out, "files": files, "carried_over": imported.counts,
            "to_decide": imported.decisions, "left_out": imported.left_out,
        }))?;
    } else {
        show(&args.out, &imported);
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Given> {
    let failed = |why: String| Misuse(format!("cannot read {}: {why}", path.display()));
    let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        failed(format!("line {line} is no UTF-8"))
    })?;
    Ok(Given { path: path.display().to_string(), text })
}

/// Writes all files, or none where one is there already.
fn write(folder: &Path, imported: &Imported, force: bool) -> Result<()> {
    let files = || imported.folder.files().map(|(_, f)| (folder.join(&f.path), &f.text));
    if let Some((path, _)) = files().find(|(path, _)| !force && path.exists()) {
        let help = "nothing was written; choose another folder, or --force";
        return Err(Misuse(format!("{} is already there: {help}", path.display())).into());
    }
    let systems = folder.join("systems");
    std::fs::create_dir_all(&systems).with_context(|| format!("cannot make {}", systems.display()))?;
    for (path, text) in files() {
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn show(folder: &Path, imported: &Imported) {
    let c = &imported.counts;
    say(format!(
        "{} {}: systems {}, kinds of persons {}, tables {}, columns {}, links {}, purposes {}, recipients {}",
        good("ok"),
        folder.display(),
        c.systems,
        c.kinds,
        c.tables,
        c.columns,
        c.links,
        c.purposes,
        c.recipients
    ));
    let decisions = imported.decisions.iter().map(|d| format!("{} {}: {}", d.file, d.about, d.question));
    list("To be decided", decisions.collect());
    let left_out = imported.left_out.iter().map(|l| format!("{}:{} {}: {}", l.file, l.line, l.path, l.why));
    list("Not carried over", left_out.collect());
    let folder = folder.display();
    note(format!(
        "all of it stands in {folder}/IMPORT.md; next: set the addresses, `upheld map lock {folder}`, `upheld check {folder}`"
    ));
}

fn list(title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    heading(&format!("{title} ({})", lines.len()));
    lines.iter().take(SHOWN).for_each(|line| say(format!("  {}", crate::terminal::inert(line))));
    if lines.len() > SHOWN {
        say(format!("  and {} more in IMPORT.md", lines.len() - SHOWN));
    }
}
