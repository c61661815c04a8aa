//! Where an erased person can still be read, and whether the certificate says so.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::alike::Shape;
use crate::story::statement;
use crate::support::residue::{number_stands_in, stands_in};
use crate::support::{Company, Dump, Row};

/// What is looked for, read from the database before the erasure.
pub struct Person {
    pub id: u64,
    pub email: String,
    pub tenant: String,
    phone: Option<String>,
    username: Option<String>,
    name: Option<String>,
    /// Tickets of which the person is requester, writer or reader.
    threads: BTreeSet<String>,
}

/// A customer and an agent in one: the other kind stays, and the certificate says that it exists.
const ALSO_AGENT: (u64, &str) = (8, "3");
/// Two persons in two tenants with the same name and e-mail.
const TWINS: (u64, u64) = (7, 12);
/// The whole name is a common word of many texts: it names the person only where something else does too.
const COMMON_WORD: u64 = 4;

impl Person {
    pub fn read(company: &Company, id: u64) -> Person {
        let rows = company.query("helpdesk", &format!("select * from persons where id = {id}"));
        let row = &rows[0];
        let cell = |name: &str| row[name].clone();
        let email = cell("email").expect("an e-mail");
        let (phone, username, name) = (cell("phone"), cell("username"), cell("name"));
        let threads = format!(
            "select id from tickets where requester_id = {id} union select ticket_id from ticket_cc where person_id = {id} \
             union select ticket_id from replies where writer_kind = 'customer' and writer_id = {id}"
        );
        let threads = company.query("helpdesk", &threads).into_iter().filter_map(|mut r| r.remove("id").flatten());
        let (threads, tenant) = (threads.collect(), cell("org_id").expect("a tenant"));
        Person { id, email, tenant, phone, username, name, threads }
    }

    /// Which of the person's identities stand in a text.
    fn found_in(&self, text: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut add = |what, hit| {
            if hit {
                found.push(what)
            }
        };
        add("e-mail", stands_in(text, &self.email));
        // A value that is no number identifies nobody.
        let phone = self.phone.as_deref().filter(|p| p.chars().any(|c| c.is_ascii_digit()));
        add("phone", phone.is_some_and(|p| number_stands_in(text, p)));
        add("username", self.username.as_ref().is_some_and(|u| stands_in(text, u)));
        add("name", self.name.as_ref().is_some_and(|n| stands_in(text, n)));
        found
    }

    /// Does the row name the person by something else than the name?
    fn named_by_more_than_the_name(&self, row: &Row) -> bool {
        let id = self.id.to_string();
        let points = ["person_id", "requester_id"].iter().any(|c| is(row, c, &id))
            || is(row, "writer_kind", "customer") && is(row, "writer_id", &id);
        points || row.values().flatten().any(|text| self.found_in(text).iter().any(|what| *what != "name"))
    }
}

fn is(row: &Row, column: &str, value: &str) -> bool {
    row.get(column).and_then(Option::as_deref) == Some(value)
}

/// Places that hold the person and are not listed.
pub fn unlisted(person: &Person, before: &Dump, after: &Dump, certificate: &Value, shape: &Shape) -> Vec<String> {
    let kept = statement(certificate, "kept.rows");
    let others = statement(certificate, "other_kinds");
    let mut found = Vec::new();
    for (table, rows) in after {
        for row in rows {
            let key = shape.key(table, row);
            for (column, value) in row {
                let hits = value.as_deref().map(|v| person.found_in(v)).unwrap_or_default();
                if hits.is_empty() || by_law(&kept, table, &key, column) {
                    continue;
                }
                if other_kind(person, &others, table, row, after) || twin(person, table, row, after) {
                    continue;
                }
                let same = |r: &&Row| shape.key(table, r) == key;
                let was = || before[table].iter().find(same).expect("a row that was there");
                if person.id == COMMON_WORD && hits == ["name"] && !person.named_by_more_than_the_name(was()) {
                    continue;
                }
                found.push(format!("{}.{} {key:?}: {column} holds {}", table.0, table.1, hits.join(", ")));
            }
        }
    }
    found
}

/// Is the cell kept, and is a law named for it?
fn by_law(kept: &Value, table: &(String, String), key: &[String], column: &str) -> bool {
    kept.as_array().expect("a list").iter().any(|entry| {
        let keys = entry["keys"].as_array().expect("keys");
        let same = |k: &Value| k.as_array().expect("a key").iter().map(|v| v.as_str().unwrap_or_default()).eq(key);
        let columns = entry["columns"].as_array().expect("columns");
        entry["system"] == table.0.as_str()
            && entry["table"] == table.1.as_str()
            && entry["why"]["law"].is_string()
            && entry["why"]["until"].is_string()
            && keys.iter().any(same)
            && (columns.is_empty() || columns.iter().any(|c| c == column))
    })
}

/// Does the row belong to the agent that the person also is, or quote that agent in a thread in which the customer has
/// no part? And does the certificate say that there is an agent?
fn other_kind(person: &Person, others: &Value, table: &(String, String), row: &Row, after: &Dump) -> bool {
    let (id, agent) = ALSO_AGENT;
    if person.id != id {
        return false;
    }
    let listed = others.as_array().expect("a list").iter().any(|o| {
        o["kind"] == "agent" && o["system"] == "helpdesk" && o["table"] == "agents" && o["records"].as_u64() >= Some(1)
    });
    let theirs = match table.1.as_str() {
        "agents" => is(row, "id", agent),
        "replies" if is(row, "writer_kind", "agent") && is(row, "writer_id", agent) => true,
        "replies" => {
            let ticket = row["ticket_id"].as_deref().unwrap_or_default();
            let tickets = &after[&("helpdesk".to_owned(), "tickets".to_owned())];
            let served = tickets.iter().any(|t| is(t, "id", ticket) && is(t, "assignee_id", agent));
            served && !person.threads.contains(ticket)
        }
        "saved_replies" => is(row, "agent_id", agent),
        _ => false,
    };
    listed && theirs
}

/// Does the row lie in the other tenant, where somebody has the same name and e-mail?
fn twin(person: &Person, table: &(String, String), row: &Row, after: &Dump) -> bool {
    let twin = match person.id {
        id if id == TWINS.0 => TWINS.1,
        id if id == TWINS.1 => TWINS.0,
        _ => return false,
    };
    let org = ((twin - 1) / 10 + 2).to_string();
    let parent = |table: &str, column: &str, own: &str, wanted: &str| {
        let (system, name) = table.split_once('.').expect("system.table");
        let rows = &after[&(system.to_owned(), name.to_owned())];
        row.get(column)
            .and_then(Option::as_deref)
            .is_some_and(|id| rows.iter().any(|r| r["id"].as_deref() == Some(id) && is(r, own, wanted)))
    };
    let twin = twin.to_string();
    is(row, "org_id", &org)
        || is(row, "person_id", &twin)
        || parent("helpdesk.tickets", "ticket_id", "org_id", &org)
        || table.0 == "billing"
            && (is(row, "account_id", &org) || parent("billing.payers", "payer_id", "account_id", &org))
}
