//! Who holds what on which row (LANGUAGE 1, "Claims", and 1.1).

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{ColumnIx, LinkIx, Policy, Role, Table, TableId, Target};

use crate::copies;
use crate::masks::searched;
use crate::matching::{joins, joins_identity, records_of, tenant_of_record, tenant_of_row};
use crate::resolve::Question;
use crate::text::Identifiers;
use crate::world::{Row, RowId, World, id};

/// How a claim came to its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// It is a record of the person.
    Own,
    /// By the last link.
    Link(LinkIx),
    /// By a hit in a text column.
    Text(ColumnIx),
}

/// "A *claim* on `r` is (person, role, last link)"; the person is always the one asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Role of the person on the row.
    pub role: Role,
    /// Last link.
    pub via: Via,
}

/// The person's claims, by row, and text hits that a human must judge.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// By row; no empty sets.
    pub of: BTreeMap<RowId, BTreeSet<Claim>>,
    /// Rows and text columns "that go to review" and change nothing.
    pub review: BTreeSet<(RowId, ColumnIx)>,
}

impl Claims {
    /// The claims on a row.
    pub fn on(&self, row: &RowId) -> impl Iterator<Item = Claim> + '_ {
        self.of.get(row).into_iter().flatten().copied()
    }

    /// Links that carry a claim on a row.
    pub fn links<'a>(&'a self, row: &RowId) -> impl Iterator<Item = LinkIx> + 'a {
        self.on(row).filter_map(|c| if let Via::Link(l) = c.via { Some(l) } else { None })
    }

    pub(crate) fn add(&mut self, row: RowId, claim: Claim) -> bool {
        self.of.entry(row).or_default().insert(claim)
    }
}

/// "Claims are the least set closed under" the rule of composition.
pub(crate) fn claims(policy: &Policy, world: &World, question: &Question, records: &BTreeSet<RowId>) -> Claims {
    let mut claims = closed(policy, world, records);
    texts(policy, world, question, records, &mut claims);
    claims
}

/// The claims of these records by links alone.
pub(crate) fn closed(policy: &Policy, world: &World, records: &BTreeSet<RowId>) -> Claims {
    let mut claims = Claims::default();
    for record in records {
        claims.add(record.clone(), Claim { role: Role::Own, via: Via::Own });
    }
    grow(policy, world, records, &mut claims, &|_, _| true);
    claims
}

/// Adds what follows from these claims, by the links of each row that count.
pub(crate) fn grow(
    policy: &Policy,
    world: &World,
    records: &BTreeSet<RowId>,
    claims: &mut Claims,
    counts: &dyn Fn(&RowId, LinkIx) -> bool,
) {
    let mut grew = true;
    while grew {
        grew = false;
        for (id, row) in world.all(policy) {
            grew |= step(policy, world, records, claims, &id, row, counts);
        }
    }
}

/// "claim (p, q, _) on t and link l joins r to t and compose(role of l, q) = s => claim (p, s, l) on r"
fn step(
    policy: &Policy,
    world: &World,
    records: &BTreeSet<RowId>,
    claims: &mut Claims,
    id: &RowId,
    row: &Row,
    counts: &dyn Fn(&RowId, LinkIx) -> bool,
) -> bool {
    let table = policy.table(id.0);
    let mut grew = false;
    for (l, link) in table.links.iter().enumerate().filter(|(l, _)| counts(id, *l)) {
        let mut held: BTreeSet<Role> =
            parents(policy, world, id.0, row, l).iter().flat_map(|t| claims.on(t)).map(|c| c.role).collect();
        if joins_identity(policy, world, link, (id.0, row), records) {
            held.insert(Role::Own);
        }
        for role in held.into_iter().filter_map(|q| compose(link.role, q, table)) {
            grew |= claims.add(id.clone(), Claim { role, via: Via::Link(l) });
        }
    }
    grew
}

/// All rows that a link joins this row to.
pub(crate) fn parents(policy: &Policy, world: &World, table: TableId, row: &Row, link: LinkIx) -> Vec<RowId> {
    let link = &policy.table(table).links[link];
    let Target::Row { table: there, .. } = link.target else { return Vec::new() };
    let joined = world.rows(there).iter().filter(|other| joins(policy, world, link, (table, row), (there, other)));
    joined.map(|other| id(policy, there, other)).collect()
}

/// The table of 1.1, cell by cell; `table` is the one that declares the link.
pub(crate) fn compose(link: Role, parent: Role, table: &Table) -> Option<Role> {
    use Role::{Author, CoOwner, Mention, Own, Owner, Part};
    match (link, parent) {
        (_, Mention) => None,
        (Mention, _) => Some(Mention),
        (Part, Own) => Some(Owner),
        // "stops at a table that has an `owner`, `co_owner` or `author` link of its own (the nearest author wins)"
        (Part, Author) => {
            let nearer = table.links.iter().any(|l| matches!(l.role, Owner | CoOwner | Author));
            (!nearer).then_some(Author)
        }
        (Part, held) => Some(held),
        (_, Author) => None,
        (link, held) => Some(link.min(held)),
    }
}

/// "`text = true` searches .. rows whose parent has one (a thread the person took part in). .. A hit is a `mention` claim
/// with link `text:<column>`, certain if a key or hint stands between token boundaries ..; otherwise it goes to review."
/// A hit is a claim like any other, so it opens the thread below its row in turn.
fn texts(policy: &Policy, world: &World, question: &Question, records: &BTreeSet<RowId>, claims: &mut Claims) {
    let identifiers = Identifiers::of(policy, world, records, &question.words);
    let far = Far { policy, world, question, records, identifiers: &identifiers };
    loop {
        let mut found = Vec::new();
        for (id, row) in world.all(policy) {
            let claimed = claims.of.contains_key(&id);
            if !claimed && in_thread(policy, world, claims, &id, row) {
                found.extend(search(policy, &identifiers, claims, &id, row));
            } else if question.sweep {
                found.extend(far.search(claims, &id, row));
            }
        }
        let mut grew = false;
        for (id, column) in found {
            grew |= claims.add(id, Claim { role: Role::Mention, via: Via::Text(column) });
        }
        if !grew {
            break;
        }
    }
    let Claims { of, review } = claims;
    review.retain(|(id, _)| !of.contains_key(id));
}

fn in_thread(policy: &Policy, world: &World, claims: &Claims, id: &RowId, row: &Row) -> bool {
    let links = policy.table(id.0).links.iter().enumerate().filter(|(_, l)| l.role == Role::Part);
    links.flat_map(|(l, _)| parents(policy, world, id.0, row, l)).any(|t| claims.of.contains_key(&t))
}

fn search(
    policy: &Policy,
    identifiers: &Identifiers,
    claims: &mut Claims,
    id: &RowId,
    row: &Row,
) -> Vec<(RowId, ColumnIx)> {
    let mut found = Vec::new();
    for (c, value) in row.iter().enumerate() {
        let column = copies::read(policy, id.0, c);
        if !column.text {
            continue;
        }
        // "a number only as a whole"
        let hits = |proven: bool| {
            searched(&column, value).iter().any(|(text, number)| match (proven, number) {
                (_, true) if !identifiers.is_one(text) => false,
                (true, _) => identifiers.proven_in(text),
                (false, _) => !identifiers.spans(text).is_empty(),
            })
        };
        if hits(true) {
            found.push((id.clone(), c));
        } else if hits(false) {
            claims.review.insert((id.clone(), c));
        }
    }
    found
}

/// "`text = "all"` searches every row"; the row is in no thread of the person's.
struct Far<'a> {
    policy: &'a Policy,
    world: &'a World,
    question: &'a Question,
    records: &'a BTreeSet<RowId>,
    identifiers: &'a Identifiers,
}

impl Far<'_> {
    /// "A bare first name is never searched outside claimed rows"; an identity that may be another tenant's proves nothing.
    fn search(&self, claims: &mut Claims, id: &RowId, row: &Row) -> Vec<(RowId, ColumnIx)> {
        let table = self.policy.table(id.0);
        let (tenant, kind) = (self.tenant(), self.question.kind);
        if table.tenant.is_some()
            && tenant.is_some()
            && tenant != tenant_of_row(self.policy, self.world, kind, (id.0, row))
        {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (c, _) in table.columns.iter().enumerate().filter(|(_, c)| c.text_everywhere) {
            let Some(text) = row[c].join_text() else { continue };
            let told = tenant.is_none() || table.tenant.is_some();
            if told && self.identifiers.proven_in(&text) {
                found.push((id.clone(), c));
            } else if self.identifiers.named_in(&text) {
                claims.review.insert((id.clone(), c));
            }
        }
        found
    }

    fn tenant(&self) -> Option<String> {
        let Far { policy, world, records, .. } = self;
        let of = |population| {
            records_of(policy, world, population, records)
                .find_map(|record| tenant_of_record(policy, world, population, record))
        };
        policy.kinds[self.question.kind.0].populations.iter().find_map(of)
    }
}

#[cfg(test)]
mod tests {
    use engine::policy::model::{Link, SystemId};

    use super::*;

    /// The table of LANGUAGE 1.1, row by row.
    #[test]
    fn composition_is_the_table_of_the_reference() {
        use Role::{Author as A, CoOwner as C, Mention as M, Own as S, Owner as O, Part as P, Viewer as V};
        let parents = [S, O, C, A, V, M];
        let rows = [
            (P, [Some(O), Some(O), Some(C), Some(A), Some(V), None]),
            (O, [Some(O), Some(O), Some(C), None, Some(V), None]),
            (C, [Some(C), Some(C), Some(C), None, Some(V), None]),
            (A, [Some(A), Some(A), Some(A), None, Some(V), None]),
            (V, [Some(V), Some(V), Some(V), None, Some(V), None]),
            (M, [Some(M), Some(M), Some(M), Some(M), Some(M), None]),
        ];
        for (link, cells) in rows {
            for (parent, cell) in parents.into_iter().zip(cells) {
                assert_eq!(compose(link, parent, &table(&[])), cell, "{link:?} below {parent:?}");
            }
        }
        for own in [O, C, A] {
            assert_eq!(compose(P, A, &table(&[own])), None);
        }
        assert_eq!(compose(P, A, &table(&[P, V, M])), Some(A));
    }

    fn table(roles: &[Role]) -> Table {
        let target = || Target::Row { table: TableId(0), columns: Vec::new() };
        let link = |role: &Role| Link::new(String::new(), *role, Vec::new(), target());
        let mut table = Table::new(SystemId(0), String::new(), Vec::new(), Vec::new());
        table.links = roles.iter().map(link).collect();
        table
    }
}
