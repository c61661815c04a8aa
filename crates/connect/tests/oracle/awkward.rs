//! Values that are easily bent on their way come back bit by bit: what a table dumps before and after is compared.

use std::collections::BTreeMap;

use connect::testing::{MariaServer, PgServer};
use connect::{Options, Systems};
use engine::plan::{Question, Seed};
use engine::policy::compile::compile;
use engine::policy::model::{KindId, Policy, Right, SystemKind};
use engine::source::Source;
use engine::value::Value;
use sqlx::{Connection as _, Row as _};

use crate::reverse::{Reached, Sides, deactivate, reactivate};

const COMPANY: &str = "[company]\nname = \"Odd\"\ncountry = \"NO\"\n";

/// The map of a kind of database; what is undecided there is said to be the system's.
fn map(kind: &str) -> String {
    let texts = if kind == "mysql" { "c l s e j v" } else { "a ch j jb mo sh x" };
    let columns: String = texts.split(' ').map(|c| format!("{c} = \"system.operations\"\n")).collect();
    format!(
        r#"
[system]
kind = "{kind}"
connect = {{ env = "ODD_DSN" }}

[subject.user]
table = "users"
identity = {{ email = {{ column = "email", match = "email" }} }}

[table.users.columns]
email = {{ category = "user.contact.email", erase = "hash" }}

[table.things]
links = [{{ role = "owner", column = "user_id", to = "users.id" }}]

[table.things.columns]
{columns}
[table.notes]
links = [{{ role = "mention", column = "user_id", to = "users.id", untie = "null" }}]
"#
    )
}

/// The policy, and the question for the one user.
fn folder(kind: &str, live: &BTreeMap<String, engine::schema::Schema>) -> (Policy, Question) {
    folder_of(map(kind), live)
}

fn folder_of(map: String, live: &BTreeMap<String, engine::schema::Schema>) -> (Policy, Question) {
    let mut source = Source::default();
    source.add("policy.toml", COMPANY);
    source.add("systems/odd.toml", map);
    let compiled = compile(&source, Some(live));
    let text = engine::diagnostic::render::text(&compiled.diagnostics, &source, false);
    let policy = compiled.policy.unwrap_or_else(|| panic!("{text}"));
    let question = Question {
        request: "case".to_owned(),
        right: Right::Deactivation,
        requested_by: "tests".to_owned(),
        kind: KindId(0),
        tenant: None,
        seeds: vec![Seed::Identity { name: "email".to_owned(), value: Value::text("ann@odd.example") }],
        corrections: Vec::new(),
        sweep: false,
        words: Vec::new(),
        token_key: [7; 32],
        nonce: [8; 16],
        made_at: "2026-01-15T12:00:00Z".parse().expect("a time"),
        expires_at: "2026-01-22T12:00:00Z".parse().expect("a time"),
    };
    (policy, question)
}

async fn there_and_back(kind: &str, systems: &Systems) -> Result<(), String> {
    let schemas = connect::describe(systems).await.map_err(|e| e.to_string())?;
    let (policy, question) = folder(kind, &schemas);
    let sides = Sides { policy: &policy, schemas: &schemas, systems };
    let own = deactivate(&sides, question, 0, &[]).await?.ok_or("nothing was deactivated")?;
    let gone = sides.count("odd", "things").await;
    assert_eq!(gone, 0, "the things are still there");
    reactivate(&sides, &own, &mut [], &mut Reached::default()).await
}

#[tokio::test]
async fn odd_values_of_mariadb_come_back() {
    const TABLES: &str = "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
        CREATE TABLE users (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(80) NOT NULL UNIQUE) ENGINE=InnoDB;
        CREATE TABLE things (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, user_id INT UNSIGNED NOT NULL,
            d DATE, dt DATETIME(6), ts TIMESTAMP(3) NULL ON UPDATE CURRENT_TIMESTAMP(3), t TIME(6), y YEAR,
            b1 BIT(1), b64 BIT(64), f FLOAT, db DOUBLE, de DECIMAL(40,20), bl LONGBLOB, vb VARBINARY(16), c CHAR(5),
            l VARCHAR(20) CHARACTER SET latin1, s SET('a','b','c'), e ENUM('x','','it''s'), j JSON, tb TINYINT(1),
            u BIGINT UNSIGNED, g INT AS (tb + 1) STORED, v VARCHAR(40) AS (CONCAT(c, '!')) VIRTUAL,
            FOREIGN KEY (user_id) REFERENCES users (id)) ENGINE=InnoDB;
        CREATE TABLE notes (id INT PRIMARY KEY, user_id INT UNSIGNED NULL, at TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP,
            FOREIGN KEY (user_id) REFERENCES users (id)) ENGINE=InnoDB;
        INSERT INTO users VALUES (7, 'ann@odd.example'), (8, 'bo@odd.example');
        INSERT INTO things (id, user_id, d, dt, ts, t, y, b1, b64, f, db, de, bl, vb, c, l, s, e, j, tb, u) VALUES
            (18446744073709551614, 7, '0000-00-00', '2024-00-00 23:59:59.000001', '1999-12-31 23:59:59.123', '-838:59:59', 0,
             b'1', 0xFFFFFFFFFFFFFFFF, 0.1, 0.1, -12345678901234567890.12345678901234567890, 0x000102FF00, 0x00, 'ab', 'h\u{e9}', 'a,c', '',
             '{\"a\" : [1, 1.0]}', 2, 18446744073709551615),
            (2, 7, NULL, NULL, NULL, NULL, NULL, b'0', 0, 3.4028235e38, 4.9e-324, 0, '', '', '', '', '', 'it''s', 'null', 0, 0),
            (3, 8, '2024-02-29', NULL, NULL, '00:00:00', 2155, b'0', 1, -0.0, -1e308, 1, 'x', 'y', 'z', 'w', 'b,c', 'x', '1', 1, 1);
        INSERT INTO notes VALUES (1, 7, '2001-01-01 00:00:00'), (2, 8, '2002-02-02 00:00:00');";
    const DUMP: &str = "SELECT CONCAT_WS('|', id, user_id, COALESCE(d,'~'), COALESCE(dt,'~'), COALESCE(ts,'~'), COALESCE(t,'~'),
        COALESCE(y,'~'), HEX(b1), HEX(b64), COALESCE(f,'~'), COALESCE(db,'~'), COALESCE(de,'~'), HEX(bl), HEX(vb), HEX(c), HEX(l), s,
        e, e+0, HEX(j), tb, u, g, v) FROM things
        UNION ALL SELECT CONCAT_WS('|', 'note', id, COALESCE(user_id,'~'), COALESCE(at,'~')) FROM notes
        UNION ALL SELECT CONCAT_WS('|', 'user', id, email) FROM users ORDER BY 1";
    let server = MariaServer::shared();
    let mut admin = sqlx::MySqlConnection::connect(&server.url("mysql")).await.unwrap();
    sqlx::raw_sql("CREATE DATABASE odd_values").execute(&mut admin).await.unwrap();
    let url = server.url("odd_values");
    let mut c = sqlx::MySqlConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(TABLES).execute(&mut c).await.unwrap();
    let mut dump = async || -> Vec<String> {
        let rows = sqlx::raw_sql(DUMP).fetch_all(&mut c).await.unwrap();
        rows.iter().map(|r| String::from_utf8_lossy(&r.get_unchecked::<Vec<u8>, _>(0)).into_owned()).collect()
    };
    let before = dump().await;
    let mut systems = Systems::new();
    systems.insert("odd".to_owned(), connect::open(SystemKind::Mysql, &url, Some(&url), Options::default()).unwrap());
    there_and_back("mysql", &systems).await.unwrap();
    assert_eq!(before.join("\n"), dump().await.join("\n"));
}

#[tokio::test]
async fn odd_values_of_postgres_come_back() {
    const TABLES: &str = "create schema odd_values; set search_path = odd_values;
        create type mood as enum ('sad', 'it''s'); create domain short as varchar(5);
        create table users (id int generated always as identity primary key, email text not null unique);
        create table things (id bigint generated always as identity primary key, user_id int not null references users,
            n numeric, m numeric(10,3), r real, dp double precision, ts timestamp, tz timestamptz, d date, iv interval, a text[],
            aa int[][], jb jsonb, j json, by bytea, bi bit(3), vb bit varying, ch char(5), mo mood, sh short, ip inet, rg int4range,
            mny money, pt point, x xml, u uuid, g numeric generated always as (n * 2) stored);
        create table notes (id int primary key, user_id int references users);
        insert into users (email) values ('ann@odd.example'), ('bo@odd.example');
        insert into things (user_id, n, m, r, dp, ts, tz, d, iv, a, aa, jb, j, by, bi, vb, ch, mo, sh, ip, rg, mny, u) values
            (1, 'NaN', 1.100, 0.1, '-Infinity', 'infinity', '-infinity', '0044-03-15 BC', '1 year -2 days 03:00:00.000001',
             array['a', null, 'null', '', 'q\"\\'], '{{1,2},{3,4}}', '{\"b\": 1.10, \"a\": [1e400]}', '{\"b\" :1, \"b\": 2 }',
             '\\x0001ff', b'101', b'', 'ab', 'it''s', 'h\u{e9}', '::1/128', '[1,5)', '12.50', gen_random_uuid()),
            (1, 1e400, -0.0, 'NaN', '-0', '2024-02-29 23:59:59.999999', '1999-12-31 23:59:59.999999+05', 'infinity', '-1 mon', '{}', '[0:1]={7,8}',
             'null', 'null', '', b'000', null, '', 'sad', '', '10.0.0.0/8', 'empty', '-1', null),
            (2, 1, 1, 1, 1, now(), now(), now(), '0', null, null, null, null, null, null, null, null, null, null, null, null, null, null);
        insert into notes values (1, 1), (2, 2);";
    const DUMP: &str = "select t::text from odd_values.things t union all select n::text from odd_values.notes n \
        union all select u::text from odd_values.users u order by 1";
    let url = PgServer::shared().url("postgres");
    let mut c = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(TABLES).execute(&mut c).await.unwrap();
    let mut dump = async || -> Vec<String> {
        let rows = sqlx::raw_sql(DUMP).fetch_all(&mut c).await.unwrap();
        rows.iter().map(|r| r.get::<String, _>(0)).collect()
    };
    let before = dump().await;
    let mut systems = Systems::new();
    let options = Options { schema: "odd_values".to_owned(), ..Options::default() };
    systems.insert("odd".to_owned(), connect::open(SystemKind::Postgres, &url, Some(&url), options).unwrap());
    there_and_back("postgres", &systems).await.unwrap();
    assert_eq!(before.join("\n"), dump().await.join("\n"));
}

/// MariaDB lets no row go that something refers to, not even itself: such a reference is nulled first, and comes back.
#[tokio::test]
async fn rows_of_mariadb_that_refer_to_themselves() {
    const MAP: &str = r#"
[system]
kind = "mysql"
connect = { env = "ODD_DSN" }

[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }

[table.users.columns]
email = { category = "user.contact.email", erase = "hash" }

[table.things]
links = [
  { role = "owner", column = "user_id", to = "users.id" },
  { role = "part", column = "beside", to = "things.id" },
]
"#;
    let server = MariaServer::shared();
    for (nth, (column, circle)) in [("INT NULL", false), ("INT NOT NULL", true)].into_iter().enumerate() {
        let name = format!("themselves{nth}");
        let mut admin = sqlx::MySqlConnection::connect(&server.url("mysql")).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
        let url = server.url(&name);
        let mut c = sqlx::MySqlConnection::connect(&url).await.unwrap();
        let tables = format!(
            "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(80) NOT NULL) ENGINE=InnoDB;
             CREATE TABLE things (id INT PRIMARY KEY, user_id INT NOT NULL, beside {column},
                FOREIGN KEY (user_id) REFERENCES users (id), FOREIGN KEY (beside) REFERENCES things (id)) ENGINE=InnoDB;
             INSERT INTO users VALUES (7, 'ann@odd.example'), (8, 'bo@odd.example');
             INSERT INTO things VALUES (1, 7, 1), (2, 7, 1), (3, 8, 3);"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(tables)).execute(&mut c).await.unwrap();
        let mut systems = Systems::new();
        let system = connect::open(SystemKind::Mysql, &url, Some(&url), Options::default()).unwrap();
        systems.insert("odd".to_owned(), system);
        let schemas = connect::describe(&systems).await.unwrap();
        let (policy, question) = folder_of(MAP.to_owned(), &schemas);
        let sides = Sides { policy: &policy, schemas: &schemas, systems: &systems };
        let dump = "SELECT GROUP_CONCAT(CONCAT_WS(' ', id, user_id, beside) ORDER BY id) FROM things";
        let before: String = sqlx::query_scalar(dump).fetch_one(&mut c).await.unwrap();
        let left = deactivate(&sides, question, 0, &[]).await;
        if circle {
            assert_eq!(left.err().as_deref(), Some("a circle is refused"), "before anything changes");
        } else {
            let own = left.unwrap().expect("somebody");
            let away: String = sqlx::query_scalar(dump).fetch_one(&mut c).await.unwrap();
            assert_eq!(away, "3 8 3");
            reactivate(&sides, &own, &mut [], &mut Reached::default()).await.unwrap();
        }
        let after: String = sqlx::query_scalar(dump).fetch_one(&mut c).await.unwrap();
        assert_eq!(before, after);
    }
}
