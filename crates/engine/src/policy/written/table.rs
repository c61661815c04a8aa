//! Tables, links and columns.

use super::{Choice, ColumnReference, Condition, Entries, Erase, Literal, Name, OnErase, Reference, To};
use crate::policy::model::{Access, Codec, Epoch, Match, Origin, Role, Untie};
use crate::source::{At, Span};

/// What `[table.NAME]` or one `[[each]]` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Links.
    pub links: Vec<Link>,
    /// Columns by name.
    pub columns: Entries<Column>,
    /// Of a files system: which objects are its rows, such as `avatars/{username}-{pixels}.png`.
    pub path: Option<At<String>>,
    /// Columns that tell rows apart.
    pub key: Option<Key>,
    /// Tenant column.
    pub tenant: Option<Name>,
    /// Written when a row is scrubbed; strings may hold `{token:N}`, `{now}`, `{now:s}`, `{now:ms}`.
    pub set_on_scrub: Entries<Literal>,
    /// Place of `sweep = "after"`.
    pub sweep_after: Option<Span>,
    /// Reviewed triggers and what the review said.
    pub triggers: Entries<At<String>>,
    /// Foreign keys that are not links: the reason, and the columns of one foreign key each.
    pub ignore: Entries<Vec<Name>>,
}

/// `key` of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// These columns.
    Columns(Vec<Name>),
    /// `"all"`: the whole row.
    All(Span),
}

/// `[[each]]`: the same keys for several tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Each {
    /// The tables.
    pub tables: Vec<Name>,
    /// What is added to each.
    pub adds: Table,
    /// Its header.
    pub at: Span,
}

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The whole link.
    pub at: Span,
    /// Role of the target's persons; never `Own`.
    pub role: Option<At<Role>>,
    /// Columns of this table.
    pub column: Vec<Name>,
    /// Where they point.
    pub to: Option<To>,
    /// The columns that point here; empty unless the link has `by`.
    pub by: Vec<Reference>,
    /// `as`.
    pub name: Option<Name>,
    /// How values are compared.
    pub matching: Option<At<Match>>,
    /// Patterns of the stored text, each with one `{}`.
    pub form: Vec<At<String>>,
    /// How the document is encoded.
    pub codec: Option<At<Codec>>,
    /// Where the value stands in the document.
    pub path: Option<At<String>>,
    /// Which rows of this table.
    pub when: Option<At<Condition>>,
    /// Which rows of the target.
    pub to_when: Option<At<Condition>>,
    /// Values that are no reference.
    pub nobody: Option<At<Vec<Literal>>>,
    /// Goes with the last of its parents.
    pub last: Option<At<bool>>,
    /// Replaces the grant.
    pub on_access: Option<At<Access>>,
    /// Columns not returned.
    pub hide: Vec<Name>,
    /// Replaces the fate, first match.
    pub on_erase: Vec<Choice<OnErase>>,
    /// The fate while others co-own the row, first match.
    pub while_shared: Vec<Choice<OnErase>>,
    /// How its tie is undone.
    pub untie: Option<At<Untie>>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Everything said about it.
    pub at: Span,
    /// Taxonomy key.
    pub category: Option<Name>,
    /// Links or roles to whose persons it belongs.
    pub of: Vec<Name>,
    /// `text`.
    pub text: Option<At<Text>>,
    /// Patterns within which text is searched.
    pub form: Vec<At<String>>,
    /// How the document is encoded.
    pub codec: Option<At<Codec>>,
    /// Paths in the document and their categories.
    pub json: Entries<Name>,
    /// System that holds the bytes.
    pub file: Option<Name>,
    /// Column by whose value the bytes are shared.
    pub shared_by: Option<Name>,
    /// Column it is derived from.
    pub copy_of: Option<ColumnReference>,
    /// What erasure does, first match.
    pub erase: Vec<Choice<Erase>>,
    /// Place of `access = "withhold"`.
    pub withhold: Option<Span>,
    /// `source`: who the values come from.
    pub origin: Option<At<Origin>>,
    /// Epoch numbers.
    pub time: Option<At<Epoch>>,
    /// Never written.
    pub generated: Option<At<bool>>,
}

/// How far text is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// `false`: a decision, not free text.
    No,
    /// `true`: claimed rows.
    Claimed,
    /// `"all"`: every row.
    All,
}

/// `[view.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Tables or columns it derives from.
    pub copy_of: Vec<Name>,
    /// It is rebuilt after an erasure.
    pub rebuild: Option<At<bool>>,
}
