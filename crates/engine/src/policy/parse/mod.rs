//! The files of a folder to their written form. All findings of all files in one go.

mod action;
mod brought;
mod file;
mod files;
mod form;
mod hold;
mod http;
mod place;
mod read;
mod reader;
mod reference;
mod schema;
mod secret;

mod subject;
mod system;
mod table;
#[cfg(test)]
mod tests;
mod tree;
pub(crate) mod words;

pub(crate) use http::fields_of;

use crate::diagnostic::Diagnostic;
use crate::policy::keys;
use crate::policy::written::Folder;
use crate::source::{FileId, Source};
use place::Place;

/// Reads a folder. What is wrong is in the findings, sorted by place; the rest is in the folder nevertheless.
///
/// A missing `policy.toml` is the one finding without a label, for there is no place to show.
pub fn parse(source: &Source) -> (Folder, Vec<Diagnostic>) {
    let mut folder = Folder::default();
    let mut findings = Vec::new();
    for (id, file) in source.files() {
        findings.extend(read(&mut folder, id, &file.path, &file.text));
    }
    folder.systems.iter_mut().for_each(|s| findings.extend(brought::complete(s)));
    folder.systems.sort_by(|a, b| a.name.cmp(&b.name));
    folder.profiles.sort_by(|a, b| (&a.system, &a.name).cmp(&(&b.system, &b.name)));
    findings.extend(place::lonely(source, &folder));
    findings.sort_by_key(|finding| finding.labels.first().map(|label| label.span));
    (folder, findings)
}

fn read(folder: &mut Folder, id: FileId, path: &str, text: &str) -> Vec<Diagnostic> {
    match Place::of(path) {
        Place::Policy => file::read(id, text, &keys::POLICY, |k, _| folder.company = files::company(k)),
        Place::Purposes => file::read(id, text, &keys::PURPOSES, |k, _| folder.purposes = files::purposes(k)),
        Place::Recipients => file::read(id, text, &keys::RECIPIENTS, |k, _| folder.recipients = files::recipients(k)),
        Place::Retention => file::read(id, text, &keys::RETENTION, |k, _| folder.retention = files::retention(k)),
        Place::Holds => file::read(id, text, &keys::HOLDS, |k, _| folder.holds = hold::holds(k)),
        Place::Rights => file::read(id, text, &keys::RIGHTS, |k, _| folder.rights = files::rights(k)),
        Place::Promises => file::read(id, text, &keys::PROMISES, |k, _| folder.promises = files::promises(k)),
        Place::System(name) => {
            file::read(id, text, &keys::SYSTEM, |k, broken| folder.systems.push(system::system(k, name, broken)))
        }
        Place::Profile(system, name) => {
            file::read(id, text, &keys::PROFILE, |k, _| folder.profiles.push(system::profile(k, system, name)))
        }
        Place::Schema(system) => {
            folder.locked.insert(system.to_owned(), id);
            match schema::read(id, text) {
                Ok(schema) => drop(folder.schemas.insert(system.to_owned(), schema)),
                Err(finding) => return vec![*finding],
            }
            Vec::new()
        }
        Place::Unread => Vec::new(),
        Place::Unknown => vec![place::unknown(id, path)],
    }
}
