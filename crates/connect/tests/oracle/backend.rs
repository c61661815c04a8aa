//! Where a case is put before it is tried: memory, SQLite, PostgreSQL, MariaDB.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::{MariaServer, PgServer};
use connect::{Options, Systems};
use engine::policy::model::SystemKind;
use engine::schema::{Class, OnDelete, Schema, Table};
use engine::value::Value;
use oracle::World;
use sqlx::{Connection as _, Row as _};

use crate::case::Case;
use crate::memory::Memory;

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Memory,
    Sqlite,
    Postgres,
    Mariadb,
}

impl Kind {
    /// What a map calls it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Memory | Kind::Sqlite => "sqlite",
            Kind::Postgres => "postgres",
            Kind::Mariadb => "mysql",
        }
    }
}

/// The systems of one case.
pub struct Backend {
    pub systems: Systems,
    place: Place,
    /// Systems of files are held in memory everywhere.
    files: BTreeMap<String, Memory>,
}

enum Place {
    Memory(BTreeMap<String, Memory>),
    /// A file for each system, named so.
    Sqlite(tempfile::TempDir, Vec<String>),
    /// A schema for each system, in one database.
    Postgres(BTreeMap<String, String>),
    /// A database for each system.
    Mariadb(BTreeMap<String, String>),
}

impl Backend {
    /// Creates the tables and inserts the rows.
    pub async fn fill(kind: Kind, case: &Case) -> Backend {
        match kind {
            Kind::Memory => Backend::memory(case),
            Kind::Sqlite => Backend::sqlite(case).await,
            Kind::Postgres => Backend::postgres(case).await,
            Kind::Mariadb => Backend::mariadb(case).await,
        }
    }

    fn of(place: Place, case: &Case) -> Backend {
        let files = case.schemas.iter().filter(|(s, _)| is_files(case, s));
        let files = files.map(|(s, schema)| (s.clone(), Memory::new(schema.clone(), case.tables(s)))).collect();
        let mut backend = Backend { systems: Systems::new(), place, files };
        backend.systems = backend.open();
        backend
    }

    /// Connectors of their own, as a later run has them.
    pub fn open(&self) -> Systems {
        let mut systems = Systems::new();
        for (name, memory) in &self.files {
            systems.insert(name.clone(), Box::new(memory.clone()));
        }
        match &self.place {
            Place::Memory(memories) => memories.iter().for_each(|(name, memory)| {
                systems.insert(name.clone(), Box::new(memory.clone()));
            }),
            Place::Sqlite(folder, names) => names.iter().for_each(|name| {
                let path = folder.path().join(name).display().to_string();
                let system = connect::open(SystemKind::Sqlite, &path, Some(&path), Options::default());
                systems.insert(name.clone(), system.unwrap());
            }),
            Place::Postgres(schemas) => schemas.iter().for_each(|(name, schema)| {
                let url = PgServer::shared().url("postgres");
                let options = Options { schema: schema.clone(), ..Options::default() };
                systems.insert(name.clone(), connect::open(SystemKind::Postgres, &url, Some(&url), options).unwrap());
            }),
            Place::Mariadb(databases) => databases.iter().for_each(|(name, database)| {
                let url = MariaServer::shared().url(database);
                let system = connect::open(SystemKind::Mysql, &url, Some(&url), Options::default());
                systems.insert(name.clone(), system.unwrap());
            }),
        }
        systems
    }

    fn memory(case: &Case) -> Backend {
        let memories = databases(case).map(|(s, schema)| (s.clone(), Memory::new(schema.clone(), case.tables(s))));
        Backend::of(Place::Memory(memories.collect()), case)
    }

    async fn sqlite(case: &Case) -> Backend {
        let folder = tempfile::tempdir().unwrap();
        for (name, schema) in databases(case) {
            let sql = format!("PRAGMA foreign_keys = OFF; BEGIN; {} COMMIT;", script(case, name, schema, Kind::Sqlite));
            let mut connection = sqlite_connection(&folder.path().join(name).display().to_string()).await;
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Backend::of(Place::Sqlite(folder, databases(case).map(|(name, _)| name.clone()).collect()), case)
    }

    async fn postgres(case: &Case) -> Backend {
        let mut schemas = BTreeMap::new();
        let mut connection = sqlx::PgConnection::connect(&PgServer::shared().url("postgres")).await.unwrap();
        for (name, schema) in databases(case) {
            let own = fresh();
            let rows = script(case, name, schema, Kind::Postgres);
            let sql = format!("CREATE SCHEMA {own}; SET search_path TO {own}; {rows}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            schemas.insert(name.clone(), own);
        }
        connection.close().await.unwrap();
        Backend::of(Place::Postgres(schemas), case)
    }

    async fn mariadb(case: &Case) -> Backend {
        let mut databases = BTreeMap::new();
        let mut connection = sqlx::MySqlConnection::connect(&MariaServer::shared().url("mysql")).await.unwrap();
        for (name, schema) in self::databases(case) {
            let own = fresh();
            let rows = script(case, name, schema, Kind::Mariadb);
            let sql = format!(
                "SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO'; \
                 CREATE DATABASE {own}; USE {own}; {rows}"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            databases.insert(name.clone(), own);
        }
        connection.close().await.unwrap();
        Backend::of(Place::Mariadb(databases), case)
    }

    /// All rows of all mapped tables.
    pub async fn world(&self, case: &Case) -> World {
        let mut world = World::new(&case.policy);
        for (system, schema) in &case.schemas {
            for id in case.of_system(system) {
                let name = &case.policy.table(id).name;
                let table = schema.table(name).expect("a table of the schema");
                self.rows(system, table).await.into_iter().for_each(|row| world.insert(id, row));
            }
        }
        world
    }

    async fn rows(&self, system: &str, table: &Table) -> Vec<Vec<Value>> {
        let hex = match self.place {
            Place::Postgres(_) => |name: &str| format!("encode({name}, 'hex')"),
            _ => |name: &str| format!("CASE WHEN {name} IS NOT NULL THEN hex({name}) END"),
        };
        let read = |c: &engine::schema::Column| match c.class {
            Class::Bytes => hex(&quoted(&c.name)),
            _ => format!("CAST({} AS text)", quoted(&c.name)),
        };
        let columns: Vec<String> = table.columns.iter().map(read).collect();
        let select = |from: String| sqlx::AssertSqlSafe(format!("SELECT {} FROM {from}", columns.join(", ")));
        let parsed = |cell: &dyn Fn(usize) -> Option<String>| -> Vec<Value> {
            table.columns.iter().enumerate().map(|(n, c)| value(c.class, cell(n))).collect()
        };
        if let Some(files) = self.files.get(system) {
            return files.tables()[&table.name].clone();
        }
        match &self.place {
            Place::Memory(memories) => memories[system].tables()[&table.name].clone(),
            Place::Sqlite(folder, _) => {
                let mut connection = sqlite_connection(&folder.path().join(system).display().to_string()).await;
                let rows = sqlx::query(select(quoted(&table.name))).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| parsed(&|n| row.get(n))).collect()
            }
            Place::Postgres(schemas) => {
                let mut connection = sqlx::PgConnection::connect(&PgServer::shared().url("postgres")).await.unwrap();
                let from = format!("{}.{}", schemas[system], quoted(&table.name));
                let rows = sqlx::query(select(from)).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| parsed(&|n| row.get(n))).collect()
            }
            Place::Mariadb(databases) => {
                let url = MariaServer::shared().url(&databases[system]);
                let mut connection = sqlx::MySqlConnection::connect(&url).await.unwrap();
                let ticked = |name: &str| format!("`{}`", name.replace('`', "``"));
                let columns: Vec<_> = table
                    .columns
                    .iter()
                    .map(|c| match c.class {
                        Class::Bytes => format!("hex({})", ticked(&c.name)),
                        _ => format!("CAST({} AS CHAR)", ticked(&c.name)),
                    })
                    .collect();
                let sql = format!("SELECT {} FROM {}", columns.join(", "), ticked(&table.name));
                let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| parsed(&|n| row.get_unchecked(n))).collect()
            }
        }
    }
}

fn is_files(case: &Case, system: &str) -> bool {
    case.policy.system_named(system).is_some_and(|s| case.policy.system(s).kind == SystemKind::Files)
}

fn databases(case: &Case) -> impl Iterator<Item = (&String, &Schema)> {
    case.schemas.iter().filter(|(system, _)| !is_files(case, system))
}

fn fresh() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("case{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn sqlite_connection(path: &str) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(false);
    sqlx::SqliteConnection::connect_with(&options).await.unwrap()
}

fn value(class: Class, cell: Option<String>) -> Value {
    match (class, cell) {
        (_, None) => Value::Null,
        (Class::Int, Some(text)) => text.parse().map_or(Value::Text(text), Value::Int),
        (Class::Bytes, Some(digits)) => Value::Bytes(hex::decode(digits).expect("hexadecimal")),
        (_, Some(text)) => Value::Text(text),
    }
}

/// Tables and rows of a system; but on SQLite foreign keys come last.
fn script(case: &Case, system: &str, schema: &Schema, kind: Kind) -> String {
    let mut sql = String::new();
    for table in &schema.tables {
        let _ = writeln!(sql, "{};", create(table, schema, kind));
    }
    for (name, rows) in case.tables(system) {
        for row in rows {
            let cells: Vec<String> = row.iter().map(|value| literal(value, kind)).collect();
            let _ = writeln!(sql, "INSERT INTO {} VALUES ({});", quoted(&name), cells.join(", "));
        }
    }
    if kind != Kind::Sqlite {
        for table in &schema.tables {
            for key in foreign_keys(table) {
                let _ = writeln!(sql, "ALTER TABLE {} ADD {key};", quoted(&table.name));
            }
        }
    }
    sql
}

fn create(table: &Table, schema: &Schema, kind: Kind) -> String {
    let mut parts: Vec<String> = Vec::new();
    for column in &table.columns {
        let alone = table.key == [column.name.clone()];
        let class = match (column.class, kind) {
            (Class::Int, Kind::Sqlite) => "INTEGER",
            (Class::Int, _) => "bigint",
            (Class::Bytes, Kind::Postgres) => "bytea",
            (Class::Bytes, _) => "longblob",
            (_, Kind::Mariadb) if is_joined(table, &column.name, schema) => "varchar(190) COLLATE utf8mb4_nopad_bin",
            // A collation that holds much equal must change nothing.
            (_, Kind::Mariadb) => "longtext COLLATE utf8mb4_unicode_ci",
            _ => "text",
        };
        let more = match (alone, column.class, kind) {
            (true, Class::Int, Kind::Postgres) => " GENERATED BY DEFAULT AS IDENTITY (START 1000)",
            (true, Class::Int, Kind::Mariadb) => " AUTO_INCREMENT",
            (false, ..) if column.default => " DEFAULT 0",
            _ => "",
        };
        let null = if column.nullable { "" } else { " NOT NULL" };
        let key = if alone { " PRIMARY KEY" } else { "" };
        parts.push(format!("{} {class}{more}{null}{key}", quoted(&column.name)));
    }
    if table.key.len() > 1 {
        parts.push(format!("PRIMARY KEY ({})", list(&table.key)));
    }
    parts.extend(table.unique.iter().map(|u| format!("UNIQUE ({})", list(u))));
    if kind == Kind::Sqlite {
        parts.extend(foreign_keys(table));
    }
    let start = if kind == Kind::Mariadb { " AUTO_INCREMENT = 1000" } else { "" };
    format!("CREATE TABLE {} ({}){start}", quoted(&table.name), parts.join(", "))
}

/// Is the column part of a key? MariaDB has no keys over texts without a bound, and one collation for both ends.
fn is_joined(table: &Table, column: &String, schema: &Schema) -> bool {
    let own = table.key.contains(column) || table.unique.iter().any(|u| u.contains(column));
    let refers = table.foreign_keys.iter().any(|k| k.columns.contains(column));
    let keys = schema.tables.iter().flat_map(|t| &t.foreign_keys);
    own || refers || keys.filter(|k| k.table == table.name).any(|k| k.target_columns.contains(column))
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = String> + '_ {
    table.foreign_keys.iter().map(|key| {
        let on_delete = match key.on_delete {
            OnDelete::Refuse => "",
            OnDelete::Cascade => " ON DELETE CASCADE",
            OnDelete::SetNull => " ON DELETE SET NULL",
            OnDelete::SetDefault => " ON DELETE SET DEFAULT",
        };
        let (columns, target) = (list(&key.columns), list(&key.target_columns));
        format!("FOREIGN KEY ({columns}) REFERENCES {} ({target}){on_delete}", quoted(&key.table))
    })
}

fn list(names: &[String]) -> String {
    names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(value: &Value, kind: Kind) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bytes(bytes) if kind == Kind::Postgres => format!("'\\x{}'", hex::encode(bytes)),
        Value::Bytes(bytes) => format!("x'{}'", hex::encode(bytes)),
        Value::Text(s) => format!("'{}'", s.replace('\'', "''")),
        v => v.join_text().unwrap_or_default().into_owned(),
    }
}
