//! The files of a folder to their written form. All findings of all files in one go.

mod action;
mod brought;
mod file;
mod files;
pub(crate) mod form;
mod hold;
mod http;
mod notice;
mod place;
mod read;
mod reader;
mod reference;
mod said;
mod schema;
mod secret;
mod setting;
mod subject;
mod system;
mod table;
#[cfg(test)]
mod tests;
mod tree;
pub(crate) mod words;

pub(crate) use http::fields_of;

use crate::diagnostic::Diagnostic;
use crate::policy::keys::{self, Shape};
use crate::policy::written::Folder;
use crate::source::{FileId, Source};
use place::Place;
use reader::Keys;

/// Reads a folder. What is wrong is in the findings, sorted by place; the rest is in the folder nevertheless.
///
/// A missing `policy.toml` is the one finding without a label, for there is no place to show.
pub fn parse(source: &Source) -> (Folder, Vec<Diagnostic>) {
    let mut folder = Folder::default();
    let mut findings = Vec::new();
    for (id, file) in source.files() {
        findings.extend(read(&mut folder, id, &file.path, &file.text));
    }
    typed(&mut folder);
    folder.systems.iter_mut().for_each(|s| findings.extend(brought::complete(s)));
    folder.systems.sort_by(|a, b| a.name.cmp(&b.name));
    folder.profiles.sort_by(|a, b| (&a.system, &a.name).cmp(&(&b.system, &b.name)));
    findings.extend(place::lonely(source, &folder));
    findings.sort_by_key(|finding| finding.labels.first().map(|label| label.span));
    (folder, findings)
}

/// The declarations that plans read have types of their own.
fn typed(folder: &mut Folder) {
    for said in &folder.said {
        match said.family.name {
            "population" => folder.company.subjects.push((said.id.clone(), said.into())),
            "law" => folder.company.laws.push(said.into()),
            "purpose" => folder.purposes.push(said.into()),
            "recipient" => folder.recipients.push(said.into()),
            "retention" => folder.retention.push(said.into()),
            "right" => folder.rights.push(said.into()),
            _ => {}
        }
    }
}

/// Reads a file of declarations, and what else stands in it.
fn declared(
    folder: &mut Folder,
    id: FileId,
    (path, text): (&str, &str),
    shape: &'static Shape,
    more: impl FnOnce(&mut Folder, &mut Keys<'_>),
) -> Vec<Diagnostic> {
    file::read(id, text, shape, |k, _| {
        folder.said.extend(said::read(k, path));
        more(folder, k);
    })
}

fn read(folder: &mut Folder, id: FileId, path: &str, text: &str) -> Vec<Diagnostic> {
    let only = |folder: &mut Folder, shape| declared(folder, id, (path, text), shape, |_, _| ());
    match Place::of(path) {
        Place::Policy => declared(folder, id, (path, text), &keys::POLICY, |f, k| f.company = files::company(k)),
        Place::Purposes => only(folder, &keys::PURPOSES),
        Place::Collection => only(folder, &keys::said::collection::COLLECTION),
        Place::Recipients => only(folder, &keys::RECIPIENTS),
        Place::Retention => only(folder, &keys::RETENTION),
        Place::Rights => only(folder, &keys::RIGHTS),
        Place::Messages => only(folder, &keys::said::security::MESSAGES),
        Place::Security => only(folder, &keys::said::security::SECURITY),
        Place::Settings => file::read(id, text, &keys::SETTINGS, |k, _| folder.said.extend(setting::settings(k))),
        Place::Holds => file::read(id, text, &keys::HOLDS, |k, _| folder.holds = hold::holds(k)),
        Place::Promises => file::read(id, text, &keys::PROMISES, |k, _| folder.promises = files::promises(k)),
        Place::Notice => notice::read(folder, id, text),
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
