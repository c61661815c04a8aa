//! The same on MariaDB, where it differs: wild cards, roles, what nothing can serve, triggers that only some may see.

use connect::testing::MariaServer;

use super::support::Company;
use super::{codes, connected_as, database, live};

/// The company, its help desk read and written by fresh users with the printed rights.
fn company(read: &str, write: &str) -> Company {
    let company = Company::mariadb(30);
    for user in [read, write] {
        run(&company, &format!("create user {user}@localhost"));
    }
    granted(&company, read, write);
    connected_as(&company, read, write, |user| MariaServer::shared().url_as(user, "", &database(&company)));
    company
}

fn granted(company: &Company, read: &str, write: &str) {
    let (read, write) = (format!("{read}@localhost"), format!("{write}@localhost"));
    let folder = company.folder();
    let args = ["grants", folder, "--live", "--system", "helpdesk", "--role-read", &read, "--role-write", &write];
    let printed = company.upheld(&args);
    assert_eq!(printed.code, 0, "{printed:?}");
    run(company, &format!("\n{}", printed.stdout));
}

fn run(company: &Company, sql: &str) {
    MariaServer::shared().sql(&database(company), sql);
}

#[test]
fn the_printed_rights_are_neither_too_few_nor_too_many() {
    let company = company("exact_read", "exact_write");
    assert_eq!(live(&company), Vec::new());

    run(&company, "grant update (notes) on persons to exact_read@localhost");
    let found = live(&company);
    assert_eq!(found.len(), 1, "{found:?}");
    let message = "the reading role `exact_read@localhost` has UPDATE on `persons` (notes)";
    assert_eq!(found[0], ("U0703".into(), message.into()));
    run(&company, "revoke update (notes) on persons from exact_read@localhost");

    run(&company, "grant delete on settings to public");
    assert_eq!(codes(&company), ["U0703", "U0703"], "what everybody may do, both may");
    run(&company, "revoke delete on settings from public");

    run(
        &company,
        "create role exact_inner; create role exact_outer; grant drop on replies to exact_inner; \
         grant exact_inner to exact_outer; grant exact_outer to exact_write@localhost",
    );
    assert_eq!(live(&company), Vec::new(), "a role that is not taken on gives nothing");
    run(&company, "set default role exact_outer for exact_write@localhost");
    let found = live(&company);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("has TRUNCATE on `replies`"), "{found:?}");
    run(&company, "drop role exact_outer; drop role exact_inner");

    run(&company, "revoke delete on sessions from exact_write@localhost");
    run(&company, "revoke select (email) on persons from exact_read@localhost");
    let found = live(&company);
    let messages: Vec<&str> = found.iter().map(|(_, m)| m.as_str()).collect();
    assert_eq!(codes(&company), ["U0702", "U0702"], "{messages:?}");
    let lacks = |side: &str, what: &str| format!("the {side} role `exact_{what}");
    assert!(
        messages.contains(&&*lacks("reading", "read@localhost` lacks SELECT on `persons` (email)")),
        "{messages:?}"
    );
    assert!(messages.contains(&&*lacks("writing", "write@localhost` lacks DELETE on `sessions`")), "{messages:?}");
    let pattern = database(&company).replace('_', "\\_").replace("helpdesk", "help%");
    run(&company, &format!("grant delete, create on `{pattern}`.* to exact_write@localhost"));
    let found = live(&company);
    assert!(!found.iter().any(|(_, m)| m.contains("lacks DELETE")), "{found:?}");
    assert!(found.iter().any(|(_, m)| m.contains("can make tables")), "{found:?}");
}

#[test]
fn a_user_that_may_do_everything_is_told() {
    let company = Company::mariadb(30);
    run(&company, "create user any_read@localhost; grant all on *.* to any_read@localhost");
    connected_as(&company, "any_read", "root", |user| MariaServer::shared().url_as(user, "", &database(&company)));
    let found = live(&company);
    let message = |side: &str, user: &str| format!("the {side} role `{user}@localhost` is a superuser");
    let wanted = [message("reading", "any_read"), message("writing", "root")];
    assert_eq!(found, wanted.map(|m| ("U0703".to_owned(), m)));
}

#[test]
fn the_reading_user_sees_the_triggers_of_mapped_tables() {
    let company = company("watch_read", "watch_write");
    let connected = |user: &'static str| {
        let map = company.folder.join("systems/helpdesk.toml");
        let text = std::fs::read_to_string(&map).expect("the map");
        let kept: Vec<&str> = text.lines().filter(|l| !l.starts_with("write = ")).collect();
        std::fs::write(&map, kept.join("\n").replacen("read = ", "connect = ", 1)).expect("the map");
        connected_as(&company, user, "watch_write", |user| MariaServer::shared().url_as(user, "", &database(&company)));
    };
    run(&company, "create trigger seen before update on persons for each row set @seen = 1");
    connected("root");
    assert!(codes(&company).contains(&"U0501".to_owned()));
    let map = company.folder.join("systems/helpdesk.toml");
    let text = std::fs::read_to_string(&map).expect("the map");
    let reviewed = "[table.persons]\ntrigger = { seen = \"reviewed: changes nothing\" }\n";
    std::fs::write(&map, text.replacen("[table.persons]\n", reviewed, 1)).expect("the map");

    connected("watch_read");
    assert_eq!(codes(&company), ["U0110"], "hidden from whoever may not make triggers");
    connected("root");
    granted(&company, "watch_read", "watch_write");
    connected("watch_read");
    assert_eq!(live(&company), Vec::new());
    run(&company, "create trigger unseen before update on replies for each row set @seen = 1");
    assert_eq!(live(&company), Vec::new(), "made later, so that the printed rights do not show it");
}

#[test]
fn the_printed_index_mends_what_an_index_can_and_the_rest_is_told() {
    let company = Company::mariadb(30);
    let columns = "id, org_id, name, username, status, created_at";
    run(
        &company,
        &format!(
            "insert into persons ({columns}) select 1000000 + s.seq, p.org_id, p.name, concat('bulk-', s.seq), p.status, \
             p.created_at from persons p, seq_1_to_12000 s where p.id = 12"
        ),
    );
    let indexes = MariaServer::shared().sql(
        &database(&company),
        "select distinct index_name from information_schema.statistics where table_schema = database() \
         and table_name = 'persons' and column_name in ('email', 'phone') and seq_in_index = 1",
    );
    for index in indexes.lines() {
        run(&company, &format!("drop index `{index}` on persons"));
    }
    let slow = || live(&company).into_iter().filter(|(code, _)| code == "U0701").map(|(_, m)| m).collect::<Vec<_>>();
    let missing = ["email", "phone"].map(|c| format!("no index of table `persons` finds rows by `{c}`"));
    assert_eq!(slow(), missing);
    let printed = company.upheld(&["check", company.folder(), "--live", "--indexes", "--system", "helpdesk"]);
    let statements: Vec<&str> = printed.stdout.lines().filter(|l| !l.starts_with("--")).collect();
    assert_eq!(statements, ["CREATE INDEX `upheld_email` ON `persons` (`email`) LOCK=NONE;"]);
    run(&company, statements[0]);
    assert_eq!(slow(), missing[1..], "no index serves phone numbers");
}
