//! Asking twice: what an erasure had to leave of somebody leads to nobody else.

use serde_json::Value;

use crate::support::Company;

const POLICY: &str = r#"
[company]
name = "Forum"

[[law]]
id = "tax"
title = "Tax law"
article = "1"
jurisdiction = "NO"
retention = "P5Y"
"#;

const FORUM: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
[table.posts]
links = [{ role = "owner", column = "writer", to = "users.id" }]
columns.body = "user.content"
[ignore]
"of the shop" = ["accounts"]
"#;

/// People may have several accounts, and a law keeps by what they can be reached.
const SHOP: &str = r#"
[subject.user]
table = "accounts"
records = "many"
identity = { email = { column = "email", match = "email" }, code = { column = "code" } }
[table.accounts.columns]
email = { category = "user.contact.email", erase = { keep = "tax" } }
code = { category = "user.unique_id", erase = { keep = "tax" } }
[ignore]
"of the forum" = ["users", "posts"]
"#;

fn companies() -> [Company; 2] {
    [Company::bare_sqlite(), Company::bare_postgres()].map(|company| {
        company.execute(
            "helpdesk",
            "create table users (id int primary key, email varchar(60));
             create table posts (id int primary key, writer int not null, body varchar(60));
             create table accounts (id int primary key, email varchar(60), code varchar(60));
             insert into users values (1, 'bo@x.example'), (2, 'ann@x.example');
             insert into posts values (10, 1, 'his'), (20, 2, 'hers');
             insert into accounts values (1, 'ann@x.example', 'C-1'), (2, 'bo@x.example', 'C-1');",
        );
        std::fs::write(company.folder.join("policy.toml"), POLICY).expect("the policy");
        company.system("forum", FORUM);
        company.system("shop", SHOP);
        company
    })
}

fn ask(company: &Company, right: &str, email: &str) -> Value {
    let out = company.path("");
    company.json(&["fulfil", right, company.folder(), "--subject", "user", "--email", email, "--yes", "--out", &out])
}

/// The keys of a table.
fn ids(company: &Company, table: &str) -> Vec<String> {
    let rows = company.query("helpdesk", &format!("select cast(id as varchar(9)) as it from {table} order by id"));
    rows.into_iter().filter_map(|mut row| row.remove("it").flatten()).collect()
}

/// What an answer returned of a table, where it returned any.
fn returned(company: &Company, table: &str) -> bool {
    let plans = company.json(&["plan", "access", company.folder(), "--subject", "user", "--email", "bo@x.example"]);
    plans.to_string().contains(table)
}

#[test]
fn a_record_that_was_refused_is_refused_again_when_the_one_that_stood_against_it_is_gone() {
    for company in companies() {
        assert!(returned(&company, "posts"), "a look at everything of his shows what he wrote");
        assert_eq!(ask(&company, "erasure", "bo@x.example")["state"], "complete");
        assert_eq!((ids(&company, "users"), ids(&company, "posts")), (vec!["2".into()], vec!["20".into()]));
        assert!(!returned(&company, "posts"), "a look at what is left shows nobody else's");
        assert_eq!(ask(&company, "erasure", "bo@x.example")["state"], "complete");
        assert_eq!((ids(&company, "users"), ids(&company, "posts")), (vec!["2".into()], vec!["20".into()]));
        assert_eq!(ids(&company, "accounts"), ["1", "2"], "the law keeps them");
        // She is found by what she gives herself.
        assert_eq!(ask(&company, "erasure", "ann@x.example")["state"], "complete");
        assert_eq!((ids(&company, "users"), ids(&company, "posts")), (vec![], vec![]));
    }
}
