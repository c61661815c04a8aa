//! The tables of a `files` system.

use engine::ask::Failure;
use engine::schema::{Class, Column, Schema, Table};
use engine::value::Value;

use super::path::is_below_root;
use super::place::Object;
use super::template::{OWN, Reading, Template};
use crate::connector::FileTable;
use crate::sql::no_column;

/// The table of all objects below the root.
pub(super) const ALL: &str = "objects";

/// A table: the objects whose path fits its template.
pub(super) struct Files {
    pub name: String,
    /// The table of all objects has none.
    pub template: Option<Template>,
}

/// A column of such a table.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Of {
    Path,
    Field(usize),
    Size,
    Modified,
    Version,
}

/// The tables of a data map, and [`ALL`]; fails with what is wrong with one of them.
pub(super) fn tables(declared: &[FileTable]) -> Result<Vec<Files>, Failure> {
    let mut tables = vec![Files { name: ALL.to_owned(), template: None }];
    for table in declared {
        let refused = |why: String| Failure::Refused { reason: format!("table {}: {why}", table.name) };
        if tables.iter().any(|t| t.name == table.name) {
            let why = match table.name.as_str() {
                ALL => "that is the table of all objects; choose another name",
                _ => "it is declared twice",
            };
            return Err(refused(why.to_owned()));
        }
        let template = Template::parse(&table.path).map_err(|why| refused(format!("the path template: {why}")))?;
        tables.push(Files { name: table.name.clone(), template: Some(template) });
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

/// The table of that name, or why there is none.
pub(super) fn table<'a>(tables: &'a [Files], name: &str) -> Result<&'a Files, Failure> {
    let found = tables.iter().find(|t| t.name == name);
    found.ok_or_else(|| Failure::Missing { object: format!("table {name}") })
}

/// The structure as the engine sees it.
pub(super) fn schema(tables: &[Files]) -> Schema {
    Schema { tables: tables.iter().map(Files::describe).collect() }
}

impl Files {
    pub fn fields(&self) -> &[String] {
        self.template.as_ref().map_or(&[], Template::fields)
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Result<Of, Failure> {
        let own = match name {
            "path" => Some(Of::Path),
            "size" => Some(Of::Size),
            "modified" => Some(Of::Modified),
            "version" => Some(Of::Version),
            _ => self.fields().iter().position(|f| f == name).map(Of::Field),
        };
        own.ok_or_else(|| no_column(&self.name, name))
    }

    /// How the table reads a path.
    pub fn read(&self, path: &str) -> Reading {
        self.template.as_ref().map_or(Reading::One(Vec::new()), |template| template.read(path))
    }

    /// What all its paths begin with in which the known fields have these values.
    pub fn prefix(&self, known: &[Option<&str>]) -> String {
        self.template.as_ref().map(|template| template.prefix(known)).unwrap_or_default()
    }

    /// What all its paths begin with.
    pub fn start(&self) -> String {
        self.prefix(&vec![None; self.fields().len()])
    }

    /// Nothing in it is ever written, so every column counts as computed.
    fn describe(&self) -> Table {
        let column = |name: &str, type_name: &str, class| Column {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            class,
            nullable: false,
            default: false,
            generated: true,
            max_chars: None,
        };
        let [path, size, modified, version] = OWN;
        let mut columns = vec![column(path, "text", Class::Text)];
        columns.extend(self.fields().iter().map(|field| column(field, "text", Class::Text)));
        columns.push(column(size, "bigint", Class::Int));
        columns.push(column(modified, "timestamp with time zone", Class::Timestamp));
        columns.push(column(version, "text", Class::Text));
        // Values of the first fields make a prefix by which a listing finds the objects.
        let indexes = [vec![path.to_owned()], self.fields().to_vec()].into_iter().filter(|i| !i.is_empty());
        Table {
            name: self.name.clone(),
            columns,
            key: vec![path.to_owned()],
            indexes: indexes.collect(),
            ..Table::default()
        }
    }
}

/// An object as a row of a table. Fields of a path that can be read in several ways are NULL.
pub(super) struct Entry<'a> {
    pub object: &'a Object,
    pub fields: Option<Vec<String>>,
}

impl<'a> Entry<'a> {
    /// `None` if the object is none of the table's: its path does not fit, or is a key of a store that is no path at all.
    pub fn of(table: &Files, object: &'a Object) -> Option<Entry<'a>> {
        if !is_below_root(&object.path) {
            return None;
        }
        match table.read(&object.path) {
            Reading::No => None,
            Reading::One(fields) => Some(Entry { object, fields: Some(fields) }),
            Reading::Several => Some(Entry { object, fields: None }),
        }
    }

    pub fn value(&self, column: Of) -> Value {
        match column {
            Of::Path => Value::text(&self.object.path),
            Of::Field(field) => self.fields.as_ref().map_or(Value::Null, |fields| Value::text(&fields[field])),
            Of::Size => Value::Int(self.object.size),
            Of::Modified => Value::text(&self.object.modified),
            Of::Version => Value::text(&self.object.version),
        }
    }
}
