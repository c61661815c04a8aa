//! From references to links: whose rows are whose.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::Dataset;
use super::edges::{Edge, Engine, Spot, TableIx};
use super::persons::{Identity, Kind, matching};
use super::read::Notes;
pub use crate::policy::category::is_personal;

/// A link of a table.
#[derive(Clone, Debug)]
pub struct Link<'s> {
    pub role: &'static str,
    /// The place of this table.
    pub own: Spot<'s>,
    pub end: End<'s>,
    /// Why it is so, for whoever reads the map.
    pub why: String,
}

/// The other end.
#[derive(Clone, Debug)]
pub enum End<'s> {
    /// This row points there.
    To(Spot<'s>),
    /// That row points here.
    By(Spot<'s>),
    /// An identity of a kind.
    Identity { kind: String, name: String, of: &'s str },
}

/// All that is known of the tables.
pub struct World<'s> {
    pub datasets: &'s [Dataset],
    pub engines: Vec<Engine>,
    pub spots: BTreeMap<TableIx, Vec<Spot<'s>>>,
    pub kinds: Vec<Kind<'s>>,
    pub links: BTreeMap<TableIx, Vec<Link<'s>>>,
    /// Tables without anything personal that nothing personal needs.
    pub ignored: BTreeSet<TableIx>,
}

impl<'s> World<'s> {
    /// Reads all references.
    pub fn new(datasets: &'s [Dataset], notes: &mut Notes) -> Self {
        let engines: Vec<Engine> = datasets.iter().map(super::edges::engine).collect();
        let spots = super::edges::spots(datasets, notes);
        let skipped = |t: TableIx| datasets[t.dataset].collections[t.collection].skipped;
        let can = |t: TableIx| !skipped(t) && !matches!(engines[t.dataset], Engine::Other(_));
        let mut edges = super::edges::edges(datasets, &spots, notes);
        edges.retain(|e| {
            let kept = can(e.parent.table) && can(e.child.table);
            if !kept {
                notes.left(&e.at, "one of the two tables is not mapped");
            }
            kept
        });
        let kinds = super::persons::kinds(datasets, &spots, &edges, can);
        let ignored = spots.keys().copied().filter(|t| can(*t)).collect();
        let mut world = World { datasets, engines, spots, kinds, links: BTreeMap::new(), ignored };
        world.keep_what_counts(&mut edges, notes);
        edges.iter().for_each(|e| world.link(e, notes));
        world.link_identities();
        world.share();
        world
    }

    /// The name of a table.
    pub fn table(&self, table: TableIx) -> &'s str {
        &self.datasets[table.dataset].collections[table.collection].name
    }

    /// Is it left alone because Fides was told so?
    pub fn is_skipped(&self, table: TableIx) -> bool {
        self.datasets[table.dataset].collections[table.collection].skipped
    }

    fn kind_of(&self, table: TableIx) -> Option<&Kind<'s>> {
        self.kinds.iter().find(|k| k.table == Some(table))
    }

    /// Takes out of `ignored` what is personal, what leads to it, and what is a piece of it; edges elsewhere go.
    fn keep_what_counts(&mut self, edges: &mut Vec<Edge<'s>>, notes: &mut Notes) {
        let personal = |s: &Spot<'_>| s.field.identity.is_some() || s.field.categories.iter().any(|c| is_personal(c));
        let spots = &self.spots;
        self.ignored.retain(|t| !spots[t].iter().any(personal));
        let ignored = &mut self.ignored;
        while edges.iter().any(|e| !ignored.contains(&e.child.table) && ignored.remove(&e.parent.table)) {}
        while edges
            .iter()
            .any(|e| e.child_holds() && !ignored.contains(&e.parent.table) && ignored.remove(&e.child.table))
        {}
        edges.retain(|e| {
            let kept = !ignored.contains(&e.parent.table) && !ignored.contains(&e.child.table);
            if !kept {
                notes.left(&e.at, "one of the two tables holds nothing personal, and nobody's rows depend on it");
            }
            kept
        });
    }

    fn link(&mut self, edge: &Edge<'s>, notes: &mut Notes) {
        let Edge { parent, child, .. } = edge;
        let (holder, held) = if edge.child_holds() { (child, parent) } else { (parent, child) };
        let name = |t: TableIx| self.table(t);
        let guess = if edge.guessed { "; Fides does not say which way, so its key decided" } else { "" };
        let persons = (self.kind_of(parent.table).is_some(), self.kind_of(child.table).is_some());
        let (on, role, by, why) = match (persons, edge.child_holds()) {
            ((true, true), _) => (holder, "mention", false, "one person's record names another's"),
            ((false, true), true) => {
                let why = format!(
                    "records of persons in `{}` would be a piece of `{}`: say by hand what the link means",
                    name(child.table),
                    name(parent.table)
                );
                return notes.left(&edge.at, why);
            }
            ((false, true), false) => (holder, "owner", false, "it names a person's record"),
            ((true, false), true) => (holder, "owner", false, "it names a person's record"),
            ((false, false), true) => (holder, "part", false, "a piece of the row it names"),
            ((_, false), false) => (held, "part", true, "goes with the last row that names it"),
        };
        let target = if by { holder } else { held };
        let why = format!("{why}{guess}");
        if target.path.is_some() {
            return notes.left(&edge.at, "what stands inside a document cannot be pointed at");
        }
        if by && (on.path.is_some() || on.table.dataset != target.table.dataset) {
            return notes.left(&edge.at, "a row can be named from inside its own system only, by a plain column");
        }
        let end = if by { End::By(target.clone()) } else { self.end(target) };
        self.links.entry(on.table).or_default().push(Link { role, own: on.clone(), end, why });
    }

    /// The identity where the place is one and no key, else the column.
    fn end(&self, target: &Spot<'s>) -> End<'s> {
        let is_it = |i: &&Identity<'_>| i.spots.iter().any(|s| s.column == target.column && s.path.is_none());
        let identity = self.kind_of(target.table).and_then(|k| Some((k, k.identities.iter().find(is_it)?)));
        match identity.filter(|_| !target.field.primary) {
            Some((kind, i)) => End::Identity { kind: kind.name.clone(), name: i.name.clone(), of: i.of },
            None => End::To(target.clone()),
        }
    }

    /// Rows that hold an identity, and are no records themselves, are whose identity it is.
    fn link_identities(&mut self) {
        let mut found = Vec::new();
        for spot in self.spots.values().flatten() {
            let Some(of) = spot.field.identity.as_deref() else { continue };
            let own = self.kind_of(spot.table).is_some() || self.is_skipped(spot.table);
            if own || matches!(self.engines[spot.table.dataset], Engine::Other(_)) {
                continue;
            }
            let has = |k: &&Kind<'s>| k.identities.iter().any(|i| i.of == of);
            let near: Vec<&Kind<'s>> = self.kinds.iter().filter(has).collect();
            let here = near.iter().any(|k| k.dataset == spot.table.dataset);
            let mut names = BTreeSet::new();
            for kind in near.into_iter().filter(|k| !here || k.dataset == spot.table.dataset) {
                if names.insert(kind.name.as_str()) {
                    let identity = kind.identities.iter().find(|i| i.of == of).expect("it has one");
                    let end = End::Identity { kind: kind.name.clone(), name: identity.name.clone(), of: identity.of };
                    let why = "Fides finds these rows by this identity".to_owned();
                    found.push(Link { role: "owner", own: spot.clone(), end, why });
                }
            }
        }
        for link in found {
            self.links.entry(link.own.table).or_default().push(link);
        }
    }

    /// A row that several links give to persons may be several people's: nobody's erasure takes it from the others.
    fn share(&mut self) {
        for links in self.links.values_mut() {
            if links.iter().filter(|l| l.role == "owner").count() > 1 {
                links.iter_mut().filter(|l| l.role == "owner").for_each(|l| l.role = "co_owner");
            }
        }
    }
}

impl Link<'_> {
    /// How both sides are compared.
    pub fn matching(&self) -> Option<&'static str> {
        match &self.end {
            End::Identity { of, .. } => matching(of),
            _ => None,
        }
    }
}
