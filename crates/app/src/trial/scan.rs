//! What the sample's stores hold: card numbers, rows without a source, groups that are too small.

use std::path::Path;

use anyhow::{Context, Result};
use engine::coverage::{Scan, Trial};
use engine::policy::model::Policy;

use super::card::holds_card;
use super::sample::{BYTES, Column, Made};

/// Reads every column of every database and every file once.
pub async fn scanned(policy: &Policy, made: &Made) -> Result<Trial> {
    let columns = made.values().await?;
    let value = |name: &str| columns.iter().find(|c| c.name == name);
    let mut trial = Trial { cards: Some(cards(&columns, made)?), ..Trial::default() };
    trial.columns = columns.iter().map(|c| c.name.clone()).collect();
    let recording = policy.said.of("source").flat_map(|source| source.list("columns"));
    for column in recording.filter_map(value) {
        let empty = column.values.iter().filter(|v| v.as_deref().is_none_or(|t| t.trim().is_empty())).count();
        trial.sourceless.insert(column.name.clone(), empty as u64);
        let mut marks: Vec<String> = column.values.iter().flatten().cloned().collect();
        marks.sort();
        marks.dedup();
        trial.sources.insert(column.name.clone(), marks);
    }
    for aggregate in policy.said.of("aggregate") {
        let counts = aggregate.text("counts").unwrap_or_default();
        let of = |table: &str| value(&format!("{table}.{counts}"));
        let all = aggregate.list("tables").into_iter().filter_map(of).flat_map(|c| &c.values);
        let smallest = all.flatten().filter_map(|v| v.parse::<u64>().ok()).min();
        if let Some(smallest) = smallest {
            trial.groups.insert(aggregate.id.it.clone(), smallest);
        }
    }
    Ok(trial)
}

fn cards(columns: &[Column], made: &Made) -> Result<Scan> {
    let mut scan = Scan { columns: columns.len(), ..Scan::default() };
    for column in columns {
        scan.rows += column.values.len() as u64;
        let hits = column.values.iter().flatten().filter(|value| holds_card(&readable(value))).count();
        if hits > 0 {
            scan.found.insert(column.name.clone(), hits as u64);
        }
    }
    for (system, address) in made.addresses.iter().filter(|(_, address)| Path::new(address).is_dir()) {
        let hits = files(Path::new(address), &mut scan.files)?;
        if hits > 0 {
            scan.found.insert(format!("{system}: files"), hits);
        }
    }
    Ok(scan)
}

/// A value as text; bytes as far as they are text.
fn readable(value: &str) -> String {
    let bytes = value.strip_prefix(BYTES).and_then(|digits| hex::decode(digits).ok());
    bytes.map_or_else(|| value.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// How many files below a folder hold the number of a card, in their name or in what they hold; all that are read are counted.
fn files(folder: &Path, read: &mut u64) -> Result<u64> {
    let mut hits = 0;
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            hits += files(&path, read)?;
            continue;
        }
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        *read += 1;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        hits += u64::from(holds_card(&name) || holds_card(&String::from_utf8_lossy(&bytes)));
    }
    Ok(hits)
}
