//! `upheld hold add`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::plan::{Register, person_digests};
use engine::policy::model::Right;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;
use store::Store;

use super::super::who::{identities_in, named};
use super::{Context, file};
use crate::casework::{self, Ask, Identity};
use crate::company::{self, Company};
use crate::config;
use crate::terminal::{Misuse, say, say_json};

/// Put a hold on persons, tables or single rows. Persons and rows are written as keyed digests, which name nobody.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld hold add acme damages-26-014 --reason 'Claim for damages' --authority 'Oslo District Court' --subject customer --email ann@x.example\n  upheld hold add acme audit-26 --reason 'Tax audit' --authority 'Tax office' --until 2027-06-30 --table billing:payments\n  upheld hold add acme one-file --reason Inspection --authority 'Data protection authority' --row helpdesk:tickets:4711\n\nOpen plans must be made anew: the policy folder has changed."
)]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// A name for it: letters, digits, `-` and `_`.
    id: String,
    /// Why, for the person who is told that something stays.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who ordered or decided it.
    #[arg(long, value_name = "TEXT")]
    authority: String,
    /// First day.
    #[arg(long, value_name = "DAY", value_parser = super::day)]
    since: Option<Date>,
    /// Last day; until it is released, if it is left out.
    #[arg(long, value_name = "DAY", value_parser = super::day)]
    until: Option<Date>,
    /// Only rows of persons of this kind.
    #[arg(long, value_name = "KIND")]
    subject: Option<String>,
    /// Tenant of the person, where the kind has tenants.
    #[arg(long, value_name = "TENANT", requires = "subject")]
    tenant: Option<String>,
    /// The person, by e-mail address.
    #[arg(long, value_name = "ADDRESS", requires = "subject")]
    email: Option<String>,
    /// The person, by any other identity.
    #[arg(long = "identity", value_name = "NAME=VALUE", requires = "subject")]
    identities: Vec<String>,
    /// The person, by a record's key.
    #[arg(long = "id", value_name = "SYSTEM:KEY", requires = "subject")]
    records: Vec<String>,
    /// Identities from a file, one NAME=VALUE on each line; `-` reads standard input. Keeps them out of process lists.
    #[arg(long, value_name = "FILE", requires = "subject")]
    subject_file: Option<PathBuf>,
    /// Only rows of this table.
    #[arg(long = "table", value_name = "SYSTEM:TABLE")]
    tables: Vec<String>,
    /// Also rows of tables with a column of this category.
    #[arg(long = "category", value_name = "CATEGORY")]
    categories: Vec<String>,
    /// A single row; parts of a composite key are separated by commas.
    #[arg(long = "row", value_name = "SYSTEM:TABLE:KEY")]
    rows: Vec<String>,
    /// A column of records that kept rows refer to, which stays readable with them.
    #[arg(long = "with", value_name = "SYSTEM:TABLE.COLUMN")]
    with: Vec<String>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let id_fits = !args.id.is_empty() && args.id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if !id_fits {
        return Err(Misuse("the name of a hold has letters, digits, `-` and `_`".into()).into());
    }
    let company = company::open(&args.folder).await?;
    if company.policy.holds.iter().any(|hold| hold.id == args.id) {
        return Err(Misuse(format!("the policy folder has a hold `{}` already", args.id)).into());
    }
    let store = context.store().await?;
    let register = Register::new(&store.register_key(), Vec::new());
    let text = file::text(&company.folder)?;
    let keyed = !args.rows.is_empty() || args.names_a_person();
    let persons = if args.names_a_person() { persons(&company, &store, &args, &register).await? } else { Vec::new() };
    let rows = args.rows.iter().map(|row| held_row(&company, &register, row)).collect::<Result<Vec<_>>>()?;
    store.close().await;
    let head = key_line(&company, &register, keyed)?;
    file::replace(&company, head + &text + &entry(&args, &persons, &rows, text.is_empty() || text.ends_with("\n\n")))?;
    if context.json {
        say_json(&json!({ "hold": args.id, "digests_of_persons": persons.len(), "rows": rows.len() }))?;
    } else {
        say(format!("hold {} is in holds.toml; plans that were made before must be made anew", args.id));
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    fn names_a_person(&self) -> bool {
        self.email.is_some() || !self.identities.is_empty() || !self.records.is_empty() || self.subject_file.is_some()
    }

    fn question(&self) -> Result<Ask> {
        let mut identities: Vec<Identity> =
            self.email.iter().map(|v| Identity::Named("email".into(), v.clone())).collect();
        let from_file = identities_in(self.subject_file.as_deref())?;
        for pair in self.identities.iter().map(String::as_str).chain(from_file.lines().filter(|l| !l.trim().is_empty()))
        {
            identities.push(named(pair)?);
        }
        for record in &self.records {
            let (system, key) = record.split_once(':').ok_or_else(|| Misuse("--id is written SYSTEM:KEY".into()))?;
            identities.push(Identity::Record(system.into(), key.into()));
        }
        Ok(Ask {
            right: Right::Confirmation,
            kind: self.subject.clone().unwrap_or_default(),
            tenant: self.tenant.clone(),
            profile: None,
            identities,
            corrections: Vec::new(),
            sweep: false,
            words: Vec::new(),
            by: config::user(),
            valid: SignedDuration::from_hours(1),
        })
    }
}

/// Digests of all records and key identities of the person, so that any of them leads to the hold.
async fn persons(company: &Company, store: &Store, args: &Args, register: &Register) -> Result<Vec<String>> {
    let plan = casework::make(company, &args.question()?, Some(store)).await?;
    if plan.persons.is_empty() {
        let kind = &plan.kind;
        return Err(Misuse(format!("no {kind} was found with these identities, so the hold would keep nothing")).into());
    }
    Ok(person_digests(&company.policy, &plan, register))
}

fn held_row(company: &Company, register: &Register, row: &str) -> Result<String> {
    let parts: Vec<&str> = row.splitn(3, ':').collect();
    let [system, table, key] = parts.as_slice() else {
        return Err(Misuse("--row is written SYSTEM:TABLE:KEY".into()).into());
    };
    let key = casework::confirmed_key(&company.policy, system, table, key)?;
    Ok(register.row(system, table, &key))
}

/// The line that names the key of the digests, unless the file has it; digests of two keys cannot stand in one file.
fn key_line(company: &Company, register: &Register, keyed: bool) -> Result<String> {
    match &company.policy.hold_key {
        Some(key) if keyed && *key != register.key_id() => Err(Misuse(
            "holds.toml has digests that were made in another home: use the same --home, or write a folder's holds in one home"
                .into(),
        )
        .into()),
        None if keyed => Ok(format!("key = \"{}\"\n\n", register.key_id())),
        _ => Ok(String::new()),
    }
}

/// The hold as TOML. Strings of JSON are strings of TOML.
fn entry(args: &Args, persons: &[String], rows: &[String], apart: bool) -> String {
    let mut text = format!("{}[hold.{}]\n", if apart { "" } else { "\n" }, args.id);
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("reason", json!(args.reason).to_string());
    line("authority", json!(args.authority).to_string());
    args.since.iter().for_each(|day| line("since", day.to_string()));
    args.until.iter().for_each(|day| line("until", day.to_string()));
    args.subject.iter().for_each(|kind| line("subject", json!(kind).to_string()));
    let lists = [("persons", persons), ("tables", &args.tables[..]), ("categories", &args.categories), ("rows", rows)];
    for (key, list) in lists.into_iter().chain([("with", &args.with[..])]).filter(|(_, list)| !list.is_empty()) {
        let entries: Vec<String> = list.iter().map(|entry| json!(entry).to_string()).collect();
        line(key, format!("[{}]", entries.join(", ")));
    }
    text
}
