//! What names of tables and columns say about persons.

use super::lexicon::{Lexicon, Words};
use crate::schema::Class;

/// What a table, or a part of a document, is about, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entity {
    /// People.
    Person,
    /// Postal addresses, whosesoever.
    Address,
    /// A company, a shop: something with an address that is no person's.
    Premises,
    /// Something else.
    Thing,
    /// The name does not tell.
    Unknown,
}

impl Entity {
    /// By the last word that says something.
    pub fn of(words: &[String]) -> Self {
        let lexicon = Lexicon::get();
        let has = |set: &Words, word: &String| set.contains(word);
        for word in words.iter().rev() {
            if has(&lexicon.persons, word) || has(&lexicon.perhaps, word) {
                return Entity::Person;
            }
            if has(&lexicon.addresses, word) {
                return Entity::Address;
            }
            if has(&lexicon.premises, word) {
                return Entity::Premises;
            }
            if has(&lexicon.things, word) {
                return Entity::Thing;
            }
            if !Self::adds_nothing(word) {
                return Entity::Unknown;
            }
        }
        Entity::Unknown
    }

    /// Is it a number, or a word such as `details`?
    pub fn adds_nothing(word: &String) -> bool {
        Lexicon::get().vague.contains(word) || word.chars().all(|c| c.is_ascii_digit())
    }
}

/// What a reference to a person says of the row that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The person handled it: created, changed, was assigned.
    Handled,
    /// The person wrote it for others.
    Wrote,
    /// It is the person's.
    Owns,
}

/// What a column points at, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it says of the row.
    pub part: Part,
    /// The name says outright that it is a key (`user_id`, not `user`).
    pub key: bool,
    /// It stands for a person beyond doubt (`user`, not `account`).
    pub sure: bool,
}

/// Reads a column's name as a reference to a person: `user_id`, `createdby`, `author`. A name without a word for keys
/// needs a type that keys have. `None` where it is no such thing.
pub fn reference(words: &[String], class: Class) -> Option<Reference> {
    let lexicon = Lexicon::get();
    // `total_recipients` counts them.
    if words.first().is_some_and(|w| lexicon.asks.contains(w)) {
        return None;
    }
    let mut rest = words;
    let mut key = false;
    let mut sent = None;
    if let [body @ .., last] = rest
        && matches!(last.as_str(), "from" | "to")
        && body.len() > 1
    {
        sent = Some(if last == "from" { Part::Wrote } else { Part::Owns });
        rest = body;
    }
    while let [body @ .., last] = rest
        && (lexicon.keys.contains(last) || last.chars().all(|c| c.is_ascii_digit()))
        && !body.is_empty()
    {
        key |= lexicon.keys.contains(last);
        rest = body;
    }
    if !key && !matches!(class, Class::Int | Class::Uuid | Class::Other) {
        return None;
    }
    let (part, sure) = actor(rest, lexicon)?;
    // Types are often unknown where documents are described: there only a word for keys is a sign.
    (key || class != Class::Other).then(|| Reference { part: sent.unwrap_or(part), key, sure })
}

/// The person that the words speak of, and whether surely.
fn actor(words: &[String], lexicon: &Lexicon) -> Option<(Part, bool)> {
    let (last, before) = words.split_last()?;
    let verb = |w: &String| lexicon.handled.contains(w);
    if matches!(last.as_str(), "by" | "to") {
        let done = before.last()?;
        if lexicon.wrote.contains(done) && last == "by" {
            return Some((Part::Wrote, true));
        }
        return (verb(done) && (last == "by" || done == "assigned")).then_some((Part::Handled, true));
    }
    let person = |w: &String| lexicon.persons.contains(w);
    if (verb(last) || lexicon.wrote.contains(last)) && before.last().is_some_and(person) {
        let part = if lexicon.wrote.contains(last) { Part::Wrote } else { Part::Handled };
        return Some((part, true));
    }
    let sure = person(last);
    if !sure && !lexicon.perhaps.contains(last) {
        return None;
    }
    let handled = lexicon.handlers.contains(last) || before.iter().any(verb);
    let wrote = lexicon.authors.contains(last) || before.iter().any(|w| lexicon.authors.contains(w));
    Some((
        if handled {
            Part::Handled
        } else if wrote {
            Part::Wrote
        } else {
            Part::Owns
        },
        sure,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, class: Class) -> Option<Part> {
        reference(&Lexicon::get().words(name), class).map(|r| r.part)
    }

    #[test]
    fn references_and_what_they_say() {
        for name in ["user_id", "userid", "customerId", "patient", "user_uuid", "benutzer_id", "kunde_nr", "usuario_id"]
        {
            assert_eq!(read(name, Class::Int), Some(Part::Owns), "{name}");
        }
        for name in ["author_id", "posted_by", "useridfrom", "writer", "submitted_by_id"] {
            assert_eq!(read(name, Class::Int), Some(Part::Wrote), "{name}");
        }
        for name in
            ["created_by", "updated_by_id", "usermodified", "assignee_id", "assigned_to", "related_user_id", "grader"]
        {
            assert_eq!(read(name, Class::Int), Some(Part::Handled), "{name}");
        }
    }

    #[test]
    fn near_misses_are_none() {
        for name in ["id", "order_id", "user_count", "user_type_id", "users_limit", "sort_by", "created", "from", "to"]
        {
            assert_eq!(read(name, Class::Int), None, "{name}");
        }
        assert_eq!(read("author", Class::Text), None, "a name, not a key");
        assert_eq!(read("user", Class::Bool), None);
    }

    #[test]
    fn the_last_word_says_what_a_table_is_about() {
        let of = |name: &str| Entity::of(&Lexicon::get().words(name));
        assert_eq!(of("users"), Entity::Person);
        assert_eq!(of("customer_details"), Entity::Person);
        assert_eq!(of("customer_groups"), Entity::Thing);
        assert_eq!(of("billing_address"), Entity::Address);
        assert_eq!(of("warehouses"), Entity::Premises);
        assert_eq!(of("zorblatt"), Entity::Unknown);
    }
}
