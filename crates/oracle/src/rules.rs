//! What each claim asks for at erasure (LANGUAGE 1.4, rules 1 to 3), and who else holds the row.

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{ColumnIx, Cond, Erase, Fate, LinkIx, OnErase, Policy, Role, Target};

use crate::claims::{Claim, Claims, Via, closed, compose, parents};
use crate::fate::{Scene, is_over};
use crate::persons::is_person;
use crate::reading::holds;
use crate::resolve::Question;
use crate::world::{RowId, World, id};

/// Columns and what is done to them.
pub(crate) type Listed = [(Erase, Vec<ColumnIx>)];

/// A fate that is asked for; where columns are listed, a scrub of exactly these.
pub(crate) type Wish<'p> = (Fate, Option<&'p Listed>);

/// Rows that "somebody outside `P` holds `co_owner` or more on .. by a link that is itself `co_owner` (or is `r`)".
fn shared(policy: &Policy, world: &World, records: &BTreeSet<RowId>) -> BTreeSet<RowId> {
    let mut others = BTreeSet::new();
    for population in policy.kinds.iter().flat_map(|k| &k.populations) {
        let persons = world.rows(population.table).iter().filter(|row| is_person(policy, world, population, row));
        others.extend(persons.map(|row| id(policy, population.table, row)).filter(|id| !records.contains(id)));
    }
    let claims = closed(policy, world, &others);
    let counts = |id: &RowId, via: Via| match via {
        Via::Own => true,
        Via::Link(l) => policy.table(id.0).links[l].role == Role::CoOwner,
        Via::Text(_) => false,
    };
    let co_owned = |id: &RowId| claims.on(id).any(|c| c.role >= Role::CoOwner && counts(id, c.via));
    claims.of.keys().filter(|id| co_owned(id)).cloned().collect()
}

impl<'a> Scene<'a> {
    /// "who co-owns is fixed before fates start".
    pub(crate) fn new(
        policy: &'a Policy,
        world: &'a World,
        records: &'a BTreeSet<RowId>,
        claims: &'a Claims,
        question: &'a Question,
    ) -> Self {
        let shared = shared(policy, world, records);
        let (kind, held, today) = (question.kind, &question.held, question.today.as_str());
        let owned = claims.of.keys().filter(|id| claims.on(id).any(|c| c.role >= Role::Owner)).cloned().collect();
        let mut scene =
            Scene { policy, world, records, claims, among: shared.clone(), owned, shared, kind, held, today };
        loop {
            let held =
                |id: &RowId| claims.on(id).any(|c| scene.ways(id, c).iter().any(|w| scene.with_others(id, c, w)));
            let more: Vec<RowId> =
                claims.of.keys().filter(|id| !scene.among.contains(id) && held(id)).cloned().collect();
            let less: Vec<RowId> = scene.owned.iter().filter(|id| !scene.owns(id)).cloned().collect();
            if more.is_empty() && less.is_empty() {
                return scene;
            }
            scene.among.extend(more);
            scene.owned.retain(|id| !less.contains(id));
        }
    }

    /// "`owner`: is this person's alone; nobody else's claim saves it".
    fn owns(&self, id: &RowId) -> bool {
        let alone = |c: Claim| self.ways(id, c).iter().any(|w| !self.with_others(id, c, w));
        self.claims.on(id).any(|c| c.role >= Role::Owner && alone(c))
    }

    /// The rows through which a claim came to its row; one `None` where it came from none, or from all of them together.
    pub(crate) fn ways(&self, id: &RowId, claim: Claim) -> Vec<Option<RowId>> {
        let table = self.policy.table(id.0);
        let Via::Link(l) = claim.via else { return vec![None] };
        let link = &table.links[l];
        if link.last || matches!(link.target, Target::Identity { .. }) {
            return vec![None];
        }
        let passes = |t: &RowId| self.claims.on(t).any(|held| compose(link.role, held.role, table) == Some(claim.role));
        parents(self.policy, self.world, id.0, self.row(id), l).into_iter().filter(passes).map(Some).collect()
    }

    /// Do others hold the row as much as the person does by this claim? They do where they co-own it, where the claim came
    /// from a row that they hold, or where a parent that counts for `last` is not the person's alone.
    pub(crate) fn with_others(&self, id: &RowId, claim: Claim, way: &Option<RowId>) -> bool {
        let Via::Link(l) = claim.via else { return false };
        if self.policy.table(id.0).links[l].last {
            let held = |t: &RowId| self.claims.on(t).any(|c| c.role >= Role::CoOwner);
            let others = |t: &RowId| self.among.contains(t) && !self.owned.contains(t);
            return self.last_parents(id).iter().any(|t| !held(t) || others(t));
        }
        let passed_on = way.as_ref().is_some_and(|t| self.among.contains(t));
        claim.role == Role::CoOwner && (self.shared.contains(id) || passed_on)
    }

    /// Everything that one claim asks for, by each row that it came from.
    pub(crate) fn asked(&self, fates: &BTreeMap<RowId, Fate>, id: &RowId, claim: Claim) -> Vec<Wish<'a>> {
        let l = match claim.via {
            Via::Own => return vec![(Fate::Delete, None)],
            Via::Text(_) => return vec![(Fate::Untie, None)],
            Via::Link(l) => l,
        };
        let one = |way| match self.policy.table(id.0).links[l].role {
            Role::Part => self.rule_1(fates, id, l, claim, way),
            Role::CoOwner => self.rule_2(id, l, claim, way),
            _ => self.rule_3(id, l, claim, way),
        };
        self.ways(id, claim).iter().map(one).collect()
    }

    /// "last link `part`: the fate of the parent, whatever it is. `on_erase` replaces it, for claims of `co_owner` and above;
    /// if the parent is shared .. the replacement may lower it but not raise it."
    fn rule_1(
        &self,
        fates: &BTreeMap<RowId, Fate>,
        id: &RowId,
        l: LinkIx,
        claim: Claim,
        way: &Option<RowId>,
    ) -> Wish<'a> {
        let link = &self.policy.table(id.0).links[l];
        let fate_of = |t: &RowId| fates.get(t).copied().unwrap_or_default();
        let (fate, shared) = match way {
            Some(t) => (fate_of(t), claim.role == Role::CoOwner && self.among.contains(t)),
            None if link.last => {
                let lowest = self.last_parents(id).iter().map(fate_of).min().unwrap_or_default();
                (lowest, self.with_others(id, claim, way))
            }
            None => (Fate::Delete, false),
        };
        match self.on_erase(id, l).filter(|_| claim.role >= Role::CoOwner) {
            None | Some(OnErase::Keep(_)) => (fate, None),
            Some(said) if !shared => wish(said),
            Some(said) => {
                let (most, listed) = wish(said);
                (fate.min(most), listed.filter(|_| fate >= Fate::Scrub))
            }
        }
    }

    /// "last link `co_owner` and the claim is `co_owner`: if somebody outside `P` .., `while_shared`; otherwise `on_erase`,
    /// default `delete`. A weaker claim over such a link: `while_shared` if given, else the role's default."
    fn rule_2(&self, id: &RowId, l: LinkIx, claim: Claim, way: &Option<RowId>) -> Wish<'a> {
        let while_shared = self.while_shared(id, l);
        if claim.role < Role::CoOwner {
            // A law in it that stands is a veto; one that does not says nothing.
            let said = while_shared.filter(|said| !matches!(said, OnErase::Keep(_)));
            return said.map_or((default_fate(claim.role), None), wish);
        }
        if self.with_others(id, claim, way) {
            return while_shared.map_or((Fate::Scrub, None), wish);
        }
        self.on_erase(id, l).map_or((Fate::Delete, None), wish)
    }

    /// "any other link: `on_erase`, else the default of the claim's role", for `co_owner`: "others remain: `while_shared`
    /// (default `scrub`); last one: `delete`".
    fn rule_3(&self, id: &RowId, l: LinkIx, claim: Claim, way: &Option<RowId>) -> Wish<'a> {
        let remain = self.with_others(id, claim, way);
        match self.on_erase(id, l) {
            Some(said) => wish(said),
            None if remain => self.while_shared(id, l).map_or((Fate::Scrub, None), wish),
            None => (default_fate(claim.role), None),
        }
    }

    /// "all `last` links of a table count together": the rows that they join this one to.
    fn last_parents(&self, id: &RowId) -> Vec<RowId> {
        let links = self.links(id, |l| l.last);
        links.into_iter().flat_map(|l| parents(self.policy, self.world, id.0, self.row(id), l)).collect()
    }

    /// What may be a veto for a claim; one in `while_shared` stands while the row is shared, however weak the claim.
    pub(crate) fn vetoes_of(&self, id: &RowId, claim: Claim) -> Vec<&'a OnErase> {
        let Via::Link(l) = claim.via else { return Vec::new() };
        let shared = || self.shared.contains(id) || self.ways(id, claim).iter().any(|w| self.with_others(id, claim, w));
        let counts = self.policy.table(id.0).links[l].role != Role::Part && shared();
        self.on_erase(id, l).into_iter().chain(self.while_shared(id, l).filter(|_| counts)).collect()
    }

    fn on_erase(&self, id: &RowId, link: LinkIx) -> Option<&'a OnErase> {
        self.first(id, &self.policy.table(id.0).links[link].on_erase)
    }

    fn while_shared(&self, id: &RowId, link: LinkIx) -> Option<&'a OnErase> {
        self.first(id, &self.policy.table(id.0).links[link].while_shared)
    }

    /// "a list of `{ when, do }`, first match".
    fn first(&self, id: &RowId, choices: &'a [(Cond, OnErase)]) -> Option<&'a OnErase> {
        let row = self.row(id);
        let table = self.policy.table(id.0);
        let over = |what: &OnErase| matches!(what, OnErase::Keep(keep) if is_over(table, keep, row, self.today));
        let fits = |when: &Cond| holds(self.policy, self.world, when, row);
        choices.iter().find(|(when, what)| fits(when) && !over(what)).map(|(_, what)| what)
    }
}

/// What is asked for by what is said; a veto, judged by itself, asks for nothing.
fn wish(said: &OnErase) -> Wish<'_> {
    match said {
        OnErase::Fate(fate) => (*fate, None),
        OnErase::Columns(listed) => (Fate::Scrub, Some(listed)),
        OnErase::Keep(_) => (Fate::None, None),
    }
}

/// The table of 1.1, last column.
fn default_fate(role: Role) -> Fate {
    match role {
        Role::Own | Role::Owner | Role::CoOwner => Fate::Delete,
        Role::Author => Fate::Scrub,
        Role::Viewer | Role::Mention | Role::Part => Fate::Untie,
    }
}
