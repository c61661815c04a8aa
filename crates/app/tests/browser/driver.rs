//! A real browser: Chromium without a window, driven over WebDriver, with what WebDriver lacks from Chromium's own protocol.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A browser and its driver; both end when dropped.
pub struct Browser {
    pub client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

/// May these tests be left out? Only where somebody says so.
pub fn unwanted() -> bool {
    let unwanted = std::env::var_os("UPHELD_NO_BROWSER").is_some();
    if unwanted {
        eprintln!("UPHELD_NO_BROWSER is set: skipped");
    }
    unwanted
}

/// Where we are root, the user that runs the browser instead.
pub fn unprivileged() -> Option<(u32, u32)> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let nobody = users.lines().find(|l| root && l.starts_with("nobody:"))?;
    let mut ids = nobody.split(':').skip(2).map(str::parse);
    Some((ids.next()?.ok()?, ids.next()?.ok()?))
}

/// Lets any user enter a folder.
pub fn open_to_all(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).expect("an open folder");
}

impl Browser {
    /// Starts one, as an unprivileged user where we are root. Panics, saying why, where it cannot.
    pub async fn start(user: Option<(u32, u32)>) -> Browser {
        Browser::start_with(user, &[]).await
    }

    /// The same, with further words for Chromium's command line.
    pub async fn start_with(user: Option<(u32, u32)>, words: &[String]) -> Browser {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("HOME", profile.path()).current_dir(profile.path());
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(profile.path(), Some(uid), Some(gid))
                .expect("give the folder to the browser's user");
            command.uid(uid).gid(gid);
        }
        let missing = "chromedriver does not start. Install chromium and chromium-driver (./test does), or leave these tests \
                       out with UPHELD_NO_BROWSER=1";
        let mut driver = command.spawn().unwrap_or_else(|e| panic!("{missing}: {e}"));
        let said = BufReader::new(driver.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let port =
            said.filter_map(|l| Some(l.split("successfully on port ").nth(1)?.trim_end_matches('.').to_owned())).next();
        let port = port.unwrap_or_else(|| panic!("{missing}"));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(profile.path(), words))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts");
        Browser { client, driver, _profile: profile }
    }

    /// A command of Chromium's own protocol.
    pub async fn tell(&self, command: &str, with: Value) -> Value {
        let body = json!({ "cmd": command, "params": with });
        let command = Own { path: "goog/cdp/execute", body };
        self.client.issue_cmd(command).await.expect("Chromium obeys")
    }

    /// Entries of a log since the last look: `browser` or `performance`.
    pub async fn log(&self, name: &str) -> Vec<Value> {
        let command = Own { path: "se/log", body: json!({ "type": name }) };
        let entries = self.client.issue_cmd(command).await.expect("a log");
        entries.as_array().cloned().expect("a list of entries")
    }

    /// The value of a script's `return`.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// A screen of this width, light or dark.
    pub async fn screen(&self, width: u32, dark: bool) {
        let size = json!({ "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.tell("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Opens a file; afterwards the logs hold this page alone.
    pub async fn open(&self, page: &Path) {
        self.log("browser").await;
        self.log("performance").await;
        self.client.goto(&format!("file://{}", page.display())).await.expect("the page opens");
    }

    /// Closes it in order; a test that fails leaves that to `drop`.
    pub async fn close(self) {
        // The driver is killed in any case.
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its browser ends with it.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(profile: &Path, words: &[String]) -> serde_json::Map<String, Value> {
    let profile = format!("--user-data-dir={}", profile.join("profile").display());
    // Containers seldom allow the browser's own sandbox; it opens nothing but the pages of the tests.
    let own =
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", &profile];
    let args: Vec<&str> = own.into_iter().chain(words.iter().map(String::as_str)).collect();
    let capabilities = json!({
        "browserName": "chrome",
        "unhandledPromptBehavior": "ignore",
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        "goog:chromeOptions": { "args": args },
    });
    capabilities.as_object().cloned().unwrap_or_default()
}

/// A command that WebDriver does not have.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
