//! Tables, links and columns.

use toml::de::DeValue;

use super::action::choices;
use super::reader::{Item, Keys, Read};
use super::{form, reference};
use crate::policy::keys;
use crate::policy::written::{Column, Each, Entries, Key, Link, Name, Reference, Table, Text, To, View};

impl Read for Table {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::TABLE, table)
    }
}

fn table(k: &mut Keys<'_>) -> Table {
    Table {
        links: k.list("links"),
        columns: k.entries("columns"),
        path: k.formed("path", form::template),
        key: k.get("key"),
        tenant: k.get("tenant"),
        set_on_scrub: k.entries("set_on_scrub"),
        sweep_after: k.only("sweep", "after"),
        triggers: k.formed_entries("trigger", form::review),
        ignore: k.entries("ignore"),
    }
}

impl Read for Each {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::EACH, |k| Each { tables: k.need("tables").unwrap_or_default(), adds: table(k), at: k.at })
    }
}

impl Read for Key {
    fn read(item: Item<'_>) -> Option<Self> {
        match item.value {
            DeValue::String(word) if word == "all" => Some(Key::All(item.at)),
            _ => Some(Key::Columns(item.many())),
        }
    }
}

impl Read for Link {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::LINK, |k| {
            let column: Vec<Name> = k.many("column");
            let (to, by) = ends(k, column.len());
            Link {
                at: k.at,
                role: k.need("role"),
                column,
                to,
                by: by.unwrap_or_default(),
                name: k.get("as"),
                matching: k.get("match"),
                form: k.all_formed("form", form::pattern),
                codec: k.get("codec"),
                path: k.formed("path", form::path),
                when: k.get("when"),
                to_when: k.get("to_when"),
                nobody: k.get("nobody"),
                last: k.get("last"),
                on_access: k.get("on_access"),
                hide: k.many("hide"),
                on_erase: k.item("on_erase").map(|i| choices(i, &keys::CHOICE)).unwrap_or_default(),
                while_shared: k.item("while_shared").map(|i| choices(i, &keys::CHOICE)).unwrap_or_default(),
                untie: k.get("untie"),
            }
        })
    }
}

/// `to` and `by`: one of them, and `column` with `to`.
fn ends(k: &mut Keys<'_>, columns: usize) -> (Option<To>, Option<Vec<Reference>>) {
    let (to, by) = (k.item("to"), k.item("by"));
    match (to, by) {
        (None, None) => k.missing("to", "say where it points (`column` and `to`), or what points here (`by`)"),
        (Some(_), Some(by)) => {
            by.clashes::<()>("a link points one way: `to` where this row points, `by` what points here");
        }
        (Some(_), None) if !k.has("column") => {
            k.missing("column", "`column` names the columns that hold the reference")
        }
        _ => {}
    }
    (to.and_then(|i| reference::to(i, columns)), by.and_then(|i| reference::columns_of(i, columns)))
}

impl Read for Column {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_str() {
            return Some(Column { category: Read::read(item), ..empty(item) });
        }
        if !item.value.is_table() {
            return item.wrong_type("a category, or a table such as { category = \"user.name\" }");
        }
        item.table(&keys::COLUMN, |k| Column {
            at: k.at,
            category: k.get("category"),
            of: k.many("of"),
            text: k.get("text"),
            form: k.all_formed("form", form::pattern),
            codec: k.get("codec"),
            json: documents(k),
            file: k.get("file"),
            shared_by: k.get("shared_by"),
            copy_of: k.get("copy_of"),
            erase: k.item("erase").map(|i| choices(i, &keys::ERASE_CHOICE)).unwrap_or_default(),
            withhold: k.only("access", "withhold"),
            origin: k.get("source"),
            time: k.get("time"),
            generated: k.get("generated"),
        })
    }
}

/// A column of which nothing is said.
fn empty(item: Item<'_>) -> Column {
    Column {
        at: item.at,
        category: None,
        of: Vec::new(),
        text: None,
        form: Vec::new(),
        codec: None,
        json: Vec::new(),
        file: None,
        shared_by: None,
        copy_of: None,
        erase: Vec::new(),
        withhold: None,
        origin: None,
        time: None,
        generated: None,
    }
}

/// Paths in a document and their categories.
fn documents(k: &mut Keys<'_>) -> Entries<Name> {
    k.named("json", |path, item| match form::path(path) {
        Ok(_) => Some((path.clone(), Name::read(item)?)),
        Err(expected) => Item { at: path.at, ..item }.bad_value(expected),
    })
}

impl Read for Text {
    fn read(item: Item<'_>) -> Option<Self> {
        match item.value {
            DeValue::Boolean(true) => Some(Text::Claimed),
            DeValue::Boolean(false) => Some(Text::No),
            DeValue::String(word) if word == "all" => Some(Text::All),
            DeValue::String(word) => item.unknown_word(word, &["all"]),
            _ => item.wrong_type("true, false or \"all\""),
        }
    }
}

impl Read for View {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::VIEW, |k| View { copy_of: k.must("copy_of").many("copy_of"), rebuild: k.get("rebuild") })
    }
}
