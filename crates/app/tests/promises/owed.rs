//! `upheld notice owed`: who is still to be told of a version, counted in the sample's databases, and told.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::support::Output;
use crate::{change, copy, upheld_with};

/// Each company, its databases, and what the names of the variables with their addresses begin with.
const COMPANIES: [(&str, &str, &[&str]); 5] = [
    ("it-services", "IT_SERVICES", &["desk", "hosting", "office", "privacy"]),
    ("helpdesk", "CHIMEDESK", &["desk", "office", "outreach"]),
    ("helpdesk-portal", "LARKFIELD", &["desk", "office", "site", "staff"]),
    ("collaboration", "COLLABORATION", &["growth", "office", "selfrun", "workspace"]),
    ("device-manager", "DEVICE_MANAGER", &["backoffice", "console", "sales", "web"]),
];

/// A company with its sample's databases, which published two versions. The second brings a purpose that asks for consent.
struct Scene {
    place: tempfile::TempDir,
    folder: String,
    variables: Vec<(String, String)>,
}

impl Scene {
    fn of(company: &str, populations: &str) -> Scene {
        let place = tempfile::tempdir().expect("a folder");
        let folder = copy(company, place.path());
        let (_, start, systems) = COMPANIES.iter().find(|(name, ..)| *name == company).expect("a company");
        let variable = |system: &&str| {
            let path = place.path().join(format!("{system}.db"));
            let script = std::fs::read_to_string(folder.join(format!("sample/{system}.sql"))).expect("a script");
            sql(&path, script);
            (format!("{start}_{}_DSN", system.to_uppercase()), format!("sqlite:{}", path.display()))
        };
        let variables = systems.iter().map(variable).collect();
        let scene = Scene { folder: folder.display().to_string(), variables, place };
        scene.publish("first");
        let purposes = folder.join("purposes.toml");
        let more = format!(
            "\n[purpose.birthday]\ntitle = \"Send a card on birthdays\"\nbasis = \"consent\"\nconsent = \"opt_in\"\n\
             categories = [\"user.name\"]\n{populations}\n"
        );
        std::fs::write(&purposes, std::fs::read_to_string(&purposes).expect("purposes") + &more).expect("a purpose");
        scene.publish("second");
        scene
    }

    /// Under a name of its own, from a day far ahead.
    fn publish(&self, version: &str) {
        for file in ["notice.md", "promises.toml"] {
            let path = Path::new(&self.folder).join(file);
            let text = std::fs::read_to_string(&path).expect("a file");
            let is_head = |line: &str| line.contains("notice:head") || file == "notice.md";
            let said = |line: &str| match is_head(line) {
                true => set(&set(line, "version", version), "effective", "2099-01-01"),
                false => line.to_owned(),
            };
            std::fs::write(path, text.lines().map(said).collect::<Vec<_>>().join("\n")).expect("a file");
        }
        let done = self.run(&["notice", "publish", &self.folder, "--yes"]);
        assert_eq!(done.code, 0, "{done:?}");
    }

    fn run(&self, args: &[&str]) -> Output {
        upheld_with(self.place.path(), &self.variables, args)
    }

    fn json(&self, code: i32, args: &[&str]) -> Value {
        let done = self.run(&[&["--json"], args].concat());
        assert_eq!(done.code, code, "{args:?}: {done:?}");
        serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{args:?}: no JSON ({e}): {done:?}"))
    }

    fn owed(&self, code: i32) -> Vec<Value> {
        let told = self.json(code, &["notice", "owed", &self.folder]);
        told["owed"].as_array().expect("a list").clone()
    }

    /// How many people of a population are what, by a channel.
    fn people(&self, code: i32, population: &str, channel: &str) -> Value {
        let owed = self.owed(code);
        let one = owed.iter().find(|o| o["population"] == population && o["channel"] == channel);
        one.unwrap_or_else(|| panic!("nothing is owed to {population} by {channel}: {owed:?}"))["people"].clone()
    }

    fn sql(&self, system: &str, statement: &str) -> Vec<String> {
        sql(&self.place.path().join(format!("{system}.db")), statement.to_owned())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn list(&self, code: i32, channel: &str, name: &str) -> Vec<Vec<String>> {
        let path = self.file(name).display().to_string();
        let done = self.run(&["notice", "owed", &self.folder, "--list", channel, "--out", &path]);
        assert_eq!(done.code, code, "{done:?}");
        assert!(!format!("{done:?}").contains('@'), "an address on the terminal: {done:?}");
        let mut csv = csv::Reader::from_path(path).expect("a list");
        csv.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    }
}

/// A line in which a key has another text, where it has any.
fn set(line: &str, key: &str, new: &str) -> String {
    let Some(at) = line.find(key) else { return line.to_owned() };
    let (before, rest) = line.split_at(at + key.len());
    let mut parts = rest.splitn(3, '"');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(equals), Some(_), Some(after)) if equals.trim() == "=" => format!("{before}{equals}\"{new}\"{after}"),
        _ => line.to_owned(),
    }
}

/// The first column of what a statement returns.
fn sql(path: &Path, statement: String) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let file = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut connection = sqlx::SqliteConnection::connect_with(&file).await.expect("a database");
        let statement = sqlx::raw_sql(sqlx::AssertSqlSafe(statement));
        let rows = statement.fetch_all(&mut connection).await.expect("a statement");
        connection.close().await.expect("it closes");
        rows.iter().map(|row| sqlx::Row::try_get_unchecked(row, 0).expect("text")).collect()
    })
}

const CONTACTS: &str = "populations = [\"contact\", \"visitor\"]";

#[test]
fn whoever_is_told_is_owed_no_more_and_what_people_do_is_kept_apart() {
    let scene = Scene::of("it-services", CONTACTS);
    let mut reachable = scene.sql("office", "select email from contacts where state = 'active' and email is not null");
    reachable.sort();
    let (all, visitors) =
        (reachable.len(), scene.sql("hosting", "select cookie_id from browsers where state = 'active'").len());
    let restricted = scene.sql("office", "select contact_id from contacts where state = 'restricted'").len();
    assert!(all > 40 && restricted > 0 && visitors > 0, "the sample has all of them");

    let none = json!({ "owed": all, "told": 0, "left": all, "unreachable": 0, "restricted": restricted,
                       "acknowledged": 0, "deemed": 0, "agreed": 0, "refused": 0 });
    assert_eq!(scene.people(1, "contact", "email"), none);
    let seen = scene.people(1, "visitor", "email");
    assert_eq!((&seen["owed"], &seen["unreachable"], &seen["left"]), (&json!(visitors), &json!(visitors), &json!(0)));

    let list = scene.list(1, "email", "people.csv");
    let mut addresses: Vec<String> = list.iter().map(|row| row[3].clone()).collect();
    addresses.sort();
    assert_eq!(addresses, reachable, "everybody whom a letter may reach, and nobody else");
    assert!(list.iter().all(|row| row[1] == "contact" && row[0].len() == 64));
    let mode = std::fs::metadata(scene.file("people.csv")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let file = scene.file("people.csv").display().to_string();
    let told = ["notice", "record", "second", "--told", "--channel", "email", "--subjects", &file];
    assert_eq!(scene.json(0, &told), json!({ "recorded": all, "known_before": 0 }));
    assert_eq!(scene.json(0, &told), json!({ "recorded": 0, "known_before": all }), "told twice is told once");
    for (nth, what) in ["acknowledged", "deemed", "explicit", "refused", "explicit"].into_iter().enumerate() {
        scene
            .json(0, &["notice", "record", "second", "--subject", "contact", "--email", &addresses[nth], "--as", what]);
    }
    let some = json!({ "owed": all, "told": all, "left": 0, "unreachable": 0, "restricted": restricted,
                       "acknowledged": 1, "deemed": 1, "agreed": 2, "refused": 1 });
    assert_eq!(scene.people(0, "contact", "email"), some, "each is counted for itself");

    scene.sql(
        "office",
        "insert into contacts select 900, firm_id, display_name, office_address, office_phone, \
        'late@comer.example', null, null, null, came_from, state from contacts where contact_id = 1",
    );
    assert_eq!(scene.people(1, "contact", "email")["left"], 1, "who came since is owed word too");
    assert_eq!(scene.list(1, "email", "late.csv")[0][3], "late@comer.example");
    scene.sql("office", "update contacts set state = 'erased', email = null where contact_id = 900");
    assert_eq!(scene.people(0, "contact", "email")["owed"], all, "an erased person is nobody");
}

#[test]
fn one_person_can_be_told_by_address_or_by_record_and_others_are_not() {
    let scene = Scene::of("helpdesk", "populations = [\"customer\", \"end_user\"]");
    let counts = |channel: &str| {
        let people = scene.people(1, "customer", channel);
        (people["told"].as_i64().expect("a number"), people["left"].as_i64().expect("a number"))
    };
    let (mail, product) = (counts("email"), counts("in_app"));
    let address = scene.sql("desk", "select email from staff where email is not null and standing = 'active' limit 1");
    let record = |who: &[&str]| {
        let told = ["notice", "record", "second", "--told", "--channel", "email", "--subject", "customer"];
        scene.json(0, &[&told[..], who].concat())["recorded"].as_i64().expect("a number")
    };
    assert_eq!(record(&["--email", &address[0].to_uppercase()]), 1);
    assert_eq!(counts("email"), (mail.0 + 1, mail.1 - 1));
    assert_eq!(counts("in_app"), product, "each channel was promised for itself");
    assert_eq!(record(&["--email", "nobody@elsewhere.example"]), 1);
    assert_eq!(counts("email"), (mail.0 + 1, mail.1 - 1), "who is not in the data map counts for nobody");

    let list = scene.list(1, "in_app", "product.csv");
    let staff: Vec<&Vec<String>> = list.iter().filter(|row| row[1] == "customer").collect();
    assert_eq!(staff.len() as i64, product.1);
    let known = scene.sql("desk", "select id from staff");
    assert!(staff.iter().all(|row| row[3] == "desk" && known.contains(&row[4])), "keys of records, and no address");
    assert!(!std::fs::read_to_string(scene.file("product.csv")).expect("a list").contains('@'));
}

#[test]
fn all_five_companies_know_whom_they_owe_word() {
    for (company, ..) in COMPANIES {
        let scene = Scene::of(company, "");
        let owed = scene.owed(1);
        let n = |people: &Value, what: &str| people[what].as_i64().expect("a number");
        let mut all = 0;
        for debt in &owed {
            let people = &debt["people"];
            assert_eq!(debt["class"], "fresh_consent", "{company}: {debt}");
            if !people.is_null() {
                assert_eq!(n(people, "owed"), n(people, "told") + n(people, "left") + n(people, "unreachable"));
                all += n(people, "left");
            }
        }
        let channels: std::collections::BTreeSet<&str> = owed.iter().filter_map(|o| o["channel"].as_str()).collect();
        let mut listed = 0;
        for channel in channels {
            let rows = scene.list(1, channel, channel);
            listed += rows.len() as i64;
            let path = scene.file(channel).display().to_string();
            scene.json(0, &["notice", "record", "second", "--told", "--channel", channel, "--subjects", &path]);
        }
        assert_eq!(listed, all, "{company}: everybody who is left stands in a list, once");
        scene.owed(0);
        assert!(all > 20, "{company}: {all} people");
    }
}

#[test]
fn thousands_of_rows_and_several_records_of_one_person() {
    let scene = Scene::of("it-services", CONTACTS);
    let before = scene.people(1, "contact", "email")["left"].as_i64().expect("a number");
    scene.sql(
        "office",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2600) \
        insert into contacts select 10000 + i, firm_id, display_name, office_address, null, \
        iif(i % 2, 'crowd' || (i / 2) || '@many.example', upper('crowd' || (i / 2 - 1) || '@Many.example')), \
        null, null, null, came_from, state from n, contacts where contact_id = 1",
    );
    assert_eq!(
        scene.people(1, "contact", "email")["left"],
        before + 1300,
        "an address is one person, however it is written"
    );
    assert_eq!(scene.list(1, "email", "crowd.csv").len() as i64, before + 1300);
}

#[test]
fn lists_that_are_none_are_refused_by_line_and_nothing_is_recorded() {
    let scene = Scene::of("it-services", CONTACTS);
    let lists = [
        ("", "needs a line of headings"),
        ("name,mail\nann,ann@x.example\n", "needs a line of headings"),
        (
            "subject,email\ncontact,ann@x.example\ncontact,unmistakable\n",
            "row 2: what was given as a mail address is none",
        ),
        ("person\nunmistakable\n", "row 1: `person` is no mark"),
        ("subject,email\ncontact,ann@x.example\ncontact\n", "row 2 has another number of columns"),
    ];
    for (nth, (text, why)) in lists.into_iter().enumerate() {
        let path = scene.file(&format!("list-{nth}.csv"));
        std::fs::write(&path, text).expect("a list");
        let path = path.display().to_string();
        let done = scene.run(&["notice", "record", "second", "--told", "--channel", "email", "--subjects", &path]);
        assert_eq!(done.code, 2, "{text}: {done:?}");
        assert!(done.stderr.contains(why) && !done.stderr.contains("unmistakable"), "{text}: {done:?}");
    }
    assert_eq!(scene.people(1, "contact", "email")["told"], 0);
    let good = scene.file("good.csv");
    let address = scene.sql("office", "select email from contacts where contact_id = 1").remove(0);
    std::fs::write(&good, format!("Subject, Email\ncontact, {address}\n")).expect("a list");
    let good = good.display().to_string();
    scene.json(0, &["notice", "record", "second", "--told", "--channel", "email", "--subjects", &good]);
    assert_eq!(scene.people(1, "contact", "email")["told"], 1, "a list of one's own does as well");

    let there = scene.run(&["notice", "owed", &scene.folder, "--list", "email", "--out", &good]);
    assert_eq!(there.code, 2, "a file that is there is not overwritten: {there:?}");
    let unknown = scene.run(&["notice", "owed", &scene.folder, "--version", "third"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    let half = scene.run(&["notice", "record", "second", "--told", "--subject", "contact", "--email", "a@x.example"]);
    assert_eq!(half.code, 2, "a channel must be named: {half:?}");
}

#[test]
fn the_ledger_says_that_people_were_told_and_names_nobody() {
    let scene = Scene::of("it-services", CONTACTS);
    scene.list(1, "email", "people.csv");
    let file = scene.file("people.csv").display().to_string();
    scene.json(0, &["notice", "record", "second", "--told", "--channel", "email", "--subjects", &file]);
    let (ledger, key) =
        (scene.file("home/ledger").display().to_string(), scene.file("home/ledger/key.pub").display().to_string());
    let verified = scene.run(&["verify", &ledger, "--key-file", &key]);
    assert_eq!(verified.code, 0, "{verified:?}");
    let stored = crate::versions::bytes(&scene.file("home"));
    assert!(stored.contains("\"kind\":\"told\"") && stored.contains("\"channel\":\"email\""));
    assert!(!stored.contains("alder-freight"), "an address stands in the store or the ledger");
}

#[test]
fn nothing_is_owed_for_a_first_version_or_by_the_page_alone() {
    let scene = Scene::of("it-services", CONTACTS);
    assert!(scene.owed(1).iter().all(|debt| debt["version"] == "second" && debt["channel"] == "email"));
    let other = tempfile::tempdir().expect("a folder");
    let none = upheld_with(other.path(), &scene.variables, &["notice", "owed", &scene.folder]);
    assert_eq!(none.code, 2, "nothing was published from there: {none:?}");
    change(&Path::new(&scene.folder).join("policy.toml"), "\"email\"]", "\"email\", \"in_app\"]");
    assert_eq!(scene.owed(1).len(), 2, "what was published binds, not what the folder says now");
}
