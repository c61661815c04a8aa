//! What a law or a hold stopped: written down with the run that had to leave it, and erased by itself when that ends.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result, bail};
use connect::Known;
use engine::ask::{By, Select};
use engine::plan::{Action, Plan, Question, Refusal, Register, Remainder, Stopped, StoppedRow};
use engine::policy::model::Right;
use engine::value::Value;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proof::certificate::Certificate;
use store::{Due, KeptRow, NEEDED, Store, Tx};

use super::carry::{stored_plan, whole};
use crate::clock;
use crate::company::Company;

/// How long the plan of a rest may be applied; it is carried out at once.
const VALID: SignedDuration = SignedDuration::from_hours(72);

/// What our own store knows of rows that are kept.
pub async fn known(store: &Store) -> Result<Known<'_>> {
    Ok(Known { register: register(store).await?, registrar: store })
}

async fn register(store: &Store) -> Result<Register> {
    Ok(Register::new(&store.register_key(), store.kept_places().await?))
}

/// What a run left: for the register.
pub struct Left {
    kept: Vec<KeptRow>,
    /// Rows that other cases keep, and that this run changed: digest, columns and content.
    changed: Vec<(String, Vec<String>, String)>,
}

/// Reads, on fresh connections, what a run left in rows that are kept.
pub async fn left(store: &Store, company: &Company, plan: &Plan) -> Result<Left> {
    let register = register(store).await?;
    let mut left = Left { kept: Vec::new(), changed: Vec::new() };
    if plan.right.returns() {
        return Ok(left);
    }
    for stopped in &plan.stopped {
        let keys = stopped.rows.iter().map(|row| row.key.clone()).collect();
        let found =
            contents(company, &register, &stopped.system, &stopped.table, &stopped.key, &stopped.decided_by, keys);
        let found = found.await?;
        for row in &stopped.rows {
            let digest = register.row(&stopped.system, &stopped.table, &row.key);
            if let Some(content) = found.get(&digest) {
                left.kept.extend(kept_rows(plan, stopped, row, &digest, content));
            }
        }
    }
    let steps = plan.systems.iter().flat_map(|s| s.steps.iter().map(move |step| (&s.system, step)));
    for (system, step) in steps.filter(|(s, step)| register.knows(s, &step.table)) {
        if matches!(step.action, Action::Change { .. } | Action::Reinsert { .. }) {
            let (keys, decides) = (step.keys.clone(), step.decided_by.clone());
            let found = contents(company, &register, system, &step.table, &step.key, &decides, keys).await?;
            left.changed.extend(found.into_iter().map(|(digest, content)| (digest, decides.clone(), content)));
        }
    }
    Ok(left)
}

/// What keeps a row, each a line of the register.
fn kept_rows(plan: &Plan, stopped: &Stopped, row: &StoppedRow, digest: &str, content: &str) -> Vec<KeptRow> {
    let line = |keeper: &str, columns: &[String], ends: Option<&String>| KeptRow {
        digest: digest.to_owned(),
        keeper: keeper.to_owned(),
        system: stopped.system.clone(),
        table: stopped.table.clone(),
        columns: columns.to_vec(),
        profile: plan.profile.clone(),
        ends: ends.cloned(),
        decides: stopped.decided_by.clone(),
        content: content.to_owned(),
        own: row.is_own(),
    };
    match row.by.as_slice() {
        [] => vec![line(NEEDED, &[], None)],
        by => by.iter().map(|by| line(&by.keeper, &by.columns, by.until.as_ref())).collect(),
    }
}

/// Digests of what stands in rows, by the digests of the rows; those that are gone are left out.
async fn contents(
    company: &Company,
    register: &Register,
    system: &str,
    table: &str,
    key: &[String],
    columns: &[String],
    keys: Vec<Vec<Value>>,
) -> Result<HashMap<String, String>> {
    let by = By::Keys { columns: key.to_vec(), values: keys };
    let select = Select { table: table.to_owned(), columns: columns.to_vec(), by, filter: Vec::new(), lock: false };
    let found = connect::sealed_rows(&company.systems, vec![(system.to_owned(), select)]).await?;
    let places: Option<Vec<usize>> = key.iter().map(|k| columns.iter().position(|c| c == k)).collect();
    let places = places.context("the columns that decide lack the key")?;
    let one = |row: Vec<Value>| {
        let key = places.iter().map(|at| row[*at].clone()).collect();
        (register.row(system, table, &key), register.content(table, columns, &row))
    };
    Ok(found.into_iter().flatten().map(one).collect())
}

impl Left {
    /// Writes it down with the change of state. Where something is left that should not be, the rest of an earlier run stays
    /// as it was, to be tried again.
    pub async fn write(&self, tx: &mut Tx<'_>, plan: &Plan, run: &str, complete: bool) -> Result<()> {
        for (digest, decides, content) in &self.changed {
            tx.left_as(digest, decides, content).await?;
        }
        if matches!(plan.right, Right::Erasure | Right::Deactivation) && (complete || plan.rest_of.is_none()) {
            tx.keep(&plan.request, run, &self.kept).await?;
        }
        Ok(())
    }
}

/// Digest of the certificate of the run whose rest a plan carries out.
pub async fn earlier_certificate(store: &Store, plan: &Plan) -> Result<Option<String>> {
    let Some(earlier) = &plan.rest_of else { return Ok(None) };
    for run in store.runs(&plan.request).await? {
        if run.plan_hash.to_string() == *earlier
            && let Some(kept) = store.certificate(&run.id).await?
        {
            return Ok(Some(Certificate::parse(&kept.bytes)?.digest().to_string()));
        }
    }
    Ok(None)
}

/// Cases of which something may go now. Holds count as the folder has them today; the second list names holds that keep
/// rows and that the folder does not have any more.
pub async fn due(store: &Store, company: &Company) -> Result<(Vec<Due>, Vec<String>)> {
    let mut gone = Vec::new();
    let mut tx = store.begin().await?;
    for (id, _) in store.kept_by_holds().await? {
        let hold = company.policy.holds.iter().find(|hold| hold.id == id);
        tx.hold_ends(&id, hold.and_then(|hold| hold.last.as_deref())).await?;
        gone.extend(hold.is_none().then_some(id));
    }
    tx.commit().await?;
    let today = clock::now().to_zoned(TimeZone::UTC).date().to_string();
    Ok((store.rests_due(&today).await?, gone))
}

/// The plan of what is left of a case. Rows that somebody changed since are refused, unless `changed` says that they may go
/// as they are.
pub async fn plan_rest(store: &Store, company: &Company, due: &Due, changed: bool) -> Result<Plan> {
    let first = stored_plan(store, &due.run).await?;
    let earlier = whole(store, &due.run, &first).await?;
    if !changed {
        unchanged(store, company, due, &earlier).await?;
    }
    let policy = company.policy_of(&earlier)?;
    let made_at = clock::now();
    let token_key = hex::decode(&earlier.token_key).ok().and_then(|key| key.try_into().ok());
    let kind = policy.kind(&earlier.kind);
    let question = Question {
        request: earlier.request.clone(),
        right: Right::Erasure,
        requested_by: earlier.requested_by.clone(),
        kind: kind.with_context(|| format!("the policy folder no longer has the subject kind {}", earlier.kind))?,
        tenant: earlier.tenant.clone(),
        seeds: Vec::new(),
        corrections: Vec::new(),
        sweep: false,
        words: Vec::new(),
        token_key: token_key.context("the earlier plan has no key of tokens")?,
        nonce: store::entropy::bytes()?,
        made_at,
        expires_at: made_at + VALID,
    };
    let (schemas, systems) = (&company.schemas, &company.systems);
    Ok(connect::plan_rest(
        policy,
        schemas,
        systems,
        (question, Remainder::of(earlier, first.hash())),
        known(store).await?,
    )
    .await?)
}

/// Do the rows that were kept still hold what the last run left in them? Those that are gone need nothing any more.
async fn unchanged(store: &Store, company: &Company, due: &Due, earlier: &Plan) -> Result<()> {
    let register = register(store).await?;
    let lines = store.kept_of(&due.case).await?;
    let lines: BTreeMap<&str, &KeptRow> = lines.iter().map(|line| (line.digest.as_str(), line)).collect();
    let mut tables: Vec<(String, usize)> = Vec::new();
    for stopped in &earlier.stopped {
        let mut asked: BTreeMap<&[String], Vec<Vec<Value>>> = BTreeMap::new();
        for row in &stopped.rows {
            let line = lines.get(register.row(&stopped.system, &stopped.table, &row.key).as_str());
            if let Some(line) = line {
                asked.entry(&line.decides).or_default().push(row.key.clone());
            }
        }
        let mut differ = 0;
        for (columns, keys) in asked {
            let found = contents(company, &register, &stopped.system, &stopped.table, &stopped.key, columns, keys);
            let found = found.await?;
            differ +=
                found.iter().filter(|(row, now)| lines.get(row.as_str()).is_none_or(|l| l.content != **now)).count();
        }
        if differ > 0 {
            tables.push((format!("{}.{}", stopped.system, stopped.table), differ));
        }
    }
    if tables.is_empty() {
        return Ok(());
    }
    bail!(
        "{}; look at them, then let them go as they are with `upheld resume FOLDER --due --changed {}`, or plan an erasure anew",
        Refusal::Changed { tables },
        due.case
    )
}
