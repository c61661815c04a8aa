//! What customers made of categories that they define themselves, beside what is held of their people.

use std::collections::{BTreeMap, BTreeSet};

use engine::coverage::Inventory;
use engine::policy::model::Said;
use engine::policy::written::Declaration;

use super::sample::Column;

/// Values by column (`system:table.column`) that an access returned for people of a customer, by customer.
pub type Held = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The inventory of each category that says where customers define it.
pub fn taken(said: &Said, columns: &[Column], held: &Held) -> BTreeMap<String, Inventory> {
    let defined = said.of("category").filter(|category| category.get("defined").is_some());
    defined.map(|category| (category.id.it.clone(), one(category, columns, held))).collect()
}

fn one(category: &Declaration, columns: &[Column], held: &Held) -> Inventory {
    let places: BTreeMap<&str, &str> = category.texts("defined").into_iter().collect();
    let place = |key: &str| places.get(key).copied().unwrap_or_default();
    let values = |key: &str| {
        let column = columns.iter().find(|c| c.name == place(key));
        column.map(|c| c.values.iter().map(|v| v.clone().unwrap_or_default()).collect::<Vec<_>>()).unwrap_or_default()
    };
    // Values of one table's columns come in the order of its rows.
    let owners = values("tenant").into_iter().zip(values("name"));
    let definitions: BTreeMap<String, (String, String)> = values("key").into_iter().zip(owners).collect();
    let meant = |key: &String| definitions.get(key).cloned().unwrap_or_else(|| ("nobody".to_owned(), key.clone()));
    let named = |all: &BTreeMap<String, BTreeSet<String>>| {
        all.get(place("value")).map(|keys| keys.iter().map(meant).collect()).unwrap_or_default()
    };
    Inventory {
        held: held.iter().map(|(customer, all)| (customer.clone(), named(all))).collect(),
        defined: definitions.values().cloned().collect(),
    }
}
