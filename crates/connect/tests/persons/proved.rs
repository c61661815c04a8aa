//! Identities whose condition is decided in another table: an address counts once it was verified.

use connect::testing::{KINDS, Scene};
use engine::plan::key_identities;
use engine::policy::model::Right;

const CLUB: &str = "
    CREATE TABLE users (id int PRIMARY KEY, email varchar(100), state int);
    INSERT INTO users VALUES (1, 'ann@x.example', 1), (2, 'bo@x.example', 2), (3, 'ann@x.example', 2);
    CREATE TABLE states (id int PRIMARY KEY, word varchar(20));
    INSERT INTO states VALUES (1, 'verified'), (2, 'claimed');
    CREATE TABLE letters (id int PRIMARY KEY, address varchar(100));
    INSERT INTO letters VALUES (1, 'ann@x.example'), (2, 'bo@x.example');";

fn map(when: &str) -> String {
    format!(
        r#"
[subject.user]
table = "users"
records = "many"
[subject.user.identity]
email = {{ column = "email", match = "email", when = {{ state = {when} }} }}
[table.users.columns]
email = "user.contact.email"
state = "system.operations"
[table.letters]
links = [{{ role = "owner", column = "address", to = "@user.email", match = "email" }}]
[ignore]
"words" = ["states"]
"#
    )
}

#[tokio::test]
async fn only_a_proved_address_finds_somebody() {
    let verified = r#"{ in = "states.id", where = { word = "verified" } }"#;
    let unclaimed = r#"{ not_in = "states.id", where = { word = "claimed" } }"#;
    for (kind, when) in KINDS.into_iter().flat_map(|kind| [(kind, verified), (kind, unclaimed)]) {
        let scene = Scene::set(kind, &[("club", CLUB, &map(when))]).await;
        let stranger = scene.plan(scene.ask(Right::Erasure, "user", &[("email", "bo@x.example")])).await;
        assert!(stranger.is_err(), "{kind:?}: {when}");
        let (plan, left) = scene.erase("user", &[("email", "ann@x.example")]).await;
        assert!(left.is_empty(), "{kind:?}: {left:?}");
        assert_eq!(scene.rows("club", "users").await, ["2 | bo@x.example | 2", "3 | ann@x.example | 2"], "{kind:?}");
        assert_eq!(scene.rows("club", "letters").await, ["2 | bo@x.example"], "{kind:?}");
        let remembered = key_identities(&scene.policy, &plan);
        assert_eq!(remembered, [("email".to_owned(), "ann@x.example".to_owned())], "{kind:?}: {when}");
    }
}
