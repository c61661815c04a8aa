//! Web services: what a description makes of a server that behaves, and of one that does not.

mod known;
mod listing;
mod proof;
mod trouble;

use connect::{Connector, Options, Service, open};
use engine::ask::{By, Change, Changed, Failure, Row, Select};
use engine::policy::model::SystemKind;
use engine::policy::parse::parse;
use engine::policy::written::http::Address;
use engine::source::Source;
use engine::value::Value;

/// A system of this map, called at this address with the credential `sesame`.
pub fn connector(map: &str, url: &str) -> Box<dyn Connector> {
    opened(map, url, "sesame", None).expect("a service")
}

/// The same with this credential, and with these certificates for whoever may vouch for the service.
pub fn opened(map: &str, url: &str, credential: &str, authority: Option<&str>) -> Result<Box<dyn Connector>, Failure> {
    let mut source = Source::default();
    source.add("policy.toml", "[company]\nname = \"Acme\"\n");
    source.add("systems/crm.toml", map);
    let (mut folder, findings) = parse(&source);
    assert!(findings.is_empty(), "{findings:?}");
    let system = folder.systems.remove(0);
    let told = match system.url.map(|u| u.it) {
        Some(Address::Plain(told)) if url.is_empty() => told,
        _ => url.to_owned(),
    };
    let service =
        Service { url: told, http: system.http, resources: system.resources, authority: authority.map(str::to_owned) };
    let options = Options { service: Some(service), ..Options::default() };
    open(SystemKind::Http, credential, Some(credential), options)
}

/// Asks for columns of rows that hold a value.
pub async fn ask(system: &dyn Connector, table: &str, columns: &[&str], by: By) -> Result<Vec<Row>, Failure> {
    let columns = columns.iter().map(|c| (*c).to_owned()).collect();
    let select = Select { table: table.to_owned(), columns, by, filter: Vec::new(), lock: false };
    system.read().await?.answer(&select).await
}

/// Rows by one column.
pub fn by(column: &str, value: impl Into<Value>) -> By {
    By::Values { columns: vec![column.to_owned()], values: vec![vec![value.into()]] }
}

/// Rows by an address, whatever its letter case.
pub fn folded(column: &str, value: &str) -> By {
    By::Folded { column: column.to_owned(), values: vec![value.to_owned()] }
}

/// Deletes the record of a key.
pub async fn erase(system: &dyn Connector, table: &str, key: &[(&str, Value)]) -> Result<Changed, Failure> {
    let (names, values): (Vec<String>, Vec<Value>) = key.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).unzip();
    let change = Change::Delete { table: table.to_owned(), key: names, keys: vec![values] };
    system.begin().await?.apply(&change).await
}

/// Changes columns of the record of a key.
pub async fn change(system: &dyn Connector, table: &str, key: &str, set: &[(&str, Value)]) -> Result<Changed, Failure> {
    let set = set.iter().map(|(c, v)| ((*c).to_owned(), v.clone())).collect();
    let keys = vec![vec![Value::text(key)]];
    let change = Change::Update { table: table.to_owned(), key: vec!["id".to_owned()], keys, set };
    system.begin().await?.apply(&change).await
}

/// What a failure says.
pub fn said<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    result.expect_err("a failure").to_string()
}

/// Texts of rows.
pub fn texts(rows: &[Row]) -> Vec<Vec<String>> {
    let text = |v: &Value| v.join_text().map(|t| t.into_owned()).unwrap_or_default();
    rows.iter().map(|row| row.iter().map(text).collect()).collect()
}
