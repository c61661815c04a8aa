//! Claims: the least set closed under links and composition (LANGUAGE 1.1), found by asking only for rows that join.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::resolve::{Person, identities_of, region};
use super::rows::{Claim, RowIx, Rows, Via};
use super::sweep::{Sweep, everywhere, of_the_tenant};
use super::types::{Doubt, Review};
use super::values::{Joined, by_reading, here, there};
use super::{Answer, Ask, What};
use crate::actions::Within;
use crate::ask::By;
use crate::matching;
use crate::policy::model::{ColumnIx, Cond, KindId, Link, LinkIx, Match, Policy, Reading, Role, TableId, Target, Test};
use crate::text::Finder;
use crate::value::Value;

/// Role of a person on the row behind a link, from the link's role and the person's role on the target.
pub fn compose(link: Role, parent: Role, authored_here: bool) -> Option<Role> {
    match (link, parent) {
        (_, Role::Mention) => None,
        (Role::Mention, _) => Some(Role::Mention),
        (Role::Part, Role::Own) => Some(Role::Owner),
        (Role::Part, Role::Author) => (!authored_here).then_some(Role::Author),
        (Role::Part, parent) => Some(parent),
        (_, Role::Author) => None,
        (link, parent) => Some(link.min(parent)),
    }
}

/// One link with what was asked of it.
#[derive(Debug)]
struct Join {
    table: TableId,
    link: LinkIx,
    asked: HashSet<Joined>,
    children: HashMap<Joined, Vec<RowIx>>,
    linked: HashSet<(Joined, RowIx)>,
    /// Who passes which role on to the rows behind a value that is being asked for.
    waiting: HashMap<Joined, Vec<(RowIx, Role)>>,
    pending: BTreeMap<Joined, Vec<Value>>,
}

/// The closure as a state machine: `step` until it asks nothing.
pub struct Claims {
    joins: Vec<Join>,
    /// Joins by target table.
    towards: HashMap<TableId, Vec<usize>>,
    /// Work: rows with a role that was not yet passed on.
    fresh: Vec<(RowIx, Role)>,
    asked: Vec<Origin>,
    started: bool,
    /// Rows with text beside the person's, already searched.
    searched: HashSet<RowIx>,
    kind: KindId,
    sweep: Option<Sweep>,
    /// Tables that the sweep passed over, and how many rows they have.
    swept: Vec<(TableId, u64)>,
    /// Claims matter on rows of these tables only.
    only: Option<HashSet<TableId>>,
}

#[derive(Debug)]
enum Origin {
    Join(usize),
    Identity { table: TableId, link: LinkIx, values: Vec<String> },
    Swept(TableId),
    Counted(TableId),
}

impl Claims {
    pub fn new(policy: &Policy, kind: KindId) -> Self {
        let mut joins = Vec::new();
        let mut towards: HashMap<TableId, Vec<usize>> = HashMap::new();
        for table in policy.table_ids() {
            for (link, l) in policy.table(table).links.iter().enumerate() {
                if let Target::Row { table: target, .. } = &l.target {
                    towards.entry(*target).or_default().push(joins.len());
                    joins.push(Join {
                        table,
                        link,
                        asked: HashSet::new(),
                        children: HashMap::new(),
                        linked: HashSet::new(),
                        waiting: HashMap::new(),
                        pending: BTreeMap::new(),
                    });
                }
            }
        }
        Claims {
            joins,
            towards,
            fresh: Vec::new(),
            asked: Vec::new(),
            started: false,
            searched: HashSet::new(),
            kind,
            sweep: None,
            swept: Vec::new(),
            only: None,
        }
    }

    /// On rows of these tables only.
    pub fn within(mut self, tables: HashSet<TableId>) -> Self {
        self.only = Some(tables);
        self
    }

    fn is_left_out(&self, table: TableId) -> bool {
        self.only.as_ref().is_some_and(|only| !only.contains(&table))
    }

    /// With a pass over all rows of `text = "all"` columns.
    pub fn sweeping(mut self, sweep: Option<Sweep>) -> Self {
        self.sweep = sweep;
        self
    }

    /// Tables that were passed over, and how many rows they have.
    pub fn swept(&self) -> &[(TableId, u64)] {
        &self.swept
    }

    /// A closure that goes on from claims which are added to it, not from records.
    pub fn continued(policy: &Policy, kind: KindId) -> Self {
        Claims { started: true, ..Claims::new(policy, kind) }
    }

    /// Adds a claim and queues its role if that is new on the row.
    pub fn add(&mut self, rows: &mut Rows, row: RowIx, claim: Claim) {
        let role = claim.role;
        if rows.claim(row, claim) == (true, true) {
            self.fresh.push((row, role));
        }
    }

    /// Takes answers, returns the next asks; none when the claims are closed. `review` receives doubtful hits.
    pub fn step(
        &mut self,
        policy: &Policy,
        person: &Person,
        finder: &Finder,
        rows: &mut Rows,
        review: &mut Vec<Review>,
        answers: Vec<Answer>,
    ) -> Vec<Ask> {
        if !self.started {
            self.started = true;
            let own: Vec<RowIx> = person.records.iter().map(|(r, _)| *r).collect();
            for row in own {
                self.add(rows, row, Claim { role: Role::Own, via: Via::Own });
            }
            let mut asks = self.ask_identities(policy, person, rows);
            asks.extend(self.spread(policy, rows));
            asks.extend(self.ask_everywhere(policy, person, rows));
            if !asks.is_empty() {
                return asks;
            }
        }
        self.take(policy, person, rows, answers);
        loop {
            let asks = self.spread(policy, rows);
            if !asks.is_empty() {
                return asks;
            }
            let asks = self.threads(policy, rows);
            if !asks.is_empty() {
                return asks;
            }
            self.search(policy, person, finder, rows, review);
            if self.fresh.is_empty() {
                return Vec::new();
            }
        }
    }

    fn ask_everywhere(&mut self, policy: &Policy, person: &Person, rows: &Rows) -> Vec<Ask> {
        let asks = self.sweep.as_ref().map(|sweep| sweep.asks(policy, person, rows)).unwrap_or_default();
        self.asked.extend(asks.iter().map(|ask| match ask.what {
            What::Select(_) => Origin::Swept(ask.table),
            What::Count | What::Kept(_) => Origin::Counted(ask.table),
        }));
        asks
    }

    fn ask_identities(&mut self, policy: &Policy, person: &Person, rows: &Rows) -> Vec<Ask> {
        let mut asks = Vec::new();
        for table in policy.table_ids() {
            if self.is_left_out(table) {
                continue;
            }
            let t = policy.table(table);
            for (ix, link) in t.links.iter().enumerate() {
                let Target::Identity { kind, identity } = &link.target else { continue };
                if *kind != self.kind {
                    continue;
                }
                let matching = link.matching;
                let mut values: Vec<String> = Vec::new();
                for (record, _) in &person.records {
                    let region = region(policy, rows, *record);
                    let named = identities_of(policy, self.kind, rows, *record, |_| true);
                    let named = named.filter(|(name, _)| name == identity);
                    values.extend(named.filter_map(|(_, v)| matching::normal(matching, &v, region)));
                }
                values.retain(|v| !person.not_followed.contains(&(identity.clone(), v.clone())));
                values.sort();
                values.dedup();
                if values.is_empty() {
                    continue;
                }
                let column = t.columns[link.columns[0]].name.clone();
                let mut filter = filters(policy, table, link);
                if let (Some(column), Some(local)) = (t.tenant, tenants(policy, person, table)) {
                    filter.push((t.columns[column].name.clone(), local));
                }
                let by = by_reading(&link.reading, matching, column, values.clone());
                asks.push(Ask::select(policy, table, rows.select(policy, table, by, filter)));
                self.asked.push(Origin::Identity { table, link: ix, values });
            }
        }
        asks
    }

    /// Passes fresh roles on; what is not known yet becomes one question for each link.
    fn spread(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
        while let Some((row, role)) = self.fresh.pop() {
            for at in self.towards.get(&rows.row(row).table).cloned().unwrap_or_default() {
                let (table, ix) = (self.joins[at].table, self.joins[at].link);
                let link = &policy.table(table).links[ix];
                if self.is_left_out(table) {
                    continue;
                }
                let Some(passed) = compose(link.role, role, has_author(policy, table)) else { continue };
                for (joined, values) in there(policy, link, rows, row) {
                    let join = &mut self.joins[at];
                    if !join.asked.contains(&joined) {
                        join.waiting.entry(joined.clone()).or_default().push((row, passed));
                        join.pending.insert(joined, values);
                        continue;
                    }
                    for child in join.children.get(&joined).cloned().unwrap_or_default() {
                        self.add(rows, child, Claim { role: passed, via: Via::Link { link: ix, parent: Some(row) } });
                    }
                }
            }
        }
        self.ask_pending(policy, rows)
    }

    fn ask_pending(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let mut asks = Vec::new();
        for (at, join) in self.joins.iter_mut().enumerate() {
            if join.pending.is_empty() {
                continue;
            }
            let pending = std::mem::take(&mut join.pending);
            let table = policy.table(join.table);
            let link = &table.links[join.link];
            let read_here = !link.by && !link.reading.is_plain();
            let by = match link.matching {
                Match::Exact if !read_here => {
                    By::Values { columns: table.names(&link.columns), values: pending.values().cloned().collect() }
                }
                matching => {
                    let plain = Reading::default();
                    let reading = if read_here { &link.reading } else { &plain };
                    let column = table.columns[link.columns[0]].name.clone();
                    by_reading(reading, matching, column, pending.keys().map(|j| j[0].clone()).collect())
                }
            };
            join.asked.extend(pending.into_keys());
            asks.push(Ask::select(
                policy,
                join.table,
                rows.select(policy, join.table, by, filters(policy, join.table, link)),
            ));
            self.asked.push(Origin::Join(at));
        }
        asks
    }

    /// Takes the awaited answers.
    pub fn take(&mut self, policy: &Policy, person: &Person, rows: &mut Rows, answers: Vec<Answer>) {
        for (origin, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            match origin {
                Origin::Identity { table, link, values } => {
                    self.take_identity(policy, person, rows, table, link, &values, answer)
                }
                Origin::Join(at) => self.take_join(policy, rows, at, answer),
                Origin::Counted(table) => self.swept.push((table, answer.count)),
                Origin::Swept(table) => {
                    let found =
                        answer.rows().into_iter().map(|values| rows.take(policy, table, values)).collect::<Vec<_>>();
                    self.sweep.iter_mut().for_each(|sweep| sweep.add(&found));
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn take_identity(
        &mut self,
        policy: &Policy,
        person: &Person,
        rows: &mut Rows,
        table: TableId,
        ix: LinkIx,
        wanted: &[String],
        answer: Answer,
    ) {
        let t = policy.table(table);
        let link = &t.links[ix];
        for values in answer.rows() {
            let row = rows.take(policy, table, values);
            let matches = here(policy, link, rows, row).iter().any(|joined| wanted.contains(&joined[0]));
            let tenant = of_the_tenant(policy, person, rows, row);
            if matches && tenant {
                let role = compose(link.role, Role::Own, has_author(policy, table));
                if let Some(role) = role {
                    self.add(rows, row, Claim { role, via: Via::Link { link: ix, parent: None } });
                }
            }
        }
    }

    fn take_join(&mut self, policy: &Policy, rows: &mut Rows, at: usize, answer: Answer) {
        let (table, ix) = (self.joins[at].table, self.joins[at].link);
        let link = &policy.table(table).links[ix];
        let mut joined_now = BTreeSet::new();
        for values in answer.rows() {
            let row = rows.take(policy, table, values);
            for joined in here(policy, link, rows, row) {
                let join = &mut self.joins[at];
                if !join.asked.contains(&joined) {
                    continue;
                }
                if join.linked.insert((joined.clone(), row)) {
                    join.children.entry(joined.clone()).or_default().push(row);
                }
                joined_now.insert(joined);
            }
        }
        // Everything that was waited for has been answered.
        let mut waiting = std::mem::take(&mut self.joins[at].waiting);
        for joined in joined_now {
            let children = self.joins[at].children.get(&joined).cloned().unwrap_or_default();
            for (parent, role) in waiting.remove(&joined).unwrap_or_default() {
                for &child in &children {
                    self.add(rows, child, Claim { role, via: Via::Link { link: ix, parent: Some(parent) } });
                }
            }
        }
    }

    /// Asks which rows point at these, by the links wanted, as far as that is not known yet. They get no claim by it.
    pub fn ask_pointing(
        &mut self,
        policy: &Policy,
        rows: &Rows,
        targets: impl Iterator<Item = RowIx>,
        wanted: impl Fn(&Link) -> bool,
    ) -> Vec<Ask> {
        for target in targets {
            for &at in self.towards.get(&rows.row(target).table).into_iter().flatten() {
                let join = &mut self.joins[at];
                let link = &policy.table(join.table).links[join.link];
                let unknown = there(policy, link, rows, target).into_iter().filter(|(j, _)| !join.asked.contains(j));
                if wanted(link) {
                    join.pending.extend(unknown);
                }
            }
        }
        self.ask_pending(policy, rows)
    }

    /// How many answers are awaited.
    pub fn awaited(&self) -> usize {
        self.asked.len()
    }

    /// Rows with text that are part of a row the person has any claim on: they are read, but carry no claim yet.
    fn threads(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
        for at in 0..self.joins.len() {
            let (table, ix) = (self.joins[at].table, self.joins[at].link);
            let t = policy.table(table);
            let link = &t.links[ix];
            if link.role != Role::Part || !t.columns.iter().any(|c| c.text) || self.is_left_out(table) {
                continue;
            }
            let Target::Row { table: target, .. } = &link.target else { continue };
            for (parent, _) in rows.claimed(*target) {
                let join = &mut self.joins[at];
                let unknown = there(policy, link, rows, parent).into_iter().filter(|(j, _)| !join.asked.contains(j));
                join.pending.extend(unknown);
            }
        }
        self.ask_pending(policy, rows)
    }

    /// Searches thread rows without a claim (LANGUAGE 1.7): a key or hint is a mention, a mere name goes to review.
    fn search(&mut self, policy: &Policy, person: &Person, finder: &Finder, rows: &mut Rows, review: &mut Vec<Review>) {
        for row in self.beside(policy, rows) {
            if self.searched.insert(row) {
                let columns = policy.table(rows.row(row).table).columns.iter().enumerate();
                let texts: Vec<ColumnIx> = columns.filter(|(_, c)| c.text).map(|(ix, _)| ix).collect();
                let named = self.named_in(policy, finder, rows, row, &texts, true);
                review.extend(named.then(|| doubt(policy, rows, row)));
            }
        }
        let Some(sweep) = self.sweep.take() else { return };
        for row in sweep.found().collect::<Vec<_>>() {
            // A row that is in a thread later on is searched again, for there more of its texts count.
            if !self.searched.contains(&row) {
                let sure = of_the_tenant(policy, person, rows, row);
                let texts = everywhere(policy, rows.row(row).table);
                let named = self.named_in(policy, sweep.finder(), rows, row, &texts, sure);
                review.extend(named.then(|| doubt(policy, rows, row)));
            }
        }
        self.sweep = Some(sweep);
    }

    /// Makes a mention of each certain hit in these columns, if a hit can be `sure` here. Returns whether only doubtful ones
    /// were found.
    fn named_in(
        &mut self,
        policy: &Policy,
        finder: &Finder,
        rows: &mut Rows,
        row: RowIx,
        columns: &[ColumnIx],
        sure: bool,
    ) -> bool {
        let t = policy.table(rows.row(row).table);
        let mut doubtful = false;
        for &ix in columns {
            let hits = Within::texts_of(&t.columns[ix]).hits(finder, rows.value(row, ix));
            if sure && hits.iter().any(|h| h.certain) {
                self.add(rows, row, Claim { role: Role::Mention, via: Via::Text(ix) });
            } else if !hits.is_empty() {
                doubtful = true;
            }
        }
        doubtful && rows.row(row).claims.is_empty()
    }

    fn beside(&self, policy: &Policy, rows: &Rows) -> Vec<RowIx> {
        let mut beside = Vec::new();
        for join in &self.joins {
            let t = policy.table(join.table);
            let link = &t.links[join.link];
            if link.role != Role::Part || !t.columns.iter().any(|c| c.text) {
                continue;
            }
            let Target::Row { table: target, .. } = &link.target else { continue };
            for (parent, _) in rows.claimed(*target) {
                for (joined, _) in there(policy, link, rows, parent) {
                    let children = join.children.get(&joined).into_iter().flatten();
                    beside.extend(children.filter(|c| rows.row(**c).claims.is_empty()));
                }
            }
        }
        beside.sort_unstable();
        beside.dedup();
        beside
    }
}

/// A text that may name the person, for somebody to look at.
fn doubt(policy: &Policy, rows: &Rows, row: RowIx) -> Review {
    let t = policy.table(rows.row(row).table);
    Review {
        system: policy.system(t.system).name.clone(),
        table: t.name.clone(),
        key: rows.row(row).key.clone(),
        reason: "a name stands in this text, but nothing proves that it is this person".into(),
        doubt: Doubt::Text,
    }
}

/// What a tenant column of this table must hold; `None` where the kind has no tenant.
pub fn tenants(policy: &Policy, person: &Person, table: TableId) -> Option<Vec<Value>> {
    let tenant = person.tenant.as_ref()?;
    let system = policy.table(table).system;
    Some(person.local_tenants.get(&system).cloned().unwrap_or_else(|| vec![tenant.clone()]))
}

/// Does a table say by itself whose its rows are? Then authorship of the parent is not passed on.
pub fn has_author(policy: &Policy, table: TableId) -> bool {
    policy.table(table).links.iter().any(|l| matches!(l.role, Role::Owner | Role::CoOwner | Role::Author))
}

/// Equality tests of a link's condition, for the connector to push down.
pub fn filters(policy: &Policy, table: TableId, link: &Link) -> Vec<(String, Vec<Value>)> {
    narrowed(policy, table, &link.when)
}

/// Equality tests of a condition on rows of a table.
pub fn narrowed(policy: &Policy, table: TableId, when: &Cond) -> Vec<(String, Vec<Value>)> {
    let t = policy.table(table);
    when.0
        .iter()
        .filter_map(|(column, test)| match test {
            Test::In(values) => Some((t.columns[*column].name.clone(), values.clone())),
            _ => None,
        })
        .collect()
}
