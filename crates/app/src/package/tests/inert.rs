//! Hostile content shows as what it is.

use engine::policy::model::Access;
use engine::schema::Class;
use engine::value::Value;

use super::{place, sample, text};
use crate::package::{Extra, Package};

const SCRIPT: &str = "<script>alert(1)</script>";
const BREAKOUT: &str = "\"><img src=x onerror=alert(1)>";
const TABLE: &str = "../../x\"><script>\u{202e}";

/// The page of a package full of traps.
fn page() -> String {
    let (_temp, dir) = place();
    let mut policy = sample::policy();
    policy.company = "</title><script>".into();
    policy.about.contact = Some(BREAKOUT.into());
    policy.about.officer = Some("javascript:alert(1)//x@y.example".into());
    let columns = [SCRIPT, BREAKOUT].map(|n| (n, Class::Text, "", true));
    sample::add_table(&mut policy, 1, TABLE, &columns);
    let values = [SCRIPT, BREAKOUT, "javascript:alert(1)", "a\u{202e}b\u{0}c", "</bdi></style>", "&lt;"];
    let step = sample::export(TABLE, &[SCRIPT, BREAKOUT], Access::Row, &[SCRIPT], values.len());
    let mut plan = sample::plan_of(vec![("helpdesk", vec![step.clone()])]);
    plan.request = SCRIPT.into();
    let mut package = Package::create(&dir, &plan, &policy).unwrap();
    sample::feed(&mut package, "helpdesk", &step, values.iter().map(|v| vec![Value::from(*v), Value::from(*v)]));
    package.finish(&Extra::default()).unwrap();
    assert!(dir.join("data/helpdesk/_._.._x___script__.jsonl").exists());
    text(&dir, "index.html")
}

/// All tags of a page, attributes included.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or(rest))
}

#[test]
fn hostile_values_and_names_stay_text() {
    let page = page();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for tag in tags(&page) {
        let tag: String = tag.split('"').step_by(2).collect();
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        assert!(!["script", "img", "iframe", "object", "link", "base", "form", "svg"].contains(&name), "<{tag}>");
        assert!(!tag.contains(" on") && !tag.contains(" style=") && !tag.contains(" src="), "<{tag}>");
    }
    assert!(page.contains("a<span class=\"mark\">U+202E</span>b<span class=\"mark\">U+0000</span>c"));
    assert!(page.contains("&amp;lt;"));
}

#[test]
fn links_lead_only_into_the_package() {
    for tag in tags(&page()).filter(|t| t.contains("href=")) {
        let inside = ["#", "data/", "manifest.json\""].iter().any(|to| tag.contains(&format!("href=\"{to}")));
        // The authority comes from the rules, not from any value.
        assert!(inside || tag.contains("href=\"https://www.datatilsynet.no\" rel=\"noreferrer\""), "<{tag}>");
    }
}

#[test]
fn nothing_may_load_and_the_style_is_the_one_allowed() {
    use base64::Engine as _;
    use sha2::Digest;
    let page = page();
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    assert!(page.contains(&format!("content=\"default-src 'none'; style-src 'sha256-{hash}'; ")));
    assert!(!style.contains("url(") && !style.contains("@import"));
}
