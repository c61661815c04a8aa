//! What is special about local folders: links, things that are no files, rights.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use connect::Options;
use engine::ask::Failure;
use engine::policy::model::SystemKind;

use super::backend::*;
use crate::backend::{change, delete, names};

/// A folder beside the root with somebody else's file, and links to it from within.
fn with_links() -> (Objects, tempfile::TempDir) {
    let (objects, outside) = (Objects::folder(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("secret"), "keep").unwrap();
    objects.put("papers/7/a", "x");
    symlink(outside.path(), objects.path("papers/out")).unwrap();
    symlink(outside.path().join("secret"), objects.path("papers/7/link")).unwrap();
    symlink("a", objects.path("papers/7/inner")).unwrap();
    symlink("nowhere", objects.path("papers/7/dangling")).unwrap();
    symlink(".", objects.path("papers/7/loop")).unwrap();
    (objects, outside)
}

#[tokio::test]
async fn links_are_not_followed() {
    let (objects, outside) = with_links();
    let connector = objects.open();
    assert_eq!(paths(&*connector, "papers", "person", &["7", "out"]).await, ["papers/7/a"]);
    assert_eq!(connector.rows(&names(&["objects"])).await.unwrap(), [1]);
    let mut session = connector.read().await.unwrap();
    for path in ["papers/out/secret", "papers/7/link", "papers/7/inner", "papers/7/dangling", "papers/7/loop/a"] {
        assert_eq!(change(&*connector, delete("objects", "path", texts(&[path]))).await.unwrap().rows, 0, "{path}");
        session.content(path, &mut |_| panic!("{path}")).await.unwrap_err();
        assert!(objects.path(path).symlink_metadata().is_ok() || path.contains("dangling"));
    }
    assert!(outside.path().join("secret").exists() && objects.has("papers/7/a"));
}

/// Between the look and the deletion the folder, or the file, becomes a link that leads out.
#[tokio::test]
async fn a_link_swapped_in_deletes_nothing_outside() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a"), "keep").unwrap();
    for swap in ["papers/7", "papers/7/a"] {
        let objects = Objects::folder();
        objects.put("papers/7/a", "x");
        let connector = objects.open();
        let mut transaction = connector.begin().await.unwrap();
        let changed = transaction.apply(&delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap();
        assert_eq!(changed.rows, 1);
        fs::rename(objects.path(swap), objects.path("moved")).unwrap();
        let target = if swap == "papers/7" { outside.path().to_owned() } else { outside.path().join("a") };
        symlink(target, objects.path(swap)).unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(fs::read_to_string(outside.path().join("a")).unwrap(), "keep");
        assert!(objects.path(swap).is_symlink());
    }
}

/// Somebody swaps a folder and a link to the outside as fast as they can while files are deleted through it.
#[tokio::test]
async fn nobody_wins_a_race() {
    let (objects, outside) = (Objects::folder(), tempfile::tempdir().unwrap());
    for i in 0..400 {
        objects.put(&format!("papers/7/{i}"), "x");
        fs::write(outside.path().join(i.to_string()), "keep").unwrap();
    }
    symlink(outside.path(), objects.path("papers/link")).unwrap();
    let swapping = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let (go_on, papers) = (swapping.clone(), objects.path("papers"));
    let attacker = std::thread::spawn(move || {
        while go_on.load(std::sync::atomic::Ordering::Relaxed) {
            for [from, to] in [["7", "aside"], ["link", "7"], ["7", "link"], ["aside", "7"]] {
                fs::rename(papers.join(from), papers.join(to)).unwrap();
            }
        }
    });
    let connector = objects.open();
    for i in 0..400 {
        let _ = change(&*connector, delete("papers", "path", texts(&[&format!("papers/7/{i}")]))).await;
    }
    swapping.store(false, std::sync::atomic::Ordering::Relaxed);
    attacker.join().unwrap();
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 400, "nothing outside was deleted");
    let left = fs::read_dir(objects.path("papers/7")).unwrap().count();
    assert!(left < 400, "the attack was no barrier, else this shows nothing");
}

#[tokio::test]
async fn what_is_no_file_is_not_there() {
    let objects = Objects::folder();
    objects.put("papers/7/a", "x");
    fs::create_dir(objects.path("papers/7/folder")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(objects.path("papers/7/s")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(objects.path("papers/7/pipe")).status().unwrap();
    assert!(made.success());
    use std::os::unix::ffi::OsStrExt;
    fs::write(objects.path("papers/7").join(std::ffi::OsStr::from_bytes(b"\xff")), "x").unwrap();
    let connector = objects.open();
    assert_eq!(paths(&*connector, "papers", "person", &["7"]).await, ["papers/7/a"]);
    for path in ["papers/7/folder", "papers/7/s", "papers/7/pipe"] {
        connector.read().await.unwrap().content(path, &mut |_| panic!("{path}")).await.unwrap_err();
        assert_eq!(change(&*connector, delete("papers", "path", texts(&[path]))).await.unwrap().rows, 0, "{path}");
    }
    assert!(objects.has("papers/7/folder"));
}

#[tokio::test]
async fn folders_stay() {
    let objects = Objects::folder();
    objects.put("papers/7/a", "x");
    assert_eq!(change(&*objects.open(), delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    assert!(objects.path("papers/7").is_dir() && !objects.has("papers/7/a"));
}

#[tokio::test]
async fn a_deep_tree_is_listed() {
    let objects = Objects::folder();
    let deep = vec!["d"; 500].join("/");
    objects.put(&format!("{deep}/a"), "x");
    assert_eq!(objects.open().rows(&names(&["objects"])).await.unwrap(), [1]);
}

#[tokio::test]
async fn roots_are_paths_or_addresses() {
    let objects = Objects::folder();
    objects.put("papers/7/a", "x");
    let address = url::Url::from_file_path(objects.path("")).unwrap();
    assert!(address.as_str().contains("%20"));
    let connector = connect::open(SystemKind::Files, address.as_str(), None, objects.options()).unwrap();
    assert_eq!(paths(&*connector, "papers", "person", &["7"]).await, ["papers/7/a"]);
    for gone in [objects.path("none"), objects.path("papers/7/a")] {
        let gone = gone.display().to_string();
        let connector = connect::open(SystemKind::Files, &gone, None, Options::default()).unwrap();
        assert!(matches!(connector.describe().await, Err(Failure::Unreachable { .. })));
        assert!(matches!(connector.read().await.err(), Some(Failure::Unreachable { .. })));
    }
    for wrong in ["", "file:///tmp#x", "file:///tmp?x", "file://host/tmp", "file:relative", "ftp://x/y", "https://x/y"]
    {
        let refused = connect::open(SystemKind::Files, wrong, None, Options::default()).err();
        assert!(
            matches!(&refused, Some(Failure::Refused { reason }) if reason.contains("address")),
            "{wrong} {refused:?}"
        );
    }
}

#[tokio::test]
async fn tables_that_cannot_be_are_refused() {
    for (tables, why) in [
        (vec![("a", "{x}{y}")], "nothing stands between"),
        (vec![("a", "{path}")], "already"),
        (vec![("objects", "{x}")], "choose another name"),
        (vec![("a", "{x}"), ("a", "y/{x}")], "declared twice"),
    ] {
        let table = |(name, path): (&str, &str)| connect::FileTable { name: name.into(), path: path.into() };
        let options = Options { files: tables.into_iter().map(table).collect(), ..Options::default() };
        let refused = connect::open(SystemKind::Files, "/tmp", None, options).err();
        assert!(matches!(&refused, Some(Failure::Refused { reason }) if reason.contains(why)), "{refused:?}");
    }
}

/// Where we may not write is seen before another system commits. The administrator may everything, so there is nothing to
/// see for them.
#[tokio::test]
async fn rights_that_lack_are_seen_before_the_commit() {
    let objects = Objects::folder();
    objects.put("papers/7/a", "x");
    objects.put("papers/8/b", "x");
    fs::set_permissions(objects.path("papers/7"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(objects.path("papers/7/try"), "").is_ok() {
        fs::remove_file(objects.path("papers/7/try")).unwrap();
        return eprintln!("skipped: run by somebody whom no right restrains");
    }
    let connector = objects.open();
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap();
    assert!(matches!(transaction.settle().await, Err(Failure::Forbidden { .. })));
    let mut half = connector.begin().await.unwrap();
    half.apply(&delete("papers", "path", texts(&["papers/8/b", "papers/7/a"]))).await.unwrap();
    assert!(matches!(half.commit().await, Err(Failure::Forbidden { .. })), "the first that fails, nothing deleted");
    fs::set_permissions(objects.path("papers/7"), fs::Permissions::from_mode(0o755)).unwrap();
}
