//! From fates (or access levels) to the steps of a plan: what erasure and access share.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::asked::Veto;
use super::bytes::Bytes;
use super::digest::{digest, fingerprint};
use super::pace::Paced;
use super::question::Question;
use super::resolve::Person;
use super::rows::{Claim, Row, RowIx, Rows, Via};
use super::types::{Absent, Action, Calls, Files, Kept, Key, Rebuild, Shred, Step, SystemPlan, Withheld};
use crate::policy::model::{LinkIx, Policy, Role, System, SystemId, SystemKind, TableId};
use crate::schema::Schema;
use crate::text::Finder;

/// What a draft needs to know.
pub struct Draft<'a> {
    pub policy: &'a Policy,
    pub question: &'a Question,
    pub schemas: &'a BTreeMap<String, Schema>,
    pub rows: &'a Rows,
    pub person: &'a Person,
    pub finder: &'a Finder,
    pub bytes: &'a Bytes,
    /// Rows that no correction changes, and what keeps them.
    pub held: &'a HashMap<RowIx, Veto>,
}

/// Steps and what is told beside them.
#[derive(Debug, Default)]
pub struct Drafted {
    pub systems: Vec<SystemPlan>,
    pub kept: Vec<Kept>,
    pub withheld: Vec<Withheld>,
    pub absent: Vec<Absent>,
    pub shreds: Vec<Shred>,
}

impl Draft<'_> {
    /// A step on rows, with its digest.
    pub fn step(&self, table: TableId, ixs: &[RowIx], action: Action, reason: String) -> Step {
        let t = self.policy.table(table);
        let decided_by = t.names(self.rows.needed(table));
        let mut keys: Vec<Key> = ixs.iter().map(|ix| self.rows.row(*ix).key.clone()).collect();
        keys.sort();
        let values: Vec<_> = ixs.iter().map(|ix| self.rows.row(*ix).values.clone()).collect();
        let digest = digest(&hex::encode(self.question.nonce), &t.name, &decided_by, &values);
        let each = match (&action, self.policy.system(t.system).kind) {
            (Action::Delete, SystemKind::Files) => self.each(ixs, &decided_by),
            (Action::Delete | Action::Change { .. }, SystemKind::Http) => self.each(ixs, &decided_by),
            _ => Vec::new(),
        };
        Step {
            table: t.name.clone(),
            key: t.names(&t.key),
            keys,
            copies: None,
            was: Vec::new(),
            or_more: t.keyless && t.sweep_after,
            together: false,
            action,
            reason,
            decided_by,
            digest,
            each,
        }
    }

    /// A digest for each row, in the order of their keys.
    fn each(&self, ixs: &[RowIx], decided_by: &[String]) -> Vec<String> {
        let mut rows: Vec<&Row> = ixs.iter().map(|ix| self.rows.row(*ix)).collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        let nonce = hex::encode(self.question.nonce);
        let one = |row: &Row| {
            digest(&nonce, &self.policy.table(row.table).name, decided_by, std::slice::from_ref(&row.values))
        };
        rows.into_iter().map(one).collect()
    }

    /// Steps in their systems, with fingerprints; people's tasks among them.
    pub fn by_system(&self, steps: Vec<(SystemId, Step)>) -> Vec<SystemPlan> {
        let mut plans: BTreeMap<SystemId, Vec<Step>> = BTreeMap::new();
        for (system, step) in steps {
            plans.entry(system).or_default().push(step);
        }
        for (at, system) in self.policy.systems.iter().enumerate().filter(|(_, s)| s.kind == SystemKind::Manual) {
            for (_, text) in system.tasks.iter().filter(|(r, _)| *r == self.question.right) {
                let team = system.team.clone().unwrap_or_else(|| system.name.clone());
                let action = Action::Confirm { team, text: text.clone() };
                let reason = "only people can do this".to_owned();
                let step = Step {
                    table: String::new(),
                    key: Vec::new(),
                    keys: Vec::new(),
                    copies: None,
                    was: Vec::new(),
                    or_more: false,
                    together: false,
                    action,
                    reason,
                    decided_by: Vec::new(),
                    digest: String::new(),
                    each: Vec::new(),
                };
                plans.entry(SystemId(at)).or_default().push(step);
            }
        }
        let kind = |id: &SystemId| self.policy.system(*id).kind;
        let is_files = |id: &SystemId| kind(id) == SystemKind::Files;
        let is_service = |id: &SystemId| kind(id) == SystemKind::Http;
        let mut plans: Vec<(SystemId, Vec<Step>)> = plans.into_iter().collect();
        // What cannot be rolled back comes last.
        plans.sort_by_key(|(id, _)| (is_files(id), is_service(id), *id));
        plans
            .into_iter()
            .map(|(id, steps)| {
                let system = self.policy.system(id).name.clone();
                let schema = self.schemas.get(&system);
                let tables: BTreeSet<&String> = steps.iter().map(|s| &s.table).collect();
                let fingerprint =
                    tables.into_iter().filter_map(|t| Some((t.clone(), fingerprint(schema?.table(t)?)))).collect();
                let sharers = || self.bytes.sharers(self.policy, self.rows, id);
                let deletes = steps.iter().any(|s| s.action == Action::Delete);
                let files = is_files(&id).then(|| Files { sharers: if deletes { sharers() } else { Vec::new() } });
                let calls = is_service(&id).then(|| calls(self.policy.system(id), &steps));
                let changed = |table: TableId| {
                    steps.iter().any(|s| s.action.changes() && s.table == self.policy.table(table).name)
                };
                let views = self.policy.system(id).rebuilt_after(changed);
                let rebuild = views.map(|view| Rebuild::of(self.policy, view)).collect();
                let paced = Paced::of(&self.policy.system(id).limits, &steps);
                SystemPlan { system, fingerprint, steps, rebuild, files, calls, paced }
            })
            .collect()
    }

    /// Why a row is in the plan, by the person's strongest claim.
    pub fn reason(&self, ix: RowIx) -> String {
        let row = self.rows.row(ix);
        let t = self.policy.table(row.table);
        let strongest = row.claims.iter().max_by_key(|c| (c.role, std::cmp::Reverse(&c.via)));
        match strongest {
            None => match self.bytes.named_by(self.policy, self.rows, ix) {
                names if names.is_empty() => "refers to a row that goes".into(),
                names => format!("file of {}", names.join(", ")),
            },
            Some(Claim { via: Via::Own, .. }) => "is the person".into(),
            Some(Claim { role, via: Via::Link { link, .. } }) => {
                format!("{} by {}", role_word(*role), t.links[*link].name)
            }
            Some(Claim { via: Via::Text(column), .. }) => format!("named in {}", t.columns[*column].name),
        }
    }
}

/// What is known of the calls that a web service's steps make.
fn calls(system: &System, steps: &[Step]) -> Calls {
    let known = |step: &Step| system.calls.get(&step.table).copied().unwrap_or_default();
    let chosen = |wanted: &dyn Fn(&Step) -> bool| {
        steps.iter().enumerate().filter(|(_, step)| wanted(step)).map(|(ix, _)| ix).collect()
    };
    Calls {
        harmless: chosen(&|step| match step.action {
            Action::Delete => known(step).erase_again,
            _ => known(step).change_again,
        }),
        several: chosen(&|step| step.action == Action::Delete && known(step).several),
    }
}

/// Links by which the person has a claim on a row.
pub fn held_links(row: &Row) -> BTreeSet<LinkIx> {
    let links = row.claims.iter().filter_map(|c| match c.via {
        Via::Link { link, .. } => Some(link),
        _ => None,
    });
    links.collect()
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Own => "self",
        Role::Owner => "owner",
        Role::CoOwner => "co-owner",
        Role::Author => "author",
        Role::Viewer => "viewer",
        Role::Mention => "mention",
        Role::Part => "part",
    }
}
