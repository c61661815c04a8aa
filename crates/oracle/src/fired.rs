//! How often each rule of the language was reached, so that a run of many cases shows what it has tried.

use std::collections::BTreeMap;
use std::fmt;

use engine::policy::model::{Access, Fate, Link, OnErase, Policy, Role, SystemKind, TableId, Target, Untie, Worth};

use crate::access::Accessed;
use crate::claims::{Claims, Via, parents};
use crate::documents::Piece;
use crate::erase::{Change, Erasure};
use crate::resolve::Refusal;
use crate::world::{Row, RowId, World, id};

/// Counts by rule.
#[derive(Clone, Debug, Default)]
pub struct Fired(BTreeMap<String, usize>);

impl fmt::Display for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(rule, n)| writeln!(f, "{n:7}  {rule}"))
    }
}

impl Fired {
    /// How often was the rule reached?
    pub fn times(&self, rule: &str) -> usize {
        self.0.get(rule).copied().unwrap_or_default()
    }

    /// Counts a rule.
    pub fn count(&mut self, rule: impl Into<String>, by: usize) {
        if by > 0 {
            *self.0.entry(rule.into()).or_default() += by;
        }
    }

    /// Counts a refusal.
    pub fn refusal(&mut self, refusal: &Refusal) {
        let rule = match refusal {
            Refusal::Unusable => "refused: unusable",
            Refusal::NotFound => "refused: not found",
            Refusal::Tenants(_) => "refused: tenants",
            Refusal::SecondRecord(_) => "refused: second record",
            Refusal::Apart => "refused: two people",
        };
        self.count(rule, 1);
    }

    fn claims(&mut self, policy: &Policy, claims: &Claims) {
        self.count("text hit for review", claims.review.len());
        for (id, held) in &claims.of {
            let table = policy.table(id.0);
            for claim in held {
                match claim.via {
                    Via::Own => self.count("claim self", 1),
                    Via::Text(_) => self.count("text hit in a thread", 1),
                    Via::Link(l) => {
                        let link = &table.links[l];
                        self.count(format!("claim {:?} gives {:?}", link.role, claim.role), 1);
                        self.count("claim by a row that points here", usize::from(link.by));
                        self.count("claim under a condition", usize::from(!link.when.0.is_empty()));
                        self.count("claim under a condition on the other row", usize::from(!link.to_when.0.is_empty()));
                        match link.target {
                            Target::Identity { .. } => self.count("claim by an identity", 1),
                            Target::Row { table: t, .. } => {
                                let far = policy.table(t).system != table.system;
                                self.count("claim across systems", usize::from(far));
                            }
                        }
                    }
                }
            }
        }
    }

    /// Counts what led to an answer, and what it gives.
    pub fn access(&mut self, policy: &Policy, answer: &Accessed) {
        let populations = policy.kinds.iter().flat_map(|k| &k.populations);
        let beside = populations.flat_map(|p| p.identities.iter().filter(|i| i.table != p.table)).count();
        self.count("identity beside the record", beside);
        let hints = policy.kinds.iter().flat_map(|k| &k.populations).flat_map(|p| &p.identities);
        self.count("hint beside a record", hints.filter(|i| i.worth == Worth::Hint).count());
        self.claims(policy, &answer.claims);
        self.count("access withheld", answer.withheld.len());
        for (id, returned) in &answer.rows {
            self.count(format!("access {:?}", returned.level), 1);
            let whole = policy.table(id.0).columns.iter().filter(|c| !c.withhold).count();
            self.count("columns hidden", usize::from(returned.level == Access::Row && returned.columns.len() < whole));
        }
    }

    /// Counts what an erasure does to rows without a key.
    pub fn keyless(&mut self, policy: &Policy, world: &World, erasure: &Erasure) {
        let without = |id: &RowId| policy.table(id.0).keyless;
        let copies = |id: &RowId| world.all(policy).filter(|(other, _)| other == id).count();
        for (ids, rule) in [
            (erasure.fates.going.iter().collect::<Vec<_>>(), "row without a key goes"),
            (erasure.changes.keys().collect(), "row without a key is changed"),
        ] {
            for id in ids.into_iter().filter(|id| without(id)) {
                self.count(rule, 1);
                self.count("equal rows share a fate", usize::from(copies(id) > 1));
            }
        }
    }

    /// Counts what vetoes on rows without a claim keep.
    pub fn held(&mut self, policy: &Policy, world: &World, erasure: &Erasure) {
        let (fates, claims) = (&erasure.fates, &erasure.claims.of);
        let is_held = |id: &RowId| fates.vetoes.contains_key(id) && !claims.contains_key(id);
        for (id, row) in world.all(policy).filter(|(id, _)| fates.vetoes.contains_key(id)) {
            let links = policy.table(id.0).links.iter().enumerate();
            let leads = |which: fn(&Link) -> bool, to: &dyn Fn(&RowId) -> bool| {
                let led =
                    links.clone().filter(|(_, l)| which(l)).flat_map(|(l, _)| parents(policy, world, id.0, row, l));
                led.into_iter().any(|there| to(&there))
            };
            let needs = leads(|l| !l.by, &|there| fates.fallen.contains(there));
            self.count("row stays for a held one without claim", usize::from(is_held(&id) && needs));
            let below = claims.contains_key(&id) && leads(|l| l.role == Role::Part, &is_held);
            self.count("part of a held row without claim", usize::from(below));
        }
    }

    /// Counts what an erasure does.
    pub fn erasure(&mut self, policy: &Policy, erasure: &Erasure) {
        self.shares(policy, erasure);
        let fates = &erasure.fates;
        self.count("row deleted", fates.going.len());
        self.count("delete became scrub", fates.fallen.len());
        self.count("veto", fates.vetoes.len());
        self.count("cell shredded", erasure.shredded.len());
        self.count("stand-in records", erasure.placeholders.values().sum::<usize>());
        for (id, keeps) in &fates.vetoes {
            let with = keeps.iter().any(|k| !k.with.is_empty());
            self.count("veto with columns", usize::from(with));
            let own = erasure
                .claims
                .links(id)
                .any(|l| policy.table(id.0).links[l].on_erase.iter().any(|(_, what)| matches!(what, OnErase::Keep(_))));
            self.count("veto on a part", usize::from(!own));
        }
        let files = fates.going.iter().filter(|id| is_file(policy, id));
        self.count("file goes", files.count());
        for id in &fates.going {
            if is_file(policy, id) {
                continue;
            }
            let by_fate = fates.of.get(id) == Some(&Fate::Delete);
            self.count("association row goes with its tie", usize::from(!by_fate));
            let ties = policy.table(id.0).links.iter().filter(|l| l.untie == Some(Untie::Delete)).count();
            self.count("row with untie delete goes", usize::from(ties > 0));
        }
        for (id, cells) in &erasure.changes {
            self.count("tie of a row without claim", usize::from(!fates.of.contains_key(id)));
            let listed = erasure.claims.links(id).any(|l| {
                let link = &policy.table(id.0).links[l];
                link.role != Role::Part && link.on_erase.iter().any(|(_, what)| matches!(what, OnErase::Columns(_)))
            });
            self.count("listed columns", usize::from(listed));
            for (&c, change) in cells {
                let copied = policy.table(id.0).columns[c].copy_of.is_some();
                self.count("copy erased as its source", usize::from(copied));
                self.written(change);
                let rule = match change {
                    Change::Null => "cell null",
                    Change::Blank => "cell blank",
                    Change::Replace(_) => "cell replaced",
                    Change::Hash => "cell hash",
                    Change::Redacted(_) => "cell redacted",
                    Change::Placeholder(..) => "cell placeholder",
                    Change::Nobody(_) => "cell nobody",
                    Change::Pseudonym => "cell token",
                    Change::Filled(_) => "cell filled",
                    Change::Alias => "cell pseudonym",
                    Change::Truncated(_) => "cell truncated",
                    Change::Coarse(_) => "cell generalised",
                    Change::Document(..) => "cell document",
                    Change::Within(..) => "cell within a text",
                };
                self.count(rule, 1);
            }
        }
    }
}

impl Fired {
    /// Counts what becomes of rows that came while an erasure was carried out.
    pub fn meanwhile(&mut self, policy: &Policy, came: &[(TableId, Row)], erasure: &Erasure) {
        for id in came.iter().map(|(table, row)| id(policy, *table, row)) {
            let claimed = erasure.claims.of.contains_key(&id);
            let rule = if erasure.fates.going.contains(&id) {
                "row written meanwhile goes"
            } else if erasure.fates.vetoes.contains_key(&id) {
                "row written meanwhile is kept"
            } else if erasure.changes.contains_key(&id) && claimed {
                "row written meanwhile is changed"
            } else if erasure.changes.contains_key(&id) {
                "row written meanwhile loses a tie"
            } else if claimed {
                "row written meanwhile is left as it is"
            } else {
                "row written meanwhile is nobody's"
            };
            self.count(rule, 1);
        }
    }

    /// What a cell's change consists of.
    fn written(&mut self, change: &Change) {
        for inner in change.inner() {
            if let Change::Placeholder(_, _, scope) = inner {
                self.count("stand-in of a row or combination", usize::from(!scope.is_empty()));
            }
        }
        let Change::Document(_, pieces) = change else { return };
        for piece in pieces {
            match piece {
                Piece::Same(_) => {}
                Piece::Masked(..) => self.count("document masked", 1),
                Piece::Nothing => self.count("document emptied at a path", 1),
                Piece::Instead(..) => self.count("document refers to somebody else", 1),
            }
        }
        self.count("array element dropped", usize::from(pieces.iter().all(|p| matches!(p, Piece::Same(_)))));
    }

    /// Rows of several people, and parts that go last.
    fn shares(&mut self, policy: &Policy, erasure: &Erasure) {
        for (id, held) in &erasure.claims.of {
            let goes = erasure.fates.going.contains(id);
            for claim in held {
                let Via::Link(l) = claim.via else { continue };
                let link = &policy.table(id.0).links[l];
                if link.last {
                    self.count(if goes { "part with last goes" } else { "part with last stays" }, 1);
                }
                if link.role != Role::Part && claim.role == Role::CoOwner {
                    let said = if link.while_shared.is_empty() { "scrubbed" } else { "as while_shared says" };
                    let shared = erasure.shared.contains(id);
                    self.count(
                        if shared { format!("shared row {said}") } else { "row of the last co-owner".into() },
                        1,
                    );
                }
            }
        }
    }
}

fn is_file(policy: &Policy, id: &RowId) -> bool {
    policy.system(policy.table(id.0).system).kind == SystemKind::Files
}
