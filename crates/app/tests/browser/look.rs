//! What can be seen of a page in the browser.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::driver::Browser;
use crate::sample::Answer;

const AXE: &str = include_str!("axe/axe.min.js");

/// A page for messages.
pub fn name(answer: &Answer, page: &Path) -> String {
    format!("{} in {}", page.strip_prefix(&answer.dir).unwrap_or(page).display(), answer.language)
}

/// All files of a folder, sorted; those with a number by it.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort_by_key(|p| (p.to_string_lossy().len(), p.clone()));
    found.sort_by_key(|p| p.to_string_lossy().rsplit_once('-').map(|(table, _)| table.to_owned()));
    found
}

fn texts(value: Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    value.as_array().expect("a list").iter().map(text).collect()
}

/// Does the page scroll sideways? Names what reaches too far.
pub async fn overflow(browser: &Browser) -> Vec<String> {
    let script = "const wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= wide) return [];
        const far = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > wide + 1);
        return far.slice(0, 3).map(e => `reaches to ${e.getBoundingClientRect().right}: <${e.tagName} class=${e.className}>`)
            .concat(`scrolls sideways: ${document.documentElement.scrollWidth} in ${wide}`)";
    texts(browser.script(script).await)
}

/// Messages on the console, and requests that leave the package.
pub async fn troubles(browser: &Browser, dir: &Path) -> Vec<String> {
    let console = browser.log("browser").await;
    let mut found: Vec<String> = console.iter().map(|e| format!("on the console: {}", e["message"])).collect();
    let inside = format!("file://{}/", dir.display());
    for entry in browser.log("performance").await {
        let message: Value = serde_json::from_str(entry["message"].as_str().expect("a message")).expect("JSON");
        if message["message"]["method"] == "Network.requestWillBeSent" {
            let url = message["message"]["params"]["request"]["url"].as_str().expect("an address").to_owned();
            if !url.starts_with(&inside) {
                found.push(format!("asks for {url}"));
            }
        }
    }
    found
}

/// Elements, attributes and effects that only hostile content could bring.
pub async fn strangers(browser: &Browser) -> Vec<String> {
    if let Ok(text) = browser.client.get_alert_text().await {
        return vec![format!("a message opened: {text}")];
    }
    let script = r"const found = [...document.querySelectorAll(
            'script, iframe, object, embed, form, base, link, svg, video, audio, input, button, [style], [srcset], [ping]')]
            .map(e => `<${e.tagName}>`);
        for (const e of document.querySelectorAll('*'))
            for (const a of e.attributes)
                if (a.name.startsWith('on') || /^\s*(javascript|data|vbscript):/i.test(a.value)) found.push(`<${e.tagName} ${a.name}>`);
        for (const e of document.querySelectorAll('meta[http-equiv]'))
            if (e.httpEquiv !== 'Content-Security-Policy') found.push(`<meta ${e.httpEquiv}>`);
        if (window.caught !== undefined) found.push('a script ran');
        return found";
    texts(browser.script(script).await)
}

/// Links to files that are not there, or to places that the page does not have.
pub async fn broken_links(browser: &Browser, dir: &Path) -> Vec<String> {
    let script = "return [...document.querySelectorAll('a[href]')].map(a => a.href)";
    let links = texts(browser.script(script).await);
    let mut found = Vec::new();
    for link in links.iter().filter(|l| !l.starts_with("https://www.datatilsynet.no") && !l.starts_with("mailto:")) {
        let url = url::Url::parse(link).expect("an address");
        let path = url.to_file_path().unwrap_or_default();
        let there = path.starts_with(dir) && path.is_file();
        let lands = || {
            let Some(place) = url.fragment() else { return true };
            std::fs::read_to_string(&path).is_ok_and(|page| page.contains(&format!(" id=\"{place}\"")))
        };
        if !there || !lands() {
            found.push(format!("a link leads nowhere: {link}"));
        }
    }
    found
}

/// What axe-core finds that is serious or worse.
pub async fn axe(browser: &Browser) -> Vec<String> {
    browser.client.execute(AXE, Vec::new()).await.expect("axe is loaded");
    let run = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(r => done(r.violations
            .filter(v => v.impact === 'serious' || v.impact === 'critical')
            .map(v => `${v.id}: ${v.help}; ${v.nodes.length} places, such as ${v.nodes[0].html.slice(0, 200)}`)))
            .catch(e => done(['axe failed: ' + e]))";
    texts(browser.client.execute_async(run, Vec::new()).await.expect("axe runs"))
}
