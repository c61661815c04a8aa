//! The same on MariaDB, whose users are made with the printed statements.

use std::collections::BTreeSet;

use connect::testing::MariaServer;

use super::battery::{Battery, Person, Places};
use super::support::Company;
use super::{Statement, statements};

const READ: &str = "reads \"all\"";
const WRITE: &str = "writes; drop";

fn told(company: &Company) -> serde_json::Value {
    let (read, write) = (format!("{READ}@localhost"), format!("{WRITE}@localhost"));
    company.json(&["grants", company.folder(), "--live", "--role-read", &read, "--role-write", &write])
}

#[test]
fn with_the_printed_rights_everything_can_be_carried_out_and_the_reading_user_changes_nothing() {
    let company = Company::mariadb(40);
    let server = MariaServer::shared();
    let told = told(&company);
    for user in [READ, WRITE] {
        server.sql("mysql", &format!("create user '{user}'@localhost"));
    }
    let statements: Vec<Statement> = statements(&told);
    for statement in &statements {
        server.sql(&super::database(&company, &statement.system), &statement.sql);
    }
    let reading = |s: &&Statement| s.side == "read";
    let harmless = |s: &Statement| s.sql.contains("GRANT SELECT (") || s.sql.contains("GRANT REFERENCES ON *");
    assert!(statements.iter().filter(reading).all(harmless));

    let all = Person::all(&company);
    let before = company.dump();
    let failed = Battery::mariadb(&company, READ, READ).run(&all).expect_err("the reading user cannot apply");
    assert!(failed.contains("our role may not use"), "{failed}");
    assert_eq!(company.dump(), before);

    let places = Battery::mariadb(&company, READ, WRITE).run(&all).expect("every person can be carried out");
    assert_eq!(places.beyond(&Places::granted(&told)), BTreeSet::new(), "changed without a right to it");
    assert_ne!(company.dump(), before);
}
