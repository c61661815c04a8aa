//! What only MariaDB can get wrong.

mod keys;
mod trouble;
mod types;

use connect::testing::MariaServer;
use connect::{Connector, Options};
use engine::policy::model::SystemKind;

use crate::backend::*;

fn open(url: &str) -> Box<dyn Connector> {
    connect::open(SystemKind::Mysql, url, Some(url), QUICK).unwrap()
}

fn database(backend: &Backend) -> &str {
    let Backend::Mariadb(name) = backend else { panic!("MariaDB only") };
    name
}

/// What a statement of the superuser prints.
fn told(backend: &Backend, sql: &str) -> String {
    MariaServer::shared().sql(database(backend), sql)
}

async fn made(sql: &str) -> (Backend, Box<dyn Connector>) {
    let backend = Backend::mariadb();
    backend.sql(sql).await;
    let connector = backend.open_with(Options { statement_timeout_ms: 60_000, ..QUICK });
    (backend, connector)
}
