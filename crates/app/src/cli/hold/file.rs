//! `holds.toml` as text: a hold is added at its end or gets a line, everything else stays as people wrote it.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use engine::diagnostic::Diagnostic;
use engine::policy::compile::compile;
use engine::policy::model::Policy;
use engine::source::Source;
use jiff::civil::Date;

use crate::company::{self, Company, Uncompiled};
use crate::terminal::Misuse;

const NAME: &str = "holds.toml";

/// The text of the file; empty where there is none yet.
pub fn text(folder: &Path) -> Result<String> {
    let path = folder.join(NAME);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Compiles the folder with another text of the file and, where it compiles, writes that text, whole or not at all.
pub fn replace(company: &Company, new: String) -> Result<Policy> {
    let mut source = Source::default();
    for (_, file) in company::read(&company.folder)?.files().filter(|(_, file)| file.path != NAME) {
        source.add(file.path.clone(), file.text.clone());
    }
    source.add(NAME, new.clone());
    let compiled = compile(&source, Some(&company.schemas));
    let diagnostics: Vec<Diagnostic> = compiled.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    let Some(policy) = compiled.policy else { return Err(Uncompiled { source, diagnostics }.into()) };
    write(&company.folder, &new)?;
    Ok(policy)
}

fn write(folder: &Path, new: &str) -> Result<()> {
    let path = folder.join(NAME);
    let unwritable = || format!("cannot write {}", path.display());
    let mode = std::fs::metadata(&path).map_or(0o644, |known| known.permissions().mode());
    let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(folder).with_context(unwritable)?;
    file.write_all(new.as_bytes()).and_then(|()| file.as_file().sync_all()).with_context(unwritable)?;
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).with_context(unwritable)?;
    file.persist(&path).map_err(|e| e.error).with_context(unwritable)?;
    Ok(())
}

/// The text with a line more in a hold: from this day on it keeps nothing.
pub fn ended(text: &str, id: &str, day: Date) -> Result<String, Misuse> {
    let header = |line: &str| {
        let name = line.trim().strip_prefix("[hold.").and_then(|rest| rest.split(']').next());
        name.is_some_and(|name| name.trim().trim_matches('"') == id)
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let by_hand = || Misuse(format!("{NAME} has no line `[hold.{id}]`; write `ended = {day}` into the hold by hand"));
    let at = lines.iter().position(|line| header(line)).ok_or_else(by_hand)?;
    let next = lines[at + 1..].iter().position(|line| line.trim_start().starts_with('['));
    let end = next.map_or(lines.len(), |next| at + 1 + next);
    lines.retain({
        let mut line = 0;
        move |text| {
            line += 1;
            let inside = line > at + 1 && line <= end;
            !(inside && text.trim_start().strip_prefix("ended").is_some_and(|rest| rest.trim_start().starts_with('=')))
        }
    });
    lines.insert(at + 1, format!("ended = {day}"));
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "key = \"k\"\n\n[hold.a]\nreason = \"x\"\n\n[hold.b] # second\nreason = \"y\"\nended = 2030-01-01\n";

    #[test]
    fn a_hold_is_ended_in_its_place_and_comments_stay() {
        let day = "2026-05-01".parse().unwrap();
        let one = ended(FILE, "a", day).unwrap();
        assert!(one.contains("[hold.a]\nended = 2026-05-01\nreason = \"x\""), "{one}");
        assert!(one.contains("ended = 2030-01-01"), "{one}");
        let two = ended(&one, "b", day).unwrap();
        assert!(two.contains("[hold.b] # second\nended = 2026-05-01\nreason = \"y\"\n"), "{two}");
        assert_eq!(two.matches("ended").count(), 2, "the second end takes the place of the first: {two}");
        assert!(ended(FILE, "c", day).is_err());
    }
}
