//! Sessions with a service.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::ask::{Change, Changed, Failure, Row, Select, Way};
use engine::policy::written::http::Resource;
use engine::run::Tally;
use engine::value::Value;

use super::client::Client;
use super::find::Finder;
use crate::connector::{Answer, Each, Service, Session, Transaction};

/// A session, or a transaction: calls are made as they are applied.
pub(super) struct HttpSession {
    client: Arc<Client>,
    service: Arc<Service>,
}

impl HttpSession {
    pub fn new(client: Arc<Client>, service: Arc<Service>) -> HttpSession {
        HttpSession { client, service }
    }

    fn finder(&self) -> Finder<'_> {
        Finder { client: &self.client, service: &self.service }
    }

    async fn change(&self, change: &Change) -> Result<Changed, Failure> {
        let (table, mut rows) = (change.table(), 0);
        match change {
            Change::Insert { .. } => {
                return Err(Failure::Refused { reason: format!("no call makes records of {table}") });
            }
            Change::Delete { key, keys, .. } => {
                self.is_key(table, key)?;
                for key in keys {
                    rows += u64::from(self.finder().erase(table, key).await?);
                }
            }
            Change::Update { key, keys, set, .. } => {
                self.is_key(table, key)?;
                for key in keys {
                    rows += u64::from(self.finder().change(table, key, set).await?);
                }
            }
            Change::UpdateEach { key, columns, rows: each, .. } => {
                self.is_key(table, key)?;
                for (key, values) in each {
                    let set: Vec<(String, Value)> = columns.iter().cloned().zip(values.iter().cloned()).collect();
                    rows += u64::from(self.finder().change(table, key, &set).await?);
                }
            }
        }
        Ok(Changed { rows, returned: Row::new() })
    }

    fn is_key(&self, table: &str, key: &[String]) -> Result<(), Failure> {
        let own = &resource(&self.service, table)?.key;
        let same = own.len() == key.len() && own.iter().zip(key).all(|(own, key)| own.it == *key);
        let refused = || Failure::Refused { reason: format!("records of {table} are changed by their key alone") };
        same.then_some(()).ok_or_else(refused)
    }
}

/// The resource of that name.
pub(super) fn resource<'a>(service: &'a Service, table: &str) -> Result<&'a Resource, Failure> {
    let found = service.resources.iter().find(|(name, _)| name.it == table).map(|(_, resource)| resource);
    found.ok_or_else(|| Failure::Missing { object: format!("table {table}") })
}

impl Session for HttpSession {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            for row in self.finder().rows(select).await? {
                if each(row) == ControlFlow::Break(()) {
                    break;
                }
            }
            Ok(())
        })
    }

    fn explain<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Way> {
        Box::pin(async move {
            let find = resource(&self.service, &select.table)?.answers(&select.by);
            Ok(if find.is_some_and(|f| !f.by.is_empty()) { Way::Index } else { Way::Unknown })
        })
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Transaction for HttpSession {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(self.change(change))
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        Box::pin(async { Ok(Tally::Unknown) })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}
