//! From references to links: which rows are whose, over several hops, and in which role.

use std::collections::{BTreeMap, BTreeSet};

use super::classify::{Bond, Verdict};
use super::proposal::{End, Kind, Link};
use super::refs::{Reference, Sign};
use super::roles::{self, Part};
use super::words::{any, stem, thing, words};
use super::world::{World, key};
use crate::policy::model::Role;
use crate::schema::{Class, Column, Table};

/// Links of each table, and how its rows relate to persons.
pub(super) struct Related {
    /// Links by table.
    pub links: BTreeMap<String, Vec<Link>>,
    /// Bonds by table; a table without one has nothing to do with persons.
    pub bonds: BTreeMap<String, Bond>,
    /// References to mapped tables that are no links: table, columns and why.
    pub apart: Vec<(String, Vec<String>, String)>,
}

/// Verdicts on columns from what is known before any link is.
pub(super) type Verdicts = BTreeMap<String, Vec<Verdict>>;

/// Relates all tables.
pub(super) fn relate(world: &World, references: &[Reference], kinds: &[Kind], verdicts: &Verdicts) -> Related {
    let mut work = Work { world, references, verdicts, kinds, reached: BTreeSet::new(), links: BTreeMap::new() };
    work.links_to_persons();
    while work.spread() {}
    work.containers();
    while work.spread() {}
    let apart = work.rest();
    let bonds = work.bonds();
    Related { links: work.links, bonds, apart }
}

struct Work<'a> {
    world: &'a World,
    references: &'a [Reference],
    verdicts: &'a Verdicts,
    kinds: &'a [Kind],
    /// Tables with rows that are somebody's, wrote by somebody or part of such a row.
    reached: BTreeSet<String>,
    links: BTreeMap<String, Vec<Link>>,
}

impl Work<'_> {
    fn is_person(&self, table: &str) -> bool {
        self.kinds.iter().any(|k| k.table == table)
    }

    fn add(&mut self, table: &str, link: Link) {
        let links = self.links.entry(table.to_owned()).or_default();
        let same = |l: &Link| l.columns == link.columns && l.to == link.to && l.when == link.when;
        if !links.iter().any(same) {
            links.push(link);
        }
    }

    /// Links of columns that point at a person.
    fn links_to_persons(&mut self) {
        for table in self.world.tables() {
            let own: Vec<&Reference> =
                self.references.iter().filter(|r| r.table == table.name && self.is_person(&r.to)).collect();
            let parts: Vec<Part> = own.iter().map(|r| self.part(r)).collect();
            for (nth, reference) in own.iter().enumerate() {
                let (role, note) = self.role(table, reference, parts[nth], &parts);
                let mut link = link(reference, role, note);
                link.shared = role == Role::Mention && parts[nth] == Part::Receiver;
                if matches!(role, Role::Owner | Role::Author) && !self.is_person(&table.name) {
                    self.reached.insert(table.name.clone());
                }
                self.add(&table.name, link);
            }
        }
    }

    /// How the name of a reference to a person is to be read.
    fn part(&self, r: &Reference) -> Part {
        let (stem, _) = stem(&r.columns[0]);
        let person = thing(&r.to);
        let role = stem.strip_suffix(person.as_slice()).unwrap_or(&stem);
        if r.when.is_some() { Part::Subject } else { roles::part(role) }
    }

    fn role(&self, table: &Table, r: &Reference, part: Part, all: &[Part]) -> (Role, String) {
        let told = |role: Role, note: &str| (role, note.to_owned());
        if self.is_person(&table.name) {
            return told(Role::Mention, "one person named in the record of another");
        }
        let own = thing(&table.name);
        let trace = roles::is_trace(&own);
        let alone = !all.iter().any(|p| *p > part) && all.iter().filter(|p| **p == part).count() == 1;
        let unique = table.unique.contains(&r.columns);
        match part {
            Part::Subject => {
                let (stem, _) = stem(&r.columns[0]);
                let plain = stem == thing(&r.to) && r.when.is_none();
                let others = all.iter().any(|p| matches!(p, Part::Writer | Part::Handler | Part::Holder));
                if plain && !trace && !others && self.prose(table) && self.is_public(table) {
                    told(Role::Author, "text of one's own among the rows of others")
                } else {
                    told(Role::Owner, "the row is about this person")
                }
            }
            Part::Writer if trace => told(Role::Owner, "a trace of what this person did"),
            Part::Writer => told(Role::Author, "written by this person for others"),
            Part::Holder if alone => told(Role::Owner, "nobody else is named as the holder"),
            Part::Maker if alone && unique => told(Role::Owner, "one row for each person"),
            Part::Maker if alone && trace => told(Role::Owner, "a trace of what this person did"),
            Part::Maker if alone && self.prose(table) && self.has_container(table) => {
                told(Role::Author, "text that this person entered, part of something larger")
            }
            Part::Receiver => told(Role::Mention, "sent to this person; `viewer` says it better if they may read it"),
            Part::Holder | Part::Maker | Part::Changer | Part::Handler => {
                told(Role::Mention, "this person handled the row")
            }
        }
    }

    /// Does the table hold what people write in their own words?
    fn prose(&self, table: &Table) -> bool {
        let verdicts = self.verdicts.get(&table.name);
        let told = |at: usize| verdicts.and_then(|v| v.get(at)).is_some_and(|v| v.text);
        table.columns.iter().enumerate().any(|(at, c)| told(at) || is_prose(c))
    }

    /// Do rows of other people hang on its rows, or its rows on those of other people?
    fn is_public(&self, table: &Table) -> bool {
        let persons_of = |name: &str| {
            let mut own = self.references.iter().filter(|r| r.table == name && self.is_person(&r.to));
            own.any(|r| matches!(self.part(r), Part::Subject | Part::Writer))
        };
        let hangs = self.references.iter().any(|r| {
            r.to == table.name && r.table != table.name && persons_of(&r.table) && r.when.is_none() && self.needs(r)
        });
        hangs || self.references.iter().any(|r| r.table == table.name && r.to != table.name && persons_of(&r.to))
    }

    /// Does it belong to something that is reached or will be?
    fn has_container(&self, table: &Table) -> bool {
        let mut out =
            self.references.iter().filter(|r| r.table == table.name && !self.is_person(&r.to) && self.needs(r));
        out.any(|r| {
            let mut persons = self.references.iter().filter(|p| p.table == r.to && self.is_person(&p.to));
            persons.any(|p| matches!(self.part(p), Part::Subject | Part::Writer))
        })
    }

    /// Can there be no row without the reference?
    fn needs(&self, r: &Reference) -> bool {
        let table = self.world.table(&r.table);
        r.columns.iter().all(|c| table.and_then(|t| t.column(c)).is_some_and(|c| !c.nullable))
    }

    /// One hop from what is reached. Tells whether anything new was.
    fn spread(&mut self) -> bool {
        let before = self.reached.len();
        for r in self.references {
            if self.is_person(&r.to) || self.is_person(&r.table) || r.table == r.to {
                continue;
            }
            if self.reached.contains(&r.to) && self.downward(r) {
                self.reached.insert(r.table.clone());
            }
            if self.reached.contains(&r.table) && self.upward(r) {
                self.reached.insert(r.to.clone());
            }
        }
        self.reached.len() > before
    }

    /// Rows that hang on a reached one are part of it, unless they only name it.
    fn downward(&mut self, r: &Reference) -> bool {
        if r.sign == Sign::SharedValue && self.has(&r.to, &r.to_columns, &r.table) {
            return false;
        }
        // What refers to a file is no part of the file.
        let file = r.when.is_none() && r.sign != Sign::SharedValue && self.world.table(&r.to).is_some_and(holds_files);
        if file || self.names_only(r) {
            return false;
        }
        self.add(&r.table, link(r, Role::Part, "goes with the row it hangs on".to_owned()));
        true
    }

    /// Does a link between these two tables already stand at the other end?
    fn has(&self, table: &str, columns: &[String], other: &str) -> bool {
        let links = self.links.get(table);
        links.is_some_and(|l| l.iter().any(|l| l.columns == columns && l.to.table() == Some(other)))
    }

    /// Is the reference one that its row could do without, in a row that is somebody's anyway?
    fn names_only(&self, r: &Reference) -> bool {
        let (stem, _) = stem(&r.columns[0]);
        let aside =
            any(&stem, &["to", "merged", "parent", "reply", "original", "duplicate", "related", "linked", "previous"]);
        let own = self.links.get(&r.table);
        let strong = own.is_some_and(|l| {
            l.iter().any(|l| {
                let person = matches!(&l.to, End::Row { table, .. } if self.is_person(table));
                matches!(l.role, Role::Owner | Role::Author) && person && l.when.is_none()
            })
        });
        !self.needs(r) && (strong || aside) && r.when.is_none()
    }

    /// A file, a blob or the like that a reached row refers to goes with it.
    fn upward(&mut self, r: &Reference) -> bool {
        let (Some(table), Some(target)) = (self.world.table(&r.table), self.world.table(&r.to)) else { return false };
        if r.when.is_some() || !(holds_files(target) || r.sign == Sign::SharedValue) || self.is_person(&r.to) {
            return false;
        }
        if r.sign == Sign::SharedValue && self.has(&r.table, &r.columns, &r.to) {
            return false;
        }
        let once = table.unique.contains(&r.columns) || r.columns.iter().all(|c| self.world.distinct(&r.table, c));
        let guarded = r.sign == Sign::Declared;
        let mut link = link(r, Role::Part, String::new());
        (link.columns, link.to) =
            (r.to_columns.clone(), End::By { table: r.table.clone(), columns: r.columns.clone() });
        link.name = Some(format!("{}_{}", words(&r.table).join("_"), words(&r.columns[0]).join("_")));
        link.stays = !once && !guarded;
        link.note = if link.stays {
            "held by several rows; write `last = true` to let it go with the last of them".to_owned()
        } else {
            "goes with the row that refers to it".to_owned()
        };
        // What points only here, value by value, is the same reference seen from the other side.
        self.add(&r.to, link);
        true
    }

    /// Threads without an owner: whoever takes part has a claim, so that their texts are searched.
    fn containers(&mut self) {
        for r in self.references {
            let Some(target) = self.world.table(&r.to) else { continue };
            let strong = self.links.get(&r.table).is_some_and(|links| {
                links.iter().any(|l| matches!(l.role, Role::Owner | Role::Author) && l.when.is_none())
            });
            let free = !self.reached.contains(&r.to) && !self.is_person(&r.to) && !self.is_person(&r.table);
            let speaks = self.world.table(&r.table).is_some_and(|t| self.prose(t));
            let thread = speaks && self.prose(target) && !is_list(self.world, target);
            if !strong || !free || r.when.is_some() || !self.needs(r) || !thread {
                continue;
            }
            let mut link = link(r, Role::Mention, "who takes part in it is named with it".to_owned());
            (link.columns, link.to) =
                (r.to_columns.clone(), End::By { table: r.table.clone(), columns: r.columns.clone() });
            link.name = Some(words(&r.table).join("_"));
            self.add(&r.to, link);
        }
    }

    /// References to mapped tables that no link was made of: mentions where the tie can be undone, else put aside.
    fn rest(&mut self) -> Vec<(String, Vec<String>, String)> {
        let mut apart = Vec::new();
        for r in self.references {
            let mapped = |name: &str| self.links.contains_key(name) || self.is_person(name);
            if self.is_person(&r.to) || !mapped(&r.table) || !mapped(&r.to) || self.is_linked(r) {
                continue;
            }
            let nullable = !self.needs(r);
            if self.reached.contains(&r.to) && nullable && r.columns.len() == 1 {
                self.add(&r.table, link(r, Role::Mention, "names the other row, and stays without it".to_owned()));
            } else if r.when.is_none() {
                apart.push((r.table.clone(), r.columns.clone(), "points at no row of a person".to_owned()));
            }
        }
        apart
    }

    fn is_linked(&self, r: &Reference) -> bool {
        let here = self.links.get(&r.table).is_some_and(|links| {
            links.iter().any(|l| l.columns == r.columns && l.to.table() == Some(r.to.as_str()) && l.when == r.when)
        });
        let there = self.links.get(&r.to).is_some_and(|links| {
            links
                .iter()
                .any(|l| matches!(&l.to, End::By { table, columns } if *table == r.table && *columns == r.columns))
        });
        here || there
    }

    fn bonds(&self) -> BTreeMap<String, Bond> {
        let mut bonds: BTreeMap<String, Bond> = self.kinds.iter().map(|k| (k.table.clone(), Bond::Record)).collect();
        for (table, links) in &self.links {
            let has = |role: Role| links.iter().any(|l| l.role == role);
            let bond = if has(Role::Owner) {
                Bond::Owned
            } else if has(Role::Author) {
                Bond::Authored
            } else if has(Role::Part) {
                Bond::Part
            } else {
                Bond::Mentions
            };
            bonds.entry(table.clone()).or_insert(bond);
        }
        bonds
    }
}

fn link(r: &Reference, role: Role, note: String) -> Link {
    let name = r.when.as_ref().map(|w| {
        let to = words(&r.to).join("_");
        format!("{}_{to}", w.column)
    });
    Link {
        role,
        columns: r.columns.clone(),
        to: End::Row { table: r.to.clone(), columns: r.to_columns.clone() },
        when: r.when.clone(),
        name,
        zero: r.zero,
        stays: false,
        shared: false,
        sign: r.sign,
        confidence: r.confidence,
        evidence: r.evidence.clone(),
        note,
    }
}

/// Is a column made for what people write?
fn is_prose(c: &Column) -> bool {
    const PROSE: [&str; 14] = [
        "body",
        "content",
        "comment",
        "message",
        "text",
        "description",
        "note",
        "notes",
        "post",
        "reply",
        "answer",
        "review",
        "feedback",
        "memo",
    ];
    let long = c.max_chars.is_none_or(|m| m >= 200);
    c.class == Class::Text && long && words(&c.name).last().is_some_and(|w| PROSE.contains(&w.as_str()))
}

/// Does a table hold files, or what stands for them?
fn holds_files(table: &Table) -> bool {
    const FILES: [&str; 12] = [
        "file",
        "blob",
        "attachment",
        "upload",
        "store",
        "image",
        "photo",
        "picture",
        "document",
        "asset",
        "media",
        "avatar",
    ];
    let bytes = table.columns.iter().any(|c| c.class == Class::Bytes && c.max_chars.is_none());
    let named = any(&words(&table.name).iter().map(|w| super::words::singular(w)).collect::<Vec<_>>(), &FILES);
    let kept = table.columns.iter().any(|c| {
        let name = words(&c.name);
        any(&name, &["filename", "file", "sha", "checksum", "md5", "digest", "mime"]) || c.class == Class::Bytes
    });
    let lookup = table.unique.iter().any(|k| k.len() == 1 && k[0] == "name");
    named && kept && !lookup || (bytes && named)
}

/// A short list of values of the application: few rows with a unique name.
fn is_list(world: &World, table: &Table) -> bool {
    const NAMES: [&str; 6] = ["name", "title", "label", "slug", "key", "code"];
    let own = thing(&table.name);
    let named = table.unique.iter().any(|k| match k.as_slice() {
        [one] => NAMES.contains(&one.as_str()) || words(one) == own,
        _ => false,
    });
    named && key(table).is_some() && world.count(&table.name) < 200
}
