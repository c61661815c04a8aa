//! An erasure by hand: what decides is read and locked, then each table is changed by one statement.

use anyhow::Result;
use engine::plan::token;
use engine::text::masked;
use engine::value::Value;

use super::person::{Person, Threads, among, find, threads};
use super::{Cell, Db, Hand};

/// What makes stand-in values the same in two databases.
pub struct Tokens {
    /// The key.
    pub key: String,
    /// When the erasure was decided, as the stand-in record shows it.
    pub now: String,
    /// First day on which a law no longer keeps what is five years old.
    pub today: String,
}

impl Tokens {
    fn hashed(&self, table: &str, column: &str, old: &Cell) -> Cell {
        let Some(text) = old.text() else { return Cell::Null };
        let mut bytes = Vec::new();
        Value::text(text).encode(&mut bytes);
        Cell::Text(token(&self.key, &[b"column", table.as_bytes(), column.as_bytes(), &bytes]))
    }

    fn stand_in(&self, org: i64) -> String {
        let org = org.to_string();
        let parts: [&[u8]; 4] = [b"one", b"customer", org.as_bytes(), b"helpdesk"];
        format!("former-{}", &token(&self.key, &parts)[..12])
    }
}

/// Erases the person in both databases; the number of rows changed or deleted.
pub async fn erasure(hand: &mut Hand, email: &str, tokens: &Tokens) -> Result<u64> {
    hand.desk.plainly("begin").await?;
    hand.billing.plainly("begin").await?;
    let person = find(hand, email, true).await?;
    let threads = threads(&mut hand.desk, &person).await?;
    let mut changed = texts(&mut hand.desk, &person, &threads, tokens).await?;
    changed += rows(&mut hand.desk, &person, &threads.own).await?;
    changed += matched(&mut hand.desk, &person).await?;
    changed += record(&mut hand.desk, &person, tokens).await?;
    changed += billing(&mut hand.billing, &person, tokens).await?;
    hand.desk.plainly("commit").await?;
    hand.billing.plainly("commit").await?;
    Ok(changed)
}

/// Rows that go with the person or with a thread of theirs, children first.
async fn rows(desk: &mut Db, person: &Person, own: &[i64]) -> Result<u64> {
    let me = [Cell::Int(person.id)];
    let mut changed = 0;
    for (table, of_person) in [
        ("ticket_cc", "person_id = $1"),
        ("ticket_watchers", "(watcher_kind = 'customer' and watcher_id = $1)"),
        ("ratings", "person_id = $1"),
    ] {
        let (of_thread, cells) = among(desk, &me, "ticket_id", own);
        changed += desk.change(&format!("delete from {table} where {of_person} or {of_thread}"), &cells).await?;
    }
    let (of_thread, cells) = among(desk, &[], "ticket_id", own);
    for head in [
        "delete from ticket_tags where",
        "delete from attachments where reply_id in (select id from replies where",
        "delete from replies where",
    ] {
        let end = if head.contains('(') { ")" } else { "" };
        changed += desk.change(&format!("{head} {of_thread}{end}"), &cells).await?;
    }
    for sql in [
        "delete from tickets where requester_id = $1",
        "delete from sessions where person_id = $1",
        "delete from person_notes where person_id = $1",
    ] {
        changed += desk.change(sql, &me).await?;
    }
    Ok(changed)
}

async fn matched(desk: &mut Db, person: &Person) -> Result<u64> {
    let mail = "delete from email_events where lower(address) = $1 and org_id = $2 and kind <> 'digest'";
    let mut changed = desk.change(mail, &[person.email.as_str().into(), person.org.into()]).await?;
    let numbers: Vec<Cell> = [Cell::Int(person.org)].into_iter().chain(person.phones.clone()).collect();
    let calls = "delete from calls where org_id = $1 and caller_number in ($2, $3, $4, $5, $6)";
    changed += desk.change(calls, &numbers).await?;
    let forwarded = "update tickets set forwarded_by = '' where lower(forwarded_by) = $1 and org_id = $2";
    changed += desk.change(forwarded, &[person.email.as_str().into(), person.org.into()]).await?;
    Ok(changed)
}

/// Posts in other people's threads and lines of the log, in which only the person's own traces go.
async fn texts(desk: &mut Db, person: &Person, threads: &Threads, tokens: &Tokens) -> Result<u64> {
    let others: Vec<i64> = threads.all.iter().copied().filter(|t| !threads.own.contains(t)).collect();
    let (which, ids) = among(desk, &[], "ticket_id", &others);
    let sql = format!(
        "select id, writer_kind, writer_id, body, headers from replies where {which} order by id{}",
        desk.locking()
    );
    let replies = desk.rows(&sql, &ids).await?;
    let masks = |cell: &Cell| match cell.text() {
        Some(text) => Cell::Text(masked(text, &person.finder.hits(text))),
        None => cell.clone(),
    };
    let (mut mine, mut named) = (Vec::new(), Vec::new());
    for row in &replies {
        let masked = vec![row[0].clone(), masks(&row[3]), masks(&row[4])];
        if row[1].text() == Some("customer") && row[2].int() == person.id {
            mine.push(masked);
        } else if masked[1..] != row[3..] {
            named.push(masked);
        }
    }
    let mut changed = 0;
    if !mine.is_empty() {
        let values = "(1, 'Former customer', $1, 'placeholder', $2)";
        let cast = if desk.is_postgres() { values.replace("$2", "($2::text)::timestamptz") } else { values.into() };
        let made = desk
            .rows(
                &format!("insert into persons (org_id, name, username, status, created_at) values {cast} returning id"),
                &[tokens.stand_in(person.org).as_str().into(), tokens.now.as_str().into()],
            )
            .await?;
        let set = format!("writer_id = {}, from_name = '', from_address = '', ", made[0][0].int());
        changed += rewrite(desk, "replies", &set, ["body", "headers"], mine).await?;
    }
    changed += rewrite(desk, "replies", "", ["body", "headers"], named).await?;
    let sql = format!(
        "select id, actor_kind, actor_id, detail, ip from audit_log where person_id = $1 \
         or (actor_id = $1 and actor_kind in ('customer', 'portal')){}",
        desk.locking()
    );
    let log = desk.rows(&sql, &[person.id.into()]).await?;
    let acted = |row: &&Vec<Cell>| matches!(row[1].text(), Some("customer" | "portal")) && row[2].int() == person.id;
    let lines = |rows: Vec<&Vec<Cell>>, hash: bool| {
        let ip = |old: &Cell| if hash { tokens.hashed("audit_log", "ip", old) } else { old.clone() };
        rows.into_iter().map(|r| vec![r[0].clone(), masks(&r[3]), ip(&r[4])]).collect::<Vec<_>>()
    };
    let (by, about) = (log.iter().filter(acted).collect(), log.iter().filter(|r| !acted(r)).collect());
    changed +=
        rewrite(desk, "audit_log", "actor_id = 0, person_id = null, ", ["detail", "ip"], lines(by, true)).await?;
    changed += rewrite(desk, "audit_log", "person_id = null, ", ["detail", "ip"], lines(about, false)).await?;
    Ok(changed)
}

/// Writes two texts to each row: `rows` hold the number and the texts.
async fn rewrite(db: &mut Db, table: &str, set: &str, columns: [&str; 2], rows: Vec<Vec<Cell>>) -> Result<u64> {
    if rows.is_empty() {
        return Ok(0);
    }
    let [first, second] = columns;
    if db.is_postgres() {
        let texts = |at: usize| Cell::Texts(rows.iter().map(|r| r[at].text().map(str::to_owned)).collect());
        let sql = format!(
            "update {table} t set {set}{first} = v.a, {second} = v.b \
             from unnest($1::int8[], $2::text[], $3::text[]) v(id, a, b) where t.id = v.id"
        );
        let ids = Cell::Ints(rows.iter().map(|r| r[0].int()).collect());
        return db.change(&sql, &[ids, texts(1), texts(2)]).await;
    }
    let sql = format!("update {table} set {set}{first} = $2, {second} = $3 where id = $1");
    let mut changed = 0;
    for row in rows {
        changed += db.change(&sql, &row).await?;
    }
    Ok(changed)
}

/// The person's record: emptied where a law keeps an invoice, else deleted.
async fn record(desk: &mut Db, person: &Person, tokens: &Tokens) -> Result<u64> {
    let kept = if desk.is_postgres() {
        "select 1 from invoices where person_id = $1 and issued_on + interval '5 years' >= ($2::text)::date limit 1"
    } else {
        "select 1 from invoices where person_id = $1 and date(issued_on, '+5 years') >= $2 limit 1"
    };
    let me = Cell::Int(person.id);
    if desk.rows(kept, &[me.clone(), tokens.today.as_str().into()]).await?.is_empty() {
        return desk.change("delete from persons where id = $1", &[me]).await;
    }
    let empty = "update persons set email = null, phone = null, username = $2, locale = null, birth_date = null, \
         avatar = null, external_ref = null, preferences = null, notes = null, sentiment = null, vip = null, \
         status = 'erased', last_seen_at = null where id = $1";
    desk.change(empty, &[me, tokens.hashed("persons", "username", &person.username)]).await
}

async fn billing(billing: &mut Db, person: &Person, tokens: &Tokens) -> Result<u64> {
    let mut changed = billing.change("delete from seat_usage where person_id = $1", &[person.id.into()]).await?;
    let contacts = "delete from billing_contacts where lower(address) = $1 and org_id = $2";
    changed += billing.change(contacts, &[person.email.as_str().into(), person.org.into()]).await?;
    let Some(payer) = person.payer.map(Cell::Int) else { return Ok(changed) };
    changed += billing.change("delete from cards where payer_id = $1", std::slice::from_ref(&payer)).await?;
    let kept = if billing.is_postgres() {
        "select 1 from payments where payer_id = $1 and paid_on + interval '5 years' >= ($2::text)::date limit 1"
    } else {
        "select 1 from payments where payer_id = $1 and date(paid_on, '+5 years') >= $2 limit 1"
    };
    let sql = match billing.rows(kept, &[payer.clone(), tokens.today.as_str().into()]).await?.is_empty() {
        true => "delete from payers where id = $1",
        false => "update payers set email = null, credit = null where id = $1",
    };
    changed += billing.change(sql, &[payer]).await?;
    Ok(changed)
}
