//! The parts of the language that plans do not carry out yet: each is reported where it stands, none is ignored.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{SystemKind, Untie};
use crate::policy::written::{self, Identity, Key, Link, OnErase, Table, Text};
use crate::source::Span;

impl Draft<'_> {
    /// Reports one part of the language as not planned yet.
    pub(super) fn not_yet(&mut self, feature: &str, at: Span) {
        self.findings.push(
            Diagnostic::error(
                codes::NOT_YET,
                format!("not planned yet: {feature}"),
                at,
                "read, but no plan carries it out",
            )
            .help("leave it out for now; the folder does not compile with it, so that nothing is silently missed"),
        );
    }

    /// Everything that no other step meets.
    pub(super) fn report_not_yet(&mut self) {
        let mut found: Vec<(String, Span)> = Vec::new();
        company(&self.folder.company.limits, &mut found);
        for system in &self.folder.systems {
            system_wide(system, &mut found);
            let own = system.tables.iter().map(|(_, t)| t);
            for table in own.chain(system.each.iter().map(|e| &e.adds)) {
                table_wide(table, &mut found);
                table.links.iter().for_each(|l| link(l, &mut found));
                table.columns.iter().for_each(|(_, c)| column(c, &mut found));
            }
        }
        for profile in &self.folder.profiles {
            let start = Span { file: profile.file, start: 0, end: 0 };
            found.push((format!("profiles (`{}`)", profile.name), start));
        }
        for (feature, at) in found {
            self.not_yet(&feature, at);
        }
    }

    /// What an identity may not have yet.
    pub(super) fn identity_not_yet(&mut self, identity: &Identity) {
        let parts = [
            ("`when` of an identity", identity.when.as_ref().map(|w| w.at)),
            ("`codec` of an identity", identity.codec.as_ref().map(|c| c.at)),
            ("`path` of an identity", identity.path.as_ref().map(|p| p.at)),
        ];
        for (feature, at) in parts {
            if let Some(at) = at {
                self.not_yet(feature, at);
            }
        }
    }
}

fn company(limits: &written::Limits, found: &mut Vec<(String, Span)>) {
    found.extend(limits.rows_per_second.as_ref().map(|l| ("`rows_per_second`".to_owned(), l.at)));
}

fn system_wide(system: &written::System, found: &mut Vec<(String, Span)>) {
    if let Some(kind) = &system.kind {
        let name = match kind.it {
            SystemKind::Http => Some("http"),
            SystemKind::Postgres | SystemKind::Mysql | SystemKind::Sqlite | SystemKind::Files | SystemKind::Manual => {
                None
            }
        };
        found.extend(name.map(|n| (format!("systems of kind `{n}`"), kind.at)));
    }
    company(&system.limits, found);
    found.extend(system.views.iter().map(|(name, _)| ("views".to_owned(), name.at)));
}

fn table_wide(table: &Table, found: &mut Vec<(String, Span)>) {
    if let Some(Key::All(at)) = &table.key {
        found.push(("`key = \"all\"`".to_owned(), *at));
    }
    found.extend(table.sweep_after.map(|at| ("`sweep`".to_owned(), at)));
}

fn link(link: &Link, found: &mut Vec<(String, Span)>) {
    let mut add = |feature: &str, at: Option<Span>| found.extend(at.map(|at| (feature.to_owned(), at)));
    add("`form`", link.form.first().map(|f| f.at));
    add("`codec` of a link", link.codec.as_ref().map(|c| c.at));
    add("`path` of a link", link.path.as_ref().map(|p| p.at));
    add("`untie = \"drop\"`", link.untie.as_ref().filter(|u| u.it == Untie::Drop).map(|u| u.at));
    for choice in link.on_erase.iter().chain(&link.while_shared) {
        if let OnErase::Columns(parts) = &choice.action.it {
            parts.iter().for_each(|(erase, _)| shred(&erase.it, erase.at, found));
        }
    }
}

/// Nothing destroys the key yet, so nothing may promise it.
fn shred(erase: &written::Erase, at: Span, found: &mut Vec<(String, Span)>) {
    if *erase == written::Erase::Shred {
        found.push(("`erase = \"shred\"`".to_owned(), at));
    }
}

fn column(column: &written::Column, found: &mut Vec<(String, Span)>) {
    column.erase.iter().for_each(|choice| shred(&choice.action.it, choice.action.at, found));
    let mut add = |feature: &str, at: Option<Span>| found.extend(at.map(|at| (feature.to_owned(), at)));
    add("`text = \"all\"`", column.text.as_ref().filter(|t| t.it == Text::All).map(|t| t.at));
}
