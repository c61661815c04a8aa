//! A folder that uses every key of the language, and everything that can be wrong with one.

mod mistakes;
mod recovery;

use super::parse;
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Match, Role, SecretRef};
use crate::policy::written::{Folder, Key, Link, OnErase, Scope, Test, To, Until};
use crate::source::{FileId, Source, Span};
use crate::value::Value;

/// The sample, path and text.
const FOLDER: &[(&str, &str)] = &[
    ("policy.toml", include_str!("folder/policy.toml")),
    ("purposes.toml", include_str!("folder/purposes.toml")),
    ("recipients.toml", include_str!("folder/recipients.toml")),
    ("retention.toml", include_str!("folder/retention.toml")),
    ("rights.toml", include_str!("folder/rights.toml")),
    ("promises.toml", include_str!("folder/promises.toml")),
    ("notice.md", "# We keep our word\n"),
    ("systems/desk.toml", include_str!("folder/systems/desk.toml")),
    ("systems/desk.decay.toml", include_str!("folder/systems/desk.decay.toml")),
    ("systems/desk.schema.json", include_str!("folder/systems/desk.schema.json")),
    ("systems/paper.toml", include_str!("folder/systems/paper.toml")),
    ("holds.toml", include_str!("folder/holds.toml")),
];

fn source(files: &[(&str, &str)]) -> Source {
    let mut source = Source::default();
    for (path, text) in files {
        source.add(*path, *text);
    }
    source
}

/// Code and place of each finding.
fn places(source: &Source, findings: &[Diagnostic]) -> Vec<(&'static str, usize, usize)> {
    let place = |f: &Diagnostic| f.labels.first().map_or((0, 0), |l| source.line_column(l.span));
    findings.iter().map(|f| (f.code.0, place(f).0, place(f).1)).collect()
}

fn sample() -> (Source, Folder) {
    let source = source(FOLDER);
    let (folder, findings) = parse(&source);
    assert_eq!(places(&source, &findings), [], "{findings:#?}");
    (source, folder)
}

fn written(source: &Source, at: Span) -> &str {
    &source.file(at.file).text[at.start as usize..at.end as usize]
}

#[test]
fn every_key_is_read_without_a_finding() {
    let (_, folder) = sample();
    assert_eq!(folder.company.name.as_ref().map(|n| n.as_str()), Some("Acme Help Desk, Inc."));
    assert_eq!(folder.company.limits.lock_timeout_ms.as_ref().map(|l| l.it), Some(500));
    assert_eq!(folder.company.approval.len(), 2);
    assert_eq!(folder.promises.list[1].mechanisms.len(), 1);
    assert_eq!(folder.holds.list[0].tables[0].1.it, "tickets");
    assert_eq!(folder.holds.list[1].rows.len(), 1);
    assert_eq!(folder.said.iter().find(|d| d.family.name == "right").and_then(|d| d.whole("approvals")), Some(1));
    assert_eq!(folder.systems.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["desk", "paper"]);
    assert_eq!(folder.systems[1].tasks.len(), 2);
    assert_eq!(folder.profiles[0].tables[0].1.links[0].while_shared.len(), 1);
    assert_eq!(folder.schemas["desk"].tables.len(), 1);
    assert_eq!(folder.locked["desk"], FileId(9));
    let desk = folder.system("desk").unwrap();
    assert_eq!(desk.connect.as_ref().unwrap().it, SecretRef::Env("DESK_DSN".into()));
    assert!(!desk.broken);
    assert_eq!(desk.tables[1].1.key.as_ref().map(|k| matches!(k, Key::All(_))), Some(true));
    assert_eq!(desk.ignore[0].1.len(), 2);
}

#[test]
fn links_keep_their_order_places_and_shapes() {
    let (source, folder) = sample();
    let desk = folder.system("desk").unwrap();
    let links: &[Link] = &desk.tables[0].1.links;
    assert_eq!(links.len(), 7);
    assert_eq!(links[0].role.as_ref().unwrap().it, Role::Owner);
    let Some(To::Columns(to)) = &links[0].to else { panic!("columns") };
    assert_eq!(written(&source, to[0].table.at), "customers");
    assert_eq!(written(&source, to[0].column.at), "id");
    let Some(To::Columns(to)) = &links[1].to else { panic!("columns") };
    assert_eq!(to.len(), 2);
    let Some(To::Identity { kind, identity, .. }) = &links[2].to else { panic!("identity") };
    assert_eq!((written(&source, kind.at), written(&source, identity.at)), ("customer", "email"));
    assert_eq!(links[2].matching.as_ref().unwrap().it, Match::Email);
    assert_eq!(written(&source, links[3].by[0].column.at), "ticket_id");
    let Some(To::Columns(to)) = &links[4].to else { panic!("columns") };
    assert_eq!(to[0].system.as_ref().unwrap().it, "billing");
    let Some(To::Columns(to)) = &links[5].to else { panic!("columns") };
    assert_eq!((to[0].schema.as_ref().unwrap().as_str(), to[0].table.as_str()), ("desk", "my.agents"));
}

#[test]
fn conditions_and_actions() {
    let (source, folder) = sample();
    let desk = folder.system("desk").unwrap();
    let when = &desk.subjects[0].1.when.as_ref().unwrap().parts;
    assert_eq!(
        when.iter().map(|(c, _)| c.as_str()).collect::<Vec<_>>(),
        ["kind", "status", "deleted_at", "score", "born"]
    );
    assert!(matches!(&when[2].1.it, Test::Is(v) if v[0].it == Value::Null));
    assert!(matches!(&when[4].1.it, Test::Is(v) if v[0].it == Value::text("1990-01-01")));
    let when = &desk.tables[0].1.links[6].when.as_ref().unwrap().parts;
    let Test::Lookup { negated: false, values, filter } = &when[0].1.it else { panic!("lookup") };
    assert_eq!((written(&source, values.table.at), filter.parts.len()), ("kinds", 1));
    assert!(matches!(when[1].1.it, Test::Lookup { negated: true, .. }));
    let links = &desk.tables[1].1.links;
    let OnErase::Keep(keep) = &links[0].on_erase[0].action.it else { panic!("keep") };
    assert!(matches!(keep.until, Some(Until::After { .. })));
    assert_eq!(keep.with.len(), 2);
    assert_eq!((links[1].by.len(), links[1].on_erase.len()), (2, 3));
    assert!(matches!(&links[1].on_erase[1].action.it, OnErase::Columns(c) if c.len() == 3));
}

#[test]
fn identities_and_placeholders() {
    let (_, folder) = sample();
    let customer = &folder.system("desk").unwrap().subjects[0].1;
    let columns = |i: usize| customer.identities[i].1.columns.iter().map(|c| c.table.is_some()).collect::<Vec<_>>();
    assert_eq!(columns(0), [false, true]);
    assert_eq!((columns(3), columns(5)), (vec![true], vec![false, true]));
    let placeholder = customer.placeholder.as_ref().unwrap();
    assert!(matches!(&placeholder.scope.as_ref().unwrap().it, Scope::Columns(c) if c.len() == 1));
    assert_eq!(placeholder.columns.len(), 4);
}
