//! Other people's systems: one [`Connector`] for each kind of place where personal data lives.

mod after;
mod ask;
mod connector;
mod containing;
mod explore;
mod files;
mod http;
mod idle;
mod mysql;
mod pace;
mod people;
mod postgres;
mod run;
mod sql;
mod sqlite;
mod temporal;
#[cfg(feature = "testing")]
pub mod testing;

pub use after::After;
pub use ask::{Known, Planless, Probed, Systems, describe, plan, plan_knowing, plan_rest, probe, restore, sealed_rows};
pub use connector::{
    Answer, Connector, Each, EachOf, EachPiece, FileTable, Options, Outcome, Service, Session, Transaction,
};
use engine::ask::Failure;
use engine::policy::model::SystemKind;
pub use explore::explore;
pub use pace::{Clock, Pace, Paced};
pub use people::People;
pub use run::run;

type Open = fn(&str, Option<&str>, Options) -> Result<Box<dyn Connector>, Failure>;

/// The kinds of systems that can be opened, and how.
pub const CONNECTORS: [(SystemKind, Open); 5] = [
    (SystemKind::Files, files::open),
    (SystemKind::Http, http::open),
    (SystemKind::Mysql, mysql::open),
    (SystemKind::Postgres, postgres::open),
    (SystemKind::Sqlite, sqlite::open),
];

/// Opens a system by the addresses (or paths) of its reading and its writing side. Nothing is connected yet.
pub fn open(
    kind: SystemKind,
    read: &str,
    write: Option<&str>,
    options: Options,
) -> Result<Box<dyn Connector>, Failure> {
    let refused = || Failure::Refused { reason: "this kind of system cannot be connected to yet".to_owned() };
    let (_, open) = CONNECTORS.iter().find(|(k, _)| *k == kind).ok_or_else(refused)?;
    open(read, write, options)
}
