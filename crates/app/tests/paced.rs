//! `rows_per_second` through the program: what people are told beforehand, and a run that is killed while it waits.

mod support;

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use support::Company;

const TABLES: &str = "create table users (id integer primary key, email text);
    create table posts (id integer primary key, writer integer, body text);
    insert into users values (1, 'ann@x.example'), (2, 'bo@x.example');
    insert into posts values (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c'), (4, 1, 'd'), (5, 1, 'e');";

const MAP: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
[table.posts]
links = [{ role = "owner", column = "writer", to = "users.id" }]
columns.body = "user.content"
"#;

/// The pace is said for the whole company.
const POLICY: &str = "[company]\nname = \"Desk\"\n\n[limits]\nrows_per_second = 1\nlock_timeout = \"2s\"\n";

#[test]
fn a_slow_erasure_says_how_long_it_takes_and_survives_its_death() {
    for company in [Company::bare_sqlite(), Company::bare_postgres()] {
        company.execute("helpdesk", TABLES);
        std::fs::write(company.folder.join("policy.toml"), POLICY).expect("the policy");
        company.system("desk", MAP);

        let (file, out) = (company.path("plan.json"), company.path(""));
        let ann = ["--subject", "user", "--email", "ann@x.example"];
        let plan = company.upheld(&[&["plan", "erasure", company.folder()], &ann[..], &["--out", &file]].concat());
        assert_eq!(plan.code, 0, "{plan:?}");
        let said = "note: desk is changed at most 1 rows a second: its 5 rows take at least 4 s; they stay locked that \
                    long, and other clients wait for them";
        assert!(plan.stdout.contains(said), "{}", plan.stdout);
        let told = company.json(&[&["plan", "erasure", company.folder()], &ann[..]].concat());
        let wait =
            serde_json::json!([{ "system": "desk", "rows": 5, "rows_per_second": 1, "seconds": 4, "locks": true }]);
        assert_eq!(told[0]["waits"], wait);

        let mut apply = company.command();
        let mut apply = apply.args(["apply", &file, "--out", &out]).stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = BufReader::new(apply.stderr.take().expect("its errors"));
        let said = stderr.lines().map_while(Result::ok).find(|line| line.contains("paced"));
        assert_eq!(said.as_deref(), Some("desk is paced: 1 rows a second, about 4 s"));
        std::thread::sleep(Duration::from_secs(1));
        assert!(apply.try_wait().expect("a process").is_none(), "it waits still");
        apply.kill().expect("it dies");
        apply.wait().expect("it is dead");
        assert_eq!(company.query("helpdesk", "select id from posts").len(), 5, "nothing was changed");

        let resumed = company.upheld(&["resume", company.folder(), "--out", &out]);
        let again = company.upheld(&["apply", &file, "--out", &out]);
        assert_eq!((resumed.code, again.code), (0, 0), "{resumed:?}\n{again:?}");
        assert!(again.stdout.contains("complete"), "{again:?}");
        let left = company.query("helpdesk", "select id from posts");
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(company.query("helpdesk", "select id from users").len(), 1);
    }
}
