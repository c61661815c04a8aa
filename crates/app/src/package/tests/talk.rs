//! Conversations: in order, and without a name of anybody else.

use engine::plan::{Action, Holder, Step};
use engine::policy::model::{
    Access, Cond, File, Form, Kind, KindId, Link, Piece, Policy, Role, System, SystemKind, TableId, Target, Test,
};
use engine::run::Sink;
use engine::schema::Class;
use engine::value::Value;

use super::{place, sample, text};
use crate::package::{Extra, Package};

fn link(name: &str, role: Role, column: usize, table: usize, when: Cond) -> Link {
    let target = Target::Row { table: TableId(table), columns: vec![0] };
    Link { when, ..Link::new(name.into(), role, vec![column], target) }
}

/// A forum: posts of topics, written by members, by guests or by wardens.
fn policy() -> Policy {
    let mut policy = sample::policy();
    let first = policy.tables.len();
    let text = |name| (name, Class::Text, "user.content", true);
    let plain = |name| (name, Class::Int, "system.operations", false);
    sample::add_table(&mut policy, 1, "members", &[plain("id")]);
    sample::add_table(&mut policy, 1, "wardens", &[plain("id")]);
    sample::add_table(&mut policy, 1, "topics", &[plain("id"), text("about"), plain("open")]);
    let of = ("of", Class::Text, "system.operations", false);
    let at = ("at", Class::Text, "system.operations", false);
    sample::add_table(&mut policy, 1, "posts", &[plain("id"), plain("topic"), of, plain("by"), text("words"), at]);
    for (nth, name) in ["customer", "warden"].into_iter().enumerate() {
        policy.kinds.push(Kind { name: name.into(), populations: Vec::new() });
        policy.tables[first + nth].kind = Some(KindId(nth));
    }
    let of = |kind: &str| Cond(vec![(2, Test::In(vec![Value::text(kind)]))]);
    policy.tables[first + 3].links = vec![
        link("topic", Role::Part, 1, first + 2, Cond::default()),
        link("member", Role::Author, 3, first, of("member")),
        link("warden", Role::Author, 3, first + 1, of("warden")),
    ];
    policy.about.kinds = [("warden".to_owned(), "Hall warden".to_owned())].into();
    policy
}

/// The pages of a package with these topics and posts.
fn page(topics: Vec<Vec<Value>>, posts: Vec<(Step, Vec<Vec<Value>>)>) -> (tempfile::TempDir, std::path::PathBuf) {
    let (temp, dir) = place();
    let topic = sample::export("topics", &["id", "about", "open"], Access::Row, &["starter"], topics.len());
    let mut steps = vec![topic];
    steps.extend(posts.iter().map(|(step, _)| step.clone()));
    let plan = sample::plan_of(vec![("helpdesk", steps.clone())]);
    let mut package = Package::create(&dir, &plan, &policy()).unwrap();
    sample::feed(&mut package, "helpdesk", &steps[0], topics);
    for (step, rows) in posts {
        sample::feed(&mut package, "helpdesk", &step, rows);
    }
    package.finish(&Extra::default()).unwrap();
    (temp, dir)
}

#[test]
fn files_are_linked_where_they_were_enclosed_and_only_plain_pictures_are_shown() {
    let mut policy = policy();
    let posts = policy.tables.len() - 1;
    policy.systems.push(System { name: "uploads".into(), kind: SystemKind::Files, ..policy.systems[1].clone() });
    sample::add_table(&mut policy, 3, "objects", &[("path", Class::Text, "", false)]);
    let columns =
        [("id", Class::Int, "", false), ("post", Class::Int, "", false), ("called", Class::Text, "user.content", true)];
    sample::add_table(&mut policy, 1, "enclosures", &columns);
    let table = policy.tables.last_mut().unwrap();
    table.links = vec![link("post", Role::Part, 1, posts, Cond::default())];
    table.columns[0].file =
        Some(File { objects: TableId(posts + 1), form: Form(vec![Piece::Column(0)]), shared_by: None });

    let own = sample::export("posts", SEEN, Access::Shared, &["member"], 1);
    let enclosed = sample::export("enclosures", &["id", "post", "called"], Access::Shared, &["post"], 3);
    let mut objects = sample::export("objects", &["path"], Access::Row, &[], 0);
    let paths = ["x/1.png", "x/2.svg", "x/3"];
    objects.key = vec!["path".into()];
    objects.keys = paths.map(|p| vec![Value::text(p)]).to_vec();
    let holder = |id: i64| {
        let (system, table, column) = ("helpdesk".into(), "enclosures".into(), "id".into());
        vec![Holder { system, table, column, key: vec![Value::Int(id)] }]
    };
    let Action::Export { content, .. } = &mut objects.action else { panic!("an export") };
    *content = vec![holder(1), holder(2), holder(3)];
    let systems = vec![("helpdesk", vec![own.clone(), enclosed.clone()]), ("uploads", vec![objects.clone()])];
    let (_temp, dir) = place();
    let mut package = Package::create(&dir, &sample::plan_of(systems), &policy).unwrap();
    sample::feed(&mut package, "helpdesk", &own, [post(10, 1, "member", "See the files.", "2026-03-01 10:00:00")]);
    let trap = "../../\"><img src=x onerror=alert(1)>\u{202e}gnp.svg";
    let row = |id, called| vec![Value::Int(id), Value::Int(10), Value::text(called)];
    sample::feed(&mut package, "helpdesk", &enclosed, [row(1, "The leak.png"), row(2, trap), row(3, "")]);
    package.begin("uploads", &objects).unwrap();
    for path in paths {
        package.row(vec![Value::text(path)]).unwrap();
        package.content(b"not a picture").unwrap();
    }
    package.finish(&Extra::default()).unwrap();
    let page = text(&dir, "index.html");
    let message = &page[position(&page, "See the files.")..];
    let shown = "<a href=\"files/0001.png\"><img src=\"files/0001.png\" alt=\"Picture: The leak.png\"";
    assert!(message.contains(shown), "{message}");
    assert!(message.contains("<bdi>The leak.png</bdi></a> <span class=\"count\">PNG, 13 bytes</span>"));
    assert!(message.contains("<a href=\"files/0002.txt\"><bdi>../../&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"));
    assert!(message.contains("U+202E</span>gnp.svg</bdi></a> <span class=\"count\">SVG, 13 bytes</span>"));
    assert!(message.contains("<a href=\"files/0003.bin\"><bdi>3</bdi></a>"));
    assert!(!page.contains("<img src=\"files/0002") && !page.contains("<img src=\"files/0003"));
    assert!(page.contains("3 files of yours lie in the folder files"));
}

fn topic(id: i64, about: &str) -> Vec<Value> {
    vec![Value::Int(id), Value::text(about), Value::Int(1)]
}

fn post(id: i64, topic: i64, of: &str, words: &str, at: &str) -> Vec<Value> {
    vec![Value::Int(id), Value::Int(topic), Value::text(of), Value::text(words), Value::text(at)]
}

const SEEN: &[&str] = &["id", "topic", "of", "words", "at"];

fn position(page: &str, words: &str) -> usize {
    page.find(words).unwrap_or_else(|| panic!("{words} is not on the page"))
}

#[test]
fn messages_stand_in_order_under_what_they_answer_and_name_nobody() {
    let others = sample::export("posts", SEEN, Access::Shared, &["topic"], 3);
    let own = sample::export("posts", SEEN, Access::Shared, &["member", "topic"], 2);
    let (_temp, dir) = page(
        vec![topic(1, "A leak"), topic(2, "The old hall")],
        vec![
            (
                others,
                vec![
                    post(11, 1, "warden", "I look at it today.", "2026-03-02 08:00:00"),
                    post(12, 1, "member", "Mine leaks too.", "2026-03-02 09:00:00"),
                    post(13, 7, "member", "Elsewhere.", "2025-01-01 09:00:00"),
                ],
            ),
            (
                own,
                vec![
                    post(14, 1, "member", "Thanks!", "2026-03-03 10:00:00"),
                    post(10, 1, "member", "Water comes in.", "2026-03-01 10:00:00"),
                ],
            ),
        ],
    );
    let page = text(&dir, "index.html");
    let order = [
        "A leak",
        "Water comes in.",
        "I look at it today.",
        "Mine leaks too.",
        "Thanks!",
        "Elsewhere.",
        "The old hall",
    ];
    let places: Vec<usize> = order.iter().map(|words| position(&page, words)).collect();
    assert!(places.is_sorted(), "{places:?}");
    let who = |words: &str| {
        let before = &page[..position(&page, words)];
        let from = before.rsplit("<p class=\"from\"><strong>").next().unwrap();
        from.split("</strong>").next().unwrap().replace("<bdi>", "").replace("</bdi>", "")
    };
    assert_eq!(who("Water comes in."), "You");
    assert_eq!(who("I look at it today."), "Hall warden");
    assert_eq!(who("Mine leaks too."), "Somebody else");
    assert_eq!(who("Thanks!"), "You");
    assert!(page.contains("1 March 2026, 10:00 UTC"));
    assert!(page.contains("These records are set as conversations under"));
    assert!(page.contains("The start of this conversation is not yours."));
    assert!(page.contains("3 messages") || page.contains("4 messages"));
}

#[test]
fn who_wrote_stays_open_where_the_answer_does_not_say_it() {
    let others = sample::export("posts", &["id", "topic", "words"], Access::Shared, &["topic"], 1);
    let row = vec![Value::Int(1), Value::Int(1), Value::text("From behind.")];
    let (_temp, dir) = page(vec![topic(1, "A leak")], vec![(others, vec![row])]);
    let page = text(&dir, "index.html");
    assert!(!page.contains("Hall warden"));
    assert!(page.contains("<strong>Somebody else</strong><span class=\"when\">without a date</span>"));
}

#[test]
fn long_conversations_have_pages_of_their_own_and_lose_no_message() {
    let rows: Vec<_> =
        (0..450).map(|i| post(i, 1, "member", &format!("message {i} ends"), "2026-03-01 10:00:00")).collect();
    let own = sample::export("posts", SEEN, Access::Shared, &["member"], rows.len());
    let (_temp, dir) = page(vec![topic(1, "Without end")], vec![(own, rows)]);
    let mut pages = String::new();
    let mut nth = 1;
    while dir.join(format!("pages/helpdesk/topics-{nth}.html")).exists() {
        pages.push_str(&text(&dir, &format!("pages/helpdesk/topics-{nth}.html")));
        nth += 1;
    }
    assert!(nth > 4, "{nth}");
    for i in 0..450 {
        assert_eq!(pages.matches(&format!("message {i} ends")).count(), 1, "{i}");
    }
    assert!(pages.contains("Without end</bdi>, continued"));
    let index = text(&dir, "index.html");
    assert!(index.contains("href=\"pages/helpdesk/topics-1.html\"") && index.len() < 120_000, "{}", index.len());
}
