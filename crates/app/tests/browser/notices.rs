//! The coverage page, the notice and its papers of two companies in a real browser: wide, narrow, by keyboard, on paper.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::json;

use crate::driver::{self, Browser};
use crate::look;
use crate::support::program;

const COMPANIES: [&str; 2] = ["it-services", "helpdesk"];
const PAPERS: [&str; 4] = ["recipients", "processing", "lookback", "trackers"];
/// Width, and whether in the dark; the second company is looked at on a phone only.
const VIEWS: [(u32, bool); 3] = [(1280, false), (390, false), (1280, true)];

/// The pages of the companies in a folder that the browser's user can enter.
fn made() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let place = tempfile::tempdir().expect("a folder");
        driver::open_to_all(place.path());
        for company in COMPANIES {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(company);
            let (folder, out) = (folder.display().to_string(), place.path().join(company));
            let page = out.join("coverage.html").display().to_string();
            let out = out.display().to_string();
            run(place.path(), &["notice", "build", &folder, "--out", &out], &[0]);
            run(place.path(), &["coverage", &folder, "--html", &page], &[0, 1]);
        }
        place
    });
    made.path()
}

fn run(place: &Path, args: &[&str], codes: &[i32]) {
    let done = program(&place.join("home")).args(args).output().expect("the program runs");
    assert!(done.status.code().is_some_and(|code| codes.contains(&code)), "{args:?}: {done:?}");
}

/// Every page of a company.
fn pages(company: &str) -> Vec<PathBuf> {
    let names = ["notice", "coverage"].into_iter().chain(PAPERS);
    names.map(|name| made().join(company).join(format!("{name}.html"))).collect()
}

/// Runs a test in a browser; says all that it found.
fn with_browser(test: impl AsyncFn(&Browser) -> Vec<String>) {
    if driver::unwanted() {
        return;
    }
    made();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let found = runtime.block_on(async {
        let browser = Browser::start(driver::unprivileged()).await;
        let found = test(&browser).await;
        browser.close().await;
        found
    });
    assert!(found.is_empty(), "{} findings\n{}", found.len(), found.join("\n"));
}

#[test]
fn notices_and_coverage_fit_load_nothing_keep_nobody_out_and_answer_to_the_keyboard() {
    with_browser(async |browser| {
        let mut found = Vec::new();
        for (page, views) in COMPANIES
            .into_iter()
            .zip([&VIEWS[..], &VIEWS[1..2]])
            .flat_map(|(c, v)| pages(c).into_iter().map(move |p| (p, v)))
        {
            for (width, dark) in views.iter().copied() {
                browser.screen(width, dark).await;
                browser.open(&page).await;
                let mut here = look::overflow(browser).await;
                here.extend(look::troubles(browser, made()).await);
                here.extend(look::strangers(browser).await);
                here.extend(look::axe(browser).await);
                if page.ends_with("coverage.html") {
                    here.extend(tip(browser, width).await);
                }
                here.extend(printed(browser).await);
                let name = page.strip_prefix(made()).unwrap_or(&page).display();
                found.extend(here.into_iter().map(|what| format!("{name} at {width}, dark {dark}: {what}")));
            }
        }
        found
    });
}

/// Each mark shows what keeps its promise once the keyboard is on it, within the window, and not before.
async fn tip(browser: &Browser, width: u32) -> Vec<String> {
    let hidden = "return [...document.querySelectorAll('.tip')].filter(t => t.getClientRects().length > 0).length";
    let before = browser.script(hidden).await;
    let mut found = Vec::new();
    if before != json!(0) {
        found.push(format!("{before} tips are shown though nobody asked"));
    }
    for kind in ["keyDown", "keyUp"] {
        let tab = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
        browser.tell("Input.dispatchKeyEvent", tab).await;
    }
    let first = "const a = document.activeElement, t = a.querySelector('.tip');
        return a.classList.contains('mark') && t.getClientRects().length > 0 && t.id === a.getAttribute('aria-describedby')";
    if browser.script(first).await != json!(true) {
        found.push("the first stop of the keyboard shows no tip".to_owned());
    }
    let each = "const wide = document.documentElement.clientWidth, out = [], names = new Set();
        for (const a of document.querySelectorAll('.mark')) {
            a.focus();
            const t = a.querySelector('.tip'), r = t.getBoundingClientRect();
            if (!(r.width > 100) || r.left < 0 || r.right > wide + 1) out.push(`${t.id} from ${r.left} to ${r.right}`);
            if (document.documentElement.scrollWidth > wide) out.push(`${t.id} makes the page scroll sideways`);
            if (!/-[0-9]{3}/.test(t.textContent)) out.push(`${t.id} names no promise`);
            if (names.has(t.id)) out.push(`${t.id} is there twice`);
            names.add(t.id);
        }
        return out.slice(0, 5)";
    let outside = browser.script(each).await;
    let outside = outside.as_array().cloned().unwrap_or_default();
    found.extend(outside.into_iter().map(|what| format!("tip {what} in {width}")));
    found
}

/// It prints: a document of some pages comes out.
async fn printed(browser: &Browser) -> Vec<String> {
    let document = browser.tell("Page.printToPDF", json!({ "preferCSSPageSize": true })).await;
    let size = document["data"].as_str().map_or(0, str::len);
    if size > 10_000 { Vec::new() } else { vec![format!("it does not print: {size} bytes")] }
}
