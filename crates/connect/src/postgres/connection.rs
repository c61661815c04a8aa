//! One pinned connection.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::ask::Failure;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Row as _};

use super::failure;
use crate::connector::Options;
use crate::sql::quote;

/// Longest wait for an answer to the first knock.
const KNOCK: Duration = Duration::from_secs(10);

/// An open connection and the server's process behind it.
pub(super) struct Connection {
    pub raw: PgConnection,
    pub process: i32,
    used: bool,
    /// Rows that earlier transactions changed, by schema and table, and that the server still counts as ours.
    pub counted: Counts,
}

/// Rows inserted, updated and deleted, by schema and table.
pub(super) type Counts = BTreeMap<(String, String), i64>;

/// The server counts for each connection and hands over only now and then, so a transaction's count begins with what
/// earlier ones left. A partition's rows are those of the table that the map names.
const COUNTED: &str = "select n.nspname::text, c.relname::text, sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::bigint \
    from pg_stat_xact_user_tables s join pg_class c on c.oid = coalesce(pg_partition_root(s.relid), s.relid) \
    join pg_namespace n on n.oid = c.relnamespace where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 group by 1, 2";

impl Connection {
    /// Connects and pins the session.
    pub async fn open(address: &PgConnectOptions, options: &Options) -> Result<Self, Failure> {
        let opened = tokio::time::timeout(KNOCK, address.connect()).await;
        let silent = || Failure::Unreachable { detail: format!("{}: no answer in {KNOCK:?}", failure::place(address)) };
        let mut raw = opened.map_err(|_| silent())?.map_err(|e| failure::of_connect(&e, address))?;
        let pinned = sqlx::raw_sql(sqlx::AssertSqlSafe(pins(options))).fetch_one(&mut raw).await;
        let process = pinned.and_then(|row| row.try_get(0)).map_err(|e| failure::of_connect(&e, address))?;
        Ok(Connection { raw, process, used: false, counted: Counts::new() })
    }

    /// Begins a transaction; a reading one takes its snapshot now.
    pub async fn begin(&mut self, write: bool) -> Result<(), sqlx::Error> {
        let begin = if write {
            "begin isolation level read committed, read write; set constraints all deferred"
        } else {
            "begin isolation level repeatable read, read only; select 1"
        };
        sqlx::raw_sql(begin).execute(&mut self.raw).await?;
        if write && std::mem::replace(&mut self.used, true) {
            self.counted = self.counts().await?;
        }
        Ok(())
    }

    /// What the server counts for this connection now.
    pub async fn counts(&mut self) -> Result<Counts, sqlx::Error> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(COUNTED).fetch_all(&mut self.raw).await?;
        Ok(rows.into_iter().map(|(schema, table, rows)| ((schema, table), rows)).collect())
    }
}

/// The settings under which values have one text form and rows do not hide: with `row_security` off, a policy that would
/// hide rows raises instead. Notices are switched off, for they may hold values and would reach the log. A session reads with one
/// process and in order: the rows of a union then come question by question, and one request does not keep a server busy;
/// many small questions in one statement are not worth compiling.
fn pins(options: &Options) -> String {
    let Options { schema, statement_timeout_ms, lock_timeout_ms, files: _, service: _ } = options;
    let idle = statement_timeout_ms.max(&60_000);
    let path = quote(schema);
    format!(
        "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set extra_float_digits = 3; \
         set bytea_output = 'hex'; set standard_conforming_strings = on; set client_encoding = 'UTF8'; \
         set row_security = off; set max_parallel_workers_per_gather = 0; set enable_async_append = off; set jit = off; \
         set client_min_messages = 'error'; set search_path = {path}; set statement_timeout = {statement_timeout_ms}; \
         set lock_timeout = {lock_timeout_ms}; set idle_in_transaction_session_timeout = {idle}; \
         select pg_backend_pid()"
    )
}
