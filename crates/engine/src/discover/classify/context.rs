//! Where a column stands: what its table, its part of a document and the columns beside it are about.

use std::collections::{BTreeSet, HashMap};

use super::names::{Names, Place, Said, Sign};
use super::{Bond, Setting};
use crate::discover::lexicon::Lexicon;
use crate::discover::people::Entity;
use crate::schema::Class;

/// Words of the last part of a name that leave the naming to the part before it: `emails.value`.
const BARE: [&str; 3] = ["value", "data", "content"];

/// A column's name, read.
pub struct Named<'a> {
    /// The path within the table, without the last part.
    pub group: &'a str,
    /// Words of the last part.
    pub words: Vec<String>,
    /// Words of the parts before it, outermost first.
    pub owners: Vec<Vec<String>>,
    /// Type.
    pub class: Class,
}

impl<'a> Named<'a> {
    /// Cuts a name such as `customer.billing_address.zip`.
    pub fn of(name: &'a str, class: Class) -> Self {
        let lexicon = Lexicon::get();
        let (mut group, last) = name.rsplit_once('.').unwrap_or(("", name));
        let mut words = lexicon.words(last);
        let bare =
            words.first().is_none_or(|w| w.starts_with(|c: char| c.is_ascii_digit()) || BARE.contains(&w.as_str()));
        if bare && words.len() < 3 && !group.is_empty() {
            let (outer, inner) = group.rsplit_once('.').unwrap_or(("", group));
            words = lexicon.words(inner);
            group = outer;
        }
        let owners = group.split('.').filter(|p| !p.is_empty()).map(|p| lexicon.words(p)).collect();
        Self { group, words, owners, class }
    }

    /// What the name says by itself.
    pub fn said(&self) -> Said<'_> {
        Names::get().read(&self.words, self.class)
    }
}

/// What columns of one table, or of one part of a document, tell together.
#[derive(Default)]
struct Beside {
    /// Categories that only persons have.
    persons: BTreeSet<&'static str>,
    /// Parts of an address.
    places: BTreeSet<&'static str>,
}

/// The context of all columns of a table.
pub struct Context<'a> {
    setting: &'a Setting<'a>,
    table: Entity,
    beside: HashMap<&'a str, Beside>,
}

impl<'a> Context<'a> {
    /// From the names of all columns.
    pub fn of(setting: &'a Setting<'a>, columns: &[Named<'a>]) -> Self {
        let mut beside: HashMap<&str, Beside> = HashMap::new();
        for column in columns {
            let Said::Sign(sign, _) = column.said() else { continue };
            let here = beside.entry(column.group).or_default();
            match sign.place {
                Place::Any if !sign.secret => here.persons.insert(&sign.category),
                Place::Address => here.places.insert(&sign.category),
                _ => false,
            };
        }
        let table = match setting.bond {
            Bond::Record => Entity::Person,
            _ => Entity::of(&Lexicon::get().words(&setting.table.name)),
        };
        Self { setting, table, beside }
    }

    /// What a column with these words before its sign is about.
    pub fn entity(&self, column: &Named<'_>, before: &[String]) -> Entity {
        let parts = column.owners.iter().rev().map(|words| part(words));
        let mut all =
            [Entity::of(before)].into_iter().filter(|_| !plain(before)).chain(parts.flatten()).chain([self.table]);
        match all.next() {
            // The address of a shop is a shop's.
            Some(Entity::Address) if all.find(|e| *e != Entity::Address) == Some(Entity::Premises) => Entity::Premises,
            found => found.unwrap_or(Entity::Unknown),
        }
    }

    /// How far a sign of that place is believed here, from 0 to 1.
    pub fn weight(&self, column: &Named<'_>, sign: &Sign, before: &[String], entity: Entity) -> f32 {
        let own = plain(before) || Entity::of(before) == Entity::Person;
        match sign.place {
            // The password of a mail server, the token of a cart.
            Place::Any if sign.secret && !own => 0.5,
            Place::Any if entity == Entity::Premises => 0.5,
            Place::Any => 1.0,
            Place::Person => self.in_record(column, &sign.category, entity),
            Place::Address => self.in_address(column, &sign.category, entity),
            Place::Message => f32::from(u8::from(self.letters(column))),
            // `error_message` is nobody's.
            Place::Bound if !own => 0.4,
            Place::Bound if entity == Entity::Person || (sign.text && self.letters(column)) => 1.0,
            Place::Bound if entity == Entity::Thing && !column.owners.is_empty() => 0.3,
            Place::Bound => match self.setting.bond {
                Bond::Record | Bond::Owned | Bond::Authored => 1.0,
                Bond::Part => 0.9,
                Bond::Unknown => 0.5,
                Bond::Mentions | Bond::Apart => 0.3,
            },
        }
    }

    fn in_record(&self, column: &Named<'_>, category: &str, entity: Entity) -> f32 {
        let naming = category.starts_with("user.name") || category.starts_with("user.unique_id");
        let beside = self.beside.get(column.group).is_some_and(|b| !b.persons.is_empty());
        match entity {
            Entity::Person => 1.0,
            Entity::Address if category == "user.name" || category.ends_with("workplace") => 0.9,
            Entity::Address | Entity::Premises => 0.0,
            Entity::Thing if self.owned() && !naming => 0.7,
            Entity::Thing => 0.0,
            Entity::Unknown if category.starts_with("user.unique_id") => 0.0,
            Entity::Unknown if beside => 0.85,
            Entity::Unknown if self.owned() => 0.6,
            Entity::Unknown => 0.3,
        }
    }

    fn in_address(&self, column: &Named<'_>, category: &str, entity: Entity) -> f32 {
        let others = self.beside.get(column.group).is_some_and(|b| b.places.iter().any(|c| *c != category));
        match entity {
            Entity::Address => 1.0,
            // A state alone is more often a person's progress than a province.
            Entity::Person if others => 1.0,
            Entity::Person if category.ends_with("state") => 0.5,
            Entity::Person => 0.8,
            Entity::Premises => 0.2,
            Entity::Thing | Entity::Unknown if others => 0.8,
            Entity::Thing | Entity::Unknown if category.ends_with("state") => 0.3,
            Entity::Thing | Entity::Unknown if self.owned() => 0.6,
            Entity::Thing | Entity::Unknown => 0.3,
        }
    }

    fn owned(&self) -> bool {
        matches!(self.setting.bond, Bond::Record | Bond::Owned)
    }

    /// Is the table, or this part of it, about what goes from one person to another?
    fn letters(&self, column: &Named<'_>) -> bool {
        let lexicon = Lexicon::get();
        let table = lexicon.words(&self.setting.table.name);
        let near = column.owners.last().unwrap_or(&table);
        near.iter().any(|w| lexicon.messages.contains(w))
    }
}

/// What a part of a document is about; none where its name adds nothing to what it is part of.
fn part(words: &[String]) -> Option<Entity> {
    let lexicon = Lexicon::get();
    let head = words.iter().rev().find(|w| !Entity::adds_nothing(w))?;
    Some(if lexicon.within.contains(head) { Entity::Address } else { Entity::of(words) })
}

/// Do the words before a sign say nothing of whose it is? `home`, `primary`, `2`.
fn plain(before: &[String]) -> bool {
    let lexicon = Lexicon::get();
    before.iter().all(|w| lexicon.kept.contains(w) || Entity::adds_nothing(w))
}
