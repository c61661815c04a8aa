use proptest::prelude::*;

use super::*;

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

/// Reads, as text to compare.
fn got(text: &str, codec: Codec, at: &str) -> Vec<String> {
    read(text, codec, &path(at)).iter().map(|v| v.join_text().unwrap_or("NULL".into()).into_owned()).collect()
}

fn set(text: &str, codec: Codec, at: &str, value: Value) -> Option<String> {
    edit(text, codec, &path(at), &mut |_| Edit::Set(value.clone()))
}

fn without(text: &str, codec: Codec, at: &str, which: &str) -> Option<String> {
    edit(text, codec, &path(at), &mut |v| {
        if v.join_text().as_deref() == Some(which) { Edit::Drop } else { Edit::Leave }
    })
}

fn masked(text: &str, codec: Codec) -> Option<String> {
    edit_texts(text, codec, &mut |s| s.contains("ann@x.example").then(|| s.replace("ann@x.example", "•••")))
}

#[test]
fn json_keeps_what_nobody_touched() {
    let text = r#"{ "a" : 1.10, "u":"\u0061nn", "a": [ 12345678901234567890 , {"b":null} ],"e":"\/" }"#;
    assert_eq!(got(text, Codec::Json, "$.a"), ["1.10"]);
    assert_eq!(got(text, Codec::Json, "$.u"), ["ann"]);
    assert_eq!(got(text, Codec::Json, "$.a[*]"), ["12345678901234567890"]);
    assert_eq!(got(text, Codec::Json, "$.a[*].b"), ["NULL"]);
    assert_eq!(
        set(text, Codec::Json, "$.u", "b\"é".into()).unwrap(),
        r#"{ "a" : 1.10, "u":"b\"é", "a": [ 12345678901234567890 , {"b":null} ],"e":"\/" }"#
    );
    let list = r#"{"l": [1, 2 ,"x"]}"#;
    assert_eq!(without(list, Codec::Json, "$.l[*]", "1").unwrap(), r#"{"l": [2 ,"x"]}"#);
    assert_eq!(without(list, Codec::Json, "$.l[*]", "2").unwrap(), r#"{"l": [1, "x"]}"#);
    assert_eq!(without(list, Codec::Json, "$.l[*]", "x").unwrap(), r#"{"l": [1, 2]}"#);
    assert_eq!(without("[7]", Codec::Json, "$[*]", "7").unwrap(), "[]");
    assert_eq!(without("7", Codec::Json, "$", "7").unwrap(), "null");
    assert_eq!(set(text, Codec::Json, "$.none", 1.into()), None);
    for broken in ["", "{", "[1,]", "{\"a\":1}x", "01", "\"\\x\"", "nul", "\"\u{1}\"", "[1 2]", "{1:2}", "1.", "-"] {
        assert!(!parses(broken, Codec::Json), "{broken}");
        assert_eq!(got(broken, Codec::Json, "$"), Vec::<String>::new(), "{broken}");
    }
}

#[test]
fn the_element_of_the_last_star_goes_whole() {
    let watchers = r#"{"w": [{"id": 7, "seen": true}, {"id": 8, "of": {"by": 7}}], "id": 7}"#;
    assert_eq!(
        without(watchers, Codec::Json, "$.w[*].id", "7").unwrap(),
        r#"{"w": [{"id": 8, "of": {"by": 7}}], "id": 7}"#
    );
    assert_eq!(
        without(watchers, Codec::Json, "$.w[*].of.by", "7").unwrap(),
        r#"{"w": [{"id": 7, "seen": true}], "id": 7}"#
    );
    assert_eq!(without(watchers, Codec::Json, "$.id", "7").unwrap(), watchers.replace(r#", "id": 7}"#, "}"));
    assert_eq!(without(r#"[{"cc": [7, 8]}]"#, Codec::Json, "$[*].cc[*]", "7").unwrap(), r#"[{"cc": [8]}]"#);
    let php = r#"a:2:{i:0;a:1:{s:2:"id";i:7;}i:1;a:1:{s:2:"id";i:8;}}"#;
    assert_eq!(without(php, Codec::Php, "$[*].id", "7").unwrap(), r#"a:1:{i:0;a:1:{s:2:"id";i:8;}}"#);
    assert_eq!(
        got(&without("- id: 7\n  n: x\n- id: 8\n", Codec::Yaml, "$[*].id", "7").unwrap(), Codec::Yaml, "$[*].n"),
        Vec::<String>::new()
    );
    let shared = without("w: [&a {id: 7, n: x}, {id: 8}]\nz: *a\n", Codec::Yaml, "$.w[*].id", "7").unwrap();
    assert_eq!(got(&shared, Codec::Yaml, "$.w[*].id"), ["8"]);
    assert_eq!(got(&shared, Codec::Yaml, "$.z.n"), ["x"]);
}

#[test]
fn lengths_of_php_are_counted_anew() {
    let text = r#"a:2:{s:4:"mail";s:13:"ann@x.example";s:3:"ids";a:3:{i:0;i:4;i:1;i:5;i:2;i:6;}}"#;
    assert_eq!(got(text, Codec::Php, "$.mail"), ["ann@x.example"]);
    assert_eq!(got(text, Codec::Php, "$.ids[*]"), ["4", "5", "6"]);
    assert!(masked(text, Codec::Php).unwrap().contains(r#"s:9:"•••";"#));
    assert!(without(text, Codec::Php, "$.ids[*]", "5").unwrap().ends_with("a:2:{i:0;i:4;i:1;i:6;}}"));
    assert!(without(text, Codec::Php, "$.mail", "ann@x.example").unwrap().starts_with(r#"a:1:{s:3:"ids""#));
    let object = "O:4:\"User\":2:{s:7:\"\0*\0mail\";s:3:\"x\u{e9}\";s:4:\"self\";r:1;}";
    assert_eq!(got(object, Codec::Php, "$.mail"), ["xé"]);
    // Values after it are referred to by number, so it stays in its place.
    assert!(without(object, Codec::Php, "$.mail", "xé").unwrap().contains("mail\";N;"));
    let custom = r#"a:1:{i:0;C:1:"X":15:{{ann@x.example}}}"#;
    assert_eq!(masked(custom, Codec::Php).unwrap(), "a:1:{i:0;N;}");
    for broken in ["", "i:;", "s:9:\"a\";", "s:1:\"é\";", "a:1:{i:0;}", "a:99999999999999999999:{}", "i:1;i:2;", "b:2;"]
    {
        assert!(!parses(broken, Codec::Php), "{broken}");
    }
}

#[test]
fn queries_and_urls() {
    let url = "https://x.example/u/ann%40x.example?to=ann%40x.example&ids[]=4&ids[]=5&a+b=c#ann@x.example";
    assert_eq!(got(url, Codec::Url, "$.to"), ["ann@x.example"]);
    assert_eq!(got(url, Codec::Url, "$.ids[*]"), ["4", "5"]);
    assert_eq!(got("id=3&id=4", Codec::Url, "$.id"), ["3", "4"]);
    assert_eq!(got("back=/x?y=1&id=3", Codec::Url, "$.back"), ["/x?y=1"]);
    assert_eq!(got("list?id=3", Codec::Url, "$.id"), ["3"]);
    assert_eq!(got("u[mail]=a%20b+c", Codec::Url, "$.u.mail"), ["a b c"]);
    assert_eq!(
        without(url, Codec::Url, "$.ids[*]", "4").unwrap(),
        "https://x.example/u/ann%40x.example?to=ann%40x.example&ids[]=5&a+b=c#ann@x.example"
    );
    assert_eq!(without("a=1&b=2", Codec::Url, "$.b", "2").unwrap(), "a=1");
    assert_eq!(set("a=1&b=2", Codec::Url, "$.a", "x&y z".into()).unwrap(), "a=x%26y%20z&b=2");
    let gone = masked(url, Codec::Url).unwrap();
    assert_eq!(gone.matches("%E2%80%A2%E2%80%A2%E2%80%A2").count(), 3);
    assert!(!gone.contains("ann"));
}

#[test]
fn yaml_is_changed_in_place() {
    let text = "# of ann@x.example\nname: Ann # x\n:mail: 'ann@x.example'  # \u{e9}\nbox: &b\n  - 1\n  - two\n  - {q: [3, 4], r: ~}\nalso: *b\nnote: |\n  hi\n  there\nempty:\nlast: \"\\u0061\"\n";
    assert_eq!(got(text, Codec::Yaml, "$.name"), ["Ann"]);
    assert_eq!(got(text, Codec::Yaml, "$.mail"), ["ann@x.example"]);
    assert_eq!(got(text, Codec::Yaml, "$.also[*]"), ["1", "two"]);
    assert_eq!(got(text, Codec::Yaml, "$.box[*].q[*]"), ["3", "4"]);
    assert_eq!(got(text, Codec::Yaml, "$.note"), ["hi\nthere\n"]);
    assert_eq!(got(text, Codec::Yaml, "$.empty"), ["NULL"]);
    let changed = |at: &str, was: &str, is: &str| {
        assert_eq!(set(text, Codec::Yaml, at, "N".into()).unwrap(), text.replace(was, is), "{at}");
        assert_eq!(got(&text.replace(was, is), Codec::Yaml, at), ["N"], "{at}");
    };
    changed("$.name", "Ann #", "\"N\" #");
    changed("$.mail", "'ann@x.example'", "\"N\"");
    changed("$.note", "|\n  hi\n  there", "\"N\"");
    changed("$.empty", "empty:", "empty: \"N\"");
    changed("$.last", "\"\\u0061\"", "\"N\"");
    let dropped = |at: &str, which: &str, was: &str, is: &str| {
        assert_eq!(without(text, Codec::Yaml, at, which).unwrap(), text.replace(was, is), "{at} {which}");
    };
    dropped("$.box[*]", "1", "- 1\n  - two", "- two");
    dropped("$.box[*]", "two", "- two\n  - {", "- {");
    dropped("$.box[*].q[*]", "3", "[3, 4]", "[4]");
    dropped("$.box[*].q[*]", "4", "[3, 4]", "[3]");
    dropped("$.name", "Ann", "name: Ann # x\n", "");
    assert_eq!(without("a:\n  - x\n", Codec::Yaml, "$.a[*]", "x").unwrap(), "a:\n   []\n");
    assert_eq!(without("l:\n  a: x\n  b: y", Codec::Yaml, "$.l.a", "x").unwrap(), "l:\n  b: y");
    assert_eq!(without("l:\n  a: x\n  b: y", Codec::Yaml, "$.l.b", "y").unwrap(), "l:\n  a: x");
    let gone = masked(text, Codec::Yaml).unwrap();
    assert!(!gone.contains("ann@x.example") && gone.starts_with("# of •••\n"));
    assert_eq!(got("a: &d {x: 1}\nb:\n  <<: *d\n  y: 2", Codec::Yaml, "$.b.x"), ["1"]);
    let ruby = "--- !ruby/object:Mail\nto: !ruby/string ann@x.example\nok: yes\n";
    assert_eq!(masked(ruby, Codec::Yaml).unwrap(), ruby.replace("ann@x.example", "\"•••\""));
    assert!(!parses("a: [", Codec::Yaml));
}

#[test]
fn keys_are_changed_too_and_stay_apart() {
    let text = r#"{"ann@x.example":1,"\u0061nn@x.example":2,"to":{"ann@x.example":"\u0061nn@x.example"}}"#;
    assert_eq!(masked(text, Codec::Json).unwrap(), r#"{"•••":1,"•••2":2,"to":{"•••":"•••"}}"#);
    let digits = edit_texts("[491511234567, 49151123456, 1.5]", Codec::Json, &mut |s| {
        (s == "491511234567").then(|| "•••".into())
    });
    assert_eq!(digits.unwrap(), "[null, 49151123456, 1.5]");
}

#[test]
fn depth_is_bounded() {
    for codec in [Codec::Json, Codec::Yaml] {
        assert!(parses(&format!("{}{}", "[".repeat(100), "]".repeat(100)), codec));
        assert!(!parses(&format!("{}{}", "[".repeat(50_000), "]".repeat(50_000)), codec));
    }
    assert!(!parses(&format!("{}i:1;{}", "a:1:{i:0;".repeat(5_000), "}".repeat(5_000)), Codec::Php));
    let laughs: String = (1..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect();
    let laughs = format!("a0: &a0 [x]\n{laughs}");
    assert_eq!(got(&laughs, Codec::Yaml, "$.a39[*][*][*][*]"), Vec::<String>::new());
    assert_eq!(got(&laughs, Codec::Yaml, "$.a2[*][*][*]"), ["x"]);
}

const CODECS: [Codec; 4] = [Codec::Json, Codec::Yaml, Codec::Php, Codec::Url];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        "\\PC{0,9}".prop_map(Value::Text),
        "[a-z:#'\"\\\\\n{}\\[\\],&*!|>%@ -]{0,9}".prop_map(Value::Text),
    ]
}

/// A document of members, written by hand, with the value at `$.k` and in the list at `$.l`.
fn document(codec: Codec, k: &Value, l: &[Value]) -> String {
    let one = |v: &Value| written(v, codec);
    let list: Vec<String> = l.iter().map(one).collect();
    match codec {
        Codec::Json => format!("{{\"x\": [1 ,2], \"k\": {}, \"l\" : [{}] }}", one(k), list.join(" , ")),
        Codec::Yaml if l.is_empty() => format!("x: [1 ,2]\nk: {} # c\nl: []\nz: |\n  t\n", one(k)),
        Codec::Yaml => format!("x: [1 ,2]\nk: {} # c\nl:\n- {}\nz: |\n  t\n", one(k), list.join("\n- ")),
        Codec::Php => {
            let items: String = list.iter().enumerate().map(|(n, v)| format!("i:{n};{v}")).collect();
            format!("a:2:{{s:1:\"k\";{}s:1:\"l\";a:{}:{{{items}}}}}", one(k), l.len())
        }
        Codec::Url => {
            let items: String = list.iter().map(|v| format!("&l[]={v}")).collect();
            format!("/p?x=1&k={}{items}#f", one(k))
        }
    }
}

/// As it comes back: a query string holds texts only.
fn back(codec: Codec, v: &Value) -> Value {
    match codec {
        Codec::Url => Value::text(v.join_text().unwrap_or_default()),
        _ => v.clone(),
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_what_changes_still_reads(text in "\\PC{0,40}|[\\[\\]{}\":,;a-f0-9is#&*?!|>'\\\\ \n-]{0,40}") {
        for codec in CODECS {
            for at in ["$", "$.a", "$[*]", "$.a[*].b"] {
                read(&text, codec, &path(at));
                for edit_to in [Edit::Drop, Edit::Set(Value::text("n: ew"))] {
                    if let Some(changed) = edit(&text, codec, &path(at), &mut |_| edit_to.clone()) {
                        prop_assert!(parses(&changed, codec));
                    }
                }
            }
            if let Some(changed) = edit_texts(&text, codec, &mut |s| Some(format!("<{s}>"))) {
                prop_assert!(parses(&changed, codec));
            }
        }
    }

    #[test]
    fn one_value_changes_and_no_other(
        k in value(), new in value(), l in proptest::collection::vec(value(), 0..4), gone in any::<u8>()
    ) {
        for codec in CODECS {
            let text = document(codec, &k, &l);
            prop_assert_eq!(read(&text, codec, &path("$.k")), vec![back(codec, &k)]);
            prop_assert_eq!(read(&text, codec, &path("$.l[*]")), l.iter().map(|v| back(codec, v)).collect::<Vec<_>>());
            let expected = document(codec, &new, &l);
            let changed = edit(&text, codec, &path("$.k"), &mut |_| Edit::Set(new.clone()));
            prop_assert_eq!(changed.unwrap_or_else(|| text.clone()), expected);
            let mut nth = 0;
            let dropped = edit(&text, codec, &path("$.l[*]"), &mut |_| {
                nth += 1;
                if gone >> nth & 1 == 1 { Edit::Drop } else { Edit::Leave }
            });
            let kept: Vec<Value> =
                l.iter().enumerate().filter(|(n, _)| gone >> (n + 1) & 1 == 0).map(|(_, v)| back(codec, v)).collect();
            let dropped = dropped.unwrap_or_else(|| text.clone());
            prop_assert_eq!(read(&dropped, codec, &path("$.l[*]")), kept);
            prop_assert_eq!(read(&dropped, codec, &path("$.k")), vec![back(codec, &k)]);
        }
    }
}
