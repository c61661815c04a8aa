//! What is special about buckets: versions, keys that are no paths, refusals, secrets.

use std::ops::ControlFlow;

use connect::testing::S3Server;
use connect::{Connector, Options};
use engine::ask::Failure;
use engine::policy::model::SystemKind;

use super::backend::*;
use crate::backend::{by, change, delete, ints, names, read, select};

fn connect(address: &str) -> Result<Box<dyn Connector>, Failure> {
    connect::open(SystemKind::Files, address, Some(address), Options::default())
}

async fn failure(address: &str) -> Failure {
    let failure = connect(address).unwrap().read().await.err().unwrap();
    let text = format!("{failure} {failure:?}");
    assert!(!text.contains("sesame") && !text.contains("AKTESTS"), "no credential in {text}");
    failure
}

#[tokio::test]
async fn nothing_beside_the_root() {
    let objects = Objects::bucket().await;
    objects.put("papers/7/a", "x");
    for key in ["papers/7/a", "it's a %20 root2/papers/7/a", "it's a %20 roo"] {
        objects.server().put("uploads", key, "somebody else's");
    }
    let connector = objects.open();
    assert_eq!(connector.rows(&names(&["objects"])).await.unwrap(), [1]);
    assert_eq!(change(&*connector, delete("objects", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    assert!(objects.server().has("uploads", "papers/7/a"));
}

/// Whoever may upload chooses keys; some are no paths. They are not seen, and what is beside them is.
#[tokio::test]
async fn keys_that_are_no_paths_hide_nothing() {
    let objects = Objects::bucket().await;
    for path in ["papers/7/a", "papers/7/", "papers//7", "papers/7/..", "papers/./7", "/papers/7/b", "", "papers/7/a/"]
    {
        objects.put(path, "x");
    }
    let connector = objects.open();
    assert_eq!(paths(&*connector, "papers", "person", &["7", "..", "."]).await, ["papers/7/a"]);
    assert_eq!(connector.rows(&names(&["objects"])).await.unwrap(), [1]);
    assert_eq!(change(&*connector, delete("objects", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    assert!(objects.has("papers/7/..") && objects.has("papers//7"));
}

#[tokio::test]
async fn all_versions_go() {
    let objects = Objects::with_bucket(true).await;
    for content in ["1", "2", "3"] {
        objects.put("papers/7/a", content);
        objects.put("papers/7/ab", content);
    }
    let server = objects.server();
    let connector = objects.open();
    let mut transaction = connector.begin().await.unwrap();
    assert_eq!(transaction.apply(&delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    transaction.settle().await.unwrap();
    assert_eq!(server.versions("uploads", &key("papers/7/a")), 3, "nothing goes before the commit");
    transaction.commit().await.unwrap();
    assert_eq!(server.versions("uploads", &key("papers/7/a")), 0);
    assert_eq!(server.versions("uploads", &key("papers/7/ab")), 3, "a longer key is another object");
}

#[tokio::test]
async fn more_versions_than_a_page_holds() {
    let objects = Objects::with_bucket(true).await;
    for i in 0..1_200 {
        objects.put("papers/7/a", &i.to_string());
    }
    objects.put("papers/7/b", "stays");
    let connector = objects.open();
    assert_eq!(change(&*connector, delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    assert_eq!(objects.server().versions("uploads", &key("papers/7/a")), 0);
    assert!(objects.has("papers/7/b"));
}

#[tokio::test]
async fn versions_that_may_not_be_listed_are_refused_beforehand() {
    let objects = Objects::with_bucket(true).await;
    objects.put("papers/7/a", "x");
    objects.server().forbid("uploads", "ListObjectVersions");
    let connector = objects.open();
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap();
    let refused = transaction.settle().await.unwrap_err();
    assert!(matches!(&refused, Failure::Refused { reason } if reason.contains("s3:ListBucketVersions")), "{refused}");
    assert!(matches!(transaction.commit().await, Err(Failure::Refused { .. })));
    assert!(objects.has("papers/7/a"));
}

/// What was deleted is deleted; the outcome is open, and the keys tell. Then it is simply done again.
#[tokio::test]
async fn a_half_done_commit_can_be_continued() {
    let objects = Objects::bucket().await;
    for path in ["papers/7/a", "papers/7/b"] {
        objects.put(path, "x");
    }
    objects.server().forbid("uploads", &format!("DeleteObject {}", key("papers/7/b")));
    let connector = objects.open();
    let all = delete("papers", "path", texts(&["papers/7/a", "papers/7/b"]));
    let failure = change(&*connector, all.clone()).await.unwrap_err();
    let Failure::Unreachable { detail } = failure else { panic!("{failure}") };
    assert!(detail.starts_with("1 of 2 objects were deleted") && !detail.contains("papers"), "{detail}");
    assert_eq!(paths(&*connector, "papers", "path", &["papers/7/a", "papers/7/b"]).await, ["papers/7/b"]);
    let only = delete("papers", "path", texts(&["papers/7/b"]));
    let failure = change(&*connector, only).await.unwrap_err();
    assert!(matches!(failure, Failure::Forbidden { .. }), "where nothing was done it says why: {failure}");
    objects.server().allow("uploads");
    assert_eq!(change(&*connector, all).await.unwrap().rows, 1);
    assert!(!objects.has("papers/7/b"));
}

#[tokio::test]
async fn refusals_are_named_without_secrets() {
    let objects = Objects::bucket().await;
    let server = objects.server();
    let missing = failure(&server.url("nowhere/papers")).await;
    assert_eq!(missing, Failure::Missing { object: "bucket nowhere".into() });
    let wrong_secret = server.url("uploads").replace("open", "closed");
    assert!(matches!(failure(&wrong_secret).await, Failure::Denied { .. }));
    let wrong_name = server.url("uploads").replace("AKTESTS", "SOMEBODY");
    assert!(matches!(failure(&wrong_name).await, Failure::Denied { .. }));
    server.forbid("uploads", "ListObjectsV2");
    let forbidden = failure(&server.url("uploads")).await;
    assert!(matches!(&forbidden, Failure::Forbidden { object, .. } if object == "bucket uploads"), "{forbidden}");
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_unreachable() {
    let server = S3Server::start().await;
    let (address, endpoint) = (server.url("uploads"), server.endpoint());
    drop(server);
    tokio::task::yield_now().await;
    let down = failure(&address).await;
    assert!(matches!(&down, Failure::Unreachable { detail } if detail.contains(&endpoint)), "{down}");
}

/// Credentials come from the usual variables, which only another process can be given: this test again, as its own child.
#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_the_environment() {
    let server = S3Server::start().await;
    server.make_bucket("uploads", false);
    let address = format!("s3://uploads?endpoint={}", server.endpoint());
    let (key, secret) = S3Server::CREDENTIALS;
    let both = [("AWS_ACCESS_KEY_ID", key), ("AWS_SECRET_ACCESS_KEY", secret)];
    assert!(told(&address, &both).contains("opened"));
    assert!(told(&address, &[both[0], ("AWS_SECRET_ACCESS_KEY", "sesame")]).contains("refuses our name or password"));
    assert!(told(&address, &both[..1]).contains("AWS_ACCESS_KEY_ID goes with AWS_SECRET_ACCESS_KEY"));
    assert!(told(&address, &[]).contains("there are no credentials"));
}

fn told(address: &str, variables: &[(&str, &str)]) -> String {
    use std::io::Write;
    let mut child = std::process::Command::new("/proc/self/exe");
    child.args(["--ignored", "--exact", "files::s3_only::opens_what_it_is_told", "--nocapture"]);
    child.env_clear().envs(variables.iter().copied()).stdin(std::process::Stdio::piped());
    let mut child = child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(address.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap() + &String::from_utf8(said.stderr).unwrap();
    assert!(!said.contains("sesame"), "{said}");
    said
}

#[tokio::test]
#[ignore = "the child of credentials_of_the_environment"]
async fn opens_what_it_is_told() {
    let address = std::io::read_to_string(std::io::stdin()).unwrap();
    match connect(&address) {
        Ok(connector) => match connector.describe().await {
            Ok(_) => eprintln!("opened"),
            Err(failure) => eprintln!("{failure}"),
        },
        Err(failure) => eprintln!("{failure}"),
    }
}

/// With TLS spoken to somebody who does not speak it: a failure, and no panic for want of cryptography.
#[tokio::test]
async fn tls_is_spoken() {
    let server = S3Server::start().await;
    let address = server.url("uploads").replace("endpoint=http:", "endpoint=https:");
    let failure = failure(&address).await;
    assert!(matches!(&failure, Failure::Unreachable { detail } if detail.contains("https://")), "{failure}");
}

/// Somebody who answers, but never ends: nobody waits longer than allowed.
#[tokio::test]
async fn an_endpoint_that_is_silent_is_unreachable() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("s3://K:sesame@uploads?endpoint=http://{}", silent.local_addr().unwrap());
    let options = Options { statement_timeout_ms: 200, ..Options::default() };
    let connector = connect::open(SystemKind::Files, &address, None, options).unwrap();
    let failure = connector.describe().await.unwrap_err();
    assert!(matches!(&failure, Failure::Unreachable { detail } if detail.contains("no answer in time")), "{failure}");
}

/// A store that sends us elsewhere does not get our signature there.
#[tokio::test]
async fn redirections_are_not_followed() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sends = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("s3://K:sesame@uploads?endpoint=http://{}", sends.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{}/uploads\r\ncontent-length: 0\r\n\r\n",
        elsewhere.local_addr().unwrap()
    );
    let sender = tokio::spawn(async move {
        let (mut socket, _) = sends.accept().await.unwrap();
        let mut asked = [0; 4096];
        let _ = socket.read(&mut asked).await.unwrap();
        socket.write_all(answer.as_bytes()).await.unwrap();
    });
    let refused = connect(&address).unwrap().describe().await.unwrap_err();
    assert!(matches!(&refused, Failure::Refused { reason } if reason.contains("another region")), "{refused}");
    sender.await.unwrap();
    let none = tokio::time::timeout(std::time::Duration::from_millis(200), elsewhere.accept()).await;
    assert!(none.is_err(), "nobody came to the other place");
}

/// 64 MiB from a store of somebody else's making, which keeps its objects on disk.
#[tokio::test]
async fn a_large_object_streams() {
    const SIZE: usize = 64 * 1024 * 1024;
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("uploads/papers/7")).unwrap();
    std::fs::write(folder.path().join("uploads/papers/7/large"), vec![7; SIZE]).unwrap();
    std::fs::write(folder.path().join("uploads/papers/7/small"), "small").unwrap();
    let server = S3Server::serve(s3s_fs::FileSystem::new(folder.path()).unwrap()).await;
    let address = server.url("uploads");
    let options = Objects::folder().options();
    let connector = connect::open(SystemKind::Files, &address, Some(&address), options).unwrap();
    let (mut largest, mut size) = (0, 0);
    let mut each = |piece: &[u8]| {
        assert!(piece.iter().all(|byte| *byte == 7));
        largest = largest.max(piece.len());
        size += piece.len();
        ControlFlow::Continue(())
    };
    let mut session = connector.read().await.unwrap();
    session.content("papers/7/large", &mut each).await.unwrap();
    assert_eq!(size, SIZE);
    assert!(largest <= 1024 * 1024, "a piece of {largest} bytes");
    let mut first = |_: &[u8]| ControlFlow::Break(());
    session.content("papers/7/large", &mut first).await.unwrap();
    let rows = read(&*connector, select("papers", &["path", "size"], by(&["person"], ints(&[7])))).await;
    assert_eq!(shown(rows), ["papers/7/large", "papers/7/small"]);
    assert_eq!(change(&*connector, delete("papers", "path", texts(&["papers/7/large"]))).await.unwrap().rows, 1);
    assert!(
        !folder.path().join("uploads/papers/7/large").exists() && folder.path().join("uploads/papers/7/small").exists()
    );
}
