//! `systems/NAME.toml`.

use super::super::edges::{Engine, Spot, TableIx};
use super::super::persons::{Kind, matching};
use super::super::read::Notes;
use super::super::relate::{End, Link, World, is_personal};
use super::super::{Counts, dataset::Dataset};
use super::{Used, map_path};
use crate::discover::write::toml::{aside, comment, key, list, one_or_list, reference, string};

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

    fn table(&mut self, table: TableIx) {
        self.counts.tables += 1;
        let (name, spots) = (self.world.table(table), &self.world.spots[&table]);
        self.line(&format!("\n[table.{}]", key(name)));
        if let Some(text) = &self.world.datasets[table.dataset].collections[table.collection].description {
            self.out.push_str(&comment("", text));
        }
        let primary: Vec<String> =
            spots.iter().filter(|s| s.field.primary && s.path.is_none()).map(|s| s.column.to_owned()).collect();
        if !primary.is_empty() {
            self.line(&format!("key = {}", one_or_list(&primary)));
        }
        let links = self.world.links.get(&table).map_or(&[][..], Vec::as_slice);
        if !links.is_empty() {
            self.line("links = [");
            let mut said = Vec::new();
            links.iter().for_each(|link| self.link(link, &mut said));
            self.line("]");
        }
        if links.iter().any(|l| l.role == "co_owner") {
            self.decide(&format!("[table.{}] links", key(name)), "several links lead to persons, so the rows are shared by them: whose are they, and who wrote or only handled them (`author`, `mention`)?");
        }
        let personal = spots.iter().flat_map(|s| &s.field.categories).any(|c| is_personal(c));
        let record = self.world.kinds.iter().any(|k| k.table == Some(table));
        if links.is_empty() && !record && personal {
            self.decide(
                &format!("[table.{}] links", key(name)),
                "whose its rows are: it is personal, and no reference of Fides leads to it",
            );
        }
        self.columns(table, name);
    }

    fn link(&mut self, link: &Link<'_>, said: &mut Vec<String>) {
        self.counts.links += 1;
        self.out.push_str(&comment("  ", &link.why));
        let far = |spot: &Spot<'_>| {
            let (table, column) = (self.world.table(spot.table), spot.column);
            if spot.table.dataset == self.nth {
                return reference(table, column);
            }
            let system = &self.names[spot.table.dataset];
            string(&format!("{system}:{table}.{column}"))
        };
        let mut parts = vec![format!("role = {}", string(link.role)), format!("column = {}", string(link.own.column))];
        match &link.end {
            End::To(spot) => parts.push(format!("to = {}", far(spot))),
            End::By(spot) => parts.push(format!("by = {}, last = true", far(spot))),
            End::Identity { kind, name, .. } => parts.push(format!("to = {}", string(&format!("@{kind}.{name}")))),
        }
        parts.extend(link.matching().map(|m| format!("match = \"{m}\"")));
        if let Some(path) = &link.own.path {
            parts.push(format!("codec = \"json\", path = {}", string(path)));
        }
        let before = said.iter().filter(|s| *s == link.own.column).count();
        if before > 0 {
            parts.push(format!("as = {}", string(&format!("{} {}", link.own.column, before + 1))));
        }
        said.push(link.own.column.to_owned());
        self.line(&format!("  {{ {} }},", parts.join(", ")));
    }

    fn columns(&mut self, table: TableIx, name: &str) {
        let (mut lines, mut bare) = (Vec::new(), Vec::new());
        let spots = &self.world.spots[&table];
        for own in spots.iter().filter(|s| s.path.as_deref().is_none_or(|p| p == "$[*]" && !below_array(s))) {
            let inside: Vec<&Spot<'_>> =
                spots.iter().filter(|s| s.column == own.column && !std::ptr::eq(s.field, own.field)).collect();
            match self.column(own, &inside) {
                Some(line) => lines.push(line),
                None if own.field.primary || !own.field.references.is_empty() => {}
                None => bare.push(own.column),
            }
        }
        if !lines.is_empty() {
            self.line(&format!("\n[table.{}.columns]", key(name)));
            self.counts.columns += lines.len();
            lines.iter().for_each(|l| self.line(l));
        }
        if !bare.is_empty() {
            let about = format!("[table.{}.columns]", key(name));
            self.decide(&about, &format!("what these hold, for Fides gives them no category: {}", bare.join(", ")));
        }
    }

    /// The line of a column, where anything is known of it.
    fn column(&mut self, own: &Spot<'_>, inside: &[&Spot<'_>]) -> Option<String> {
        let mut places = Vec::new();
        for spot in inside {
            if let Some(category) = self.category(spot) {
                places.push(format!("{} = {}", string(spot.path.as_deref().unwrap_or_default()), string(&category)));
            } else if spot.field.fields.is_empty() && spot.field.references.is_empty() {
                self.notes.left(&spot.field.at, "Fides gives it no category, and a place in a document needs one");
            }
        }
        let identity = own.field.identity.as_deref().and_then(matching).map(|m| match m {
            "phone" => "user.contact.phone_number",
            _ => "user.contact.email",
        });
        let of_places = || (!places.is_empty()).then_some("user");
        let category = self.category(own).or_else(|| identity.or_else(of_places).map(str::to_owned))?;
        let secret = ["user.authorization.password", "user.authorization.credentials"].contains(&category.as_str());
        let mut parts = vec![format!("category = {}", string(&category))];
        if !places.is_empty() {
            parts.push(format!("codec = \"json\", json = {{ {} }}", places.join(", ")));
        }
        parts.extend(secret.then(|| "access = \"withhold\"".to_owned()));
        parts.extend(self.erase(own));
        self.used.categories.insert(category.clone());
        let said = if parts.len() == 1 { string(&category) } else { format!("{{ {} }}", parts.join(", ")) };
        let words = own.field.description.as_ref().map(|words| format!("    # {}", aside(words))).unwrap_or_default();
        Some(format!("{} = {said}{words}", key(own.column)))
    }

    /// The first personal category, or the first; the others are left out.
    fn category(&mut self, spot: &Spot<'_>) -> Option<String> {
        let all = &spot.field.categories;
        let chosen = all.iter().find(|c| is_personal(c)).or(all.first())?;
        let others: Vec<&str> = all.iter().filter(|c| *c != chosen).map(String::as_str).collect();
        if !others.is_empty() {
            let why = format!("a column has one category; `{chosen}` was taken, and not {}", others.join(", "));
            self.notes.left(&spot.field.at, why);
        }
        self.used.categories.insert(chosen.clone());
        Some(chosen.clone())
    }

    fn erase(&mut self, own: &Spot<'_>) -> Option<String> {
        let (strategy, value) = own.field.masking.as_ref()?;
        let action = match (strategy.as_str(), value) {
            ("null_rewrite", _) => "\"null\"".to_owned(),
            ("string_rewrite", Some(value)) => format!("{{ replace = {} }}", string(value)),
            ("hash" | "hmac", _) => "\"hash\"".to_owned(),
            ("random_string_rewrite", _) => "\"pseudonym\"".to_owned(),
            (other, _) => {
                self.notes.left(&own.field.at, format!("Upheld has no action like the masking strategy `{other}`"));
                return None;
            }
        };
        Some(format!("erase = {action}"))
    }
}

/// Is it an element of an array of documents, and not the column itself?
fn below_array(spot: &Spot<'_>) -> bool {
    !spot.field.array || spot.column != spot.field.name
}
