//! MariaDB's errors in our words, by number: its own messages may hold values, so only names are taken from them.

use std::io::ErrorKind;

use engine::ask::Failure;
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};

/// Where an address leads, without user and password.
pub(super) fn place(address: &MySqlConnectOptions) -> String {
    match address.get_socket() {
        Some(socket) => format!("socket {}", socket.display()),
        None => format!("{}:{}", address.get_host(), address.get_port()),
    }
}

/// The failure for an error met while connecting.
pub(super) fn of_connect(error: &sqlx::Error, address: &MySqlConnectOptions) -> Failure {
    let place = place(address);
    let database = address.get_database().unwrap_or_default();
    let unreachable = |what: &str| Failure::Unreachable { detail: format!("{place}: {what}") };
    match error {
        sqlx::Error::Io(e) => unreachable(&io(e.kind())),
        sqlx::Error::Tls(_) => unreachable("no TLS connection could be made"),
        sqlx::Error::Database(e) => match e.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
            Some(1044 | 1045 | 1698 | 1251) => {
                Failure::Denied { detail: format!("{place}: user {}, database {database}", address.get_username()) }
            }
            Some(1130) => Failure::Denied { detail: format!("{place}: no connections from this host") },
            Some(1049) => Failure::Missing { object: format!("database {database} at {place}") },
            Some(1040 | 1203 | 1226) => unreachable("too many connections"),
            Some(1053) => unreachable("the server is starting or stopping"),
            code => unreachable(&format!("error {}", code.unwrap_or_default())),
        },
        _ => unreachable("not a MariaDB or MySQL server, or one that wants an unknown kind of password"),
    }
}

fn io(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "there is no such socket or host".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        other => other.to_string(),
    }
}

/// Which right is missing: `INSERT command denied to user .. for column 'c' in table 't'` names rights and columns only.
fn denied(message: &str) -> String {
    let right = message.split_once(" command denied").map(|(right, _)| right);
    let right = right.filter(|r| r.chars().all(|c| c.is_ascii_uppercase() || matches!(c, ' ' | ',')));
    let column = message.split_once(" for column '").and_then(|(_, rest)| rest.split_once('\'')).map(|(name, _)| name);
    match (right, column) {
        (Some(right), Some(column)) => format!("permission denied: {right} on column {column}"),
        (Some(right), None) => format!("permission denied: {right}"),
        _ => "permission denied".to_owned(),
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
    let Some(it) = database.try_downcast_ref::<MySqlDatabaseError>() else { return other("an unexpected error") };
    let locked = |holder: &str| Failure::Locked { table: table.to_owned(), holder: holder.to_owned() };
    let refused = |reason: &str| Failure::Refused { reason: format!("table {table}: {reason}") };
    let lost = |what: &str| Failure::Unreachable { detail: what.to_owned() };
    match it.number() {
        1205 => locked(holder.unwrap_or("the database did not tell who")),
        1213 => locked(holder.unwrap_or("a deadlock with another client")),
        1020 => locked("another client changed the same rows at the same time"),
        1969 | 3024 => match holder {
            Some(holder) => locked(holder),
            None => Failure::TimedOut { table: table.to_owned() },
        },
        1044 | 1142 | 1143 | 1227 | 1370 => {
            Failure::Forbidden { object: format!("table {table}"), detail: denied(it.message()) }
        }
        1146 | 1049 | 1932 => Failure::Missing { object: format!("table {table}") },
        1054 => Failure::Missing { object: format!("a column of table {table}") },
        1356 => Failure::Missing { object: format!("something that view {table} reads") },
        1290 | 1836 => refused("the server may only be read"),
        1792 => refused("the connection may only read"),
        1665 => refused("the server's binary log is kept by statement; it must be MIXED or ROW"),
        1021 | 1114 => other("the server's disk is full"),
        1153 => other("a value is larger than the server's max_allowed_packet"),
        1412 => other("the table's structure was changed while it was read"),
        1317 => other("somebody stopped the statement"),
        1053 | 1077 | 1927 | 3169 => lost("the server was stopped, or it ended our connection"),
        number => constraint(number, it.message(), table).unwrap_or_else(|| {
            other(&format!("the server refuses the statement (error {number}, SQLSTATE {})", it.code().unwrap_or("?")))
        }),
    }
}

fn constraint(number: u16, message: &str, table: &str) -> Option<Failure> {
    let (table, constraint) = match number {
        1062 | 1586 => (table, format!("UNIQUE {}", last_quoted(message))),
        1048 | 1263 | 1364 => (table, format!("NOT NULL {}", first_quoted(message))),
        3819 => (table, format!("CHECK {}", first_quoted(message))),
        4025 => (table, format!("CHECK {}", backticked(message).next().unwrap_or_default())),
        1451 | 1452 => return Some(foreign_key(message, table)),
        1216 | 1217 => (table, "FOREIGN KEY".to_owned()),
        1406 | 1265 | 1264 | 1690 => (table, format!("type of {}", first_quoted(message))),
        1366 | 1292 => (table, format!("type of {}", of_column(message))),
        1644 => (table, "of a trigger".to_owned()),
        1906 | 3105 => (table, "generated column".to_owned()),
        _ => return None,
    };
    Some(Failure::Constraint { table: table.to_owned(), constraint: constraint.trim_end().to_owned() })
}

/// ``.. (`db`.`b`, CONSTRAINT `b_ibfk_1` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`))``: names only.
fn foreign_key(message: &str, table: &str) -> Failure {
    let owner = message.split_once(", CONSTRAINT ").and_then(|(before, _)| backticked(before).last());
    let columns = message.split_once(" FOREIGN KEY (").and_then(|(_, rest)| rest.split_once(") REFERENCES "));
    let (of, to) = columns.unwrap_or_default();
    let columns: Vec<_> = backticked(of).collect();
    let constraint = format!("FOREIGN KEY ({}) to {}", columns.join(", "), backticked(to).next().unwrap_or_default());
    Failure::Constraint { table: owner.unwrap_or_else(|| table.to_owned()), constraint }
}

/// `Column 's' cannot be null`.
fn first_quoted(message: &str) -> &str {
    message.split('\'').nth(1).unwrap_or_default()
}

/// `Duplicate entry '..' for key 's'`: the entry may hold anything, quotes as well.
fn last_quoted(message: &str) -> &str {
    let name = message.trim_end_matches('\'').rsplit('\'').next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default()
}

/// ``Incorrect integer value: '..' for column `db`.`t`.`n` at row 1``: the value may hold anything.
fn of_column(message: &str) -> String {
    message.rsplit_once(" for column ").and_then(|(_, column)| backticked(column).last()).unwrap_or_default()
}

fn backticked(message: &str) -> impl Iterator<Item = String> + '_ {
    message.split('`').skip(1).step_by(2).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_values() {
        let key = "Duplicate entry 'it's for key 'x'' for key 't.email'";
        assert_eq!(last_quoted(key), "email");
        let column = "Incorrect integer value: '`a` for column `x`' for column `db`.`t`.`n` at row 1";
        assert_eq!(of_column(column), "n");
        assert_eq!(of_column("Truncated incorrect DOUBLE value: 'secret'"), "");
        let key = "Cannot delete or update a parent row: a foreign key constraint fails (`d`.`b`, CONSTRAINT `b_1` \
            FOREIGN KEY (`a_id`, `x`) REFERENCES `a` (`id`, `x`))";
        let wanted = Failure::Constraint { table: "b".into(), constraint: "FOREIGN KEY (a_id, x) to a".into() };
        assert_eq!(foreign_key(key, "a"), wanted);
    }
}
