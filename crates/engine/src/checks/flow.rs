//! How claims and fates can flow over the map, whatever the rows: what the checks may conclude from the map alone.

use std::collections::BTreeSet;

use crate::policy::model::{Cond, Fate, Link, LinkIx, OnErase, Policy, Role, TableId, Target, Untie};
use crate::policy::resolve::Draft;

/// The roles that claims can have on each table, and which tables can be scrubbed.
pub struct Flow {
    roles: Vec<BTreeSet<Role>>,
    scrubbed: Vec<bool>,
    erased: Vec<bool>,
}

impl Flow {
    /// The least sets closed under the links of the map.
    pub fn of(draft: &Draft<'_>) -> Flow {
        let policy = &draft.policy;
        let count = policy.tables.len();
        let erased = policy.tables.iter().map(|t| t.kind.is_some()).collect();
        let mut flow = Flow { roles: vec![BTreeSet::new(); count], scrubbed: needed(policy), erased };
        while flow.grow(policy) {}
        flow
    }

    /// Can any claim reach rows of the table?
    pub fn reaches(&self, table: TableId) -> bool {
        !self.roles[table.0].is_empty()
    }

    /// Can any claim come by this link?
    pub fn carries(&self, policy: &Policy, table: TableId, link: LinkIx) -> bool {
        !self.brought(policy, table, &policy.table(table).links[link]).is_empty()
    }

    /// Can a claim of this role, or a stronger one, come by this link?
    pub fn brings(&self, policy: &Policy, table: TableId, link: &Link, role: Role) -> bool {
        self.brought(policy, table, link).iter().any(|brought| *brought >= role)
    }

    /// Can a row of the table, being personal, survive an erasure with its columns changed?
    pub fn may_be_scrubbed(&self, table: TableId) -> bool {
        self.scrubbed[table.0] && self.reaches(table)
    }

    /// Does some claim delete or scrub rows of the table, or did somebody say what becomes of them?
    pub fn may_be_erased(&self, table: TableId) -> bool {
        self.erased[table.0]
    }

    /// Can a row of the table be deleted: because it is the person or alone theirs, or because somebody said so?
    pub fn may_be_deleted(&self, policy: &Policy, table: TableId) -> bool {
        self.deleted(policy, table, &mut BTreeSet::new())
    }

    fn deleted(&self, policy: &Policy, table: TableId, seen: &mut BTreeSet<TableId>) -> bool {
        if !seen.insert(table) {
            return false;
        }
        let t = policy.table(table);
        let deletes = |e: &OnErase| matches!(e, OnErase::Fate(Fate::Delete));
        t.kind.is_some()
            || t.links.iter().filter(|l| !self.brought(policy, table, l).is_empty()).any(|link| {
                let by_default = match (link.role, &link.target) {
                    (Role::Owner | Role::CoOwner, _) => true,
                    (Role::Part, Target::Row { table: parent, .. }) => self.deleted(policy, *parent, seen),
                    _ => link.untie == Some(Untie::Delete),
                };
                (by_default && !always(link)) || link.on_erase.iter().any(|(_, e)| deletes(e))
            })
    }

    fn grow(&mut self, policy: &Policy) -> bool {
        let mut grew = false;
        for id in policy.table_ids() {
            let table = policy.table(id);
            let mut roles: BTreeSet<Role> = table.kind.map(|_| Role::Own).into_iter().collect();
            for link in &table.links {
                roles.extend(self.brought(policy, id, link));
                grew |= self.erases(policy, id, link) && !std::mem::replace(&mut self.erased[id.0], true);
                grew |= self.scrubs(link) && !std::mem::replace(&mut self.scrubbed[id.0], true);
            }
            let before = self.roles[id.0].len();
            self.roles[id.0].extend(roles);
            grew |= self.roles[id.0].len() > before;
        }
        grew
    }

    /// The roles that a link brings to its table.
    fn brought(&self, policy: &Policy, table: TableId, link: &Link) -> BTreeSet<Role> {
        let own_author =
            policy.table(table).links.iter().any(|l| matches!(l.role, Role::Owner | Role::CoOwner | Role::Author));
        match &link.target {
            Target::Identity { .. } => compose(link.role, Role::Own, own_author).into_iter().collect(),
            Target::Row { table: parent, .. } => {
                self.roles[parent.0].iter().filter_map(|&p| compose(link.role, p, own_author)).collect()
            }
        }
    }

    fn erases(&self, policy: &Policy, table: TableId, link: &Link) -> bool {
        let brought = self.brought(policy, table, link);
        match (link.role, &link.target) {
            _ if brought.is_empty() => false,
            _ if !link.on_erase.is_empty() => true,
            (Role::Part, Target::Row { table: parent, .. }) => self.erased[parent.0],
            _ => brought.iter().any(|role| *role >= Role::Author),
        }
    }

    fn scrubs(&self, link: &Link) -> bool {
        if link.role == Role::CoOwner && may_scrub(&link.while_shared) {
            return true;
        }
        if always(link) {
            return link.on_erase.iter().any(|(_, e)| scrubs(e));
        }
        let by_default = match (link.role, &link.target) {
            (Role::Author, _) => true,
            (Role::Part, Target::Row { table, .. }) => self.scrubbed[table.0],
            _ => false,
        };
        by_default || link.on_erase.iter().any(|(_, e)| scrubs(e))
    }
}

/// The role of a claim that a link passes on from a parent's claim (LANGUAGE 1.1).
fn compose(link: Role, parent: Role, own_author: bool) -> Option<Role> {
    match (link, parent) {
        (Role::Mention, Role::Mention) => Some(Role::Mention),
        (_, Role::Mention) => None,
        (Role::Part, Role::Own) => Some(Role::Owner),
        (Role::Part, Role::Author) => (!own_author).then_some(Role::Author),
        (Role::Part, p) => Some(p),
        (Role::Mention, _) => Some(Role::Mention),
        (_, Role::Author) => None,
        (l, p) => Some(l.min(p)),
    }
}

/// Tables whose rows others refer to: a row that is to go is scrubbed instead while a surviving one needs it.
fn needed(policy: &Policy) -> Vec<bool> {
    let mut needed = vec![false; policy.tables.len()];
    for table in &policy.tables {
        for link in table.links.iter().filter(|l| !l.by) {
            if let Target::Row { table, .. } = &link.target {
                needed[table.0] = true;
            }
        }
        for key in &table.foreign_keys {
            needed[key.table.0] = true;
        }
    }
    needed
}

fn scrubs(e: &OnErase) -> bool {
    matches!(e, OnErase::Fate(Fate::Scrub) | OnErase::Columns(_))
}

/// Can one of these be a scrub, or the scrub that is meant where nothing is said?
fn may_scrub(choices: &[(Cond, OnErase)]) -> bool {
    choices.iter().any(|(_, e)| scrubs(e)) || !choices.iter().any(|(when, _)| when.0.is_empty())
}

/// Does some entry of `on_erase` apply to every row?
fn always(link: &Link) -> bool {
    link.on_erase.iter().any(|(when, _)| when.0.is_empty())
}

/// Can a row stay by the fate this very link asks for, so that its tie must be undone?
pub fn row_may_stay(link: &Link) -> bool {
    let stays = |e: &OnErase| matches!(e, OnErase::Fate(Fate::Scrub | Fate::Untie) | OnErase::Columns(_));
    let by_default = matches!(link.role, Role::Author | Role::Viewer | Role::Mention);
    let shared = link.role == Role::CoOwner
        && (may_scrub(&link.while_shared) || link.while_shared.iter().any(|(_, e)| stays(e)));
    shared || link.on_erase.iter().any(|(_, e)| stays(e)) || (by_default && !always(link))
}
