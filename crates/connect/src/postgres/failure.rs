//! PostgreSQL's errors in our words, by SQLSTATE: its own messages and details may hold values.

use std::io::ErrorKind;

use engine::ask::Failure;
use sqlx::postgres::{PgConnectOptions, PgDatabaseError};

/// Where an address leads, without user and password.
pub(super) fn place(address: &PgConnectOptions) -> String {
    match address.get_socket() {
        Some(socket) => format!("socket {}", socket.display()),
        None if address.get_host().starts_with('/') => format!("socket in {}", address.get_host()),
        None => format!("{}:{}", address.get_host(), address.get_port()),
    }
}

/// The failure for an error met while connecting.
pub(super) fn of_connect(error: &sqlx::Error, address: &PgConnectOptions) -> Failure {
    let place = place(address);
    let database = || address.get_database().unwrap_or(address.get_username()).to_owned();
    match error {
        sqlx::Error::Io(e) => Failure::Unreachable { detail: format!("{place}: {}", io(e.kind())) },
        sqlx::Error::Tls(_) => Failure::Unreachable { detail: format!("{place}: no TLS connection could be made") },
        sqlx::Error::Database(e) => match e.code().as_deref() {
            Some("28P01" | "28000") => {
                Failure::Denied { detail: format!("{place}: user {}, database {}", address.get_username(), database()) }
            }
            Some("3D000") => Failure::Missing { object: format!("database {} at {place}", database()) },
            Some("42501") => Failure::Denied { detail: format!("{place}: no right to connect to {}", database()) },
            Some("53300") => Failure::Unreachable { detail: format!("{place}: too many connections") },
            Some("57P03") => Failure::Unreachable { detail: format!("{place}: the server is starting or stopping") },
            code => Failure::Unreachable { detail: format!("{place}: SQLSTATE {}", code.unwrap_or("unknown")) },
        },
        _ => Failure::Unreachable { detail: format!("{place}: not a PostgreSQL server, or an unusable address") },
    }
}

fn io(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "there is no such socket or host".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        other => other.to_string(),
    }
}

/// The failure for an error met while a transaction began.
pub(super) fn of_begin(error: &sqlx::Error) -> Failure {
    match error {
        // What a standby answers to `read write`.
        sqlx::Error::Database(e) if e.code().as_deref() == Some("0A000") => Failure::Refused {
            reason: "the server of the write connection is a replica, which may only be read".to_owned(),
        },
        _ => of(error, "(all tables)", None),
    }
}

/// The failure for an error met while working on `table`; `holder` is who was seen to hold a lock we waited for.
pub(super) fn of(error: &sqlx::Error, table: &str, holder: Option<&str>) -> Failure {
    let other = |what: &str| Failure::Other { detail: format!("{table}: {what}") };
    let sqlx::Error::Database(database) = error else {
        return match error {
            sqlx::Error::Io(e) => Failure::Unreachable { detail: format!("the connection was lost: {}", io(e.kind())) },
            sqlx::Error::ColumnDecode { .. } => other("a column holds text that is not UTF-8"),
            _ => other("an unexpected answer of the server"),
        };
    };
    let Some(pg) = database.try_downcast_ref::<PgDatabaseError>() else { return other("an unexpected error") };
    let table = pg.table().unwrap_or(meant(table, pg.message())).to_owned();
    let locked = |table, holder: &str| Failure::Locked { table, holder: holder.to_owned() };
    match pg.code() {
        "55P03" => locked(table, holder.unwrap_or("the database did not tell who")),
        "40P01" => locked(table, holder.unwrap_or("a deadlock with another client")),
        "40001" => locked(table, "another client changed the same rows at the same time"),
        "57014" => match holder {
            Some(holder) => locked(table, holder),
            None => Failure::TimedOut { table },
        },
        "42501" => forbidden(pg.message(), table),
        "42P01" => Failure::Missing { object: format!("table {table}") },
        "42703" => Failure::Missing { object: format!("a column of table {table}") },
        "25006" => Failure::Refused { reason: "the connection may only read".to_owned() },
        "53100" => other("the server's disk is full"),
        "25P03" => other("the transaction had been idle for too long, so the server ended it"),
        "57P01" | "57P02" | "57P03" => Failure::Unreachable { detail: "the server was stopped".to_owned() },
        "P0001" => Failure::Constraint { table, constraint: "of a trigger or function".to_owned() },
        code => by_class(code, pg, table),
    }
}

/// Of the tables of a statement, the one that the server's message names; all of them where that is not to be seen.
fn meant<'t>(tables: &'t str, message: &str) -> &'t str {
    let names = |t: &&str| {
        message.contains(&format!("\"{t}\""))
            || message.contains(&format!(".{t}\""))
            || message.ends_with(&format!(" {t}"))
    };
    let mut named = tables.split(", ").filter(names);
    match (named.next(), named.next()) {
        (Some(one), None) => one,
        _ => tables,
    }
}

fn by_class(code: &str, pg: &PgDatabaseError, table: String) -> Failure {
    match &code[..2] {
        "23" => Failure::Constraint { table, constraint: constraint(code, pg) },
        "22" => Failure::Constraint { table, constraint: format!("type of a column (SQLSTATE {code})") },
        "08" => Failure::Unreachable { detail: format!("the connection was lost (SQLSTATE {code})") },
        _ => Failure::Other { detail: format!("{table}: the server refuses the statement (SQLSTATE {code})") },
    }
}

fn constraint(code: &str, pg: &PgDatabaseError) -> String {
    let kind = match code {
        "23502" => "NOT NULL",
        "23503" => "FOREIGN KEY",
        "23505" => "UNIQUE",
        "23514" => "CHECK",
        "23P01" => "EXCLUDE",
        _ => "constraint",
    };
    let named = pg.constraint().or(pg.column()).unwrap_or_default();
    format!("{kind} {named}").trim_end().to_owned()
}

/// `permission denied for table t`, or a row security policy that would hide rows.
fn forbidden(message: &str, table: String) -> Failure {
    if message.contains("row-level security") {
        return Failure::Refused { reason: format!("row-level security hides rows of table {table} from our role") };
    }
    let object = message.strip_prefix("permission denied for ").map_or(format!("table {table}"), str::to_owned);
    Failure::Forbidden { object, detail: "permission denied".to_owned() }
}
