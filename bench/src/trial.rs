//! The trial: the same subjects by hand and by Upheld, taking turns.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use engine::plan::{Action, Plan};
use engine::policy::model::Right;
use engine::value::Value;

use crate::Args;
use crate::hand::{Found, Hand, Tokens, access, erasure};
use crate::parts::{Cost, clocked};
use crate::report::Series;
use crate::upheld::{Given, Upheld};
use crate::world::{Engine, World};

/// Subjects before the measured ones, so that caches and statements are warm.
const WARM: usize = 6;
/// Processes of which each fulfils one request.
const COLD: usize = 5;

/// Parts of a cold request, in milliseconds.
pub type Cold = BTreeMap<String, f64>;

/// Access, then erasure, of subjects that are all different.
pub async fn trial(world: &World, engine: Engine, args: &Args) -> Result<Vec<Series>> {
    let each = WARM + args.subjects;
    let subjects = world.subjects(args.persons, 2 * (each + COLD)).await?;
    let (upheld, _) = Upheld::open(&world.dir).await?;
    let mut hand = world.hand().await?;
    let mut all = Vec::new();
    for (right, subjects) in [Right::Access, Right::Erasure].into_iter().zip(subjects.chunks(each + COLD)) {
        let mut series = Series { right, engine, hand: Vec::new(), upheld: Vec::new(), cold: Vec::new() };
        let (warm, cold) = subjects.split_at(each);
        for (n, email) in warm.iter().enumerate() {
            let (by_hand, by_upheld) = one(&mut hand, &upheld, right, email, n % 2 == 0).await?;
            if n >= WARM {
                series.hand.push(by_hand);
                series.upheld.push(by_upheld);
            }
        }
        for email in cold {
            let given = Given::new()?;
            series.cold.push(in_own_process(&world.dir, right, email, &given)?);
            by_hand(&mut hand, right, email, &given).await?;
        }
        all.push(series);
    }
    let different = world.differences().await?;
    ensure!(different.is_empty(), "the copies differ in {}", different.join(", "));
    Ok(all)
}

type ByHand = (Duration, u64);

/// One request on both copies; whose turn is first alternates.
async fn one(
    hand: &mut Hand,
    upheld: &Upheld,
    right: Right,
    email: &str,
    hand_first: bool,
) -> Result<(ByHand, (usize, Cost))> {
    hand.statements();
    let given = Given::new()?;
    let before = if hand_first { Some(clocked(by_hand(hand, right, email, &given)).await) } else { None };
    let (plan, cost) = upheld.fulfil(right, email, &given).await?;
    let (found, time) = match before {
        Some(done) => done,
        None => clocked(by_hand(hand, right, email, &given)).await,
    };
    if right == Right::Access {
        let (found, planned) = (found?, exported(&plan));
        for table in found.keys().chain(planned.keys()) {
            ensure!(found.get(table) == planned.get(table), "not the same rows of {table} were found");
        }
    } else {
        found?;
    }
    Ok(((time, hand.statements()), (plan.rows(), cost)))
}

async fn by_hand(hand: &mut Hand, right: Right, email: &str, given: &Given) -> Result<Found> {
    if right == Right::Access {
        return access(hand, email).await;
    }
    let tokens = Tokens {
        key: hex::encode(given.token_key),
        now: given.made_at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        today: given.made_at.strftime("%Y-%m-%d").to_string(),
    };
    erasure(hand, email, &tokens).await?;
    Ok(Found::new())
}

/// Keys of the rows that a plan returns, by table.
fn exported(plan: &Plan) -> Found {
    let mut found = Found::new();
    let text = |v: &Value| v.join_text().map(|s| s.into_owned()).unwrap_or_default();
    for system in &plan.systems {
        for step in system.steps.iter().filter(|s| matches!(s.action, Action::Export { .. })) {
            let keys = step.keys.iter().map(|k| k.iter().map(text).collect::<Vec<_>>().join(","));
            found.entry(format!("{}.{}", system.system, step.table)).or_default().extend(keys);
        }
    }
    for table in ["helpdesk.sessions", "billing.cards"] {
        // By hand these keys, of type uuid, are not decoded; their number is compared.
        let Some(keys) = found.get_mut(table) else { continue };
        *keys = keys.iter().enumerate().map(|(n, _)| n.to_string()).collect();
    }
    found
}

/// Fulfils one request in a fresh process.
fn in_own_process(dir: &Path, right: Right, email: &str, given: &Given) -> Result<Cold> {
    let mut child = Command::new(std::env::current_exe()?);
    child.arg("--cold").arg(dir).args([right.word(), email, &given.to_string()]);
    let done = child.output()?;
    ensure!(done.status.success(), "a process of its own: {}", String::from_utf8_lossy(&done.stderr));
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// What that process does: folder, right, address, given values.
pub async fn cold(request: &[String]) -> Result<Cold> {
    let [dir, right, email, given] = request else { anyhow::bail!("four values are needed") };
    let right = if right == "access" { Right::Access } else { Right::Erasure };
    let (upheld, opened) = Upheld::open(Path::new(dir)).await?;
    let (_, cost) = upheld.fulfil(right, email, &given.parse().context("key and time")?).await?;
    let ms = |t: Duration| t.as_secs_f64() * 1000.0;
    let mut parts: Cold = opened.into_iter().map(|(name, time)| (name.to_owned(), ms(time))).collect();
    parts.insert("request in target databases".to_owned(), ms(cost.in_databases()));
    parts.insert("request outside them".to_owned(), ms(cost.outside()));
    Ok(parts)
}
