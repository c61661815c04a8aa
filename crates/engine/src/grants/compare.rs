//! What a role holds in a live database, beside what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rights, Tables};

/// What one role of a live database may do, however it came by it: directly, through other roles, or as everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The role's name.
    pub role: String,
    /// Nothing is forbidden to it.
    pub superuser: bool,
    /// It may look into the schema at all.
    pub usage: bool,
    /// It may make tables and the like in the schema.
    pub creates: bool,
    /// By table, also those that the map leaves out.
    pub tables: Tables,
    /// Tables it may empty at one stroke.
    pub truncate: BTreeSet<String>,
    /// Tables it owns, so that it may change and drop them.
    pub owns: BTreeSet<String>,
    /// Sequences it may take numbers from.
    pub sequences: BTreeSet<(String, String)>,
}

/// One privilege that is missing or too much: the word of SQL, and by table the columns (none: the whole table).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `TRIGGER`, `TRUNCATE`.
    pub privilege: &'static str,
    /// By table.
    pub tables: BTreeMap<String, BTreeSet<String>>,
}

/// How a role differs from what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misfits {
    /// Without these a plan would fail.
    pub missing: Vec<Misfit>,
    /// The role lacks the schema itself.
    pub no_usage: bool,
    /// Sequences it lacks.
    pub sequences: BTreeSet<(String, String)>,
    /// With these it can do what no plan does.
    pub excess: Vec<Misfit>,
    /// It is a superuser; `excess` is then empty, for there is no end to it.
    pub superuser: bool,
    /// It owns tables.
    pub owns: BTreeSet<String>,
    /// It may make tables.
    pub creates: bool,
}

/// Compares. `sequences` are those the role needs.
pub fn compare(needs: &Tables, sequences: &BTreeSet<(String, String)>, held: &Held) -> Misfits {
    if held.superuser {
        return Misfits { superuser: true, ..Misfits::default() };
    }
    let nothing = Rights::default();
    let mut lists = Lists::default();
    let names: BTreeSet<&String> = needs.keys().chain(held.tables.keys()).collect();
    for table in names {
        let (need, has) = (needs.get(table).unwrap_or(&nothing), held.tables.get(table).unwrap_or(&nothing));
        lists.columns("SELECT", table, &need.select, &has.select);
        lists.columns("INSERT", table, &need.insert, &has.insert);
        updates(&mut lists, table, need, has);
        lists.whole("DELETE", table, need.delete, has.delete);
        lists.whole("TRIGGER", table, need.trigger, has.trigger);
        lists.whole("TRUNCATE", table, false, held.truncate.contains(table));
    }
    Misfits {
        no_usage: !held.usage && !needs.is_empty(),
        sequences: sequences.difference(&held.sequences).cloned().collect(),
        superuser: false,
        owns: held.owns.clone(),
        creates: held.creates,
        missing: list(lists.missing),
        excess: list(lists.excess),
    }
}

/// To lock rows, the right to change any column will do.
fn updates(lists: &mut Lists, table: &str, need: &Rights, has: &Rights) {
    let mut wanted = need.update.clone();
    if let Some(lock) = &need.lock {
        let held = has.update.contains(lock).then_some(lock).or(has.update.first());
        wanted.insert(held.unwrap_or(lock).clone());
    }
    lists.columns("UPDATE", table, &wanted, &has.update);
}

#[derive(Default)]
struct Lists {
    missing: ByPrivilege,
    excess: ByPrivilege,
}

type ByPrivilege = BTreeMap<&'static str, BTreeMap<String, BTreeSet<String>>>;

impl Lists {
    fn columns(&mut self, privilege: &'static str, table: &str, need: &BTreeSet<String>, has: &BTreeSet<String>) {
        let add = |list: &mut ByPrivilege, columns: BTreeSet<String>| {
            if !columns.is_empty() {
                list.entry(privilege).or_default().insert(table.to_owned(), columns);
            }
        };
        add(&mut self.missing, need.difference(has).cloned().collect());
        add(&mut self.excess, has.difference(need).cloned().collect());
    }

    fn whole(&mut self, privilege: &'static str, table: &str, need: bool, has: bool) {
        if need != has {
            let list = if need { &mut self.missing } else { &mut self.excess };
            list.entry(privilege).or_default().insert(table.to_owned(), BTreeSet::new());
        }
    }
}

fn list(by: ByPrivilege) -> Vec<Misfit> {
    by.into_iter().map(|(privilege, tables)| Misfit { privilege, tables }).collect()
}
