//! Rights as statements of each kind of database. One statement for each table and privilege, so that each can be given,
//! looked at and taken back by itself.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Needs, Rights, Side};
use crate::policy::model::SystemKind;

/// Names of the two roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Reads.
    pub read: String,
    /// Writes.
    pub write: String,
}

impl Roles {
    /// The name of one of them.
    pub fn name(&self, side: Side) -> &str {
        match side {
            Side::Read => &self.read,
            Side::Write => &self.write,
        }
    }
}

/// One statement, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// For which role.
    pub side: Side,
    /// The table, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Ends with a semicolon.
    pub sql: String,
    /// What cannot be seen from the statement itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// How one kind of database writes names.
#[derive(Clone, Copy)]
struct Dialect<'a> {
    kind: SystemKind,
    schema: &'a str,
}

/// The statements that give both roles what they need; none where the kind of system knows no roles.
pub fn statements(kind: SystemKind, schema: &str, needs: &Needs, roles: &Roles) -> Vec<Statement> {
    if !matches!(kind, SystemKind::Postgres | SystemKind::Mysql) {
        return Vec::new();
    }
    let dialect = Dialect { kind, schema };
    [Side::Read, Side::Write].into_iter().flat_map(|side| dialect.of_side(side, needs, roles)).collect()
}

/// The statement that gives, or takes, one privilege on columns (on the table where there are none).
pub fn one(
    kind: SystemKind,
    schema: &str,
    verb: Verb,
    privilege: &str,
    columns: &BTreeSet<String>,
    on: (&str, &str),
) -> String {
    let (table, role) = on;
    Dialect { kind, schema }.privilege(verb, privilege, columns, table, role)
}

/// What is done with a privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It is given.
    Grant,
    /// It is taken.
    Revoke,
}

impl Dialect<'_> {
    fn of_side(self, side: Side, needs: &Needs, roles: &Roles) -> Vec<Statement> {
        let role = roles.name(side);
        let mut found = Vec::new();
        let mut add = |table: Option<&str>, sql, note| {
            found.push(Statement { side, table: table.map(str::to_owned), sql, note });
        };
        let tables = needs.of(side);
        if tables.is_empty() {
            return found;
        }
        let to = self.grantee(role);
        match self.kind {
            SystemKind::Postgres => {
                add(None, format!("GRANT USAGE ON SCHEMA {} TO {to};", self.name(self.schema)), None)
            }
            _ => add(None, format!("GRANT REFERENCES ON * TO {to};"), Some(STRUCTURE)),
        }
        for (table, rights) in tables {
            for (privilege, columns, note) in privileges(rights) {
                add(Some(table), self.privilege(Verb::Grant, privilege, &columns, table, role), note);
            }
        }
        if side == Side::Write && self.kind == SystemKind::Postgres {
            for (schema, name) in &needs.sequences {
                let sequence = format!("{}.{}", self.name(schema), self.name(name));
                add(None, format!("GRANT USAGE ON SEQUENCE {sequence} TO {to};"), Some(NUMBERS));
            }
        }
        found
    }

    fn privilege(self, verb: Verb, privilege: &str, columns: &BTreeSet<String>, table: &str, role: &str) -> String {
        let list: Vec<String> = columns.iter().map(|c| self.name(c)).collect();
        let list = if list.is_empty() { String::new() } else { format!(" ({})", list.join(", ")) };
        let (verb, to) = match verb {
            Verb::Grant => ("GRANT", "TO"),
            Verb::Revoke => ("REVOKE", "FROM"),
        };
        // There, emptying a table is dropping it and making it anew.
        let privilege = if self.kind == SystemKind::Mysql && privilege == "TRUNCATE" { "DROP" } else { privilege };
        format!("{verb} {privilege}{list} ON {} {to} {};", self.table(table), self.grantee(role))
    }

    fn table(self, table: &str) -> String {
        match self.kind {
            SystemKind::Postgres => format!("{}.{}", self.name(self.schema), self.name(table)),
            _ => self.name(table),
        }
    }

    fn name(self, name: &str) -> String {
        match self.kind {
            SystemKind::Mysql => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// MySQL names an account and, after the last `@`, from where it may come.
    fn grantee(self, role: &str) -> String {
        if self.kind != SystemKind::Mysql {
            return self.name(role);
        }
        let quoted = |part: &str| format!("'{}'", part.replace('\\', "\\\\").replace('\'', "''"));
        match role.rsplit_once('@') {
            Some((user, host)) => format!("{}@{}", quoted(user), quoted(host)),
            None => quoted(role),
        }
    }
}

const STRUCTURE: &str = "shows the structure of all tables and none of their rows: a database tells nobody of columns \
    that they have no right to. Triggers that are made later stay hidden: print these statements again as the owner";
const TRIGGERS: &str = "shows the table's triggers, which the server hides from others; it would also let the role make \
    and drop them";
const NUMBERS: &str = "the stand-in record takes its number from it";
const LOCKING: &str = "only to lock rows: a database lets nobody lock who may change nothing";

type Privilege = (&'static str, BTreeSet<String>, Option<&'static str>);

fn privileges(rights: &Rights) -> Vec<Privilege> {
    let mut found: Vec<Privilege> = Vec::new();
    for (privilege, columns) in [("SELECT", &rights.select), ("INSERT", &rights.insert), ("UPDATE", &rights.update)] {
        if !columns.is_empty() {
            found.push((privilege, columns.clone(), None));
        }
    }
    found.extend(rights.lock.iter().map(|c| ("UPDATE", BTreeSet::from([c.clone()]), Some(LOCKING))));
    if rights.delete {
        found.push(("DELETE", BTreeSet::new(), None));
    }
    if rights.trigger {
        found.push(("TRIGGER", BTreeSet::new(), Some(TRIGGERS)));
    }
    found
}
