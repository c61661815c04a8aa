//! A small company: users, what they wrote for others, and files of theirs that belong to it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Company, Output};

/// Whose case it is.
pub const ANN: &str = "ann@x.example";

const TABLES: &str = "create table users (id int primary key, email varchar(60), name varchar(60));
    create table messages (id int primary key, writer int, body varchar(200) not null);
    create table files (id int primary key, message_id int, uploader int, note varchar(60));
    insert into users values (1, 'ann@x.example', 'Ann Lee'), (2, 'bo@x.example', 'Bo');
    insert into messages values (10, 1, 'written by Ann Lee'), (19, 2, 'hello');
    insert into files values (20, 10, 1, 'scan'), (29, 19, 2, 'photo');";

const MAP: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" }, name = { column = "name", use = "text" } }

[table.users.columns]
email = "user.contact.email"
name  = "user.name"

[table.messages]
links = [{ role = "owner", column = "writer", to = "users.id", on_erase = "scrub", untie = "null" }]
columns.body = { category = "user.content", text = true, erase = "redact" }

[table.files]
links = [
  { role = "part", column = "message_id", to = "messages.id"KEEP },
  { role = "owner", column = "uploader", to = "users.id" },
]
columns.note = "user.content"
"#;

pub struct Desk {
    pub company: Company,
}

impl Desk {
    pub fn both() -> [Desk; 2] {
        [Desk::sqlite(), Desk::postgres()]
    }

    pub fn sqlite() -> Desk {
        Desk::of(Company::bare_sqlite())
    }

    pub fn postgres() -> Desk {
        Desk::of(Company::bare_postgres())
    }

    fn of(company: Company) -> Desk {
        company.execute("helpdesk", TABLES);
        let policy = "[company]\nname = \"Desk\"\n\n[[law]]\nid = \"tax\"\ntitle = \"Tax law\"\n";
        std::fs::write(company.folder.join("policy.toml"), policy).expect("the policy");
        let desk = Desk { company };
        desk.map("");
        desk
    }

    /// From now on a law keeps the files of messages until this day.
    pub fn with_law(&self, until: &str) {
        self.map(&format!(", on_erase = {{ keep = \"tax\", until = {until} }}"));
    }

    fn map(&self, keep: &str) {
        self.company.system("desk", &MAP.replace("KEEP", keep));
    }

    pub fn hold_args<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        let mut all = vec!["hold", "add", self.company.folder()];
        all.extend(args);
        all.extend(["--reason", "Claim for damages", "--authority", "Oslo District Court"]);
        all
    }

    /// Puts a hold, which must be right.
    pub fn hold(&self, args: &[&str]) {
        self.company.json(&self.hold_args(args));
    }

    /// Erases Ann, found so; returns the certificate.
    pub fn erase(&self, who: &[&str]) -> PathBuf {
        let out = self.company.path("");
        let args = ["fulfil", "erasure", self.company.folder(), "--subject", "user", "--yes", "--out", &out];
        let told = self.company.json(&[&args[..], who].concat());
        assert_eq!(told["state"], "complete", "{told}");
        certificate(&told)
    }

    /// What `resume --due` tells, so many days ahead.
    pub fn due(&self, days: i64) -> Vec<Value> {
        let done = self.resume(days, &[]);
        serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {done:?}"))
    }

    pub fn resume(&self, days: i64, more: &[&str]) -> Output {
        let out = self.company.path("");
        let args = ["--json", "resume", self.company.folder(), "--due", "--out", &out];
        self.company.later(days, &[&args[..], more].concat())
    }

    pub fn ids(&self, table: &str) -> Vec<String> {
        let rows = self.company.query("helpdesk", &format!("select id from {table} order by id"));
        rows.into_iter().filter_map(|mut row| row.remove("id").flatten()).collect()
    }

    /// The only value of a query, called `it`.
    pub fn one(&self, sql: &str) -> Option<String> {
        self.company.query("helpdesk", sql)[0]["it"].clone()
    }

    pub fn verified(&self, certificate: &Path) {
        let key = std::fs::read_to_string(self.company.home.join("ledger/key.pub")).expect("the public key");
        let path = certificate.display().to_string();
        let done = self.company.upheld(&["verify", &path, "--key", key.trim()]);
        assert_eq!(done.code, 0, "{done:?}");
    }
}

/// The day so many days from today.
pub fn day(ahead: i64) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.checked_add(jiff::Span::new().days(ahead)).expect("a day").to_string()
}

/// Where the certificate lies that a command tells of.
pub fn certificate(told: &Value) -> PathBuf {
    PathBuf::from(told["certificate"].as_str().unwrap_or_else(|| panic!("no certificate: {told}")))
}

/// A statement of a certificate by its name.
pub fn statement(certificate: &Path, name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(certificate).expect("the certificate");
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let statements = file["statements"].as_array().expect("statements");
    let one = |s: &Value| if s["statement"].is_object() { s["statement"].clone() } else { s.clone() };
    statements.iter().map(one).find(|s| s["name"] == name).map(|s| s["value"].clone())
}
