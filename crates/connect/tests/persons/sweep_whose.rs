//! `sweep = "after"`: whose the rows are that were written meanwhile. Nothing is believed of a key that is somebody's again,
//! nothing goes that the plan itself would have left, and what is kept is told.

use std::future::Future;
use std::pin::Pin;

use connect::After;
use engine::plan::{Plan, Residue, Why};
use engine::policy::model::{Right, SystemKind};
use engine::run::{Event, Halt, Journal, found, swept};

use connect::testing::{KINDS, Place, Scene, Written};

use crate::{ANN, USER};

/// Plans the erasure of Ann, carries it out, lets others write, and asks again.
struct Done {
    scene: Scene,
    plan: Plan,
    journal: Written,
}

impl Done {
    async fn erase(sql: &str, map: &str, meanwhile: &str) -> Done {
        let scene = Scene::try_set(SystemKind::Sqlite, &[("shop", sql, map)], LAW).await;
        let scene = scene.unwrap_or_else(|findings| panic!("{findings:#?}"));
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        let mut done = Done { scene, plan, journal: Written::default() };
        done.scene.run_with(&done.plan, &mut done.journal).await.unwrap_or_else(|halt| panic!("{halt}"));
        if !meanwhile.is_empty() {
            done.scene.place("shop").execute(meanwhile).await;
        }
        done.again().await;
        done
    }

    async fn again(&mut self) -> Vec<Plan> {
        let Done { scene, plan, journal } = self;
        let events = journal.0.clone();
        let after = After { policy: &scene.policy, systems: &scene.systems, plan, approved: &[], known: None };
        after.carry_out(&events, journal).await.unwrap_or_else(|halt| panic!("{halt}"))
    }

    async fn rows(&self, table: &str) -> Vec<String> {
        self.scene.rows("shop", table).await
    }

    async fn residues(&self) -> Vec<Residue> {
        let whole = self.plan.and(&found(&self.journal.0));
        connect::probe(&self.scene.policy, &self.scene.systems, &whole).await.unwrap().expect("a known plan").0
    }
}

const LAW: &str = "[[law]]\nid = \"tax\"\ntitle = \"Tax law\"\narticle = \"1\"\njurisdiction = \"NO\"\n";

/// An `integer` key, which SQLite gives out again.
const USERS: &str = "
    CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), name varchar(40));
    INSERT INTO users VALUES (1, 'ann@x.example', 'Ann'), (2, 'bo@x.example', 'Bo');";

/// SQLite gives the largest key out again. What hangs on it then is not the person's.
#[tokio::test]
async fn a_key_that_is_given_out_again_is_somebody_else() {
    let sql = format!(
        "{USERS}
         CREATE TABLE cases (id integer PRIMARY KEY, user_id int);
         INSERT INTO cases VALUES (11, 2), (12, 1);
         CREATE TABLE events (id integer PRIMARY KEY, case_id int, note text);
         INSERT INTO events VALUES (1, 12, 'opened');"
    );
    let map = format!(
        r#"{USER}
[table.cases]
links = [{{ role = "owner", column = "user_id", to = "users.id" }}]
[table.events]
sweep = "after"
links = [{{ role = "part", column = "case_id", to = "cases.id" }}]
columns.note = "user.content"
"#
    );
    let done = Done::erase(
        &sql,
        &map,
        "INSERT INTO cases (user_id) VALUES (2); INSERT INTO events VALUES (900, 12, 'Bo writes')",
    )
    .await;
    assert_eq!(done.rows("cases").await, ["11 | 2", "12 | 2"]);
    assert_eq!(done.rows("events").await, ["900 | 12 | Bo writes"]);
    assert_ne!(done.residues().await, [], "nobody can say whose the key was, so people look");
}

/// The same of an address.
#[tokio::test]
async fn an_address_that_is_somebodys_again_leads_nowhere() {
    let sql = format!(
        "{USERS}
         CREATE TABLE mails (id integer PRIMARY KEY, address varchar(100), body text);
         INSERT INTO mails VALUES (1, 'ann@x.example', 'old');"
    );
    let map = format!(
        r#"{USER}
[table.mails]
sweep = "after"
links = [{{ role = "owner", column = "address", to = "@user.email" }}]
columns.body = "user.content"
"#
    );
    let meanwhile = "INSERT INTO users VALUES (7, 'Ann@X.example', 'Another'); INSERT INTO mails VALUES (2, 'ann@x.example', 'new')";
    let done = Done::erase(&sql, &map, meanwhile).await;
    assert_eq!(done.rows("mails").await, ["2 | ann@x.example | new"]);
    // Where nobody has it, it is the person's still.
    let done = Done::erase(&sql, &map, "INSERT INTO mails VALUES (2, 'ann@x.example', 'new')").await;
    assert_eq!(done.rows("mails").await, [""; 0]);
    assert_eq!(done.residues().await, []);
}

/// A row that only went with its tie was somebody else's, and so is what hangs on it.
#[tokio::test]
async fn what_hangs_on_a_row_of_others_is_theirs() {
    let sql = format!(
        "{USERS}
         CREATE TABLE follows (id integer PRIMARY KEY, follower int, followee int);
         INSERT INTO follows VALUES (5, 2, 1), (6, 1, 2);
         CREATE TABLE follow_log (id integer PRIMARY KEY, follow_id int, note text);
         CREATE TRIGGER gone AFTER DELETE ON follows BEGIN
             INSERT INTO follow_log (follow_id, note) VALUES (OLD.id, 'gone ' || OLD.id);
         END;"
    );
    let map = format!(
        r#"{USER}
[table.follows]
links = [
  {{ role = "owner", column = "follower", to = "users.id" }},
  {{ role = "mention", column = "followee", to = "users.id", untie = "delete" }},
]
trigger = {{ gone = "reviewed: it logs" }}
[table.follow_log]
sweep = "after"
links = [{{ role = "part", column = "follow_id", to = "follows.id", untie = "null" }}]
columns.note = "user.content"
"#
    );
    let done = Done::erase(&sql, &map, "").await;
    assert_eq!(done.rows("follows").await, [""; 0]);
    let left = done.rows("follow_log").await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].ends_with("| ~ | gone 5"), "Bo's row only loses its tie: {left:?}");
    assert_eq!(done.residues().await, []);
}

/// The author's message goes; what its moderator left beside it is authorship of nobody, as it would have been in the plan.
#[tokio::test]
async fn authorship_leads_no_further_than_in_the_plan() {
    let sql = format!(
        "{USERS}
         CREATE TABLE messages (id integer PRIMARY KEY, author int, body text);
         INSERT INTO messages VALUES (1, 1, 'mine');
         CREATE TABLE message_log (id integer PRIMARY KEY, message_id int, actor int, note text);
         CREATE TRIGGER gone AFTER DELETE ON messages BEGIN
             INSERT INTO message_log (message_id, actor, note) VALUES (OLD.id, 2, 'removed');
         END;"
    );
    let map = format!(
        r#"{USER}
[table.messages]
links = [{{ role = "author", column = "author", to = "users.id", on_erase = "delete" }}]
trigger = {{ gone = "reviewed: it logs" }}
columns.body = "user.content"
[table.message_log]
sweep = "after"
links = [
  {{ role = "part", column = "message_id", to = "messages.id", untie = "null" }},
  {{ role = "author", column = "actor", to = "users.id" }},
]
columns.note = "user.content"
"#
    );
    let done = Done::erase(&sql, &map, "").await;
    assert_eq!(done.rows("message_log").await, ["1 | ~ | 2 | removed"]);
    assert_eq!(done.residues().await, []);
}

fn audited(users: &str, audit: &str, link: &str) -> (String, String) {
    let sql = format!(
        "{users}
         CREATE TABLE audit (id integer PRIMARY KEY, user_id int {audit}, what varchar(60), at varchar(20));
         CREATE TRIGGER gone AFTER DELETE ON users BEGIN
             INSERT INTO audit (user_id, what, at) VALUES (OLD.id, 'account deleted', '2026-01-15');
         END;"
    );
    let map = format!(
        r#"{USER}
[table.users]
trigger = {{ gone = "reviewed: it logs" }}
[table.audit]
sweep = "after"
links = [{{ column = "user_id", to = "users.id", {link} }}]
columns.what = "system.operations"
columns.at = "system.operations"
"#
    );
    (sql, map)
}

/// A row that a law keeps is no residue: it is listed as kept, and as what a rest has to deal with.
#[tokio::test]
async fn what_is_written_meanwhile_and_kept_is_told_as_kept() {
    let keep = r#"role = "mention", on_erase = { keep = "tax" }"#;
    let (sql, map) = audited(USERS, "", keep);
    let done = Done::erase(&sql, &map, "").await;
    assert_eq!(done.rows("audit").await, ["1 | 1 | account deleted | 2026-01-15"]);
    assert_eq!(done.residues().await, []);
    let whole = done.plan.and(&found(&done.journal.0));
    let kept: Vec<_> = whole.kept.iter().filter(|k| k.table == "audit").collect();
    assert!(
        matches!(kept.as_slice(), [k] if matches!(k.reason, Why::Law { .. }) && k.keys.len() == 1),
        "{}",
        kept.len()
    );
    assert_eq!(whole.stopped.iter().filter(|s| s.table == "audit").map(|s| s.rows.len()).sum::<usize>(), 1);
}

/// The same where the map asks for nothing: only its tie to what is gone is undone.
#[tokio::test]
async fn what_is_written_meanwhile_and_left_is_told_as_left() {
    let (sql, map) = audited(USERS, "", r#"role = "mention", on_erase = "none""#);
    let mut done = Done::erase(&sql, &map, "").await;
    assert_eq!(done.rows("audit").await, ["1 | ~ | account deleted | 2026-01-15"]);
    assert_eq!(done.residues().await, []);
    let events = done.journal.0.len();
    assert!(done.again().await.is_empty());
    assert_eq!(done.journal.0.len(), events, "it is told once");
}

/// Rows of tables that nobody sweeps are residues still, even where the second look meets them.
#[tokio::test]
async fn what_others_write_elsewhere_stays_a_residue() {
    let (sql, map) = audited(USERS, "", r#"role = "mention", on_erase = "none""#);
    let sql = format!("{sql} CREATE TABLE notes (id integer PRIMARY KEY, user_id int, body text);");
    let map = format!(
        "{map}\n[table.notes]\nlinks = [{{ role = \"owner\", column = \"user_id\", to = \"users.id\" }}]\ncolumns.body = \"user.content\"\n"
    );
    let done = Done::erase(&sql, &map, "INSERT INTO notes VALUES (1, 1, 'late')").await;
    let residues = done.residues().await;
    assert!(matches!(residues.as_slice(), [r] if r.table == "notes" && r.rows == 1), "{residues:?}");
}

/// A person who looks like the stand-in is not the stand-in.
#[tokio::test]
async fn a_person_is_never_taken_for_a_stand_in() {
    let users = "
        CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), name varchar(40));
        INSERT INTO users VALUES (1, 'ann@x.example', 'Ann'), (2, 'bo@x.example', 'Bo'), (8, NULL, 'Deleted user');";
    let (sql, map) = audited(users, "NOT NULL", r#"role = "author", on_erase = "scrub", untie = "placeholder""#);
    let map = map
        .replace("[table.users.columns]", "[subject.user.placeholder]\nname = \"Deleted user\"\n[table.users.columns]");
    // Nothing of Ann refers to a stand-in before: the second look makes the first.
    let done = Done::erase(&sql, &map, "").await;
    assert_eq!(done.rows("audit").await, ["1 | 9 | account deleted | 2026-01-15"]);
    assert_eq!(done.rows("users").await, ["2 | bo@x.example | Bo", "8 | ~ | Deleted user", "9 | ~ | Deleted user"]);
    assert_eq!(done.residues().await, []);
    // Where the plan made one, that one serves again, and nobody else.
    let sql = format!("{sql} INSERT INTO audit VALUES (1, 1, 'signed in', '2026-01-01');");
    let done = Done::erase(&sql, &map, "").await;
    assert_eq!(done.rows("audit").await, ["1 | 9 | signed in | 2026-01-01", "2 | 9 | account deleted | 2026-01-15"]);
    assert_eq!(done.residues().await, []);
}

/// Where the whole row is the key, a change gives it another: what was changed once is not found and changed again.
#[tokio::test]
async fn a_row_without_key_is_changed_once() {
    let sql = format!(
        "{USERS}
         CREATE TABLE invoices (id integer PRIMARY KEY, user_id int, at varchar(20));
         INSERT INTO invoices VALUES (3, 1, '2026-01-10');
         CREATE TABLE views (invoice_id int, ip varchar(80));
         INSERT INTO views VALUES (3, '192.0.2.7'), (3, '192.0.2.8');"
    );
    let map = format!(
        r#"{USER}
[table.invoices]
links = [{{ role = "owner", column = "user_id", to = "users.id", on_erase = {{ keep = "tax" }} }}]
columns.at = "system.operations"
[table.views]
key = "all"
sweep = "after"
links = [{{ role = "owner", column = "invoice_id", to = "invoices.id", on_erase = {{ hash = ["ip"] }} }}]
columns.ip = {{ category = "user.device.ip_address", erase = "hash" }}
"#
    );
    let scene = Scene::try_set(SystemKind::Sqlite, &[("shop", &sql, &map)], LAW).await.unwrap();
    let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
    let mut journal = Written::default();
    scene.run_with(&plan, &mut journal).await.unwrap();
    let once = scene.rows("shop", "views").await;
    assert!(once.iter().all(|row| !row.contains("192.0.2")), "{once:?}");
    let mut done = Done { scene, plan, journal };
    let count = done.journal.0.len();
    assert!(done.again().await.is_empty());
    assert_eq!(done.rows("views").await, once);
    assert_eq!(done.journal.0.len(), count, "nothing was written meanwhile");
    assert_eq!(done.residues().await, []);
}

/// A trigger writes the very row that is about to go.
#[tokio::test]
async fn an_equal_row_without_key_that_is_written_meanwhile_goes_too() {
    let sql = format!(
        "{USERS}
         CREATE TABLE comments (id integer PRIMARY KEY, user_id int);
         INSERT INTO comments VALUES (1, 1);
         CREATE TABLE audit (user_id int, what varchar(60));
         INSERT INTO audit VALUES (1, 'comment deleted'), (2, 'comment deleted');
         CREATE TRIGGER gone AFTER DELETE ON comments BEGIN
             INSERT INTO audit VALUES (OLD.user_id, 'comment deleted');
         END;"
    );
    let map = format!(
        r#"{USER}
[table.comments]
links = [{{ role = "owner", column = "user_id", to = "users.id" }}]
trigger = {{ gone = "reviewed: it logs" }}
[table.audit]
key = "all"
sweep = "after"
links = [{{ role = "owner", column = "user_id", to = "users.id" }}]
columns.what = "system.operations"
"#
    );
    let done = Done::erase(&sql, &map, "INSERT INTO audit VALUES (1, 'comment deleted')").await;
    assert_eq!(done.rows("audit").await, ["2 | comment deleted"]);
    assert_eq!(done.residues().await, []);
}

/// A bound that only the second look breaks stops nothing else: its rows are residues.
#[tokio::test]
async fn a_bound_that_is_broken_meanwhile_leaves_residues() {
    let (sql, map) = audited(USERS, "", r#"role = "owner""#);
    let map = format!("[system.limits]\nrows_per_table = 2\n{map}");
    let late = "INSERT INTO audit (user_id, what) VALUES (1, 'a'), (1, 'b'), (1, 'c')";
    let done = Done::erase(&sql, &map, late).await;
    assert_eq!(done.rows("audit").await.len(), 4);
    let residues = done.residues().await;
    assert!(matches!(residues.as_slice(), [r] if r.table == "audit" && r.rows == 4), "{residues:?}");
}

/// Somebody signs up with her address after rows were found by it, and before they are deleted: they may be theirs.
#[tokio::test]
async fn an_address_that_is_taken_before_the_commit_stops_it() {
    let sql =
        format!("{}{}", crate::USERS, "CREATE TABLE log (id int PRIMARY KEY, email varchar(100), what varchar(20));");
    let map = format!(
        "{USER}[table.log]\nsweep = \"after\"\nlinks = [{{ role = \"owner\", column = \"email\", to = \"@user.email\" }}]\n\
         columns.what = \"system.operations\"\n"
    );
    for kind in KINDS {
        let scene = Scene::set(kind, &[("shop", &sql, &map)]).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        let mut done = Done { scene, plan, journal: Written::default() };
        done.scene.run_with(&done.plan, &mut done.journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        done.scene.place("shop").execute("INSERT INTO log VALUES (5, 'ann@x.example', 'welcome')").await;
        let events = done.journal.0.clone();
        let place = done.scene.place("shop");
        let mut journal = Meddling {
            written: &mut done.journal,
            place,
            sql: "INSERT INTO users VALUES (9, 'Ann@X.example', 'Ann Two')",
            when: |event| matches!(event, Event::Found { .. }),
        };
        let (policy, systems) = (&done.scene.policy, &done.scene.systems);
        let after = After { policy, systems, plan: &done.plan, approved: &[], known: None };
        let halt = after.carry_out(&events, &mut journal).await.expect_err("it may be theirs");
        assert!(matches!(halt, Halt::Refused(_)), "{kind:?}: {halt}");
        assert_eq!(done.rows("log").await, ["5 | ann@x.example | welcome"], "{kind:?}");
        assert!(
            !format!("{:?}", done.journal.0).to_lowercase().contains("ann@x"),
            "{kind:?}: nothing shows the address"
        );
        // Looked at again, the address leads nowhere, and nothing is claimed.
        assert!(done.again().await.is_empty(), "{kind:?}");
        assert_eq!(done.rows("log").await.len(), 1, "{kind:?}");
        assert_eq!(swept(&done.journal.0), [], "{kind:?}");
    }
}

/// The connection is lost before a second commit, and then the application deletes the rows itself: nothing is claimed.
#[tokio::test]
async fn rows_that_went_by_themselves_are_not_claimed() {
    let sql = format!("{}{}", crate::USERS, "CREATE TABLE log (id int PRIMARY KEY, person int, what varchar(20));");
    let map = format!(
        "{USER}[table.log]\nsweep = \"after\"\nlinks = [{{ role = \"owner\", column = \"person\", to = \"users.id\" }}]\n\
         columns.what = \"system.operations\"\n"
    );
    let scene = Scene::set(SystemKind::Postgres, &[("shop", &sql, &map)]).await;
    let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
    let mut done = Done { scene, plan, journal: Written::default() };
    done.scene.run_with(&done.plan, &mut done.journal).await.unwrap_or_else(|halt| panic!("{halt}"));
    done.scene.place("shop").execute("INSERT INTO log VALUES (5, 1, 'late')").await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let (events, place) = (done.journal.0.clone(), done.scene.place("shop"));
    let when = |event: &Event| matches!(event, Event::Again { .. });
    let mut journal = Meddling { written: &mut done.journal, place, sql: cut, when };
    let (policy, systems) = (&done.scene.policy, &done.scene.systems);
    let after = After { policy, systems, plan: &done.plan, approved: &[], known: None };
    let halt = after.carry_out(&events, &mut journal).await.expect_err("the connection is gone");
    assert!(matches!(halt, Halt::Failed { .. }), "{halt}");
    done.scene.place("shop").execute("DELETE FROM log").await;
    done.again().await;
    assert_eq!(swept(&done.journal.0), []);
    assert!(done.journal.0.iter().any(|event| matches!(event, Event::Unswept { .. })));
    assert_eq!(done.residues().await, []);
}

/// A journal during one of whose lines somebody else does something.
struct Meddling<'a> {
    written: &'a mut Written,
    place: &'a Place,
    sql: &'a str,
    when: fn(&Event) -> bool,
}

impl Journal for Meddling<'_> {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            if (self.when)(event) {
                self.place.execute(self.sql).await;
            }
            self.written.append(event).await
        })
    }
}
