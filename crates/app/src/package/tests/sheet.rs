//! The CSV files: readable in a spreadsheet, without a formula in them.

use engine::policy::model::Access;
use engine::schema::Class;
use engine::value::Value;

use super::{place, sample};
use crate::package::sheet::harmless;
use crate::package::{Extra, Package};

/// The rows of a CSV file, its header first.
fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn each_table_has_a_sheet_with_all_its_rows() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let bytes = std::fs::read(dir.join("data/helpdesk/replies.csv")).unwrap();
    assert!(bytes.ends_with(b"\r\n"));
    let rows = read(&bytes);
    assert_eq!(rows[0], ["_level", "_links", "id", "ticket_id", "from_name", "from_address", "body", "created_at"]);
    assert_eq!(rows.len(), 5);
    // What belongs to others has an empty cell in its column.
    assert_eq!(rows[1][..6], ["shared", "thread", "301", "77", "", ""]);
    assert_eq!(rows[3][..5], ["shared", "thread, writer", "300", "77", "Sigrid Ødegård"]);
    assert_eq!(rows[3][6], "The import stops at row 12.\n\nHilsen\nSigrid");
    let person = read(&std::fs::read(dir.join("data/helpdesk/persons.csv")).unwrap());
    assert_eq!((person[1][5].as_str(), person[1][11].as_str()), ("", "0"));
}

#[test]
fn a_table_that_comes_in_turns_has_one_header() {
    let (_temp, dir) = place();
    let plan = sample::plan_of(vec![(
        "helpdesk",
        vec![
            sample::export("replies", &["id"], Access::Shared, &["thread"], 1),
            sample::export("audit_log", &[], Access::Fact, &["about"], 1),
            sample::export("replies", &["id", "body"], Access::Shared, &["writer"], 1),
        ],
    )]);
    let mut package = Package::create(&dir, &plan, &sample::policy()).unwrap();
    let steps = &plan.systems[0].steps;
    sample::feed(&mut package, "helpdesk", &steps[0], [vec![Value::Int(1)]]);
    sample::feed(&mut package, "helpdesk", &steps[1], [vec![Value::Int(2)]]);
    sample::feed(&mut package, "helpdesk", &steps[2], [vec![Value::Int(3), Value::text("x")]]);
    package.finish(&Extra::default()).unwrap();
    let rows = read(&std::fs::read(dir.join("data/helpdesk/replies.csv")).unwrap());
    let expected =
        [vec!["_level", "_links", "id", "body"], vec!["shared", "thread", "1", ""], vec!["shared", "writer", "3", "x"]];
    assert_eq!(rows, expected);
}

#[test]
fn no_cell_is_a_formula_and_each_text_comes_back() {
    let traps = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u{a0}=1",
        "\u{200b}=1",
        "\u{feff}=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "=cmd|' /C calc'!A0",
        "'already",
        "'=1",
    ];
    for trap in traps {
        assert_eq!(harmless(trap), format!("'{trap}"), "{trap:?}");
    }
    for plain in ["", "a=1", "1-2", "Ødegård", "a\t=1", "🎉", "(=1)"] {
        assert_eq!(harmless(plain), plain);
    }
    let (_temp, dir) = place();
    let mut policy = sample::policy();
    sample::add_table(
        &mut policy,
        1,
        "odd",
        &[("=HYPERLINK(\"x\")", Class::Text, "", false), ("n", Class::Int, "", false)],
    );
    let step = sample::export("odd", &["=HYPERLINK(\"x\")", "n"], Access::Row, &["=link"], traps.len());
    let plan = sample::plan_of(vec![("helpdesk", vec![step.clone()])]);
    let mut package = Package::create(&dir, &plan, &policy).unwrap();
    sample::feed(&mut package, "helpdesk", &step, traps.map(|t| vec![Value::text(t), Value::Int(-5)]));
    package.finish(&Extra::default()).unwrap();
    let rows = read(&std::fs::read(dir.join("data/helpdesk/odd.csv")).unwrap());
    assert_eq!(rows[0][2], "'=HYPERLINK(\"x\")");
    for (row, trap) in rows[1..].iter().zip(traps) {
        assert_eq!((row[1].as_str(), row[2].strip_prefix('\''), row[3].as_str()), ("'=link", Some(trap), "-5"));
    }
}
