//! Declarations: what the folder says beside its data maps, each of one family, with its values as they stand.

use jiff::Span;
use jiff::civil::Date;

use super::Name;
use crate::policy::keys::Family;
use crate::source::{self, At};

/// One declaration, such as a purpose or a recipient.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// What it is.
    pub family: &'static Family,
    /// Its name.
    pub id: Name,
    /// The whole entry.
    pub at: source::Span,
    /// Its keys and values, in the order of the file; what could not be read has been reported and is missing.
    pub values: Vec<(Name, At<Given>)>,
}

/// A value as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Text, a number with a fraction, or a day.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(u64),
    /// Several values.
    List(Vec<At<Given>>),
    /// Values by name.
    Table(Vec<(Name, At<Given>)>),
}

impl Declaration {
    /// `FAMILY:NAME`, as promises name it.
    pub fn name(&self) -> String {
        format!("{}:{}", self.family.name, self.id.it)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&At<Given>> {
        self.values.iter().find(|(name, _)| name.it == key).map(|(_, given)| given)
    }

    /// A text with its place.
    pub fn at(&self, key: &str) -> Option<At<String>> {
        let given = self.get(key)?;
        Some(At::new(given.text()?.to_owned(), given.at))
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// A day.
    pub fn date(&self, key: &str) -> Option<Date> {
        self.text(key)?.parse().ok()
    }

    /// A period.
    pub fn period(&self, key: &str) -> Option<Span> {
        self.text(key)?.parse().ok()
    }

    /// A whole number.
    pub fn whole(&self, key: &str) -> Option<u64> {
        match self.get(key)?.it {
            Given::Whole(n) => Some(n),
            _ => None,
        }
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)?.it {
            Given::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The texts of a list with their places; none without the key.
    pub fn names(&self, key: &str) -> Vec<Name> {
        self.get(key).map(|given| given.names(given.at)).unwrap_or_default()
    }

    /// The texts of a list.
    pub fn list(&self, key: &str) -> Vec<&str> {
        let list = match self.get(key).map(|given| &given.it) {
            Some(Given::List(list)) => list.as_slice(),
            _ => return self.text(key).into_iter().collect(),
        };
        list.iter().filter_map(|given| given.text()).collect()
    }

    /// Texts by name.
    pub fn texts(&self, key: &str) -> Vec<(&str, &str)> {
        let Some(Given::Table(entries)) = self.get(key).map(|given| &given.it) else { return Vec::new() };
        entries.iter().filter_map(|(name, given)| Some((name.it.as_str(), given.text()?))).collect()
    }
}

impl Given {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }

    fn names(&self, at: source::Span) -> Vec<Name> {
        match self {
            Given::Text(text) => vec![At::new(text.clone(), at)],
            Given::List(list) => list.iter().flat_map(|given| given.names(given.at)).collect(),
            _ => Vec::new(),
        }
    }

    /// The same value, wherever it was written; of lists, whatever the order; a single value is a list of one.
    pub fn same(&self, other: &Given) -> bool {
        match (self, other) {
            (Given::List(one), Given::List(two)) => {
                let holds = |all: &[At<Given>], each: &At<Given>| all.iter().any(|g| g.same(each));
                one.len() == two.len() && one.iter().all(|g| holds(two, g)) && two.iter().all(|g| holds(one, g))
            }
            (Given::List(list), single) | (single, Given::List(list)) => list.len() == 1 && list[0].same(single),
            (Given::Table(one), Given::Table(two)) => {
                let value = |name: &Name| two.iter().find(|(n, _)| n.it == name.it).map(|(_, given)| given);
                one.len() == two.len() && one.iter().all(|(name, given)| value(name).is_some_and(|g| g.same(given)))
            }
            _ => self == other,
        }
    }

    /// Does it hold all of what a promise names? A list may hold more, a table more keys; single values are equal.
    pub fn holds(&self, promised: &Given) -> bool {
        match (self, promised) {
            (Given::List(list), Given::List(all)) => all.iter().all(|each| list.iter().any(|g| g.holds(each))),
            (Given::List(list), single) => list.iter().any(|g| g.holds(single)),
            (single, Given::List(all)) => all.iter().all(|each| single.holds(each)),
            (Given::Table(table), Given::Table(all)) => {
                all.iter().all(|(name, each)| table.iter().any(|(own, given)| own.it == name.it && given.holds(each)))
            }
            _ => self == promised,
        }
    }
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Given::Text(text) => write!(f, "{text:?}"),
            Given::Flag(flag) => write!(f, "{flag}"),
            Given::Whole(n) => write!(f, "{n}"),
            Given::List(list) => {
                let all: Vec<String> = list.iter().map(|given| given.it.to_string()).collect();
                write!(f, "[{}]", all.join(", "))
            }
            Given::Table(entries) => {
                let one =
                    |(name, given): &(Name, At<Given>)| format!("{} = {}", crate::diagnostic::key(&name.it), given.it);
                write!(f, "{{ {} }}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
            }
        }
    }
}
