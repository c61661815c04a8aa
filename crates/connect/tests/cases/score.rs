//! Compares a proposal with what is known of a case.
//!
//! A proposed link is right if the truth has it, if the schema declares it, or if it is in the list of facts beside this
//! file, each judged right after it had been proposed. Everything else is wrong and named.

use std::collections::BTreeSet;
use std::fmt;

use engine::discover::proposal::{End, Link, Proposal};
use engine::discover::propose::{Circumstances, propose};
use engine::discover::settle::settle;
use engine::discover::write::Frame;
use engine::schema::Schema;

use super::open::Opened;

/// Kinds of links that stand in the structure of a database.
const STRUCTURAL: [&str; 4] = ["fk", "implicit_fk", "polymorphic", "string_key"];

/// Kinds that are told apart.
const OTHER: [&str; 3] = ["identity_string", "composite_string", "serialized"];

/// Facts of each case that its truth leaves out.
const FACTS: [(&str, &str); 2] =
    [("lobsters", include_str!("facts/lobsters.toml")), ("zammad", include_str!("facts/zammad.toml"))];

/// Found of all.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub found: usize,
    pub all: usize,
    pub missing: Vec<String>,
}

/// The outcome of a case.
pub struct Score {
    pub case: String,
    pub tables: usize,
    pub structural: Found,
    pub other: Vec<(&'static str, Found)>,
    pub links: usize,
    pub wrong: Vec<String>,
    /// Right only by the list of facts.
    pub judged: usize,
    pub personal: Found,
    pub surplus: Vec<String>,
    pub decisions: usize,
}

/// A link as table, column, table it leads to.
type Triple = (String, String, String);

/// What is proposed for a case, as it stands in a folder that compiles.
pub async fn proposal(opened: &Opened) -> Proposal {
    let schema = opened.connector.describe().await.expect("the structure can be read");
    let explored = connect::explore(&*opened.connector, schema, &mut |_| ()).await.expect("the case can be read");
    let today = jiff::civil::date(2026, 8, 3);
    let proposal = propose(explored, &Circumstances { today, country: Some("NO".into()) });
    let frame = Frame {
        system: opened.name.clone(),
        kind: opened.kind,
        variable: "CASE_DSN".into(),
        schema: None,
        company: "Case".into(),
        country: Some("NO".into()),
    };
    let (_, proposal) = settle(proposal, &frame).unwrap_or_else(|errors| panic!("does not compile: {errors:#?}"));
    proposal
}

impl Score {
    /// Compares.
    pub fn of(opened: &Opened, proposal: &Proposal) -> Score {
        let truth = links(&opened.truth);
        let proposed = proposed(proposal);
        let has = |t: &Truth| {
            proposed.iter().any(|(triple, link)| {
                let same_type = t.type_column.is_none()
                    || link.when.as_ref().is_some_and(|w| Some(&w.column) == t.type_column.as_ref());
                *triple == t.triple && same_type
            })
        };
        let found = |kinds: &[&str]| {
            let of_kind: Vec<&Truth> = truth.iter().filter(|t| kinds.contains(&t.kind.as_str())).collect();
            let missing: Vec<&&Truth> = of_kind.iter().filter(|t| !has(t)).collect();
            let say = |t: &&&Truth| format!("{} ({})", shown(&t.triple), t.kind);
            Found {
                found: of_kind.len() - missing.len(),
                all: of_kind.len(),
                missing: missing.iter().map(say).collect(),
            }
        };
        let facts = facts(&opened.name);
        let known: BTreeSet<&Triple> = truth.iter().map(|t| &t.triple).collect();
        let told = |triple: &Triple| known.contains(triple) || declared(&proposal.schema, triple);
        let right = |triple: &Triple| told(triple) || facts.contains(triple);
        let judged = proposed.iter().filter(|(t, _)| right(t) && !told(t)).count();
        let wrong = proposed.iter().filter(|(t, _)| !right(t)).map(|(t, _)| shown(t)).collect();
        let (personal, surplus) = personal(&opened.truth, proposal);
        Score {
            case: opened.name.clone(),
            tables: proposal.counts.len(),
            structural: found(&STRUCTURAL),
            other: OTHER.into_iter().map(|k| (k, found(&[k]))).collect(),
            links: proposed.len(),
            wrong,
            judged,
            personal,
            surplus,
            decisions: proposal.decisions.len(),
        }
    }

    /// Share of the proposed links that are right by truth and schema alone.
    pub fn right_share(&self) -> f64 {
        1.0 - (self.wrong.len() + self.judged) as f64 / self.links.max(1) as f64
    }
}

impl Found {
    /// Share that was found; of nothing, all.
    pub fn share(&self) -> f64 {
        if self.all == 0 { 1.0 } else { self.found as f64 / self.all as f64 }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} ({:.1} %)", self.found, self.all, 100.0 * self.share())
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} tables, {} decisions left to people", self.case, self.tables, self.decisions)?;
        writeln!(f, "  structural links found   {}", self.structural)?;
        for (kind, found) in &self.other {
            writeln!(f, "  {kind:<24} {found}")?;
        }
        let right = self.links - self.wrong.len();
        let share = 100.0 * self.right_share();
        let beyond = format!("{} of them judged beyond truth and schema ({share:.1} % without)", self.judged);
        writeln!(f, "  proposed links right     {right} of {}, {beyond}", self.links)?;
        writeln!(f, "  personal columns found   {}", self.personal)?;
        let said = self.personal.found + self.surplus.len();
        let share = 100.0 * self.personal.found as f64 / said.max(1) as f64;
        writeln!(f, "  personal columns right   {} of {said} ({share:.1} %), in tables with any", self.personal.found)?;
        for (what, names) in [("link missed", &self.structural.missing), ("link wrong", &self.wrong)] {
            names.iter().try_for_each(|n| writeln!(f, "  {what}: {n}"))?;
        }
        for (what, names) in
            [("personal, not proposed", &self.personal.missing), ("proposed as personal", &self.surplus)]
        {
            if !names.is_empty() {
                writeln!(f, "  {what}: {}", names.join(", "))?;
            }
        }
        Ok(())
    }
}

fn shown((table, column, to): &Triple) -> String {
    format!("{table}.{column} -> {to}")
}

/// A link of the truth.
struct Truth {
    triple: Triple,
    kind: String,
    type_column: Option<String>,
}

fn links(truth: &toml::Table) -> Vec<Truth> {
    let empty = Vec::new();
    let all = truth["link"].as_array().unwrap_or(&empty);
    let text = |l: &toml::Value, key: &str| l.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let subject = text(&truth["subject"][0], "table");
    let table_of = |to: &str| {
        let id = to.split('.').next().unwrap_or_default();
        all.iter().find(|l| text(l, "id") == id).map_or(subject.clone(), |l| text(l, "table"))
    };
    let link = |l: &toml::Value| {
        let kind = text(l, "kind");
        let type_column = text(l, "when").split(' ').next().map(str::to_owned).filter(|_| kind == "polymorphic");
        Truth { triple: (text(l, "table"), text(l, "column"), table_of(&text(l, "to"))), kind, type_column }
    };
    all.iter().map(link).collect()
}

/// What is proposed, with the tables that its links lead to.
fn proposed(proposal: &Proposal) -> Vec<(Triple, &Link)> {
    let mut all = Vec::new();
    for (table, mapped) in &proposal.tables {
        for link in &mapped.links {
            let to = match &link.to {
                End::Row { table, .. } | End::By { table, .. } => table.clone(),
                End::Identity { kind, .. } => {
                    proposal.kinds.iter().find(|k| k.name == *kind).map(|k| k.table.clone()).unwrap_or_default()
                }
            };
            all.push(((table.clone(), link.columns.join(","), to), link));
        }
    }
    all
}

/// Does the schema declare it, in either direction?
fn declared(schema: &Schema, (table, column, to): &Triple) -> bool {
    schema.tables.iter().any(|t| {
        t.foreign_keys.iter().any(|k| {
            let here = t.name == *table && k.columns.join(",") == *column && k.table == *to;
            here || (t.name == *to && k.table == *table && k.target_columns.join(",") == *column)
        })
    })
}

fn facts(case: &str) -> Vec<Triple> {
    let text = FACTS.iter().find(|(name, _)| *name == case).map_or("", |(_, text)| text);
    let table: toml::Table = text.parse().expect("facts are TOML");
    let list = table.get("links").and_then(|l| l.as_array()).cloned().unwrap_or_default();
    let fact = |v: &toml::Value| {
        let (from, to) = v.as_str()?.split_once(" -> ")?;
        let (table, column) = from.split_once('.')?;
        Some((table.to_owned(), column.to_owned(), to.to_owned()))
    };
    list.iter().filter_map(fact).collect()
}

/// Personal columns of the truth, and those proposed in the same tables beyond them.
fn personal(truth: &toml::Table, proposal: &Proposal) -> (Found, Vec<String>) {
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    let entries = truth["link"].as_array().into_iter().flatten();
    for link in entries {
        let table = link["table"].as_str().unwrap_or_default();
        let columns = link.get("personal_columns").and_then(|c| c.as_array()).into_iter().flatten();
        known.extend(columns.filter_map(|c| Some((table.to_owned(), c.as_str()?.to_owned()))));
    }
    let identities = truth["subject"][0]["identity"].as_table().into_iter().flat_map(|t| t.values());
    let subject = truth["subject"][0]["table"].as_str().unwrap_or_default();
    known.extend(identities.filter_map(|c| Some((subject.to_owned(), c.as_str()?.to_owned()))));
    let mut said: BTreeSet<(String, String)> = BTreeSet::new();
    for (table, mapped) in &proposal.tables {
        let personal = mapped.columns.iter().filter(|c| {
            c.verdict.text || c.verdict.category.as_deref().is_some_and(|c| c == "user" || c.starts_with("user."))
        });
        said.extend(personal.map(|c| (table.clone(), c.name.clone())));
    }
    let name = |(t, c): &(String, String)| format!("{t}.{c}");
    let missing: Vec<String> = known.difference(&said).map(name).collect();
    let judged: BTreeSet<&String> = known.iter().map(|(t, _)| t).collect();
    let surplus = said.difference(&known).filter(|(t, _)| judged.contains(t)).map(name).collect();
    (Found { found: known.len() - missing.len(), all: known.len(), missing }, surplus)
}
