//! Which rows are whose, asked with SQL that was written for this test from what the tables mean.

use std::collections::BTreeSet;

use base64::Engine as _;
use serde_json::Value;

use crate::support::{Company, Row};

/// The person, as the databases know them.
pub struct Person {
    pub id: u64,
    email: String,
    org: String,
    /// The last eight digits of the phone number.
    phone: String,
}

/// Columns in which people write what they like.
pub const FREE_TEXTS: &[(&str, &str)] = &[
    ("persons", "notes"),
    ("tickets", "subject"),
    ("replies", "body"),
    ("replies", "headers"),
    ("attachments", "file_name"),
    ("ratings", "comment"),
    ("person_notes", "body"),
    ("email_events", "subject"),
    ("calls", "summary"),
    ("audit_log", "detail"),
];

/// Columns that say who else: table, its key, the columns, and the rows in which they are the person's own.
pub const OF_OTHERS: &[(&str, &[&str], &[&str], &str)] = &[
    (
        "replies",
        &["id"],
        &["writer_id", "from_name", "from_address", "headers"],
        "select id from replies where writer_kind = 'customer' and writer_id = {id}",
    ),
    (
        "ticket_cc",
        &["ticket_id", "added_at"],
        &["person_id"],
        "select ticket_id, added_at from ticket_cc where person_id = {id}",
    ),
    ("audit_log", &["id"], &["actor_id"], "select id from audit_log where 1 = 0 and actor_id = {id}"),
];

impl Person {
    pub fn read(company: &Company, id: u64) -> Person {
        let row = &company.query("helpdesk", &format!("select email, org_id, phone from persons where id = {id}"))[0];
        let cell = |name: &str| row[name].clone().expect("known of this person");
        let digits: String = cell("phone").chars().filter(char::is_ascii_digit).collect();
        let phone = digits[digits.len() - 8..].to_owned();
        Person { id, email: cell("email").to_lowercase(), org: cell("org_id"), phone }
    }
}

/// The rows that are the person's, whole or shared: system, table, query.
pub fn owned_or_shared(person: &Person) -> Vec<(&'static str, &'static str, String)> {
    let Person { id, email, org, phone } = person;
    let own = format!("select id from tickets where requester_id = {id}");
    let wrote = format!("writer_kind = 'customer' and writer_id = {id}");
    let replies = format!("select id from replies where ticket_id in ({own}) or ({wrote})");
    let payers = format!(
        "select p.id from payers p join accounts a on a.id = p.account_id where lower(p.email) = '{email}' and a.org_id = {org}"
    );
    let bare = "replace(replace(replace(replace(caller_number, ' ', ''), '-', ''), '(', ''), ')', '')";
    vec![
        ("helpdesk", "persons", format!("select * from persons where id = {id}")),
        ("helpdesk", "sessions", format!("select * from sessions where person_id = {id}")),
        ("helpdesk", "tickets", format!("select * from tickets where requester_id = {id}")),
        ("helpdesk", "ticket_cc", format!("select * from ticket_cc where person_id = {id} or ticket_id in ({own})")),
        (
            "helpdesk",
            "ticket_watchers",
            format!(
                "select * from ticket_watchers where (watcher_kind = 'customer' and watcher_id = {id}) or ticket_id in ({own})"
            ),
        ),
        ("helpdesk", "ticket_tags", format!("select * from ticket_tags where ticket_id in ({own})")),
        ("helpdesk", "replies", format!("select * from replies where ticket_id in ({own}) or ({wrote})")),
        ("helpdesk", "attachments", format!("select * from attachments where reply_id in ({replies})")),
        ("helpdesk", "ratings", format!("select * from ratings where person_id = {id} or ticket_id in ({own})")),
        ("helpdesk", "person_notes", format!("select * from person_notes where person_id = {id}")),
        (
            "helpdesk",
            "email_events",
            format!(
                "select * from email_events where lower(address) = '{email}' and org_id = {org} and kind <> 'digest'"
            ),
        ),
        ("helpdesk", "calls", format!("select * from calls where {bare} like '%{phone}' and org_id = {org}")),
        ("helpdesk", "invoices", format!("select * from invoices where person_id = {id}")),
        ("helpdesk", "audit_log", format!("select * from audit_log where person_id = {id}")),
        ("billing", "payers", format!("select * from payers where id in ({payers})")),
        ("billing", "cards", format!("select * from cards where payer_id in ({payers})")),
        ("billing", "payments", format!("select * from payments where payer_id in ({payers})")),
        (
            "billing",
            "billing_contacts",
            format!("select * from billing_contacts where lower(address) = '{email}' and org_id = {org}"),
        ),
        ("billing", "seat_usage", format!("select * from seat_usage where person_id = {id}")),
    ]
}

/// The person's attachments that have a file: number and path.
pub fn attached(company: &Company, person: &Person) -> Vec<(String, String)> {
    let rows = owned_or_shared(person).into_iter().find(|(_, table, _)| *table == "attachments").expect("a query");
    let cell = |row: &Row, name: &str| row[name].clone();
    let rows = company.query("helpdesk", &rows.2).into_iter();
    rows.filter_map(|row| Some((cell(&row, "id")?, cell(&row, "file_key")?))).collect()
}

/// Paths of the person's pictures.
pub fn pictures(company: &Company, person: &Person) -> Vec<String> {
    let sql = format!("select username from persons where id = {}", person.id);
    let username = company.query("helpdesk", &sql)[0]["username"].clone().expect("a user name");
    let inside = std::fs::read_dir(company.uploads.join("avatars")).expect("pictures").flatten();
    let names = inside.map(|f| f.file_name().into_string().expect("a name in UTF-8"));
    names.filter(|n| n.starts_with(&format!("{username}-"))).map(|n| format!("avatars/{n}")).collect()
}

/// The rows that a file of the package belongs to: table and key.
pub fn of(attachment: &Value) -> BTreeSet<(String, String)> {
    let rows = attachment["of"].as_array().expect("rows").iter();
    let key = |key: &Value| key.as_str().map_or_else(|| key.to_string(), str::to_owned);
    rows.map(|of| (of["table"].as_str().expect("a table").to_owned(), key(&of["key"][0]))).collect()
}

/// Names, addresses, numbers and user names of everybody else, customers and staff.
pub fn others(company: &Company, person: &Person) -> BTreeSet<String> {
    let sql = format!(
        "select name, email, phone, username from persons where id <> {} union select name, email, phone, username from agents",
        person.id
    );
    // The one whose name is a common word is found by the rest.
    let known = company.query("helpdesk", &sql).into_iter().flat_map(Row::into_values).flatten();
    known.filter(|text| text.len() > 4).collect()
}

/// Does a line say what the row holds, in every column that it returns?
pub fn says_the_same(line: &Value, row: &Row) -> bool {
    let told = line.as_object().expect("a row").iter().filter(|(c, _)| !c.starts_with('_'));
    told.clone().count() > 0 && told.clone().all(|(column, value)| same(value, &row[column]))
}

fn same(value: &Value, cell: &Option<String>) -> bool {
    let Some(cell) = cell else { return value.is_null() };
    match value {
        Value::Bool(truth) => [["f", "false", "0"], ["t", "true", "1"]][usize::from(*truth)].contains(&cell.as_str()),
        Value::Number(number) => number.to_string() == *cell || cell.parse::<f64>().ok() == number.as_f64(),
        Value::String(text) => text == cell || time(text) == time(cell),
        Value::Object(exact) => match exact.iter().next().map(|(k, v)| (k.as_str(), v.as_str().unwrap_or_default())) {
            Some(("bytes", text)) => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
                format!("\\x{}", hex::encode(bytes)) == *cell
            }
            Some(("int", text)) => text == cell,
            Some(("real", text)) => {
                text.parse::<f64>().map(|n| n.to_string()) == cell.parse::<f64>().map(|n| n.to_string())
            }
            _ => false,
        },
        _ => false,
    }
}

/// One notation for moments.
fn time(text: &str) -> String {
    let text = text.replacen('T', " ", 1);
    ["+00:00", "+00", "Z"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(&text).to_owned()
}

pub fn key_of_row(row: &Row, key: &[&str]) -> Vec<String> {
    key.iter().map(|c| time(row[*c].as_deref().unwrap_or_default())).collect()
}

pub fn key_of_line(line: &Value, key: &[&str]) -> Vec<String> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), time);
    key.iter().map(|c| if line[*c].is_null() { String::new() } else { text(&line[*c]) }).collect()
}
