//! `upheld map init` as somebody types it who has never seen the program.

use std::path::Path;
use std::process::{Command, Output};

use sqlx::Connection as _;

const SHOP: &str = "
    create table customers (id integer primary key, email varchar(100) not null unique, name varchar(80), phone varchar(30));
    create table orders (id integer primary key, customer_id integer not null, placed_at datetime, note text);
    create table order_lines (id integer primary key, order_id integer not null, article_id integer, amount integer);
    create table articles (id integer primary key, name varchar(80) not null unique, price integer);
    insert into customers values (1, 'ann@x.example', 'Ann Field', '+4790012345'), (2, 'bo@x.example', 'Bo Hill', null),
        (3, 'cy@x.example', 'Cy Lake', null);
    insert into orders values (11, 1, '2026-01-02', 'leave it with Ann Field'), (12, 3, '2026-01-03', null);
    insert into order_lines values (101, 11, 7, 1), (102, 12, 7, 2);
    insert into articles values (7, 'soap', 30), (8, 'salt', 20);";

fn upheld(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upheld"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("SHOP_DSN", "sqlite:shop.db")
        .env("UPHELD_HOME", folder.join("home"));
    command.output().expect("upheld runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file =
        sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("shop.db")).create_if_missing(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&file).await.expect("a database");
    sqlx::raw_sql(SHOP).execute(&mut connection).await.expect("tables");
    connection.close().await.expect("closed");
    folder
}

/// Everything below a folder as one text.
fn all(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    entries.map(|p| if p.is_dir() { all(&p) } else { std::fs::read_to_string(&p).expect("text") }).collect()
}

#[tokio::test]
async fn from_an_address_to_a_plan() {
    let folder = shop().await;
    let made = upheld(folder.path(), &["map", "init", "sqlite:shop.db", "--out", "acme", "--country", "NO"]);
    assert!(made.status.success(), "{}", said(&made));
    assert!(said(&made).contains("export SHOP_DSN='sqlite:shop.db'"), "{}", said(&made));
    assert!(said(&made).lines().all(|l| l.chars().count() <= 80), "{}", said(&made));
    let written = all(&folder.path().join("acme"));
    for value in ["ann@x", "Ann Field", "90012345", "leave it", "shop.db", "soap"] {
        assert!(!written.contains(value) && (value == "shop.db" || !said(&made).contains(value)), "{value}");
    }
    assert!(written.contains(r#"{ role = "owner", column = "customer_id", to = "customers.id" }"#), "{written}");
    assert!(written.contains(r#"{ role = "part", column = "order_id", to = "orders.id" }"#), "{written}");
    let checked = upheld(folder.path(), &["check", "acme", "--live"]);
    assert!(checked.status.success(), "{}", said(&checked));
    let plan = ["plan", "erasure", "acme", "--subject", "customer", "--email", "ann@x.example"];
    let planned = upheld(folder.path(), &plan);
    assert!(planned.status.success(), "{}", said(&planned));
    for row in ["customers", "orders", "order_lines"] {
        assert!(said(&planned).contains(row), "{row}: {}", said(&planned));
    }
}

#[tokio::test]
async fn what_is_there_is_not_overwritten() {
    let folder = shop().await;
    std::fs::create_dir(folder.path().join("shop")).expect("a folder");
    let refused = upheld(folder.path(), &["map", "init", "shop.db"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("already there"), "{}", said(&refused));
}

#[tokio::test]
async fn a_password_is_neither_printed_nor_written() {
    let folder = tempfile::tempdir().expect("a folder");
    for dsn in ["postgres://app:swordfish@127.0.0.1:1/x", "ftp://app:swordfish@x/y"] {
        let failed = upheld(folder.path(), &["map", "init", dsn, "--out", "acme"]);
        assert!(!failed.status.success());
        assert!(!said(&failed).contains("swordfish"), "{}", said(&failed));
        assert!(!folder.path().join("acme").exists(), "a folder was left behind");
    }
}
