//! What is tried with each application.

use std::path::{Path, PathBuf};
use std::time::Instant;

use engine::plan::restore::Deactivation;

use super::apps::App;
use super::dump::{Cell, Dump};
use super::stage::Stage;
use super::theirs::Theirs;
use super::{apart, meanwhile};
use crate::asked::Untried;
use crate::outcome::Outcome;

/// What a trial showed, or why it could not be tried.
pub type Tried = Result<Shown, String>;

/// Rows that were compared, and what was wrong.
#[derive(Default)]
pub struct Shown {
    pub rows: usize,
    pub wrong: Vec<String>,
    /// Where somebody was named while they were away and others came back; told apart, for it is another promise than that
    /// all is as it was in the end.
    pub named: Option<Vec<String>>,
}

/// How many people leave one after the other.
const SEVERAL: usize = 5;

/// Who comes back first.
#[derive(Clone, Copy, Debug)]
enum Order {
    Backwards,
    AsTheyLeft,
    Any(usize),
}

const ORDERS: [Order; 5] = [Order::Backwards, Order::AsTheyLeft, Order::Any(5), Order::Any(11), Order::Any(22)];

/// Everything, one outcome for each.
pub async fn all(app: &'static App, folder: &Path) -> Vec<Outcome> {
    let mut trials = Trials { app, folder, rows: None, stage: None, outcomes: Vec::new() };
    for (profile, disguise) in app.profiles {
        let alone = async |s: &Stage| {
            let theirs = s.theirs(folder, disguise).await;
            let people = theirs.people(&s.before);
            each(s, profile, &theirs, &people[..SEVERAL]).await
        };
        trials.try_it(&format!("{profile}: each leaves and returns"), alone).await;
    }
    // The first way of leaving in all orders, each of the others in one of them.
    let first = ORDERS.map(|order| (&app.profiles[0], order));
    let others = app.profiles.iter().zip(ORDERS).skip(1);
    for ((profile, disguise), order) in first.into_iter().chain(others) {
        let together = async |s: &Stage| several(s, profile, &s.theirs(folder, disguise).await, order).await;
        trials.try_it(&format!("{profile}: several, {order:?}"), together).await;
    }
    let [(_, disguise), ..] = app.profiles else { return trials.outcomes };
    for account_first in [true, false] {
        let first = if account_first { "account" } else { "rows" };
        let both = async |s: &Stage| {
            let theirs = s.theirs(folder, disguise).await;
            let who = theirs.people(&s.before).swap_remove(1);
            apart::both(app, s, &theirs, &who, &s.seed(&theirs, &who), account_first).await
        };
        trials.try_it(&format!("apart, then gone; {first} back first"), both).await;
    }
    if app.meanwhile.is_some() {
        let changed = async |s: &Stage| meanwhile::changed(s, &s.theirs(folder, disguise).await).await;
        trials.try_it("the application goes on while somebody is away", changed).await;
    }
    for (profile, disguise, who) in app.observed {
        let file = format!("observed-roundtrip/roundtrip-{profile}-{who}-before.sql.gz");
        (trials.rows, trials.stage) = (Some(folder.join(file)), None);
        let alone = async |s: &Stage| {
            let who = [Some(who.as_bytes().to_vec())];
            each(s, profile, &s.theirs(folder, disguise).await, &who).await
        };
        trials.try_it(&format!("{profile}: as observed, person {who}"), alone).await;
    }
    trials.outcomes
}

struct Trials<'a> {
    app: &'static App,
    folder: &'a Path,
    /// A file of rows; without one they are made.
    rows: Option<PathBuf>,
    /// Kept from trial to trial as long as all is as it was.
    stage: Option<Stage>,
    outcomes: Vec<Outcome>,
}

impl Trials<'_> {
    async fn try_it(&mut self, asked: &str, trial: impl AsyncFnOnce(&Stage) -> Tried) {
        let case = format!("{}: {asked}", self.app.name);
        let outcome = Outcome::untried(super::GROUP, &case);
        let stage = match self.stage.take() {
            Some(stage) => stage,
            None => match Stage::set(self.app, self.folder, self.rows.as_deref()).await {
                Ok(stage) => stage,
                Err(Untried::Later(why)) => return self.outcomes.push(outcome.later(why)),
                Err(Untried::Wrong(why)) => return self.outcomes.push(outcome.because(why)),
            },
        };
        let begin = Instant::now();
        let shown = trial(&stage).await.unwrap_or_else(|why| Shown { wrong: vec![why], ..Shown::default() });
        if stage.dump().await == stage.before {
            self.stage = Some(stage);
        }
        let took = begin.elapsed();
        let tried = |case: &str, asked: &str, wrong: Vec<String>| {
            let outcome = Outcome::untried(super::GROUP, case);
            Outcome { asked: asked.to_owned(), rows: shown.rows, wrong, took, ..outcome }
        };
        self.outcomes.push(tried(&case, "reactivation", shown.wrong.clone()));
        if let Some(named) = &shown.named {
            let case = format!("{case}, unnamed meanwhile");
            self.outcomes.push(tried(&case, "reactivation", named.clone()));
        }
    }
}

/// People leave and return, one at a time.
async fn each(stage: &Stage, profile: &str, theirs: &Theirs, people: &[Cell]) -> Tried {
    let (mut rows, mut theirs_rows, mut wrong) = (0, 0, Vec::new());
    for who in people {
        let own = stage.scene.leave(profile, stage.seed(theirs, who), "1").await?;
        let after = stage.dump().await;
        let seen = theirs.compare(stage.app, who, &stage.before, &after);
        wrong.extend(seen.wrong);
        let (others, named) = while_away(stage, theirs, std::slice::from_ref(who), &after);
        wrong.extend(others.into_iter().chain(named));
        rows += stage.scene.come_back(&own, &mut []).await?;
        wrong.extend(stage.before.differs(&stage.dump().await));
        theirs_rows += seen.rows;
        if !wrong.is_empty() {
            break;
        }
    }
    if theirs_rows == 0 {
        wrong.push("nobody who left had any rows".to_owned());
    }
    Ok(Shown { rows, wrong, ..Shown::default() })
}

/// Several leave one after the other, and return in some order.
async fn several(stage: &Stage, profile: &str, theirs: &Theirs, order: Order) -> Tried {
    let people: Vec<Cell> = theirs.people(&stage.before).into_iter().take(SEVERAL).collect();
    let mut away: Vec<(Cell, Deactivation)> = Vec::new();
    let (mut rows, mut wrong, mut named) = (0, Vec::new(), Vec::new());
    for (nth, who) in people.iter().enumerate() {
        let own = stage.scene.leave(profile, stage.seed(theirs, who), &format!("{nth}")).await;
        away.push((who.clone(), own.map_err(|why| format!("person {nth}: {why}"))?));
        let (others, residues) = while_away(stage, theirs, &people[..=nth], &stage.dump().await);
        wrong.extend(others.into_iter().chain(residues));
    }
    while !away.is_empty() {
        let next = match &order {
            Order::Backwards => away.len() - 1,
            Order::AsTheyLeft => 0,
            Order::Any(number) => number % away.len(),
        };
        let (_, own) = away.remove(next);
        let (who, mut others): (Vec<Cell>, Vec<Deactivation>) = away.into_iter().unzip();
        let back = stage.scene.come_back(&own, &mut others).await;
        rows += back.map_err(|why| format!("person {} returns: {why}", own.case))?;
        let (changed, residues) = while_away(stage, theirs, &who, &stage.dump().await);
        wrong.extend(changed);
        named.extend(residues);
        away = who.into_iter().zip(others).collect();
    }
    wrong.extend(stage.before.differs(&stage.dump().await));
    Ok(Shown { rows, wrong, named: Some(named) })
}

/// While some are away: rows of others that are not as they were, and where one who is away is named.
fn while_away(stage: &Stage, theirs: &Theirs, away: &[Cell], now: &Dump) -> (Vec<String>, Vec<String>) {
    let words: Vec<String> = away.iter().flat_map(|w| theirs.words(&stage.before, w, stage.app.words)).collect();
    let others = theirs.others(stage.app, away, &words, &stage.before, now);
    (others, if theirs.removes_people() { now.residues(&words) } else { Vec::new() })
}
