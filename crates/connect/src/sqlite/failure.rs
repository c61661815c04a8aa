//! SQLite's errors in our words. Its messages name tables and columns; those of triggers may hold anything and are not shown.

use engine::ask::Failure;

/// The failure for an error met while working on `table` (or on what the words say).
pub(super) fn of(error: &sqlx::Error, table: &str) -> Failure {
    let sqlx::Error::Database(database) = error else {
        return Failure::Other { detail: format!("{table}: {}", kind(error)) };
    };
    let code: i32 = database.code().and_then(|c| c.parse().ok()).unwrap_or(1);
    let other = |detail: &str| Failure::Other { detail: format!("{table}: {detail}") };
    match code & 0xff {
        1 => missing(database.message(), table),
        5 | 6 => {
            Failure::Locked { table: table.to_owned(), holder: "another process has the database file".to_owned() }
        }
        8 => Failure::Refused { reason: "the database file may only be read".to_owned() },
        9 => Failure::TimedOut { table: table.to_owned() },
        13 => other("the disk is full"),
        14 => Failure::Unreachable { detail: format!("{table}: the database file cannot be opened") },
        19 => constraint(database.message(), code, table),
        23 => Failure::Forbidden { object: table.to_owned(), detail: "not authorised".to_owned() },
        11 => other("the database file is damaged"),
        26 => Failure::Unreachable { detail: format!("{table}: the file is not an SQLite database") },
        primary => other(&format!("SQLite error {primary} ({code})")),
    }
}

/// Does the file await the rollback of an interrupted change, which this connection may not do?
pub(super) fn is_hot_journal(error: &sqlx::Error) -> bool {
    const READONLY_ROLLBACK: &str = "776";
    error.as_database_error().and_then(|e| e.code()).is_some_and(|code| code == READONLY_ROLLBACK)
}

fn kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Io(_) => "the database file cannot be read",
        sqlx::Error::WorkerCrashed => "the database engine stopped",
        sqlx::Error::Configuration(_) => "the path is not usable",
        _ => "an unexpected answer of the database engine",
    }
}

fn missing(message: &str, table: &str) -> Failure {
    for kind in ["table", "column"] {
        if let Some((_, name)) = message.split_once(&format!("no such {kind}: ")) {
            return Failure::Missing { object: format!("{kind} {name}") };
        }
    }
    Failure::Other { detail: format!("{table}: SQLite refuses the statement") }
}

/// `UNIQUE constraint failed: t.a, t.b` and its kin.
fn constraint(message: &str, code: i32, table: &str) -> Failure {
    let named = |constraint: String| Failure::Constraint { table: table.to_owned(), constraint };
    // SQLITE_CONSTRAINT_TRIGGER: the words of RAISE, which are somebody's own.
    if code == 1811 {
        return named("of a trigger".to_owned());
    }
    match message.split_once(" constraint failed") {
        Some((kind, what)) => named(format!("{kind} {}", what.trim_start_matches(": ")).trim_end().to_owned()),
        // SQLITE_CONSTRAINT_DATATYPE of strict tables: `cannot store TEXT value in INTEGER column t.c`.
        None => match message.rsplit_once(" column ") {
            Some((_, column)) => named(format!("type of {column}")),
            None => named("of the table".to_owned()),
        },
    }
}
