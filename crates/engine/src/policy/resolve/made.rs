//! Subject kinds without a table: the distinct values of an identity are their records.

use std::collections::BTreeSet;

use super::{Draft, TableOrigin};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Column, SystemId, Table, TableId};
use crate::policy::written::{ColumnReference, Identity, Name, Subject};
use crate::schema::{self, Class};

/// What a database says of a table that none of them holds.
static NOWHERE: schema::Table = schema::Table {
    name: String::new(),
    columns: Vec::new(),
    key: Vec::new(),
    unique: Vec::new(),
    indexes: Vec::new(),
    foreign_keys: Vec::new(),
    triggers: Vec::new(),
    row_security: false,
    view: false,
    materialized: false,
    no_transactions: false,
    sequences: Vec::new(),
    touched: Vec::new(),
};

impl<'a> Draft<'a> {
    /// Enters the table of such a kind: a column for the value, and one for the tenant, where the kind has tenants. Its
    /// name is one that no map can give a table of a database.
    pub(super) fn made_table(&mut self, system: SystemId, name: &'a Name, subject: &'a Subject) -> Option<TableId> {
        self.needs_a_table(subject);
        let key = self.key_identity(name, subject)?;
        let tenant = subject.tenant.as_ref().map(|t| t.column.it.as_str());
        let columns = std::iter::once(key.it.as_str()).chain(tenant);
        let columns: Vec<Column> = columns.map(|name| Column::new(name.to_owned(), Class::Text)).collect();
        let key = (0..columns.len()).collect();
        let mut table = Table::new(system, format!("@{}", name.it), key, columns);
        table.made = true;
        self.policy.tables.push(table);
        self.origins.push(TableOrigin {
            system,
            at: name.at,
            schema: &NOWHERE,
            parts: Vec::new(),
            lookup_only: true,
            links: Vec::new(),
            broken_link: false,
        });
        Some(TableId(self.policy.tables.len() - 1))
    }

    /// The identity that `key` names.
    fn key_identity(&mut self, name: &'a Name, subject: &'a Subject) -> Option<&'a Name> {
        let [key] = subject.key.as_slice() else {
            let (at, label) = (subject.key.get(1).map_or(name.at, |k| k.at), "one identity tells the records apart");
            let message = format!("the records of `{}` are told apart by more than one identity", name.it);
            self.findings.push(Diagnostic::error(codes::RECORDS_NOWHERE, message, at, label));
            return None;
        };
        if subject.identities.iter().any(|(n, _)| n.it == key.it) {
            return Some(key);
        }
        let message = format!("subject kind `{}` has no identity `{}`", name.it, key.it);
        let label = "without a table, `key` names the identity whose values are the records";
        let known: Vec<&str> = subject.identities.iter().map(|(n, _)| n.it.as_str()).collect();
        self.findings.push(Diagnostic::error(codes::UNKNOWN_IDENTITY, message, key.at, label).suggest(&key.it, known));
        None
    }

    /// Reports what only records with a table can have.
    fn needs_a_table(&mut self, subject: &Subject) {
        let placeholder = subject.placeholder.as_ref().and_then(|p| p.columns.first()).map(|(n, _)| n.at);
        let parts = [
            ("when", subject.when.as_ref().map(|w| w.at), "write `when` on the links that join its identities"),
            ("nobody", subject.nobody.first().map(|v| v.at), "write `nobody` on the links that join its identities"),
            ("placeholder", placeholder, "let the links that join its identities be untied in another way"),
        ];
        for (key, at, help) in parts {
            let Some(at) = at else { continue };
            let message = format!("`{key}` on a subject kind without a table");
            let label = "there are no rows of which it could be said";
            self.findings.push(Diagnostic::error(codes::RECORDS_NOWHERE, message, at, label).help(help));
        }
    }

    /// The tenant of a record stands in each row that has its value.
    pub(super) fn tenant_in_each(&mut self, system: SystemId, subject: &Subject) {
        let Some(tenant) = &subject.tenant else { return };
        let columns = subject.identities.iter().flat_map(|(_, i)| &i.columns);
        let names: BTreeSet<&str> = columns.filter_map(|c| c.table.as_ref()).map(|t| t.it.as_str()).collect();
        for home in names.into_iter().filter_map(|name| self.policy.table_named(system, name)).collect::<Vec<_>>() {
            self.column(home, &tenant.column);
        }
    }

    /// A kind without a table has no columns of its own.
    pub(super) fn no_table_named(&mut self, column: &ColumnReference) {
        let message = format!("`{}` is a column of no table", column.column.it);
        let label = "the kind has no table of its own";
        let finding = Diagnostic::error(codes::RECORDS_NOWHERE, message, column.at, label);
        self.findings.push(finding.help("name the table as well: `table.column`"));
    }
}

/// Where a column of an identity was written.
pub(crate) fn written_columns<'w>(identity: &'w Identity, table: &str, column: &str) -> Option<&'w ColumnReference> {
    let here = |c: &&ColumnReference| c.column.it == column && c.table.as_ref().is_none_or(|t| t.it == table);
    identity.columns.iter().find(here)
}
