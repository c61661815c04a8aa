//! Structure, and which objects answer a question.

use std::ops::ControlFlow;

use engine::ask::{By, Failure, Select};
use engine::schema::Class;
use engine::value::Value;

use super::backend::*;
use crate::backend::{by, ints, names, read, select};

async fn tables_are_templates(objects: Objects) {
    let schema = objects.open().describe().await.unwrap();
    assert_eq!(
        schema.tables.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
        ["avatars", "exports", "objects", "papers"]
    );
    let columns = |table: &str| {
        let table = schema.table(table).unwrap();
        table.columns.iter().map(|c| (c.name.clone(), c.class)).collect::<Vec<_>>()
    };
    let own = [("size", Class::Int), ("modified", Class::Timestamp), ("version", Class::Text)];
    let with = |fields: &[&str]| {
        let texts = [&["path"], fields].concat().into_iter().map(|f| (f.to_owned(), Class::Text));
        texts.chain(own.map(|(name, class)| (name.to_owned(), class))).collect::<Vec<_>>()
    };
    assert_eq!(columns("objects"), with(&[]));
    assert_eq!(columns("avatars"), with(&["username", "size_px"]));
    assert_eq!(columns("exports"), with(&["person", "year"]));
    let avatars = schema.table("avatars").unwrap();
    assert_eq!(avatars.key, ["path"]);
    assert_eq!(avatars.indexes, [names(&["path"]), names(&["username", "size_px"])]);
    assert!(avatars.columns.iter().all(|c| c.generated && !c.nullable), "nothing can be written");
}

async fn fields_and_filters(objects: Objects) {
    for path in [
        "avatars/ann-64.png",
        "avatars/ann-128.png",
        "avatars/anna-64.png",
        "avatars/ann-64.jpg",
        "avatars/x/ann-64.png",
        "ann-64.png",
    ] {
        objects.put(path, "12345");
    }
    let connector = objects.open();
    let both = ["avatars/ann-128.png", "avatars/ann-64.png"];
    assert_eq!(paths(&*connector, "avatars", "username", &["ann", "", "ANN", "an"]).await, both);
    assert_eq!(paths(&*connector, "avatars", "size_px", &["64"]).await, ["avatars/ann-64.png", "avatars/anna-64.png"]);
    assert_eq!(paths(&*connector, "objects", "size", &["5"]).await.len(), 6);
    let pairs = by(
        &["size_px", "username"],
        vec![vec!["64".into(), "anna".into()], vec![Value::Int(128), "anna".into()], vec![Value::Null, "ann".into()]],
    );
    let rows = read(&*connector, select("avatars", &["size_px", "size", "path"], pairs)).await;
    assert_eq!(rows, [vec![Value::text("64"), Value::Int(5), Value::text("avatars/anna-64.png")]]);
    let with_path =
        by(&["path", "username"], vec![vec![both[0].into(), "ann".into()], vec![both[1].into(), "bob".into()]]);
    assert_eq!(shown(read(&*connector, select("avatars", &["path"], with_path)).await), [both[0]]);
    for (filter, found) in [
        (vec![("size_px", vec![Value::Int(64)])], vec![both[1]]),
        (vec![("size_px", vec!["64".into(), "128".into()]), ("size", vec![Value::Int(4)])], vec![]),
        (vec![("username", vec![Value::Null])], vec![]),
        (vec![("username", vec![])], vec![]),
    ] {
        let filter = filter.into_iter().map(|(c, v): (&str, Vec<Value>)| (c.to_owned(), v)).collect();
        let asked = Select { filter, ..select("avatars", &["path"], by(&["username"], texts(&["ann"]))) };
        assert_eq!(shown(read(&*connector, asked).await), found);
    }
}

async fn rows_show_what_is_there(objects: Objects) {
    objects.put("papers/7/a.pdf", "1234");
    objects.put("exports/7/2024/7.zip", "");
    objects.put("exports/7/2024/8.zip", "");
    let connector = objects.open();
    let columns = ["person", "name", "size", "path"];
    let rows = read(&*connector, select("papers", &columns, by(&["person"], ints(&[7])))).await;
    assert_eq!(rows, [vec![Value::text("7"), "a.pdf".into(), Value::Int(4), "papers/7/a.pdf".into()]]);
    assert_eq!(paths(&*connector, "exports", "person", &["7", "8"]).await, ["exports/7/2024/7.zip"]);
    assert_eq!(connector.rows(&names(&["exports", "objects"])).await.unwrap(), [1, 3]);
    let all = select("objects", &["modified", "version"], by(&["path"], texts(&["papers/7/a.pdf"])));
    let before = read(&*connector, all.clone()).await;
    let modified = before[0][0].join_text().unwrap().into_owned();
    assert!(modified.starts_with("20") && modified.ends_with("+00") && modified.as_bytes()[10] == b' ', "{modified}");
    let listed = read(&*connector, Select { by: by(&["size"], ints(&[4])), ..all.clone() }).await;
    assert_eq!(listed, before, "a listing shows the same as a look");
    objects.put("papers/7/a.pdf", "5678");
    assert_ne!(read(&*connector, all).await[0][1], before[0][1], "other content, other version");
}

async fn supersets(objects: Objects) {
    for path in ["papers/ANN@x.example/1", "papers/bob@x.example/1", "papers/RENE\u{301}E/1", "papers/+47 900-12.345/1"]
    {
        objects.put(path, "");
    }
    let connector = objects.open();
    let folded = |value: &str| By::Folded { column: "person".into(), values: names(&[value]) };
    let found = async |by| shown(read(&*connector, select("papers", &["person"], by)).await);
    let ann = found(folded("ann@x.example")).await;
    assert!(ann.contains(&"ANN@x.example".to_owned()) && !ann.contains(&"bob@x.example".to_owned()), "{ann:?}");
    assert!(found(folded("renée")).await.contains(&"RENE\u{301}E".to_owned()));
    let phone = By::Phone { column: "person".into(), values: names(&["+4790012345", ""]) };
    assert_eq!(found(phone).await, ["+47 900-12.345"]);
}

/// `avatars/al-ice-64.png` may be of `al` or of `al-ice`.
async fn what_can_be_read_in_two_ways_is_refused(objects: Objects) {
    objects.put("avatars/al-ice-64.png", "");
    objects.put("avatars/bob-64.png", "");
    let connector = objects.open();
    let mut session = connector.read().await.unwrap();
    for asked in [
        by(&["username"], texts(&["al"])),
        by(&["username"], texts(&["bob", "al-ice"])),
        by(&["username", "size_px"], vec![vec!["al".into(), "ice-64".into()]]),
        By::Folded { column: "username".into(), values: names(&["al"]) },
    ] {
        let failure = session.answer(&select("avatars", &["path"], asked)).await.unwrap_err();
        let Failure::Refused { reason } = failure else { panic!("{failure}") };
        assert!(reason.contains("table avatars") && reason.contains("`form`") && !reason.contains("ice"), "{reason}");
    }
    assert_eq!(paths(&*connector, "avatars", "username", &["bob", "ali"]).await, ["avatars/bob-64.png"]);
    let row =
        read(&*connector, select("avatars", &["username"], by(&["path"], texts(&["avatars/al-ice-64.png"])))).await;
    assert_eq!(row, [vec![Value::Null]], "by its path it is found, and belongs to nobody");
}

/// More than a page of any listing.
async fn many_objects(objects: Objects) {
    for i in 0..1_500 {
        objects.put(&format!("papers/p{}/{i}", i % 3), "x");
    }
    let connector = objects.open();
    assert_eq!(paths(&*connector, "papers", "person", &["p1", "p2", "p4"]).await.len(), 1_000);
    assert_eq!(connector.rows(&names(&["papers"])).await.unwrap(), [1_500]);
    let all: Vec<String> = (0..3_000).map(|i| format!("papers/p{}/{i}", i % 3)).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(paths(&*connector, "papers", "path", &all).await.len(), 1_500);
    let mut session = connector.read().await.unwrap();
    let mut seen = 0;
    let mut some = |_| {
        seen += 1;
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    session.stream(&select("papers", &["path"], by(&["size"], ints(&[1]))), &mut some).await.unwrap();
    assert_eq!(seen, 5, "a stream ends early");
    assert!(session.answer(&select("papers", &["path"], by(&["person"], vec![]))).await.unwrap().is_empty());
}

async fn samples_are_bounded_and_spread(objects: Objects) {
    for i in 0..300 {
        objects.put(&format!("papers/p{i}/a"), "x");
    }
    let connector = objects.open();
    let sample = async |table: &str, columns: &[&str], rows| {
        connector.read().await.unwrap().sample(table, &names(columns), rows).await
    };
    let first = sample("papers", &["person", "size"], 40).await.unwrap();
    assert!(first.len() <= 40 && first.len() > 15, "{}", first.len());
    let whole = sample("papers", &["person", "size"], 1_000).await.unwrap();
    let place = |row| whole.iter().position(|r| r == row).unwrap();
    assert!(place(&first[0]) < 20 && place(first.last().unwrap()) > 250, "not spread");
    assert_eq!(sample("papers", &["person", "size"], 40).await.unwrap(), first);
    assert_eq!((whole.len(), sample("papers", &["person"], 0).await.unwrap().len()), (300, 0));
    assert!(matches!(sample("papers", &["x"], 1).await, Err(Failure::Missing { .. })));
}

async fn what_is_missing_is_named(objects: Objects) {
    let connector = objects.open();
    let mut session = connector.read().await.unwrap();
    for (wanted, asked) in [
        ("table nope", select("nope", &["path"], by(&["path"], texts(&["a"])))),
        ("column papers.nope", select("papers", &["nope"], by(&["path"], texts(&["a"])))),
        ("column papers.nope", select("papers", &["path"], by(&["nope"], texts(&["a"])))),
        ("column objects.person", select("objects", &["path"], by(&["person"], texts(&["a"])))),
        (
            "column papers.nope",
            Select { filter: vec![("nope".into(), vec![])], ..select("papers", &["path"], by(&["path"], vec![])) },
        ),
    ] {
        let failure = session.answer(&asked).await.unwrap_err();
        assert_eq!(failure, Failure::Missing { object: wanted.into() });
    }
    let failure = session.content("papers/secret", &mut |_| ControlFlow::Continue(())).await.unwrap_err();
    assert!(matches!(&failure, Failure::Missing { object } if !object.contains("secret")), "{failure}");
}

super::on_files!(
    tables_are_templates,
    fields_and_filters,
    rows_show_what_is_there,
    supersets,
    what_can_be_read_in_two_ways_is_refused,
    many_objects,
    samples_are_bounded_and_spread,
    what_is_missing_is_named,
);
