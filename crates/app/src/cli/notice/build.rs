//! `upheld notice build`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::notice::tables::{Table, table};
use engine::notice::{document, processing, vocabulary};
use engine::policy::model::Policy;
use jiff::civil::Date;
use serde_json::json;

use super::super::Context;
use super::page::{self, Paper};
use crate::package::harmless;
use crate::terminal::{Misuse, say, say_json};
use crate::{clock, company};

/// Write the notice as Markdown, page and linked data, and the papers that belong to it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice build acme --out public
  upheld notice build acme --out public --day 2027-01-01    tables as of another day

Writes notice.md, notice.html and notice.jsonld; recipients, record of processing, the 12 months before the day,
cookies and trackers, each as a page and as CSV. The record of processing is for the authority and not for the public.")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Where to write.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// The day for which tables are made; otherwise today.
    #[arg(long, value_name = "DATE")]
    day: Option<Date>,
}

/// The papers beside the notice: file, table, and what is said above it.
const PAPERS: [(&str, &str, &str); 3] = [
    ("recipients", "recipients", "Everybody who receives personal data, what for and under which contract."),
    (
        "lookback",
        "lookback",
        "Computed from what the policy folder declares of sources and recipients, and of the days on which they began and ended.",
    ),
    ("trackers", "trackers", "Every cookie and tracker, who sets it and how long it lives."),
];

pub fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let policy = company::compiled(company::read(&args.folder)?)?;
    let Some(words) = &policy.said.notice else {
        let file = args.folder.join("notice.md");
        return Err(Misuse(format!("there is no notice: write its words into {}", file.display())).into());
    };
    let lost = engine::notice::fill::lost(&policy.said, &words.text);
    if let Some(lost) = lost.first() {
        return Err(Misuse(format!("nothing fills `{{{{ {} }}}}` in notice.md; see `upheld check`", lost.name)).into());
    }
    let day = args.day.unwrap_or_else(clock::today);
    let written = write(&policy, &args.out, day)?;
    if context.json {
        say_json(&json!({ "files": written }))?;
    } else {
        written.iter().for_each(|path| say(path.display().to_string()));
    }
    Ok(ExitCode::SUCCESS)
}

fn write(policy: &Policy, out: &Path, day: Date) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let mut written = Vec::new();
    let mut put = |name: &str, text: String| {
        let path = out.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        written.push(path);
        anyhow::Ok(())
    };
    let notice = document::document(policy, &policy.said, day);
    put("notice.md", notice.markdown())?;
    put("notice.html", page::notice(&notice, policy))?;
    let linked = vocabulary::linked(policy, &policy.said, &notice);
    put("notice.jsonld", serde_json::to_string_pretty(&linked)?)?;
    for (file, name, lead) in PAPERS {
        let Some(table) = table(policy, &policy.said, name, day) else { continue };
        put(&format!("{file}.csv"), csv(&table)?)?;
        put(&format!("{file}.html"), page::paper(&Paper { policy, table: &table, lead, facts: &[], day }))?;
    }
    let record = processing::record(policy, &policy.said);
    let facts = processing::beside(policy, &policy.said);
    let lead = "Kept for the supervisory authority.";
    put("processing.csv", csv(&record)?)?;
    put("processing.html", page::paper(&Paper { policy, table: &record, lead, facts: &facts, day }))?;
    Ok(written)
}

/// As CSV; cells that a spreadsheet would run are prefixed.
fn csv(table: &Table) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&table.head)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
