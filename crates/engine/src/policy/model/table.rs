//! Tables, columns and declared foreign keys.

use serde::{Deserialize, Serialize};

use super::{Codec, ColumnIx, Cond, Erase, File, Fill, KindId, Link, LinkIx, Path, Pattern, SystemId, TableId};
use crate::policy::category::is_personal;
use crate::schema::{Class, OnDelete};

/// One mapped table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its system.
    pub system: SystemId,
    /// Name as the database stores it.
    pub name: String,
    /// Columns that tell its rows apart.
    pub key: Vec<ColumnIx>,
    /// All columns of the live table, in its order.
    pub columns: Vec<Column>,
    /// Links, in the order written. `self` is not among them.
    pub links: Vec<Link>,
    /// The kind whose records are this table's rows.
    pub kind: Option<KindId>,
    /// Needed for identity joins under a tenant.
    pub tenant: Option<ColumnIx>,
    /// Written when a row is scrubbed.
    pub set_on_scrub: Vec<(ColumnIx, Fill)>,
    /// Declared foreign keys whose target is mapped.
    pub foreign_keys: Vec<ForeignKey>,
    /// Triggers that somebody reviewed, by name.
    pub reviewed_triggers: Vec<String>,
    /// It has no key (`key = "all"`): the whole row tells it apart, and equal rows share one fate.
    pub keyless: bool,
    /// The application writes here while it deletes: its rows go last, and again at verification.
    pub sweep_after: bool,
    /// No system holds it: its rows are the distinct values of an identity, for a kind without a table. Planners make them.
    pub made: bool,
}

impl Table {
    /// A table of which nothing is said yet.
    pub fn new(system: SystemId, name: String, key: Vec<ColumnIx>, columns: Vec<Column>) -> Table {
        Table {
            system,
            name,
            key,
            columns,
            links: Vec::new(),
            kind: None,
            tenant: None,
            set_on_scrub: Vec::new(),
            foreign_keys: Vec::new(),
            reviewed_triggers: Vec::new(),
            keyless: false,
            sweep_after: false,
            made: false,
        }
    }

    /// Index of the column of that name.
    pub fn column(&self, name: &str) -> Option<ColumnIx> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Do rows keep this column whatever happens, because others are told apart by it? Where the whole row is the key, no
    /// column is.
    pub fn is_key(&self, column: ColumnIx) -> bool {
        !self.keyless && self.key.contains(&column)
    }

    /// Names of the columns of some indices.
    pub fn names(&self, columns: &[ColumnIx]) -> Vec<String> {
        columns.iter().map(|&c| self.columns[c].name.clone()).collect()
    }
}

/// A declared foreign key, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Referencing columns.
    pub columns: Vec<ColumnIx>,
    /// Referenced table.
    pub table: TableId,
    /// Referenced columns.
    pub target_columns: Vec<ColumnIx>,
    /// What the database does when the referenced row goes.
    pub on_delete: OnDelete,
}

/// One column of a mapped table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name as the database stores it.
    pub name: String,
    /// The database's name of its type.
    pub type_name: String,
    /// Class of its values.
    pub class: Class,
    /// May be NULL.
    pub nullable: bool,
    /// Never written.
    pub generated: bool,
    /// Longest text in characters.
    pub max_chars: Option<u32>,
    /// Part of a primary or unique key.
    pub unique: bool,
    /// Category, where the map gives one.
    pub category: Option<String>,
    /// Links to whose persons it belongs; empty: to whoever holds the row.
    pub of: Vec<LinkIx>,
    /// Free text, searched and redacted.
    pub text: bool,
    /// Free text that is searched in every row, not only in those near the person (`text = "all"`).
    pub text_everywhere: bool,
    /// Patterns within which text is searched; none: all of it.
    pub forms: Vec<Pattern>,
    /// How the documents in it are encoded.
    pub codec: Option<Codec>,
    /// Personal values inside its documents, and their categories.
    pub inside: Vec<(Path, String)>,
    /// The column it is derived from: it has that one's category, `of` and action, and is written after it.
    pub copy_of: Option<(TableId, ColumnIx)>,
    /// Unit of the epoch numbers it holds.
    pub time: Option<Epoch>,
    /// Who its values come from.
    pub origin: Origin,
    /// A secret: never leaves.
    pub withhold: bool,
    /// The file it names.
    pub file: Option<File>,
    /// What erasure does to it, first match; empty: nothing. Defaults are filled in for personal columns: those with a
    /// `user` category, with `text`, or with an `erase` of their own. Keys and columns of links have none unless said.
    pub erase: Vec<(Cond, Erase)>,
}

impl Column {
    /// Does redaction find something to do here: free text, or personal places in documents?
    pub fn is_redacted(&self) -> bool {
        self.text || self.inside.iter().any(|(_, category)| is_personal(category))
    }

    /// A nullable column of which nothing is said yet.
    pub fn new(name: String, class: Class) -> Column {
        Column {
            name,
            type_name: String::new(),
            class,
            nullable: true,
            generated: false,
            max_chars: None,
            unique: false,
            category: None,
            of: Vec::new(),
            text: false,
            text_everywhere: false,
            forms: Vec::new(),
            codec: None,
            inside: Vec::new(),
            copy_of: None,
            time: None,
            origin: Origin::Person,
            withhold: false,
            file: None,
            erase: Vec::new(),
        }
    }
}

/// Who the values of a column come from; portability returns what the person provided (GDPR Art. 20; WP 242).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The person gave them.
    #[default]
    Person,
    /// The service observed them while the person used it.
    Observed,
    /// The company made them from other values.
    Derived,
    /// Somebody else gave them.
    ThirdParty,
}

/// Unit of an epoch number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Epoch {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
}
