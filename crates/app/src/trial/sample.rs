//! The sample of a folder: what its databases are made of, and who its people are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result};
use serde::Deserialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::Addresses;
use crate::terminal::Misuse;

/// What lies in `sample/`.
pub struct Sample {
    /// Statements by system.
    scripts: BTreeMap<String, String>,
    /// Folders of files by system.
    folders: BTreeMap<String, PathBuf>,
    /// The people.
    pub people: Vec<Person>,
}

/// One person of `sample/people.toml`, and what their rights come to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// A name for reports; no name of a person.
    pub id: String,
    /// Subject kind.
    pub subject: String,
    /// Identity: address.
    pub email: Option<String>,
    /// Identity: number.
    pub phone: Option<String>,
    /// Other identities, by name.
    #[serde(default)]
    pub identity: BTreeMap<String, String>,
    /// Record, as `system:key`.
    pub record: Option<String>,
    /// Tenant.
    #[serde(default, deserialize_with = "text_or_number")]
    pub tenant: Option<String>,
    /// Why this person is there.
    #[serde(default)]
    pub why: String,
    /// Rows that an access returns, by `system:table`; tables that are not named return none.
    #[serde(default)]
    pub access: BTreeMap<String, usize>,
    /// Words that are nowhere after an erasure.
    #[serde(default)]
    pub left: Vec<String>,
    /// Rows that an erasure keeps for a law, by `system:table`.
    #[serde(default)]
    pub keeps: BTreeMap<String, usize>,
    /// Words that no answer to this person holds.
    #[serde(default)]
    pub unseen: Vec<String>,
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<toml::Value>::deserialize(from)?.map(|value| match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    #[serde(default)]
    person: Vec<Person>,
}

/// Freshly made databases; gone when this is dropped.
pub struct Made {
    /// Addresses by system.
    pub addresses: Addresses,
    /// Where everything lies.
    pub folder: tempfile::TempDir,
}

impl Sample {
    /// Reads `sample/`; none where the folder has none.
    pub fn read(folder: &Path) -> Result<Option<Sample>> {
        let dir = folder.join("sample");
        if !dir.is_dir() {
            return Ok(None);
        }
        let (mut scripts, mut folders) = (BTreeMap::new(), BTreeMap::new());
        for entry in std::fs::read_dir(&dir).with_context(|| format!("cannot list {}", dir.display()))? {
            let path = entry?.path();
            let Some(name) = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned) else { continue };
            if path.is_dir() {
                folders.insert(name, path);
            } else if path.extension().is_some_and(|e| e == "sql") {
                let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                scripts.insert(name, text);
            }
        }
        let path = dir.join("people.toml");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let people: People = toml::from_str(&text).map_err(|e| Misuse(format!("{}: {e}", path.display())))?;
        Ok(Some(Sample { scripts, folders, people: people.person }))
    }

    /// Makes the databases and copies the folders of files, anew and apart from all others.
    pub async fn made(&self) -> Result<Made> {
        let folder = tempfile::tempdir().context("cannot make a folder for the sample")?;
        let mut addresses = Addresses::new();
        for (system, script) in &self.scripts {
            let path = folder.path().join(format!("{system}.db"));
            let address = format!("sqlite:{}", path.display());
            let options = SqliteConnectOptions::from_str(&address)?
                .create_if_missing(true)
                .foreign_keys(true)
                .synchronous(SqliteSynchronous::Off)
                .journal_mode(SqliteJournalMode::Wal);
            let mut connection = options.connect().await?;
            let made = connection.execute(sqlx::raw_sql(AssertSqlSafe(script.clone()))).await;
            made.with_context(|| format!("sample/{system}.sql"))?;
            connection.close().await?;
            addresses.insert(system.clone(), address);
        }
        for (system, from) in &self.folders {
            let to = folder.path().join(system);
            copy(from, &to)?;
            addresses.insert(system.clone(), to.display().to_string());
        }
        Ok(Made { addresses, folder })
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?
        } else {
            std::fs::copy(entry.path(), target).map(|_| ())?
        }
    }
    Ok(())
}

impl Made {
    /// Every value of every database as text, by `system:table.column`.
    pub async fn values(&self) -> Result<Vec<Column>> {
        let mut found = Vec::new();
        for (system, address) in self.addresses.iter().filter(|(_, a)| a.starts_with("sqlite:")) {
            let mut connection = SqliteConnection::connect(address).await?;
            found.extend(columns(system, &mut connection).await?);
            connection.close().await?;
        }
        Ok(found)
    }

    /// Puts a mark into each text of every column but these; returns the columns that took it.
    pub async fn marked(&self, spared: &BTreeSet<String>) -> Result<Vec<String>> {
        let mut marked = Vec::new();
        for (system, address) in self.addresses.iter().filter(|(_, a)| a.starts_with("sqlite:")) {
            let mut connection = SqliteConnection::connect(address).await?;
            connection.execute("pragma foreign_keys = off; pragma ignore_check_constraints = on").await?;
            for column in columns(system, &mut connection).await?.into_iter().filter(|c| !spared.contains(&c.name)) {
                let (table, name) = column.place();
                // What is unique stays so.
                let sql = format!("update {table} set {name} = ? || {name} where typeof({name}) = 'text'");
                let done = sqlx::query(AssertSqlSafe(sql)).bind(mark(&column.name)).execute(&mut connection).await;
                // A computed column takes none, and needs none: what it is made of has one.
                marked.extend(done.ok().filter(|done| done.rows_affected() > 0).map(|_| column.name));
            }
            connection.close().await?;
        }
        Ok(marked)
    }
}

/// What is put into a column to see whether it comes out elsewhere.
pub fn mark(column: &str) -> String {
    format!("<{column}>")
}

/// One column with all its values.
pub struct Column {
    /// `system:table.column`.
    pub name: String,
    /// Values as text; none: NULL.
    pub values: Vec<Option<String>>,
}

impl Column {
    /// Table and column as SQL names them.
    fn place(&self) -> (String, String) {
        let (_, rest) = self.name.split_once(':').unwrap_or(("", &self.name));
        let (table, name) = rest.rsplit_once('.').unwrap_or((rest, ""));
        (quoted(table), quoted(name))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What stands before the digits of bytes.
pub const BYTES: &str = "bytes:";

async fn columns(system: &str, connection: &mut SqliteConnection) -> Result<Vec<Column>> {
    // What an index for texts keeps for itself is nobody's table, and changes whenever it is built anew.
    let tables: Vec<(String,)> = sqlx::query_as(
        "select name from pragma_table_list where schema = 'main' and type = 'table' \
         and name not like 'sqlite\\_%' escape '\\' order by name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::new();
    for (table,) in tables {
        let names: Vec<(String,)> =
            sqlx::query_as("select name from pragma_table_info(?)").bind(&table).fetch_all(&mut *connection).await?;
        for (name,) in names {
            // Bytes need not be text; their digits tell them apart as well.
            let text = format!(
                "case typeof({0}) when 'blob' then '{BYTES}' || hex({0}) else cast({0} as text) end",
                quoted(&name),
                BYTES = BYTES
            );
            let sql = format!("select {text} from {} order by rowid", quoted(&table));
            let values: Vec<(Option<String>,)> =
                match sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *connection).await {
                    Ok(values) => values,
                    // A table without row numbers has an order of its own.
                    Err(_) => {
                        let sql = format!("select {text} from {}", quoted(&table));
                        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?
                    }
                };
            let values = values.into_iter().map(|(value,)| value).collect();
            found.push(Column { name: format!("{system}:{table}.{name}"), values });
        }
    }
    Ok(found)
}
