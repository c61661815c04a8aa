//! Subject kinds.

use toml::de::DeValue;

use super::form;
use super::reader::{Item, Read};
use super::words::Breadth;
use crate::policy::keys;
use crate::policy::written::{Identity, Placeholder, Restriction, Scope, Subject, Tenant};

impl Read for Subject {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::SUBJECT, |k| {
            if !k.has("table") && !k.has("key") {
                k.missing(
                    "table",
                    "name the table of its records, or with `key` the identity whose values are the records",
                );
            }
            Subject {
                table: k.get("table"),
                key: k.many("key"),
                when: k.get("when"),
                tenant: k.get("tenant"),
                identities: k.entries("identity"),
                records: k.get("records"),
                nobody: k.list("nobody"),
                placeholder: k.get("placeholder"),
                restriction: k.get("restriction"),
            }
        })
    }
}

impl Read for Restriction {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::RESTRICTION, |k| Restriction {
            set: k.must("set").entries("set"),
            lift: k.must("lift").entries("lift"),
        })
    }
}

impl Read for Tenant {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_str() {
            return Some(Tenant { column: Read::read(item)?, through: None, same_as: None });
        }
        let tenant = item.table(&keys::TENANT, |k| (k.need("column"), k.get("through"), k.get("as")))?;
        let (column, through, same_as) = tenant;
        Some(Tenant { column: column?, through, same_as })
    }
}

impl Read for Identity {
    fn read(item: Item<'_>) -> Option<Self> {
        if !item.value.is_table() {
            return Some(Identity {
                columns: item.many(),
                matching: None,
                worth: None,
                when: None,
                codec: None,
                path: None,
            });
        }
        item.table(&keys::IDENTITY, |k| Identity {
            columns: k.must("column").many("column"),
            matching: k.get("match"),
            worth: k.get("use"),
            when: k.get("when"),
            codec: k.get("codec"),
            path: k.formed("path", form::path),
        })
    }
}

impl Read for Placeholder {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::PLACEHOLDER, |k| {
            let scope = k.get("scope");
            let columns = k.others().into_iter().filter_map(|(name, item)| Some((name, Read::read(item)?))).collect();
            Placeholder { columns, scope }
        })
    }
}

impl Read for Scope {
    fn read(item: Item<'_>) -> Option<Self> {
        if let DeValue::Array(_) = item.value {
            return item.list().map(Scope::Columns);
        }
        Breadth::read(item).map(|breadth| match breadth {
            Breadth::One => Scope::One,
            Breadth::Person => Scope::Person,
            Breadth::Row => Scope::Row,
        })
    }
}
