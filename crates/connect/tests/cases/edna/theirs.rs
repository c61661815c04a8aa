//! What each way of leaving does, as the material tells it: read in place, and compared with what ours did.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::apps::App;
use super::dump::{Cell, Dump, Rows, named, shown};
use super::place::Place;

/// What the folder of an application says.
pub struct Theirs {
    /// By table, the columns that hold its owners.
    owners: BTreeMap<String, Vec<String>>,
    /// Table and key of the records of people.
    people: (String, String),
    /// By table, what leaving does.
    effects: BTreeMap<String, Vec<Effect>>,
}

/// What leaving does to some rows of a table.
struct Effect {
    what: What,
    /// Keys of these rows, whosever they are.
    keys: BTreeSet<Vec<Cell>>,
}

#[derive(PartialEq)]
enum What {
    /// Rows go.
    Remove,
    /// Columns lead to stand-ins, one for each combination of other columns, or for each row.
    Apart { columns: Vec<String>, by: Vec<String> },
    /// A column is changed.
    Modify(String),
}

/// Rows that were as they should be, and what was not.
#[derive(Default)]
pub struct Seen {
    pub rows: usize,
    pub wrong: Vec<String>,
}

impl Theirs {
    /// Reads what the folder says of a way of leaving, and asks the database for the rows that each effect is on.
    pub async fn read(app: &App, folder: &Path, disguise: &str, place: &Place, dump: &Dump) -> Theirs {
        let read = |name: &str| -> Value {
            let text = std::fs::read_to_string(folder.join(name)).expect("a file of the case");
            serde_json::from_str(&text).expect("the case is JSON")
        };
        let (info, people, disguise) = (read("table_info.json"), read("pp_gen.json"), read(disguise));
        let mut owners = BTreeMap::new();
        for (table, said) in info.as_object().expect("tables") {
            let columns = said["owner_fks"].as_array().expect("owners").iter().map(|fk| text(&fk["from_col"]));
            let alone = app.alone.iter().find(|(t, _)| t == table).map(|(_, column)| vec![(*column).to_owned()]);
            owners.insert(table.clone(), alone.unwrap_or_else(|| columns.collect()));
        }
        let mut effects: BTreeMap<String, Vec<Effect>> = BTreeMap::new();
        for (table, all) in disguise.as_object().expect("tables") {
            for said in all.as_array().expect("a list") {
                let (what, how) = said.as_object().and_then(|o| o.iter().next()).expect("an effect");
                let from = Some(text(&how["from"])).filter(|f| !f.is_empty()).unwrap_or_else(|| table.clone());
                let keys: Vec<String> = dump.tables[table].key.iter().map(|k| format!("{table}.{k}")).collect();
                let sql = format!("SELECT DISTINCT {} FROM {from} WHERE {}", keys.join(", "), text(&how["pred"]));
                let keys = place.rows(&sql).await.into_iter().collect();
                effects.entry(table.clone()).or_default().push(Effect { what: read_effect(what, how), keys });
            }
        }
        Theirs { owners, people: (text(&people["table"]), text(&people["id_col"])), effects }
    }

    /// Do the records of people go?
    pub fn removes_people(&self) -> bool {
        self.effects.get(&self.people.0).is_some_and(|all| all.iter().any(|e| e.what == What::Remove))
    }

    /// The values by which rows refer to people, in the order of the dump.
    pub fn people(&self, dump: &Dump) -> Vec<Cell> {
        let table = &dump.tables[&self.people.0];
        let at = table.at(&self.people.1);
        table.rows.values().map(|row| row[at].clone()).collect()
    }

    /// The key of a person's record.
    pub fn key(&self, dump: &Dump, who: &Cell) -> Vec<Cell> {
        let table = &dump.tables[&self.people.0];
        let at = table.at(&self.people.1);
        table.rows.iter().find(|(_, row)| row[at] == *who).map(|(key, _)| key.clone()).expect("a person")
    }

    /// Some columns of a person's record, in lower case.
    pub fn words(&self, dump: &Dump, who: &Cell, columns: &[&str]) -> Vec<String> {
        let table = &dump.tables[&self.people.0];
        let row = &table.rows[&self.key(dump, who)];
        let words = columns.iter().filter_map(|c| row[table.at(c)].clone());
        words.map(|w| String::from_utf8_lossy(&w).to_lowercase()).filter(|w| w.len() > 2).collect()
    }

    /// Compares what leaving did to a person's rows with what it should do.
    pub fn compare(&self, app: &App, who: &Cell, before: &Dump, after: &Dump) -> Seen {
        let mut seen = Seen::default();
        let new = self.stand_ins(before, after);
        for (table, effects) in &self.effects {
            let (rows, now) = (&before.tables[table], &after.tables[table]);
            let owners: Vec<usize> = self.owners[table].iter().map(|c| rows.at(c)).collect();
            let mut groups: BTreeMap<Vec<Cell>, BTreeSet<Cell>> = BTreeMap::new();
            for (key, row) in rows.rows.iter().filter(|(_, row)| owners.iter().any(|c| row[*c] == *who)) {
                let place = Row { rows, key, row, now: find(app, table, rows, (key, row), now), new: &new };
                seen.rows += 1;
                let shared = effects.iter().any(|e| e.what == What::Remove) && owners.len() > 1;
                let acting = effects.iter().filter(|e| e.keys.contains(key));
                if acting.clone().next().is_none() && place.now.map(Vec::as_slice) != Some(row.as_slice()) {
                    seen.wrong.push(format!("{}: is not as it was, and should be", named(table, key)));
                }
                for effect in acting {
                    let wrong = match &effect.what {
                        What::Remove => place.removed(&owners, who, |id| !new.contains(id) && self.is_there(after, id)),
                        What::Apart { columns, by } => place.apart(columns, by, who, &mut groups),
                        // What somebody else still holds is not marked as deleted for them.
                        What::Modify(_) if shared => None,
                        What::Modify(column) => place.modified(column),
                    };
                    seen.wrong.extend(wrong.map(|w| format!("{}: {w}", named(table, key))));
                }
            }
            let several = groups.values().filter(|ids| ids.len() > 1).count();
            let all: BTreeSet<&Cell> = groups.values().flatten().collect();
            if several > 0 || all.len() != groups.len() {
                seen.wrong.push(format!("{table}: {} stand-ins for {} groups of rows", all.len(), groups.len()));
            }
        }
        seen
    }

    /// Rows of nobody among those who left, and that are not as they were.
    pub fn others(&self, app: &App, away: &[Cell], words: &[String], before: &Dump, after: &Dump) -> Vec<String> {
        let mut found = Vec::new();
        for (table, rows) in &before.tables {
            let mut columns: Vec<usize> = self.owners.get(table).into_iter().flatten().map(|c| rows.at(c)).collect();
            columns.extend(app.beyond.iter().filter(|(t, _)| t == table).map(|(_, c)| rows.at(c)));
            for (key, row) in &rows.rows {
                // Some keys are put together, as `user:7:unread`.
                let is_theirs = |piece: &str| {
                    away.contains(&Some(piece.as_bytes().to_vec())) || words.contains(&piece.to_lowercase())
                };
                let follows = app.follows.iter().filter(|(t, ..)| t == table).any(|(_, column, name)| {
                    let to = &before.tables[*name];
                    let row = to.rows.get(std::slice::from_ref(&row[rows.at(column)]));
                    row.is_some_and(|row| self.owners[*name].iter().any(|c| away.contains(&row[to.at(c)])))
                });
                let theirs = follows || columns.iter().any(|c| shown(&row[*c]).split(':').any(is_theirs));
                if !theirs && after.tables[table].rows.get(key) != Some(row) {
                    found.push(format!("{} is somebody else's and not as it was", named(table, key)));
                }
            }
        }
        found
    }

    /// Records of people that were not there before.
    fn stand_ins(&self, before: &Dump, after: &Dump) -> BTreeSet<Cell> {
        let there: BTreeSet<Cell> = self.people(before).into_iter().collect();
        self.people(after).into_iter().filter(|id| !there.contains(id)).collect()
    }

    fn is_there(&self, dump: &Dump, id: &Cell) -> bool {
        self.people(dump).contains(id)
    }
}

/// The row as it is now. Where its key names the person, it is a new one that is known by its other columns.
fn find<'a>(
    app: &App,
    table: &str,
    rows: &Rows,
    (key, row): (&Vec<Cell>, &[Cell]),
    now: &'a Rows,
) -> Option<&'a Vec<Cell>> {
    let known = app.known_by.iter().find(|(t, _)| *t == table).map(|(_, columns)| *columns);
    let Some(columns) = known.filter(|_| !now.rows.contains_key(key)) else { return now.rows.get(key) };
    let at: Vec<usize> = columns.iter().map(|c| rows.at(c)).collect();
    let mut new = now.rows.iter().filter(|(key, _)| !rows.rows.contains_key(*key));
    new.find(|(_, r)| at.iter().all(|c| r[*c] == row[*c])).map(|(_, row)| row)
}

/// One row of a person, before and now.
struct Row<'a> {
    rows: &'a Rows,
    key: &'a [Cell],
    row: &'a [Cell],
    now: Option<&'a Vec<Cell>>,
    new: &'a BTreeSet<Cell>,
}

impl Row<'_> {
    fn removed(&self, owners: &[usize], who: &Cell, is_person: impl Fn(&Cell) -> bool) -> Option<String> {
        let shared = owners.iter().any(|c| self.row[*c] != *who && is_person(&self.row[*c]));
        match (self.now, shared) {
            (Some(_), false) => Some("is still there".to_owned()),
            (None, true) => Some("is gone, and somebody else's too".to_owned()),
            (None, false) => None,
            (Some(now), true) => {
                let still = owners.iter().any(|c| now[*c] == *who);
                let kept = owners.iter().all(|c| self.row[*c] == *who || now[*c] == self.row[*c]);
                (still || !kept).then(|| "does not lead to the other owner alone".to_owned())
            }
        }
    }

    fn apart(
        &self,
        columns: &[String],
        by: &[String],
        who: &Cell,
        groups: &mut BTreeMap<Vec<Cell>, BTreeSet<Cell>>,
    ) -> Option<String> {
        let Some(now) = self.now else { return Some("is gone".to_owned()) };
        for column in columns {
            let at = self.rows.at(column);
            if self.row[at] != *who {
                if now[at] != self.row[at] {
                    return Some(format!("{column} is somebody else's and not as it was"));
                }
                continue;
            }
            if !self.new.contains(&now[at]) {
                return Some(format!("{column} leads to no stand-in"));
            }
            let group = match by {
                [] => self.key.to_vec(),
                _ => by.iter().map(|c| self.row[self.rows.at(c)].clone()).collect(),
            };
            groups.entry(group).or_default().insert(now[at].clone());
        }
        None
    }

    fn modified(&self, column: &str) -> Option<String> {
        let at = self.rows.at(column);
        let empty = self.row[at].as_deref().unwrap_or_default().is_empty();
        let same = self.now.is_some_and(|now| now[at] == self.row[at]);
        (same && !empty).then(|| format!("{column} is as it was"))
    }
}

fn read_effect(what: &str, how: &Value) -> What {
    // One of the lists is written as one text.
    let list = |key: &str| how[key].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(", ");
    let names = |key: &str| list(key).split(", ").filter(|n| !n.is_empty()).map(str::to_owned).collect();
    match what {
        "Remove" => What::Remove,
        "Decor" => What::Apart { columns: names("user_fk_cols"), by: names("group_by_cols") },
        "Modify" => What::Modify(text(&how["col"])),
        other => panic!("no such effect: {other}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
