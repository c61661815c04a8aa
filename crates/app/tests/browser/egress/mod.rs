//! What a self-run installation sends, seen in a network without a way out: a browser uses it, everything it asks for is written
//! into an HTTP Archive, and the program judges that.

mod har;
mod site;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::driver::{self, Browser};

/// The installation, and where the company listens. No other name leads anywhere.
const INSTALLATION: &str = "wiki.cedarworks.example";
const COMPANY: &str = "telemetry.quillhaven.example";
const STREAMS: [&str; 3] = ["selfrun-feedback", "content-figures", "clickstream"];

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/collaboration")
}

/// The archives of pages that a browser opened one after the other; none where browsers are unwanted.
fn captured(pages: &[&str]) -> Option<Vec<Value>> {
    if driver::unwanted() {
        return None;
    }
    let port = site::serve();
    let rules = format!(
        "MAP {INSTALLATION} 127.0.0.1:{port}, MAP {COMPANY} 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    );
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    Some(runtime.block_on(async {
        // The driver's log leaves out frames that have a process of their own.
        let words = [format!("--host-resolver-rules={rules}"), "--disable-features=IsolateSandboxedIframes".to_owned()];
        let browser = Browser::start_with(driver::unprivileged(), &words).await;
        let mut archives = Vec::new();
        for page in pages {
            browser.log("performance").await;
            browser.client.goto(&format!("http://{INSTALLATION}/{page}")).await.expect("the page opens");
            while browser.script("return document.title").await != "done" {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            archives.push(har::archive(&browser.log("performance").await));
        }
        browser.close().await;
        archives
    }))
}

/// Asks the program about an archive, with these streams switched on; its code and what it said.
fn judged(archive: &Path, on: &[&str]) -> (i32, Value, String) {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_upheld"));
    command.args(["--json", "--home"]).arg(home.path()).arg("decide").arg(example()).arg("egress");
    command.args(["--edition", "self-run", "--inside", INSTALLATION, "--capture"]).arg(archive);
    command.args(on.iter().flat_map(|stream| ["--on", stream]));
    let done = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let told = serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {done:?}"));
    (done.status.code().unwrap_or(-1), told, said)
}

/// What was found of each host, without the count.
fn found(told: &Value) -> Vec<(String, Option<String>, bool, String)> {
    let groups = told["groups"].as_array().expect("groups");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let group = |g: &Value| {
        let because = text(&g["because"]).expect("a reason");
        (text(&g["host"]).expect("a host"), text(&g["exception"]), g["allowed"] == true, because)
    };
    groups.iter().map(group).collect()
}

#[test]
fn undeclared_beacons_among_declared_ones_are_found_in_what_a_browser_sent() {
    let Some(archives) = captured(&["careless.html"]) else { return };
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("careless.har");
    std::fs::write(&file, archives[0].to_string()).expect("an archive");

    let (code, told, said) = judged(&file, &STREAMS);
    let expected = [
        ("pixel.adverts.example", None, false, "nothing to this host"),
        ("telemetry.quillhaven.example", None, false, "has this path"),
        ("telemetry.quillhaven.example", Some("clickstream"), false, "not declared: header:origin, header:referer"),
        ("telemetry.quillhaven.example", Some("clickstream"), false, "not declared: page.title"),
        ("telemetry.quillhaven.example", Some("clickstream"), false, "not declared: member"),
        ("telemetry.quillhaven.example", Some("clickstream"), true, "only declared"),
        ("telemetry.quillhaven.example", Some("content-figures"), false, "1 whose names are not shown"),
        ("telemetry.quillhaven.example", Some("selfrun-feedback"), false, "neither a form nor JSON"),
    ];
    let all = found(&told);
    for (host, exception, allowed, because) in expected {
        let it =
            all.iter().any(|f| f.0 == host && f.1.as_deref() == exception && f.2 == allowed && f.3.contains(because));
        assert!(it, "{host} {exception:?} {allowed} {because}: {all:#?}");
    }
    assert_eq!((code, all.len()), (1, expected.len()), "{all:#?}");
    for value in ["ruth", "Redundancies", "1987"] {
        assert!(archives[0].to_string().contains(value), "the page sends {value}");
        assert!(!said.contains(value), "a value is shown: {said}");
    }
    // What is not switched on is not sent, however well it is declared.
    let (_, told, _) = judged(&file, &[]);
    assert!(found(&told).iter().all(|f| !f.2), "{told}");
}

#[test]
fn the_archives_of_the_sample_are_what_a_browser_sends() {
    let pages = ["installation.html?on", "installation.html?off", "installation.html"];
    let Some(archives) = captured(&pages) else { return };
    for (archive, (name, on)) in archives.iter().zip([("on", &STREAMS[..]), ("off", &[]), ("undecided", &[])]) {
        let kept = example().join(format!("sample/egress-{name}.har"));
        if std::env::var_os("UPHELD_WRITE").is_some() {
            std::fs::write(&kept, serde_json::to_string_pretty(archive).expect("JSON") + "\n").expect("an archive");
        }
        let text = std::fs::read_to_string(&kept).expect("the kept archive; UPHELD_WRITE=1 makes it");
        let old: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(sent(archive), sent(&old), "{name}: UPHELD_WRITE=1 renews the archive");
        let (code, told, _) = judged(&kept, on);
        assert_eq!((code, told["allowed"].as_bool()), (0, Some(true)), "{told}");
        assert!(told["inside"].as_u64() > Some(1), "{name}: the installation was used: {told}");
        let streams: Vec<String> = found(&told).into_iter().filter_map(|f| f.1).collect();
        assert_eq!(streams.len(), on.len(), "{name}: {streams:?}");
    }
    // The same traffic is not allowed where nobody decided.
    assert_eq!(judged(&example().join("sample/egress-on.har"), &[]).0, 1);
}

/// Method, address and body of each request, sorted.
fn sent(archive: &Value) -> Vec<Value> {
    let entries = archive["log"]["entries"].as_array().expect("entries");
    let one = |e: &Value| json!([e["request"]["method"], e["request"]["url"], e["request"]["postData"]["text"]]);
    let mut all: Vec<Value> = entries.iter().map(one).collect();
    all.sort_by_key(Value::to_string);
    all
}
