//! One table: its key, and the links that say whose its rows are.

use super::super::super::edges::{Spot, TableIx};
use super::super::super::relate::{End, Link, is_personal};
use super::Writer;
use crate::discover::write::toml::{comment, key, one_or_list, reference, string};

impl Writer<'_, '_> {
    pub(super) fn table(&mut self, table: TableIx) {
        self.counts.tables += 1;
        let (name, spots) = (self.world.table(table), &self.world.spots[&table]);
        self.line(&format!("\n[table.{}]", key(name)));
        if let Some(text) = &self.world.datasets[table.dataset].collections[table.collection].description {
            self.out.push_str(&comment("", text));
        }
        let primary: Vec<String> =
            spots.iter().filter(|s| s.field.primary && s.path.is_none()).map(|s| s.column.to_owned()).collect();
        if !primary.is_empty() {
            self.line(&format!("key = {}", one_or_list(&primary)));
        }
        let links = self.world.links.get(&table).map_or(&[][..], Vec::as_slice);
        if !links.is_empty() {
            self.line("links = [");
            let mut said = Vec::new();
            links.iter().for_each(|link| self.link(link, &mut said));
            self.line("]");
        }
        if links.iter().any(|l| l.role == "co_owner") {
            self.decide(&format!("[table.{}] links", key(name)), "several links lead to persons, so the rows are shared by them: whose are they, and who wrote or only handled them (`author`, `mention`)?");
        }
        let personal = spots.iter().flat_map(|s| &s.field.categories).any(|c| is_personal(c));
        let record = self.world.kinds.iter().any(|k| k.table == Some(table));
        if links.is_empty() && !record && personal {
            self.decide(
                &format!("[table.{}] links", key(name)),
                "whose its rows are: it is personal, and no reference of Fides leads to it",
            );
        }
        self.columns(table, name);
    }

    fn link(&mut self, link: &Link<'_>, said: &mut Vec<String>) {
        self.counts.links += 1;
        self.out.push_str(&comment("  ", &link.why));
        let far = |spot: &Spot<'_>| {
            let (table, column) = (self.world.table(spot.table), spot.column);
            if spot.table.dataset == self.nth {
                return reference(table, column);
            }
            let system = &self.names[spot.table.dataset];
            string(&format!("{system}:{table}.{column}"))
        };
        let mut parts = vec![format!("role = {}", string(link.role)), format!("column = {}", string(link.own.column))];
        match &link.end {
            End::To(spot) => parts.push(format!("to = {}", far(spot))),
            End::By(spot) => parts.push(format!("by = {}, last = true", far(spot))),
            End::Identity { kind, name, .. } => parts.push(format!("to = {}", string(&format!("@{kind}.{name}")))),
        }
        parts.extend(link.matching().map(|m| format!("match = \"{m}\"")));
        if let Some(path) = &link.own.path {
            parts.push(format!("codec = \"json\", path = {}", string(path)));
        }
        let before = said.iter().filter(|s| *s == link.own.column).count();
        if before > 0 {
            parts.push(format!("as = {}", string(&format!("{} {}", link.own.column, before + 1))));
        }
        said.push(link.own.column.to_owned());
        self.line(&format!("  {{ {} }},", parts.join(", ")));
    }
}
