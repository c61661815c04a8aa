//! Makes a proposal compile: what a check refuses is taken back to what is certain and put on the list of decisions.

use std::collections::BTreeSet;

use super::classify::Verdict;
use super::proposal::{End, Mapped, Proposal};
use super::refs::Sign;
use super::write::{self, Frame, Item};
use super::{columns, proposal};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::policy::compile::compile;
use crate::policy::model::Role;
use crate::schema::{Class, ForeignKey, OnDelete};
use crate::source::Source;

/// Rounds of compiling and mending; each takes something back, so few are needed.
const ROUNDS: usize = 40;

/// A folder that compiles, and the proposal as it stands in it. An error is a defect of ours: the findings that could not
/// be mended.
pub fn settle(mut proposal: Proposal, frame: &Frame) -> Result<(Source, Proposal), Vec<Diagnostic>> {
    let mut left = Vec::new();
    // Tables that were tried and cannot be mapped: they are not tried again.
    let mut barred: BTreeSet<String> = BTreeSet::new();
    for _ in 0..ROUNDS {
        complete(&mut proposal, &barred);
        proposal.decisions.sort();
        let (source, text) = write::folder(&proposal, frame);
        let file = source.find(&write::map_path(frame));
        let errors: Vec<Diagnostic> =
            compile(&source, None).diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        if errors.is_empty() {
            return Ok((source, proposal));
        }
        let mut mended = false;
        for error in &errors {
            let at = error.labels.first().filter(|l| Some(l.span.file) == file).map(|l| l.span.start as usize);
            if let Some(item) = at.and_then(|at| text.part_at(at)) {
                mended |= mend(&mut proposal, &mut barred, item, error.code, &error.message);
            }
        }
        if !mended {
            return Err(errors);
        }
        left = errors;
    }
    Err(left)
}

/// Says what the language wants said of every mapped table: its foreign keys to mapped tables, its texts, and of tables that
/// the database would change by itself.
fn complete(proposal: &mut Proposal, barred: &BTreeSet<String>) {
    let names: Vec<String> = proposal.schema.tables.iter().filter(|t| !t.view).map(|t| t.name.clone()).collect();
    for name in &names {
        cascades(proposal, name, barred.contains(name));
    }
    for name in &names {
        foreign_keys(proposal, name);
    }
    for name in &names {
        texts(proposal, name);
    }
    // A table whose last link went, and that is no kind's, is not mapped any more.
    let bare: Vec<String> = proposal
        .tables
        .iter()
        .filter(|(name, mapped)| mapped.links.is_empty() && !proposal.kinds.iter().any(|k| k.table == **name))
        .map(|(name, _)| name.clone())
        .collect();
    for name in bare {
        proposal.leave(&name, "nothing that could be made a link leads to it from a person");
    }
}

/// An ignored table that loses rows with a mapped one must be mapped itself.
fn cascades(proposal: &mut Proposal, name: &str, barred: bool) {
    if proposal.tables.contains_key(name) {
        return;
    }
    let Some(table) = proposal.schema.table(name).cloned() else { return };
    let acts = |k: &&ForeignKey| k.on_delete != OnDelete::Refuse && proposal.tables.contains_key(&k.table);
    let keys: Vec<ForeignKey> = table.foreign_keys.iter().filter(acts).cloned().collect();
    if keys.is_empty() {
        return;
    }
    let parents: Vec<String> = keys.iter().map(|k| k.table.clone()).collect();
    if barred || table.key.is_empty() && table.unique.is_empty() || table.no_transactions || table.row_security {
        for parent in parents {
            proposal.leave(&parent, &format!("deleting its rows changes {name}, which cannot be mapped"));
        }
        return;
    }
    let mut mapped = Mapped { key: table.key.is_empty().then(|| table.unique[0].clone()), ..Mapped::default() };
    for key in &keys {
        mapped.links.push(proposal::Link {
            role: Role::Part,
            columns: key.columns.clone(),
            to: End::Row { table: key.table.clone(), columns: key.target_columns.clone() },
            when: None,
            name: None,
            zero: false,
            stays: false,
            shared: false,
            sign: Sign::Declared,
            confidence: 1.0,
            evidence: "declared foreign key".to_owned(),
            note: "the database itself deletes or changes these rows with the others".to_owned(),
        });
    }
    let tied: Vec<String> = keys.iter().flat_map(|k| k.columns.clone()).collect();
    mapped.columns = columns::columns(&table, vec![Default::default(); table.columns.len()], &tied);
    mapped.triggers.clone_from(&table.triggers);
    proposal.ignored.remove(name);
    proposal.tables.insert(name.to_owned(), mapped);
}

/// Foreign keys between mapped tables that are neither a link nor set aside.
fn foreign_keys(proposal: &mut Proposal, name: &str) {
    let (Some(mapped), Some(table)) = (proposal.tables.get(name), proposal.schema.table(name)) else { return };
    let silent = |k: &&ForeignKey| {
        let here = mapped.links.iter().any(|l| same(&l.columns, &k.columns) && !matches!(l.to, End::By { .. }));
        let there = proposal.tables.get(&k.table).is_some_and(|target| {
            let by = |e: &End| matches!(e, End::By { table, columns } if *table == name && same(columns, &k.columns));
            target.links.iter().any(|l| by(&l.to))
        });
        let aside = mapped.ignore.iter().any(|(_, c)| k.columns.contains(c));
        proposal.tables.contains_key(&k.table) && !here && !there && !aside
    };
    let keys: Vec<ForeignKey> = table.foreign_keys.iter().filter(silent).cloned().collect();
    for key in keys {
        let why = format!("whether rows go with the row of {} they point at", key.table);
        for column in &key.columns {
            proposal.decide(name, Some(column), why.clone());
            if let Some(mapped) = proposal.tables.get_mut(name) {
                mapped.ignore.push((format!("undecided: {why}"), column.clone()));
            }
        }
    }
}

/// Text columns of which nothing is said any more, because the link they were part of went.
fn texts(proposal: &mut Proposal, name: &str) {
    let (Some(mapped), Some(table)) = (proposal.tables.get_mut(name), proposal.schema.table(name)) else { return };
    let said = |column: &str| {
        mapped.columns.iter().any(|c| c.name == column)
            || mapped.links.iter().any(|l| l.columns.iter().any(|c| c == column))
            || mapped.ignore.iter().any(|(_, c)| c == column)
            || mapped.tenant.as_deref() == Some(column)
    };
    let words = |c: &&crate::schema::Column| matches!(c.class, Class::Text | Class::Json);
    let silent: Vec<String> =
        table.columns.iter().filter(words).filter(|c| !said(&c.name)).map(|c| c.name.clone()).collect();
    for column in silent {
        let verdict = Verdict { category: Some("system.operations".to_owned()), ..Verdict::default() };
        mapped.columns.push(proposal::Column { name: column, verdict, erase: None });
    }
}

fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|c| b.contains(c))
}

/// Takes back what a finding is about. Tells whether anything changed.
fn mend(proposal: &mut Proposal, barred: &mut BTreeSet<String>, item: &Item, code: Code, message: &str) -> bool {
    match item {
        Item::Link(table, nth) => mend_link(proposal, table, *nth, code, message),
        Item::Column(table, column) => mend_column(proposal, table, column, message),
        Item::Identity(kind, identity) => {
            let Some(kind) = proposal.kinds.iter_mut().find(|k| k.name == *kind) else { return false };
            let before = kind.identities.len();
            kind.identities.retain(|i| i.name != *identity);
            kind.identities.len() < before
        }
        Item::Placeholder(kind) => {
            let Some(kind) = proposal.kinds.iter_mut().find(|k| k.name == *kind) else { return false };
            !std::mem::take(&mut kind.placeholder).is_empty()
        }
        Item::Kind(kind) => {
            let Some(table) = proposal.kinds.iter().find(|k| k.name == *kind).map(|k| k.table.clone()) else {
                return false;
            };
            drop_kind(proposal, &table);
            proposal.decide(&table, None, message);
            true
        }
        Item::Table(table) => {
            drop_kind(proposal, table);
            let there = proposal.tables.contains_key(table);
            proposal.leave(table, message);
            there
        }
        Item::Ignored(table) => mend_ignored(proposal, barred, table),
    }
}

/// An ignored table that the database would change with a mapped one, and that cannot be mapped either: then the other is
/// left to somebody as well.
fn mend_ignored(proposal: &mut Proposal, barred: &mut BTreeSet<String>, table: &str) -> bool {
    let keys = proposal.schema.table(table).map(|t| t.foreign_keys.clone()).unwrap_or_default();
    let acting = keys.into_iter().filter(|k| k.on_delete != OnDelete::Refuse);
    let parents: Vec<String> = acting.map(|k| k.table).filter(|t| proposal.tables.contains_key(t)).collect();
    barred.insert(table.to_owned());
    for parent in &parents {
        barred.insert(parent.clone());
        drop_kind(proposal, parent);
        proposal.leave(parent, &format!("deleting its rows changes {table}, which could not be mapped"));
    }
    !parents.is_empty()
}

fn drop_kind(proposal: &mut Proposal, table: &str) {
    let Some(kind) = proposal.kinds.iter().find(|k| k.table == table).map(|k| k.name.clone()) else { return };
    proposal.kinds.retain(|k| k.name != kind);
    for mapped in proposal.tables.values_mut() {
        mapped.links.retain(|l| !matches!(&l.to, End::Identity { kind: of, .. } if *of == kind));
    }
}

fn mend_link(proposal: &mut Proposal, table: &str, nth: usize, code: Code, message: &str) -> bool {
    let Some(mapped) = proposal.tables.get_mut(table) else { return false };
    let Some(link) = mapped.links.get_mut(nth) else { return false };
    let columns = link.columns.clone();
    let tie = [codes::TIE_STAYS, codes::UNTIE_FORBIDDEN, codes::PLACEHOLDER_COLLIDES].contains(&code);
    if tie && !link.stays {
        link.stays = true;
        let why = format!("how the tie {} is undone: {message}", columns.join(", "));
        proposal.decide(table, columns.first().map(String::as_str), why);
        return true;
    }
    mapped.links.remove(nth);
    proposal.decide(table, columns.first().map(String::as_str), message);
    true
}

fn mend_column(proposal: &mut Proposal, table: &str, column: &str, message: &str) -> bool {
    let Some(mapped) = proposal.tables.get_mut(table) else { return false };
    let Some(said) = mapped.columns.iter_mut().find(|c| c.name == column) else { return false };
    let plain =
        said.verdict.category.as_deref() == Some("system.operations") && !said.verdict.text && said.erase.is_none();
    if plain {
        return false;
    }
    said.verdict = Default::default();
    said.verdict.category = Some("system.operations".to_owned());
    said.erase = None;
    proposal.decide(table, Some(column), message);
    true
}
