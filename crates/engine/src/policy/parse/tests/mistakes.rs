//! Each code at its line and column.

use super::{parse, places, source};
use crate::diagnostic::Diagnostic;

const POLICY: (&str, &str) = ("policy.toml", "[company]\nname = \"Acme\"\n");

/// The findings of a folder with this system.
fn desk(text: &str) -> (Vec<(&'static str, usize, usize)>, Vec<Diagnostic>) {
    let source = source(&[POLICY, ("systems/desk.toml", text)]);
    let (_, findings) = parse(&source);
    (places(&source, &findings), findings)
}

/// The findings of a table, whose text begins in line 4.
fn table(text: &str) -> (Vec<(&'static str, usize, usize)>, Vec<Diagnostic>) {
    desk(&format!("[system]\nkind = \"sqlite\"\n[table.t]\n{text}"))
}

/// Places of findings of a table, and the message and help of the first.
fn first(text: &str) -> (Vec<(&'static str, usize, usize)>, String, String) {
    let (places, findings) = table(text);
    let (message, help) = findings.first().map(|f| (f.message.clone(), f.help.clone())).unwrap_or_default();
    (places, message, help.unwrap_or_default())
}

#[test]
fn syntax_and_duplicates() {
    assert_eq!(table("key = id\n").0, [("U0001", 4, 7)]);
    let (places, message, _) = first("key = \"a\"\nkey = \"b\"\n");
    assert_eq!((places, message.as_str()), (vec![("U0002", 5, 1)], "the key `key` is given twice"));
    assert_eq!(table("key = \"a\"\n[table.u]\n[table.t]\ntenant = 1\n").0, [("U0002", 6, 8), ("U0004", 7, 10)]);
}

#[test]
fn unknown_keys_name_the_nearest() {
    let (places, message, help) =
        first("links = [{ role = \"owner\", colum = \"a\", column = \"a\", to = \"b.c\" }]\n");
    assert_eq!(places, [("U0003", 4, 28)]);
    assert_eq!((message.as_str(), help.as_str()), ("a link has no key `colum`", "did you mean `column`?"));
    assert_eq!(desk("[system]\nkind = \"sqlite\"\n[tabel.t]\n").0, [("U0003", 3, 2)]);
}

#[test]
fn wrong_types_say_what_was_expected() {
    let (places, message, _) = first("tenant = 5\n");
    assert_eq!((places, message.as_str()), (vec![("U0004", 4, 10)], "`tenant` takes a string, not a whole number"));
    assert_eq!(table("links = { role = \"owner\" }\n").0, [("U0004", 4, 9)]);
    assert_eq!(table("columns = { a = { text = 1 } }\n").0, [("U0004", 4, 26)]);
    assert_eq!(table("columns = { a = { erase = 1 } }\n").0, [("U0004", 4, 27)]);
}

#[test]
fn unknown_words_name_the_nearest() {
    let (places, message, help) = first("links = [{ role = \"onwer\", column = \"a\", to = \"b.c\" }]\n");
    assert_eq!((places, message.as_str()), (vec![("U0005", 4, 19)], "`role` cannot be `onwer`"));
    assert_eq!(help, "did you mean `owner`?");
    assert_eq!(table("columns = { a = { erase = \"nul\" } }\n").0, [("U0005", 4, 27)]);
    assert_eq!(table("sweep = \"before\"\n").0, [("U0005", 4, 9)]);
    assert_eq!(desk("[system]\nkind = \"manual\"\n[task.erasing]\ntext = \"x\"\n").0, [("U0005", 3, 7)]);
}

#[test]
fn missing_keys_are_shown_where_they_belong() {
    assert_eq!(table("links = [{ column = \"a\", to = \"b.c\" }]\n").0, [("U0006", 4, 10)]);
    assert_eq!(table("links = [{ role = \"part\" }]\n").0, [("U0006", 4, 10)]);
    assert_eq!(table("links = [{ role = \"part\", to = \"a.b\" }]\n").0, [("U0006", 4, 10)]);
    assert_eq!(desk("[system]\nschema = \"x\"\n").0, [("U0006", 1, 1)]);
    assert_eq!(desk("").0, [("U0006", 1, 1)]);
    assert_eq!(table("columns = { a = { erase = \"replace\" } }\n").0, [("U0006", 4, 27)]);
    assert_eq!(table("columns = { a = { erase = \"keep\" } }\n").0, [("U0213", 4, 27)]);
}

#[test]
fn secrets_are_found_and_never_shown() {
    let secret = "postgres://app:hunter2@db/desk";
    for (line, column) in [
        (format!("connect = \"{secret}\""), 11),
        ("read = \"hunter2\"".to_owned(), 8),
        ("password = \"hunter2\"".to_owned(), 12),
        (format!("team = \"{secret}\""), 9),
        (format!("connect = {{ env = \"{secret}\" }}"), 20),
        (format!("kind = \"{secret}\""), 9),
        (format!("# {secret}"), 3),
        ("write = { password = \"hunter2\", env = \"A\" }".to_owned(), 22),
    ] {
        let kind = if line.starts_with("kind") { "" } else { "kind = \"sqlite\"" };
        let (places, findings) = desk(&format!("[system]\n{kind}\n{line}\n"));
        assert_eq!(places, [("U0007", 3, column)], "{line}");
        assert!(!format!("{findings:?}").contains("hunter2"), "{line}");
    }
}

#[test]
fn columns_may_be_called_like_secrets() {
    assert_eq!(table("columns = { password = \"system.credentials\", token = \"user\" }\n").0, []);
}

#[test]
fn files_missing_and_unexpected() {
    let folder = source(&[
        ("polcy.toml", ""),
        ("systems/a.b.toml", ""),
        ("systems/c.schema.json", "{\"tables\":[]}"),
        ("x/y", ""),
    ]);
    let (_, findings) = parse(&folder);
    assert_eq!(
        places(&folder, &findings),
        [("U0008", 0, 0), ("U0008", 1, 1), ("U0008", 1, 1), ("U0008", 1, 1), ("U0008", 1, 1)]
    );
    assert_eq!(findings[1].help.as_deref(), Some("did you mean `policy.toml`?"));
}

#[test]
fn values_that_cannot_be() {
    let (places, findings) = desk(
        "[system]\nkind = \"sqlite\"\ncountry = \"USA\"\ntime_zone = \"Oslo\"\n[system.limits]\nrows_per_table = -1\n\
         share_of_table = 1.5\nlock_timeout = \"5\"\n",
    );
    assert_eq!(places, [("U0009", 3, 11), ("U0009", 4, 13), ("U0009", 6, 18), ("U0009", 7, 18), ("U0009", 8, 16)]);
    assert_eq!(findings[4].message, "`lock_timeout` is not a duration such as `500ms`, `5s` or `2m`");
    let until =
        |until: &str| table(&format!("columns = {{ a = {{ erase = {{ keep = \"x\", until = {until} }} }} }}\n")).0;
    assert_eq!(until("\"soon\""), [("U0009", 4, 49)]);
    assert_eq!(until("{ column = \"a\", period = \"7 years\" }"), [("U0009", 4, 74)]);
    assert_eq!(
        table("links = [{ role = \"part\", by = \"a.b\", to = \"a.b\", form = \"x\" }]\n").0,
        [("U0009", 4, 32), ("U0009", 4, 58)]
    );
    let when =
        |test: &str| table(&format!("links = [{{ role = \"part\", by = \"a.b\", when = {{ a = {test} }} }}]\n")).0;
    assert_eq!(when("{ lt = 1, gt = 2 }"), [("U0009", 4, 67)]);
    assert_eq!(when("{ bit = 64 }"), [("U0009", 4, 60)]);
    assert_eq!(when("{ lte = 1 }"), [("U0003", 4, 54)]);
    assert_eq!(when("{}"), [("U0006", 4, 52)]);
    assert_eq!(table("trigger = { x = \"fine\" }\n").0, [("U0009", 4, 17)]);
    assert_eq!(table("columns = { a = { json = { from = \"user\" } } }\n").0, [("U0009", 4, 28)]);
}

#[test]
fn malformed_references() {
    let to = |to: &str| table(&format!("links = [{{ role = \"part\", column = \"a\", to = {to} }}]\n")).0;
    for bad in
        ["\"b\"", "\"b.\"", "\"a.b.c\"", "\"a:b:c.d\"", "\"@customer\"", "\"@.email\"", "[\"a\", \"b\", \"c\", \"d\"]"]
    {
        assert_eq!(to(bad), [("U0010", 4, 46)], "{bad}");
    }
    assert_eq!(to("[\"b\"]"), [("U0010", 4, 47)]);
    assert_eq!(table("columns = { a = { copy_of = \"a.b.c\" } }\n").0, [("U0010", 4, 29)]);
}

#[test]
fn a_locked_schema_that_is_none() {
    let folder = source(&[
        POLICY,
        ("systems/d.toml", "[system]\nkind = \"sqlite\"\n"),
        ("systems/d.schema.json", "{\n \"tabels\": []\n}"),
    ]);
    let (written, findings) = parse(&folder);
    assert_eq!(places(&folder, &findings), [("U0011", 2, 9)]);
    assert!(written.schemas.is_empty() && written.locked.contains_key("d"));
}
