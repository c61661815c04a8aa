//! A database of MariaDB, which takes the applications' schemas as they stand.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::MariaServer;
use connect::{Options, Systems};
use engine::policy::model::SystemKind;
use engine::schema::Schema;
use sqlx::{Connection as _, Executor as _, Row as _};

use super::dump::{Cell, Dump, Rows};

/// A database of its own.
pub struct Place {
    database: String,
}

impl Place {
    /// Makes the tables of a schema file.
    pub async fn of(file: &Path) -> Place {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let database = format!("edna{}", COUNT.fetch_add(1, Ordering::Relaxed));
        MariaServer::shared().create_database(&database);
        let place = Place { database };
        let text = std::fs::read_to_string(file).expect("a schema");
        // Some of its comments are none to the server, which wants a space after the dashes.
        let lines = text.lines().filter(|line| !line.starts_with("--"));
        place.execute(&lines.collect::<Vec<_>>().join("\n")).await;
        place
    }

    /// Executes statements. Panics where one fails.
    pub async fn execute(&self, sql: &str) {
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut self.connection().await).await;
        done.expect("the statements of a case are right");
    }

    /// Connected as a system of a map.
    pub fn systems(&self, name: &str) -> Systems {
        let url = MariaServer::shared().url(&self.database);
        let system = connect::open(SystemKind::Mysql, &url, Some(&url), Options::default()).expect("it opens");
        Systems::from([(name.to_owned(), system)])
    }

    /// All rows of all tables, each cell as the bytes that the server sends.
    pub async fn dump(&self, schema: &Schema) -> Dump {
        let mut dump = Dump::default();
        for table in schema.tables.iter().filter(|t| !t.view) {
            let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
            let names: Vec<String> = columns.iter().map(|c| format!("`{c}`")).collect();
            let rows = self.rows(&format!("SELECT {} FROM `{}`", names.join(", "), table.name)).await;
            dump.tables.insert(table.name.clone(), Rows::new(&columns, &table.key, rows.into_iter()));
        }
        dump
    }

    /// What a question returns. Without a prepared statement, values come as the texts that the server makes of them.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Cell>> {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        let rows = self.connection().await.fetch_all(sql).await.expect("rows");
        let cells = |row: &sqlx::mysql::MySqlRow| -> Vec<Cell> {
            (0..row.len()).map(|n| row.get_unchecked::<Option<Vec<u8>>, _>(n)).collect()
        };
        rows.iter().map(cells).collect()
    }

    async fn connection(&self) -> sqlx::MySqlConnection {
        let url = MariaServer::shared().url(&self.database);
        sqlx::MySqlConnection::connect(&url).await.expect("MariaDB answers")
    }
}
