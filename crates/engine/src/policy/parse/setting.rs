//! `settings.toml`: names below names, down to a value; each is a declaration of its own.

use super::form;
use super::reader::{Item, Keys, Read};
use super::said;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::SETTING;
use crate::policy::settings::{self, Kind, Setting};
use crate::policy::written::{Declaration, Given, Name};
use crate::source::At;

/// Every setting of the file.
pub(super) fn settings(k: &mut Keys<'_>) -> Vec<Declaration> {
    k.others().into_iter().flat_map(|(name, item)| below(name, item)).collect()
}

/// The setting of that name, or those below it.
fn below(name: Name, item: Item<'_>) -> Vec<Declaration> {
    if item.value.is_table() {
        let inner = item.names().unwrap_or_default();
        return inner.into_iter().flat_map(|(n, i)| below(At::new(format!("{}.{}", name.it, n.it), n.at), i)).collect();
    }
    if settings::all().any(|s| s.by_name && s.name == name.it) {
        return item.wrong_type("a table of names").unwrap_or_default();
    }
    let Some(setting) = settings::find(&name.it) else {
        let finding = Diagnostic::error(
            codes::UNKNOWN_KEY,
            format!("there is no setting `{}`", name.it),
            name.at,
            "unknown setting",
        );
        item.reader.report(finding.suggest(&name.it, settings::all().map(|s| s.name.as_str())));
        return Vec::new();
    };
    let Some(value) = value(item, setting) else { return Vec::new() };
    let key = At::new("value".to_owned(), item.at);
    vec![Declaration { family: &SETTING, id: name, at: item.at, values: vec![(key, value)] }]
}

fn value(item: Item<'_>, setting: &'static Setting) -> Option<At<Given>> {
    let words: Vec<&str> = setting.words.iter().map(String::as_str).collect();
    let text = |item: Item<'_>| Some(At::new(Given::Text(Read::read(item)?), item.at));
    let word = |item: Item<'_>| Some(At::new(Given::Text(said::word(item, &words)?), item.at));
    let it = match setting.takes {
        Kind::Flag => Given::Flag(Read::read(item)?),
        Kind::Whole => Given::Whole(Read::read(item)?),
        Kind::Period => Given::Text(item.formed(form::period)?.it),
        Kind::Text | Kind::ByName => return text(item),
        Kind::Word => return word(item),
        Kind::Words => Given::List(each(item)?.into_iter().filter_map(word).collect()),
        Kind::Texts => Given::List(each(item)?.into_iter().filter_map(text).collect()),
    };
    Some(At::new(it, item.at))
}

fn each(item: Item<'_>) -> Option<Vec<Item<'_>>> {
    item.entries().or_else(|| item.wrong_type("a list"))
}
