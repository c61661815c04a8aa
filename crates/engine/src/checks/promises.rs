//! Promises: what keeps each must be there (U0113), with the keys (U1002) and the values (U1003) that the promise names.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::Family;
use crate::policy::model::Right;
use crate::policy::parse::words;
use crate::policy::resolve::Draft;
use crate::policy::written::{Declaration, Folder, Keeps, Name};

/// Looks at every mechanism of every promise.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let promises = || draft.folder.promises.list.iter();
    let kept = promises().flat_map(|promise| &promise.mechanisms).flat_map(|keeps| mechanism(draft, keeps));
    kept.chain(promises().filter_map(|promise| no_lint(promise.lint.as_ref()?))).collect()
}

fn mechanism(draft: &Draft<'_>, keeps: &Keeps) -> Vec<Diagnostic> {
    let (kind, id) = keeps.is.it.split_once(':').unwrap_or(("", &keeps.is.it));
    let Some(family) = Family::named(kind) else { return vec![no_family(&keeps.is)] };
    if let Some(said) = draft.folder.said.iter().find(|d| d.family.name == kind && d.id.it == id) {
        return keeps.values.iter().filter_map(|(key, value)| differs(said, key, value)).collect();
    }
    let known = known(draft.folder, family);
    if known.contains(&id) {
        return keeps.values.iter().map(|(key, _)| no_key(family, id, key)).collect();
    }
    let message = format!("the folder has no {} `{id}`", family.what.split_once(' ').map_or(kind, |(_, word)| word));
    let finding = Diagnostic::error(codes::UNKNOWN_MECHANISM, message, keeps.is.at, "nothing keeps the promise");
    vec![finding.suggest(id, known)]
}

fn no_lint(name: &Name) -> Option<Diagnostic> {
    if crate::lint::named(&name.it).is_some() {
        return None;
    }
    let message = format!("there is no lint `{}`", name.it);
    let finding = Diagnostic::error(codes::UNKNOWN_MECHANISM, message, name.at, "nothing watches these words");
    Some(finding.suggest(name, crate::lint::LINTS.iter().map(|l| l.name)))
}

fn known<'a>(folder: &'a Folder, family: &Family) -> Vec<&'a str> {
    let own = folder.said.iter().filter(|d| d.family.name == family.name).map(|d| d.id.it.as_str());
    match family.name {
        "right" => words::of::<Right>().into_iter().chain(own).collect(),
        "lint" => crate::lint::LINTS.iter().map(|l| l.name).collect(),
        "system" => folder.systems.iter().map(|s| s.name.as_str()).collect(),
        _ => own.collect(),
    }
}

fn no_family(name: &Name) -> Diagnostic {
    let message = format!("`{}` names nothing that could keep a promise", name.it);
    let finding = Diagnostic::error(codes::UNKNOWN_MECHANISM, message, name.at, "no family of declarations");
    let families: Vec<&str> = Family::all().map(|f| f.name).collect();
    finding.help(format!("write `FAMILY:NAME`, where the family is `{}`", families.join("`, `")))
}

fn no_key(family: &Family, id: &str, key: &Name) -> Diagnostic {
    let message = format!("the folder says no `{}` of {} `{id}`", key.it, family.what);
    let finding = Diagnostic::error(codes::PROMISED_KEY, message, key.at, "promised, and said nowhere");
    finding.suggest(key, family.shape.keys.iter().map(|k| k.name))
}

fn differs(
    said: &Declaration,
    key: &Name,
    promised: &crate::source::At<crate::policy::written::Given>,
) -> Option<Diagnostic> {
    let Some(value) = said.get(key) else { return Some(no_key(said.family, &said.id, key)) };
    if value.holds(promised) {
        return None;
    }
    let message = format!("the promise says {} = {}, `{}` says {}", key.it, promised.it, said.name(), value.it);
    let finding = Diagnostic::error(codes::PROMISE_DIFFERS, message, promised.at, "not what the folder does");
    Some(finding.label(value.at, "said here").help("change the promise and the notice, or what the folder says"))
}
