//! The address that was given: what kind of system it names, and how it can be shown.

use std::path::Path;

use anyhow::Result;
use engine::policy::model::SystemKind;

use crate::terminal::Misuse;

/// The kind of system behind an address. Errors never repeat it, for it may hold a password.
pub fn kind(dsn: &str) -> Result<SystemKind> {
    let begins = |schemes: &[&str]| schemes.iter().any(|s| dsn.starts_with(s));
    if begins(&["postgres://", "postgresql://"]) {
        Ok(SystemKind::Postgres)
    } else if begins(&["mysql://", "mariadb://"]) {
        Ok(SystemKind::Mysql)
    } else if begins(&["sqlite:"]) || (!dsn.contains("://") && Path::new(dsn).is_file()) {
        Ok(SystemKind::Sqlite)
    } else if dsn.contains("://") {
        let help = "write postgres://.., mysql://.., sqlite:PATH, or the path of an SQLite file";
        Err(Misuse(format!("this kind of address is not known; {help}")).into())
    } else {
        Err(Misuse(format!("there is no file {dsn}; an address of a server begins with postgres:// or mysql://"))
            .into())
    }
}

/// A name for the system: that of the database or file, as far as it may stand in a file name.
pub fn name(dsn: &str) -> String {
    let plain = dsn.split(['?', '#']).next().unwrap_or_default();
    // Before the first slash of a server's address stand name and password.
    let path = match plain.split_once("://") {
        Some((_, rest)) if !plain.starts_with("sqlite:") => rest.split_once('/').map_or("", |(_, path)| path),
        Some((_, rest)) => rest,
        None => plain.trim_start_matches("sqlite:"),
    };
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default().to_lowercase();
    let clean: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let clean = clean.trim_matches('-').to_owned();
    if clean.is_empty() { "database".to_owned() } else { clean }
}

/// The address for a line that sets it, with `PASSWORD` where one stands; the second value tells whether one does.
pub fn shown(dsn: &str) -> (String, bool) {
    let mut hidden = false;
    let mut shown = dsn.to_owned();
    if let Some((scheme, rest)) = dsn.split_once("://") {
        let (host, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // A password may itself hold an `@`; the last one ends it.
        if let Some((user, server)) = host.rsplit_once('@') {
            let user = match user.split_once(':') {
                Some((user, _)) => {
                    hidden = true;
                    format!("{user}:PASSWORD")
                }
                None => user.to_owned(),
            };
            shown = format!("{scheme}://{user}@{server}{tail}");
        }
    }
    if let Some((base, query)) = shown.clone().split_once('?') {
        let parts = query.split('&').map(|part| match part.split_once('=') {
            Some((key, _)) if key.to_lowercase().contains("pass") => {
                hidden = true;
                format!("{key}=PASSWORD")
            }
            _ => part.to_owned(),
        });
        shown = format!("{base}?{}", parts.collect::<Vec<_>>().join("&"));
    }
    (shown, hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (dsn, wanted) in [
            ("postgres://app:s3cret@db/x", "postgres://app:PASSWORD@db/x"),
            ("mysql://app:p@ss@db:3306/x?ssl=1", "mysql://app:PASSWORD@db:3306/x?ssl=1"),
            ("postgres:///x?user=app&password=s3cret&host=/tmp", "postgres:///x?user=app&password=PASSWORD&host=/tmp"),
        ] {
            assert_eq!(shown(dsn), (wanted.to_owned(), true), "{wanted}");
        }
        for plain in ["sqlite:a.db", "a.db", "postgres://app@db/x", "postgres:///x?host=/tmp"] {
            assert_eq!(shown(plain), (plain.to_owned(), false));
        }
    }

    #[test]
    fn systems_are_called_as_their_database() {
        for (dsn, wanted) in [
            ("postgres://app:s3cret@db:5432/Help_Desk?x=/y", "help-desk"),
            ("sqlite:/var/lib/lobsters.db", "lobsters"),
            ("data/shop.sqlite3", "shop"),
            ("postgres://app:s3cret@db", "database"),
            ("mysql://root@/", "database"),
        ] {
            assert_eq!(name(dsn), wanted, "{dsn}");
        }
    }
}
