//! A notice built from a folder whose names and words are traps: all files come out, and nothing in them runs or is loaded.

use std::path::Path;

use crate::{change, copy, example, upheld};

/// Every file that `notice build` writes.
const FILES: [&str; 11] = [
    "lookback.csv",
    "lookback.html",
    "notice.html",
    "notice.jsonld",
    "notice.md",
    "processing.csv",
    "processing.html",
    "recipients.csv",
    "recipients.html",
    "trackers.csv",
    "trackers.html",
];

const RECIPIENT: &str = "\n[recipient.trap]\nname = \"=cmd()\"\nrole = \"processor\"\ncountry = \"GB\"\nkind = \"other_processor\"\n\
    function = \" @SUM(1)<b>x</b>\"\nmechanism = \"none_needed\"\npurposes = [\"support-admin\"]\ncategories = [\"support\"]\n\
    needs = \"contract\"\nagreement = \"2024-09-01\"\nterms = [\"confidentiality\"]\npublished = true\n";

const WORDS: &str = "\n## <img src=x onerror=alert(1)> heading\n\n<svg onload=alert(1)></svg> and [a link](javascript:alert(1)) and \
    ![a picture](https://trap.example/x.png) and [home](https://www.stanmere.example/)\n\n<div onclick=\"alert(1)\">block</div>\n";

/// Formulas behind what is not seen, and with a sign of full width.
const FORMULAS: [&str; 3] = [" =HYPERLINK(\\\"http://x.example\\\")", "\u{ff1d}cmd|calc", "\u{200b}+SUM(1)"];

fn append(file: &Path, text: &str) {
    let before = std::fs::read_to_string(file).expect("a file");
    std::fs::write(file, before + text).expect("a longer file");
}

/// The cells of what `notice build` writes run in no spreadsheet: the same holds for them as for the cells of an answer.
#[test]
fn formulas_behind_signs_that_are_not_seen_are_prefixed() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("it-services", place.path());
    for (nth, formula) in FORMULAS.iter().enumerate() {
        let recipient =
            RECIPIENT.replace("recipient.trap", &format!("recipient.trap-{nth}")).replace("=cmd()", formula);
        append(&folder.join("recipients.toml"), &recipient);
    }
    let out = place.path().join("out");
    let built =
        upheld(place.path(), &["notice", "build", &folder.display().to_string(), "--out", &out.display().to_string()]);
    assert_eq!(built.code, 0, "{built:?}");
    let text = std::fs::read_to_string(out.join("recipients.csv")).expect("the list");
    for formula in FORMULAS {
        let plain = formula.replace('\\', "").replace('"', "\"\"");
        assert!(text.contains(&format!("'{plain}")), "{plain} is not prefixed in {text}");
    }
}

/// Headings with code in them, and the same heading twice, and three unbound sentences in one paragraph.
const HEADINGS: &str = "\n## What `cookies` do\n\nWe will never tell you. We will never ask you. We will never stop.\n\n\
    ## What `cookies` do\n\nMore.\n\n## Contents\n\nLess, as [said](#what-cookies-do) and [again](#what-cookies-do-1).\n";

/// Every link of a page leads to something that is there, and no two things have one id.
fn is_joined(page: &str, html: &str) {
    let of = |mark: &str| -> Vec<String> {
        html.match_indices(mark)
            .filter_map(|(at, _)| html[at + mark.len()..].split('"').next().map(str::to_owned))
            .collect()
    };
    let ids = of(" id=\"");
    let mut single = ids.clone();
    single.sort();
    single.dedup();
    assert_eq!(single.len(), ids.len(), "{page}: two of one id in {ids:?}");
    for target in [of(" href=\"#"), of("aria-describedby=\""), of("aria-labelledby=\"")].concat() {
        assert!(ids.contains(&target), "{page}: nothing is {target}");
    }
}

#[test]
fn links_lead_to_headings_and_ids_are_there_once() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("it-services", place.path());
    append(&folder.join("notice.md"), HEADINGS);
    let path = folder.display().to_string();
    let out = place.path().join("out");
    let built = upheld(place.path(), &["notice", "build", &path, "--out", &out.display().to_string()]);
    assert_eq!(built.code, 0, "{built:?}");
    let notice = std::fs::read_to_string(out.join("notice.html")).expect("the notice");
    assert!(notice.contains("href=\"#what-cookies-do-1\""), "the second heading is reached by another link");
    is_joined("notice.html", &notice);
    let page = place.path().join("coverage.html");
    let covered = upheld(place.path(), &["coverage", &path, "--html", &page.display().to_string()]);
    assert_eq!(covered.code, 1, "three sentences are unbound: {covered:?}");
    let page = std::fs::read_to_string(page).expect("the page");
    assert!(page.contains("We will never stop."), "the sentences stand there");
    is_joined("coverage.html", &page);
}

#[test]
fn names_and_words_that_are_traps_stay_text() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("it-services", place.path());
    append(&folder.join("recipients.toml"), RECIPIENT);
    append(&folder.join("notice.md"), WORDS);
    change(&folder.join("policy.toml"), "Stanmere IT Services Limited", "<script>alert(1)</script>");
    let out = place.path().join("out");
    let paths = [folder.display().to_string(), out.display().to_string()];
    let built = upheld(place.path(), &["notice", "build", &paths[0], "--out", &paths[1]]);
    assert_eq!(built.code, 0, "{built:?}");

    let mut written: Vec<String> = std::fs::read_dir(&out)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().display().to_string())
        .collect();
    written.sort();
    assert_eq!(written, FILES);
    let text = |name: &str| std::fs::read_to_string(out.join(name)).expect("a file");
    for page in FILES.iter().filter(|f| f.ends_with(".html")) {
        let html = text(page);
        for trap in ["<script", "<img", "<svg", "<b>x", "<div onclick", "href=\"javascript:", "trap.example"] {
            assert!(!html.to_lowercase().contains(trap), "{page} has {trap}");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page} does not name the company");
        assert!(html.contains("default-src 'none'"), "{page} may load something");
    }
    let notice = text("notice.html");
    for stays in [
        "&lt;img src=x onerror=alert(1)&gt; heading</h2>",
        "a link",
        "a picture",
        "href=\"https://www.stanmere.example/\"",
    ] {
        assert!(notice.contains(stays), "{stays} is gone");
    }
    for table in FILES.iter().filter(|f| f.ends_with(".csv")) {
        let csv = text(table);
        let mut rows = csv::Reader::from_reader(csv.as_bytes());
        for row in rows.records() {
            let row = row.expect("a row");
            let runs = row.iter().find(|cell| cell.trim_start().starts_with(['=', '+', '-', '@']));
            assert!(runs.is_none(), "{table}: a spreadsheet would run {runs:?}");
        }
    }
    assert!(text("recipients.csv").contains("'=cmd()"), "the recipient with the odd name is listed");
    assert!(text("recipients.csv").contains("' @SUM(1)"), "a blank does not hide a formula");
    let linked: serde_json::Value = serde_json::from_str(&text("notice.jsonld")).expect("JSON-LD");
    assert!(linked["@context"].is_object(), "{linked}");
    assert_eq!(linked["dpv:hasDataController"]["dpv:hasName"], "<script>alert(1)</script>", "data stays as it is");
}

#[test]
fn a_placeholder_that_leads_nowhere_is_refused_and_nothing_is_written() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("it-services", place.path());
    append(&folder.join("notice.md"), "\nSee {{ contact:nobody.address }}.\n");
    let (folder, out) = (folder.display().to_string(), place.path().join("out"));
    let built = upheld(place.path(), &["notice", "build", &folder, "--out", &out.display().to_string()]);
    assert_eq!(built.code, 2, "{built:?}");
    assert!(built.stderr.contains("contact:nobody.address"), "{built:?}");
    assert!(!out.exists(), "nothing is written");
}

#[test]
fn the_same_folder_and_day_give_the_same_bytes() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("helpdesk").display().to_string();
    let build = |name: &str| {
        let out = place.path().join(name);
        let args = ["notice", "build", &folder, "--day", "2026-12-01", "--out", &out.display().to_string()];
        let built = upheld(place.path(), &args);
        assert_eq!(built.code, 0, "{built:?}");
        FILES.map(|file| std::fs::read(out.join(file)).expect("a file"))
    };
    assert!(build("one") == build("two"));
}
