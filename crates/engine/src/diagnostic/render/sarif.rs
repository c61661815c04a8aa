//! Findings in SARIF 2.1.0, the format in which code hosts and editors take them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::sorted;
use crate::diagnostic::catalogue::{PAGES, Page};
use crate::diagnostic::{Diagnostic, Label, Severity, codes};
use crate::source::{Source, Span};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One run of `version` of the program with all findings. Places are relative to `root`, the folder's own place with `/`
/// at its end as code hosts want it (such as `policies/acme/`), or empty. Columns count UTF-16 units.
pub fn sarif(findings: &[Diagnostic], source: &Source, root: &str, version: &str) -> String {
    let codes: BTreeSet<&str> = findings.iter().map(|d| d.code.0).collect();
    let rules: Vec<&Page> = PAGES.iter().filter(|page| codes.contains(page.code)).collect();
    let results = sorted(findings, source).into_iter().map(|d| result(d, source, root, &rules));
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "upheld",
                "semanticVersion": version,
                "rules": rules.iter().map(|page| rule(page)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    serde_json::to_string_pretty(&log).expect("strings and numbers always serialise")
}

fn rule(page: &Page) -> Value {
    json!({
        "id": page.code,
        "shortDescription": { "text": capital(page.title()) },
        "fullDescription": { "text": page.meaning() },
        "help": { "text": page.text, "markdown": page.text },
    })
}

fn result(d: &Diagnostic, source: &Source, root: &str, rules: &[&Page]) -> Value {
    let message = match &d.help {
        Some(help) => format!("{}. Help: {help}", capital(&d.message)),
        None => capital(&d.message),
    };
    let mut result = json!({
        "ruleId": d.code.0,
        "level": match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": message },
    });
    if let Some(nth) = rules.iter().position(|page| page.code == d.code.0) {
        result["ruleIndex"] = json!(nth);
    }
    let mut places = d.labels.iter().map(|label| location(label, source, root));
    // A finding about a file that is missing belongs to the folder as a whole, where a code host wants a place.
    let first = places.next().unwrap_or_else(|| whole_file(root, "policy.toml"));
    result["locations"] = json!([first]);
    let others: Vec<Value> = places.collect();
    if !others.is_empty() && d.code != codes::SECRET {
        result["relatedLocations"] = json!(others);
    }
    result
}

fn location(label: &Label, source: &Source, root: &str) -> Value {
    let (start, end) = (position(source, label.span.start, label), position(source, label.span.end, label));
    let mut place = whole_file(root, &source.file(label.span.file).path);
    place["physicalLocation"]["region"] =
        json!({ "startLine": start.0, "startColumn": start.1, "endLine": end.0, "endColumn": end.1 });
    if !label.text.is_empty() {
        place["message"] = json!({ "text": capital(&label.text) });
    }
    place
}

fn whole_file(root: &str, path: &str) -> Value {
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&format!("{root}{path}")) } } })
}

/// Line and column of a byte, both from 1, columns in UTF-16 units.
fn position(source: &Source, byte: u32, label: &Label) -> (usize, usize) {
    let at = Span { start: byte, end: byte, ..label.span };
    let (line, _) = source.line_column(at);
    let before = &source.file(label.span.file).text[..byte as usize];
    let in_line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    (line, in_line.encode_utf16().count() + 1)
}

/// A relative reference of RFC 3986: everything but unreserved characters and `/` is escaped.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'/');
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    fn log(findings: &[Diagnostic], source: &Source) -> Value {
        serde_json::from_str(&sarif(findings, source, "my policies/", "0.1.0")).expect("JSON")
    }

    #[test]
    fn places_are_relative_and_count_utf16() {
        let mut source = Source::default();
        let file = source.add("systems/a b.toml", "x = \"𝒳é\"\r\ny = \"𝒳\" # bad\n");
        let at = source.file(file).text.find("bad").unwrap() as u32;
        let first = Span { file, start: 0, end: 1 };
        let finding =
            Diagnostic::error(codes::UNKNOWN_KEY, "no such key", Span { file, start: at, end: at + 3 }, "this")
                .label(first, "that")
                .help("take it out");
        let log = log(&[finding], &source);
        let run = &log["runs"][0];
        let result = &run["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20policies/systems/a%20b.toml");
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 15 }));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "That");
        assert_eq!(result["message"]["text"], "No such key. Help: take it out");
        assert_eq!(run["columnKind"], "utf16CodeUnits");
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("## Why it matters"));
        assert!(!rule["fullDescription"]["text"].as_str().unwrap().is_empty());
    }

    #[test]
    fn a_finding_without_place_and_a_folder_without_finding() {
        let (source, none) = (Source::default(), []);
        assert_eq!(log(&none, &source)["runs"][0]["results"], json!([]));
        let mut lonely =
            Diagnostic::error(codes::FILE, "none", Span { file: crate::source::FileId(0), start: 0, end: 0 }, "");
        lonely.labels.clear();
        let result = &log(&[lonely], &source)["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "my%20policies/policy.toml");
    }
}
