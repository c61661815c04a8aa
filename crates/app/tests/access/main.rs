//! The access package of persons in shared threads, on both engines.

mod package;
mod rows;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use package::Package;
use rows::{FREE_TEXTS, Person};
use serde_json::Value;
use support::Company;
use support::residue::{number_stands_in, stands_in};

/// The owner of the thread in which one colleague quotes another; one whose ticket a colleague forwarded; one with a
/// bit of everything.
const PERSONS: [(u64, &str); 3] = [
    (23, "vigdis.tradeier@blue-bakery.example"),
    (2, "ann@fjord-cargo.example"),
    (1, "maria.lindqvist@fjord-cargo.example"),
];

/// A company with a plain package for each of the persons.
type Answered = (Company, Vec<(Person, Package)>);

fn answered() -> &'static [Answered; 2] {
    static ANSWERED: OnceLock<[Answered; 2]> = OnceLock::new();
    ANSWERED.get_or_init(|| {
        Company::both(60).map(|company| {
            let answer = |(id, email): (u64, &str)| {
                let out = company.path(&format!("answer-{id}"));
                let args = ["fulfil", "access", company.folder(), "--subject", "customer", "--email", email];
                let told = company.json(&[&args[..], &["--plain", "--yes", "--out", &out]].concat());
                (Person::read(&company, id), Package::folder(told["answer"].as_str().expect("an answer")))
            };
            let answers = PERSONS.map(answer).into_iter().collect();
            (company, answers)
        })
    })
}

fn each(mut test: impl FnMut(&Company, &Person, &Package) -> Vec<String>) {
    let mut found = Vec::new();
    for (company, answers) in answered() {
        for (person, package) in answers {
            let here = test(company, person, package);
            found.extend(here.into_iter().map(|f| format!("{}, person {}: {f}", company.engine, person.id)));
        }
    }
    assert!(found.is_empty(), "{} findings\n{}", found.len(), found.join("\n"));
}

#[test]
fn it_holds_all_rows_of_the_person_with_their_values() {
    each(|company, person, package| {
        let mut found = Vec::new();
        let tables = package.rows.keys().filter(|(system, _)| system != "uploads");
        let mut returned: BTreeSet<(String, String)> = tables.cloned().collect();
        for (system, table, sql) in rows::owned_or_shared(person) {
            let theirs = company.query(system, &sql);
            let name = (system.to_owned(), table.to_owned());
            returned.remove(&name);
            let none = Vec::new();
            let lines = package.rows.get(&name).unwrap_or(&none);
            let lines: Vec<&Value> = lines.iter().filter(|l| l["_level"] != "fact").collect();
            if lines.len() != theirs.len() {
                found.push(format!("{table}: {} rows, not {}", lines.len(), theirs.len()));
            }
            for row in &theirs {
                if !lines.iter().any(|line| rows::says_the_same(line, row)) {
                    found.push(format!("{table}: no line for the row {:?}", row.values().next()));
                }
            }
        }
        found.extend(returned.iter().map(|t| format!("{t:?} is not expected in the package")));
        found
    });
}

#[test]
fn every_file_of_the_person_is_there_byte_for_byte_and_inert() {
    let (mut files, mut hostile) = (0, 0);
    each(|company, person, package| {
        let mut found = Vec::new();
        let listed = package.manifest["attachments"].as_array().expect("a list");
        let mut wanted: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
        for (id, path) in rows::attached(company, person) {
            wanted.entry(path).or_default().push(("attachments", id));
        }
        for path in rows::pictures(company, person) {
            wanted.entry(path.clone()).or_default().push(("avatars", path));
        }
        for (path, of) in &wanted {
            let bytes = std::fs::read(company.uploads.join(path)).expect("a file of the sample");
            let of: BTreeSet<_> = of.iter().map(|(table, key)| ((*table).to_owned(), key.clone())).collect();
            let same = |a: &&Value| rows::of(a) == of && package.files[a["file"].as_str().expect("a file")] == bytes;
            if listed.iter().filter(same).count() != 1 {
                found.push(format!("the file of {of:?} is not there once"));
            }
        }
        if listed.len() != wanted.len() {
            found.push(format!("{} files, {} expected", listed.len(), wanted.len()));
        }
        for file in package.files.keys().filter(|f| f.starts_with("files/")) {
            let (number, end) = file["files/".len()..].split_once('.').expect("an extension");
            let plain = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
            if !plain || !["png", "txt", "pdf", "jpg", "bin"].contains(&end) {
                found.push(format!("{file} has a name of its own"));
            }
        }
        files += wanted.len();
        hostile += wanted.keys().filter(|p| p.ends_with(".svg")).count();
        found
    });
    assert!(files > 20 && hostile > 0, "{files} files, {hostile} with a script");
}

#[test]
fn the_threads_are_really_shared() {
    each(|_, person, package| {
        let replies = &package.rows[&("helpdesk".to_owned(), "replies".to_owned())];
        let id = person.id;
        let own = replies.iter().filter(|r| r["writer_kind"] == "customer" && r["writer_id"] == id).count();
        let others = replies.iter().filter(|r| r["_level"] == "shared").count() - own;
        if own > 0 && others > 0 { Vec::new() } else { vec![format!("{own} own replies and {others} of others")] }
    });
}

#[test]
fn no_column_holds_what_belongs_to_others() {
    each(|company, person, package| {
        let others = rows::others(company, person);
        let mut found = Vec::new();
        for ((_, table), lines) in &package.rows {
            for line in lines {
                for (column, value) in line.as_object().expect("a row") {
                    let Some(text) = value.as_str() else { continue };
                    // What people write may name others; the columns that say who wrote it may not.
                    let free = FREE_TEXTS.contains(&(table, column)) && column != "headers";
                    if free || column.starts_with('_') || column == "headers" && wrote(person, line) {
                        continue;
                    }
                    let named = others.iter().find(|o| stands_in(text, o) || number_stands_in(text, o));
                    found.extend(named.map(|_| format!("{table} {}: {column} names somebody else", line["id"])));
                }
            }
        }
        found
    });
}

fn wrote(person: &Person, line: &Value) -> bool {
    line["writer_kind"] == "customer" && line["writer_id"] == person.id
}

#[test]
fn who_else_wrote_copied_or_watched_is_left_out() {
    each(|company, person, package| {
        let mut found = Vec::new();
        for (table, key, columns, theirs) in rows::OF_OTHERS {
            let Some(lines) = package.rows.get(&("helpdesk".to_owned(), table.to_string())) else { continue };
            let own: Vec<_> = company.query("helpdesk", &theirs.replace("{id}", &person.id.to_string()));
            let own: BTreeSet<_> = own.iter().map(|row| rows::key_of_row(row, key)).collect();
            for line in lines.iter().filter(|l| l["_level"] != "fact") {
                let mine = own.contains(&rows::key_of_line(line, key));
                let there = |c: &&&str| line.get(**c).is_some();
                for column in columns.iter().filter(|c| there(c) != mine) {
                    let what = if mine { "is missing" } else { "is not theirs" };
                    found.push(format!("{table} {:?}: {column} {what}", rows::key_of_line(line, key)));
                }
            }
        }
        found
    });
}

#[test]
fn the_manifest_lists_what_is_withheld_and_what_was_searched() {
    each(|_, _, package| {
        let mut found = Vec::new();
        let told = package.manifest["tables"].as_array().expect("tables");
        for ((system, table), lines) in &package.rows {
            let entry = told.iter().find(|t| t["system"] == system.as_str() && t["table"] == table.as_str());
            let entry = entry.unwrap_or_else(|| panic!("the manifest does not know {table}"));
            let columns = entry["columns"].as_array().expect("columns");
            let most = lines.iter().flat_map(|l| l.as_object().expect("a row").keys());
            let most: BTreeSet<&String> = most.filter(|c| !c.starts_with('_')).collect();
            let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
            for column in columns.iter().map(|c| c["name"].as_str().expect("a name")) {
                let out = lines.iter().filter(|l| l["_level"] != "fact" && l.get(column).is_none()).count();
                missing.insert(column, out);
            }
            found.extend(
                most.iter().filter(|c| !missing.contains_key(c.as_str())).map(|c| format!("{table}.{c} is not told")),
            );
            for (column, rows) in missing {
                let entries = entry["withheld"].as_array().expect("a list");
                let with_reason = entries.iter().filter(|w| {
                    let columns = w["columns"].as_array().expect("columns");
                    columns.iter().any(|c| c == column) && w["reason"].as_str().is_some_and(|r| !r.is_empty())
                });
                let listed: u64 = with_reason.map(|w| w["rows"].as_u64().expect("a number")).sum();
                if listed < rows as u64 {
                    found.push(format!("{table}.{column}: left out of {rows} rows, listed {listed}"));
                }
            }
            for column in columns {
                let name = column["name"].as_str().expect("a name");
                let text = FREE_TEXTS.contains(&(table, name));
                let word = column["free_text"]["searched"].as_str();
                if text != word.is_some_and(|w| w == "searched for identifiers of the person" || w == "not searched") {
                    found.push(format!("{table}.{name}: whether it was searched: {word:?}"));
                }
            }
        }
        found
    });
}

#[test]
fn sha256sum_agrees_with_every_file() {
    each(|_, _, package| package.unsummed());
}

#[test]
fn the_archive_opens_with_the_printed_passphrase_and_holds_the_same() {
    for (company, answers) in answered() {
        let (_, plain) = &answers[0];
        let out = company.path("sealed");
        let args = ["fulfil", "access", company.folder(), "--subject", "customer", "--email", PERSONS[0].1];
        let told = company.json(&[&args[..], &["--yes", "--out", &out]].concat());
        let passphrase = told["passphrase"].as_str().expect("a passphrase");
        let archive = told["answer"].as_str().expect("an archive");
        assert!(archive.ends_with(".zip.age"), "{archive}");
        let left: Vec<_> = std::fs::read_dir(&out).expect("the folder").map(|e| e.expect("a file").path()).collect();
        assert_eq!(left, [std::path::PathBuf::from(archive)], "nothing but the archive is left");
        let sealed = Package::archive(archive, passphrase);
        assert_eq!(sealed.rows, plain.rows, "{}", company.engine);
        assert_eq!(sealed.files.keys().collect::<Vec<_>>(), plain.files.keys().collect::<Vec<_>>());
        for (name, content) in plain.files.iter().filter(|(n, _)| n.starts_with("data/")) {
            assert_eq!(sealed.files[name], *content, "{name}");
        }
        assert!(sealed.unsummed().is_empty(), "{:?}", sealed.unsummed());
    }
}
