//! A hold on a table, also on rows of it that nobody has a claim on.

use serde_json::Value;

use crate::desk::{ANN, Desk};

const MAP: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
name = "user.name"
[table.messages]
links = [{ role = "author", column = "writer", to = "users.id", on_erase = "delete", untie = "null" }]
columns.body = "user.content"
[table.files]
links = [{ role = "owner", column = "message_id", to = "messages.id", untie = "null" }]
columns = { uploader = "system.operations", note = "system.operations" }
"#;

/// No right leads on from an author to the files: a hold on them keeps their messages all the same, until it ends.
#[test]
fn what_rows_of_a_held_table_need_goes_when_the_hold_ends() {
    for desk in Desk::both() {
        desk.company.system("desk", MAP);
        desk.company.execute("helpdesk", "insert into messages values (11, 1, 'without a file')");
        let message = || desk.one("select cast(message_id as varchar(9)) as it from files where id = 20");
        desk.hold(&["claim", "--table", "desk:files"]);
        desk.erase(&["--email", ANN]);
        assert_eq!((desk.ids("messages"), desk.ids("users")), (vec!["10".into(), "19".into()], vec!["2".into()]));
        assert_eq!(message().as_deref(), Some("10"), "the tie of a held row stays");
        assert_eq!(desk.one("select writer as it from messages where id = 10"), None, "the message is hers no more");
        assert_eq!(desk.due(1), Vec::<Value>::new());
        desk.company.json(&["hold", "end", desk.company.folder(), "claim"]);
        let told = desk.due(1);
        assert_eq!((told.len(), &told[0]["state"]), (1, &Value::from("complete")), "{told:?}");
        assert_eq!((desk.ids("messages"), message()), (vec!["19".into()], None));
        assert_eq!(desk.due(2), Vec::<Value>::new());
    }
}

const BILLS: &str = r#"
[table.bills]
links = [{ role = "owner", column = "user_id", to = "users.id", on_erase = { keep = "tax", until = { column = "paid_on", period = "P5Y" } } }]
columns.paid_on = "system.operations"
"#;

/// One law keeps two rows until different days, and both need the record: it goes with the second of them.
#[test]
fn what_one_law_needs_for_two_rows_goes_with_the_last() {
    for desk in Desk::both() {
        desk.company.system("desk", &format!("{MAP}{BILLS}"));
        let table = "create table bills (id int primary key, user_id int not null references users (id), paid_on date)";
        desk.company.execute("helpdesk", table);
        for (id, paid) in [(1, "2024-01-01"), (2, "2025-01-01")] {
            desk.company.execute("helpdesk", &format!("insert into bills values ({id}, 1, '{paid}')"));
        }
        desk.erase(&["--email", ANN]);
        assert_eq!(
            (desk.ids("bills"), desk.ids("users")),
            (vec!["1".into(), "2".into()], vec!["1".into(), "2".into()])
        );
    }
}
