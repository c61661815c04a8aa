use serde_json::json;

use super::*;

fn signer() -> Signer {
    Signer::from_seed("acme.example/ledger", &[1; 32]).unwrap()
}

fn body() -> Body {
    Body {
        case: "c-17".into(),
        right: "erasure".into(),
        plan: Hash::of(b"plan"),
        made_at: "2026-12-28T09:30:00Z".into(),
        outcome: Outcome::Complete,
    }
}

fn statements() -> Vec<Statement> {
    vec![
        Statement::new([Audience::Person, Audience::Auditor], "rows.deleted", json!({ "tickets": 3 }), [1; 16]),
        Statement::new([Audience::Auditor], "probe", json!(["helpdesk", 0]), [2; 16]),
        Statement::new([Audience::Everyone], "summary", json!("done"), [3; 16]),
    ]
}

fn signed() -> Certificate {
    Certificate::sign(&body(), statements(), &signer()).unwrap()
}

#[test]
fn a_reader_gets_the_statements_meant_for_them() {
    let names = |reader| signed().disclose(reader).statements().map(|s| s.name().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(Audience::Auditor), ["probe", "rows.deleted", "summary"]);
    assert_eq!(names(Audience::Person), ["rows.deleted", "summary"]);
    assert_eq!(names(Audience::Customer), ["summary"]);
    assert_eq!(signed().disclose(Audience::Customer).statement_count(), 3);
    assert_eq!(signed().disclose(Audience::Customer).digest(), signed().digest());
}

#[test]
fn the_file_survives_reading() {
    for certificate in [signed(), signed().disclose(Audience::Customer)] {
        let bytes = certificate.to_bytes().unwrap();
        assert_eq!(Certificate::parse(&bytes).unwrap(), certificate);
    }
}

#[test]
fn an_undisclosed_statement_leaves_no_trace_but_its_commitment() {
    let file = String::from_utf8(signed().disclose(Audience::Customer).to_bytes().unwrap()).unwrap();
    assert!(!file.contains("helpdesk") && !file.contains("tickets") && !file.contains("0101"));
}

#[test]
fn the_salt_and_the_audience_are_part_of_the_commitment() {
    let of = |audience, salt| Statement::new([audience], "n", json!(1), salt).commitment().unwrap();
    let one = of(Audience::Person, [0; 16]);
    assert_ne!(one, of(Audience::Person, [1; 16]));
    assert_ne!(one, of(Audience::Everyone, [0; 16]));
}

#[test]
fn a_commitment_is_the_hash_of_the_statement_as_the_file_shows_it() {
    let statement = Statement::new([Audience::Auditor, Audience::Person], "n", json!({ "b": 1, "a": "é" }), [0xab; 16]);
    let salt = "ab".repeat(16);
    let shown = format!(r#"{{"audience":["person","auditor"],"name":"n","salt":"{salt}","value":{{"a":"é","b":1}}}}"#);
    assert_eq!(statement.commitment().unwrap(), Hash::of(shown.as_bytes()));
}

#[test]
fn what_cannot_be_certified_is_refused() {
    let sign = |body: &Body, statements| Certificate::sign(body, statements, &signer()).unwrap_err();
    let named = |name: &str| vec![Statement::new([Audience::Person], name, json!(1), [0; 16])];
    assert!(matches!(sign(&Body { case: "Ann Lee".into(), ..body() }, vec![]), CertificateError::Token(_)));
    assert!(matches!(sign(&Body { right: "a\nb".into(), ..body() }, vec![]), CertificateError::Token(_)));
    assert!(matches!(sign(&Body { made_at: "today".into(), ..body() }, vec![]), CertificateError::Token(_)));
    assert!(matches!(sign(&body(), named("two words")), CertificateError::Token(_)));
    assert!(matches!(sign(&body(), [named("n"), named("n")].concat()), CertificateError::Repeated));
    let nobody = vec![Statement::new([], "n", json!(1), [0; 16])];
    assert!(matches!(sign(&body(), nobody), CertificateError::NoAudience(_)));
    let fraction = vec![Statement::new([Audience::Person], "n", json!(0.5), [0; 16])];
    assert!(matches!(sign(&body(), fraction), CertificateError::Canonical(_)));
}

#[test]
fn second_spellings_of_a_file_are_refused() {
    let good = String::from_utf8(signed().to_bytes().unwrap()).unwrap();
    for bad in [
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!(" {good}"),
        good.replace("\"ledger\":null", "\"ledger\": null"),
        good.replace("\"ledger\":null,", ""),
        good.replace("\"ledger\":null", "\"ledger\":null,\"more\":1"),
        good.replace("\"ledger\":null", "\"ledger\":null,\"ledger\":null"),
        good.replace("\"tickets\":3", "\"tickets\":3,\"tickets\":3"),
        good.replace("\"done\"", "\"d\\u006fne\""),
        good.replace(&"01".repeat(16), &"0I".repeat(16)),
        good.replace("[\"person\",\"auditor\"]", "[\"auditor\",\"person\"]"),
    ] {
        assert_ne!(bad, good);
        assert!(Certificate::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}
