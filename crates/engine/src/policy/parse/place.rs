//! Which file is what.

use crate::diagnostic::{Diagnostic, Severity, codes, near};
use crate::policy::keys::SCHEMAS;
use crate::policy::written::Folder;
use crate::source::{FileId, Source, Span};

/// What a file of the folder is, by its path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    Policy,
    Purposes,
    Recipients,
    Retention,
    Holds,
    Rights,
    Promises,
    Collection,
    Messages,
    Security,
    Settings,
    /// `notice.md`.
    Notice,
    /// `systems/NAME.toml`.
    System(&'a str),
    /// `systems/NAME.PROFILE.toml`.
    Profile(&'a str, &'a str),
    /// `systems/NAME.schema.json`.
    Schema(&'a str),
    /// Text for people, and files of other tools.
    Unread,
    Unknown,
}

impl<'a> Place<'a> {
    /// The place of a path.
    pub(super) fn of(path: &'a str) -> Self {
        match path {
            "policy.toml" => Place::Policy,
            "purposes.toml" => Place::Purposes,
            "recipients.toml" => Place::Recipients,
            "retention.toml" => Place::Retention,
            "holds.toml" => Place::Holds,
            "rights.toml" => Place::Rights,
            "promises.toml" => Place::Promises,
            "collection.toml" => Place::Collection,
            "messages.toml" => Place::Messages,
            "security.toml" => Place::Security,
            "settings.toml" => Place::Settings,
            "notice.md" => Place::Notice,
            "README.md" | "IMPORT.md" => Place::Unread,
            _ if path.starts_with("sample/") => Place::Unread,
            _ if path.split('/').any(|part| part.starts_with('.')) => Place::Unread,
            _ => path.strip_prefix("systems/").map_or(Place::Unknown, Place::of_system),
        }
    }

    fn of_system(file: &'a str) -> Self {
        if file.contains('/') {
            return Place::Unknown;
        }
        match file.split('.').collect::<Vec<_>>().as_slice() {
            [name, "toml"] if !name.is_empty() => Place::System(name),
            [name, "schema", "json"] if !name.is_empty() => Place::Schema(name),
            [name, profile, "toml"] if !name.is_empty() && !profile.is_empty() => Place::Profile(name, profile),
            _ => Place::Unknown,
        }
    }
}

/// The finding about a file that is none of the folder's.
pub(super) fn unknown(file: FileId, path: &str) -> Diagnostic {
    let help = if path.starts_with("systems/") {
        "files here are `NAME.toml`, `NAME.PROFILE.toml` and `NAME.schema.json`".to_owned()
    } else {
        let known = SCHEMAS.iter().map(|s| s.files).filter(|files| !files.starts_with("systems/"));
        near::suggest(path, known.chain(["notice.md"])).unwrap_or_default()
    };
    Diagnostic::error(codes::FILE, format!("`{path}` is not a file of a policy folder"), start(file), "unexpected file")
        .help(help)
}

/// Files without the one they belong to, and the folder without its `policy.toml`.
pub(super) fn lonely(source: &Source, folder: &Folder) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if source.find("policy.toml").is_none() {
        findings.push(Diagnostic {
            code: codes::FILE,
            severity: Severity::Error,
            message: "the folder has no `policy.toml`".to_owned(),
            labels: Vec::new(),
            help: Some("create it with `[company]` and the `name` of the company".to_owned()),
        });
    }
    for (id, file) in source.files() {
        let (Place::Profile(system, _) | Place::Schema(system)) = Place::of(&file.path) else { continue };
        if folder.system(system).is_none() {
            let message = format!("`{}` belongs to a system `{system}`, which the folder does not have", file.path);
            let finding = Diagnostic::error(codes::FILE, message, start(id), format!("no `systems/{system}.toml`"));
            findings.push(finding.suggest(system, folder.systems.iter().map(|s| s.name.as_str())));
        }
    }
    findings
}

fn start(file: FileId) -> Span {
    Span { file, start: 0, end: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert_eq!(Place::of("systems/helpdesk.toml"), Place::System("helpdesk"));
        assert_eq!(Place::of("systems/helpdesk.decay.toml"), Place::Profile("helpdesk", "decay"));
        assert_eq!(Place::of("systems/helpdesk.schema.json"), Place::Schema("helpdesk"));
        assert_eq!(Place::of(".git/config.toml"), Place::Unread);
        for unknown in ["systems/.toml.x/a", "systems/a/b.toml", "systems/a", "polcy.toml", "systems/a..toml"] {
            assert!(matches!(Place::of(unknown), Place::Unknown | Place::Unread), "{unknown}");
        }
    }
}
