//! Which claims, fates and unties are possible on each table for persons of one kind, whatever the rows: the planner's rules
//! (LANGUAGE 1.1 and 1.4), run over tables instead of rows. What is possible here need not happen; what happens is possible.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{climbed, compose, has_author};
use crate::policy::model::{
    ColumnIx, Erase, Fate, ForeignKey, KindId, Link, LinkIx, OnErase, Policy, Role, TableId, Target, Untie,
};

/// How a claim can come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// The row is a record.
    Own,
    /// A link of the row's table.
    Link(LinkIx),
    /// An identifier in its text.
    Text,
}

/// What claims of one role can ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    /// Fates that are asked for.
    fates: BTreeSet<Fate>,
    /// Fates that are asked for because others hold the row too: columns of whoever holds it are not the person's.
    shared: BTreeSet<Fate>,
    /// Exactly these columns are scrubbed.
    listed: BTreeSet<ColumnIx>,
}

/// What can become of rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Possible {
    /// Claims.
    pub claims: BTreeSet<(Role, Via)>,
    /// What they ask for, by role.
    asked: BTreeMap<Role, Asked>,
    /// A row can go with its tie, as an association.
    pub with_tie: bool,
    /// A row can be kept by a veto.
    pub veto: bool,
    /// A row that was to go can stay, because something needs it or a column must stay.
    pub falls: bool,
}

impl Possible {
    fn may(&self, fate: Fate) -> bool {
        self.asked.values().any(|a| a.all().any(|f| f == fate))
    }

    /// Can a row go?
    pub fn goes(&self) -> bool {
        self.may(Fate::Delete) || self.with_tie
    }

    /// Can a row be scrubbed as its columns say?
    pub fn is_scrubbed(&self) -> bool {
        self.may(Fate::Scrub) || self.falls
    }

    /// Columns that links list.
    pub fn listed(&self) -> BTreeSet<ColumnIx> {
        self.asked.values().flat_map(|a| &a.listed).copied().collect()
    }

    /// Can a row stay and be changed?
    pub fn is_changed(&self) -> bool {
        self.is_scrubbed() || self.may(Fate::Untie) || !self.listed().is_empty()
    }

    /// Can a row stay that belongs to the person as a whole?
    pub fn keeps_an_owner(&self) -> bool {
        self.falls || self.asked.iter().any(|(role, a)| *role >= Role::CoOwner && a.leaves_an_owner())
    }
}

impl Asked {
    fn all(&self) -> impl Iterator<Item = Fate> + '_ {
        self.fates.iter().chain(&self.shared).copied()
    }

    fn may_stay(&self) -> bool {
        !self.listed.is_empty() || self.all().any(|f| f < Fate::Delete)
    }

    fn leaves_an_owner(&self) -> bool {
        !self.listed.is_empty() || self.fates.iter().any(|f| *f < Fate::Delete)
    }
}

/// What is possible for one kind.
pub struct Reach<'p> {
    policy: &'p Policy,
    /// The kind.
    pub kind: KindId,
    tables: Vec<Possible>,
    /// Tables that are asked who else holds a row.
    upward: BTreeSet<TableId>,
}

impl<'p> Reach<'p> {
    /// The least sets closed under the planner's rules.
    pub fn of(policy: &'p Policy, kind: KindId) -> Self {
        let tables = vec![Possible::default(); policy.tables.len()];
        let mut reach = Reach { policy, kind, tables, upward: BTreeSet::new() };
        for population in &policy.kinds[kind.0].populations {
            reach.tables[population.table.0].claims.insert((Role::Own, Via::Own));
        }
        while reach.grow() {}
        let starts = climbed(policy, |table, link| reach.links(table).contains(&link)).into_iter();
        reach.upward = starts.filter_map(|(table, ix)| target(&policy.table(table).links[ix])).collect();
        reach
    }

    /// What is possible on a table.
    pub fn on(&self, table: TableId) -> &Possible {
        &self.tables[table.0]
    }

    /// Is the table asked who else holds what the person holds?
    pub fn is_climbed(&self, table: TableId) -> bool {
        self.upward.contains(&table)
    }

    /// Is the table one whose rows are records of the kind?
    pub fn holds_records(&self, table: TableId) -> bool {
        self.policy.kinds[self.kind.0].populations.iter().any(|p| p.table == table)
    }

    /// Links of a table by which a claim can come.
    pub fn links(&self, table: TableId) -> BTreeSet<LinkIx> {
        let via = self.on(table).claims.iter().filter_map(|(_, via)| match via {
            Via::Link(link) => Some(*link),
            Via::Own | Via::Text => None,
        });
        via.collect()
    }

    /// Can the tie of this link be undone by writing to its columns?
    pub fn unties(&self, table: TableId, ix: LinkIx) -> bool {
        let link = &self.policy.table(table).links[ix];
        if link.by || !writes(link.untie) {
            return false;
        }
        match &link.target {
            Target::Identity { kind, .. } => *kind == self.kind && self.stays_tied(table, ix),
            Target::Row { table: target, .. } => {
                (self.on(*target).goes() && !self.goes_along(table, link))
                    || (self.holds_records(*target) && self.stays_tied(table, ix))
            }
        }
    }

    /// Can a row stay, and be changed, that refers to the person by this very link?
    fn stays_tied(&self, table: TableId, ix: LinkIx) -> bool {
        let here = self.on(table);
        let role = self.passed(table, &self.policy.table(table).links[ix], Role::Own);
        here.is_changed() && (here.falls || role.is_none_or(|r| self.alone(table, r, Via::Link(ix)).may_stay()))
    }

    /// Is the table asked for rows that join by this link?
    pub fn asks(&self, table: TableId, link: &Link) -> bool {
        match &link.target {
            Target::Identity { kind, .. } => *kind == self.kind,
            Target::Row { table: target, .. } => {
                let target = self.on(*target);
                let is_part = link.role == Role::Part;
                target.goes()
                    || (is_part && target.veto)
                    || (is_part && !target.claims.is_empty() && has_text(self.policy, table))
                    || target.claims.iter().any(|(role, _)| self.passed(table, link, *role).is_some())
            }
        }
    }

    fn passed(&self, table: TableId, link: &Link, role: Role) -> Option<Role> {
        compose(link.role, role, has_author(self.policy, table))
    }

    fn grow(&mut self) -> bool {
        let before = self.tables.clone();
        for table in self.policy.table_ids() {
            let mut possible = self.on(table).clone();
            self.claims(table, &mut possible);
            for (role, via) in possible.claims.clone() {
                let alone = self.alone(table, role, via);
                let asked = possible.asked.entry(role).or_default();
                asked.fates.extend(alone.fates);
                asked.shared.extend(alone.shared);
                asked.listed.extend(alone.listed);
            }
            possible.veto |= self.links_of(table).any(|(ix, l)| self.vetoes(table, ix, l));
            possible.with_tie |= self.links_of(table).any(|(ix, l)| self.goes_with_tie(table, ix, l));
            possible.falls |= possible.goes() && (keeps_a_column(self.policy, table) || self.is_needed(table));
            self.tables[table.0] = possible;
        }
        self.tables != before
    }

    /// Can a veto keep a row by this link? Parts of kept rows follow them, whoever has a claim on them.
    fn vetoes(&self, table: TableId, ix: LinkIx, link: &Link) -> bool {
        let follows = match &link.target {
            Target::Row { table: target, .. } => link.role == Role::Part && self.on(*target).veto,
            Target::Identity { .. } => false,
        };
        let mut said = link.on_erase.iter().chain(&link.while_shared);
        let says = said.any(|(_, said)| matches!(said, OnErase::Keep(_)));
        follows || (says && self.links(table).contains(&ix))
    }

    fn links_of(&self, table: TableId) -> impl Iterator<Item = (LinkIx, &'p Link)> + use<'p> {
        self.policy.table(table).links.iter().enumerate()
    }

    fn claims(&self, table: TableId, possible: &mut Possible) {
        for (ix, link) in self.links_of(table) {
            match &link.target {
                Target::Identity { kind, .. } => {
                    let role = self.passed(table, link, Role::Own).filter(|_| *kind == self.kind);
                    possible.claims.extend(role.map(|r| (r, Via::Link(ix))));
                }
                Target::Row { table: target, .. } => {
                    let roles = self.on(*target).claims.iter();
                    let roles = roles.filter_map(|(role, _)| self.passed(table, link, *role));
                    possible.claims.extend(roles.map(|r| (r, Via::Link(ix))));
                    let thread = link.role == Role::Part && has_text(self.policy, table);
                    if thread && !self.on(*target).claims.is_empty() {
                        possible.claims.insert((Role::Mention, Via::Text));
                    }
                }
            }
        }
    }

    /// What a claim by itself can ask for.
    fn alone(&self, table: TableId, role: Role, via: Via) -> Asked {
        let mut asked = Asked::default();
        let Via::Link(ix) = via else {
            asked.fates.insert(by_role(role));
            return asked;
        };
        let link = &self.policy.table(table).links[ix];
        let parent = target(link).filter(|_| link.role == Role::Part);
        self.with_others(table, link, role, &mut asked);
        let replaceable = parent.is_none() || role >= Role::CoOwner;
        for (when, said) in &link.on_erase {
            let may_be_over = matches!(said, OnErase::Keep(keep) if keep.until.is_some());
            match said {
                OnErase::Keep(_) => {}
                _ if !replaceable => continue,
                OnErase::Fate(fate) => drop(asked.fates.insert(*fate)),
                OnErase::Columns(list) => asked.listed.extend(list.iter().flat_map(|(_, columns)| columns)),
            }
            if when.0.is_empty() && !may_be_over {
                return asked;
            }
        }
        match parent {
            Some(parent) => {
                asked.fates.extend(self.as_parent(table, link, role, parent, false));
                asked.shared.extend(self.as_parent(table, link, role, parent, true));
            }
            None => drop(asked.fates.insert(by_role(role))),
        }
        asked
    }

    /// What a claim can ask for because others hold the row too.
    fn with_others(&self, table: TableId, link: &Link, role: Role, asked: &mut Asked) {
        if link.last {
            // Parents that the person does not hold have no fate, so the lowest can be any.
            asked.shared.extend([Fate::None, Fate::Untie, Fate::Scrub]);
        }
        if role != Role::CoOwner {
            return;
        }
        match (link.role, target(link)) {
            // A replacement counts no more than the parent's fate.
            (Role::Part, Some(parent)) => {
                asked.shared.extend(self.as_parent(table, link, role, parent, false));
                asked.shared.extend(self.as_parent(table, link, role, parent, true));
            }
            (Role::Part, None) => {}
            _ => drop(asked.shared.insert(Fate::Scrub)),
        }
        for (_, said) in &link.while_shared {
            match said {
                OnErase::Fate(fate) => drop(asked.shared.insert(*fate)),
                OnErase::Columns(list) => asked.listed.extend(list.iter().flat_map(|(_, columns)| columns)),
                OnErase::Keep(_) => {}
            }
        }
    }

    /// Fates of a parent whose claim is passed on as `role`: what that claim asks for, or more, where others ask for more.
    fn as_parent(&self, table: TableId, link: &Link, role: Role, parent: TableId, shared: bool) -> BTreeSet<Fate> {
        let parent = self.on(parent);
        let passing = parent.asked.iter().filter(|(of, _)| self.passed(table, link, **of) == Some(role));
        let fates = |a: &Asked| {
            let listed = (!a.listed.is_empty()).then_some(Fate::Scrub);
            let fates = if shared { &a.shared } else { &a.fates };
            fates.iter().copied().chain(listed.filter(|_| !shared)).collect::<BTreeSet<_>>()
        };
        let least = passing.filter_map(|(_, a)| fates(a).first().copied()).min();
        let all = parent.asked.values().flat_map(fates);
        all.filter(|fate| least.is_some_and(|l| *fate >= l)).collect()
    }

    fn goes_with_tie(&self, table: TableId, ix: LinkIx, link: &Link) -> bool {
        if link.by || link.untie != Some(Untie::Delete) {
            return false;
        }
        let claimed = self.on(table).is_changed() && self.links(table).contains(&ix);
        match &link.target {
            Target::Identity { .. } => claimed,
            Target::Row { table: target, .. } => self.on(*target).goes() || (claimed && self.holds_records(*target)),
        }
    }

    /// Can a row of this table have to stay because a row that stays refers to it?
    fn is_needed(&self, target: TableId) -> bool {
        self.policy.table_ids().any(|from| {
            let by_link = self.links_of(from).filter(|(_, l)| !l.by && leads_to(l, target));
            let mut by_link = by_link.map(|(_, l)| l);
            by_link.any(|l| self.holds_on(from, l))
                || self.policy.table(from).foreign_keys.iter().any(|k| k.table == target && self.key_holds_on(from, k))
        })
    }

    /// Can a row stay that refers to a row which is to go, by this link?
    fn holds_on(&self, from: TableId, link: &Link) -> bool {
        let must_stay = |c: &ColumnIx| keeps(self.policy, from, *c);
        let freed = writes(link.untie) && !self.on(from).veto && !link.columns.iter().any(must_stay);
        !freed && !self.goes_along(from, link)
    }

    fn key_holds_on(&self, from: TableId, key: &ForeignKey) -> bool {
        let covering = |l: &&Link| !l.by && l.when.0.is_empty() && leads_to(l, key.table);
        let mut links = self.policy.table(from).links.iter().filter(covering);
        !links.any(|l| l.columns.iter().any(|c| key.columns.contains(c)) && !self.holds_on(from, l))
    }

    /// Does a row always go when the row goes that it refers to by this link?
    fn goes_along(&self, from: TableId, link: &Link) -> bool {
        let Target::Row { table: target, .. } = &link.target else { return false };
        let (here, there) = (self.on(from), self.on(*target));
        if here.veto || here.falls || keeps_a_column(self.policy, from) {
            return false;
        }
        let follows = |role: Role| match (link.role, self.passed(from, link, role)) {
            (Role::Part, passed) => passed.is_some(),
            (_, passed) => passed.is_some_and(|r| r >= Role::Owner),
        };
        let all = !there.with_tie
            && there.claims.iter().all(|(role, via)| {
                !self.alone(*target, *role, *via).all().any(|f| f == Fate::Delete) || follows(*role)
            });
        link.untie == Some(Untie::Delete) || (link.on_erase.is_empty() && !link.last && all)
    }
}

fn by_role(role: Role) -> Fate {
    match role {
        Role::Own | Role::Owner | Role::CoOwner => Fate::Delete,
        Role::Author => Fate::Scrub,
        Role::Viewer | Role::Mention | Role::Part => Fate::Untie,
    }
}

fn target(link: &Link) -> Option<TableId> {
    match &link.target {
        Target::Row { table, .. } => Some(*table),
        Target::Identity { .. } => None,
    }
}

fn writes(untie: Option<Untie>) -> bool {
    untie.is_some_and(|u| u != Untie::Delete)
}

fn leads_to(link: &Link, table: TableId) -> bool {
    matches!(&link.target, Target::Row { table: target, .. } if *target == table)
}

fn has_text(policy: &Policy, table: TableId) -> bool {
    policy.table(table).columns.iter().any(|c| c.text)
}

fn keeps(policy: &Policy, table: TableId, column: ColumnIx) -> bool {
    policy.table(table).columns[column].erase.iter().any(|(_, e)| matches!(e, Erase::Keep(_)))
}

fn keeps_a_column(policy: &Policy, table: TableId) -> bool {
    (0..policy.table(table).columns.len()).any(|c| keeps(policy, table, c))
}
