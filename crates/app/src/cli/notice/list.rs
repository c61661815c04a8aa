//! The list of those who are still to be told: what the channel needs and nothing else, for its owner alone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use connect::People;
use engine::notice::roll::Listed;
use engine::notice::versions::Debt;
use store::{Roll, Store};
use tempfile::NamedTempFile;

use super::reader::Reader;
use crate::package::harmless;
use crate::terminal::Misuse;

/// A list that is being written. Dropped without [`List::finish`], it never was.
pub struct List {
    version: String,
    channel: String,
    path: PathBuf,
    csv: csv::Writer<NamedTempFile>,
    people: u64,
}

impl List {
    /// Beside the place where it will lie, so that it is there whole or not at all.
    pub fn begin(channel: &str, version: &str, path: &Path) -> Result<List> {
        if path.exists() {
            return Err(Misuse(format!("{} is there already; it is not overwritten", path.display())).into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(folder);
        let file = file.with_context(|| format!("cannot write into {}", folder.display()))?;
        let mut csv = csv::Writer::from_writer(file);
        match channel {
            "email" => csv.write_record(["person", "subject", "tenant", "email"])?,
            _ => csv.write_record(["person", "subject", "tenant", "system", "record"])?,
        }
        let (version, channel, path) = (version.to_owned(), channel.to_owned(), path.to_owned());
        Ok(List { version, channel, path, csv, people: 0 })
    }

    /// Is the list of those whom a debt is about?
    pub fn is_about(&self, debt: &Debt) -> bool {
        debt.version == self.version && debt.channel == self.channel
    }

    /// Writes those down whom the channel reaches and who were not told yet, each once.
    pub async fn fill(
        &mut self,
        (store, roll): (&Store, &mut Roll),
        kind: &str,
        people: &mut People<'_, '_>,
    ) -> Result<()> {
        loop {
            let next = people.next().await?;
            if next.is_empty() {
                return Ok(());
            }
            for one in &next {
                if !self.reaches(one) {
                    continue;
                }
                let person = Reader::listed(kind, one).digest(store);
                if roll.list(&person, &self.version, &self.channel).await? {
                    self.write(&hex::encode(person), kind, one)?;
                }
            }
        }
    }

    fn reaches(&self, one: &Listed) -> bool {
        if self.channel == "email" { one.address.is_some() } else { one.account }
    }

    fn write(&mut self, person: &str, kind: &str, one: &Listed) -> Result<()> {
        let tenant = one.tenant.as_deref().unwrap_or_default();
        let mut row = vec![person, kind, tenant];
        match self.channel.as_str() {
            "email" => row.extend(one.address.as_deref()),
            _ => row.extend([one.system.as_str(), one.record.as_str()]),
        }
        self.people += 1;
        Ok(self.csv.write_record(row.into_iter().map(|cell| harmless(cell).into_owned()))?)
    }

    /// Puts it in its place; how many people stand in it.
    pub fn finish(self) -> Result<u64> {
        let cannot = || format!("cannot write {}", self.path.display());
        let file = self.csv.into_inner().map_err(|e| e.into_error()).with_context(cannot)?;
        file.as_file().sync_all().with_context(cannot)?;
        file.persist_noclobber(&self.path).map_err(|e| e.error).with_context(cannot)?;
        Ok(self.people)
    }
}
