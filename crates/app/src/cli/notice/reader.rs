//! How a person is known where it is remembered what they were told and what they did: by their address, or without one by their
//! record. Only a keyed digest of either is kept.

use anyhow::Result;
use engine::matching::normal;
use engine::notice::roll::Listed;
use engine::notice::versions::Version;
use engine::policy::model::Match;
use engine::value::Value;
use store::{Identity, Store};

use crate::terminal::Misuse;

/// A person of a kind, by what is known of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Reader {
    kind: String,
    tenant: Option<String>,
    name: String,
    value: String,
}

impl Reader {
    /// By a mail address, or without one by a record, written `SYSTEM:KEY`.
    pub fn named(kind: &str, tenant: Option<&str>, email: Option<&str>, id: Option<&str>) -> Result<Reader> {
        let Some(id) = id else { return Reader::by_mail(kind, tenant, email.unwrap_or_default()) };
        let (system, key) = id.split_once(':').ok_or_else(|| Misuse("--id is written SYSTEM:KEY".to_owned()))?;
        Ok(Reader::by_record(kind, tenant, system, key))
    }

    /// Is their kind one of the populations of a version? A record of any other is found by nobody.
    pub fn known_to(&self, version: &Version) -> Result<()> {
        let known: Vec<&str> = version.facts.keys().filter_map(|name| name.strip_prefix("population:")).collect();
        if known.contains(&self.kind.as_str()) {
            return Ok(());
        }
        let known = known.join(", ");
        Err(Misuse(format!("version {} knows no people of kind {}; there are: {known}", version.version, self.kind))
            .into())
    }

    /// By a mail address.
    pub fn by_mail(kind: &str, tenant: Option<&str>, address: &str) -> Result<Reader> {
        let folded = normal(Match::Email, &Value::text(address), None)
            .ok_or_else(|| Misuse("what was given as a mail address is none".to_owned()))?;
        Ok(Reader::new(kind, tenant, "email".to_owned(), folded))
    }

    /// By the key of a record.
    pub fn by_record(kind: &str, tenant: Option<&str>, system: &str, key: &str) -> Reader {
        Reader::new(kind, tenant, format!("record:{system}"), key.to_owned())
    }

    /// Somebody whom the data map lists.
    pub fn listed(kind: &str, listed: &Listed) -> Reader {
        let tenant = listed.tenant.as_deref();
        match listed.folded_address() {
            Some(folded) => Reader::new(kind, tenant, "email".to_owned(), folded),
            None => Reader::by_record(kind, tenant, &listed.system, &listed.record),
        }
    }

    fn new(kind: &str, tenant: Option<&str>, name: String, value: String) -> Reader {
        Reader { kind: kind.to_owned(), tenant: tenant.map(str::to_owned), name, value }
    }

    /// As the store takes it.
    pub fn identity(&self) -> Identity<'_> {
        Identity { kind: &self.kind, tenant: self.tenant.as_deref(), name: &self.name, value: &self.value }
    }

    /// The keyed digest.
    pub fn digest(&self, store: &Store) -> Vec<u8> {
        store.reader(self.identity())
    }
}
