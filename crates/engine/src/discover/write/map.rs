//! `systems/NAME.toml`.

use std::collections::BTreeMap;

use super::toml::{aside, comment, key, list, string, value};
use super::{Frame, Item, Text, table};
use crate::discover::explore::SAMPLED_ROWS;
use crate::discover::proposal::{Kind, Proposal};
use crate::policy::model::{Match, Worth};

pub(super) fn map(proposal: &Proposal, frame: &Frame) -> Text {
    let mut out = Text::default();
    head(&mut out, proposal, frame);
    ignored(&mut out, proposal);
    for kind in &proposal.kinds {
        out.part(Item::Kind(kind.name.clone()), |out| subject(out, kind));
    }
    for (name, mapped) in &proposal.tables {
        out.part(Item::Table(name.clone()), |out| table::table(out, proposal, name, mapped));
    }
    out
}

fn head(out: &mut Text, proposal: &Proposal, frame: &Frame) {
    let read = crate::diagnostic::grouped(u64::from(SAMPLED_ROWS));
    out.text.push_str(&comment(
        "",
        &format!(
            "Proposed by `upheld map init` from the structure and at most {read} rows of each table. Nobody has decided \
             anything here: read it, correct it, and delete the comments that have served."
        ),
    ));
    if !proposal.decisions.is_empty() {
        let n = proposal.decisions.len();
        out.line(&format!("#\n# {n} decision{} left to you:", if n == 1 { " is" } else { "s are" }));
        for d in &proposal.decisions {
            let place = d.column.as_ref().map_or(d.table.clone(), |c| format!("{}.{c}", d.table));
            out.text.push_str(&comment("", &format!("- {place}: {}", d.question)));
        }
    }
    out.line(&format!("\n[system]\nkind    = {}", string(kind_word(frame))));
    out.line(&format!(
        "connect = {{ env = {} }}    # holds the address; it never stands in this folder",
        string(&frame.variable)
    ));
    if let Some(schema) = &frame.schema {
        out.line(&format!("schema  = {}", string(schema)));
    }
    if let Some(country) = &frame.country {
        out.line(&format!("country = {}", string(country)));
    }
}

fn kind_word(frame: &Frame) -> &'static str {
    use crate::policy::model::SystemKind as K;
    match frame.kind {
        K::Postgres => "postgres",
        K::Mysql => "mysql",
        K::Sqlite => "sqlite",
        K::Files => "files",
        K::Http => "http",
        K::Manual => "manual",
    }
}

fn ignored(out: &mut Text, proposal: &Proposal) {
    let mut reasons: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (name, ignored) in &proposal.ignored {
        reasons.entry(&ignored.reason).or_default().push(name);
    }
    if reasons.is_empty() {
        return;
    }
    out.line("\n[ignore]");
    for (reason, tables) in reasons {
        out.line(&format!("{} = [", string(reason)));
        for name in tables {
            out.part(Item::Ignored(name.clone()), |out| out.line(&format!("  {},", string(name))));
        }
        out.line("]");
    }
}

fn subject(out: &mut Text, kind: &Kind) {
    out.text.push('\n');
    out.text.push_str(&comment("", &format!("Persons, by {}.", kind.evidence)));
    let name = key(&kind.name);
    out.line(&format!("[subject.{name}]\ntable  = {}", string(&kind.table)));
    if let Some((tenant, evidence)) = &kind.tenant {
        out.line(&format!("tenant = {}    # {}", string(tenant), aside(evidence)));
    }
    if let Some(nobody) = &kind.nobody {
        out.line(&format!(
            "nobody = [{}]    # a record that is called as nobody is; erasure writes it where a name must go",
            value(nobody)
        ));
    }
    if !kind.identities.is_empty() {
        out.line(&format!("\n[subject.{name}.identity]"));
    }
    for i in &kind.identities {
        let mut parts = vec![format!("column = {}", string(&i.column))];
        parts.extend(match_word(i.matching).map(|w| format!("match = \"{w}\"")));
        match i.worth {
            Worth::Key => {}
            Worth::Hint => parts.push("use = \"hint\"".to_owned()),
            Worth::Text => parts.push("use = \"text\"".to_owned()),
        }
        out.part(Item::Identity(kind.name.clone(), i.name.clone()), |out| {
            out.line(&format!("{} = {{ {} }}    # {}", key(&i.name), parts.join(", "), aside(&i.evidence)));
        });
    }
    if !kind.placeholder.is_empty() {
        out.part(Item::Placeholder(kind.name.clone()), |out| {
            out.line(&format!("\n# The record that stands in for one who is erased, where a column takes no NULL.\n[subject.{name}.placeholder]\nscope = \"person\""));
            for (column, v) in &kind.placeholder {
                out.line(&format!("{} = {}", key(column), value(v)));
            }
        });
    }
}

pub(super) fn match_word(matching: Match) -> Option<&'static str> {
    match matching {
        Match::Exact => None,
        Match::Email => Some("email"),
        Match::Phone => Some("phone"),
        Match::CaseInsensitive => Some("case_insensitive"),
    }
}

/// Foreign keys that are no links, by reason.
pub(super) fn apart(ignore: &[(String, String)]) -> Option<String> {
    let mut reasons: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (reason, column) in ignore {
        reasons.entry(reason).or_default().push(column);
    }
    let entries: Vec<String> =
        reasons.into_iter().map(|(reason, columns)| format!("{} = {}", string(reason), list(columns))).collect();
    (!entries.is_empty()).then(|| format!("ignore = {{ {} }}", entries.join(", ")))
}
