//! What column actions leave in live tables: types of the databases' own (inet, jsonb, dates, generated columns), documents,
//! copies, and times counted from 1970.

mod live;

use engine::plan::Shred;
use engine::policy::model::{Right, SystemKind};
use live::{Desk, cells};

const PEOPLE: &str = "
CREATE TABLE users (id int PRIMARY KEY, email varchar(80));
INSERT INTO users VALUES (1, 'ann@x.example'), (2, 'bo@y.example');
";

const USER: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
"#;

/// Two rows that are alike, Ann's and Bo's; what becomes of Ann's, and that Bo's stays.
async fn check(desk: &Desk, columns: &str, expected: &str) {
    let before = desk.rows("notes", columns).await;
    assert_eq!(before[0][1..], before[1][1..], "the rows are alike");
    desk.erase("ann@x.example").await;
    let after = desk.rows("notes", columns).await;
    assert_eq!(after[1], before[1], "somebody else's row");
    assert_eq!(after[0][1..].join(" | "), expected);
    assert!(!after[0].join(" ").to_lowercase().contains("ann@x"), "{:?}", after[0]);
}

#[tokio::test]
async fn actions_on_types_of_postgres() {
    let row = |id: u8| {
        format!(
            "({id}, {id}, '192.0.2.77', '10.1.2.128/25', '2001:db8:1:2::7', '1987-03-12', '1987-03-12 08:09:10+02', 4321,
              12.50, '11111111-2222-3333-4444-555555555555', 'SW1A 1AA', 'Ann', 542534400,
              '{{\"to\": \"\\u0061nn@x.example\", \"n\": [7, 1.50], \"k\": {{\"ann@x.example\": true}}}}')"
        )
    };
    let sql = format!(
        "{PEOPLE}
        CREATE TABLE notes (id int PRIMARY KEY, user_id int, ip inet NOT NULL, net cidr, six inet, born date,
            seen timestamptz, paid int NOT NULL, sum numeric(9,2), token uuid NOT NULL, post text, nick varchar(10),
            at bigint, doc jsonb NOT NULL, size int GENERATED ALWAYS AS (length(post)) STORED);
        INSERT INTO notes (id, user_id, ip, net, six, born, seen, paid, sum, token, post, nick, at, doc)
        VALUES {}, {};",
        row(1),
        row(2)
    );
    let map = format!(
        r#"{USER}
[table.notes]
links = [{{ role = "owner", column = "user_id", to = "users.id", on_erase = "scrub" }}]
[table.notes.columns]
ip = {{ category = "user.device.ip_address", erase = "truncate_ip" }}
net = {{ category = "user.device.ip_address", erase = "truncate_ip" }}
six = {{ category = "user.device.ip_address", erase = "generalise" }}
born = {{ category = "user.demographic.date_of_birth", erase = "generalise" }}
seen = {{ category = "user.behavior", erase = "generalise" }}
paid = {{ category = "user.financial", erase = "generalise" }}
sum = {{ category = "user.financial", erase = "generalise" }}
token = {{ category = "user.unique_id", erase = "pseudonym" }}
post = {{ category = "user.contact.address.postal_code", erase = "generalise" }}
nick = {{ category = "user.account.username", erase = "pseudonym" }}
at = {{ category = "user.behavior", time = "s", erase = "generalise" }}
doc = {{ category = "user.content", text = true }}
"#
    );
    let desk = Desk::of(SystemKind::Postgres, &sql, &map).await;
    let columns = "id, ip, net, six, born, seen AT TIME ZONE 'UTC', paid, sum, length(token::text), token <> \
                   '11111111-2222-3333-4444-555555555555', post, size, length(nick), nick <> 'Ann', at, doc";
    let doc = r#"{"k": {"•••": true}, "n": [7, 1.50], "to": "•••"}"#;
    let before = desk.rows("notes", columns).await;
    desk.erase("ann@x.example").await;
    let after = desk.rows("notes", columns).await;
    assert_eq!(after[1], before[1]);
    assert_eq!(
        after[0].join(" | "),
        format!(
            "1 | 192.0.2.0/24 | 10.1.2.0/24 | 2001:db8:1::/48 | 1987-01-01 | 1987-01-01 00:00:00 | 1000 | 10.00 | 36 | true | \
             SW1 | 3 | 10 | true | 536457600 | {doc}"
        )
    );
}

#[tokio::test]
async fn documents_and_copies_in_sqlite() {
    let php = r#"a:1:{s:4:"mail";s:13:"ann@x.example";}"#;
    let yaml = "--- !ruby/object:Note\n:by: ann@x.example\n:n: 1\n";
    let json = r#"{"mail": "\u0061nn@x.example", "at": {"street": "Hill 3"}, "n": 1.50}"#;
    let row = |id: u8| {
        format!(
            "({id}, {id}, '{json}', '{php}', '{yaml}', 'https://x.example/?to=ann%40x.example', 'by ann@x.example', '<p>by \
             ann@x.example</p>', 'not an address', 'from ann@x.example, x')"
        )
    };
    let sql = format!(
        "{PEOPLE}
        CREATE TABLE notes (id int PRIMARY KEY, user_id int, json text NOT NULL, php text, yaml text, url text, body text,
            html text NOT NULL, ip text, head text);
        INSERT INTO notes VALUES {}, {};
        CREATE TABLE texts (id int PRIMARY KEY, note_id int, body text NOT NULL);
        INSERT INTO texts VALUES (1, 1, 'af ann@x.example'), (2, 2, 'af ann@x.example');",
        row(1),
        row(2)
    );
    let map = format!(
        r#"{USER}
[table.notes]
links = [{{ role = "owner", column = "user_id", to = "users.id", on_erase = "scrub" }}]
[table.notes.columns]
json = {{ json = {{ "$.mail" = "user.contact.email", "$.at" = "user.contact.address", "$.n" = "system.operations" }} }}
php = {{ category = "user.content", text = true, codec = "php" }}
yaml = {{ category = "user.content", text = true, codec = "yaml" }}
url = {{ category = "user.content", text = true, codec = "url" }}
body = {{ category = "user.content", text = true }}
html = {{ copy_of = "body" }}
ip = {{ category = "user.device.ip_address", erase = "truncate_ip" }}
head = {{ category = "user.content", text = true, form = "from {{}}, *" }}
[table.texts]
links = [{{ role = "part", column = "note_id", to = "notes.id" }}]
[table.texts.columns]
body = {{ copy_of = "notes.html" }}
"#
    );
    let desk = Desk::of(SystemKind::Sqlite, &sql, &map).await;
    check(
        &desk,
        "id, json, php, yaml, url, body, html, ip, head",
        &[
            r#"{"mail": null, "at": null, "n": 1.50}"#,
            r#"a:1:{s:4:"mail";s:9:"•••";}"#,
            "--- !ruby/object:Note\n:by: \"•••\"\n:n: 1\n",
            "https://x.example/?to=%E2%80%A2%E2%80%A2%E2%80%A2",
            "by •••",
            "<p>by •••</p>",
            "NULL",
            "from •••, x",
        ]
        .join(" | "),
    )
    .await;
    assert_eq!(cells(&desk.rows("texts", "body").await), ["af •••", "af ann@x.example"]);
}

#[tokio::test]
async fn what_is_shredded_is_not_written_and_one_key_goes_whole_or_not_at_all() {
    let sql = format!(
        "{PEOPLE}
        CREATE TABLE notes (id int PRIMARY KEY, user_id int, body blob, due date);
        INSERT INTO notes VALUES (1, 1, x'0102', '2020-01-01'), (2, 2, x'0102', '2020-01-01');"
    );
    let map = |erase: &str| {
        format!(
            r#"{USER}
[table.notes]
links = [{{ role = "owner", column = "user_id", to = "users.id", on_erase = "scrub" }}]
[table.notes.columns]
body = {{ category = "user.content", erase = {erase} }}
due = "system.operations"
"#
        )
    };
    let desk = Desk::of(SystemKind::Sqlite, &sql, &map("\"shred\"")).await;
    let plan = desk.plan(Right::Erasure, "ann@x.example").await;
    let staying = vec![vec![engine::value::Value::Int(1)]];
    let shred = Shred { system: "desk".into(), table: "notes".into(), columns: vec!["body".into()], rows: 1, staying };
    assert_eq!(plan.shreds, [shred]);
    desk.erase("ann@x.example").await;
    assert_eq!(cells(&desk.rows("notes", "hex(body)").await), ["0102", "0102"]);
    assert_eq!(cells(&desk.rows("notes", "user_id").await), ["NULL", "2"]);

    let kept = r#"[{ when = { due = { gt = "2010-01-01" } }, do = { keep = "books" } }, { do = "shred" }]"#;
    let desk = Desk::of(SystemKind::Sqlite, &sql, &map(kept)).await;
    let plan = desk.plan(Right::Erasure, "ann@x.example").await;
    assert_eq!(plan.shreds, [], "a law keeps the column, so its key stays");
    assert!(plan.kept.iter().any(|k| k.table == "notes" && k.columns == ["body"]));
}

#[tokio::test]
async fn a_law_ends_by_an_epoch_number() {
    let sql = format!(
        "{PEOPLE}
        CREATE TABLE notes (id int PRIMARY KEY, user_id int, paid_ms bigint NOT NULL, total text);
        INSERT INTO notes VALUES (1, 1, 1388534400000, 'old'), (2, 1, 1735689600000, 'new'), (3, 2, 1388534400000, 'his');"
    );
    let map = format!(
        r#"{USER}
[table.notes]
links = [{{ role = "owner", column = "user_id", to = "users.id", on_erase = "scrub" }}]
[table.notes.columns]
paid_ms = {{ category = "system.operations", time = "ms" }}
total = {{ category = "user.financial", erase = {{ keep = "books", until = {{ column = "paid_ms", period = "P10Y" }} }} }}
"#
    );
    let desk = Desk::of(SystemKind::Sqlite, &sql, &map).await;
    desk.erase("ann@x.example").await;
    assert_eq!(cells(&desk.rows("notes", "total").await), ["NULL", "new", "his"]);
}
