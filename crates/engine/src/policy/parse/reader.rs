//! Reading a TOML tree by declared fields: each getter says what it expects, and what nobody asked for is reported.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::secret;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::policy::keys::Shape;
use crate::policy::written::{Entries, Name};
use crate::source::{At, FileId, Span};

/// One file being read: its text and what was found in it.
pub(super) struct Reader<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) findings: RefCell<Vec<Diagnostic>>,
    /// All places are this one: the text is no file of the folder, but was named there.
    pub(super) named_at: Option<Span>,
}

impl Reader<'_> {
    /// A place in this file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        if let Some(named_at) = self.named_at {
            return named_at;
        }
        let end = |n: usize| u32::try_from(n.min(self.text.len())).unwrap_or(u32::MAX);
        Span { file: self.file, start: end(range.start), end: end(range.end) }
    }

    /// Keeps a finding.
    pub(super) fn report(&self, finding: Diagnostic) {
        self.findings.borrow_mut().push(finding);
    }
}

/// Something that can be read from a value. What cannot has reported why.
pub(super) trait Read: Sized {
    /// Reads it.
    fn read(item: Item<'_>) -> Option<Self>;
}

/// Gives the value of a text, or says what would have been right.
pub(super) type Form<T> = fn(&str) -> Result<T, &'static str>;

/// One value, and the key it stands under.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) value: &'a DeValue<'a>,
    pub(super) key: &'a str,
    /// It is one entry of the list that stands under the key.
    pub(super) entry: bool,
    pub(super) at: Span,
}

impl<'a> Item<'a> {
    fn new(reader: &'a Reader<'a>, key: &'a str, value: &'a Spanned<DeValue<'a>>) -> Self {
        Item { reader, key, entry: false, at: reader.span(value.span()), value: value.get_ref() }
    }

    /// What people call it.
    pub(super) fn name(self) -> String {
        if self.entry { format!("an entry of `{}`", self.key) } else { format!("`{}`", self.key) }
    }

    /// Reports a finding about this value; always `None`, so that it can end a reader.
    pub(super) fn wrong<T>(
        self,
        code: Code,
        message: impl Into<String>,
        label: impl Into<String>,
        help: &str,
    ) -> Option<T> {
        let finding = Diagnostic::error(code, message, self.at, label);
        self.reader.report(if help.is_empty() { finding } else { finding.help(help) });
        None
    }

    /// Reports that the value is of another type.
    pub(super) fn wrong_type<T>(self, expected: &str) -> Option<T> {
        let found = type_name(self.value);
        self.wrong(
            codes::WRONG_TYPE,
            format!("{} takes {expected}, not {found}", self.name()),
            format!("this is {found}"),
            "",
        )
    }

    /// Reports that the value is not possible.
    pub(super) fn bad_value<T>(self, expected: &str) -> Option<T> {
        self.wrong(codes::BAD_VALUE, format!("{} is not {expected}", self.name()), format!("expected {expected}"), "")
    }

    /// Reports a key that cannot stand beside another one that is there.
    pub(super) fn clashes<T>(self, why: &str) -> Option<T> {
        let message = format!("{} cannot stand beside the other keys here", self.name());
        self.wrong(codes::BAD_VALUE, message, "one too many", why)
    }

    /// Its entries, if it is an array.
    pub(super) fn entries(self) -> Option<Vec<Item<'a>>> {
        let array = self.value.as_array()?;
        Some(array.iter().map(|v| Item { entry: true, ..Item::new(self.reader, self.key, v) }).collect())
    }

    /// A list, reading each entry; entries that cannot be read are left out.
    pub(super) fn list<T: Read>(self) -> Option<Vec<T>> {
        match self.entries() {
            Some(entries) => Some(entries.into_iter().filter_map(T::read).collect()),
            None => self.wrong_type("a list"),
        }
    }

    /// One value or a list of them.
    pub(super) fn many<T: Read>(self) -> Vec<T> {
        if self.value.is_array() { self.list().unwrap_or_default() } else { T::read(self).into_iter().collect() }
    }

    /// Text in a form of its own.
    pub(super) fn formed<T>(self, form: Form<T>) -> Option<At<T>> {
        let text: String = Read::read(self)?;
        match form(&text) {
            Ok(value) => Some(At::new(value, self.at)),
            Err(expected) => self.bad_value(expected),
        }
    }

    /// A table of declared keys: `fields` asks for them, others are reported.
    pub(super) fn table<T>(self, shape: &'static Shape, fields: impl FnOnce(&mut Keys<'a>) -> T) -> Option<T> {
        let Some(table) = self.value.as_table() else { return self.wrong_type("a table") };
        Some(Keys::read(self.reader, table, self.at, shape, fields))
    }

    /// A table whose keys are free names, in the order of the file.
    pub(super) fn names(self) -> Option<Vec<(Name, Item<'a>)>> {
        let Some(table) = self.value.as_table() else { return self.wrong_type("a table") };
        Some(in_order(self.reader, table))
    }
}

/// A table of declared keys being read.
pub(super) struct Keys<'a> {
    pub(super) reader: &'a Reader<'a>,
    /// The table, or its header.
    pub(super) at: Span,
    table: &'a DeTable<'a>,
    shape: &'static Shape,
}

impl<'a> Keys<'a> {
    /// See [`Item::table`].
    pub(super) fn read<T>(
        reader: &'a Reader<'a>,
        table: &'a DeTable<'a>,
        at: Span,
        shape: &'static Shape,
        fields: impl FnOnce(&mut Keys<'a>) -> T,
    ) -> T {
        let mut keys = Keys { reader, at, table, shape };
        let read = fields(&mut keys);
        if shape.others.is_none() {
            keys.report_unknown();
        }
        read
    }

    /// The value of a key, if it is there.
    pub(super) fn item(&mut self, key: &'static str) -> Option<Item<'a>> {
        debug_assert!(self.shape.key(key).is_some(), "{} declares no key `{key}`", self.shape.what);
        self.table.get(key).map(|value| Item::new(self.reader, key, value))
    }

    /// Are there no keys at all?
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Is the key there? Asks for nothing.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// An optional value.
    pub(super) fn get<T: Read>(&mut self, key: &'static str) -> Option<T> {
        self.item(key).and_then(T::read)
    }

    /// A required value.
    pub(super) fn need<T: Read>(&mut self, key: &'static str) -> Option<T> {
        self.must(key).get(key)
    }

    /// Reports the key if it is not there.
    pub(super) fn must(&mut self, key: &'static str) -> &mut Self {
        debug_assert!(self.shape.key(key).is_some_and(|k| k.required), "{} needs no `{key}`", self.shape.what);
        if !self.has(key) {
            self.missing(key, "");
        }
        self
    }

    /// Reports a required key that is not there.
    pub(super) fn missing(&mut self, key: &'static str, help: &str) {
        let message = format!("{} needs `{key}`", self.shape.what);
        let finding = Diagnostic::error(codes::MISSING_KEY, message, self.at, format!("`{key}` is missing"));
        self.reader.report(if help.is_empty() { finding } else { finding.help(help) });
    }

    /// A list; empty without the key.
    pub(super) fn list<T: Read>(&mut self, key: &'static str) -> Vec<T> {
        self.item(key).and_then(Item::list).unwrap_or_default()
    }

    /// One value or a list; empty without the key.
    pub(super) fn many<T: Read>(&mut self, key: &'static str) -> Vec<T> {
        self.item(key).map(Item::many).unwrap_or_default()
    }

    /// Text in a form of its own.
    pub(super) fn formed<T>(&mut self, key: &'static str, form: Form<T>) -> Option<At<T>> {
        self.item(key)?.formed(form)
    }

    /// One such text or a list of them.
    pub(super) fn all_formed<T>(&mut self, key: &'static str, form: Form<T>) -> Vec<At<T>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        item.entries().unwrap_or_else(|| vec![item]).into_iter().filter_map(|i| i.formed(form)).collect()
    }

    /// A table of free names; empty without the key. `read` is given each name and value.
    pub(super) fn named<T>(&mut self, key: &'static str, mut read: impl FnMut(&Name, Item<'a>) -> Option<T>) -> Vec<T> {
        let entries = self.item(key).and_then(Item::names).unwrap_or_default();
        entries.into_iter().filter_map(|(name, item)| read(&name, item)).collect()
    }

    /// A table of free names whose values are all alike.
    pub(super) fn entries<T: Read>(&mut self, key: &'static str) -> Entries<T> {
        self.named(key, |name, item| Some((name.clone(), T::read(item)?)))
    }

    /// A table of free names whose values are texts of one form.
    pub(super) fn formed_entries(&mut self, key: &'static str, form: Form<String>) -> Entries<At<String>> {
        self.named(key, |name, item| Some((name.clone(), item.formed(form)?)))
    }

    /// The place of a value that can only be this one word.
    pub(super) fn only(&mut self, key: &'static str, word: &str) -> Option<Span> {
        let item = self.item(key)?;
        let given: String = Read::read(item)?;
        if given == word { Some(item.at) } else { item.unknown_word(&given, &[word]) }
    }

    /// A table of declared keys, if it is there.
    pub(super) fn section<T>(
        &mut self,
        key: &'static str,
        shape: &'static Shape,
        fields: impl FnOnce(&mut Keys<'a>) -> T,
    ) -> Option<T> {
        self.item(key)?.table(shape, fields)
    }

    /// The free names that stand beside declared keys, with their values.
    pub(super) fn others(&mut self) -> Vec<(Name, Item<'a>)> {
        let mut others = in_order(self.reader, self.table);
        others.retain(|(name, _)| self.shape.key(name).is_none());
        others
    }

    fn report_unknown(self) {
        for (name, item) in in_order(self.reader, self.table) {
            if self.shape.key(&name).is_some() {
                continue;
            }
            if secret::is_secret_key(&name) && item.value.is_str() {
                self.reader.report(secret::finding(item.at));
                continue;
            }
            let finding = Diagnostic::error(
                codes::UNKNOWN_KEY,
                format!("{} has no key `{}`", self.shape.what, name.it),
                name.at,
                "unknown key",
            );
            self.reader.report(finding.suggest(&name, self.shape.keys.iter().map(|k| k.name)));
        }
    }
}

fn in_order<'a>(reader: &'a Reader<'a>, table: &'a DeTable<'a>) -> Vec<(Name, Item<'a>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let name: &'a str = key.get_ref();
            (At::new(name.to_owned(), reader.span(key.span())), Item::new(reader, name, value))
        })
        .collect();
    entries.sort_by_key(|(name, _)| name.at.start);
    entries
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
