//! What the description of a web service makes of it: a database whose tables are resources. So its structure is known
//! without a look at the service, and nothing of it needs to be locked.

use std::collections::BTreeMap;

use super::model::{Calls, Match, SystemKind};
use super::written::http::{Find, Resource};
use super::written::{Folder, System};
use crate::ask::By;
use crate::schema::{Column, ForeignKey, OnDelete, Schema, Table};

/// The schemas of all web services of a folder, by system.
pub fn schemas(folder: &Folder) -> BTreeMap<String, Schema> {
    let services = folder.systems.iter().filter(|s| is_service(s));
    services.map(|s| (s.name.clone(), schema(&s.resources))).collect()
}

/// Is it a web service?
pub fn is_service(system: &System) -> bool {
    system.kind.as_ref().is_some_and(|k| k.it == SystemKind::Http)
}

/// The structure of a service with these resources.
pub fn schema(resources: &[(super::written::Name, Resource)]) -> Schema {
    let mut tables: Vec<Table> = resources.iter().map(|(name, resource)| table(&name.it, resource)).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Schema { tables }
}

/// What may be called twice, by resource.
pub fn calls(system: &System) -> BTreeMap<String, Calls> {
    let of = |resource: &Resource| Calls {
        erase_again: resource.erase.iter().all(|e| e.repeat),
        several: resource.erase.len() > 1,
        change_again: resource.change.as_ref().is_some_and(|c| c.repeat),
    };
    system.resources.iter().map(|(name, resource)| (name.it.clone(), of(resource))).collect()
}

fn table(name: &str, resource: &Resource) -> Table {
    let names = |list: &[super::written::Name]| list.iter().map(|n| n.it.clone()).collect::<Vec<_>>();
    let key = names(&resource.key);
    let writable = |name: &String| resource.change.iter().flat_map(|c| &c.columns).any(|c| c.it == *name);
    let columns = resource.columns.iter().map(|(name, field)| Column {
        name: name.it.clone(),
        type_name: format!("{:?}", field.class).to_lowercase(),
        class: field.class,
        nullable: !key.contains(&name.it),
        default: false,
        // What no call can write is never written.
        generated: !writable(&name.it),
        max_chars: None,
    });
    let columns = columns.collect();
    let foreign_keys = resource.refers.iter().map(|(column, target)| ForeignKey {
        name: String::new(),
        columns: vec![column.it.clone()],
        table: target.it.0.clone(),
        target_columns: vec![target.it.1.clone()],
        on_delete: OnDelete::Refuse,
        deferrable: false,
    });
    Table {
        name: name.to_owned(),
        columns,
        indexes: resource.find.iter().map(|f| names(&f.by)).filter(|by| !by.is_empty()).collect(),
        foreign_keys: foreign_keys.collect(),
        key,
        ..Table::default()
    }
}

impl Resource {
    /// The call that answers a question: it takes no more than the question gives, and finds no less than it asks for. The
    /// one that takes most is best; one that lists everything answers any question.
    pub fn answers(&self, by: &By) -> Option<&Find> {
        let takes = |find: &&Find| match by {
            By::Values { columns, .. } | By::Keys { columns, .. } => {
                find.by.iter().all(|n| columns.contains(&n.it)) && find.matching != Match::Phone
            }
            By::Folded { column, .. } => {
                let folds = matches!(find.matching, Match::Email | Match::CaseInsensitive);
                find.by.is_empty() || (folds && find.by.iter().all(|n| n.it == *column))
            }
            By::Phone { column, .. } => {
                find.by.is_empty() || (find.matching == Match::Phone && find.by.iter().all(|n| n.it == *column))
            }
            By::Containing { .. } => find.by.is_empty(),
        };
        // The first of equals: a description names its best way first.
        self.find.iter().rev().filter(takes).max_by_key(|find| find.by.len())
    }
}
