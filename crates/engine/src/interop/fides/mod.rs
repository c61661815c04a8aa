//! Import of Fideslang, the description language of Fides: datasets, systems and what belongs to them become a policy
//! folder. What has no place there is listed with file, line, path and reason, and so is what only people can decide.

mod dataset;
mod edges;
mod names;
mod persons;
mod read;
mod relate;
mod rest;
mod system;
mod write;

use serde::Serialize;

use crate::source::Source;
use read::{Fields, Notes};

/// One file to import.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it is called.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What Fides files do not say, or what is to be said otherwise.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Name of the company; without it, that of the `organization`.
    pub company: Option<String>,
    /// Its country, ISO 3166.
    pub country: Option<String>,
}

/// A file that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// What is wrong there.
    pub why: String,
}

/// Something of the files that the folder does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LeftOut {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// Names that lead there, with dots between them.
    pub path: String,
    /// Why it could not be carried over.
    pub why: String,
}

/// Something that a person must decide before the folder is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decision {
    /// The file of the folder in which the answer is written.
    pub file: String,
    /// What it is about.
    pub about: String,
    /// What to decide, and how.
    pub question: String,
}

/// How much was carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Systems, one for each dataset.
    pub systems: usize,
    /// Kinds of persons.
    pub kinds: usize,
    /// Mapped tables.
    pub tables: usize,
    /// Columns with a category.
    pub columns: usize,
    /// Links.
    pub links: usize,
    /// Purposes, one for each privacy declaration.
    pub purposes: usize,
    /// Recipients.
    pub recipients: usize,
}

/// A folder, and what is not in it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The files of the folder, `IMPORT.md` among them.
    pub folder: Source,
    /// How much was carried over.
    pub counts: Counts,
    /// What was not, by file and line.
    pub left_out: Vec<LeftOut>,
    /// What is to be decided, by file.
    pub decisions: Vec<Decision>,
}

/// All that the files say.
#[derive(Debug, Default)]
struct Said {
    datasets: Vec<dataset::Dataset>,
    systems: Vec<system::System>,
    organization: rest::Organization,
    /// Own data categories with their words.
    categories: Vec<(String, String)>,
    /// Data subjects with label and description.
    subjects: Vec<(String, Option<String>, Option<String>)>,
}

/// Reads the files together, for they refer to each other.
pub fn import(files: &[Given], circumstances: &Circumstances) -> Result<Imported, Vec<Unreadable>> {
    let (mut said, mut notes, mut unreadable) = (Said::default(), Notes::default(), Vec::new());
    for given in files {
        let failed = |line: usize, why: String| Unreadable { file: given.path.clone(), line, why };
        match super::yaml::documents(&given.text) {
            Err(malformed) => unreadable.push(failed(malformed.line, malformed.why)),
            Ok(roots) => {
                notes.file.clone_from(&given.path);
                for root in &roots {
                    match Fields::of(root, "") {
                        Some(fields) => manifest(fields, &mut said, &mut notes),
                        None => unreadable.push(failed(root.line, NO_MANIFEST.to_owned())),
                    }
                }
                if roots.is_empty() {
                    unreadable.push(failed(1, NO_MANIFEST.to_owned()));
                }
            }
        }
    }
    if unreadable.is_empty() { Ok(write::folder(&said, circumstances, notes)) } else { Err(unreadable) }
}

const NO_MANIFEST: &str = "no Fides manifest: it begins with a key such as `dataset:` or `system:`";

fn manifest(mut fields: Fields<'_>, said: &mut Said, notes: &mut Notes) {
    for (nth, node) in fields.several("dataset").into_iter().enumerate() {
        said.datasets.extend(dataset::dataset(node, nth, notes));
    }
    for (nth, node) in fields.several("system").into_iter().enumerate() {
        said.systems.extend(system::system(node, nth, notes));
    }
    rest::rest(&mut fields, said, notes);
    fields.finish(notes, |_| "Upheld has nothing of this kind");
}
