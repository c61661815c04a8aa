//! `upheld demo`: a sample company, one access and one erasure, with certificates.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::policy::model::Right;
use jiff::SignedDuration;
use proof::verify::{Against, certificate, render};
use serde_json::{Value, json};
use store::Store;

use super::fulfil::{Answer, carry_quietly, write_certificate};
use super::{Context, show};
use crate::casework::{self, Ask, Carried, Ending, Identity};
use crate::company::{self, Company};
use crate::sample::{self, Engine, Target};
use crate::terminal::{Misuse, heading, note, progress, say, say_json};
use crate::{clock, config};

/// The person whose requests the demo carries out.
const PERSON: &str = "maria.lindqvist@fjord-cargo.example";

/// Make a sample company in a fresh folder and carry out one access and one erasure, with certificates.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  upheld demo --dir upheld-demo")]
pub struct Args {
    /// A folder that does not exist yet.
    #[arg(long, value_name = "DIR", default_value = "upheld-demo")]
    dir: PathBuf,
    /// How many customers the company has.
    #[arg(long, value_name = "N", default_value_t = 300)]
    persons: u64,
    /// Make the company in this empty PostgreSQL or MariaDB database instead of SQLite; goes with --billing.
    #[arg(long, value_name = "URL", requires = "billing")]
    helpdesk: Option<String>,
    /// The second database, for invoices and payments.
    #[arg(long, value_name = "URL", requires = "helpdesk")]
    billing: Option<String>,
    /// Only make the company; carry nothing out.
    #[arg(long)]
    only_make: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if args.dir.exists() {
        return Err(Misuse(format!("{} exists already; choose a fresh folder with --dir", args.dir.display())).into());
    }
    // Whatever is wrong with the number is told before a folder is there.
    sample::helpdesk::Generator::new(args.persons, sample::helpdesk::SEED).map_err(|e| Misuse(e.to_string()))?;
    let started = std::time::Instant::now();
    std::fs::create_dir_all(&args.dir).with_context(|| format!("cannot make {}", args.dir.display()))?;
    let dir = std::fs::canonicalize(&args.dir)?;
    let mut demo = Demo { json: context.json, told: json!({}) };
    let folder = make(&mut demo, &dir, &args).await?;
    if !args.only_make {
        let company = company::open(&folder).await?;
        demo.say("check", || {
            let p = &company.policy;
            format!(
                "the policy folder compiles against the live schemas: {} systems, {} tables",
                p.systems.len(),
                p.tables.len()
            )
        });
        let store = Store::open(&dir.join("home"), store::Options::new(clock::now())).await?;
        demo.one(&store, &company, Right::Access, &dir.join("answers")).await?;
        demo.one(&store, &company, Right::Erasure, &dir.join("answers")).await?;
        demo.told["key"] = json!(store.vkey());
        store.close().await;
    }
    demo.told["folder"] = json!(dir);
    demo.told["seconds"] = json!(started.elapsed().as_secs_f64());
    if context.json {
        say_json(&demo.told)?;
    } else {
        places(&args.dir, args.only_make, started.elapsed().as_secs_f64());
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the policy folder and fills the databases.
async fn make(demo: &mut Demo, dir: &Path, args: &Args) -> Result<PathBuf> {
    let databases = dir.join("databases");
    DirBuilder::new().mode(0o700).create(&databases)?;
    let file = |name: &str| format!("sqlite://{}/{name}.db", databases.display());
    let uploads = dir.join("uploads");
    let (engine, target) = match (&args.helpdesk, &args.billing) {
        (Some(helpdesk), Some(billing)) => {
            (engine(helpdesk, billing)?, Target { helpdesk: helpdesk.clone(), billing: billing.clone(), uploads })
        }
        _ => (Engine::Sqlite, Target { helpdesk: file("helpdesk"), billing: file("billing"), uploads }),
    };
    let uploads = target.uploads.display().to_string();
    let addresses =
        [("HELPDESK_DSN", &*target.helpdesk), ("BILLING_DSN", &*target.billing), ("UPLOADS", uploads.as_str())];
    let folder = write_policy(dir, engine, &addresses)?;
    let bar = progress("making a company");
    let told = |n| bar.set_message(format!("making a company: {n} customers"));
    let made = sample::create("helpdesk", &target, args.persons, &mut |n| told(n)).await?;
    bar.finish_and_clear();
    let rows: u64 = made.tables.iter().map(|t| t.rows).sum();
    demo.say("company", || {
        format!(
            "Harbour Desk, a help desk with {} customers: {rows} rows in {} tables of 2 databases, {} files",
            made.persons,
            made.tables.len(),
            made.files
        )
    });
    Ok(folder)
}

/// The engine of both databases: the folder is written for one.
fn engine(helpdesk: &str, billing: &str) -> Result<Engine> {
    let known = || Misuse("an address begins with `postgres://` or `mysql://`".to_owned());
    let [one, other] = [helpdesk, billing].map(Engine::of);
    let (one, other) = (one.ok_or_else(known)?, other.ok_or_else(known)?);
    if one != other {
        return Err(Misuse("--helpdesk and --billing must lead to the same kind of database".to_owned()).into());
    }
    Ok(one)
}

/// Writes the policy folder; where the example names a variable for an address, the demo names a file with it.
fn write_policy(dir: &Path, engine: Engine, addresses: &[(&str, &str)]) -> Result<PathBuf> {
    let folder = dir.join("helpdesk");
    for (path, text) in sample::helpdesk::policy(engine) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        let mut text = text.to_string();
        for (variable, address) in addresses {
            let secret = dir.join("databases").join(format!("{variable}.address"));
            std::fs::write(&secret, address)?;
            let quoted = serde_json::to_string(&secret.to_string_lossy())?;
            text = text.replace(&format!("{{ env = \"{variable}\" }}"), &format!("{{ file = {quoted} }}"));
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(folder)
}

struct Demo {
    json: bool,
    told: Value,
}

impl Demo {
    fn say(&mut self, key: &str, text: impl FnOnce() -> String) {
        let text = text();
        if !self.json {
            say(format!("{key}: {text}"));
        }
        self.told[key] = json!(text);
    }

    /// One request from plan to certificate.
    async fn one(&mut self, store: &Store, company: &Company, right: Right, out: &Path) -> Result<()> {
        let identities = vec![Identity::Named("email".into(), PERSON.into())];
        let ask = Ask {
            right,
            kind: "customer".into(),
            tenant: None,
            profile: None,
            identities,
            corrections: Vec::new(),
            sweep: false,
            words: Vec::new(),
            by: config::user(),
            valid: SignedDuration::from_hours(1),
        };
        let plan = casework::make(company, &ask, Some(store)).await?;
        if !self.json {
            show::plan(&plan);
        }
        let answer = Answer { out: out.to_owned(), plain: true, recipient: None, language: None };
        let (mut carried, mut written) = carry_quietly(store, company, &plan, &answer).await?;
        if let Ending::Waiting(tasks) = &carried.ending {
            let tasks = tasks.clone();
            if !self.json {
                show::ending(&carried, &company.folder);
                say("");
            }
            carried = self.confirm(store, company, &tasks).await?;
            if let Some(bytes) = &carried.certificate {
                written.certificate = Some(write_certificate(out, &carried.run, bytes)?);
            }
            casework::handed_over(store, &carried).await?;
        }
        if !self.json {
            show::ending(&carried, &company.folder);
            say(prove(store, &carried)?);
        }
        let mut told = show::ending_json(&carried);
        told["plan"] = show::plan_json(&plan);
        told["answer"] = json!(written.answer);
        told["certificate"] = json!(written.certificate);
        self.told[right.word()] = told;
        Ok(())
    }

    /// In the demo the team answers at once.
    async fn confirm(
        &mut self,
        store: &Store,
        company: &Company,
        tasks: &[(String, String, String)],
    ) -> Result<Carried> {
        for (run, step, team) in tasks {
            let mut tx = store.begin().await?;
            tx.confirm_task(run, step, team, clock::now()).await?;
            tx.commit().await?;
            if !self.json {
                note(format!("(the demo confirms in the name of: {team})"));
            }
        }
        casework::settle(store, company, &tasks[0].0).await
    }
}

/// Verifies the certificate as a stranger would.
fn prove(store: &Store, carried: &Carried) -> Result<String> {
    let Some(bytes) = &carried.certificate else { return Ok(String::new()) };
    let keys = [store.vkey().parse()?];
    let report = certificate(bytes, &Against { keys: &keys, ..Against::default() });
    Ok(format!("\n{}", render(&report).trim_end()))
}

fn places(dir: &Path, only_made: bool, seconds: f64) {
    let dir = dir.display();
    heading("Where everything lies");
    say(format!("policy folder   {dir}/helpdesk"));
    say(format!("databases       {dir}/databases"));
    say(format!("files           {dir}/uploads"));
    if !only_made {
        say(format!("answer          {dir}/answers/access-*/index.html"));
        say(format!("certificates    {dir}/answers/certificate-*.json"));
        say(format!("ledger, keys    {dir}/home/ledger, {dir}/home/master.key"));
        heading("Try next");
        say(format!("upheld plan erasure {dir}/helpdesk --subject customer --email hedda.sitat@blue-bakery.example"));
        say(format!("upheld verify {dir}/home/ledger --key-file {dir}/home/ledger/key.pub"));
    }
    say(format!("\ndone in {seconds:.1} s"));
}
