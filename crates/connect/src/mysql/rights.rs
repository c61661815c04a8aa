//! What a user may do, as the server itself answers: directly, through its roles, or as everybody.
//!
//! Of columns the information schema tells what is held in effect. Of tables it leaves out what comes through roles, so
//! that is read from `SHOW GRANTS`.

use std::collections::BTreeSet;

use engine::ask::Failure;
use engine::grants::Held;
use sqlx::Row as _;
use sqlx::mysql::{MySqlConnection, MySqlRow};

use super::failure;
use super::granted::{Granted, Scope};

const WHO: &str = "SELECT CURRENT_USER(), DATABASE()";

const COLUMNS: &str = "SELECT TABLE_NAME AS owner, COLUMN_NAME AS name, CAST(PRIVILEGES AS CHAR) AS held \
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()";

/// Who holds these on everything can write the server's own tables of rights.
const EVERYTHING: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/// Reads what the user of this connection may do in its database.
pub(super) async fn read(c: &mut MySqlConnection) -> Result<Held, Failure> {
    let failed = |e: sqlx::Error| failure::of(&e, "the information schema", None);
    let who = sqlx::raw_sql(WHO).fetch_one(&mut *c).await.map_err(failed)?;
    let text = |row: &MySqlRow, at: usize| row.try_get_unchecked::<String, _>(at).map_err(failed);
    let (role, database) = (text(&who, 0)?, text(&who, 1)?);
    let mut granted = Vec::new();
    for row in sqlx::raw_sql("SHOW GRANTS").fetch_all(&mut *c).await.map_err(failed)? {
        granted.extend(Granted::parse(&text(&row, 0)?));
    }
    let mut held = Held { role, usage: true, ..Held::default() };
    for row in sqlx::raw_sql(COLUMNS).fetch_all(&mut *c).await.map_err(failed)? {
        column(&mut held, &row).map_err(failed)?;
    }
    tables(&mut held, &granted, &database);
    Ok(held)
}

fn column(held: &mut Held, row: &MySqlRow) -> Result<(), sqlx::Error> {
    let (name, privileges): (String, String) = (row.try_get_unchecked("name")?, row.try_get_unchecked("held")?);
    let rights = held.tables.entry(row.try_get_unchecked("owner")?).or_default();
    for privilege in privileges.split(',') {
        match privilege {
            "select" => drop(rights.select.insert(name.clone())),
            "insert" => drop(rights.insert.insert(name.clone())),
            "update" => drop(rights.update.insert(name.clone())),
            _ => {}
        }
    }
    Ok(())
}

/// What is held on tables as a whole.
fn tables(held: &mut Held, granted: &[Granted], database: &str) {
    let everywhere: BTreeSet<&str> = granted
        .iter()
        .filter(|g| g.scope == Scope::Server)
        .flat_map(|g| EVERYTHING.into_iter().filter(|privilege| g.holds(privilege)))
        .collect();
    held.superuser = everywhere.len() == EVERYTHING.len();
    let on = |table: Option<&str>, privilege| granted.iter().any(|g| g.covers(database, table) && g.holds(privilege));
    held.creates = on(None, "CREATE");
    for (name, rights) in &mut held.tables {
        rights.delete = on(Some(name), "DELETE");
        rights.trigger = on(Some(name), "TRIGGER");
        if on(Some(name), "DROP") {
            held.truncate.insert(name.clone());
        }
    }
}
