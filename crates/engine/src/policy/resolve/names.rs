//! Names to indices; each that does not resolve is reported once, with the nearest one.

use super::Draft;
use super::frame::is_database;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, SystemId, TableId};
use crate::policy::written::{Name, Reference};

impl<'a> Draft<'a> {
    /// A mapped table of a system.
    pub(super) fn table(&mut self, system: SystemId, name: &'a Name) -> Option<TableId> {
        if let Some(id) = self.policy.table_named(system, &name.it).filter(|id| !self.origins[id.0].lookup_only) {
            return Some(id);
        }
        let written = &self.folder.systems[system.0];
        let Some(schema) = self.schemas.get(&written.name) else {
            self.report_no_tables(system, name);
            return None;
        };
        if self.missing.contains(&(system, name.it.as_str())) {
            return None;
        }
        let finding = if schema.table(&name.it).is_some() {
            Diagnostic::error(
                codes::NOT_MAPPED,
                format!("table `{}` of system `{}` is not mapped", name.it, written.name),
                name.at,
                "no row of it can have a claim",
            )
            .help(format!("add `[table.{}]` with its links and columns", name.it))
        } else {
            Diagnostic::error(
                codes::UNKNOWN_TABLE,
                format!("system `{}` has no table `{}`", written.name, name.it),
                name.at,
                "not in its schema",
            )
            .suggest(&name.it, schema.tables.iter().map(|t| t.name.as_str()))
        };
        self.findings.push(finding);
        None
    }

    /// A database without schema has been reported; other places have no tables at all.
    fn report_no_tables(&mut self, system: SystemId, name: &Name) {
        let written = &self.folder.systems[system.0];
        if written.kind.is_some() && !is_database(written) {
            self.findings.push(Diagnostic::error(
                codes::UNKNOWN_TABLE,
                format!("system `{}` is no database and has no table `{}`", written.name, name.it),
                name.at,
                "not a table",
            ));
        }
    }

    /// A column of a table.
    pub(super) fn column(&mut self, table: TableId, name: &Name) -> Option<ColumnIx> {
        let model = self.policy.table(table);
        let found = model.column(&name.it);
        if found.is_none() {
            let finding = Diagnostic::error(
                codes::UNKNOWN_COLUMN,
                format!("table `{}` has no column `{}`", model.name, name.it),
                name.at,
                "not in its schema",
            );
            let known = model.columns.iter().map(|c| c.name.as_str());
            let finding = finding.suggest(&name.it, known);
            self.findings.push(finding);
        }
        found
    }

    /// Columns of a table, all or none; each that is missing is reported.
    pub(super) fn columns(&mut self, table: TableId, names: &[Name]) -> Option<Vec<ColumnIx>> {
        let found: Vec<_> = names.iter().map(|n| self.column(table, n)).collect();
        found.into_iter().collect()
    }

    /// A system by name.
    pub(super) fn system_named(&mut self, name: &Name) -> Option<SystemId> {
        let found = self.policy.system_named(&name.it);
        if found.is_none() {
            let known = self.policy.systems.iter().map(|s| s.name.as_str());
            let finding = Diagnostic::error(
                codes::UNKNOWN_SYSTEM,
                format!("the folder has no system `{}`", name.it),
                name.at,
                format!("there is no `systems/{}.toml`", name.it),
            );
            let finding = finding.suggest(&name.it, known);
            self.findings.push(finding);
        }
        found
    }

    /// `"table.column"` or `"system:table.column"`.
    pub(super) fn reference(&mut self, here: SystemId, r: &'a Reference) -> Option<(TableId, ColumnIx)> {
        let system = match &r.system {
            Some(name) => self.system_named(name)?,
            None => here,
        };
        let table = self.table(system, &r.table)?;
        Some((table, self.column(table, &r.column)?))
    }

    /// The same, where a table that is not mapped but only looked up will do.
    pub(super) fn lookup(&mut self, here: SystemId, r: &'a Reference) -> Option<(TableId, ColumnIx)> {
        let system = match &r.system {
            Some(name) => self.system_named(name)?,
            None => here,
        };
        self.enter_lookup(system, &r.table);
        let table = match self.policy.table_named(system, &r.table.it) {
            Some(table) => table,
            None => self.table(system, &r.table)?,
        };
        Some((table, self.column(table, &r.column)?))
    }

    /// References that must all lead to one table.
    pub(super) fn references(&mut self, here: SystemId, list: &'a [Reference]) -> Option<(TableId, Vec<ColumnIx>)> {
        let mut found: Vec<Option<(TableId, ColumnIx)>> = Vec::new();
        for (nth, r) in list.iter().enumerate() {
            let same_table = list[..nth].iter().any(|other| other.table.it == r.table.it && other.system == r.system);
            let known = found.iter().flatten().next().map(|(table, _)| *table);
            found.push(match known {
                Some(table) if same_table => self.column(table, &r.column).map(|c| (table, c)),
                None if same_table => None,
                _ => self.reference(here, r),
            });
        }
        let all: Vec<_> = found.into_iter().collect::<Option<_>>()?;
        let (table, _) = *all.first()?;
        if let Some(stray) = all.iter().position(|(t, _)| *t != table) {
            let finding = Diagnostic::error(
                codes::UNKNOWN_COLUMN,
                "one link leads to columns of two tables",
                list[stray].table.at,
                "another table than the first",
            );
            self.findings.push(finding.label(list[0].table.at, "the first"));
            return None;
        }
        Some((table, all.into_iter().map(|(_, c)| c).collect()))
    }
}
