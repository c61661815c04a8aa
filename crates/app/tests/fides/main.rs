//! `upheld import fides` as somebody types it who has described their systems for Fides already: from two files to a plan.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sqlx::Connection as _;

const DATASETS: &str = include_str!("datasets.yml");
const SYSTEMS: &str = include_str!("systems.yml");

const CLUB: &str = r#"
    create table members (member_no integer primary key, mail text, called text, sheet text);
    create table outings (outing_no integer primary key, cox_no integer, remark text);
    create table boats (boat_no integer primary key, title text not null);
    create table spare_keys (key_no integer primary key, holder text);
    insert into members values (1, 'ann@row.example', 'Ann Reed', '{"emergency":{"phone":"+4790012345"},"injuries":["knee"]}'),
        (2, 'bo@row.example', 'Bo Stern', null);
    insert into outings values (10, 1, 'calm'), (11, 1, 'fog'), (12, 2, 'wind');
    insert into boats values (5, 'Pike');
    insert into spare_keys values (1, 'Ann Reed');"#;

/// A folder with the two files and the database that they describe.
fn club() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("datasets.yml"), DATASETS).expect("a file");
    std::fs::write(place.path().join("systems.yml"), SYSTEMS).expect("a file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let file = sqlx::sqlite::SqliteConnectOptions::new().filename(place.path().join("club.db"));
        let mut connection =
            sqlx::SqliteConnection::connect_with(&file.create_if_missing(true)).await.expect("a database");
        sqlx::raw_sql(CLUB).execute(&mut connection).await.expect("tables");
        connection.close().await.expect("it closes");
    });
    place
}

/// Exit code, standard output, standard error.
fn upheld(place: &Path, words: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upheld"));
    let command = command.args(words.split(' ')).current_dir(place).env("NO_COLOR", "1");
    let done = command.env("CLUB_SQLITE_DSN", "sqlite:club.db").env("UPHELD_HOME", place.join("home")).output();
    let done = done.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (done.status.code().unwrap_or(-1), text(done.stdout), text(done.stderr))
}

fn json(place: &Path, code: i32, words: &str) -> Value {
    let done = upheld(place, &format!("--json {words}"));
    assert_eq!(done.0, code, "{words}: {done:?}");
    serde_json::from_str(&done.1).unwrap_or_else(|e| panic!("{words}: no JSON ({e}): {done:?}"))
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter().map(|each| each[key].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn from_two_files_to_a_plan_with_everything_that_is_left_said() {
    let club = club();
    let place = club.path();
    let made = json(place, 0, "import fides datasets.yml systems.yml --out acme");
    let counts = &made["carried_over"];
    let n = |what: &str| counts[what].as_u64().expect("a number");
    assert_eq!((n("systems"), n("kinds"), n("tables"), n("links"), n("purposes"), n("recipients")), (1, 1, 2, 1, 2, 1));

    let lost = [
        "dataset.club_sqlite.outings.remark.fides_meta.length",
        "data_use.essential.rowing",
        "system.boathouse.cookies",
        "system.boathouse.privacy_declarations[1].impact_assessment_location",
    ];
    assert_eq!(texts(&made["left_out"], "path"), lost, "exactly what Upheld has no place for");
    let report = std::fs::read_to_string(place.join("acme/IMPORT.md")).expect("a report");
    for told in lost.into_iter().map(str::to_owned).chain(texts(&made["to_decide"], "question")) {
        assert!(report.contains(&told), "IMPORT.md says nothing of {told}");
    }

    let before = upheld(place, "check acme");
    assert_eq!(before.0, 1, "{before:?}");
    assert!(before.2.contains("upheld map lock") || before.1.contains("upheld map lock"), "{before:?}");
    assert_eq!(upheld(place, "map lock acme").0, 0);
    let checked = upheld(place, "check acme");
    assert_eq!(checked.0, 0, "{checked:?}");
    let strict = upheld(place, "check acme --strict");
    let left = format!("{}{}", strict.1, strict.2);
    assert_eq!(strict.0, 1, "{strict:?}");
    assert!(
        left.contains("table `spare_keys` is undecided") && left.contains("1 warning"),
        "only that is left: {left}"
    );
    assert!(made["to_decide"].to_string().contains("what spare_keys hold, and whose that is"), "{made}");

    let map = place.join("acme/systems/club-sqlite.toml");
    let text = std::fs::read_to_string(&map).expect("a map");
    let decided =
        text.replace("undecided: Fides was told not to process them", "keys of the shed; names stand on paper");
    assert_ne!(text, decided);
    std::fs::write(&map, decided).expect("a decision");
    let strict = upheld(place, "check acme --strict");
    assert_eq!(strict.0, 0, "{strict:?}");
}

#[test]
fn nested_fields_and_references_reach_the_rows_of_the_person() {
    let club = club();
    let place = club.path();
    json(place, 0, "import fides datasets.yml systems.yml --out acme --country NO");
    assert_eq!(upheld(place, "map lock acme").0, 0);
    let answer =
        upheld(place, "fulfil access acme --subject member --email ANN@row.example --out answers --plain --yes");
    assert_eq!(answer.0, 0, "{answer:?}");
    let held = all(&place.join("answers"));
    for own in ["Ann Reed", "+4790012345", "knee", "calm", "fog"] {
        assert!(held.contains(own), "{own} is hers");
    }
    for other in ["Bo Stern", "wind", "Pike"] {
        assert!(!held.contains(other), "{other} is not hers");
    }
    let erased = upheld(place, "fulfil erasure acme --subject member --email ann@row.example --yes");
    assert_eq!(erased.0, 0, "{erased:?}");
    let found = upheld(place, "plan access acme --subject member --email ann@row.example");
    assert!(found.2.contains("no member was found"), "{found:?}");
}

#[test]
fn a_file_that_is_none_is_told_by_line_and_nothing_is_written() {
    let club = club();
    std::fs::write(club.path().join("broken.yml"), "dataset:\n  - fides_key: [\n").expect("a file");
    let done = upheld(club.path(), "import fides datasets.yml broken.yml --out acme");
    assert_eq!(done.0, 2, "{done:?}");
    assert!(done.2.contains("broken.yml:") && done.2.contains("nothing was written"), "{done:?}");
    assert!(!club.path().join("acme").exists());
}

/// Everything below a folder as one text.
fn all(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let text = |p: std::path::PathBuf| String::from_utf8_lossy(&std::fs::read(p).expect("a file")).into_owned();
    entries.map(|p| if p.is_dir() { all(&p) } else { text(p) }).collect()
}
