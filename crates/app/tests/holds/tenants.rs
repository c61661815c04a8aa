//! A hold on a customer of one tenant, where those who work for all tenants are erased.

use crate::support::Company;

const DESK: &str = r#"
[subject.customer]
table = "customers"
records = "many"
identity = { email = { column = "email", match = "email" } }
tenant = { column = "org", through = "orgs.ref" }
[subject.agent]
table = "agents"
identity = { email = { column = "email", match = "email" } }
[table.customers.columns]
email = "user.contact.email"
[table.agents.columns]
email = "user.contact.email"
[table.mails]
tenant = "org"
links = [
  { role = "author", column = "sender", to = "@customer.email", untie = "pseudonym" },
  { role = "author", column = "handled_by", to = "agents.id", on_erase = "delete" },
]
[table.tasks]
links = [
  { role = "mention", column = "customer", to = "customers.id" },
  { role = "author", column = "agent", to = "agents.id", on_erase = "delete" },
]
[ignore]
"whom we serve" = ["orgs"]
"#;

fn companies() -> [Company; 2] {
    [Company::bare_sqlite(), Company::bare_postgres()].map(|company| {
        company.execute(
            "helpdesk",
            "create table orgs (id int primary key, ref varchar(20) not null);
             create table customers (id int primary key, org int, email varchar(60));
             create table agents (id int primary key, email varchar(60));
             create table mails (id int primary key, org int, sender varchar(60), handled_by int);
             create table tasks (id int primary key, customer int, agent int);
             insert into orgs values (1, 'ACME'), (2, 'OTHER');
             insert into customers values (1, 1, 'ann@x.example'), (2, 2, 'ann@x.example'), (3, 1, 'cy@x.example');
             insert into agents values (5, 'bo@desk.example');
             insert into mails values (10, 1, 'Ann@x.example', 5), (11, 2, 'ann@x.example', 5), (12, 1, 'cy@x.example', 5);
             insert into tasks values (20, 1, 5), (21, 2, 5), (22, 3, 5);",
        );
        std::fs::write(company.folder.join("policy.toml"), "[company]\nname = \"Desk\"\n").expect("the policy");
        company.system("desk", DESK);
        company
    })
}

fn ids(company: &Company, table: &str) -> Vec<String> {
    let rows = company.query("helpdesk", &format!("select cast(id as varchar(9)) as it from {table} order by id"));
    rows.into_iter().filter_map(|mut row| row.remove("it").flatten()).collect()
}

#[test]
fn a_hold_on_somebody_of_a_tenant_is_known_when_somebody_of_none_is_erased() {
    for company in companies() {
        let who = ["--subject", "customer", "--tenant", "ACME", "--email", "ann@x.example"];
        let why = ["--reason", "Claim for damages", "--authority", "Oslo District Court"];
        company.json(&[&["hold", "add", company.folder(), "claim"], &who[..], &why].concat());
        // The hold came before these: only their identity and their tenant tell whose they are.
        company.execute(
            "helpdesk",
            "insert into customers values (7, 1, 'ann@x.example'), (8, 2, 'ann@x.example');
             insert into tasks values (23, 7, 5), (24, 8, 5);",
        );
        let out = company.path("");
        let erase = ["fulfil", "erasure", company.folder(), "--subject", "agent", "--email", "bo@desk.example"];
        let told = company.json(&[&erase[..], &["--yes", "--out", &out]].concat());
        assert_eq!(told["state"], "complete", "{told}");
        assert_eq!(ids(&company, "mails"), ["10"], "hers of this tenant, however it is spelt");
        assert_eq!(ids(&company, "tasks"), ["20", "23"], "also that of a record which came after the hold");
    }
}
