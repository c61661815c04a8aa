//! Who the person is, and what of theirs lies in the help desk's threads: what both requests begin with.

use anyhow::{Context, Result};
use engine::text::{Finder, Identifier, Words};

use super::{Cell, Db, Hand};

/// The person in both databases.
pub struct Person {
    /// Their number.
    pub id: i64,
    /// Their organisation.
    pub org: i64,
    /// Their address, in lower case.
    pub email: String,
    /// Notations of their phone number.
    pub phones: Vec<Cell>,
    /// Their user name.
    pub username: Cell,
    /// Their number as a payer.
    pub payer: Option<i64>,
    /// Finds them in texts.
    pub finder: Finder,
}

/// Threads that they own, and all in which they take part.
pub struct Threads {
    /// Their own.
    pub own: Vec<i64>,
    /// All.
    pub all: Vec<i64>,
}

/// The columns that name a person.
const NAMING: &str =
    "select id, org_id, email, phone, username, external_ref, name from persons where lower(email) = $1";

/// Finds the person; with `lock`, the row is locked.
pub async fn find(hand: &mut Hand, email: &str, lock: bool) -> Result<Person> {
    let email = email.to_lowercase();
    let locking = |db: &Db| if lock { db.locking() } else { "" };
    let sql = format!("{NAMING}{}", locking(&hand.desk));
    let found = hand.desk.rows(&sql, &[email.as_str().into()]).await?;
    let row = found.first().context("the person exists")?;
    let (id, org) = (row[0].int(), row[1].int());
    let sql = format!(
        "select id, email, name from payers where lower(email) = $1 \
         and account_id in (select id from accounts where org_id = $2){}",
        locking(&hand.billing)
    );
    let payers = hand.billing.rows(&sql, &[email.as_str().into(), org.into()]).await?;
    let mut identifiers: Vec<Identifier> = Vec::new();
    let mut named = |text: Option<&str>, certain| {
        identifiers.extend(text.map(|t| Identifier { text: Words(t.to_owned()), certain }));
    };
    row[2..5].iter().for_each(|cell| named(cell.text(), true));
    if let Cell::Int(number) = row[5] {
        named(Some(&number.to_string()), true);
    }
    named(row[6].text(), false);
    for payer in &payers {
        named(payer[1].text(), true);
        named(payer[2].text(), false);
    }
    Ok(Person {
        id,
        org,
        phones: notations(row[3].text().unwrap_or_default()),
        username: row[4].clone(),
        payer: payers.first().map(|p| p[0].int()),
        finder: Finder::new(&identifiers),
        email,
    })
}

/// The ways in which this company's programs write a Norwegian number; all are served by an ordinary index.
fn notations(phone: &str) -> Vec<Cell> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let Some(at) = digits.len().checked_sub(8) else { return vec![Cell::from(""); 5] };
    let d = &digits[at..];
    let pairs = format!("{} {} {} {}", &d[0..2], &d[2..4], &d[4..6], &d[6..8]);
    let all = [d.to_owned(), format!("+47{d}"), format!("0047{d}"), format!("+47 {pairs}"), pairs];
    all.iter().map(|n| Cell::from(n.as_str())).collect()
}

/// The person's threads: their own, and those in which they wrote, are in copy, or which they forwarded.
pub async fn threads(desk: &mut Db, person: &Person) -> Result<Threads> {
    // Alternatives as unions, for each branch has an index of its own.
    let sql = "select id, requester_id from tickets where requester_id = $1 \
         union select id, requester_id from tickets where lower(forwarded_by) = $2 and org_id = $3 \
         union select t.id, t.requester_id from replies r join tickets t on t.id = r.ticket_id \
         where r.writer_kind = 'customer' and r.writer_id = $1 \
         union select t.id, t.requester_id from ticket_cc c join tickets t on t.id = c.ticket_id where c.person_id = $1";
    let rows = desk.rows(sql, &[person.id.into(), person.email.as_str().into(), person.org.into()]).await?;
    let all = rows.iter().map(|r| r[0].int()).collect();
    Ok(Threads { own: rows.iter().filter(|r| r[1].int() == person.id).map(|r| r[0].int()).collect(), all })
}

/// `column` holds one of the numbers, which follow after the parameters of `before`: one array on PostgreSQL, a list on
/// SQLite.
pub fn among(db: &Db, before: &[Cell], column: &str, ids: &[i64]) -> (String, Vec<Cell>) {
    let mut cells = before.to_vec();
    if db.is_postgres() {
        cells.push(Cell::Ints(ids.to_vec()));
        return (format!("{column} = any (${})", cells.len()), cells);
    }
    let places = ids.len().next_power_of_two();
    cells.extend(ids.iter().map(|id| Cell::Int(*id)));
    cells.resize(before.len() + places, Cell::Null);
    let list: Vec<String> = (before.len()..cells.len()).map(|n| format!("${}", n + 1)).collect();
    (format!("{column} in ({})", list.join(", ")), cells)
}
