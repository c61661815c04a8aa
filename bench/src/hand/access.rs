//! An access request by hand: one statement for each table, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::person::{Person, among, find, threads};
use super::{Cell, Db, Hand};

/// Keys of the rows found, by table.
pub type Found = BTreeMap<String, BTreeSet<String>>;

/// All rows of the person, read.
pub async fn access(hand: &mut Hand, email: &str) -> Result<Found> {
    let mut found = Found::new();
    let person = find(hand, email, false).await?;
    let desk = &mut hand.desk;
    let threads = threads(desk, &person).await?;
    let me = [Cell::Int(person.id)];
    let mut note = |table: &str, width: usize, rows: &[Vec<Cell>]| {
        let keys = rows.iter().enumerate().map(|(n, row)| key(n, &row[..width]));
        found.entry(table.to_owned()).or_default().extend(keys);
    };
    note("helpdesk.persons", 1, &desk.rows("select * from persons where id = $1", &me).await?);
    note("helpdesk.sessions", 0, &desk.rows("select * from sessions where person_id = $1", &me).await?);
    let (which, ids) = among(desk, &[], "id", &threads.all);
    note("helpdesk.tickets", 1, &desk.rows(&format!("select * from tickets where {which}"), &ids).await?);
    let (replies, theirs) = replies(desk, &person, &threads.own, &threads.all).await?;
    note("helpdesk.replies", 1, &replies);
    let (which, ids) = among(desk, &[], "reply_id", &theirs);
    note("helpdesk.attachments", 1, &desk.rows(&format!("select * from attachments where {which}"), &ids).await?);
    let (which, ids) = among(desk, &[], "ticket_id", &threads.own);
    note("helpdesk.ticket_tags", 2, &desk.rows(&format!("select * from ticket_tags where {which}"), &ids).await?);
    for (table, width, of_person) in OF_PERSON_OR_THREAD {
        let (of_thread, cells) = among(desk, &me, "ticket_id", &threads.own);
        let sql = format!("select * from {table} where {of_person} or {of_thread}");
        note(&format!("helpdesk.{table}"), width, &desk.rows(&sql, &cells).await?);
    }
    for (table, sql) in OF_PERSON {
        note(table, 1, &desk.rows(sql, &me).await?);
    }
    let mail = "select * from email_events where lower(address) = $1 and org_id = $2 and kind <> 'digest'";
    note("helpdesk.email_events", 1, &desk.rows(mail, &[person.email.as_str().into(), person.org.into()]).await?);
    let calls = "select * from calls where org_id = $1 and caller_number in ($2, $3, $4, $5, $6)";
    let numbers: Vec<Cell> = [Cell::Int(person.org)].into_iter().chain(person.phones.clone()).collect();
    note("helpdesk.calls", 1, &desk.rows(calls, &numbers).await?);
    let billing = &mut hand.billing;
    let payer = [Cell::Int(person.payer.unwrap_or(-1))];
    note("billing.payers", 1, &billing.rows("select * from payers where id = $1", &payer).await?);
    note("billing.cards", 0, &billing.rows("select * from cards where payer_id = $1", &payer).await?);
    note("billing.payments", 1, &billing.rows("select * from payments where payer_id = $1", &payer).await?);
    let contacts = "select * from billing_contacts where lower(address) = $1 and org_id = $2";
    let address = [person.email.as_str().into(), person.org.into()];
    note("billing.billing_contacts", 2, &billing.rows(contacts, &address).await?);
    note("billing.seat_usage", 2, &billing.rows("select * from seat_usage where person_id = $1", &me).await?);
    found.retain(|_, keys| !keys.is_empty());
    Ok(found)
}

const OF_PERSON_OR_THREAD: [(&str, usize, &str); 3] = [
    ("ticket_cc", 2, "person_id = $1"),
    ("ticket_watchers", 3, "(watcher_kind = 'customer' and watcher_id = $1)"),
    ("ratings", 1, "person_id = $1"),
];

const OF_PERSON: [(&str, &str); 3] = [
    ("helpdesk.person_notes", "select * from person_notes where person_id = $1"),
    ("helpdesk.invoices", "select * from invoices where person_id = $1"),
    (
        "helpdesk.audit_log",
        "select * from audit_log where person_id = $1 or (actor_id = $1 and actor_kind in ('customer', 'portal'))",
    ),
];

/// Posts that concern the person, and the numbers of those that are theirs: all of their own threads, and what they wrote
/// elsewhere. Other people's posts concern them where they are named.
async fn replies(desk: &mut Db, person: &Person, own: &[i64], all: &[i64]) -> Result<(Vec<Vec<Cell>>, Vec<i64>)> {
    let (which, ids) = among(desk, &[], "ticket_id", all);
    let sql = format!(
        "select id, ticket_id, writer_kind, writer_id, from_name, from_address, body, headers, internal, created_at \
         from replies where {which}"
    );
    let mut rows = desk.rows(&sql, &ids).await?;
    let mine =
        |row: &[Cell]| own.contains(&row[1].int()) || (row[2].text() == Some("customer") && row[3].int() == person.id);
    let theirs = rows.iter().filter(|row| mine(row)).map(|row| row[0].int()).collect();
    rows.retain(|row| {
        let named = |at: usize| row[at].text().is_some_and(|t| person.finder.hits(t).iter().any(|h| h.certain));
        mine(row) || named(6) || named(7)
    });
    Ok((rows, theirs))
}

/// The key as text; the number of the row where the key is of a type that nobody looks at.
fn key(n: usize, cells: &[Cell]) -> String {
    let text = |c: &Cell| match c {
        Cell::Int(n) => n.to_string(),
        Cell::Text(s) => s.clone(),
        _ => String::new(),
    };
    if cells.is_empty() {
        return n.to_string();
    }
    cells.iter().map(text).collect::<Vec<_>>().join(",")
}
