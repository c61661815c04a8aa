//! Packages of a person whose data is full of traps, and of one with thousands of rows, as the program writes them.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

use crate::support::Company;

/// Who has what: the traps, and a long history.
const TRAPPED: (u64, &str) = (1, "maria.lindqvist@fjord-cargo.example");
const MANY: (u64, &str) = (15, "wenche.mangeland@linden-clinic.example");

/// What must stay text.
const TRAPS: [&str; 9] = [
    "<script>window.caught = 1; alert(1)</script>",
    "\"><img src=x onerror=\"window.caught = 1\">",
    "<svg onload=alert(1)><a href=\"javascript:alert(1)\">x</a></svg>",
    "javascript:alert(1)",
    "</bdi></dd></dl></main></body><iframe src=\"https://trap.example/\"></iframe>",
    "\u{202e}gnp.exe\u{2066}",
    "=HYPERLINK(\"https://trap.example/\",\"x\")",
    "<link rel=stylesheet href=//trap.example/x.css><meta http-equiv=refresh content=\"0;url=https://trap.example/\">",
    "&lt;b&gt; &#60;b&#62; {{7*7}} ${7*7} %3Cscript%3E ]]>",
];

/// A package in a folder that the browser's user can read.
pub struct Answer {
    pub language: &'static str,
    pub dir: PathBuf,
}

/// Packages in English and German; the company must live as long as they are looked at.
pub fn answers(company: &Company, user: Option<(u32, u32)>) -> Vec<Answer> {
    widen(company);
    set_traps(company);
    add_history(company);
    let mut answers = Vec::new();
    for (language, (_, email)) in [("en", TRAPPED), ("de", TRAPPED), ("de", MANY)] {
        let out = company.path(&format!("answer-{}", answers.len()));
        let args = ["fulfil", "access", company.folder(), "--subject", "customer", "--email", email];
        let how = ["--plain", "--yes", "--language", language, "--out", &out];
        let told = company.json(&[&args[..], &how].concat());
        let dir = PathBuf::from(told["answer"].as_str().expect("an answer"));
        if let Some(user) = user {
            let top = company.dir();
            let above = dir.ancestors().skip(1).take_while(|a| a.starts_with(top));
            above.for_each(|folder| give(folder, user));
            give_all(&dir, user);
        }
        answers.push(Answer { language, dir });
    }
    answers
}

fn give(path: &Path, (uid, gid): (u32, u32)) {
    chown(path, Some(uid), Some(gid)).expect("give a file to the browser's user");
}

fn give_all(dir: &Path, user: (u32, u32)) {
    give(dir, user);
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { give_all(&path, user) } else { give(&path, user) }
    }
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Lets plans return as many rows as there are.
fn widen(company: &Company) {
    let path = company.folder.join("policy.toml");
    let policy = std::fs::read_to_string(&path).expect("the policy");
    let wider = policy.replace("rows_per_table              = 5000", "rows_per_table = 100000");
    let wider = wider.replace("share_of_table              = 0.2", "share_of_table = 1.0");
    std::fs::write(&path, wider).expect("a wider policy");
}

/// Writes a trap into every text of the person.
fn set_traps(company: &Company) {
    let (id, _) = TRAPPED;
    let word = text(&"Donaudampfschifffahrtsgesellschaft".repeat(40));
    let traps = text(&TRAPS.join("\n"));
    let json = text(&serde_json::json!({ TRAPS[0]: TRAPS[1], "list": TRAPS }).to_string());
    let one = |n: usize| text(TRAPS[n]);
    let statements = [
        format!("update persons set notes = {traps}, preferences = {json}, username = {} where id = {id}", one(3)),
        format!("update tickets set subject = {}, custom_fields = {json} where requester_id = {id}", one(0)),
        format!(
            "update tickets set subject = {word} where id in (select max(id) from tickets where requester_id = {id})"
        ),
        format!("update replies set body = {traps} || body where writer_kind = 'customer' and writer_id = {id}"),
        format!(
            "update replies set body = {} where id in (select max(id) from replies where writer_id = {id} and writer_kind = 'customer')",
            one(4)
        ),
        format!("update sessions set user_agent = {} where person_id = {id}", one(1)),
        format!("update attachments set file_name = '../../' || {} || {}", one(1), one(5)),
        format!("update ratings set comment = {} where person_id = {id}", one(2)),
        format!(
            "insert into sessions (id, person_id, ip, user_agent, token, started_at) values ('5f0e1c9a-0000-4000-8000-0000000000ff', {id}, {}, {word}, 'x', '2026-01-01 10:00:00')",
            one(6)
        ),
    ];
    company.execute("helpdesk", &statements.join(";\n"));
}

/// Five thousand events.
fn add_history(company: &Company) {
    let (id, email) = MANY;
    let event = format!(
        "insert into email_events (id, org_id, address, kind, subject, at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)
         select 900000 + i, (select org_id from persons where id = {id}), '{email}', 'delivered', 'Message ' || i,
                '2026-01-01 10:00:00' from n"
    );
    company.execute("helpdesk", &event);
}
