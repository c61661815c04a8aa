//! Views and search indexes: what they derive from.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, SystemId, TableId, View};
use crate::policy::written::Name;
use crate::source::Span;

impl Draft<'_> {
    /// Fills in the views of each system.
    pub(super) fn resolve_views(&mut self) {
        for at in 0..self.folder.systems.len() {
            let id = SystemId(at);
            let written = &self.folder.systems[at].views;
            for (name, view) in written {
                self.is_there(id, &name.it, name.at);
                let mut sources: Vec<(TableId, Vec<ColumnIx>)> = Vec::new();
                for source in &view.copy_of {
                    let Some((table, column)) = self.derived_from(id, source) else { continue };
                    match sources.iter_mut().find(|(known, _)| *known == table) {
                        Some((_, columns)) => columns.extend(column),
                        None => sources.push((table, column.into_iter().collect())),
                    }
                }
                let rebuild = view.rebuild.as_ref().is_some_and(|r| r.it);
                self.policy.systems[at].views.push(View { name: name.it.clone(), sources, rebuild });
            }
        }
    }

    fn is_there(&mut self, system: SystemId, view: &str, at: Span) {
        let name = &self.policy.system(system).name;
        let Some(schema) = self.schemas.get(name).filter(|schema| schema.table(view).is_none()) else { return };
        let message = format!("system `{name}` has no view or table `{view}`");
        let known = schema.tables.iter().map(|t| t.name.as_str());
        let finding = Diagnostic::error(codes::UNKNOWN_TABLE, message, at, "not in its schema").suggest(view, known);
        self.findings.push(finding);
    }

    /// The table of `table` or `table.column`, which the map must have: what is not mapped is never changed.
    fn derived_from(&mut self, system: SystemId, source: &Name) -> Option<(TableId, Option<ColumnIx>)> {
        if let Some(table) = self.policy.table_named(system, &source.it) {
            return Some((table, None));
        }
        let (name, column) = source.it.rsplit_once('.').unwrap_or((&source.it, ""));
        let Some(table) = self.policy.table_named(system, name) else {
            let message = format!("the map has no table `{name}`");
            let tables = self.policy.tables.iter().filter(|t| t.system == system);
            let known: Vec<&str> = tables.map(|t| t.name.as_str()).collect();
            let finding = Diagnostic::error(codes::UNKNOWN_TABLE, message, source.at, "nothing changes it");
            self.findings.push(finding.suggest(name, known));
            return None;
        };
        let t = self.policy.table(table);
        let found = t.column(column);
        if found.is_none() {
            let message = format!("table `{name}` has no column `{column}`");
            let known: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
            let finding = Diagnostic::error(codes::UNKNOWN_COLUMN, message, source.at, "not in its schema");
            self.findings.push(finding.suggest(column, known));
        }
        Some((table, found))
    }
}
