//! Datasets: collections, their fields, and what Fides needs to walk them.

use super::super::yaml::Node;
use super::read::{Fields, Notes, Place, joined};

/// A dataset.
#[derive(Debug)]
pub struct Dataset {
    pub key: String,
    pub title: Option<String>,
    pub description: Option<String>,
    /// The database schema, where its namespace names one.
    pub schema: Option<String>,
    pub collections: Vec<Collection>,
    pub at: Place,
}

/// A collection: a table.
#[derive(Debug)]
pub struct Collection {
    pub name: String,
    pub description: Option<String>,
    /// Fides leaves it alone.
    pub skipped: bool,
    pub subjects: Vec<String>,
    pub fields: Vec<Field>,
    pub at: Place,
}

/// A field: a column, or a place in a document.
#[derive(Debug, Default)]
pub struct Field {
    pub name: String,
    pub description: Option<String>,
    pub categories: Vec<String>,
    pub primary: bool,
    /// The type of identity that it holds, such as `email`.
    pub identity: Option<String>,
    pub references: Vec<Reference>,
    pub array: bool,
    /// What erases it, as Fides calls it, and the value that is written.
    pub masking: Option<(String, Option<String>)>,
    pub fields: Vec<Field>,
    pub at: Place,
}

/// A field elsewhere that holds the same values.
#[derive(Clone, Debug)]
pub struct Reference {
    pub dataset: String,
    /// `collection.field`, and names below it.
    pub field: String,
    /// `from`: that one leads here; `to`: this one leads there.
    pub direction: Option<Direction>,
    pub at: Place,
}

/// Which way Fides walks a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    From,
    To,
}

/// Reads a dataset; one without a key is told and left out.
pub fn dataset(node: &Node, nth: usize, notes: &mut Notes) -> Option<Dataset> {
    let mut fields = named(node, "dataset", "fides_key", nth, notes)?;
    let at = notes.place(node.line, fields.path.clone());
    let inherited = fields.texts("data_categories");
    let meta = fields.below(["fides_meta", "fidesops_meta"]);
    let schema = meta.and_then(|meta| dataset_meta(meta, notes));
    let collections = fields.several("collections");
    let read = collections.iter().enumerate().filter_map(|(n, c)| collection(c, n, &fields.path, &inherited, notes));
    let collections = read.collect();
    let dataset = Dataset {
        key: fields.text("fides_key").unwrap_or_default(),
        title: fields.text("name"),
        description: fields.text("description"),
        schema,
        collections,
        at,
    };
    fields.is_of_the_default_organization();
    fields.finish(notes, |key| match key {
        "retention" => "how long Fides says it is held; write it into retention.toml, for a purpose",
        "data_uses" | "data_purposes" => "purposes name categories of data, not datasets",
        "data_qualifier" => "Upheld does not tell degrees of identification apart",
        "third_country_transfers" => "transfers are said of each recipient in recipients.toml",
        "organization_fides_key" => "a folder is of one company",
        "joint_controller" => "who decides about which data is said under [role] in policy.toml",
        _ => UNKNOWN,
    });
    Some(dataset)
}

/// Why a key that Upheld has no place for was not read.
pub const UNKNOWN: &str = "Upheld has nothing that says this";

/// A mapping with a name of its own, which its path shows.
pub fn named<'n>(node: &'n Node, above: &str, name: &'static str, nth: usize, notes: &mut Notes) -> Option<Fields<'n>> {
    let path = format!("{above}[{nth}]");
    let Some(mut fields) = Fields::of(node, &path) else {
        notes.left(&notes.place(node.line, path), "it has no keys");
        return None;
    };
    match fields.text(name).filter(|n| !n.is_empty()) {
        Some(name) => {
            fields.path = joined(above, &name);
            Some(fields)
        }
        None => {
            notes.left(&notes.place(node.line, path), format!("it has no `{name}`"));
            None
        }
    }
}

fn dataset_meta(mut meta: Fields<'_>, notes: &mut Notes) -> Option<String> {
    let namespace = meta.below(["namespace", "namespace"]);
    let schema = namespace.and_then(|mut namespace| {
        let schema = namespace.text("schema");
        namespace.finish(notes, |_| "which database that is stands in the address, never in the folder");
        schema
    });
    meta.finish(notes, |key| match key {
        "after" => "the order of systems follows from the links between them",
        "resource_id" => "the address of a system never stands in the folder",
        _ => UNKNOWN,
    });
    schema
}

fn collection(node: &Node, nth: usize, above: &str, inherited: &[String], notes: &mut Notes) -> Option<Collection> {
    let mut fields = named(node, above, "name", nth, notes)?;
    let at = notes.place(node.line, fields.path.clone());
    let own = fields.texts("data_categories");
    let inherited = if own.is_empty() { inherited } else { &own };
    let mut skipped = false;
    if let Some(mut meta) = fields.below(["fides_meta", "fidesops_meta"]) {
        skipped = meta.flag("skip_processing");
        if let Some(mut masking) = meta.below(["masking_strategy_override"; 2]) {
            // Rows of persons are deleted anyway.
            let strategy = masking.text("strategy");
            if strategy.as_deref() != Some("delete") {
                notes.left(&meta.at("masking_strategy_override", notes), "Upheld knows no such way to mask a table");
            }
        }
        meta.finish(notes, |key| match key {
            "after" | "erase_after" => "the order of tables follows from links and foreign keys",
            "partitioning" => "Upheld asks by keys and indexes, whatever partitions there are",
            _ => UNKNOWN,
        });
    }
    let below = fields.several("fields");
    let read = below.iter().enumerate().filter_map(|(n, f)| field(f, n, &fields.path, inherited, notes)).collect();
    let collection = Collection {
        name: fields.text("name").unwrap_or_default(),
        description: fields.text("description"),
        skipped,
        subjects: fields.texts("data_subjects"),
        fields: read,
        at,
    };
    fields.finish(notes, |key| match key {
        "data_uses" | "data_purposes" => "purposes name categories of data, not tables",
        "data_qualifier" => "Upheld does not tell degrees of identification apart",
        _ => UNKNOWN,
    });
    Some(collection)
}

fn field(node: &Node, nth: usize, above: &str, inherited: &[String], notes: &mut Notes) -> Option<Field> {
    let mut fields = named(node, above, "name", nth, notes)?;
    let at = notes.place(node.line, fields.path.clone());
    let own = fields.texts("data_categories");
    let categories = if own.is_empty() { inherited.to_vec() } else { own };
    let mut read = Field { name: fields.text("name").unwrap_or_default(), at, ..Field::default() };
    if let Some(meta) = fields.below(["fides_meta", "fidesops_meta"]) {
        field_meta(meta, &mut read, notes);
    }
    let below = fields.several("fields");
    let nested = below.iter().enumerate().filter_map(|(n, f)| field(f, n, &fields.path, &categories, notes));
    read.fields = nested.collect();
    read.categories = categories;
    read.description = fields.text("description");
    fields.finish(notes, |key| match key {
        "data_uses" | "data_purposes" => "purposes name categories of data, not columns",
        "data_subjects" => "whose a row is follows from its links",
        "data_qualifier" => "Upheld does not tell degrees of identification apart",
        _ => UNKNOWN,
    });
    Some(read)
}

fn field_meta(mut meta: Fields<'_>, field: &mut Field, notes: &mut Notes) {
    field.primary = meta.flag("primary_key");
    field.identity = meta.text("identity").filter(|i| !i.is_empty());
    field.array = meta.text("data_type").is_some_and(|t| t.ends_with("[]"));
    for (nth, node) in meta.several("references").into_iter().enumerate() {
        let path = format!("{}.references[{nth}]", meta.path);
        field.references.extend(reference(node, path, notes));
    }
    if let Some(mut masking) = meta.below(["masking_strategy_override"; 2]) {
        let configuration = masking.below(["configuration"; 2]);
        let value = configuration.and_then(|mut c| {
            let value = c.text("rewrite_value");
            c.finish(notes, |_| "Upheld's actions take no such setting");
            value
        });
        field.masking = masking.text("strategy").map(|s| (s, value));
        masking.finish(notes, |_| UNKNOWN);
    }
    meta.finish(notes, |key| match key {
        "length" => "lengths are read from the database; a value that is written never exceeds them",
        "read_only" => {
            "only a law or a retention rule keeps a column: name it with `erase = { keep = .. }`, or let it be erased"
        }
        "return_all_elements" => "a row is returned with the whole document",
        "custom_request_field" => "a person is found by identities alone",
        "redact" => "names of tables and columns are not hidden in answers",
        _ => UNKNOWN,
    });
}

fn reference(node: &Node, path: String, notes: &mut Notes) -> Option<Reference> {
    let at = notes.place(node.line, path.clone());
    let Some(mut fields) = Fields::of(node, &path) else {
        notes.left(&at, "it has no keys");
        return None;
    };
    let direction = match fields.text("direction").as_deref() {
        Some("from") => Some(Direction::From),
        Some("to") => Some(Direction::To),
        Some(_) => {
            notes.left(&fields.at("direction", notes), "a direction is `from` or `to`");
            None
        }
        None => None,
    };
    let (dataset, field) = (fields.text("dataset"), fields.text("field"));
    fields.finish(notes, |_| UNKNOWN);
    match (dataset, field) {
        (Some(dataset), Some(field)) => Some(Reference { dataset, field, direction, at }),
        _ => {
            notes.left(&at, "it does not name a `dataset` and a `field`");
            None
        }
    }
}
