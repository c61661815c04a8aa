//! Names that somebody else chose.

use std::ops::ControlFlow;

use super::backend::*;
use crate::backend::{by, change, delete, names, read, select};

const ODD: [&str; 17] = [
    "a b",
    " lead and trail ",
    "%2F",
    "%2e%2e",
    "a%",
    "a+b",
    "r\u{e9}n\u{e9}e",
    "re\u{301}ne\u{301}e",
    "\u{1f600}\u{200d}\u{1f525}",
    ".hidden",
    "...",
    "line\nbreak",
    "tab\tand\u{1}",
    "quote\"s'`",
    "back\\slash",
    "?a=1&b=<2>#;:@*[]{}|^~",
    "$(rm -rf x)",
];

async fn names_are_taken_as_they_are(objects: Objects) {
    for name in ODD {
        objects.put(&format!("papers/{name}/x{name}"), name);
        objects.put(&format!("papers/other/{name}"), "stays");
    }
    let connector = objects.open();
    for name in ODD {
        let path = format!("papers/{name}/x{name}");
        assert_eq!(paths(&*connector, "papers", "person", &[name]).await, [path.as_str()], "{name:?}");
        let rows = read(&*connector, select("papers", &["name"], by(&["path"], texts(&[&path])))).await;
        assert_eq!(shown(rows), [format!("x{name}")]);
        let mut content = Vec::new();
        let mut each = |piece: &[u8]| {
            content.extend_from_slice(piece);
            ControlFlow::Continue(())
        };
        connector.read().await.unwrap().content(&path, &mut each).await.unwrap();
        assert_eq!(content, name.as_bytes());
        assert_eq!(change(&*connector, delete("papers", "path", texts(&[&path]))).await.unwrap().rows, 1, "{name:?}");
    }
    assert_eq!(connector.rows(&names(&["papers"])).await.unwrap(), [ODD.len() as u64], "nobody else's went with them");
}

/// Paths that would lead out of the root, or that are no object's, match nothing and do no harm.
async fn no_path_leads_out(objects: Objects) {
    objects.put("papers/7/a", "x");
    let connector = objects.open();
    let absolute = objects.path("papers/7/a").display().to_string();
    let out = format!("../{}/papers/7/a", objects.path("").file_name().unwrap().to_string_lossy());
    let hostile = [
        absolute.as_str(),
        out.as_str(),
        "",
        "/",
        ".",
        "..",
        "papers",
        "papers/7",
        "papers/7/",
        "papers//7/a",
        "/papers/7/a",
        "papers/./7/a",
        "papers/8/../7/a",
        "papers/7/a/",
        "papers/7/a/b",
        "papers/7/a\0",
        "papers/7/../../../../../../etc/passwd",
    ];
    let mut session = connector.read().await.unwrap();
    for path in hostile {
        assert!(paths(&*connector, "objects", "path", &[path]).await.is_empty(), "{path:?}");
        assert_eq!(change(&*connector, delete("objects", "path", texts(&[path]))).await.unwrap().rows, 0, "{path:?}");
        session.content(path, &mut |_| panic!("{path:?}")).await.unwrap_err();
    }
    for person in ["..", ".", "7/a", "", "7/../7", "..\0", "/"] {
        assert!(paths(&*connector, "papers", "person", &[person]).await.is_empty(), "{person:?}");
        assert!(paths(&*connector, "exports", "person", &[person]).await.is_empty(), "{person:?}");
    }
    let long = "x".repeat(5_000);
    assert!(paths(&*connector, "papers", "person", &[long.as_str()]).await.is_empty());
    assert!(paths(&*connector, "objects", "path", &[long.as_str()]).await.is_empty());
    assert!(objects.has("papers/7/a"));
}

super::on_files!(names_are_taken_as_they_are, no_path_leads_out);
