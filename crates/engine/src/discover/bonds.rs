//! How each table of a schema relates to persons, from declared keys and from names alone.

use std::collections::{BTreeMap, BTreeSet};

use super::classify::Bond;
use super::lexicon::Lexicon;
use super::people::{Entity, Part, Reference, reference};
use crate::schema::{Class, Column, Schema, Table};

/// Last words of columns that a record of a person has.
const OWN: [&str; 7] = ["name", "email", "phone", "password", "username", "login", "mobile"];

/// What is known of one table.
#[derive(Clone, Debug, Default)]
pub struct Bonded {
    /// How its rows relate to persons.
    pub bond: Bond,
    /// Columns that point at persons, or at rows that belong to persons.
    pub links: BTreeSet<String>,
}

/// The bonds of all tables, by name.
pub fn bonds(schema: &Schema) -> BTreeMap<String, Bonded> {
    let records: BTreeSet<&str> = schema.tables.iter().filter(|t| is_record(t)).map(|t| t.name.as_str()).collect();
    let names = Names::of(schema);
    let mut all: BTreeMap<String, Bonded> =
        schema.tables.iter().map(|t| (t.name.clone(), direct(t, &records, &names))).collect();
    let parts: Vec<Piece<'_>> = schema.tables.iter().flat_map(|table| names.pieces(table)).collect();
    while spread(&parts, &mut all) {}
    all
}

/// Is each row a person? Its name says so, and at least one column that only a person has.
fn is_record(table: &Table) -> bool {
    let lexicon = Lexicon::get();
    let words = lexicon.words(&table.name);
    if Entity::of(&words) != Entity::Person {
        return false;
    }
    let sure = words.last().is_some_and(|w| lexicon.persons.contains(w));
    let kind = |c: &str| lexicon.words(c).pop().filter(|w| OWN.contains(&w.as_str()));
    let personal = table.columns.iter().filter_map(|c| kind(&c.name)).collect::<BTreeSet<_>>().len();
    // A row that points at its owner is somebody's device or setting, however it is called.
    let owned = table.columns.iter().any(|c| {
        reference(&lexicon.words(&c.name), c.class).is_some_and(|r| r.key && r.sure && r.part == Part::Owns)
            && !table.key.contains(&c.name)
    });
    personal >= if sure && !owned { 1 } else { 2 }
}

/// What the table's own columns say.
fn direct(table: &Table, records: &BTreeSet<&str>, names: &Names<'_>) -> Bonded {
    if records.contains(table.name.as_str()) {
        return Bonded { bond: Bond::Record, links: links(table, records, names).map(|(c, _)| c).collect() };
    }
    let links: Vec<(String, Part)> = links(table, records, names).collect();
    let bond = match links.iter().map(|(_, part)| *part).max() {
        Some(Part::Owns) => Bond::Owned,
        Some(Part::Wrote) => Bond::Authored,
        Some(Part::Handled) => Bond::Mentions,
        None => Bond::Apart,
    };
    Bonded { bond, links: links.into_iter().map(|(c, _)| c).collect() }
}

fn links<'a>(
    table: &'a Table,
    records: &'a BTreeSet<&str>,
    names: &'a Names<'a>,
) -> impl Iterator<Item = (String, Part)> + 'a {
    table.columns.iter().filter_map(|column| {
        let named = reference(&Lexicon::get().words(&column.name), column.class);
        let declared = table.foreign_keys.iter().find(|k| k.columns == [column.name.as_str()]);
        match (declared, named) {
            (Some(key), named) if records.contains(key.table.as_str()) => {
                Some((column.name.clone(), named.map_or(Part::Owns, |r| r.part)))
            }
            // A declared key that leads elsewhere is no reference to a person, whatever it is called.
            (Some(_), _) => None,
            (None, Some(Reference { sure: true, part, .. })) => Some((column.name.clone(), part)),
            // `client_id` may be a program's; where a table of clients is known to hold people, it is one of them.
            (None, Some(Reference { part, .. })) => {
                let target = names.target(table, &column.name, column.class)?;
                records.contains(target).then(|| (column.name.clone(), part))
            }
            (None, None) => None,
        }
    })
}

/// A table that is named after one that it points at.
struct Piece<'a> {
    table: &'a str,
    column: &'a str,
    whole: &'a str,
}

/// Parts of what belongs to or was written by a person. True where something was found.
fn spread(parts: &[Piece<'_>], all: &mut BTreeMap<String, Bonded>) -> bool {
    let held = |p: &&Piece<'_>| {
        matches!(all[p.table].bond, Bond::Apart | Bond::Mentions)
            && matches!(all[p.whole].bond, Bond::Owned | Bond::Authored | Bond::Part)
    };
    let found: Vec<&Piece<'_>> = parts.iter().filter(held).collect();
    for part in &found {
        let bonded = all.get_mut(part.table).expect("each table has a bond");
        bonded.bond = Bond::Part;
        bonded.links.insert(part.column.to_owned());
    }
    !found.is_empty()
}

/// Tables by the words of their names, so that `reply_id` finds `replies`.
struct Names<'a> {
    by_words: BTreeMap<Vec<String>, &'a str>,
}

impl<'a> Names<'a> {
    fn of(schema: &'a Schema) -> Self {
        let lexicon = Lexicon::get();
        Self { by_words: schema.tables.iter().map(|t| (singular(lexicon.words(&t.name)), t.name.as_str())).collect() }
    }

    /// Where a table points at one that it is named after: `question_attempt_steps` at `question_attempts`.
    fn pieces(&self, table: &'a Table) -> impl Iterator<Item = Piece<'a>> {
        let words = Lexicon::get().words(&table.name);
        let after = move |whole: &str| {
            let whole = singular(Lexicon::get().words(whole));
            words.len() > whole.len() && singular(words[..whole.len()].to_vec()) == whole
        };
        let points = |c: &'a Column| Some((c.name.as_str(), self.target(table, &c.name, c.class)?));
        let pointing = table.columns.iter().filter_map(points).filter(move |(_, whole)| after(whole));
        pointing.map(|(column, whole)| Piece { table: &table.name, column, whole })
    }

    /// The table that a column points at: by a declared key, or by its name.
    fn target(&self, table: &'a Table, column: &str, class: Class) -> Option<&'a str> {
        if let Some(key) = table.foreign_keys.iter().find(|k| k.columns == [column]) {
            return self.by_words.values().find(|t| **t == key.table).copied();
        }
        if !matches!(class, Class::Int | Class::Uuid | Class::Text) {
            return None;
        }
        let words = Lexicon::get().words(column);
        let [body @ .., last] = words.as_slice() else { return None };
        (last == "id" && !body.is_empty()).then(|| self.by_words.get(&singular(body.to_vec())).copied()).flatten()
    }
}

/// The last word without its plural ending, for words that no list has.
fn singular(mut words: Vec<String>) -> Vec<String> {
    if let Some(last) = words.last_mut()
        && last.len() > 3
        && !last.ends_with("ss")
        && let Some(stem) = last.strip_suffix('s')
    {
        let stem = stem.strip_suffix("ie").map_or_else(|| stem.to_owned(), |s| format!("{s}y"));
        *last = stem;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ForeignKey, OnDelete};

    fn table(name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            type_name: String::new(),
            class: if name.ends_with("id") { Class::Int } else { Class::Text },
            nullable: true,
            default: false,
            generated: false,
            max_chars: None,
        };
        let columns = columns.iter().map(column).collect();
        Table { name: name.to_owned(), columns, key: vec!["id".to_owned()], ..Table::default() }
    }

    #[test]
    fn bonds_follow_keys_and_names() {
        let mut cases = table("cases", &["id", "opener"]);
        cases.foreign_keys.push(ForeignKey {
            name: String::new(),
            columns: vec!["opener".to_owned()],
            table: "customers".to_owned(),
            target_columns: vec!["id".to_owned()],
            on_delete: OnDelete::Refuse,
            deferrable: false,
        });
        let tables = vec![
            table("customers", &["id", "email", "name"]),
            cases,
            table("case_notes", &["id", "case_id", "body"]),
            table("posts", &["id", "author_id", "body"]),
            table("settings", &["id", "updated_by_id", "name"]),
            table("countries", &["id", "name"]),
            // A program, not a person.
            table("tokens", &["id", "client_id"]),
        ];
        let all = bonds(&Schema { tables });
        let bond = |name: &str| all[name].bond;
        assert_eq!(bond("customers"), Bond::Record);
        assert_eq!(bond("cases"), Bond::Owned);
        assert_eq!(bond("case_notes"), Bond::Part);
        assert_eq!(bond("posts"), Bond::Authored);
        assert_eq!(bond("settings"), Bond::Mentions);
        assert_eq!(bond("countries"), Bond::Apart);
        assert_eq!(bond("tokens"), Bond::Apart);
        assert!(all["cases"].links.contains("opener") && all["case_notes"].links.contains("case_id"));
    }
}
