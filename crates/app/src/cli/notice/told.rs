//! `upheld notice record --told`: people who were told of a version, one by one or in a list.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use csv::StringRecord;
use serde_json::json;

use super::super::Context;
use super::reader::Reader;
use super::versions;
use crate::clock;
use crate::terminal::{Misuse, say, say_json};

/// So many people are handed to the store at once.
const CHUNK: usize = 1000;

/// Somebody who was told.
pub enum Told {
    /// By what is known of them.
    Named(Reader),
    /// By the mark that `upheld notice owed` put into its list.
    Marked(Vec<u8>),
}

/// The people in a list. Errors name lines, never what stands there.
pub fn in_list(path: &Path) -> Result<Vec<Told>> {
    let wrong = |why: String| Misuse(format!("{}: {why}", path.display()));
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|_| wrong("cannot be read".to_owned()))?;
    let head = reader.headers().map_err(|_| wrong("cannot be read as CSV".to_owned()))?.clone();
    let column = |name: &str| head.iter().position(|own| own.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let columns = Columns {
        person: column("person"),
        subject: column("subject"),
        tenant: column("tenant"),
        email: column("email"),
    };
    if columns.person.is_none() && (columns.subject.is_none() || columns.email.is_none()) {
        let needs = "needs a line of headings with `person`, or with `subject` and `email`";
        return Err(wrong(needs.to_owned()).into());
    }
    let mut people = Vec::new();
    for (nth, row) in reader.records().enumerate() {
        let row = row.map_err(|_| wrong(format!("row {} has another number of columns", nth + 1)))?;
        people.push(columns.person_of(&row).map_err(|why| wrong(format!("row {}: {why}", nth + 1)))?);
    }
    Ok(people)
}

struct Columns {
    person: Option<usize>,
    subject: Option<usize>,
    tenant: Option<usize>,
    email: Option<usize>,
}

impl Columns {
    fn person_of(&self, row: &StringRecord) -> Result<Told, String> {
        let text = |column: Option<usize>| column.and_then(|at| row.get(at)).filter(|text| !text.is_empty());
        if let Some(mark) = text(self.person) {
            let mark = hex::decode(mark).ok().filter(|bytes| bytes.len() == 32);
            return mark.map(Told::Marked).ok_or_else(|| "`person` is no mark of `upheld notice owed`".to_owned());
        }
        let (Some(subject), Some(email)) = (text(self.subject), text(self.email)) else {
            return Err("nobody is named".to_owned());
        };
        let reader = Reader::by_mail(subject, text(self.tenant), email).map_err(|e| e.to_string())?;
        Ok(Told::Named(reader))
    }
}

/// Remembers that they were told: all of them or, after a failure, none.
pub async fn record(context: &Context, version: &str, channel: &str, people: &[Told]) -> Result<ExitCode> {
    let store = versions::opened(context).await?;
    let published = versions::read(versions::find(&store.notices().await?, version)?)?;
    for told in people {
        if let Told::Named(reader) = told {
            reader.known_to(&published)?;
        }
    }
    let now = clock::now();
    let mut new = 0;
    let mut tx = store.begin().await?;
    for chunk in people.chunks(CHUNK) {
        let digest = |told: &Told| match told {
            Told::Named(reader) => reader.digest(&store),
            Told::Marked(mark) => mark.clone(),
        };
        let persons: Vec<Vec<u8>> = chunk.iter().map(digest).collect();
        new += tx.told((version, channel), &persons, now).await?;
    }
    if new > 0 {
        tx.telling((version, channel), now).await?;
    }
    tx.commit().await?;
    if new > 0 {
        store.sequence(now).await?;
    }
    store.close().await;
    if context.json {
        say_json(&json!({ "recorded": new, "known_before": people.len() as u64 - new }))?;
    } else {
        let before = people.len() as u64 - new;
        let stood = if before > 0 { format!("; of {before} it was known") } else { String::new() };
        say(format!("recorded: {new} told of version {version} by {}{stood}", super::owed::way(channel)));
    }
    Ok(ExitCode::SUCCESS)
}
