//! The files beside the systems: names of one that another lacks (U0106, U0108, U0112), entries that nothing uses
//! (U0413) or that stand twice (U0223).

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::policy::resolve::Draft;
use crate::policy::written::{Folder, Name};

/// Looks at every name of an entry.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let folder = draft.folder;
    let mut found: Vec<Diagnostic> = purposes(folder);
    found.extend(labels(draft));
    found.extend(unused(folder));
    found.extend(twice(folder));
    found
}

fn unknown<'a>(
    code: Code,
    message: String,
    name: &Name,
    label: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error(code, message, name.at, label).suggest(&name.it, known)
}

fn purposes(folder: &Folder) -> Vec<Diagnostic> {
    let recipients = || folder.recipients.iter().map(|r| r.id.it.as_str());
    let rules = || folder.retention.iter().map(|r| r.id.it.as_str());
    let mut found = Vec::new();
    for purpose in &folder.purposes {
        for name in purpose.recipients.iter().filter(|n| recipients().all(|known| known != n.it)) {
            let message = format!("the folder has no recipient `{}`", name.it);
            found.push(unknown(codes::UNKNOWN_RECIPIENT, message, name, "not in `recipients.toml`", recipients()));
        }
        if let Some(name) = purpose.retention.as_ref().filter(|n| rules().all(|known| known != n.it)) {
            let message = format!("the folder has no retention rule `{}`", name.it);
            found.push(unknown(codes::UNKNOWN_LAW, message, name, "not in `retention.toml`", rules()));
        }
    }
    found
}

/// Labels of subject kinds that no system has.
fn labels(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let known = || draft.policy.kinds.iter().map(|k| k.name.as_str());
    let labels = draft.folder.company.subjects.iter().filter(|(_, label)| label.held).map(|(name, _)| name);
    let strange = labels.filter(|name| known().all(|k| k != name.it));
    strange
        .map(|name| {
            let message = format!("no system has a subject kind `{}`", name.it);
            unknown(codes::UNKNOWN_KIND, message, name, "a label for nobody", known()).warning()
        })
        .collect()
}

/// Recipients that no purpose names.
fn unused(folder: &Folder) -> Vec<Diagnostic> {
    let named = |id: &str| folder.purposes.iter().flat_map(|p| &p.recipients).any(|n| n.it == id);
    let idle = folder.recipients.iter().filter(|r| !folder.purposes.is_empty() && !named(&r.id.it));
    idle.map(|recipient| {
        let message = format!("no purpose says why recipient `{}` receives data", recipient.id.it);
        let finding = Diagnostic::error(codes::RECIPIENT_UNUSED, message, recipient.id.at, "named by no purpose");
        finding.warning().help("name it in the `recipients` of a purpose, or take it out")
    })
    .collect()
}

/// Laws, rules and promises with one id.
fn twice(folder: &Folder) -> Vec<Diagnostic> {
    let laws = folder.company.laws.iter().filter_map(|law| law.id.as_ref());
    let keeping: Vec<&Name> = laws.chain(folder.retention.iter().map(|rule| &rule.id)).collect();
    let promises: Vec<&Name> = folder.promises.list.iter().filter_map(|p| p.id.as_ref()).collect();
    let mut found = Vec::new();
    for (names, what) in [(keeping, "law or retention rule"), (promises, "promise")] {
        for (nth, name) in names.iter().enumerate() {
            if let Some(first) = names[..nth].iter().find(|n| n.it == name.it) {
                let message = format!("two entries are called `{}`", name.it);
                let finding = Diagnostic::error(codes::SAID_TWICE, message, name.at, format!("another {what}"));
                found.push(
                    finding
                        .label(first.at, "the first")
                        .help("whoever names it could mean either: give one another name"),
                );
            }
        }
    }
    found
}
