//! Rights that the roles lack (U0702), and rights beyond what any plan needs (U0703).

use std::collections::BTreeSet;

use super::Observed;
use crate::diagnostic::{Diagnostic, codes};
use crate::grants::{Held, Misfit, Misfits, Side, Tables, Verb, compare, needs, one};
use crate::policy::model::{Policy, SystemKind};
use crate::policy::written::System;
use crate::schema::Schema;
use crate::source::Span;

/// So many statements stand in the help of one finding; of more, the command tells.
const SHOWN: usize = 3;

/// One role of one system.
struct Role<'a> {
    system: &'a System,
    kind: SystemKind,
    schema: &'a str,
    /// What it is called in findings.
    title: &'static str,
    held: &'a Held,
    at: Span,
}

/// Looks at both roles, or at the one that does the work of both.
pub fn findings(system: &System, policy: &Policy, schema: &Schema, seen: &Observed) -> Vec<Diagnostic> {
    let Some(id) = policy.system_named(&system.name) else { return Vec::new() };
    let needs = needs(policy, id, schema);
    let kind = policy.system(id).kind;
    let schema = policy.system(id).schema.as_deref().unwrap_or("public");
    let at = |side| match side {
        Side::Read => system.read.as_ref().or(system.connect.as_ref()),
        Side::Write => system.write.as_ref().or(system.connect.as_ref()),
    };
    let role = |side, title, held| {
        let at = at(side).map_or(system.at, |s: &crate::source::At<_>| s.at);
        Role { system, kind, schema, title, held, at }
    };
    match (seen.held.get(&Side::Read), seen.held.get(&Side::Write)) {
        (Some(read), Some(write)) if read.role == write.role => {
            role(Side::Read, "the role that reads and writes,", read).findings(&needs.together(), &needs.sequences)
        }
        (read, write) => {
            let none = BTreeSet::new();
            let read = read.map(|held| role(Side::Read, "the reading role", held).findings(&needs.read, &none));
            let write =
                write.map(|held| role(Side::Write, "the writing role", held).findings(&needs.write, &needs.sequences));
            read.into_iter().chain(write).flatten().collect()
        }
    }
}

impl Role<'_> {
    fn findings(&self, needs: &Tables, sequences: &BTreeSet<(String, String)>) -> Vec<Diagnostic> {
        let misfits = compare(needs, sequences, self.held);
        let mut found = Vec::new();
        if misfits.no_usage {
            let message = format!("{} cannot look into schema `{}`", self.name(), self.schema);
            found.push(self.lacking(message));
        }
        for misfit in &misfits.missing {
            let message = format!("{} lacks {} on {}", self.name(), misfit.privilege, tables(misfit));
            found.push(self.lacking(message).help(self.statements(Verb::Grant, misfit)));
        }
        for (schema, sequence) in &misfits.sequences {
            let message = format!("{} lacks USAGE on sequence `{schema}.{sequence}`", self.name());
            found.push(self.lacking(message));
        }
        found.extend(self.excess(&misfits));
        found
    }

    fn excess(&self, misfits: &Misfits) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if misfits.superuser {
            let message = format!("{} is a superuser", self.name());
            found.push(self.too_much(message, "nothing keeps it from reading and changing everything"));
        }
        if !misfits.owns.is_empty() {
            let message = format!("{} owns {}", self.name(), names(&misfits.owns));
            found.push(self.too_much(message, "an owner can change and drop what it owns, and give itself any right"));
        }
        if misfits.creates {
            let message = format!("{} can make tables in schema `{}`", self.name(), self.schema);
            found.push(self.too_much(message, "no plan makes any"));
        }
        for misfit in &misfits.excess {
            let message = format!("{} has {} on {}", self.name(), misfit.privilege, tables(misfit));
            let label = "no plan of this policy needs that";
            // An owner's rights cannot be taken away one by one.
            let owned = misfit.tables.keys().all(|t| misfits.owns.contains(t));
            if !owned {
                found.push(self.too_much(message, label).help(self.statements(Verb::Revoke, misfit)));
            }
        }
        found
    }

    fn name(&self) -> String {
        format!("{} `{}`", self.title, self.held.role)
    }

    fn lacking(&self, message: String) -> Diagnostic {
        let label = "plans that come to it fail";
        Diagnostic::error(codes::RIGHT_MISSING, message, self.at, label).help(self.command())
    }

    fn too_much(&self, message: String, label: &str) -> Diagnostic {
        Diagnostic::error(codes::RIGHT_EXCESS, message, self.at, label).help(self.command()).warning()
    }

    fn command(&self) -> String {
        format!("`upheld grants FOLDER --system {}` prints the least rights of both roles", self.system.name)
    }

    fn statements(&self, verb: Verb, misfit: &Misfit) -> String {
        if misfit.tables.len() > SHOWN {
            return self.command();
        }
        let statement = |(table, columns): (&String, &BTreeSet<String>)| {
            one(self.kind, self.schema, verb, misfit.privilege, columns, (table, &self.held.role))
        };
        misfit.tables.iter().map(statement).collect::<Vec<_>>().join("\n")
    }
}

/// `persons (email, phone), replies (body) and 3 more tables`.
fn tables(misfit: &Misfit) -> String {
    let shown = |(table, columns): (&String, &BTreeSet<String>)| match columns.len() {
        0 => format!("`{table}`"),
        1..=3 => format!("`{table}` ({})", columns.iter().cloned().collect::<Vec<_>>().join(", ")),
        n => format!("`{table}` ({n} columns)"),
    };
    cut(misfit.tables.iter().map(shown).collect())
}

fn names(tables: &BTreeSet<String>) -> String {
    cut(tables.iter().map(|t| format!("`{t}`")).collect())
}

fn cut(mut list: Vec<String>) -> String {
    let more = list.len().saturating_sub(SHOWN);
    list.truncate(SHOWN);
    match more {
        0 => list.join(", "),
        1 => format!("{} and 1 more table", list.join(", ")),
        n => format!("{} and {n} more tables", list.join(", ")),
    }
}
