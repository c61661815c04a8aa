//! What goes wrong outside of us: the error names the system, nothing is half done, nobody is named.

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::time::{Duration, Instant};

use connect::testing::PgServer;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use support::{Company, Witness};
use tempfile::TempDir;

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";
const TORE: &str = "tore.myklebust@fjord-cargo.example";

#[test]
fn a_database_that_is_not_there() {
    for company in Company::both(30) {
        let plan = planned(&company);
        let (address, place) = match company.engine {
            "sqlite" => {
                let gone = company.dir().join("gone.db");
                (format!("sqlite://{}", gone.display()), format!("there is no file {}", gone.display()))
            }
            _ => ("postgres:///billing?host=/nowhere&user=me".into(), "there is no such socket or host".into()),
        };
        point(&company, "BILLING", &address);
        let says = ["system billing: cannot be reached: ", &place];
        everything_fails(&company, &plan, 1, &says);
        assert!(!company.dir().join("gone.db").exists(), "nothing makes a database");
        std::fs::remove_file(address_file(&company, "BILLING")).unwrap();
        everything_fails(&company, &plan, 1, &["system billing: cannot read the secret file "]);
    }
}

#[test]
fn a_file_that_is_no_database() {
    let company = Company::sqlite(30);
    let plan = planned(&company);
    let file = company.dir().join("letter.db");
    std::fs::write(&file, "Dear customer, ".repeat(1000)).unwrap();
    point(&company, "BILLING", &format!("sqlite://{}", file.display()));
    everything_fails(&company, &plan, 1, &["system billing: ", "not an SQLite database"]);
}

#[test]
fn a_wrong_password() {
    let company = Company::postgres(30);
    let plan = planned(&company);
    let server = PgServer::shared();
    server.psql("postgres", "create role guarded login password 'right-secret'");
    let database = database(&company.billing);
    let wrong = format!("{}&password=wrong-secret", server.url_as("guarded", database));
    point(&company, "BILLING", &wrong);
    let says = ["system billing: refuses our name or password: ", "user guarded, database ", database];
    for output in everything_fails(&company, &plan, 1, &says) {
        assert!(!output.contains("wrong-secret"), "{output}");
    }
    point(&company, "BILLING", "host=x password=wrong-secret");
    for output in everything_fails(&company, &plan, 1, &["system billing: ", "the address is not a postgres:// URL"]) {
        assert!(!output.contains("wrong-secret"), "{output}");
    }
    point(&company, "BILLING", &server.url("nobody_made_this"));
    everything_fails(&company, &plan, 1, &["system billing: database nobody_made_this at ", "does not exist"]);
}

#[test]
fn a_table_that_is_gone() {
    for company in Company::both(30) {
        let plan = planned(&company);
        company.execute("helpdesk", "drop table sessions");
        let says = ["systems/helpdesk.toml", "system `helpdesk` has no table `sessions`"];
        everything_fails(&company, &plan, 1, &says);
        let checked = company.upheld(&["check", company.folder(), "--live"]);
        assert_eq!(checked.code, 1, "{checked:?}");
        assert!(checked.stdout.contains(says[1]), "{checked:?}");
    }
}

#[test]
fn a_person_who_is_nobody_or_two() {
    for company in Company::both(30) {
        let witness = Witness::of(&company);
        let nobody = plan_of(&company, &["--email", "nobody@nowhere.example"]);
        let searched = "no customer was found with these identities (searched: billing.payers, helpdesk.persons)";
        let shown = witness.fails(1, &words(&nobody), &[searched]);
        assert!(!format!("{shown:?}").contains("nobody@nowhere"), "what was asked is not repeated");
        witness.fails(1, &words(&plan_of(&company, &["--id", "helpdesk:999999"])), &[searched]);

        // Two persons of one tenant with one address.
        company.execute("helpdesk", &format!("update persons set email = '{TORE}' where id = 6"));
        let two = plan_of(&company, &["--email", TORE]);
        let says = ["helpdesk.persons: 2 rows match", "`records = \"one\"`"];
        let witness = Witness::of(&company);
        witness.fails(1, &words(&two), &says);
        let mut fulfil = words(&two);
        fulfil[0] = "fulfil";
        fulfil.push("--yes");
        witness.fails(1, &fulfil, &says);
        // Two identities that lead to two persons.
        let apart = plan_of(&company, &["--email", MARIA, "--identity", "username=annhovland02"]);
        witness.fails(1, &words(&apart), &["helpdesk.persons: 2 rows match"]);
    }
}

#[test]
fn a_role_that_may_only_read() {
    let company = Company::postgres(30);
    let server = PgServer::shared();
    let database = database(&company.billing);
    server.psql("postgres", "create role reader login");
    server.psql(database, "grant select on all tables in schema public to reader");
    point(&company, "BILLING", &server.url_as("reader", database));
    let plan = planned(&company);
    let witness = Witness::of(&company);
    let says = ["system billing: our role may not use table ", "permission denied", "nothing was changed anywhere"];
    witness.fails(1, &["apply", &plan], &says);

    // Not even reading.
    server.psql(database, "revoke select on cards from reader");
    let says = ["system billing: our role may not use table cards", "permission denied"];
    witness.fails(1, &words(&plan_of(&company, &["--email", MARIA])), &says);
}

#[test]
fn a_system_without_a_write_connection() {
    for company in Company::both(30) {
        let path = company.folder.join("systems/billing.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches("\nconnect = ").count(), 1);
        std::fs::write(&path, text.replace("\nconnect = ", "\nread = ")).unwrap();
        let plan = planned(&company);
        let says = ["system billing cannot be written", "names no `write` connection", "nothing was done"];
        Witness::of(&company).fails(1, &["apply", &plan], &says);
    }
}

#[test]
fn a_database_on_a_disk_that_may_only_be_read() {
    let company = Company::sqlite(30);
    let Some(disk) = Disk::of("8m") else { return };
    let file = disk.path().join("billing.db");
    std::fs::copy(company.billing.strip_prefix("sqlite://").unwrap(), &file).unwrap();
    let address = format!("sqlite://{}", file.display());
    // With a write-ahead log beside it, it could not even be read there.
    Client::open(&address).run("pragma journal_mode = delete");
    point(&company, "BILLING", &address);
    disk.remount("ro");
    let plan = planned(&company);
    let says = ["system billing: ", "may only be read", "nothing was changed anywhere"];
    Witness::of(&company).fails(1, &["apply", &plan], &says);
}

#[test]
fn a_lock_that_somebody_else_holds() {
    for company in Company::both(30) {
        limits(&company, "lock_timeout = \"500ms\"");
        let plan = planned(&company);
        let witness = Witness::of(&company);
        let mut import = Client::open(&company.helpdesk);
        import.run("begin");
        import.run("update sessions set user_agent = user_agent where person_id = 1");
        let begun = Instant::now();
        let says: &[&str] = match company.engine {
            "sqlite" => &["system helpdesk: ", "is locked by another client (another process has the database file)"],
            _ => &["system helpdesk: table sessions is locked by another client (", "nightly-import"],
        };
        let says = [says, &["nothing was changed anywhere"]].concat();
        if company.engine == "sqlite" {
            // Somebody who writes lets nobody read a dump either, so it is taken after.
            let shown = company.upheld(&["apply", &plan]);
            import.run("rollback");
            witness.check(&shown, 1, &says);
        } else {
            witness.fails(1, &["apply", &plan], &says);
            import.run("rollback");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it gave up in time");
        let applied = company.upheld(&["apply", &plan, "--out", &company.path("out")]);
        assert_eq!(applied.code, 0, "the same plan, later: {applied:?}");
    }
}

#[test]
fn a_statement_that_takes_too_long() {
    for company in Company::both(60) {
        let slow = match company.engine {
            "sqlite" => {
                "create trigger slow before delete on sessions begin
                   select count(*) from replies a, replies b, replies c where a.id + b.id + c.id < 0; end"
            }
            _ => {
                "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return old; end';
                 create trigger slow before delete on sessions for each row execute function slow()"
            }
        };
        company.execute("helpdesk", slow);
        let path = company.folder.join("systems/helpdesk.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let reviewed = "[table.sessions]\ntrigger = { slow = \"reviewed: it only takes its time\" }\n";
        std::fs::write(&path, text.replacen("[table.sessions]\n", reviewed, 1)).unwrap();
        limits(&company, "statement_timeout = \"500ms\"");
        let plan = planned(&company);
        let begun = Instant::now();
        let says = ["system helpdesk: a statement on table sessions took longer than allowed", "nothing was changed"];
        Witness::of(&company).fails(1, &["apply", &plan], &says);
        assert!(begun.elapsed() < Duration::from_secs(20), "it gave up in time");
    }
}

#[test]
fn a_full_disk_while_an_answer_is_written() {
    let company = Company::sqlite(30);
    for (size, sealed) in [("16k", false), ("64k", false), ("64k", true), ("112k", false), ("112k", true)] {
        let Some(disk) = Disk::of(size) else { return };
        let out = disk.path().join("answer");
        let out = out.to_str().unwrap();
        let mut ask = vec!["fulfil", "access", company.folder(), "--subject", "customer", "--email", MARIA, "--yes"];
        ask.extend(["--out", out]);
        if !sealed {
            ask.push("--plain");
        }
        let witness = Witness::of(&company);
        let shown = company.upheld(&ask);
        witness.check(&shown, 1, &["cannot write ", "No space left on device"]);
        assert_eq!(files(disk.path()), Vec::<PathBuf>::new(), "{size}: what was begun is removed");
    }
}

#[test]
fn a_full_disk_for_our_own_store() {
    let mut company = Company::sqlite(30);
    let Some(disk) = Disk::of("8m") else { return };
    company.home = disk.path().join("home");
    let plan = planned(&company);
    let apply = ["apply", &plan, "--out", &company.path("out")];
    let witness = Witness::of(&company);
    let before = company.dump();
    let untouched = |system: &str, now: &support::Dump| {
        before.iter().filter(|((s, _), _)| s == system).all(|(table, rows)| now.get(table) == Some(rows))
    };
    let mut refused = 0;
    for room in (0..).step_by(8 << 10) {
        disk.leave(room);
        let shown = company.upheld(&apply);
        witness.names_nobody(&format!("{shown:?}"));
        if shown.code == 0 {
            break;
        }
        let store = company.home.to_str().unwrap();
        assert!(shown.stderr.contains(store) && shown.stderr.contains("disk"), "{room}: {shown:?}");
        // Whatever was committed when the store could not write any more is told, and what to do.
        let now = company.dump();
        let left = ["billing", "helpdesk"].map(|system| untouched(system, &now));
        let says: &[&str] = match left {
            [true, true] => &[],
            [false, true] => &["already done: billing; left as it was: helpdesk", "upheld resume"],
            [true, false] => &["already done: helpdesk; left as it was: billing", "upheld resume"],
            [false, false] if shown.stderr.contains("already done: billing, helpdesk") => &["upheld resume"],
            [false, false] => &["the rows are changed as planned", "upheld resume"],
        };
        for text in says {
            assert!(shown.stderr.contains(text), "{room}: {shown:?}");
        }
        refused += usize::from(left == [true, true]);
    }
    assert!(refused > 0, "there was always room");
    disk.leave(8 << 20);
    let shown = company.upheld(&apply);
    assert_eq!(shown.code, 0, "with room again: {shown:?}");
    assert!(company.query("helpdesk", "select * from sessions where person_id = 1").is_empty());
}

#[test]
fn words_that_the_company_does_not_know() {
    let company = Company::sqlite(30);
    let witness = Witness::of(&company);
    let empty = company.dir().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let (empty, missing) = (empty.to_str().unwrap(), company.path("missing"));
    let bad = company.path("bad.json");
    std::fs::write(&bad, format!("{{\"upheld\": \"plan/1\", \"{MARIA}\": 1}}")).unwrap();
    let folder = company.folder();
    let of = |kind, more: &[&'static str]| {
        let plan = ["plan", "erasure", folder, "--subject", kind].map(str::to_owned);
        plan.into_iter().chain(more.iter().map(|m| (*m).to_owned())).collect::<Vec<_>>()
    };
    let plain = |args: &[&str]| args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
    let cases: Vec<(Vec<String>, &[&str])> = vec![
        (of("customers", &["--email", MARIA]), &["no subject kind `customers`; it has: agent, customer"]),
        (of("customer", &["--id", "desk:1"]), &["in a system `desk`; records are in: billing, helpdesk"]),
        (of("customer", &["--id", "paper-archive:1"]), &["in a system `paper-archive`"]),
        (of("customer", &["--id", "helpdesk"]), &["--id is written SYSTEM:KEY"]),
        (of("customer", &["--identity", MARIA]), &["an identity is written NAME=VALUE"]),
        (of("customer", &[]), &["say who: --email, --phone"]),
        (of("customer", &["--email", MARIA, "--tenant", "2", "--all-tenants"]), &["--all-tenants"]),
        (plain(&["plan", "erasure", empty, "--subject", "customer", "--email", MARIA]), &["is empty", "policy.toml"]),
        (plain(&["plan", "erasure", &missing, "--subject", "x", "--email", MARIA]), &["there is no policy folder at "]),
        (plain(&["check", empty]), &["is empty"]),
        (plain(&["check", &missing]), &["there is no policy folder at "]),
        (plain(&["apply", &bad]), &["bad.json is no plan (line 1, column "]),
        (plain(&["apply", &missing]), &["cannot read the plan "]),
        (plain(&["approve", &bad, "--as", "grace"]), &["is no plan"]),
        (plain(&["forget", MARIA]), &["unrecognized subcommand"]),
        (plain(&["plan"]), &["required arguments were not provided"]),
    ];
    for (args, says) in &cases {
        let args = words(args);
        // What cannot be read as a command at all is repeated by the parser of the command line.
        if args[0] == "forget" {
            assert_eq!(company.upheld(&args).code, 2);
            continue;
        }
        witness.fails(2, &args, says);
    }
    // Values that reach nothing are no misuse: the request was understood.
    witness.fails(1, &words(&of("customer", &["--identity", "shoe=42"])), &["key identities are: email, external_id"]);
    witness.fails(1, &words(&of("customer", &["--id", "helpdesk:1,2"])), &["no customer was found"]);
    witness.fails(1, &words(&of("customer", &["--id", "helpdesk:x"])), &["no customer was found"]);
    witness.fails(1, &words(&of("customer", &["--subject-file", "none.txt"])), &["cannot read none.txt"]);
}

#[test]
fn a_folder_that_is_no_toml_is_told_without_what_follows_from_it() {
    let company = Company::sqlite(30);
    let plan = planned(&company);
    let path = company.folder.join("systems/billing.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("kind = \"sqlite\"", "kind = sqlite", 1)).unwrap();
    for output in everything_fails(&company, &plan, 1, &["error[U0001]: this is not TOML", "systems/billing.toml:4:8"])
    {
        assert!(!output.contains("U0405"), "the tables of a system that was not asked are no finding: {output}");
    }
    let told = company.upheld(&["--json", "apply", &plan]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert!(told["findings"].to_string().contains("U0001"), "{told}");
}

/// A plan to erase Maria, in a file.
fn planned(company: &Company) -> String {
    let path = company.path("plan.json");
    let made = company.upheld(&words(&plan_of(company, &["--email", MARIA, "--out", &path])));
    assert_eq!(made.code, 0, "{made:?}");
    path
}

fn plan_of(company: &Company, who: &[&str]) -> Vec<String> {
    let plan = ["plan", "erasure", company.folder(), "--subject", "customer"];
    plan.iter().chain(who).map(|word| (*word).to_owned()).collect()
}

fn words(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

/// Every command that opens the company fails alike. Returns what they print.
fn everything_fails(company: &Company, plan: &str, code: i32, says: &[&str]) -> Vec<String> {
    let witness = Witness::of(company);
    let (out, folder) = (company.path("out"), company.folder());
    let fulfil = |right| ["fulfil", right, folder, "--subject", "customer", "--email", MARIA, "--yes", "--out", &out];
    let commands = [
        words(&plan_of(company, &["--email", MARIA])).iter().map(|w| (*w).to_owned()).collect(),
        fulfil("access").map(str::to_owned).to_vec(),
        fulfil("erasure").map(str::to_owned).to_vec(),
        ["apply", plan, "--out", &out].map(str::to_owned).to_vec(),
    ];
    let outputs = commands.iter().map(|c| witness.fails(code, &words(c), says));
    let outputs = outputs.map(|o| o.stdout + &o.stderr).collect();
    assert!(!Path::new(&out).exists(), "nothing is written");
    outputs
}

/// The file that holds the address of a database.
fn address_file(company: &Company, system: &str) -> PathBuf {
    company.folder.join(format!("../databases/{system}_DSN.address"))
}

fn point(company: &Company, system: &str, address: &str) {
    let file = address_file(company, system);
    assert!(file.exists());
    std::fs::write(file, address).unwrap();
}

/// The name of the database in an address of PostgreSQL.
fn database(address: &str) -> &str {
    address.strip_prefix("postgres:///").and_then(|a| a.split('?').next()).expect("an address")
}

/// Limits of the main system, right behind its `[system]` section.
fn limits(company: &Company, limits: &str) {
    let path = company.folder.join("systems/helpdesk.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let limited = text.replacen("country = \"NO\"\n", &format!("country = \"NO\"\n\n[system.limits]\n{limits}\n"), 1);
    assert_ne!(text, limited);
    std::fs::write(path, limited).unwrap();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        found.extend(if path.is_dir() { files(&path) } else { vec![path] });
    }
    found
}

/// Somebody else who works on a database.
struct Client {
    runtime: tokio::runtime::Runtime,
    connection: Connection,
}

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Client {
    fn open(address: &str) -> Client {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connection = if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address).unwrap();
            Connection::Sqlite(runtime.block_on(options.connect()).unwrap())
        } else {
            let options = PgConnectOptions::from_str(address).unwrap().application_name("nightly-import");
            Connection::Postgres(runtime.block_on(options.connect()).unwrap())
        };
        Client { runtime, connection }
    }

    fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.connection {
            Connection::Sqlite(c) => self.runtime.block_on(c.execute(sql)).map(drop).unwrap(),
            Connection::Postgres(c) => self.runtime.block_on(c.execute(sql)).map(drop).unwrap(),
        }
    }
}

/// A disk of few bytes; unmounted when dropped.
struct Disk(TempDir);

impl Disk {
    /// `None`, with a line that says so, where we may not mount.
    fn of(size: &str) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "upheld-test"]).arg(folder.path());
        if !mount.output().is_ok_and(|m| m.status.success()) {
            let _ = writeln!(std::io::stdout(), "skipped: only root can mount a small disk");
            return None;
        }
        Some(Disk(folder))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &options]).arg(self.path()).output().expect("run mount");
        assert!(done.status.success(), "{done:?}");
    }

    /// Fills the disk but for so many bytes.
    fn leave(&self, room: u64) {
        let filler = self.path().join("filler");
        let _ = std::fs::remove_file(&filler);
        let page = [0; 4096];
        let mut file = std::fs::File::create(&filler).unwrap();
        while file.write_all(&page).is_ok() {}
        let size = file.metadata().unwrap().len();
        file.set_len(size.saturating_sub(room)).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
