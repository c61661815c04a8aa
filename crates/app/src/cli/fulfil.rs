//! `upheld fulfil`: from the question to the certificate in one command.

use std::fs::DirBuilder;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::plan::{Plan, Refusal};
use engine::policy::model::Right;
use engine::run::Nowhere;
use proof::certificate::{Audience, Certificate};
use serde_json::json;
use store::{Store, Zeroizing};

use super::correct::Correct;
use super::who::Who;
use super::{Context, RightWord, show};
use crate::casework::{self, Ask, Carried, Unseen};
use crate::company::{self, Company};
use crate::config;
use crate::package::{self, Extra, Package, Sealing};
use crate::terminal::{Misuse, confirm, note, progress, say, say_json};

/// Plan, ask, carry out, verify, answer and certify.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld fulfil access acme --subject customer --email ann@x.example --out answer\n  upheld fulfil erasure acme --subject customer --email ann@x.example --yes\n  upheld fulfil deactivation acme --subject customer --email ann@x.example\n  upheld fulfil reactivation acme --subject customer --email ann@x.example"
)]
pub struct Args {
    /// The right.
    right: RightWord,
    /// The policy folder.
    folder: PathBuf,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    correct: Correct,
    #[command(flatten)]
    answer: Answer,
    /// Do not ask before carrying out the plan.
    #[arg(long)]
    yes: bool,
}

/// Where the answer and the certificate go.
#[derive(clap::Args)]
pub struct Answer {
    /// Folder for the answer and the certificate.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Write the answer as a folder instead of an encrypted archive.
    #[arg(long)]
    pub plain: bool,
    /// Encrypt the answer for this age key instead of a passphrase.
    #[arg(long, value_name = "AGE_KEY", conflicts_with = "plain", value_parser = age_key)]
    pub recipient: Option<String>,
    /// Language of the answer's pages; otherwise that of the policy folder, else English.
    #[arg(long, value_name = "CODE", value_parser = clap::builder::PossibleValuesParser::new(package::languages()))]
    pub language: Option<String>,
}

/// A key is read before anything runs: afterwards, a wrong one would leave the answer unencrypted.
fn age_key(text: &str) -> Result<String, String> {
    let key = text.trim();
    let parsed = key.parse::<age::x25519::Recipient>();
    parsed.map(|_| key.to_owned()).map_err(|_| "no age public key; such keys begin with age1".to_owned())
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let right = args.right.into();
    let ask = Ask { corrections: args.correct.corrections(right)?, ..args.who.ask(right)? };
    let company = company::open(&args.folder).await?;
    let plans = match super::plan::plans(context, &company, ask.clone(), args.who.all_tenants).await {
        Ok(plans) => plans,
        Err(error) => return end_sealed(context, &company, &ask, args.yes, error).await,
    };
    plans.iter().try_for_each(|plan| company.can_carry_out(plan))?;
    let store = context.store().await?;
    let (mut code, mut told) = (ExitCode::SUCCESS, Vec::new());
    for plan in &plans {
        if !context.json {
            show::plan(plan);
        }
        let question = format!("\nCarry out this {} of {} rows?", plan.right.word(), plan.rows());
        if !args.yes && !confirm(&question)? {
            return Err(Misuse("nothing was done: say yes on the terminal, or use --yes".into()).into());
        }
        let (one, value) = match carry_told(context, &store, &company, plan, &args.answer).await {
            // What was told of earlier plans, passphrases among it, must not be lost.
            Err(error) if !told.is_empty() => (ExitCode::FAILURE, Some(json!({ "error": format!("{error:#}") }))),
            done => done?,
        };
        told.extend(value);
        if one != ExitCode::SUCCESS {
            code = one;
        }
    }
    // One document, whatever the number of plans: a list where a plan was asked for each tenant.
    match told.pop() {
        Some(only) if told.is_empty() && !args.who.all_tenants => say_json(&only)?,
        Some(last) => say_json(&told.into_iter().chain([last]).collect::<Vec<_>>())?,
        None => {}
    }
    store.close().await;
    Ok(code)
}

/// An erasure of somebody of whom nothing is left but what a deactivation sealed: the seal's key is destroyed.
async fn end_sealed(
    context: &Context,
    company: &Company,
    ask: &casework::Ask,
    yes: bool,
    error: anyhow::Error,
) -> Result<ExitCode> {
    let nobody = matches!(error.downcast_ref(), Some(connect::Planless::Refused(Refusal::NotFound { .. })));
    if ask.right != Right::Erasure || !nobody || !context.home.join("upheld.db").is_file() {
        return Err(error);
    }
    let store = context.store().await?;
    let seals = casework::seals_of(&store, company, ask).await?;
    if seals.is_empty() {
        return Err(error);
    }
    let question = "\nThis person is deactivated and in no system. Destroy what was sealed, for good?";
    if !yes && !confirm(question)? {
        return Err(Misuse("nothing was done: say yes on the terminal, or use --yes".into()).into());
    }
    casework::end_of(&store, &seals).await?;
    store.close().await;
    if context.json {
        say_json(&json!({ "state": "complete", "sealed_destroyed": seals.len() }))?;
    } else {
        say("complete: the key of what was sealed is destroyed; the deactivation is final, and the ledger says so");
    }
    Ok(ExitCode::SUCCESS)
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// The answer: a folder or an archive.
    pub answer: Option<PathBuf>,
    /// The passphrase of the archive, shown once.
    pub passphrase: Option<Zeroizing<String>>,
    /// The certificate.
    pub certificate: Option<PathBuf>,
}

/// Carries out a plan and shows how it ended.
pub async fn carry(
    context: &Context,
    store: &Store,
    company: &Company,
    plan: &Plan,
    answer: &Answer,
) -> Result<ExitCode> {
    let (code, told) = carry_told(context, store, company, plan, answer).await?;
    told.iter().try_for_each(say_json)?;
    Ok(code)
}

/// Carries out a plan; tells people how it ended, and returns what programs are told.
async fn carry_told(
    context: &Context,
    store: &Store,
    company: &Company,
    plan: &Plan,
    answer: &Answer,
) -> Result<(ExitCode, Option<serde_json::Value>)> {
    show::waits(plan);
    let bar = progress("carrying out");
    let done = carry_quietly(store, company, plan, answer).await;
    bar.finish_and_clear();
    let (carried, written) = done.map_err(|e| context.naming_the_store(e))?;
    if context.json {
        let mut value = show::ending_json(&carried);
        value["plan"] = show::plan_json(plan);
        value["answer"] = json!(written.answer);
        value["passphrase"] = json!(written.passphrase.as_ref().map(|p| p.as_str()));
        value["certificate"] = json!(written.certificate);
        return Ok((show::code(&carried), Some(value)));
    }
    show::ending(&carried, &company.folder);
    if let Some(path) = &written.answer {
        say(format!("answer: {}", path.display()));
    }
    if let Some(passphrase) = &written.passphrase {
        note(format!("passphrase, shown only now, send it another way than the file: {}", passphrase.as_str()));
    }
    if let Some(path) = &written.certificate {
        say(format!("certificate: {}", path.display()));
        say(format!("verify it: upheld verify {} --key '{}'", path.display(), store.vkey()));
    }
    Ok((show::code(&carried), None))
}

/// Carries out a plan and writes answer and certificate.
pub async fn carry_quietly(
    store: &Store,
    company: &Company,
    plan: &Plan,
    answer: &Answer,
) -> Result<(Carried, Written)> {
    private_folder(&answer.out)?;
    let mut written = Written::default();
    let carried = if plan.right == Right::Confirmation {
        let carried = casework::carry_out(store, company, plan, &mut Unseen).await?;
        written.answer = Some(write_confirmation(company, plan, &answer.out)?);
        carried
    } else if plan.right.returns() {
        let (carried, folder) = write_answer(store, company, plan, answer).await?;
        hand_out(plan, folder, answer, &mut written)?;
        carried
    } else {
        casework::carry_out(store, company, plan, &mut Nowhere).await?
    };
    if let Some(bytes) = &carried.certificate {
        written.certificate = Some(write_certificate(&answer.out, &carried.run, bytes)?);
    }
    casework::handed_over(store, &carried).await?;
    Ok((carried, written))
}

/// Writes yes or no, and how that was found out: no value of the person, and nothing that only an access may tell.
fn write_confirmation(company: &Company, plan: &Plan, out: &Path) -> Result<PathBuf> {
    let path = out.join(format!("confirmation-{}.json", plan.request));
    let answer = json!({
        "company": company.policy.company, "request": plan.request, "subject": plan.kind, "made_at": plan.made_at,
        "held": plan.holds_data(), "tables_searched": plan.searched,
        "meaning": if plan.holds_data() { "Personal data of this person are held." } else { "No data of this person were found." },
    });
    write_whole(out, &path, format!("{}\n", serde_json::to_string_pretty(&answer)?).as_bytes())?;
    Ok(path)
}

/// Writes the package of an access or a portability. It gets its name when it is whole; one that was written for the same request before, or
/// was left unfinished by a crash, gives way.
async fn write_answer(store: &Store, company: &Company, plan: &Plan, answer: &Answer) -> Result<(Carried, PathBuf)> {
    let out = &answer.out;
    let name = format!("{}-{}", plan.right.word(), plan.request);
    remove_unfinished(out, &name);
    let folder = out.join(&name);
    let unfinished = out.join(format!("{name}.unfinished-{}", std::process::id()));
    let mut package = Package::create(&unfinished, plan, &company.policy)?;
    let carried = match casework::carry_out(store, company, plan, &mut package).await {
        Ok(carried) => carried,
        Err(error) => {
            // The first error is the one to tell.
            let _ = package.discard();
            return Err(error);
        }
    };
    let certificate = carried.certificate.as_deref().map(for_the_person).transpose()?;
    package.finish(&Extra { certificate: certificate.as_deref(), language: answer.language.as_deref() })?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    std::fs::rename(&unfinished, &folder).with_context(|| format!("cannot write {}", folder.display()))?;
    Ok((carried, folder))
}

/// The certificate with the statements that are meant for the person; row keys and names of staff stay inside.
fn for_the_person(certificate: &[u8]) -> Result<Vec<u8>> {
    Ok(Certificate::parse(certificate)?.disclose(Audience::Person).to_bytes()?)
}

/// Removes what processes that are gone left of this answer: it holds a person's data and is of no use.
fn remove_unfinished(out: &Path, name: &str) {
    let prefix = format!("{name}.unfinished-");
    for entry in std::fs::read_dir(out).into_iter().flatten().flatten() {
        let left = entry.file_name();
        let pid = left.to_str().and_then(|l| l.strip_prefix(&prefix)).and_then(|pid| pid.parse().ok());
        if pid.is_some_and(|pid| pid == std::process::id() || config::has_ended(pid)) {
            // What cannot be removed shows in the folder, under a name that says what it is.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Encrypts the answer, unless it is to stay a folder.
fn hand_out(plan: &Plan, folder: PathBuf, answer: &Answer, written: &mut Written) -> Result<()> {
    if answer.plain {
        written.answer = Some(folder);
        return Ok(());
    }
    let archive = answer.out.join(format!("{}-{}.zip.age", plan.right.word(), plan.request));
    if archive.exists() {
        std::fs::remove_file(&archive).with_context(|| format!("cannot replace {}", archive.display()))?;
    }
    let sealing = match &answer.recipient {
        Some(key) => Sealing::Recipient(key.clone()),
        None => {
            let passphrase = package::passphrase(&store::entropy::bytes()?);
            written.passphrase = Some(passphrase.clone());
            Sealing::Passphrase(passphrase)
        }
    };
    if let Err(error) = package::seal(&folder, sealing, &archive) {
        // Nobody asked for an answer that is not encrypted; the first error is the one to tell.
        let _ = std::fs::remove_dir_all(&folder);
        return Err(error);
    }
    written.answer = Some(archive);
    Ok(())
}

/// Writes a certificate beside the answer, whole or not at all; it may exist already.
pub fn write_certificate(out: &Path, run: &str, bytes: &[u8]) -> Result<PathBuf> {
    private_folder(out)?;
    let path = out.join(format!("certificate-{run}.json"));
    write_whole(out, &path, bytes)?;
    Ok(path)
}

fn write_whole(out: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let unwritable = || format!("cannot write {}", path.display());
    let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(out).with_context(unwritable)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).with_context(unwritable)?;
    file.persist(path).map_err(|e| e.error).with_context(unwritable)?;
    Ok(())
}

fn private_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the folder {}", path.display()))
}
