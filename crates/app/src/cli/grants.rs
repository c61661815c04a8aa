//! `upheld grants`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::grants::{Needs, Roles, Side, Statement, needs, statements};
use engine::policy::model::{Policy, System, SystemId, SystemKind};
use engine::schema::Schema;
use serde::Serialize;

use super::Context;
use crate::company;
use crate::terminal::{Misuse, say, say_json};

/// Print the least rights that the reading and the writing role of each database need, as SQL.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld grants acme                      all systems, from the locked schemas
  upheld grants acme --system helpdesk | psql \"$ADMIN_DSN\"
  upheld check acme --live                compares with what the roles may do now")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Only this system.
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    /// Name of the role behind the `read` connection.
    #[arg(long, value_name = "ROLE", default_value = "upheld_read")]
    role_read: String,
    /// Name of the role behind the `write` connection.
    #[arg(long, value_name = "ROLE", default_value = "upheld_write")]
    role_write: String,
    /// Use the live schemas instead of the locked ones.
    #[arg(long)]
    live: bool,
}

/// What is told of one system.
#[derive(Serialize)]
struct Told {
    system: String,
    kind: SystemKind,
    schema: Option<String>,
    needs: Needs,
    statements: Vec<Statement>,
    /// Where there are no statements: what to do instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<&'static str>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let (policy, schemas) = company::Read::folder(&args.folder, args.live).await?.policy()?;
    let roles = Roles { read: args.role_read, write: args.role_write };
    let wanted = wanted(&policy, args.system.as_deref())?;
    let nothing = Schema::default();
    let told: Vec<Told> = wanted
        .into_iter()
        .map(|id| tell(&policy, id, schemas.get(&policy.system(id).name).unwrap_or(&nothing), &roles))
        .collect();
    if context.json {
        say_json(&told)?;
    } else {
        told.iter().for_each(|t| say(text(t, &roles).trim_end()));
    }
    Ok(ExitCode::SUCCESS)
}

fn wanted(policy: &Policy, name: Option<&str>) -> Result<Vec<SystemId>> {
    let Some(name) = name else { return Ok((0..policy.systems.len()).map(SystemId).collect()) };
    let names = || policy.systems.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
    let unknown = || Misuse(format!("the folder has no system {name}; it has {}", names()));
    Ok(vec![policy.system_named(name).ok_or_else(unknown)?])
}

fn tell(policy: &Policy, id: SystemId, schema: &Schema, roles: &Roles) -> Told {
    let system = policy.system(id);
    let needs = needs(policy, id, schema);
    let name = (system.kind == SystemKind::Postgres).then(|| schema_name(system).to_owned());
    let statements = statements(system.kind, schema_name(system), &needs, roles);
    Told {
        system: system.name.clone(),
        kind: system.kind,
        schema: name,
        needs,
        statements,
        instead: instead(system.kind),
    }
}

/// The database schema that the map's tables stand in.
fn schema_name(system: &System) -> &str {
    system.schema.as_deref().unwrap_or("public")
}

fn instead(kind: SystemKind) -> Option<&'static str> {
    match kind {
        SystemKind::Postgres | SystemKind::Mysql => None,
        SystemKind::Sqlite => Some(
            "a file knows no roles: let the account that checks and plans read the file (and its -wal and -shm files), \
             and only the account that applies write the file and its folder",
        ),
        SystemKind::Files => Some(
            "let the account that checks and plans list and read the objects, and only the account that applies delete \
             and overwrite them",
        ),
        SystemKind::Http => {
            Some("give the token of `read` the scopes that read, and that of `write` those that change")
        }
        SystemKind::Manual => Some("people do the work here; there is no role to give rights to"),
    }
}

/// SQL with comments, ready for the database's own client.
fn text(told: &Told, roles: &Roles) -> String {
    let mut lines = vec![format!("-- system {}: {}", told.system, place(told))];
    if let Some(instead) = told.instead {
        lines.extend(folded(instead));
    } else {
        lines.extend(folded(&make_roles(told.kind, roles)));
    }
    let mut side = None;
    for statement in &told.statements {
        if side != Some(statement.side) {
            side = Some(statement.side);
            lines.push(String::new());
            lines.push(heading(statement.side).to_owned());
        }
        lines.extend(statement.note.into_iter().flat_map(folded));
        lines.push(statement.sql.clone());
    }
    lines.push(String::new());
    lines.join("\n") + "\n"
}

fn place(told: &Told) -> String {
    match (&told.schema, told.kind) {
        (Some(schema), _) => format!("postgres, schema {}", schema.escape_debug()),
        (None, kind) => format!("{kind:?}").to_lowercase(),
    }
}

fn make_roles(kind: SystemKind, roles: &Roles) -> String {
    let make = if kind == SystemKind::Mysql { "CREATE USER" } else { "CREATE ROLE .. LOGIN" };
    let name = |side| roles.name(side).escape_debug().to_string();
    format!(
        "make the roles {} and {} first ({make}), and run this as the owner of the tables",
        name(Side::Read),
        name(Side::Write)
    )
}

fn heading(side: Side) -> &'static str {
    match side {
        Side::Read => "-- reading role: check, plan, probe and export",
        Side::Write => "-- writing role: apply, and nothing else",
    }
}

/// A text as comment lines of at most eighty columns.
fn folded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 79 => line.extend([" ", word]),
            _ => lines.push(format!("-- {word}")),
        }
    }
    lines
}
