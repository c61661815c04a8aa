//! Company, laws, systems, and which tables there are.

use std::collections::BTreeMap;

use super::{Draft, TableOrigin};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Column, Law, Limits, Right, Said, Shared, System, SystemId, SystemKind, Table, TableId};
use crate::policy::written::{self, Name};
use crate::schema;
use crate::source::Span;

impl<'a> Draft<'a> {
    /// Everything that needs no schema.
    pub(super) fn frame(&mut self) {
        let company = &self.folder.company;
        self.policy.company = company.name.as_ref().map(|n| n.it.clone()).unwrap_or_default();
        self.policy.about = super::about::about(self.folder);
        self.policy.said = Said {
            all: self.folder.said.clone(),
            company: super::about::company(&self.folder.company),
            promises: self.folder.promises.clone(),
            notice: self.folder.notice.clone(),
        };
        self.policy.approval =
            company.approval.iter().filter(|(_, needed)| needed.it).map(|(right, _)| right.it).collect();
        if let Some(shared) = &company.shared {
            self.policy.shared = Shared(shared.iter().map(|s| s.it.clone()).collect());
        }
        let rules = self.folder.rights.iter().filter(|r| r.name.it == Right::Deactivation.word());
        self.policy.window = rules.filter_map(|r| r.window.as_ref()).map(|w| w.it.clone()).next();
        self.policy.laws = self.laws();
        self.policy.systems = self.folder.systems.iter().map(|s| self.system(s)).collect();
        self.report_missing_schemas();
    }

    /// The laws of `policy.toml`, and the retention rules by their ids.
    fn laws(&mut self) -> Vec<Law> {
        let mut laws: Vec<Law> = self.folder.company.laws.iter().filter_map(law).collect();
        for rule in &self.folder.retention {
            let basis = rule.law.as_ref().and_then(|name| laws.iter().find(|l| l.id == name.it).cloned());
            if let (Some(name), None) = (&rule.law, &basis) {
                let known: Vec<&str> = laws.iter().map(|l| l.id.as_str()).collect();
                let finding = Diagnostic::error(
                    codes::UNKNOWN_LAW,
                    format!("the folder has no law `{}`", name.it),
                    name.at,
                    "not a `[[law]]` of `policy.toml`",
                );
                self.findings.push(finding.suggest(&name.it, known));
            }
            let (title, article) = basis.map_or((rule.id.it.clone(), None), |l| (l.title, l.article));
            laws.push(Law { id: rule.id.it.clone(), title, article });
        }
        laws
    }

    fn system(&self, s: &written::System) -> System {
        let company = &self.folder.company;
        let country = s.country.as_ref().or(company.region.as_ref()).or(company.country.as_ref());
        let secret = |one: &Option<crate::source::At<_>>| one.as_ref().or(s.connect.as_ref()).map(|c| c.it.clone());
        System {
            name: s.name.clone(),
            kind: s.kind.as_ref().map_or(SystemKind::Sqlite, |k| k.it),
            read: secret(&s.read),
            write: secret(&s.write),
            schema: s.schema.as_ref().map(|n| n.it.clone()),
            country: country.map(|c| c.it.clone()),
            time_zone: s.time_zone.as_ref().map(|z| z.it.clone()),
            team: s.team.as_ref().map(|t| t.it.clone()),
            tasks: s.tasks.iter().map(|(right, text)| (right.it, text.it.clone())).collect(),
            limits: Limits::of(&company.limits, &s.limits),
            calls: crate::policy::http::calls(s),
            views: Vec::new(),
        }
    }

    fn report_missing_schemas(&mut self) {
        for s in &self.folder.systems {
            let described = self.schemas.contains_key(&s.name);
            let reported = self.folder.locked.contains_key(&s.name) || s.kind.is_none() || !is_database(s);
            if !described && !reported {
                self.findings.push(
                    Diagnostic::error(
                        codes::NO_SCHEMA,
                        format!("nothing is known of the tables of system `{}`", s.name),
                        s.at,
                        "neither a locked schema nor a live one",
                    )
                    .help("run `upheld map lock FOLDER` to lock the schema, or pass `--live`"),
                );
            }
        }
    }

    /// Enters every table that the map names into the policy, with the columns of the live schema.
    pub(super) fn map_tables(&mut self) {
        for (nth, system) in self.folder.systems.iter().enumerate() {
            let id = SystemId(nth);
            let Some(schema) = self.schemas.get(&system.name) else { continue };
            for (name, parts) in named_tables(system) {
                match schema.table(&name.it) {
                    Some(table) => {
                        self.enter(id, table, name.at, parts, false);
                    }
                    None => {
                        self.missing.insert((id, &name.it));
                        let known = schema.tables.iter().map(|t| t.name.as_str());
                        let finding = Diagnostic::error(
                            codes::UNKNOWN_TABLE,
                            format!("system `{}` has no table `{}`", system.name, name.it),
                            name.at,
                            "not in its schema",
                        );
                        self.findings.push(finding.suggest(&name.it, known));
                    }
                }
            }
        }
    }

    /// Adds a table and its origin.
    pub(super) fn enter(
        &mut self,
        system: SystemId,
        schema: &'a schema::Table,
        at: Span,
        parts: Vec<&'a written::Table>,
        lookup_only: bool,
    ) -> TableId {
        let origin = TableOrigin { system, at, schema, parts, lookup_only, links: Vec::new(), broken_link: false };
        let columns = schema.columns.iter().enumerate().map(|(ix, c)| column(c, origin.in_unique_key(ix)));
        let mut columns: Vec<Column> = columns.collect();
        // A file is only ever deleted: nothing writes to its name.
        let files = self.policy.system(system).kind == SystemKind::Files;
        columns.iter_mut().for_each(|c| c.generated |= files);
        let key = schema.key.iter().filter_map(|k| schema.columns.iter().position(|c| c.name == *k)).collect();
        self.policy.tables.push(Table::new(system, schema.name.clone(), key, columns));
        self.origins.push(origin);
        TableId(self.policy.tables.len() - 1)
    }
}

/// Does a connector describe this system, so that it has tables?
pub(super) fn is_database(system: &written::System) -> bool {
    let kind = system.kind.as_ref().map(|k| k.it);
    matches!(
        kind,
        Some(SystemKind::Postgres | SystemKind::Sqlite | SystemKind::Mysql | SystemKind::Files | SystemKind::Http)
    )
}

/// All tables a system's map names, each with what is said of it: `[table.NAME]`, then `[[each]]`, then tables of subjects.
fn named_tables(system: &written::System) -> Vec<(&Name, Vec<&written::Table>)> {
    let mut list: Vec<(&Name, Vec<&written::Table>)> = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let said = system.tables.iter().map(|(name, table)| (name, Some(table)));
    let each = system.each.iter().flat_map(|e| e.tables.iter().map(|name| (name, Some(&e.adds))));
    let subjects = system.subjects.iter().filter_map(|(_, s)| s.table.as_ref()).map(|name| (name, None));
    for (name, part) in said.chain(each).chain(subjects) {
        let nth = *seen.entry(&name.it).or_insert_with(|| {
            list.push((name, Vec::new()));
            list.len() - 1
        });
        list[nth].1.extend(part);
    }
    list
}

fn column(c: &schema::Column, unique: bool) -> Column {
    Column {
        type_name: c.type_name.clone(),
        nullable: c.nullable,
        generated: c.generated,
        max_chars: c.max_chars,
        unique,
        ..Column::new(c.name.clone(), c.class)
    }
}

fn law(law: &written::Law) -> Option<Law> {
    let id = law.id.as_ref()?.it.clone();
    let title = law.title.as_ref().map_or_else(|| id.clone(), |t| t.it.clone());
    Some(Law { id, title, article: law.article.as_ref().map(|a| a.it.clone()) })
}
