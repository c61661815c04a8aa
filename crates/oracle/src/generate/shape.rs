//! The structure of a random case: systems, tables, columns, and what the map says of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use engine::policy::model::SystemKind;
use engine::schema::{self, Class, ForeignKey, Schema};

use super::dice::Dice;
use super::{columns, files, links, persons};

/// Everything but the rows.
pub(super) struct Shape {
    pub systems: Vec<System>,
    pub tables: Vec<Table>,
    pub tenants: Tenants,
}

/// How tenants are told apart.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Tenants {
    None,
    /// A column with the value.
    Plain,
    /// A column that leads to the value in another table.
    Through,
}

pub(super) struct System {
    pub name: &'static str,
    /// `[subject.KIND]` and what belongs to it.
    pub subjects: String,
    pub ignored: Vec<String>,
    /// A system of files.
    pub files: bool,
}

#[derive(Default)]
pub(super) struct Table {
    pub system: usize,
    pub name: String,
    pub columns: Vec<Column>,
    /// Inline tables.
    pub links: Vec<String>,
    /// Names of links, for `of`.
    pub names: Vec<String>,
    /// `column = ..` lines of the map.
    pub decided: Vec<String>,
    /// Other keys of `[table.NAME]`.
    pub keys: Vec<String>,
    /// Foreign keys that are no links.
    pub ignored_keys: Vec<String>,
    pub foreign_keys: Vec<ForeignKey>,
    pub person: Option<Person>,
    /// Only keys and ties.
    pub association: bool,
    /// Not mapped at all.
    pub ignored: bool,
    /// Its rows have no key.
    pub keyless: bool,
}

#[derive(Clone)]
pub(super) struct Person {
    pub nobody: bool,
    pub placeholder: bool,
}

pub(super) struct Column {
    pub name: String,
    pub class: Class,
    pub nullable: bool,
    pub default: bool,
    pub values: Values,
}

/// Where a column's random values come from.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Values {
    Key,
    /// Keys of a table; `wild` ones may also point at nothing.
    Reference {
        table: usize,
        wild: bool,
    },
    Email,
    Phone,
    Code,
    Name,
    Body,
    /// A text that names somebody.
    Told,
    Tenant,
    TenantName,
    Number,
    Status,
    OwnerType,
    Flag,
    /// The path of an object, as a row names it: few, so that rows share them.
    Named,
    /// A digest that rows share.
    Sum,
    /// The path of an object, as its key.
    Object,
    /// The path of a picture, as its key, and the code in it.
    Picture,
    PictureOf,
    Ip,
    Zip,
    Amount,
    Epoch,
    /// A moment about five years ago, in milliseconds.
    Made,
    /// A JSON document about somebody.
    Document,
    /// A URL that names somebody.
    Query,
    /// A text that may have a pattern.
    Formed,
    /// A JSON document with keys of a table.
    Seen {
        table: usize,
    },
    /// A text with a key of a table.
    Ticket {
        table: usize,
    },
}

impl Values {
    /// Only drawn on top.
    pub(super) fn on_top(self) -> bool {
        use Values::{Amount, Document, Epoch, Formed, Ip, Made, Query, Seen, Ticket, Zip};
        matches!(self, Ip | Zip | Amount | Epoch | Made | Document | Query | Formed | Seen { .. } | Ticket { .. })
    }

    /// Only of files.
    pub(super) fn apart(self) -> bool {
        matches!(self, Values::Named | Values::Sum | Values::Object | Values::Picture | Values::PictureOf)
    }
}

impl Column {
    pub(super) fn new(name: impl Into<String>, class: Class, nullable: bool, values: Values) -> Self {
        Column { name: name.into(), class, nullable, default: values == Values::Key, values }
    }

    /// A column that is drawn on top, whatever its values are.
    pub(super) fn is_on_top(&self) -> bool {
        matches!(self.name.as_str(), "copied" | "again") || (self.name.len() == 2 && self.name.starts_with('x'))
    }
}

impl Shape {
    /// Draws a structure.
    ///
    /// Files are drawn apart, so that the rest of a seed's case is what it was before there were any.
    pub(super) fn draw(dice: &mut Dice, apart: &mut Dice) -> Shape {
        let tenants = dice.pick(&[Tenants::None, Tenants::None, Tenants::Plain, Tenants::Through]);
        let mut shape = Shape { systems: Vec::new(), tables: Vec::new(), tenants };
        let names = ["desk", "shop"];
        for name in &names[..1 + dice.below(2)] {
            shape.systems.push(System { name, subjects: String::new(), ignored: Vec::new(), files: false });
        }
        persons::draw(dice, &mut shape);
        let first = shape.tables.len();
        let total = 3 + dice.below(7);
        for n in first..total.max(first + 1) {
            let association = dice.chance(15);
            let (system, name) = (dice.below(shape.systems.len()), format!("t{n}"));
            let columns = vec![Column::new("id", Class::Int, false, Values::Key)];
            shape.tables.push(Table { system, name, columns, association, ..Table::default() });
        }
        columns::draw(dice, &mut shape);
        links::draw(dice, &mut shape);
        files::draw(apart, &mut shape);
        shape
    }

    /// The schemas of all systems.
    pub(super) fn schemas(&self, kind: SystemKind) -> BTreeMap<String, Schema> {
        let mut schemas = BTreeMap::new();
        for (s, system) in self.systems.iter().enumerate() {
            let mut tables: Vec<schema::Table> =
                self.tables.iter().filter(|t| t.system == s).map(|t| t.schema(kind)).collect();
            tables.sort_by(|a, b| a.name.cmp(&b.name));
            schemas.insert(system.name.to_owned(), Schema { tables });
        }
        schemas
    }

    /// The data maps of all systems.
    pub(super) fn maps(&self, kind: SystemKind) -> Vec<(&'static str, String)> {
        let word = if kind == SystemKind::Postgres { "postgres" } else { "sqlite" };
        let mut maps = Vec::new();
        for (s, system) in self.systems.iter().enumerate() {
            let variable = system.name.to_uppercase();
            let word = if system.files { "files" } else { word };
            let mut text = format!(
                "[system]\nkind = \"{word}\"\nconnect = {{ env = \"{variable}\" }}\ncountry = \"NO\"\n\n{}",
                system.subjects
            );
            for table in self.tables.iter().filter(|t| t.system == s && !t.ignored) {
                table.map(&mut text);
            }
            if !system.ignored.is_empty() {
                let _ = writeln!(text, "\n[ignore]\n\"no personal data\" = {:?}", system.ignored);
            }
            maps.push((system.name, text));
        }
        maps
    }
}

impl Table {
    fn schema(&self, kind: SystemKind) -> schema::Table {
        let postgres = kind == SystemKind::Postgres;
        let columns = self.columns.iter().map(|c| schema::Column {
            name: c.name.clone(),
            type_name: match (c.class, postgres) {
                (Class::Int, true) => "bigint",
                (Class::Int, false) => "INTEGER",
                (Class::Bytes, true) => "bytea",
                (Class::Bytes, false) => "BLOB",
                (_, true) => "text",
                (_, false) => "TEXT",
            }
            .to_owned(),
            class: c.class,
            nullable: c.nullable,
            default: c.default,
            generated: false,
            max_chars: None,
        });
        let key: Vec<String> = self.columns[..usize::from(!self.keyless)].iter().map(|c| c.name.clone()).collect();
        schema::Table {
            name: self.name.clone(),
            columns: columns.collect(),
            indexes: if key.is_empty() { Vec::new() } else { vec![key.clone()] },
            key,
            foreign_keys: self.foreign_keys.clone(),
            ..schema::Table::default()
        }
    }

    fn map(&self, text: &mut String) {
        let _ = writeln!(text, "\n[table.{}]", self.name);
        for key in &self.keys {
            let _ = writeln!(text, "{key}");
        }
        if !self.ignored_keys.is_empty() {
            let _ = writeln!(text, "ignore = {{ \"decided\" = {:?} }}", self.ignored_keys);
        }
        if !self.links.is_empty() {
            let _ = writeln!(text, "links = [\n  {},\n]", self.links.join(",\n  "));
        }
        if !self.decided.is_empty() {
            let _ = writeln!(text, "[table.{}.columns]\n{}", self.name, self.decided.join("\n"));
        }
    }
}
