//! Published versions: fixed, compared as rules, and what people did about each, apart from the others.

use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::Connection as _;

use crate::{change, copied, copy, told, upheld};

const PURPOSE: &str = "\n[purpose.birthday]\ntitle = \"Send a card on birthdays\"\nbasis = \"consent\"\nconsent = \"opt_in\"\n\
    categories = [\"user.name\", \"user.demographic.date_of_birth\"]\npopulations = [\"contact\"]\n";

/// The company that publishes version 1.0 now, from a day far ahead on.
fn company(place: &Path) -> PathBuf {
    let folder = copy("it-services", place);
    ["notice.md", "promises.toml"]
        .iter()
        .for_each(|file| change(&folder.join(file), "\"2026-11-01\"", "\"2099-01-01\""));
    folder
}

/// Its next version, with a purpose that asks for consent.
fn next(folder: &Path) {
    ["notice.md", "promises.toml"].iter().for_each(|file| change(&folder.join(file), "\"1.0\"", "\"1.1\""));
    let purposes = folder.join("purposes.toml");
    let text = std::fs::read_to_string(&purposes).expect("purposes") + PURPOSE;
    std::fs::write(purposes, text).expect("a further purpose");
}

/// Every byte of every file below a folder, as text.
pub fn bytes(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let text = |p: PathBuf| if p.is_dir() { bytes(&p) } else { read(&p) };
    entries.map(text).collect()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("a file")).into_owned()
}

/// What the store's database answers to a statement of somebody who has the file.
fn by_sql(home: &Path, statement: &'static str) -> Result<u64, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let file = sqlx::sqlite::SqliteConnectOptions::new().filename(home.join("upheld.db"));
        let mut connection = sqlx::SqliteConnection::connect_with(&file).await.expect("the store opens");
        let done = sqlx::query(statement).execute(&mut connection).await;
        done.map(|d| d.rows_affected()).map_err(|e| e.to_string())
    })
}

#[test]
fn a_published_version_is_fixed_and_the_next_is_compared_with_it() {
    let place = tempfile::tempdir().expect("a folder");
    let (folder, home) = (company(place.path()), place.path().join("home"));
    let path = folder.display().to_string();
    let publish = ["notice", "publish", &path, "--yes"];
    let first = told(place.path(), &[0], &publish);
    assert_eq!((&first["version"], &first["diff"]), (&json!("1.0"), &json!(null)));

    let again = upheld(place.path(), &publish);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("version 1.0 was published before"), "{again:?}");

    next(&folder);
    let compared = told(place.path(), &[1], &["notice", "diff", "1.0", &path]);
    assert_eq!((&compared["old"], &compared["new"]), (&json!("1.0"), &json!("1.1")));
    assert_eq!(compared["diff"]["class"], "fresh_consent", "{compared}");
    let changes = compared["diff"]["changes"].as_array().expect("changes");
    let purpose = changes.iter().find(|c| c["what"] == "purpose:birthday").expect("the new purpose");
    assert_eq!((&purpose["class"], &purpose["populations"]), (&json!("fresh_consent"), &json!(["contact"])));
    assert!(purpose["article"].as_str().is_some_and(|a| a.contains("GDPR Art. 6(1)(a)")), "{purpose}");
    assert!(changes.iter().all(|c| c["what"] == "purpose:birthday" || c["class"] == "editorial"), "{changes:?}");
    assert_eq!(compared["owed"][0]["agreement"], "explicit", "{compared}");

    let second = told(place.path(), &[0], &publish);
    assert_eq!((&second["version"], &second["diff"]["class"]), (&json!("1.1"), &json!("fresh_consent")));
    let listed = told(place.path(), &[0], &["notice", "list"]);
    let entries = bytes(&home.join("ledger"));
    for (nth, version) in [&first, &second].into_iter().enumerate() {
        let digest = version["sha256"].as_str().expect("a digest");
        assert!(entries.contains(digest), "the ledger has the digest of {version}");
        assert_eq!(listed[nth]["sha256"], digest);
        let shown = upheld(place.path(), &["--json", "notice", "show", version["version"].as_str().expect("a name")]);
        assert_eq!(hex::encode(Sha256::digest(shown.stdout.trim_end())), digest, "what is shown has that digest");
    }
    let same = upheld(place.path(), &["notice", "diff", "1.1", &path]);
    assert_eq!((same.code, same.stdout.trim()), (0, "the two say the same, in the same words"));

    let (ledger, key) = (home.join("ledger").display().to_string(), home.join("ledger/key.pub").display().to_string());
    let verified = upheld(place.path(), &["verify", &ledger, "--key-file", &key]);
    assert_eq!(verified.code, 0, "{verified:?}");

    for statement in [
        "update notices set body = x'00' where version = '1.0'",
        "update notices set version = '0.9' where version = '1.0'",
        "delete from notices where version = '1.0'",
        "delete from notices",
        "insert or replace into notices select version, zeroblob(32), x'00', effective, published_at from notices",
        "insert or replace into notices select '9.9', digest, x'00', effective, published_at from notices",
    ] {
        let refused = by_sql(&home, statement).expect_err(statement);
        assert!(
            refused.contains("a published version is never deleted") || refused.contains("never changes"),
            "{refused}"
        );
    }
    assert_eq!(told(place.path(), &[0], &["notice", "list"]), listed, "nothing was changed");
}

#[test]
fn a_version_altered_past_its_guards_is_not_believed() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = company(place.path());
    let path = folder.display().to_string();
    told(place.path(), &[0], &["notice", "publish", &path, "--yes"]);
    let asked: [&[&str]; 4] = [
        &["notice", "show", "1.0"],
        &["notice", "list"],
        &["notice", "diff", "1.0", &path],
        &["decide", &path, "--under", "1.0", "host", "x.example"],
    ];
    for statement in [
        "update notices set body = cast(replace(cast(body as text), 'P1Y', 'P9Y') as blob)",
        "update notices set published_at = published_at + 86400000000",
        "update notices set effective = '2020-01-01'",
        "update notices set version = '1.1'",
        "delete from notices",
    ] {
        let altered = tempfile::tempdir().expect("a folder");
        let home = altered.path().join("home");
        copied(&place.path().join("home"), &home);
        for step in ["drop trigger notices_stay", "drop trigger notices_remain", statement] {
            by_sql(&home, step).expect(step);
        }
        for command in asked {
            let refused = upheld(altered.path(), command);
            assert_ne!(refused.code, 0, "{statement}: {command:?}: {refused:?}");
            assert!(refused.stderr.contains("is not what was published"), "{statement}: {command:?}: {refused:?}");
        }
    }
    told(place.path(), &[0], &["notice", "list"]);
}

#[test]
fn a_later_version_cannot_hold_from_a_day_that_has_passed() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = company(place.path());
    let path = folder.display().to_string();
    told(place.path(), &[0], &["notice", "publish", &path, "--yes"]);
    next(&folder);
    ["notice.md", "promises.toml"]
        .iter()
        .for_each(|file| change(&folder.join(file), "\"2099-01-01\"", "\"2020-02-01\""));
    let late = upheld(place.path(), &["notice", "publish", &path, "--yes"]);
    assert_eq!(late.code, 2, "{late:?}");
    assert!(
        late.stderr.contains("it holds from 2020-02-01") && late.stderr.contains("nobody could have read it"),
        "{late:?}"
    );
    assert_eq!(told(place.path(), &[0], &["notice", "list"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn nothing_is_published_without_a_yes_nor_with_an_error_of_check() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = company(place.path());
    let path = folder.display().to_string();
    let unasked = upheld(place.path(), &["notice", "publish", &path]);
    assert_eq!(unasked.code, 2, "{unasked:?}");
    change(&folder.join("recipients.toml"), "order      = 2", "order      = 2\nmade_up = 1");
    let wrong = upheld(place.path(), &["notice", "publish", &path, "--yes"]);
    assert_ne!(wrong.code, 0, "{wrong:?}");
    assert_eq!(told(place.path(), &[0], &["notice", "list"]), json!([]));
}

#[test]
fn what_people_did_is_kept_apart_and_names_nobody() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = company(place.path());
    told(place.path(), &[0], &["notice", "publish", &folder.display().to_string(), "--yes"]);
    let record = |email: &str, what: &str| {
        let who = ["notice", "record", "1.0", "--subject", "contact", "--email", email];
        told(place.path(), &[0], &[&who[..], &["--as", what]].concat())
    };
    let ann = "ann.unmistakable@reader.example";
    assert_eq!(record(ann, "acknowledged"), json!({ "recorded": true, "all": [["1.0", "acknowledged"]] }));
    assert_eq!(record("bo.unmistakable@reader.example", "deemed")["all"], json!([["1.0", "deemed"]]));
    record(ann, "deemed");
    let all = record(ann, "explicit")["all"].clone();
    assert_eq!(all, json!([["1.0", "acknowledged"], ["1.0", "deemed"], ["1.0", "explicit"]]), "each stands for itself");
    assert_eq!(record(&ann.to_uppercase(), "explicit")["recorded"], false, "it stands already");
    let listed = told(place.path(), &[0], &["notice", "list"]);
    assert_eq!(listed[0]["people"], json!({ "acknowledged": 1, "deemed": 2, "explicit": 1 }));

    let home = place.path().join("home");
    let stored = bytes(&home).to_lowercase();
    assert!(stored.contains("\"kind\":\"deemed\""), "the ledger tells what was done");
    for word in ["unmistakable", "reader.example"] {
        assert!(!stored.contains(word), "{word} stands in the store or the ledger");
    }
    let unknown = ["notice", "record", "9.9", "--subject", "contact", "--email", ann, "--as", "deemed"];
    assert_ne!(upheld(place.path(), &unknown).code, 0, "there is no such version");
    let unlike = ["notice", "record", "1.0", "--subject", "contact", "--email", ann, "--as", "consent"];
    assert_eq!(upheld(place.path(), &unlike).code, 2, "consent to a purpose is none of them");
}

#[test]
fn who_refuses_agrees_and_refuses_again_has_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = company(place.path());
    told(place.path(), &[0], &["notice", "publish", &folder.display().to_string(), "--yes"]);
    let record = |what: &str| {
        let who = ["notice", "record", "1.0", "--subject", "contact", "--email", "ann@reader.example", "--as", what];
        told(place.path(), &[0], &who)
    };
    for what in ["refused", "explicit", "refused"] {
        assert_eq!(record(what)["recorded"], true, "{what}");
    }
    let again = record("refused");
    assert_eq!(again["recorded"], false);
    assert_eq!(again["all"], json!([["1.0", "refused"], ["1.0", "explicit"], ["1.0", "refused"]]));
    let listed = told(place.path(), &[0], &["notice", "list"]);
    assert_eq!(listed[0]["people"], json!({ "refused": 1 }), "nobody is counted under both");
}

/// A version in a file may come from anybody.
#[test]
fn a_version_from_outside_steers_no_terminal() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = company(place.path());
    let path = folder.display().to_string();
    told(place.path(), &[0], &["notice", "publish", &path, "--yes"]);
    let mut version: serde_json::Value =
        serde_json::from_str(&upheld(place.path(), &["--json", "notice", "show", "1.0"]).stdout).expect("a version");
    version["facts"]["recipient:trap"] = json!({ "name": "x", "role": "processor" });
    version["facts"]["company:self"]["name"] = json!("\u{1b}[2J\u{9b}31m\u{202e}");
    let file = place.path().join("outside.json").display().to_string();
    std::fs::write(&file, version.to_string()).expect("a file");
    let shown = upheld(place.path(), &["notice", "diff", "1.0", &file]);
    assert_eq!(shown.code, 1, "{shown:?}");
    assert!(shown.stdout.contains("company:self.name"), "{shown:?}");
    for sign in ['\u{1b}', '\u{9b}', '\u{202e}'] {
        assert!(!shown.stdout.contains(sign), "{:?} reaches the terminal", sign);
    }
    version["format"] = json!(7);
    std::fs::write(&file, version.to_string()).expect("a file");
    let refused = upheld(place.path(), &["notice", "diff", "1.0", &file]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("it has format 7, and this program knows format 1"), "{refused:?}");
}

/// Issue: data collected under the old version stays under the old rules until the person agrees.
#[test]
fn data_stays_under_the_version_of_its_day_until_the_person_agrees() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("it-services", place.path());
    let path = folder.display().to_string();
    // The first holds since the day before yesterday, the second from the last day on which it could.
    // What is published bears the real day, and so must the questions.
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |days: i64| today.checked_add(jiff::Span::new().days(days)).expect("a day").to_string();
    let dated =
        |from: &str, to: &str| ["notice.md", "promises.toml"].iter().for_each(|f| change(&folder.join(f), from, to));
    let begun = day(-2);
    dated("\"2026-11-01\"", &format!("\"{begun}\""));
    change(&folder.join("policy.toml"), "before       = \"P30D\"\n", "");
    told(place.path(), &[0], &["notice", "publish", &path, "--yes"]);
    next(&folder);
    dated(&format!("\"{begun}\""), &format!("\"{}\"", day(0)));
    told(place.path(), &[0], &["notice", "publish", &path, "--yes"]);

    let ask = |who: &str, gathered: &str| {
        let now = today.to_string();
        let of = ["--today", &now, "--gathered", gathered, "--subject", "contact", "--email", who];
        let question = ["use", "--purpose", "birthday", "--category", "user.name", "--population", "contact"];
        upheld(place.path(), &[&["decide", &path][..], &of, &question].concat())
    };
    let yes = |who: &str| ask(who, &begun).code == 0;
    let act = |who: &str, what: &str| {
        told(place.path(), &[0], &["notice", "record", "1.1", "--subject", "contact", "--email", who, "--as", what]);
    };
    let (ann, bo) = ("ann@reader.example", "bo@reader.example");
    let first = ask(ann, &begun);
    assert!(first.code != 0 && first.stderr.contains("asked of version 1.0"), "{first:?}");
    for silent in ["acknowledged", "deemed"] {
        act(ann, silent);
        assert!(!yes(ann), "{silent} is no agreement");
    }
    act(ann, "explicit");
    assert!(yes(ann) && !yes(bo), "who agreed, and nobody else");
    assert!(ask(ann, &begun).stderr.contains("asked of version 1.1"));
    act(ann, "refused");
    assert!(!yes(ann), "the last answer holds");
    assert_eq!(ask(bo, &day(0)).code, 0, "what is gathered from now on is held under the new version");
    assert_eq!(ask(bo, &day(-9)).code, 2, "older than every version");
    assert_eq!(ask(bo, &day(9)).code, 2, "not yet");

    let nobody = ["notice", "record", "1.1", "--subject", "nobodysuch", "--email", ann, "--as", "explicit"];
    let refused = upheld(place.path(), &nobody);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused.stderr.contains("knows no people of kind nobodysuch; there are: ")
            && refused.stderr.contains("contact")
    );
}
