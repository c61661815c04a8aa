//! The sample company on real databases.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::helpdesk::{BILLING, Generator, HELPDESK, SEED, policy};
use super::table::{Engine, Table, Value, quoted};
use super::{Summary, Target, create};

const PERSONS: u64 = 50;

async fn sqlite() -> Result<(tempfile::TempDir, Target, Summary)> {
    let folder = tempfile::tempdir()?;
    let address = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let uploads = folder.path().join("uploads");
    let target = Target { helpdesk: address("helpdesk"), billing: address("billing"), uploads };
    let mut seen = 0;
    let summary = create("helpdesk", &target, PERSONS, &mut |made| seen = made).await?;
    assert_eq!((seen, summary.persons), (PERSONS, PERSONS));
    Ok((folder, target, summary))
}

/// Every table as sorted lines, each value with its type.
async fn dump(address: &str, tables: &[Table]) -> Result<Vec<String>> {
    let mut connection = SqliteConnection::connect(address).await?;
    let mut lines = Vec::new();
    for table in tables {
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("quote({})", quoted(column.name))).collect();
        let sql = format!("SELECT {} FROM {} ORDER BY 1", columns.join(" || ',' || "), quoted(table.name));
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await?;
        lines.extend(rows.iter().map(|row| format!("{}: {row}", table.name)));
    }
    Ok(lines)
}

#[tokio::test]
async fn two_runs_give_equal_rows() -> Result<()> {
    let (_first_folder, first, summary) = sqlite().await?;
    let (_second_folder, second, again) = sqlite().await?;
    assert_eq!(summary, again);
    assert!(summary.tables.iter().all(|table| table.rows > 0), "{summary:?}");
    assert!(dump(&first.helpdesk, HELPDESK).await? == dump(&second.helpdesk, HELPDESK).await?);
    assert!(dump(&first.billing, BILLING).await? == dump(&second.billing, BILLING).await?);
    Ok(())
}

#[tokio::test]
async fn foreign_keys_hold_and_a_filled_database_is_refused() -> Result<()> {
    let (_folder, target, _) = sqlite().await?;
    for address in [&target.helpdesk, &target.billing] {
        let mut connection = SqliteConnection::connect(address).await?;
        let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await?;
        assert_eq!(broken.len(), 0);
    }
    let error = create("helpdesk", &target, PERSONS, &mut |_| ()).await.err().context("a second run must fail")?;
    assert!(format!("{error:#}").contains("already holds tables"), "{error:#}");
    Ok(())
}

#[tokio::test]
async fn the_awkward_rows_exist() -> Result<()> {
    let (_folder, target, _) = sqlite().await?;
    let mut desk = SqliteConnection::connect(&target.helpdesk).await?;
    for (question, least) in AWKWARD {
        let found: i64 = sqlx::query_scalar(*question).fetch_one(&mut desk).await?;
        assert!(found >= *least, "{found} rows: {question}");
    }
    for (table, column) in [("tickets", "requester_id"), ("ticket_cc", "person_id"), ("sessions", "person_id")] {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} IN (11, 14, 16)");
        let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut desk).await?;
        assert_eq!(found, 0, "{table}");
    }
    Ok(())
}

/// Questions on the main database, and the least count that each must give.
const AWKWARD: &[(&str, i64)] = &[
    ("SELECT count(*) FROM persons WHERE name = 'Mark'", 1),
    ("SELECT count(*) FROM replies WHERE body LIKE '% mark %' AND writer_id <> 4", 5),
    ("SELECT count(*) FROM replies WHERE writer_id = 22 AND body LIKE '%Hedda Sitat <hedda.sitat@%'", 1),
    ("SELECT count(*) FROM persons WHERE email LIKE '%ann@fjord-cargo.example'", 2),
    ("SELECT count(*) FROM persons WHERE phone = 'n/a'", 2),
    ("SELECT count(DISTINCT org_id) FROM persons WHERE email = 'kari.nordmann@freelance.example'", 2),
    ("SELECT count(*) FROM persons JOIN agents USING (email)", 1),
    ("SELECT count(*) FROM persons WHERE email = 'bjørn.ødegård@fjord-cargo.example'", 1),
    ("SELECT count(*) FROM replies WHERE body LIKE '%🦊%'", 1),
    ("SELECT count(*) FROM persons WHERE coalesce(name, email, phone, username, external_ref, notes) IS NULL", 1),
    ("SELECT count(*) FROM email_events WHERE address = 'mixed.case@linden-clinic.example'", 1),
    ("SELECT count(*) FROM persons WHERE email = 'Mixed.Case@Linden-Clinic.EXAMPLE'", 1),
    ("SELECT count(*) FROM tickets WHERE requester_id = 15", 60),
    ("SELECT count(*) FROM invoices WHERE person_id IN (1, 16)", 2),
    ("SELECT count(DISTINCT caller_number) FROM calls WHERE caller_number LIKE '%22%34%56%'", 4),
    ("SELECT count(*) FROM calls WHERE caller_number = 'n/a'", 2),
    ("SELECT count(*) FROM persons WHERE preferences ->> 'theme' LIKE '{dark}%'", 1),
    ("SELECT count(*) FROM persons WHERE instr(avatar, x'00') > 0 AND sentiment = 9e999", 1),
    ("SELECT count(*) FROM replies WHERE body LIKE '%DROP TABLE%' AND body LIKE '%\\%' AND body LIKE '%;%'", 1),
];

#[test]
fn every_nullable_column_is_null_somewhere() -> Result<()> {
    for chunk in Generator::new(PERSONS, SEED)? {
        for (tables, rows) in [(HELPDESK, chunk.helpdesk), (BILLING, chunk.billing)] {
            for table in tables {
                for (position, nullable) in table.nullable().iter().enumerate() {
                    let null = rows[table.name].iter().any(|row| row[position] == Value::Null);
                    assert_eq!(null, *nullable, "{}.{}", table.name, table.written()[position]);
                }
            }
        }
    }
    Ok(())
}

/// Ordinary persons are told apart by each identity, and a text never names somebody who takes no part in the ticket.
#[test]
fn identities_are_unique_and_stay_within_their_threads() -> Result<()> {
    let mut seen = BTreeSet::new();
    for chunk in Generator::new(2_000, SEED)? {
        let persons = &chunk.helpdesk["persons"];
        for person in persons.iter().filter(|person| matches!(person[0], Value::Int(24..))) {
            for (column, value) in person[2..6].iter().enumerate() {
                assert!(seen.insert((column, format!("{value:?}"))), "{value:?} twice");
            }
        }
        let mut owners: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for person in persons {
            if let Value::Text(address) = &person[3] {
                owners.entry(address.clone()).or_default().push(number(&person[0]));
            }
        }
        let mut parties = BTreeSet::new();
        for (table, person) in [("tickets", 2), ("ticket_cc", 1)] {
            parties.extend(chunk.helpdesk[table].iter().map(|row| (number(&row[0]), number(&row[person]))));
        }
        for reply in &chunk.helpdesk["replies"] {
            let ticket = number(&reply[1]);
            if reply[2] == Value::from("customer") {
                assert!(parties.contains(&(ticket, number(&reply[3]))), "ticket {ticket}");
            }
            let text = format!("{:?} {:?}", reply[6], reply[7]);
            for address in text.split(['<', '>']).filter(|word| word.contains("@") && !word.contains(' ')) {
                // Person 8 is an agent too, and is named as one.
                let Some(ids) = owners.get(address) else { continue };
                let fits = ids == &[8] || ids.iter().any(|id| parties.contains(&(ticket, *id)));
                assert!(fits, "ticket {ticket} names {address}");
            }
        }
    }
    Ok(())
}

fn number(value: &Value) -> i64 {
    if let Value::Int(number) = value { *number } else { 0 }
}

#[test]
fn the_policy_folder_names_every_table() {
    let files = policy(Engine::Postgres);
    for (path, tables) in [("systems/helpdesk.toml", HELPDESK), ("systems/billing.toml", BILLING)] {
        let text = files.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_str()).unwrap_or_default();
        assert!(text.contains("kind = \"postgres\""), "{path}");
        for table in tables {
            let mapped = text.contains(&format!("[table.{}]", table.name))
                || text.contains(&format!("[table.{}.columns]", table.name))
                || text.contains(&format!("[\"{}\"]", table.name));
            assert!(mapped, "{path} does not name `{}`", table.name);
        }
    }
}

/// Needs `UPHELD_TEST_PG`: the address of a PostgreSQL server on which databases may be made.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
async fn postgres_gets_the_same_company() -> Result<()> {
    let Ok(server) = std::env::var("UPHELD_TEST_PG") else {
        println!("skipped: UPHELD_TEST_PG is not set");
        return Ok(());
    };
    let options: sqlx::postgres::PgConnectOptions = server.parse()?;
    let mut admin = PgConnection::connect_with(&options).await?;
    let names = ["helpdesk", "billing"].map(|name| format!("upheld_sample_{name}_{}", std::process::id()));
    for name in &names {
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await?;
    }
    let address = |name: &str| {
        use sqlx::ConnectOptions;
        options.clone().database(name).to_url_lossy().to_string()
    };
    let folder = tempfile::tempdir()?;
    let uploads = folder.path().join("uploads");
    let target = Target { helpdesk: address(&names[0]), billing: address(&names[1]), uploads };
    let summary = create("helpdesk", &target, PERSONS, &mut |_| ()).await;
    let checked = match &summary {
        Ok(_) => postgres_rows(&target).await,
        Err(_) => Ok((0, 0, 0)),
    };
    for name in &names {
        sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name}"))).execute(&mut admin).await?;
    }
    let (_folder, _, expected) = sqlite().await?;
    assert_eq!(summary?, expected);
    assert_eq!(checked?, (1, 1, PERSONS as i64 + 1));
    Ok(())
}

/// How many persons have an infinite and a NaN sentiment, and the number that the next person would get.
async fn postgres_rows(target: &Target) -> Result<(i64, i64, i64)> {
    let mut desk = PgConnection::connect(&target.helpdesk).await?;
    let question = "SELECT count(*) FILTER (WHERE sentiment = 'Infinity'), count(*) FILTER (WHERE sentiment = 'NaN'),
        nextval(pg_get_serial_sequence('persons', 'id')) FROM persons";
    let row = sqlx::query_as(question).fetch_one(&mut desk).await?;
    desk.close().await?;
    Ok(row)
}
