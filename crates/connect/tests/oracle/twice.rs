//! People leave in more than one way, and come back in another order: what they wrote is set apart, or their account goes.

use connect::testing::Scene;
use engine::plan::Question;
use engine::policy::model::{Right, SystemKind};

use crate::reverse::{Reached, Sides, deactivate, reactivate};

const TABLES: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, email varchar(60) NOT NULL);
    CREATE TABLE tasks (id int PRIMARY KEY, kind varchar(20));
    CREATE TABLE asked (task int, email varchar(60), asker int, PRIMARY KEY (task, email));
    CREATE TABLE answers (email varchar(60), task int, answer text, PRIMARY KEY (email, task));
    INSERT INTO users VALUES (1, 'ann@x.example'), (2, 'bo@x.example');
    INSERT INTO tasks VALUES (1, 'essay'), (2, 'essay');
    INSERT INTO asked VALUES (1, 'bo@x.example', 1), (2, 'ann@x.example', 2);
    INSERT INTO answers VALUES ('ann@x.example', 1, 'so says ann@x.example'), ('ann@x.example', 2, 'no'), ('bo@x.example', 1, 'yes');";

/// Answers refer by a part of their key, to a column that is no key; who was asked is a part of a key as well; accounts have a link to themselves, by which one profile
/// keeps them.
const MAP: &str = r#"
[subject.student]
table = "users"
identity.email = { column = "email", match = "email" }
placeholder = { scope = "row", email = "gone-{token:16}@course.invalid" }
[table.users]
links = [{ role = "owner", column = "id", to = "users.id", as = "account" }]
columns.email = "user.contact.email"
[ignore]
"what is asked" = ["tasks"]
[table.asked]
links = [
  { role = "mention", column = "email", to = "@student.email", match = "email", untie = "pseudonym" },
  { role = "mention", column = "asker", to = "users.id", untie = "placeholder" },
]
[table.answers]
links = [{ role = "owner", column = "email", to = "users.email", untie = "placeholder" }]
columns.answer = { category = "user.content", text = true }
"#;

const APART: &str = r#"
[table.users]
links = [{ as = "account", on_erase = { keep = "in-use" } }]
[table.answers]
links = [{ as = "email", on_erase = [
  { when = { task = { in = "tasks.id", where = { kind = "essay" } } }, do = "untie" },
  { do = "none" },
] }]
"#;

struct Course(Scene);

impl Course {
    async fn set() -> Course {
        let rule = ("retention.toml", "[rule.in-use]\nperiod = \"P1Y\"\naction = \"delete\"\n");
        let files = [rule, ("systems/course.apart.toml", APART)];
        let scene = Scene::with_files(SystemKind::Sqlite, &[("course", TABLES, MAP)], "", &files).await;
        Course(scene.unwrap_or_else(|findings| panic!("{findings:#?}")))
    }

    fn sides(&self, profile: Option<&str>) -> Sides<'_> {
        Sides { policy: self.0.policy.under(profile).unwrap(), schemas: &self.0.schemas, systems: &self.0.systems }
    }

    async fn execute(&self, sql: &str) {
        self.0.place("course").execute(sql).await;
    }

    async fn rows(&self) -> Vec<String> {
        let sql = "SELECT id || ' ' || email FROM users UNION ALL SELECT email || ' ' || task || ' ' || answer FROM answers \
            UNION ALL SELECT email || ' asked by ' || asker FROM asked ORDER BY 1";
        self.0.place("course").rows(sql).await.into_iter().flatten().map(|cell| cell.expect("a text")).collect()
    }

    fn ann(&self) -> Question {
        self.asks("ann@x.example")
    }

    fn asks(&self, email: &str) -> Question {
        self.0.ask(Right::Deactivation, "student", &[("email", email)])
    }
}

#[tokio::test]
async fn stand_ins_whose_table_refers_to_itself_are_not_left_behind() {
    let course = Course::set().await;
    let before = course.rows().await;
    let apart = course.sides(Some("apart"));
    let own = deactivate(&apart, course.ann(), 0, &[]).await.unwrap().expect("somebody left");
    let left = course.rows().await;
    assert_eq!(
        left.iter().filter(|r| r.contains("ann@x.example")).collect::<Vec<_>>(),
        ["1 ann@x.example"],
        "the account alone"
    );
    reactivate(&apart, &own, &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

#[tokio::test]
async fn nothing_comes_back_before_the_account() {
    let course = Course::set().await;
    let before = course.rows().await;
    let (apart, whole) = (course.sides(Some("apart")), course.sides(None));
    let first = deactivate(&apart, course.ann(), 0, &[]).await.unwrap().expect("somebody left");
    let second = deactivate(&whole, course.ann(), 1, &[]).await.unwrap().expect("the account goes");
    let gone = course.rows().await;
    let mut others = [second];
    reactivate(&apart, &first, &mut others, &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, gone, "the account is away, and with it all that would name its holder");
    reactivate(&whole, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

#[tokio::test]
async fn what_was_set_apart_stays_so_when_the_account_comes_back() {
    let course = Course::set().await;
    let before = course.rows().await;
    let (apart, whole) = (course.sides(Some("apart")), course.sides(None));
    let first = deactivate(&apart, course.ann(), 0, &[]).await.unwrap().expect("somebody left");
    let between = course.rows().await;
    let second = deactivate(&whole, course.ann(), 1, &[]).await.unwrap().expect("the account goes");
    let mut others = [first];
    reactivate(&whole, &second, &mut others, &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, between);
    reactivate(&apart, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

#[tokio::test]
async fn what_conditions_look_up_decides_no_return() {
    let course = Course::set().await;
    let before = course.rows().await;
    let apart = course.sides(Some("apart"));
    let own = deactivate(&apart, course.ann(), 0, &[]).await.unwrap().expect("somebody left");
    let sql = "UPDATE tasks SET kind = 'quiz'";
    course.execute(sql).await;
    reactivate(&apart, &own, &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

/// Ann asked Bo: her leaving puts a stand-in there, his changes the key of the row.
#[tokio::test]
async fn a_stand_in_goes_with_whoever_changed_the_key_of_its_row() {
    let course = Course::set().await;
    let before = course.rows().await;
    let whole = course.sides(None);
    let first = deactivate(&whole, course.ann(), 0, &[]).await.unwrap().expect("Ann left");
    let second = deactivate(&whole, course.asks("bo@x.example"), 1, &[]).await.unwrap().expect("Bo left");
    let mut others = [second];
    reactivate(&whole, &first, &mut others, &mut Reached::default()).await.unwrap();
    reactivate(&whole, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

/// Regression: the account comes back, while what was set apart earlier stays so. By the clock both left at once, and the texts that
/// the account's leaving took away came back without their writer's own name.
#[tokio::test]
async fn nobody_is_hidden_from_themselves() {
    let course = Course::set().await;
    let sql =
        "INSERT INTO tasks VALUES (3, 'quiz'); INSERT INTO answers VALUES ('ann@x.example', 3, 'ann@x.example asks')";
    course.execute(sql).await;
    let before = course.rows().await;
    let (apart, whole) = (course.sides(Some("apart")), course.sides(None));
    let first = deactivate(&apart, course.ann(), 1, &[]).await.unwrap().expect("somebody left");
    let between = course.rows().await;
    assert!(between.iter().any(|row| row.ends_with("ann@x.example asks")), "the answer is not set apart: {between:?}");
    let second = Question { made_at: first.plan.made_at - std::time::Duration::from_secs(2), ..course.ann() };
    let second = deactivate(&whole, second, 2, &[]).await.unwrap().expect("the account goes");
    let mut others = [first];
    reactivate(&whole, &second, &mut others, &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, between);
    reactivate(&apart, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}
