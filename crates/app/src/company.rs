//! A policy folder, opened: its text, its systems, its compiled policy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use connect::{Connector, FileTable, Options, Pace, Paced, Service, Systems};
use engine::diagnostic::{Diagnostic, codes, render};
use engine::plan::{Plan, SystemPlan};
use engine::policy::compile::{Compiled, compile};
use engine::policy::model::{Limits, Policy, SystemKind};
use engine::policy::written;
use engine::policy::written::http::Address;
use engine::schema::Schema;
use engine::source::Source;
use zeroize::Zeroizing;

use crate::clock;
use crate::config;
use crate::terminal::Misuse;

/// An opened folder.
pub struct Company {
    /// Where it lies, absolute.
    pub folder: PathBuf,
    /// The compiled policy.
    pub policy: Policy,
    /// Live schemas by system.
    pub schemas: BTreeMap<String, Schema>,
    /// Connections by system.
    pub systems: Systems,
    /// Systems that cannot be written, and why.
    unwritable: Unwritable,
}

/// Systems without a usable write connection, and why: planning and checking need none.
pub type Unwritable = BTreeMap<String, String>;

impl Company {
    /// The map that a plan was made under.
    pub fn policy_of(&self, plan: &Plan) -> Result<&Policy> {
        let named = self.policy.under(plan.profile.as_deref());
        named.context("the policy folder no longer has the profile that the plan was made under; make a new plan")
    }

    /// Can every system be written that the plan changes? If not, nothing of it may be begun.
    pub fn can_carry_out(&self, plan: &Plan) -> Result<()> {
        let changes = |s: &&SystemPlan| s.steps.iter().any(|step| step.action.changes());
        for system in plan.systems.iter().filter(changes) {
            if let Some(why) = self.unwritable.get(&system.system) {
                bail!("system {} cannot be written: {why}; nothing was done", system.system);
            }
        }
        Ok(())
    }
}

/// The folder does not compile; the findings are for the person who wrote it.
#[derive(Debug)]
pub struct Uncompiled {
    /// The files.
    pub source: Source,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Uncompiled {
    /// The findings for people, in colour on a terminal.
    pub fn text(&self, colour: bool) -> String {
        render::text(&self.diagnostics, &self.source, colour)
    }

    /// The findings for programs: a JSON text.
    pub fn json(&self) -> String {
        render::json(&self.diagnostics, &self.source)
    }
}

impl std::fmt::Display for Uncompiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the policy folder does not fit its systems, or itself; nothing was done")
    }
}

impl std::error::Error for Uncompiled {}

/// Reads the files of a policy folder: TOML, JSON and Markdown, two levels deep.
pub fn read(folder: &Path) -> Result<Source> {
    if !folder.is_dir() {
        return Err(Misuse(format!("there is no policy folder at {}", folder.display())).into());
    }
    let mut source = Source::default();
    for (prefix, dir) in [("", folder.to_owned()), ("systems/", folder.join("systems"))] {
        if !dir.is_dir() {
            continue;
        }
        let listing = std::fs::read_dir(&dir).with_context(|| format!("cannot list {}", dir.display()))?;
        let mut names: Vec<String> = listing.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        for name in names.iter().filter(|n| [".toml", ".json"].iter().any(|e| n.ends_with(e)) || *n == "notice.md") {
            let path = dir.join(name);
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            source.add(format!("{prefix}{name}"), text);
        }
    }
    if source.files().next().is_none() {
        let files = "a policy folder holds at least policy.toml and systems/NAME.toml";
        return Err(Misuse(format!("{} is empty: {files}", folder.display())).into());
    }
    Ok(source)
}

/// A folder as it was read and compiled, and what was seen of its systems where they were looked at.
pub struct Read {
    /// The files.
    pub source: Source,
    /// What they say.
    pub written: written::Folder,
    /// The systems and their live schemas.
    pub live: Option<(Systems, BTreeMap<String, Schema>)>,
    /// What became of it.
    pub compiled: Compiled,
}

impl Read {
    /// Reads a folder and compiles it against its locked schemas, or, with `live`, against those its systems have now.
    pub async fn folder(folder: &Path, live: bool) -> Result<Read> {
        let source = read(folder)?;
        let (written, _) = engine::policy::parse::parse(&source);
        let mut seen = None;
        if live {
            let systems = open_systems(&written)?;
            let schemas = connect::describe(&systems).await?;
            seen = Some((systems, schemas));
        }
        let compiled = compile(&source, seen.as_ref().map(|(_, schemas)| schemas));
        Ok(Read { source, written, live: seen, compiled })
    }

    /// The policy and the schemas it was compiled against; all findings if it did not compile.
    pub fn policy(self) -> Result<(Policy, BTreeMap<String, Schema>)> {
        let Compiled { policy, diagnostics } = self.compiled;
        let Some(policy) = policy else { return Err(Uncompiled { source: self.source, diagnostics }.into()) };
        let mut schemas = self.written.schemas;
        schemas.extend(self.live.into_iter().flat_map(|(_, schemas)| schemas));
        Ok((policy, schemas))
    }
}

/// The policy of a folder against its locked schemas; all findings if it does not compile.
pub fn compiled(source: Source) -> Result<Policy> {
    let Compiled { policy, diagnostics } = compile(&source, None);
    policy.ok_or_else(|| Uncompiled { source, diagnostics }.into())
}

/// Opens the connections that the folder names.
pub fn open_systems(folder: &written::Folder) -> Result<Systems> {
    open_sides(folder, &BTreeMap::new()).map(|(systems, _)| systems)
}

/// Opens the connections that the folder names, and says which systems cannot be written. The address of `write` need not
/// be there where people only plan and check.
///
/// `addresses` by system count before what the folder says.
fn open_sides(folder: &written::Folder, addresses: &BTreeMap<String, String>) -> Result<(Systems, Unwritable)> {
    let (mut systems, mut unwritable) = (Systems::new(), Unwritable::new());
    let stopwatch = Arc::new(clock::Stopwatch::default());
    for system in &folder.systems {
        let Some(kind) = system.kind.as_ref().map(|k| k.it) else { continue };
        if kind == SystemKind::Manual {
            continue;
        }
        // A service that asks for no credential needs no secret, but somewhere it is said that it may be written.
        let open_to_all = kind == SystemKind::Http && system.http.auth.is_none();
        let given = addresses.get(&system.name).map(|address| Zeroizing::new(address.clone()));
        let read = match system.read.as_ref().or(system.connect.as_ref()) {
            _ if given.is_some() => given.clone().unwrap_or_default(),
            Some(read) => config::secret(&read.it).with_context(|| format!("system {}", system.name))?,
            None if open_to_all => Zeroizing::default(),
            None => continue,
        };
        let write = match given.map_or_else(|| write_address(system), Ok) {
            Err(_) if open_to_all => Some(Zeroizing::default()),
            Ok(address) => Some(address),
            Err(why) => {
                unwritable.insert(system.name.clone(), why);
                None
            }
        };
        let limits = Limits::of(&folder.company.limits, &system.limits);
        let options = Options {
            schema: system.schema.as_ref().map_or_else(|| "public".to_owned(), |s| s.it.clone()),
            statement_timeout_ms: limits.statement_timeout_ms,
            lock_timeout_ms: limits.lock_timeout_ms,
            service: web_service(system)?,
            files: system.tables.iter().filter_map(|(name, table)| file_table(&name.it, table)).collect(),
        };
        let opened = connect::open(kind, &read, write.as_ref().map(|w| w.as_str()), options);
        let opened = opened.map_err(|f| anyhow::anyhow!("system {}: {f}", system.name))?;
        let paced: Box<dyn Connector> = match limits.rows_per_second {
            Some(rows) => Box::new(Paced { system: opened, pace: Pace::new(rows, stopwatch.clone()) }),
            None => opened,
        };
        systems.insert(system.name.clone(), paced);
    }
    Ok((systems, unwritable))
}

/// How a web service is called, with what lies outside of the folder.
fn web_service(system: &written::System) -> Result<Option<Service>> {
    if !engine::policy::http::is_service(system) {
        return Ok(None);
    }
    let name = || format!("system {}", system.name);
    let url = match system.url.as_ref().map(|url| &url.it) {
        Some(Address::Plain(url)) => url.clone(),
        Some(Address::Secret(secret)) => config::secret(secret).with_context(name)?.to_string(),
        None => bail!("system {}: nothing says where to reach it", system.name),
    };
    let authority = system.http.authority.as_ref().map(|file| {
        std::fs::read_to_string(&file.it).with_context(|| format!("cannot read the certificates in {}", file.it))
    });
    let authority = authority.transpose().with_context(name)?;
    Ok(Some(Service { url, http: system.http.clone(), resources: system.resources.clone(), authority }))
}

/// The address of the write connection, or why there is none.
fn write_address(system: &written::System) -> Result<Zeroizing<String>, String> {
    let none = || format!("`[system]` of systems/{}.toml names no `write` connection", system.name);
    let write = system.write.as_ref().or(system.connect.as_ref()).ok_or_else(none)?;
    config::secret(&write.it).map_err(|error| format!("{error:#}"))
}

fn file_table(name: &str, table: &written::Table) -> Option<FileTable> {
    Some(FileTable { name: name.to_owned(), path: table.path.as_ref()?.it.clone() })
}

/// Opens a folder against its live systems: describes them, compiles, and fails with all findings if it does not compile.
pub async fn open(folder: &Path) -> Result<Company> {
    open_at(folder, &BTreeMap::new()).await
}

/// The same, with systems at other addresses than the folder names.
pub async fn open_at(folder: &Path, addresses: &BTreeMap<String, String>) -> Result<Company> {
    let source = read(folder)?;
    let (parsed, findings) = engine::policy::parse::parse(&source);
    if findings.iter().any(Diagnostic::is_error) {
        // The addresses may be among what is wrong: say everything that can be said without them.
        let Compiled { mut diagnostics, .. } = compile(&source, None);
        diagnostics.retain(|d| d.code != codes::NO_SCHEMA);
        return Err(Uncompiled { source, diagnostics }.into());
    }
    let (systems, unwritable) = open_sides(&parsed, addresses)?;
    let schemas = connect::describe(&systems).await?;
    let Compiled { policy, diagnostics } = compile(&source, Some(&schemas));
    let Some(policy) = policy else { return Err(Uncompiled { source, diagnostics }.into()) };
    let folder = std::fs::canonicalize(folder).with_context(|| format!("cannot find {}", folder.display()))?;
    Ok(Company { folder, policy, schemas, systems, unwritable })
}
