//! One pinned connection.

use std::time::Duration;

use engine::ask::Failure;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions, Row as _};

use super::failure;
use crate::connector::Options;

/// Longest wait for an answer to the first knock.
const KNOCK: Duration = Duration::from_secs(10);

/// An open connection and the server's number for it.
pub(super) struct Connection {
    pub raw: MySqlConnection,
    pub number: u64,
    /// Rows that earlier transactions changed: the server counts on.
    pub counted: u64,
}

/// Without an escape by backslash; zero dates that a table already holds can be read, compared and written back; no
/// value is cut or bent to fit.
const MODE: &str = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,\
    NO_AUTO_VALUE_ON_ZERO";

/// Rows that statements and triggers of this session have written; what foreign keys do by themselves is not among them.
const COUNTED: &str =
    "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_write', 'Handler_update', 'Handler_delete')";

impl Connection {
    /// Connects and pins the session.
    pub async fn open(address: &MySqlConnectOptions, options: &Options, write: bool) -> Result<Self, Failure> {
        let opened = tokio::time::timeout(KNOCK, address.connect()).await;
        let silent = || Failure::Unreachable { detail: format!("{}: no answer in {KNOCK:?}", failure::place(address)) };
        let mut raw = opened.map_err(|_| silent())?.map_err(|e| failure::of_connect(&e, address))?;
        let failed = |e: sqlx::Error| failure::of_connect(&e, address);
        let greeting = "SELECT CONNECTION_ID(), VERSION() LIKE '%MariaDB%'";
        let row = sqlx::raw_sql(greeting).fetch_one(&mut raw).await.map_err(failed)?;
        let number: u64 = row.try_get_unchecked(0).map_err(failed)?;
        let mariadb: u64 = row.try_get_unchecked(1).map_err(failed)?;
        let pins = sqlx::AssertSqlSafe(pins(options, mariadb == 1, write));
        sqlx::raw_sql(pins).execute(&mut raw).await.map_err(failed)?;
        Ok(Connection { raw, number, counted: 0 })
    }

    /// Begins a transaction; a reading one takes its snapshot now.
    pub async fn begin(&mut self, write: bool) -> Result<(), sqlx::Error> {
        if !write {
            let begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
            return sqlx::raw_sql(begin).execute(&mut self.raw).await.map(drop);
        }
        sqlx::raw_sql("START TRANSACTION READ WRITE").execute(&mut self.raw).await?;
        self.counted = self.counts().await?;
        Ok(())
    }

    /// What the server counts for this connection now.
    pub async fn counts(&mut self) -> Result<u64, sqlx::Error> {
        let rows = sqlx::raw_sql(COUNTED).fetch_all(&mut self.raw).await?;
        rows.iter().map(|row| row.try_get_unchecked::<u64, _>(1)).sum()
    }
}

/// The settings under which values have one text form, nothing is stored otherwise than it was written, and no statement
/// of a transaction that the server has already rolled back can commit by itself.
fn pins(options: &Options, mariadb: bool, write: bool) -> String {
    let Options { statement_timeout_ms, lock_timeout_ms, .. } = options;
    // Lock time-outs are whole seconds here.
    let lock = lock_timeout_ms.div_ceil(1000).max(1);
    let isolation = if write { "READ COMMITTED" } else { "REPEATABLE READ" };
    let own = if mariadb {
        let (seconds, millis) = (statement_timeout_ms / 1000, statement_timeout_ms % 1000);
        let idle = seconds.max(60);
        format!(
            "max_statement_time = {seconds}.{millis:03}, idle_transaction_timeout = {idle}, \
             in_predicate_conversion_threshold = 0"
        )
    } else {
        format!("max_execution_time = {statement_timeout_ms}")
    };
    format!(
        "SET NAMES utf8mb4 COLLATE utf8mb4_bin; \
         SET SESSION TRANSACTION ISOLATION LEVEL {isolation}; \
         SET SESSION sql_mode = '{MODE}', time_zone = '+00:00', innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}, \
         foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, sql_select_limit = DEFAULT, \
         autocommit = {autocommit}, {own}",
        autocommit = u8::from(!write)
    )
}
