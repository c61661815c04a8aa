//! The pages of an access package, and of notices, in a real browser: narrow and wide, light and dark, in both languages, with hostile
//! content.

mod driver;
mod egress;
mod look;
mod notices;
mod sample;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::sync::OnceLock;

use driver::Browser;
use sample::Answer;
use support::Company;

const WIDTHS: [u32; 4] = [1280, 640, 390, 320];

/// Runs a test on the packages; says all that it found.
fn with_packages(test: impl AsyncFn(&Browser, &[Answer]) -> Vec<String>) {
    static MADE: OnceLock<(Company, Vec<Answer>)> = OnceLock::new();
    if driver::unwanted() {
        return;
    }
    let user = driver::unprivileged();
    let (_, answers) = MADE.get_or_init(|| {
        let company = Company::sqlite(60);
        let answers = sample::answers(&company, user);
        (company, answers)
    });
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let found = runtime.block_on(async {
        let browser = Browser::start(user).await;
        let found = test(&browser, answers).await;
        browser.close().await;
        found
    });
    assert!(found.is_empty(), "{} findings\n{}", found.len(), found.join("\n"));
}

/// The pages of a package: the first, and of each table's further ones the first and the last.
fn pages(answer: &Answer) -> Vec<PathBuf> {
    let mut pages = vec![answer.dir.join("index.html")];
    let further = look::files(&answer.dir.join("pages"));
    let table = |page: &PathBuf| page.to_string_lossy().rsplit_once('-').map(|(table, _)| table.to_owned());
    for chunk in further.chunk_by(|a, b| table(a) == table(b)) {
        pages.extend(chunk.first().cloned());
        pages.extend(chunk[1..].last().cloned());
    }
    pages
}

#[test]
fn pages_fit_every_width_and_load_nothing() {
    with_packages(async |browser, answers| {
        let mut found = Vec::new();
        for answer in answers {
            for page in pages(answer) {
                for width in WIDTHS {
                    browser.screen(width, false).await;
                    browser.open(&page).await;
                    let here = |what: String| format!("{} at {width}: {what}", look::name(answer, &page));
                    found.extend(look::overflow(browser).await.into_iter().map(here));
                    found.extend(look::troubles(browser, &answer.dir).await.into_iter().map(here));
                    found.extend(look::strangers(browser).await.into_iter().map(here));
                }
            }
        }
        found
    });
}

#[test]
fn axe_finds_nothing_serious_in_light_and_dark_in_both_languages() {
    with_packages(async |browser, answers| {
        let mut found = Vec::new();
        for answer in answers {
            let tickets = answer.dir.join("pages/helpdesk/tickets-1.html");
            for page in [answer.dir.join("index.html"), tickets].into_iter().filter(|p| p.exists()) {
                for (width, dark) in [(1280, false), (390, true)] {
                    browser.screen(width, dark).await;
                    browser.open(&page).await;
                    let here = |what: String| format!("{} at {width}, dark {dark}: {what}", look::name(answer, &page));
                    found.extend(look::axe(browser).await.into_iter().map(here));
                }
            }
        }
        found
    });
}

#[test]
fn every_link_leads_somewhere_and_titles_differ() {
    with_packages(async |browser, answers| {
        let mut found = Vec::new();
        for answer in answers {
            let mut titles = std::collections::BTreeSet::new();
            for page in look::files(&answer.dir).into_iter().filter(|f| f.extension().is_some_and(|e| e == "html")) {
                browser.open(&page).await;
                let here = |what: String| format!("{}: {what}", look::name(answer, &page));
                found.extend(look::broken_links(browser, &answer.dir).await.into_iter().map(here));
                let title = browser.client.title().await.expect("a title");
                let language = browser.script("return document.documentElement.lang").await;
                if language != answer.language {
                    found.push(here(format!("its language is {language}")));
                }
                if !titles.insert(title.clone()) {
                    found.push(here(format!("another page has its title, {title}")));
                }
            }
        }
        found
    });
}

/// A page with all that the others must not have.
const BAD: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bad</title></head><body><main><h1>Bad</h1>
    <p style="color:#ccc;background:#fff">pale</p> <div class="wide" style="width:3000px">wide</div> <a href="gone.html">gone</a>
    <img src="http://127.0.0.1:9/x.png" alt="x"> <p onclick="1">x</p> <script>window.caught = 1; console.error("said")</script></main></body></html>"#;

#[test]
fn these_tests_find_what_they_look_for() {
    with_packages(async |browser, _| {
        let dir = tempfile::tempdir().expect("a folder");
        let page = dir.path().join("bad.html");
        std::fs::write(&page, BAD).expect("the page");
        driver::open_to_all(dir.path());
        browser.screen(390, false).await;
        browser.open(&page).await;
        let overflow = look::overflow(browser).await.join("\n");
        let troubles = look::troubles(browser, dir.path()).await.join("\n");
        let strangers = look::strangers(browser).await.join("\n");
        let links = look::broken_links(browser, dir.path()).await.join("\n");
        let axe = look::axe(browser).await.join("\n");
        let expected = [
            (&overflow, "class=wide"),
            (&overflow, "scrolls sideways"),
            (&troubles, "said"),
            (&troubles, "asks for http://127.0.0.1:9/x.png"),
            (&strangers, "<SCRIPT>"),
            (&strangers, "<P onclick>"),
            (&strangers, "a script ran"),
            (&links, "gone.html"),
            (&axe, "color-contrast"),
        ];
        let missed = expected.iter().filter(|(found, what)| !found.contains(what));
        missed.map(|(found, what)| format!("{what} is not found, only {found}")).collect()
    });
}

#[test]
fn a_keyboard_reaches_the_data_first() {
    with_packages(async |browser, answers| {
        browser.open(&answers[0].dir.join("index.html")).await;
        for kind in ["keyDown", "keyUp"] {
            let tab = serde_json::json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
            browser.tell("Input.dispatchKeyEvent", tab).await;
        }
        let script = "const a = document.activeElement, r = a.getBoundingClientRect();
            return [a.className, a.getAttribute('href'), r.top >= 0 && r.height >= 24,
                    getComputedStyle(a).outlineStyle, document.getElementById('data') !== null]";
        let focused = browser.script(script).await;
        let expected = serde_json::json!(["skip", "#data", true, "solid", true]);
        if focused == expected { Vec::new() } else { vec![format!("the first stop of the keyboard: {focused}")] }
    });
}
