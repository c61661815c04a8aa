//! Sample companies: a policy folder under `examples/` together with databases that this module fills.
//!
//! The rows are made by arithmetic from a fixed seed, so that two runs give the same company on every machine.

pub mod helpdesk;
mod load;
mod random;
mod table;
#[cfg(test)]
mod tests;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
pub use table::Engine;

/// Where a sample company is made: one address per database, `sqlite:///path`, `postgres://...` or `mysql://...`.
///
/// SQLite files are created when they are missing; other databases must exist and hold no tables.
pub struct Target {
    /// The address of the main database.
    pub helpdesk: String,
    /// The address of the billing database.
    pub billing: String,
    /// The folder of the files; it is made.
    pub uploads: PathBuf,
}

/// A file of a sample.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What [`create`] made.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many customers were made.
    pub persons: u64,
    /// Rows of each table, in the order in which the tables were filled.
    pub tables: Vec<TableCount>,
    /// How many files were made.
    pub files: u64,
}

/// The number of rows that one table received.
#[derive(Debug, PartialEq, Eq)]
pub struct TableCount {
    /// The name of the system in the policy folder.
    pub system: &'static str,
    /// The name of the table.
    pub table: &'static str,
    /// How many rows were inserted.
    pub rows: u64,
}

/// Makes the sample company of that name with `persons` customers, and tells `progress` how many exist so far.
///
/// Each database is filled in one transaction, so a failure leaves it without rows.
pub async fn create(company: &str, target: &Target, persons: u64, progress: &mut dyn FnMut(u64)) -> Result<Summary> {
    if company != "helpdesk" {
        bail!("there is no sample company `{company}`; the only one is `helpdesk`");
    }
    let generator = helpdesk::Generator::new(persons, helpdesk::SEED)?;
    let mut desk = load::Loader::open(&target.helpdesk, helpdesk::HELPDESK).await.context("system `helpdesk`")?;
    let mut billing = load::Loader::open(&target.billing, helpdesk::BILLING).await.context("system `billing`")?;
    let (mut made, mut files) = (0, 0);
    for chunk in generator {
        files += chunk.files.len() as u64;
        write(&target.uploads, chunk.files).context("system `uploads`")?;
        desk.insert(chunk.helpdesk).await.context("system `helpdesk`")?;
        billing.insert(chunk.billing).await.context("system `billing`")?;
        made += chunk.persons;
        progress(made);
    }
    let mut tables = desk.finish("helpdesk").await.context("system `helpdesk`")?;
    tables.extend(billing.finish("billing").await.context("system `billing`")?);
    Ok(Summary { persons: made, tables, files })
}

fn write(folder: &Path, files: Vec<File>) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    for file in files {
        let path = folder.join(&file.path);
        DirBuilder::new().recursive(true).mode(0o700).create(path.parent().unwrap_or(folder))?;
        std::fs::write(path, file.bytes)?;
    }
    Ok(())
}
