//! Subject kinds and their populations.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{
    ColumnIx, Fill, Identity, Kind, KindId, Match, Placeholder, Population, Restriction, Scope, SystemId, TableId,
    Tenant, Worth,
};
use crate::policy::written::{self, ColumnReference, Literal, Name, Subject};

impl<'a> Draft<'a> {
    /// All kinds, sorted by name, with a population for each system that has records in a table.
    pub(super) fn resolve_kinds(&mut self) {
        let folder = self.folder;
        let mut names: Vec<&str> =
            folder.systems.iter().flat_map(|s| s.subjects.iter().map(|(n, _)| n.it.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        self.policy.kinds = names.iter().map(|n| Kind { name: (*n).to_owned(), populations: Vec::new() }).collect();
        for (nth, system) in folder.systems.iter().enumerate() {
            for (name, subject) in &system.subjects {
                self.population(SystemId(nth), name, subject);
            }
        }
    }

    fn population(&mut self, system: SystemId, name: &'a Name, subject: &'a Subject) {
        let Some(kind) = self.policy.kind(&name.it) else { return };
        let place = subject.table.as_ref().unwrap_or(name);
        let table = match &subject.table {
            Some(table) => self.table(system, table),
            None => self.made_table(system, name, subject),
        };
        let Some(table) = table else {
            self.broken_subject = true;
            return;
        };
        if subject.table.is_some() {
            self.nobody_fits(table, subject);
            self.key_is_the_tables(table, subject);
        } else {
            self.tenant_in_each(system, subject);
        }
        let population = Population {
            system,
            table,
            when: self.condition_of(table, &subject.when),
            tenant: subject.tenant.as_ref().and_then(|t| self.tenant(system, table, t)),
            identities: self.identities(table, subject),
            many: subject.records.as_ref().is_some_and(|r| r.it == written::Records::Many),
            nobody: subject.nobody.iter().map(|l| l.it.clone()).collect(),
            placeholder: subject.placeholder.as_ref().map(|p| self.placeholder(table, p)),
            restriction: subject
                .restriction
                .as_ref()
                .map(|r| Restriction { set: self.fills(table, &r.set), lift: self.fills(table, &r.lift) }),
        };
        if self.is_second(kind, name, place, &population) {
            return;
        }
        self.policy.tables[table.0].kind = Some(kind);
        self.policy.kinds[kind.0].populations.push(population);
    }

    /// A reference holds a key of the kind's table, or one of these values.
    fn nobody_fits(&mut self, table: TableId, subject: &Subject) {
        if let [key] = *self.policy.table(table).key.as_slice() {
            subject.nobody.iter().for_each(|value| self.compare_fits(table, key, value));
        }
    }

    /// Records are told apart by the key of their table.
    fn key_is_the_tables(&mut self, table: TableId, subject: &'a Subject) {
        let Some(columns) = self.columns(table, &subject.key) else { return };
        if let Some(first) = subject.key.first().filter(|_| columns != self.policy.table(table).key) {
            self.not_yet("records told apart by other columns than the key of their table", first.at);
        }
    }

    /// Reports a second population of a kind in one system, or a second kind in one table.
    fn is_second(&mut self, kind: KindId, name: &Name, table: &Name, new: &Population) -> bool {
        let message = if self.policy.kinds[kind.0].populations.iter().any(|p| p.system == new.system) {
            format!("system `{}` has two self tables of kind `{}`", self.policy.system(new.system).name, name.it)
        } else if let Some(other) = self.policy.table(new.table).kind {
            let other = &self.policy.kinds[other.0].name;
            format!("table `{}` is the self table of two kinds, `{other}` and `{}`", table.it, name.it)
        } else {
            return false;
        };
        self.findings.push(Diagnostic::error(codes::TWO_SELF_TABLES, message, table.at, "the second one").help(
            "let one kind have one table in a system, and join the other table to it by a link with role `owner`",
        ));
        true
    }

    fn tenant(&mut self, system: SystemId, table: TableId, tenant: &'a written::Tenant) -> Option<Tenant> {
        let column = self.column(table, &tenant.column);
        let through = tenant.through.as_ref().map(|r| self.lookup(system, r));
        if let Some(r) = &tenant.same_as {
            self.lookup(system, r);
        }
        match through {
            Some(through) => Some(Tenant { column: column?, through: Some(through?) }),
            None => Some(Tenant { column: column?, through: None }),
        }
    }

    /// A table in which tenants are looked up need not be mapped: it enters the policy without links.
    pub(super) fn enter_lookup(&mut self, system: SystemId, name: &Name) {
        if self.policy.table_named(system, &name.it).is_some() {
            return;
        }
        let schemas = self.schemas;
        let schema = schemas.get(&self.folder.systems[system.0].name).and_then(|s| s.table(&name.it));
        if let Some(schema) = schema {
            self.enter(system, schema, name.at, Vec::new(), true);
        }
    }

    fn identities(&mut self, table: TableId, subject: &'a Subject) -> Vec<Identity> {
        let mut list = Vec::new();
        for (name, identity) in &subject.identities {
            for column in &identity.columns {
                let Some((home, ix)) = self.identity_column(table, column) else { continue };
                list.push(Identity {
                    name: name.it.clone(),
                    table: home,
                    column: ix,
                    reading: self.reading(&[], identity.codec.as_ref(), identity.path.as_ref()),
                    when: self.condition_of(home, &identity.when),
                    matching: identity.matching.as_ref().map_or(Match::Exact, |m| m.it),
                    worth: identity.worth.as_ref().map_or(Worth::Key, |w| w.it),
                });
            }
        }
        list
    }

    /// The column of an identity, in the table of the records or in another one of the same system.
    fn identity_column(&mut self, records: TableId, column: &'a ColumnReference) -> Option<(TableId, ColumnIx)> {
        let home = match &column.table {
            Some(name) => self.table(self.policy.table(records).system, name)?,
            None if self.policy.table(records).made => {
                self.no_table_named(column);
                return None;
            }
            None => records,
        };
        Some((home, self.column(home, &column.column)?))
    }

    /// Columns and what is written to them.
    fn fills(&mut self, table: TableId, written: &[(Name, Literal)]) -> Vec<(ColumnIx, Fill)> {
        let mut columns = Vec::new();
        for (name, literal) in written {
            if let Some(column) = self.column(table, name) {
                columns.push((column, self.fill(table, column, literal)));
            }
        }
        columns
    }

    fn placeholder(&mut self, table: TableId, written: &written::Placeholder) -> Placeholder {
        let columns = self.fills(table, &written.columns);
        // A plan is one person's, so that one stand-in for each person and one for all are the same today.
        let scope = match written.scope.as_ref().map(|s| &s.it) {
            None | Some(written::Scope::One) => Scope::One,
            Some(written::Scope::Person) => Scope::Person,
            Some(written::Scope::Row) => Scope::Row,
            Some(written::Scope::Columns(names)) => Scope::Columns(names.iter().map(|n| n.it.clone()).collect()),
        };
        Placeholder { columns, scope }
    }

    /// A kind by name.
    pub(super) fn kind_named(&mut self, name: &Name) -> Option<KindId> {
        let found = self.policy.kind(&name.it);
        if found.is_none() {
            let known = self.policy.kinds.iter().map(|k| k.name.as_str());
            let finding = Diagnostic::error(
                codes::UNKNOWN_KIND,
                format!("no system has a subject kind `{}`", name.it),
                name.at,
                format!("there is no `[subject.{}]`", name.it),
            );
            let finding = finding.suggest(&name.it, known);
            self.findings.push(finding);
        }
        found
    }
}
