//! What a certificate says: what was run and found, what stays and why, and what nobody can promise.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::plan::restore::Checked;
use engine::plan::{Meanwhile, Plan, Residue, Why};
use engine::policy::model::{Right, SystemKind};
use engine::value::Value;
use jiff::Timestamp;
use proof::certificate::{Audience, Body, Certificate, Outcome, Statement};
use serde_json::json;
use store::{Store, Task, entropy};

use super::summary::lines;
use crate::company::Company;

/// What happened.
pub struct Facts<'a> {
    /// The company.
    pub company: &'a Company,
    /// The plan that was carried out.
    pub plan: &'a Plan,
    /// The same with what was done and left of rows that were written while it was carried out.
    pub whole: &'a Plan,
    /// What the probe found.
    pub residues: &'a [Residue],
    /// What the probe read: system and table.
    pub read: &'a [(String, String)],
    /// Tasks of people.
    pub tasks: &'a [Task],
    /// Rows that were written while the plan was carried out, and dealt with, by system.
    pub meanwhile: &'a [(String, Meanwhile)],
    /// Digest of the certificate of the run whose rest this is.
    pub earlier: Option<String>,
    /// What came back, of a reactivation.
    pub restored: Option<&'a Checked>,
    /// When.
    pub now: Timestamp,
}

const ALL: [Audience; 1] = [Audience::Everyone];
const PARTIES: [Audience; 3] = [Audience::Person, Audience::Customer, Audience::Auditor];
const INSIDE: [Audience; 2] = [Audience::Customer, Audience::Auditor];

/// Signs the certificate; `case` is the case's opaque reference.
pub fn sign(facts: &Facts<'_>, case: String, store: &Store) -> Result<Certificate> {
    let plan = facts.plan;
    let outcome = if facts.residues.is_empty() { Outcome::Complete } else { Outcome::Partial };
    let body =
        Body { case, right: plan.right.word().into(), plan: plan.hash().parse()?, made_at: second(facts.now), outcome };
    let statements = statements(facts)
        .into_iter()
        .map(|(audience, name, value)| Ok(Statement::new(audience.iter().copied(), name, value, entropy::bytes()?)))
        .collect::<Result<Vec<_>>>()?;
    Ok(Certificate::sign(&body, statements, store.signer())?)
}

type Said = (&'static [Audience], &'static str, serde_json::Value);

fn statements(facts: &Facts<'_>) -> Vec<Said> {
    let (plan, whole) = (facts.plan, facts.whole);
    let mut said: Vec<Said> = vec![
        (&ALL, "company", json!(facts.company.policy.company)),
        (
            &ALL,
            "limits",
            json!("This shows what was run and what was found. It does not show that no other copy exists."),
        ),
        (&PARTIES, "done", done(plan)),
        (&PARTIES, "kept", kept(facts, false)),
        (&INSIDE, "kept.rows", kept(facts, true)),
        (&PARTIES, "verified", verified(facts)),
        (&PARTIES, "review", json!({ "texts_for_people_to_judge": whole.review.len() })),
        (
            &INSIDE,
            "policy",
            json!({ "hash": plan.policy, "profile": plan.profile, "kind": plan.kind, "requested_by": plan.requested_by }),
        ),
        (
            &INSIDE,
            "identities",
            json!(
                plan.persons
                    .iter()
                    .map(|p| json!({ "system": p.system, "table": p.table, "found_by": p.chain }))
                    .collect::<Vec<_>>()
            ),
        ),
    ];
    if !whole.shreds.is_empty() {
        let unreadable = whole.shreds.iter();
        let unreadable =
            unreadable.map(|s| json!({ "system": s.system, "table": s.table, "columns": s.columns, "rows": s.rows }));
        let unreadable: Vec<_> = unreadable.collect();
        said.push((&PARTIES, "shredded", json!({ "keys_destroyed": plan.persons.len(), "unreadable": unreadable })));
    }
    if let Some(rest) = rest(whole) {
        said.push((&PARTIES, "rest", rest));
    }
    if let Some(earlier) = &plan.rest_of {
        let value = json!({ "plan": earlier, "certificate": facts.earlier });
        said.push((&PARTIES, "rest_of", value));
    }
    if !whole.absent.is_empty() {
        said.push((&PARTIES, "absent_files", json!(whole.absent)));
    }
    if !facts.tasks.is_empty() {
        said.push((&PARTIES, "tasks", tasks(facts)));
    }
    if plan.right == Right::Confirmation {
        said.push((&PARTIES, "held", json!(plan.holds_data())));
        said.push((&PARTIES, "searched", json!(plan.searched)));
    }
    if !plan.swept.is_empty() {
        said.push((&PARTIES, "swept", json!(plan.swept)));
    }
    if !facts.meanwhile.is_empty() {
        let of = |(system, of): &(String, Meanwhile)| json!({ "system": system, "table": of.table, "deleted": of.deleted, "changed": of.changed });
        said.push((&PARTIES, "meanwhile", facts.meanwhile.iter().map(of).collect()));
    }
    if let Some(restored) = facts.restored {
        let value = json!({ "rows_as_before": restored.exact, "sealed_digest": restored.sealed, "found_digest": restored.found,
                            "exact": restored.sealed == restored.found });
        said.push((&PARTIES, "restored", value));
    }
    if plan.right == Right::Deactivation {
        said.push((
            &PARTIES,
            "reversible",
            json!("what was taken away is sealed and can be restored until its key is destroyed"),
        ));
    }
    if matches!(plan.right, Right::Erasure | Right::Deactivation) {
        said.push((&PARTIES, "physical", physical(facts)));
        let other: Vec<_> = plan
            .other_kinds
            .iter()
            .map(|o| json!({ "kind": o.kind, "system": o.system, "table": o.table, "records": o.keys.len() }))
            .collect();
        said.push((&INSIDE, "other_kinds", json!(other)));
    }
    said
}

fn done(plan: &Plan) -> serde_json::Value {
    let rows = lines(plan).into_iter().map(|l| {
        json!({ "system": l.system, "table": l.table, "deleted": l.delete, "changed": l.change, "returned": l.export,
                "inserted": l.insert, "tasks": l.task })
    });
    rows.collect()
}

/// What stays, with its law and end; with row keys for those who hold the data anyway.
fn kept(facts: &Facts<'_>, with_keys: bool) -> serde_json::Value {
    let kept = facts.whole.kept.iter().map(|k| {
        let mut entry = json!({ "system": k.system, "table": k.table, "rows": k.keys.len(), "columns": k.columns });
        let why = match &k.reason {
            Why::Law { law, until } => {
                let title = facts.company.policy.laws.iter().find(|l| l.id == *law).map(|l| l.title.clone());
                json!({ "law": law, "title": title, "until": until })
            }
            Why::Hold { hold, until } => {
                let known = facts.company.policy.holds.iter().find(|h| h.id == *hold);
                let (reason, authority) = known.map(|h| (h.reason.clone(), h.authority.clone())).unzip();
                json!({ "hold": hold, "reason": reason, "authority": authority, "until": until })
            }
            Why::Needed { by } => json!({ "needed_by": by }),
            Why::CoOwned => json!({ "co_owned": true }),
            Why::Shared { by } => json!({ "shared_with": by }),
            Why::Changed => json!({ "changed_since": true }),
            Why::Waits { by } => json!({ "waits_for": by }),
            Why::Gone { by } => json!({ "refers_to_what_is_gone": by }),
            Why::LeadsNowhere { by } => json!({ "leads_nowhere_in": by }),
            Why::Left { link } => json!({ "left_by_link": link }),
        };
        entry["why"] = why;
        if with_keys {
            entry["keys"] = k.keys.iter().map(|key| key.iter().map(text).collect::<Vec<_>>()).collect();
        }
        entry
    });
    kept.collect()
}

/// What is still to be erased, and when: by itself, as soon as nothing keeps it any more. What is needed by what nothing keeps,
/// and so stays for good, is no part of it.
fn rest(plan: &Plan) -> Option<serde_json::Value> {
    let rows = || plan.stopped.iter().flat_map(|s| &s.rows).filter(|row| !row.by.is_empty());
    let ends: Option<Vec<&str>> = rows().flat_map(|row| &row.by).map(|by| by.until.as_deref()).collect();
    let first = rows().flat_map(|row| &row.by).filter_map(|by| by.until.as_deref()).min();
    let last = ends.and_then(|ends| ends.into_iter().max());
    let meaning =
        "erased by itself when nothing keeps it any more; each time with a certificate that refers to this one";
    let said = json!({ "rows": rows().count(), "first_end": first, "last_end": last, "meaning": meaning });
    (rows().count() > 0).then_some(said)
}

fn text(value: &Value) -> Option<String> {
    value.join_text().map(|s| s.into_owned())
}

fn verified(facts: &Facts<'_>) -> serde_json::Value {
    if facts.plan.right.returns() {
        return json!({ "how": "rows returned were counted against the plan", "at": second(facts.now) });
    }
    if facts.restored.is_some() {
        return json!({ "how": "each sealed row was read again and compared with the seal", "at": second(facts.now) });
    }
    let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (system, table) in facts.read {
        tables.entry(system).or_default().push(table);
    }
    let residues: Vec<_> = facts
        .residues
        .iter()
        .map(|r| json!({ "system": r.system, "table": r.table, "rows": r.rows, "what": r.what }))
        .collect();
    json!({ "how": "probe", "meaning": "on fresh connections: the planned keys, all key identities, whatever still joins them, and the texts of touched rows and their threads",
            "at": second(facts.now), "tables": tables, "residues": residues })
}

fn tasks(facts: &Facts<'_>) -> serde_json::Value {
    let tasks = facts.tasks.iter().map(|t| {
        let (by, at) = t.confirmed.clone().map(|(by, at)| (by, second(at))).unzip();
        json!({ "team": t.team, "step": t.step, "confirmed_by": by, "confirmed_at": at })
    });
    tasks.collect()
}

/// What a database still holds physically after rows are gone.
fn physical(facts: &Facts<'_>) -> serde_json::Value {
    let touched = facts.plan.systems.iter().filter_map(|s| {
        let system = facts.company.policy.systems.iter().find(|x| x.name == s.system)?;
        let remains = match system.kind {
            SystemKind::Postgres => {
                "dead rows until the next vacuum; write-ahead log until it is recycled; backups until they expire"
            }
            SystemKind::Files => {
                "blocks of a disk until they are written again; versions and backups until they expire"
            }
            SystemKind::Mysql => {
                "deleted rows until they are purged; undo, redo and binary logs until they are recycled or expire; backups \
                 until they expire"
            }
            SystemKind::Sqlite => "free pages until they are reused or the file is vacuumed; backups until they expire",
            SystemKind::Http => "what the service keeps after it has deleted: its logs and backups, by its own rules",
            SystemKind::Manual => return None,
        };
        Some((s.system.clone(), json!(remains)))
    });
    serde_json::Value::Object(touched.collect())
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
