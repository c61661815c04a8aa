//! `systems/NAME.toml`: the system, who its persons are, and what is left out. Tables and columns have files of their own.

mod columns;
mod table;

use super::super::edges::{Engine, Spot, TableIx};
use super::super::persons::{Kind, matching};
use super::super::read::Notes;
use super::super::relate::World;
use super::super::{Counts, dataset::Dataset};
use super::{Used, map_path};
use crate::discover::write::toml::{comment, key, list, one_or_list, string};

/// A system that no connector reads: somebody has to look by hand.
pub(super) fn by_hand(world: &World<'_>, nth: usize, what: &str, names: &[String], notes: &mut Notes) -> String {
    let dataset = &world.datasets[nth];
    let tables: Vec<&str> = dataset.collections.iter().map(|c| c.name.as_str()).collect();
    let why = format!("no connector reads {what}; its collections stand in a task for people: {}", tables.join(", "));
    notes.left(&dataset.at, why);
    let file = map_path(&names[nth]);
    notes.decide(&file, "[system] team", "who looks there by hand, and what exactly they are to do");
    let mut out = head(dataset);
    out.push_str("\n[system]\nkind = \"manual\"\nteam = \"undecided\"\n");
    for (right, what) in
        [("access", "Copy what is held about the person"), ("erasure", "Erase what is held about the person")]
    {
        let text = format!("{what} in {}: {}.", dataset.key, tables.join(", "));
        out.push_str(&format!("\n[task.{right}]\ntext = {}\n", string(&text)));
    }
    out
}

fn head(dataset: &Dataset) -> String {
    let mut out =
        comment("", &format!("Imported from the Fides dataset {}. IMPORT.md says what is missing.", dataset.key));
    for text in dataset.title.iter().chain(&dataset.description) {
        out.push_str(&comment("", text));
    }
    out
}

/// The map of a dataset.
pub(super) fn map(
    world: &World<'_>,
    nth: usize,
    names: &[String],
    used: &mut Used,
    counts: &mut Counts,
    notes: &mut Notes,
) -> String {
    let mut writer = Writer { world, nth, names, file: map_path(&names[nth]), used, counts, notes, out: String::new() };
    writer.system();
    writer.ignored();
    world.kinds.iter().filter(|k| k.dataset == nth).for_each(|k| writer.kind(k));
    for table in writer.tables().filter(|t| !world.ignored.contains(t) && !world.is_skipped(*t)) {
        writer.table(table);
    }
    writer.out
}

struct Writer<'w, 's> {
    world: &'w World<'s>,
    nth: usize,
    names: &'w [String],
    file: String,
    used: &'w mut Used,
    counts: &'w mut Counts,
    notes: &'w mut Notes,
    out: String,
}

impl<'w, 's> Writer<'w, 's> {
    fn tables(&self) -> impl Iterator<Item = TableIx> + use<'w, 's> {
        let nth = self.nth;
        self.world.spots.keys().copied().filter(move |t| t.dataset == nth)
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn decide(&mut self, about: &str, question: &str) {
        self.notes.decide(&self.file, about, question);
    }

    fn system(&mut self) {
        let dataset = &self.world.datasets[self.nth];
        self.out = head(dataset);
        let variable = format!("{}_DSN", self.names[self.nth].to_uppercase().replace('-', "_"));
        let variable =
            if variable.starts_with(|c: char| c.is_ascii_digit()) { format!("DB_{variable}") } else { variable };
        let kind = match self.world.engines[self.nth] {
            Engine::Named(kind) => {
                self.line(&format!("\n[system]\nkind    = {}", string(kind)));
                kind
            }
            _ => {
                self.line(
                    "\n[system]\nkind    = \"postgres\"    # undecided: Fides does not say which database this is",
                );
                self.decide("[system] kind", "which database it is: postgres, mysql, sqlite");
                "postgres"
            }
        };
        self.line(&format!("connect = {{ env = {} }}", string(&variable)));
        self.decide(
            "[system] connect",
            &format!("set {variable} to the address of the database; then `upheld map lock` completes the folder and `upheld check --live` says what is undecided"),
        );
        match &dataset.schema {
            Some(schema) if kind == "postgres" => self.line(&format!("schema  = {}", string(schema))),
            Some(schema) => {
                let why = format!("only PostgreSQL has schemas in this sense; `{schema}` belongs into the address");
                self.notes.left(&dataset.at, why);
            }
            None => {}
        }
        let question = "where a column is neither text nor takes NULL, its `erase` must be said: Fides does not tell types, the check with the schema does";
        self.decide("[table.*.columns]", question);
        if self.world.kinds.iter().any(|k| k.dataset == self.nth) {
            let question =
                "whether the same address can be two people at two customers of yours: Fides knows no tenants";
            self.decide("[subject.*] tenant", question);
        }
    }

    fn ignored(&mut self) {
        let world = self.world;
        let names = |tables: Vec<TableIx>| tables.into_iter().map(|t| world.table(t).to_owned()).collect::<Vec<_>>();
        let skipped = names(self.tables().filter(|t| world.is_skipped(*t)).collect());
        let other = names(self.tables().filter(|t| world.ignored.contains(t)).collect());
        if skipped.is_empty() && other.is_empty() {
            return;
        }
        self.line("\n[ignore]");
        if !other.is_empty() {
            self.line(&format!("\"nothing personal in it, as Fides has it\" = {}", list(&other)));
        }
        if !skipped.is_empty() {
            self.line(&format!("\"undecided: Fides was told not to process them\" = {}", list(&skipped)));
            self.decide("[ignore]", &format!("what {} hold, and whose that is", skipped.join(", ")));
        }
    }

    fn kind(&mut self, kind: &Kind<'_>) {
        self.out.push('\n');
        self.out.push_str(&comment("", &format!("Persons: {}.", kind.why)));
        let name = key(&kind.name);
        self.line(&format!("[subject.{name}]"));
        match kind.table {
            Some(table) => self.line(&format!("table = {}", string(self.world.table(table)))),
            None => self.line(&format!("key = {}", string(&kind.identities[0].name))),
        }
        self.line(&format!("\n[subject.{name}.identity]"));
        for identity in &kind.identities {
            let of_table = |s: &Spot<'_>| match kind.table {
                Some(_) => s.column.to_owned(),
                None => format!("{}.{}", self.world.table(s.table), s.column),
            };
            let columns: Vec<String> = identity.spots.iter().map(of_table).collect();
            let mut parts = vec![format!("column = {}", one_or_list(&columns))];
            parts.extend(matching(identity.of).map(|m| format!("match = \"{m}\"")));
            if let Some(path) = identity.spots.iter().find_map(|s| s.path.as_ref()) {
                parts.push(format!("codec = \"json\", path = {}", string(path)));
            }
            self.line(&format!("{} = {{ {} }}", key(&identity.name), parts.join(", ")));
        }
    }
}
