//! Names, values and comments as TOML.

use crate::value::Value;

/// A key: bare where TOML allows it.
pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { string(name) }
}

/// A string with everything escaped that needs it, on one line.
pub(crate) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A list of strings.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|n| string(n)).collect();
    format!("[{}]", quoted.join(", "))
}

/// One name, or a list of several.
pub(crate) fn one_or_list(names: &[String]) -> String {
    match names {
        [one] => string(one),
        many => list(many),
    }
}

/// A literal of the map.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Real(r) if r.is_finite() => format!("{r:?}"),
        other => string(&other.join_text().unwrap_or_default()),
    }
}

/// `"table.column"`, or a list where a name holds a sign that would be read as part of the reference.
pub(crate) fn reference(table: &str, column: &str) -> String {
    let plain = |name: &str| !name.is_empty() && !name.contains(['.', ':', '@']);
    if plain(table) && plain(column) {
        string(&format!("{table}.{column}"))
    } else {
        format!("[{}, {}]", string(table), string(column))
    }
}

/// References to several columns of one table.
pub(crate) fn references(table: &str, columns: &[String]) -> String {
    match columns {
        [one] => reference(table, one),
        many => {
            let all: Vec<String> = many.iter().map(|c| reference(table, c)).collect();
            format!("[{}]", all.join(", "))
        }
    }
}

/// Lines of a comment at most some 100 characters wide; what would end a line or steer a terminal is left out.
pub(crate) fn comment(indent: &str, text: &str) -> String {
    const WIDTH: usize = 100;
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = text.chars().map(|c| if steers(c) { '?' } else { c }).collect();
    let mut out = String::new();
    let mut line = String::new();
    for word in clean.split(' ').filter(|w| !w.is_empty()) {
        if !line.is_empty() && line.chars().count() + word.chars().count() + 1 > WIDTH {
            out.push_str(&format!("{indent}# {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.push_str(&format!("{indent}# {line}\n"));
    out
}

/// The same on the rest of a line.
pub(crate) fn aside(text: &str) -> String {
    comment("", text).lines().map(|l| l.trim_start_matches("# ")).collect::<Vec<_>>().join(" ")
}
