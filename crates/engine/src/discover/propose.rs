//! From what was read to a proposed map.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::classify::{Bond, Setting, Verdict, classify};
use super::explore::Explored;
use super::proposal::{End, Ignored, Kind, Link, Mapped, Proposal};
use super::refs::Hunt;
use super::relate::{Related, Verdicts, relate};
use super::world::World;
use super::{columns, identities, kinds, persons, tenants};
use crate::policy::model::Role;
use crate::schema::Table;
use crate::value::Value;

/// Most rows of a table by which it is judged what its columns hold.
pub(super) const CLASSIFIED_ROWS: usize = 200;

/// The same before links are known, when only prose and addresses matter.
const FIRST_ROWS: usize = 60;

/// What is known beside the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The day on which this is asked.
    pub today: Date,
    /// Country of phone numbers without one, ISO 3166.
    pub country: Option<String>,
}

/// A map of everything that was read. It need not compile yet: see [`super::settle`].
pub fn propose(explored: Explored, circumstances: &Circumstances) -> Proposal {
    let Explored { world, hunt } = explored;
    let today = circumstances.today;
    let mut kinds = kinds::kinds(&world, &persons::find(&world), today);
    let first = verdicts(&world, &BTreeMap::new(), &BTreeMap::new(), today);
    let mut related = relate(&world, &hunt.references, &kinds, &first);
    identities::join(&world, &kinds, &first, circumstances, &mut related);
    tenants::find(&world, &mut kinds, &related);
    identities::within_tenants(&world, &kinds, &mut related);
    let second = verdicts(&world, &related.bonds, &related.links, today);
    assemble(world, &hunt, kinds, related, second)
}

/// Verdicts on all columns of all tables.
fn verdicts(
    world: &World,
    bonds: &BTreeMap<String, Bond>,
    links: &BTreeMap<String, Vec<Link>>,
    today: Date,
) -> Verdicts {
    let first = links.is_empty();
    let strong = |l: &&Link| l.role != Role::Mention;
    let of = |table: &Table| {
        let columns: BTreeSet<String> =
            links.get(&table.name).into_iter().flatten().filter(strong).flat_map(|l| l.columns.clone()).collect();
        let samples = world.samples(&table.name, if first { FIRST_ROWS } else { CLASSIFIED_ROWS });
        let unknown = if first { Bond::Unknown } else { Bond::Apart };
        let bond = bonds.get(&table.name).copied().unwrap_or(unknown);
        classify(&Setting { table, bond, links: &columns, samples: &samples, today })
    };
    world.tables().map(|t| (t.name.clone(), of(t))).collect()
}

fn assemble(world: World, hunt: &Hunt, kinds: Vec<Kind>, related: Related, mut verdicts: Verdicts) -> Proposal {
    let Related { mut links, bonds, apart } = related;
    let mut proposal = Proposal {
        counts: world.tables().map(|t| (t.name.clone(), world.count(&t.name))).collect(),
        schema: world.schema.clone(),
        kinds,
        tables: BTreeMap::new(),
        ignored: BTreeMap::new(),
        decisions: Vec::new(),
    };
    for table in world.tables() {
        let name = &table.name;
        let verdicts = verdicts.remove(name).unwrap_or_default();
        let is_kind = proposal.kinds.iter().any(|k| k.table == *name);
        let links = links.remove(name).unwrap_or_default();
        if links.is_empty() && !is_kind {
            let ignored = left_out(&world, table, &verdicts);
            if ignored.undecided {
                proposal.decide(name, None, ignored.reason.trim_start_matches("undecided: "));
            }
            proposal.ignored.insert(name.clone(), ignored);
            continue;
        }
        let ignore: Vec<(String, String)> = apart
            .iter()
            .filter(|(t, columns, _)| t == name && columns.len() == 1)
            .map(|(_, columns, why)| (why.clone(), columns[0].clone()))
            .collect();
        // A column that holds an address is one of a person's data, and a link besides.
        let tie = |l: &&Link| !matches!(l.to, End::Identity { .. });
        let mut tied: Vec<String> = links.iter().filter(tie).flat_map(|l| l.columns.clone()).collect();
        tied.extend(ignore.iter().map(|(_, c)| c.clone()));
        let tenant = tenants::of_table(&world, &proposal.kinds, name, is_kind);
        tied.extend(tenant.clone());
        let key = table.key.is_empty().then(|| columns::key(&world, table, &tied));
        if key == Some(None) {
            proposal.leave(name, "its rows cannot be told apart: no key, and equal rows were seen");
            continue;
        }
        if table.row_security || table.no_transactions {
            let why = if table.row_security { "row security may hide its rows from us" } else { "it cannot roll back" };
            proposal.leave(name, why);
            continue;
        }
        for trigger in &table.triggers {
            proposal.decide(name, None, format!("what trigger {trigger} does to its rows"));
        }
        for open in hunt.open.iter().filter(|o| o.table == *name) {
            proposal.decide(name, Some(&open.column), open.why.clone());
        }
        let mapped = Mapped {
            bond: bonds.get(name).copied().unwrap_or_default(),
            columns: columns::columns(table, verdicts, &tied),
            links: in_order(links),
            key: key.flatten(),
            tenant: tenant.filter(|_| !is_kind),
            ignore,
            triggers: table.triggers.clone(),
        };
        proposal.tables.insert(name.clone(), mapped);
    }
    proposal
}

/// The strongest first, with names that are all different.
fn in_order(mut links: Vec<Link>) -> Vec<Link> {
    links.sort_by(|a, b| b.role.cmp(&a.role).then_with(|| a.columns.cmp(&b.columns)));
    let mut taken = BTreeSet::new();
    for link in &mut links {
        let own = link.name.clone().unwrap_or_else(|| link.columns.join("_"));
        if !taken.insert(own.clone()) {
            let other = (2..).map(|n| format!("{own}_{n}")).find(|n| taken.insert(n.clone()));
            link.name = other;
        }
    }
    links
}

/// Why a table without links is left out.
fn left_out(world: &World, table: &Table, verdicts: &[Verdict]) -> Ignored {
    let looks: Vec<&str> = table
        .columns
        .iter()
        .zip(verdicts)
        .filter(|(c, v)| {
            (v.personal && !v.secret && v.confidence >= 0.7) || holds_addresses(world, &table.name, &c.name)
        })
        .map(|(c, _)| c.name.as_str())
        .collect();
    let undecided = |reason: String| Ignored { reason: format!("undecided: {reason}"), undecided: true };
    let decided = |reason: &str| Ignored { reason: reason.to_owned(), undecided: false };
    if world.seen(&table.name).is_some_and(|s| s.refused) {
        undecided("our role may not read it".to_owned())
    } else if !looks.is_empty() {
        undecided(format!("looks personal ({}), and nothing leads to it from a person", looks.join(", ")))
    } else if world.count(&table.name) == 0 {
        decided("empty, and nothing leads to it from a person")
    } else {
        decided("nothing leads to it from a person, and nothing personal was seen in it")
    }
}

/// Do most of the texts in a column hold an e-mail address, alone or within something longer?
fn holds_addresses(world: &World, table: &str, column: &str) -> bool {
    let texts = world.cells(table, column).filter_map(|v| match v {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let address = |text: &str| {
        let mut parts = text.split('@');
        let before = parts.next().is_some_and(|p| p.ends_with(char::is_alphanumeric));
        before && parts.next().is_some_and(|p| p.starts_with(char::is_alphanumeric) && p.contains('.'))
    };
    let (all, with) = texts.take(FIRST_ROWS).fold((0, 0), |(all, with), t| (all + 1, with + usize::from(address(t))));
    with > 0 && with * 2 >= all
}
