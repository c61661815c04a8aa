//! A shop with a database, and a customer service of somebody else on the web.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use connect::testing::{Asked, Told, WebServer};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::support::{Output, database, program};

pub const ANN: &str = "ann@x.example";
pub const TOKEN: &str = "sesame-open";

/// How the service behaves.
#[derive(Clone, Debug)]
pub enum Mood {
    Well,
    /// It hangs up on everybody.
    Down,
    /// It does what this request says, and hangs up.
    CutAfter(&'static str),
    /// It hangs up on this request.
    CutBefore(&'static str),
    /// It does what this request says, and answers late.
    Slow(&'static str, Duration),
    /// It says that it did what this request says.
    Lies(&'static str),
    /// It does what this request says, and notes that it did.
    Notes(&'static str),
    /// It accepts deletions of contacts and carries them out later.
    DeletesLater(Duration),
}

struct State {
    contacts: BTreeMap<i64, (String, String)>,
    restricted: BTreeSet<i64>,
    notes: BTreeMap<i64, (i64, String)>,
    leaving: BTreeMap<i64, Instant>,
    mood: Mood,
}

/// The whole company.
pub struct Shop {
    dir: TempDir,
    state: Arc<Mutex<State>>,
    server: WebServer,
}

const MAP: &str = r#"
[system]
kind    = "http"
url     = { env = "CRM_URL" }
connect = { env = "CRM_TOKEN" }

[http]
auth    = { kind = "bearer" }
private = true

[resource.contacts]
key     = "id"
columns = { id = "int", email = "text", name = "text", restricted = "bool" }
find    = [
  { by = "id", path = "/contacts/{id}", records = "$.contact", missing = 404 },
  { by = "email", match = "email", path = "/contacts", query = { email = "{email}" }, records = "$.contacts[*]" },
]
erase   = { path = "/contacts/{id}", missing = 404, repeat = true, later = { every = "200ms", wait = "2s" } }
change  = { path = "/contacts/{id}", columns = ["name", "restricted"], into = "$.contact", repeat = true }

[resource.notes]
key     = "id"
columns = { id = "int", contact_id = "int", text = "text" }
refers  = { contact_id = "contacts.id" }
find    = [
  { by = "id", path = "/notes/{id}", records = "$.note", missing = 404 },
  { by = "contact_id", path = "/contacts/{contact_id}/notes", records = "$.notes[*]", missing = 404, paging = { page = "page", size = 1 } },
]
erase   = { path = "/notes/{id}", missing = 404 }

[subject.customer]
table    = "contacts"
identity = { email = { column = "email", match = "email" } }
restriction = { set = { restricted = true }, lift = { restricted = false } }

[table.contacts.columns]
email = "user.contact.email"
name  = "user.name"

[table.notes]
links   = [{ role = "part", column = "contact_id", to = "contacts.id" }]
columns = { text = "user.content" }
"#;

const SHOP: &str = r#"
[system]
kind    = "sqlite"
connect = { env = "SHOP_DSN" }

[subject.customer]
table    = "customers"
identity = { email = { column = "email", match = "email" } }

[table.customers.columns]
email = "user.contact.email"
name  = "user.name"
upper = "user.name"

[table.orders]
links = [{ role = "owner", column = "customer_id", to = "customers.id" }]
"#;

impl Shop {
    pub fn open() -> Shop {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        write("shop/policy.toml", "[company]\nname = \"Shop\"\n");
        write("shop/systems/shop.toml", SHOP);
        write("shop/systems/crm.toml", MAP);
        let shop = Shop { state: State::new(), server: WebServer::start(|_| Told::Cut), dir };
        let state = Arc::clone(&shop.state);
        let shop = Shop { server: WebServer::start(move |asked| tell(&state, asked)), ..shop };
        database::execute(
            &format!("{}?mode=rwc", shop.dsn()),
            "create table customers (id integer primary key, email text, name text, upper text as (upper(name)) stored);
             create table orders (id integer primary key, customer_id integer references customers (id));
             insert into customers (id, email, name)
               values (1, 'ann@x.example', 'Ann Ames'), (2, 'bob@x.example', 'Bob');
             insert into orders values (1, 1), (2, 2);",
        );
        shop
    }

    fn dsn(&self) -> String {
        format!("sqlite://{}/shop.db", self.dir.path().display())
    }

    pub fn folder(&self) -> &'static str {
        "shop"
    }

    pub fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    pub fn command(&self) -> Command {
        let mut command = program(Path::new(&self.path("home")));
        command.env("SHOP_DSN", self.dsn()).env("CRM_URL", self.server.url()).env("CRM_TOKEN", TOKEN);
        command.current_dir(self.dir.path());
        command
    }

    pub fn upheld(&self, args: &[&str]) -> Output {
        let done = self.command().args(args).output().expect("run the program");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Output { code: done.status.code().unwrap_or(-1), stdout: text(done.stdout), stderr: text(done.stderr) }
    }

    pub fn erase(&self) -> Output {
        let out = self.path("certificates");
        self.upheld(&["fulfil", "erasure", "shop", "--subject", "customer", "--email", ANN, "--yes", "--out", &out])
    }

    /// Writes a plan for Ann's erasure.
    pub fn plan(&self) -> String {
        let path = self.path("plan.json");
        let made = self.upheld(&["plan", "erasure", "shop", "--subject", "customer", "--email", ANN, "--out", &path]);
        assert_eq!(made.code, 0, "{made:?}");
        path
    }

    pub fn resume(&self) -> Output {
        self.upheld(&["resume", "shop", "--out", &self.path("certificates")])
    }

    pub fn set(&self, mood: Mood) {
        self.state.lock().expect("the state").mood = mood;
    }

    /// Deletes a note, as somebody at the service would.
    pub fn forget_note(&self, id: i64) {
        self.state.lock().expect("the state").notes.remove(&id);
    }

    pub fn contacts(&self) -> Vec<String> {
        let mut state = self.state.lock().expect("the state");
        state.leave();
        state.contacts.values().map(|(email, _)| email.clone()).collect()
    }

    /// What the service calls somebody, and whether it only stores what it holds of them.
    pub fn contact(&self, id: i64) -> (String, bool) {
        let state = self.state.lock().expect("the state");
        (state.contacts[&id].1.clone(), state.restricted.contains(&id))
    }

    /// What the database calls people, and what it makes of that.
    pub fn names(&self) -> Vec<String> {
        let rows = database::query(&self.dsn(), "select name || '/' || upper as names from customers order by id");
        rows.into_iter().filter_map(|mut row| row.remove("names").flatten()).collect()
    }

    /// The description of the service, with something in it replaced.
    pub fn describe(&self, from: &str, to: &str) {
        assert!(MAP.contains(from), "{from}");
        std::fs::write(self.path("shop/systems/crm.toml"), MAP.replacen(from, to, 1)).expect("the map");
    }

    pub fn notes(&self) -> usize {
        self.state.lock().expect("the state").notes.len()
    }

    pub fn customers(&self) -> Vec<String> {
        let rows = database::query(&self.dsn(), "select email from customers order by id");
        rows.into_iter().filter_map(|mut row| row.remove("email").flatten()).collect()
    }

    pub fn lines(&self) -> Vec<String> {
        self.server.lines()
    }

    /// The deletions that the service was asked for.
    pub fn deletes(&self) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.starts_with("DELETE")).collect()
    }

    /// Waits until the service was asked this.
    pub fn wait_for(&self, line: &str) {
        for _ in 0..600 {
            if self.lines().iter().any(|l| l == line) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("never asked {line}: {:?}", self.lines());
    }

    /// The text of all files below a folder.
    pub fn files(&self, name: &str) -> String {
        let (mut text, mut folders) = (String::new(), vec![PathBuf::from(self.path(name))]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => text.push_str(&String::from_utf8_lossy(&std::fs::read(path).expect("a file"))),
                }
            }
        }
        text
    }
}

impl State {
    fn new() -> Arc<Mutex<State>> {
        let contact = |email: &str, name: &str| (email.to_owned(), name.to_owned());
        let note = |of, text: &str| (of, text.to_owned());
        Arc::new(Mutex::new(State {
            contacts: BTreeMap::from([(1, contact("Ann@X.example", "Ann Ames")), (2, contact("bob@x.example", "Bob"))]),
            restricted: BTreeSet::new(),
            notes: BTreeMap::from([(11, note(1, "likes tea")), (12, note(1, "called twice")), (21, note(2, "quiet"))]),
            leaving: BTreeMap::new(),
            mood: Mood::Well,
        }))
    }

    /// Those who were to go later, and whose time has come.
    fn leave(&mut self) {
        let due: Vec<i64> = self.leaving.iter().filter(|(_, at)| **at <= Instant::now()).map(|(id, _)| *id).collect();
        for id in due {
            self.leaving.remove(&id);
            self.contacts.remove(&id);
        }
    }
}

fn tell(state: &Mutex<State>, asked: &Asked) -> Told {
    let mut state = state.lock().expect("the state");
    state.leave();
    if asked.header("authorization") != format!("Bearer {TOKEN}") {
        return Told::status(401);
    }
    match state.mood.clone() {
        Mood::Down => Told::Cut,
        Mood::CutBefore(line) if asked.line() == line => Told::Cut,
        Mood::CutAfter(line) if asked.line() == line => {
            answer(&mut state, asked);
            Told::Cut
        }
        Mood::Slow(line, wait) if asked.line() == line => Told::Later(wait, Box::new(answer(&mut state, asked))),
        Mood::Lies(line) if asked.line() == line => Told::status(204),
        Mood::Notes(line) if asked.line() == line => {
            state.notes.insert(13, (number(&asked.target), "was deleted".to_owned()));
            answer(&mut state, asked)
        }
        Mood::DeletesLater(wait) if asked.line().starts_with("DELETE /contacts/") => {
            let id = number(&asked.target);
            if state.contacts.contains_key(&id) {
                state.leaving.entry(id).or_insert_with(|| Instant::now() + wait);
                return Told::status(202);
            }
            Told::status(404)
        }
        _ => answer(&mut state, asked),
    }
}

fn number(target: &str) -> i64 {
    target.split('/').nth(2).and_then(|n| n.parse().ok()).unwrap_or_default()
}

fn answer(state: &mut State, asked: &Asked) -> Told {
    let id = number(&asked.target);
    let restricted = state.restricted.clone();
    let contact = |(id, (email, name)): (&i64, &(String, String))| json!({ "id": id, "email": email, "name": name, "restricted": restricted.contains(id) });
    let note = |id: &i64, (of, text): &(i64, String)| json!({ "id": id, "contact_id": of, "text": text });
    let found = |name: &str, one: Option<Json>| match one {
        Some(one) => Told::json(200, &json!({ name: one })),
        None => Told::status(404),
    };
    let gone = |was: bool| Told::status(if was { 204 } else { 404 });
    let path = asked.target.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["contacts"]) => {
            let wanted = asked.target.split("email=").nth(1).unwrap_or_default().replace("%40", "@");
            let same = state.contacts.iter().filter(|(_, (email, _))| email.to_lowercase() == wanted);
            Told::json(200, &json!({ "contacts": same.map(contact).collect::<Vec<_>>() }))
        }
        ("GET", ["contacts", _]) => found("contact", state.contacts.get_key_value(&id).map(contact)),
        ("GET", ["contacts", _, "notes"]) => {
            let page: usize = asked.target.split("page=").nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
            let own = state.notes.iter().filter(|(_, (of, _))| *of == id).skip(page - 1).take(1);
            Told::json(200, &json!({ "notes": own.map(|(id, n)| note(id, n)).collect::<Vec<_>>() }))
        }
        ("GET", ["notes", _]) => found("note", state.notes.get(&id).map(|n| note(&id, n))),
        ("PATCH", ["contacts", _]) => {
            let body: Json = serde_json::from_str(&asked.body).expect("JSON");
            let Some(one) = state.contacts.get_mut(&id) else { return Told::status(404) };
            if let Some(name) = body["contact"]["name"].as_str() {
                one.1 = name.to_owned();
            }
            match body["contact"]["restricted"].as_bool() {
                Some(true) => drop(state.restricted.insert(id)),
                Some(false) => drop(state.restricted.remove(&id)),
                None => {}
            }
            Told::status(204)
        }
        ("DELETE", ["contacts", _]) => gone(state.contacts.remove(&id).is_some()),
        ("DELETE", ["notes", _]) => gone(state.notes.remove(&id).is_some()),
        _ => Told::status(405),
    }
}
