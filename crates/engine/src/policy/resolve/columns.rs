//! Tables: keys, tenants, foreign keys, triggers and columns.

use super::Draft;
use super::reading::patterns;
use crate::checks::undecided::is_undecided;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Codec, ColumnIx, ForeignKey, LinkIx, Path, TableId};
use crate::policy::written::{self, Key, Name, Text};
use crate::schema::Class;

impl<'a> Draft<'a> {
    /// Links and columns of every table; links of all tables before the columns that name them.
    pub(super) fn resolve_tables(&mut self) {
        let ids: Vec<TableId> = self.policy.table_ids().collect();
        for &id in &ids {
            self.resolve_key(id);
            self.resolve_foreign_keys(id);
            self.resolve_parts(id);
        }
        for &id in &ids {
            self.resolve_links(id);
        }
        for &id in &ids {
            self.resolve_columns(id);
        }
    }

    fn resolve_key(&mut self, id: TableId) {
        let written = self.origins[id.0].written_key();
        if matches!(written, Some(Key::All(_))) {
            let table = &mut self.policy.tables[id.0];
            table.keyless = true;
            table.key = (0..table.columns.len()).collect();
        }
        if let Some(Key::Columns(names)) = written
            && let Some(key) = self.columns(id, names)
        {
            self.policy.tables[id.0].key = key;
        }
    }

    fn resolve_foreign_keys(&mut self, id: TableId) {
        let (system, schema) = (self.origins[id.0].system, self.origins[id.0].schema);
        for key in &schema.foreign_keys {
            let Some(target) = self.policy.table_named(system, &key.table) else { continue };
            let indices = |table: TableId, names: &[String]| -> Option<Vec<ColumnIx>> {
                names.iter().map(|n| self.policy.table(table).column(n)).collect()
            };
            let columns = indices(id, &key.columns);
            let target_columns = indices(target, &key.target_columns);
            if let (Some(columns), Some(target_columns)) = (columns, target_columns) {
                let resolved = ForeignKey { columns, table: target, target_columns, on_delete: key.on_delete };
                self.policy.tables[id.0].foreign_keys.push(resolved);
            }
        }
    }

    fn resolve_parts(&mut self, id: TableId) {
        let parts = self.origins[id.0].parts.clone();
        let tenant = self.origins[id.0].written_tenant();
        self.policy.tables[id.0].tenant = tenant.and_then(|name| self.column(id, name));
        for part in parts {
            self.policy.tables[id.0].sweep_after |= part.sweep_after.is_some();
            for (name, literal) in &part.set_on_scrub {
                if let Some(column) = self.column(id, name) {
                    let fill = self.fill(id, column, literal);
                    self.policy.tables[id.0].set_on_scrub.push((column, fill));
                }
            }
            for (_, columns) in &part.ignore {
                self.columns(id, columns);
            }
            part.triggers.iter().for_each(|(name, said)| self.trigger(id, name, !is_undecided(&said.it)));
        }
    }

    fn trigger(&mut self, id: TableId, name: &Name, reviewed: bool) {
        let schema = self.origins[id.0].schema;
        if schema.triggers.contains(&name.it) {
            self.policy.tables[id.0].reviewed_triggers.extend(reviewed.then(|| name.it.clone()));
            return;
        }
        let finding = Diagnostic::error(
            codes::UNKNOWN_TRIGGER,
            format!("table `{}` has no trigger `{}`", schema.name, name.it),
            name.at,
            "not in its schema",
        );
        self.findings.push(finding.suggest(&name.it, schema.triggers.iter().map(String::as_str)));
    }

    fn resolve_columns(&mut self, id: TableId) {
        let columns: Vec<&'a (Name, written::Column)> = self.origins[id.0].written_columns().collect();
        for (nth, (name, column)) in columns.iter().enumerate() {
            let again = columns[..nth].iter().any(|(other, _)| other.it == name.it);
            if again {
                continue;
            }
            let found = self.column(id, name);
            let of = self.of(id, column);
            let copy_of = self.source(id, column);
            // Read even where the column is not there: what is wrong with it is told at once.
            let erase = self.erase_choices(id, &column.erase);
            if let Some(ix) = found {
                let file = self.file(id, ix, column);
                let model = &mut self.policy.tables[id.0].columns[ix];
                model.category = column.category.as_ref().map(|c| c.it.clone());
                model.text = column.text.as_ref().is_some_and(|t| t.it != Text::No);
                model.text_everywhere = column.text.as_ref().is_some_and(|t| t.it == Text::All);
                model.forms = patterns(&column.form);
                let json = model.class == Class::Json || !column.json.is_empty();
                model.codec = column.codec.as_ref().map(|c| c.it).or(json.then_some(Codec::Json));
                let inside = column.json.iter().filter_map(|(p, c)| Some((Path::parse(&p.it)?, c.it.clone())));
                model.inside = inside.collect();
                model.copy_of = copy_of;
                model.time = column.time.as_ref().map(|t| t.it);
                model.withhold = column.withhold.is_some();
                model.origin = column.origin.as_ref().map(|o| o.it).unwrap_or_default();
                model.generated |= column.generated.as_ref().is_some_and(|g| g.it);
                model.of = of;
                model.file = file;
                model.erase = erase;
            }
        }
    }

    /// The source of a copy.
    fn source(&mut self, id: TableId, column: &'a written::Column) -> Option<(TableId, ColumnIx)> {
        let copy = column.copy_of.as_ref()?;
        let table = match &copy.table {
            Some(name) => self.table(self.policy.table(id).system, name),
            None => Some(id),
        }?;
        Some((table, self.column(table, &copy.column)?))
    }

    /// The links that `of` names: by `as`, by column, or by role as declared on this table.
    fn of(&mut self, id: TableId, column: &written::Column) -> Vec<LinkIx> {
        let mut found: Vec<LinkIx> = Vec::new();
        for name in &column.of {
            let origin = &self.origins[id.0];
            let links = origin.links.iter().enumerate().filter(|(_, l)| answers_to(l.written, &name.it));
            found.extend(links.map(|(ix, _)| ix));
            // A link that did not resolve may still be the one that is meant.
            if !origin.written_links().any(|l| answers_to(l, &name.it)) {
                self.unknown_link(id, name);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn unknown_link(&mut self, id: TableId, name: &Name) {
        let origin = &self.origins[id.0];
        let known = origin.written_links().flat_map(|l| l.name.iter().chain(&l.column)).map(|n| n.it.as_str());
        let finding = Diagnostic::error(
            codes::UNKNOWN_LINK,
            format!("`of` names no link of table `{}`", origin.schema.name),
            name.at,
            "no link has this name, column or role",
        );
        let finding = finding.suggest(&name.it, known);
        self.findings.push(finding);
    }
}

/// Does `of = "name"` mean this link?
fn answers_to(link: &written::Link, name: &str) -> bool {
    let by_name = link.name.as_ref().is_some_and(|n| n.it == name);
    let by_column = link.column.iter().any(|n| n.it == name);
    by_name || by_column || link.role.as_ref().is_some_and(|r| r.it.word() == name)
}
