//! The scorer that comes with the cases: judges an answer and an erasure by what the case knows.

use std::fs;
use std::path::{Path, PathBuf};

use engine::ask::Row;
use engine::plan::Seed;
use engine::text::Words;
use engine::value::Value;
use serde_json::{Map, Value as Json, json};

use super::app::Asked;
use crate::carried::Exported;
use crate::open::{Opened, python};

/// The scorer for one person of a case.
pub struct Tools {
    apps: PathBuf,
    case: String,
    subject: String,
    dsn: String,
    folder: tempfile::TempDir,
}

impl Tools {
    /// The persons that a case knows, by name, and what each has proved and said.
    pub fn subjects(cases: &Path, case: &str) -> Vec<(String, Asked)> {
        let Ok(text) = fs::read_to_string(cases.join("apps").join(case).join("expected.json")) else {
            eprintln!("skipped {case}: there is nothing of it in {}", cases.join("apps").display());
            return Vec::new();
        };
        let expected: Json = serde_json::from_str(&text).expect("what is expected is JSON");
        let subjects = expected["subjects"].as_object().expect("the persons").iter();
        subjects.map(|(name, subject)| (name.clone(), asked(&subject["identity"]))).collect()
    }

    /// For one person of an opened case.
    pub fn new(cases: &Path, opened: &Opened, subject: &str) -> Tools {
        Tools {
            apps: cases.join("apps"),
            case: opened.name.clone(),
            subject: subject.to_owned(),
            dsn: opened.dsn.clone(),
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Judges rows that were returned with values: all of the person's, nobody else's, and nothing that merely names them.
    pub fn access(&self, exported: &Exported) -> Vec<String> {
        for (table, columns, rows) in exported.0.iter().filter(|(_, columns, _)| !columns.is_empty()) {
            let lines: String = rows.iter().map(|row| line(columns, row)).collect();
            let file = self.folder.path().join(format!("{table}.jsonl"));
            let so_far = fs::read_to_string(&file).unwrap_or_default();
            fs::write(file, so_far + &lines).expect("the answer can be written");
        }
        let folder = self.folder.path().display().to_string();
        self.judged(&["access", &self.case, &self.subject, &folder, "--strict"])
    }

    /// Notes what stands in the database before an erasure.
    pub fn snapshot(&self) {
        let before = self.before();
        let noted = self.score(&["snapshot", &self.case, "--dsn", &self.dsn, "--out", &before]);
        noted.expect("the rows can be noted");
    }

    /// Judges the database after an erasure: nothing of the person left, nobody else's row changed.
    pub fn erased(&self) -> Vec<String> {
        let before = self.before();
        self.judged(&["erased", &self.case, &self.subject, "--dsn", &self.dsn, "--before", &before])
    }

    fn before(&self) -> String {
        self.folder.path().join("before.json").display().to_string()
    }

    fn judged(&self, arguments: &[&str]) -> Vec<String> {
        let Err(said) = self.score(arguments) else { return Vec::new() };
        let telling = said.lines().filter(|line| !line.starts_with("ok") && !line.starts_with("      i"));
        telling.map(|line| line.trim_end().to_owned()).collect()
    }

    fn score(&self, arguments: &[&str]) -> Result<String, String> {
        python(&self.apps, &[&["tools/score_case.py"], arguments].concat())
    }
}

/// A person of a case proves their address, and says their name and number.
fn asked(identity: &Json) -> Asked {
    let email = identity["email"].as_str().expect("each has an address");
    let said = ["name", "phone"].iter().flat_map(|what| match &identity[what] {
        Json::Array(several) => several.clone(),
        one => vec![one.clone()],
    });
    let words = said.filter_map(|value| value.as_str().map(|text| Words(text.to_owned()))).collect();
    Asked { seeds: vec![Seed::Identity { name: "email".to_owned(), value: Value::text(email) }], words, sweep: true }
}

fn line(columns: &[String], row: &Row) -> String {
    let cells = columns.iter().cloned().zip(row.iter().map(cell)).collect::<Map<_, _>>();
    format!("{}\n", Json::Object(cells))
}

fn cell(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => json!(b),
        Value::Int(i) => json!(i),
        other => json!(other.join_text().unwrap_or_default()),
    }
}
