use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use proptest::prelude::*;

use super::{Bond, Setting, Verdict, classify};
use crate::discover::sample::Sample;
use crate::schema::{Class, Column, Table};
use crate::value::Value;

fn column(name: &str, class: Class) -> Column {
    let (type_name, nullable) = (String::new(), true);
    Column { name: name.to_owned(), type_name, class, nullable, default: false, generated: false, max_chars: None }
}

fn judge(table: &str, bond: Bond, columns: &[(&str, Class, Vec<Value>)]) -> Vec<Verdict> {
    let described = columns.iter().map(|(name, class, _)| column(name, *class)).collect();
    let table = Table { name: table.to_owned(), columns: described, ..Table::default() };
    let with = columns.iter().filter(|(_, _, values)| !values.is_empty());
    let samples: BTreeMap<String, Sample> =
        with.map(|(name, _, values)| ((*name).to_owned(), Sample::of(values.iter().cloned()))).collect();
    classify(&Setting { table: &table, bond, links: &BTreeSet::new(), samples: &samples, today: date(2026, 11, 22) })
}

fn one(table: &str, bond: Bond, name: &str, values: Vec<Value>) -> Verdict {
    judge(table, bond, &[(name, Class::Text, values)]).remove(0)
}

fn texts(values: &[&str], times: usize) -> Vec<Value> {
    values.iter().cycle().take(values.len() * times).map(|v| Value::text(*v)).collect()
}

fn emails() -> Vec<Value> {
    (0..40).map(|n| Value::text(if n < 3 { format!("none{n}") } else { format!("person{n}@mail.example") })).collect()
}

#[test]
fn values_say_what_a_name_does_not() {
    let verdict = one("items", Bond::Apart, "ref1", emails());
    assert_eq!(verdict.category.as_deref(), Some("user.contact.email"));
    assert!(verdict.personal && verdict.confidence > 0.9);
    assert_eq!(verdict.evidence, ["37 of 40 sampled values are e-mail addresses"]);
}

#[test]
fn values_contradict_a_name() {
    let plain = texts(&["red", "green", "blue", "grey", "black"], 4);
    let verdict = one("users", Bond::Record, "email", plain);
    assert!(!verdict.personal, "{verdict:?}");
    assert!(verdict.evidence.contains(&"only 0 of 20 sampled values look like e-mail addresses".to_owned()));
    let numbers: Vec<Value> = (0..20).map(Value::Int).collect();
    assert!(!one("users", Bond::Record, "name", numbers).personal);
}

#[test]
fn hashes_of_passwords_are_secrets_however_the_column_is_called() {
    let hash = "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";
    let verdict = one("users", Bond::Record, "col7", texts(&[hash], 6));
    assert!(verdict.secret && verdict.personal);
    assert_eq!(verdict.category.as_deref(), Some("user.authorization.password"));
}

#[test]
fn the_password_of_a_mail_server_is_a_secret_but_nobodys() {
    let verdict = one("mail_servers", Bond::Apart, "password", vec![]);
    assert!(verdict.secret && !verdict.personal);
    assert_eq!(verdict.category.as_deref(), Some("system.authentication"));
}

#[test]
fn sentences_are_text_and_states_are_not() {
    let sentences: Vec<Value> =
        (0..30).map(|n| Value::text(format!("Please look at my order number {n} again"))).collect();
    let verdict = one("cases", Bond::Owned, "f3", sentences);
    assert!(verdict.text && verdict.personal);
    assert_eq!(verdict.category.as_deref(), Some("user.content"));
    let verdict = one("cases", Bond::Owned, "f4", texts(&["open", "closed"], 30));
    assert!(!verdict.text && !verdict.personal);
    assert_eq!(verdict.evidence, ["only 2 different values among 60"]);
}

#[test]
fn a_sentence_with_an_address_is_a_sentence() {
    let notes = |form: &str| -> Vec<Value> {
        (0..20).map(|n| Value::text(form.replace('#', &format!("p{n}@mail.example")))).collect()
    };
    let verdict = one("notes", Bond::Owned, "note", notes("reported by # for spam"));
    assert_eq!(verdict.category.as_deref(), Some("user.content"));
    assert!(verdict.text);
    let verdict = one("articles", Bond::Apart, "x", notes("Ann Lee <#>, Bo <#>"));
    assert_eq!(verdict.category.as_deref(), Some("user.contact.email"));
}

#[test]
fn the_title_of_what_somebody_wrote_is_content() {
    assert_eq!(one("stories", Bond::Authored, "title", vec![]).category.as_deref(), Some("user.content"));
    assert!(!one("products", Bond::Apart, "title", vec![]).personal);
}

#[test]
fn names_and_birthdays_count_where_people_stand() {
    let names = texts(&["Anna Berg", "Peter Schmidt", "Maria Lopez", "John Smith", "Kari Olsen", "Lena Wolf"], 3);
    assert_eq!(one("x_entries", Bond::Owned, "c1", names.clone()).category.as_deref(), Some("user.name"));
    assert!(!one("streets", Bond::Apart, "c1", names).personal);
    let days: Vec<Value> = (0..20).map(|n| Value::text(format!("19{}-03-1{}", 50 + n, n % 10))).collect();
    assert!(one("members", Bond::Record, "c2", days.clone()).personal);
    assert!(!one("buildings", Bond::Apart, "c2", days).personal);
}

#[test]
fn documents_are_looked_into() {
    let documents: Vec<Value> = (0..10)
        .map(|n| {
            Value::text(format!(
                r#"{{"from":"p{n}@mail.example","size":{n},"p{n}@key.example":1,"cc":["q{n}@mail.example"]}}"#
            ))
        })
        .collect();
    let verdict = one("replies", Bond::Authored, "headers", documents);
    let document = verdict.document.clone().expect("the column holds JSON");
    let wanted = [("$.cc[*]", "user.contact.email"), ("$.from", "user.contact.email")];
    assert_eq!(document.paths, wanted.map(|(p, c)| (p.to_owned(), c.to_owned())));
    assert!(verdict.personal);
    assert!(!format!("{verdict:?}").contains("@key"), "keys of data are data");
}

#[test]
fn national_numbers_need_their_check_digits() {
    let good = texts(&["111222333"], 1);
    assert!(!one("t", Bond::Apart, "code", good).personal, "one number is chance");
    let numbers: Vec<Value> = (0..60_i64).map(|n| Value::Int(100_000_000 + n)).collect();
    assert!(!judge("t", Bond::Apart, &[("code", Class::Int, numbers)])[0].personal, "numbers in a row");
}

#[test]
fn a_sign_alone_and_its_place() {
    assert!(one("orders", Bond::Owned, "shipping_city", vec![]).personal);
    assert!(!one("warehouses", Bond::Apart, "city", vec![]).personal);
    assert!(!one("products", Bond::Apart, "name", vec![]).personal);
    assert!(one("customers", Bond::Record, "name", vec![]).personal);
    assert_eq!(one("users", Bond::Record, "email", vec![]).evidence, ["name says email", "in the record of a person"]);
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(Value::Real),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        ".{0,60}".prop_map(Value::Text),
        "[-+$0-9A-Z:/{}\" @.a-z]{0,60}".prop_map(Value::Text),
        r#"\{"[a-z]{1,4}":("[^"\\]{0,20}"|[0-9]{1,9}|\[[0-9]{1,3}\])\}"#.prop_map(Value::Text),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_panics(name in ".{0,30}", table in "[a-z_.]{0,20}", values in proptest::collection::vec(value(), 0..40)) {
        for bond in [Bond::Record, Bond::Owned, Bond::Apart, Bond::Unknown] {
            for class in [Class::Text, Class::Int, Class::Json, Class::Date, Class::Other] {
                judge(&table, bond, &[(&name, class, values.clone()), ("email", Class::Text, vec![])]);
            }
        }
    }

    #[test]
    fn no_sampled_value_is_in_the_evidence(seed in "[a-z]{6}", kind in 0usize..9, name in "(email|phone|name|body|data|token|ssn|x)") {
        let secret = format!("zq{seed}");
        let value = match kind {
            0 => format!("{secret}@mail.example"),
            1 => format!("{}{} Smith", "Z", &secret[1..]),
            2 => format!(r#"{{"email":"{secret}@x.example","{secret}":{{"name":"{secret}"}}}}"#),
            3 => format!("---\n:a: {secret}@x.example\n"),
            4 => format!("https://x.example/{secret}"),
            5 => format!("$2a$12${secret}{secret}{secret}"),
            6 => format!("please tell {secret} that it works"),
            7 => format!(r#"["{secret}@x.example"]"#),
            _ => secret.clone(),
        };
        let values: Vec<Value> = (0..12).map(|n| Value::text(value.replace(".example", &format!("{n}.example")))).collect();
        let verdict = one("users", Bond::Owned, &name, values);
        prop_assert!(!format!("{verdict:?}").to_lowercase().contains(&secret), "{:?}", verdict.evidence);
    }
}
