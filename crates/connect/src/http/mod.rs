//! Web services, described by their system's map: resources as tables, calls that find, delete and change records.
//!
//! What holds:
//!
//! - Its structure is what the description says; nothing is asked of the service to learn it.
//! - Rows are answered as the service gives them; there is no snapshot, and nothing is locked.
//! - A transaction rolls nothing back: each change is a call, made when it is applied. The run makes them last, one record
//!   at a time, with an intent in its journal before each.
//! - A call that was sent and whose outcome nobody saw fails as [`Failure::Unknown`]; any other failure says that it was not
//!   carried out. Calls are sent again within a session only where the description says that this does no harm.
//! - Nothing but the hosts of the description is called, no redirect is followed, no private address is reached unless the
//!   description says so, and answers have a largest size.
//! - What an error says names host, method, path template and status, never a value.

mod address;
mod auth;
mod call;
mod client;
mod document;
mod find;
mod paging;
mod row;
mod session;
mod template;

use std::sync::Arc;

use engine::ask::Failure;
use engine::policy::http::schema;
use engine::schema::Schema;

use crate::connector::{Answer, Connector, Options, Outcome, Service, Session, Transaction};
use client::Client;
use session::HttpSession;

struct System {
    read: Arc<Client>,
    write: Option<Arc<Client>>,
    service: Arc<Service>,
}

/// Opens the service; `read` and `write` are the credentials of the two sides.
pub(crate) fn open(read: &str, write: Option<&str>, options: Options) -> Result<Box<dyn Connector>, Failure> {
    let none = || Failure::Refused { reason: "nothing describes how this service is called".to_owned() };
    let service = Arc::new(options.service.ok_or_else(none)?);
    let client = |credential: &str| Client::new(&service, credential).map(Arc::new);
    let read = client(read)?;
    let write = write.map(client).transpose()?;
    Ok(Box::new(System { read, write, service }))
}

impl System {
    fn session(&self, client: &Arc<Client>) -> HttpSession {
        HttpSession::new(client.clone(), self.service.clone())
    }
}

impl Connector for System {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async { Ok(schema(&self.service.resources)) })
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        Box::pin(async { Ok(Box::new(self.session(&self.read)) as Box<dyn Session>) })
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        Box::pin(async {
            let no_writer = || Failure::Refused { reason: "this system has no write connection".to_owned() };
            let write = self.write.as_ref().ok_or_else(no_writer)?;
            Ok(Box::new(self.session(write)) as Box<dyn Transaction>)
        })
    }

    fn resolve<'a>(&'a self, _transaction: &'a str) -> Answer<'a, Outcome> {
        Box::pin(async { Ok(Outcome::Unknown) })
    }

    /// Services do not count: no bound by share holds for them.
    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        Box::pin(async { Ok(vec![0; tables.len()]) })
    }
}
