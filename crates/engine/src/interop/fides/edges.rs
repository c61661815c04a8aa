//! Every place of every dataset, and which lead to which.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::{Dataset, Direction, Field, Reference};
use super::read::{Notes, Place};

/// A table: number of the dataset, and of the collection in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableIx {
    pub dataset: usize,
    pub collection: usize,
}

/// A field, and where it stands in the table.
#[derive(Clone, Debug)]
pub struct Spot<'s> {
    pub table: TableIx,
    pub column: &'s str,
    /// Inside the document of the column.
    pub path: Option<String>,
    pub field: &'s Field,
}

/// Whoever has `parent` has `child`.
#[derive(Clone, Debug)]
pub struct Edge<'s> {
    pub parent: Spot<'s>,
    pub child: Spot<'s>,
    /// Fides does not say which way it goes.
    pub guessed: bool,
    pub at: Place,
}

impl Edge<'_> {
    /// Does the child's column name the parent? Otherwise the parent's names the child.
    pub fn child_holds(&self) -> bool {
        self.parent.field.primary || !self.child.field.primary
    }
}

/// The database behind a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One that Upheld connects to, as its name says.
    Named(&'static str),
    /// Nothing says which.
    Unsaid,
    /// One that Upheld has no connector for.
    Other(&'static str),
}

#[rustfmt::skip]
const ENGINES: &[(&str, Engine)] = &[
    ("postgres", Engine::Named("postgres")), ("postgresql", Engine::Named("postgres")),
    ("timescale", Engine::Named("postgres")), ("mysql", Engine::Named("mysql")), ("mariadb", Engine::Named("mysql")),
    ("sqlite", Engine::Named("sqlite")),
    ("mongo", Engine::Other("MongoDB")), ("mongodb", Engine::Other("MongoDB")), ("dynamodb", Engine::Other("DynamoDB")),
    ("bigquery", Engine::Other("BigQuery")), ("snowflake", Engine::Other("Snowflake")),
    ("redshift", Engine::Other("Redshift")), ("mssql", Engine::Other("SQL Server")),
    ("scylla", Engine::Other("ScyllaDB")), ("scylladb", Engine::Other("ScyllaDB")), ("redis", Engine::Other("Redis")),
    ("saas", Engine::Other("a web service")),
];

/// What key and name of a dataset say of its database.
pub fn engine(dataset: &Dataset) -> Engine {
    let said = format!("{} {}", dataset.key, dataset.title.as_deref().unwrap_or_default()).to_lowercase();
    let mut words = said.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|w| ENGINES.iter().find(|(name, _)| *name == w)).map_or(Engine::Unsaid, |(_, e)| *e)
}

/// All places by table. What stands twice, or could not be named in a path, is left out.
pub fn spots<'s>(datasets: &'s [Dataset], notes: &mut Notes) -> BTreeMap<TableIx, Vec<Spot<'s>>> {
    let mut all = BTreeMap::new();
    for (d, dataset) in datasets.iter().enumerate() {
        let mut names = BTreeSet::new();
        for (c, collection) in dataset.collections.iter().enumerate() {
            if !names.insert(collection.name.as_str()) {
                notes.left(&collection.at, "a collection of this name stands there before");
                continue;
            }
            let table = TableIx { dataset: d, collection: c };
            let mut found = Vec::new();
            let mut columns = BTreeSet::new();
            for field in &collection.fields {
                if columns.insert(field.name.as_str()) {
                    let path = field.array.then(|| "$[*]".to_owned());
                    found.push(Spot { table, column: &field.name, path: path.clone(), field });
                    let inside = path.unwrap_or_else(|| "$".to_owned());
                    below(table, &field.name, field, &inside, &mut found, notes);
                } else {
                    notes.left(&field.at, "a field of this name stands there before");
                }
            }
            all.insert(table, found);
        }
    }
    all
}

fn below<'s>(
    table: TableIx,
    column: &'s str,
    above: &'s Field,
    path: &str,
    found: &mut Vec<Spot<'s>>,
    notes: &mut Notes,
) {
    for field in &above.fields {
        let path = format!("{path}.{}{}", field.name, if field.array { "[*]" } else { "" });
        if field.name.contains(['.', '[', ']']) || field.name.chars().any(char::is_control) {
            notes.left(&field.at, "a path cannot say this name");
        } else if found.iter().any(|s| s.column == column && s.path.as_deref() == Some(&path)) {
            notes.left(&field.at, "a field of this name stands there before");
        } else {
            found.push(Spot { table, column, path: Some(path.clone()), field });
            below(table, column, field, &path, found, notes);
        }
    }
}

/// All references as edges, each once.
pub fn edges<'s>(
    datasets: &'s [Dataset],
    spots: &BTreeMap<TableIx, Vec<Spot<'s>>>,
    notes: &mut Notes,
) -> Vec<Edge<'s>> {
    let mut edges: Vec<Edge<'s>> = Vec::new();
    for own in spots.values().flatten() {
        for reference in &own.field.references {
            let Some(other) = target(datasets, spots, reference) else {
                let why = format!("no field `{}` in a dataset `{}` of these files", reference.field, reference.dataset);
                notes.left(&reference.at, why);
                continue;
            };
            let from = match reference.direction {
                Some(direction) => direction == Direction::From,
                None => other.field.primary || !own.field.primary,
            };
            let (parent, child) = if from { (other, own.clone()) } else { (own.clone(), other) };
            let same = |a: &Spot<'_>, b: &Spot<'_>| a.table == b.table && a.column == b.column && a.path == b.path;
            if edges.iter().any(|e| same(&e.parent, &parent) && same(&e.child, &child)) {
                continue;
            }
            edges.push(Edge { parent, child, guessed: reference.direction.is_none(), at: reference.at.clone() });
        }
    }
    edges
}

fn target<'s>(
    datasets: &[Dataset],
    spots: &BTreeMap<TableIx, Vec<Spot<'s>>>,
    reference: &Reference,
) -> Option<Spot<'s>> {
    let whole = |spot: &Spot<'_>| {
        let collection = &datasets[spot.table.dataset].collections[spot.table.collection].name;
        let inside = spot.path.as_deref().unwrap_or("$").replace("[*]", "");
        format!("{collection}.{}{}", spot.column, inside.trim_start_matches('$'))
    };
    let nth = datasets.iter().position(|d| d.key == reference.dataset)?;
    let own = spots.iter().filter(|(table, _)| table.dataset == nth).flat_map(|(_, spots)| spots);
    own.into_iter().find(|spot| whole(spot) == reference.field).cloned()
}
