//! Sees to it that a refusal or a failure changes no row, tells what it must and nothing of anybody.

use serde_json::Value;

use super::residue::{number_stands_in, stands_in};
use super::{Company, Dump, Output};

/// A company whose rows and people are known.
pub struct Witness<'c> {
    company: &'c Company,
    rows: Dump,
    words: Vec<String>,
    numbers: Vec<String>,
}

impl Witness<'_> {
    /// Notes what there is now.
    pub fn of(company: &Company) -> Witness<'_> {
        let rows = company.dump();
        let (mut words, mut numbers) = (Vec::new(), Vec::new());
        for table in ["persons", "agents"] {
            for row in rows.get(&("helpdesk".into(), table.into())).into_iter().flatten() {
                words.extend(["name", "email", "username"].iter().filter_map(|c| row.get(*c)?.clone()));
                numbers.extend(row.get("phone").cloned().flatten().filter(|n| n != "n/a"));
            }
        }
        assert!(!words.is_empty() && !numbers.is_empty(), "nobody to keep quiet about");
        Witness { company, rows, words, numbers }
    }

    /// Runs the program, for people and for programs: it must end with this code, say each of these texts, leave every
    /// row as it was and name nobody. Returns what people see.
    pub fn fails(&self, code: i32, args: &[&str], says: &[&str]) -> Output {
        let shown = self.company.upheld(args);
        self.check(&shown, code, says);
        assert!(shown.stderr.contains("error: "), "{}, {args:?}: {shown:?}", self.company.engine);
        let told = self.company.upheld(&[&["--json"], args].concat());
        self.check(&told, code, &[]);
        let told: Value = serde_json::from_str(&told.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {told:?}"));
        assert_eq!(told["misuse"], Value::Bool(code == 2), "{told}");
        assert!(told["error"].as_str().is_some_and(|e| !e.is_empty()), "{told}");
        shown
    }

    /// Ended so, said that, changed no row and named nobody?
    pub fn check(&self, shown: &Output, code: i32, says: &[&str]) {
        let said = format!("{}\n{}", shown.stdout, shown.stderr);
        let engine = self.company.engine;
        assert_eq!(shown.code, code, "{engine}: {said}");
        for text in says {
            assert!(said.contains(text), "{engine}: `{text}` is not said:\n{said}");
        }
        self.names_nobody(&said);
        self.rows_are_the_same();
    }

    /// No row of any table differs.
    pub fn rows_are_the_same(&self) {
        let now = self.company.dump();
        assert_eq!(self.rows.len(), now.len(), "tables came or went");
        for (table, rows) in &self.rows {
            assert!(now.get(table) == Some(rows), "{}: {table:?} differs", self.company.engine);
        }
    }

    /// No name, address, user name or number of anybody stands there.
    pub fn names_nobody(&self, said: &str) {
        let word = self.words.iter().find(|w| stands_in(said, w));
        let number = self.numbers.iter().find(|n| number_stands_in(said, n));
        assert!(word.is_none() && number.is_none(), "{word:?} {number:?} is printed:\n{said}");
    }
}
