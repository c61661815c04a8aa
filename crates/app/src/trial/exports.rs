//! What each recipient would be sent, read from databases of the sample in which every other column bears a mark.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use engine::ask::{By, Row, Select};
use engine::coverage::Exported;
use engine::policy::model::Said;
use engine::value::Value;

use super::fresh;
use super::sample::{Sample, mark};
use crate::company::Company;

/// An export for each recipient whose columns are named, by id.
pub async fn read(folder: &Path, sample: &Sample, said: &Said) -> Result<BTreeMap<String, Exported>> {
    let mut all = BTreeMap::new();
    for recipient in said.of("recipient") {
        let columns: BTreeSet<String> = recipient.list("columns").into_iter().map(str::to_owned).collect();
        if !columns.is_empty() {
            all.insert(recipient.id.it.clone(), one(folder, sample, columns).await?);
        }
    }
    Ok(all)
}

async fn one(folder: &Path, sample: &Sample, columns: BTreeSet<String>) -> Result<Exported> {
    let (made, company) = fresh(folder, sample).await?;
    let marked = made.marked(&columns).await?;
    let mut exported = Exported { marked: marked.len(), ..Exported::default() };
    for (system, table, names) in tables(&columns) {
        match rows(&company, system, table, &names).await {
            Err(why) => exported.failed = Some(format!("{system}:{table} cannot be read for it: {why:#}")),
            Ok(rows) => {
                exported.rows += rows.len() as u64;
                exported.columns.extend(names.iter().map(|name| format!("{system}:{table}.{name}")));
                let texts = rows.iter().flatten().filter_map(|value| match value {
                    Value::Text(text) => Some(text),
                    _ => None,
                });
                let bears = |text: &str| marked.iter().filter(|c| text.contains(&mark(c))).cloned().collect::<Vec<_>>();
                exported.leaked.extend(texts.flat_map(|text| bears(text)));
            }
        }
    }
    Ok(exported)
}

/// Columns by system and table.
fn tables(columns: &BTreeSet<String>) -> Vec<(&str, &str, Vec<String>)> {
    let mut all: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for column in columns {
        let (system, rest) = column.split_once(':').unwrap_or(("", column));
        let (table, name) = rest.rsplit_once('.').unwrap_or((rest, ""));
        all.entry((system, table)).or_default().push(name.to_owned());
    }
    all.into_iter().map(|((system, table), names)| (system, table, names)).collect()
}

/// All rows of a table with these columns alone, as the system itself answers.
async fn rows(company: &Company, system: &str, table: &str, columns: &[String]) -> Result<Vec<Row>> {
    let policy = &company.policy;
    let found = policy
        .system_named(system)
        .and_then(|id| policy.table_named(id, table))
        .context("the map has no such table")?;
    let found = policy.table(found);
    let key = found.key.first().context("it has no key")?;
    let connector = company.systems.get(system).context("there is no connection")?;
    let mut session = connector.read().await.map_err(|failure| anyhow!("{failure}"))?;
    // In every value that is not NULL stands the empty text.
    let by = By::Containing { column: found.columns[*key].name.clone(), needles: vec![String::new()] };
    let select = Select { table: table.to_owned(), columns: columns.to_vec(), by, filter: Vec::new(), lock: false };
    let rows = session.answer(&select).await.map_err(|failure| anyhow!("{failure}"));
    // A session that only reads has nothing to lose.
    let _ = session.close().await;
    rows
}
