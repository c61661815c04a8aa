//! What is tried with each application.

use std::path::Path;
use std::time::Instant;

use engine::plan::Seed;
use engine::plan::restore::Deactivation;
use engine::source::Source;
use engine::value::Value;

use super::apart;
use super::apps::App;
use super::away::Scene;
use super::dump::{Cell, Dump};
use super::place::Place;
use super::rows::statements;
use super::theirs::Theirs;
use crate::asked::{Untried, compiled};
use crate::outcome::Outcome;

/// Rows that were compared, and what was wrong; or why it could not be tried.
pub type Tried = Result<(usize, Vec<String>), String>;

/// How many people leave one after the other.
const SEVERAL: usize = 5;

/// An application with its rows.
pub struct Stage {
    pub app: &'static App,
    pub scene: Scene,
    pub before: Dump,
    place: Place,
}

impl Stage {
    async fn set(app: &'static App, folder: &Path) -> Result<Stage, Untried> {
        let place = Place::of(&folder.join("schema.sql")).await;
        let systems = place.systems(app.name);
        let schemas = connect::describe(&systems).await.map_err(|e| Untried::Wrong(e.to_string()))?;
        let policy = compiled(&map(app.name), &schemas)?;
        place.execute(&statements(app, &policy, &schemas[app.name])).await;
        let before = place.dump(&schemas[app.name]).await;
        Ok(Stage { app, scene: Scene { policy, schemas, systems }, before, place })
    }

    /// All rows as they are now.
    pub async fn dump(&self) -> Dump {
        self.place.dump(&self.scene.schemas[self.app.name]).await
    }

    fn seed(&self, theirs: &Theirs, who: &Cell) -> Seed {
        let value = |cell: &Cell| {
            let text = String::from_utf8_lossy(cell.as_deref().unwrap_or_default()).into_owned();
            text.parse().map_or_else(|_| Value::text(text), Value::Int)
        };
        Seed::Record {
            system: self.app.name.to_owned(),
            key: theirs.key(&self.before, who).iter().map(value).collect(),
        }
    }
}

/// Who comes back first.
#[derive(Clone, Copy, Debug)]
enum Order {
    Backwards,
    AsTheyLeft,
    Any(usize),
}

const ORDERS: [Order; 5] = [Order::Backwards, Order::AsTheyLeft, Order::Any(5), Order::Any(11), Order::Any(22)];

/// The files of a map of ours.
fn map(name: &str) -> Source {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/maps/edna-{name}"));
    let mut source = Source::default();
    for place in ["", "systems/"] {
        let mut files: Vec<_> =
            std::fs::read_dir(folder.join(place)).expect("a map").map(|f| f.expect("a file")).collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        for file in files.iter().filter(|f| f.path().is_file()) {
            let text = std::fs::read_to_string(file.path()).expect("a file of the map");
            source.add(format!("{place}{}", file.file_name().to_string_lossy()), text);
        }
    }
    source
}

/// Everything, one outcome for each.
pub async fn all(app: &'static App, folder: &Path) -> Vec<Outcome> {
    let mut trials = Trials { app, folder, stage: None, outcomes: Vec::new() };
    for (profile, disguise) in app.profiles {
        let theirs = Theirs::read(app, folder, disguise);
        trials.try_it(&format!("{profile}: each leaves and returns"), async |s| each(s, profile, &theirs).await).await;
        if !theirs.removes_people() {
            continue;
        }
        for order in ORDERS {
            let asked = format!("{profile}: several, {order:?}");
            trials.try_it(&asked, async |s| several(s, profile, &theirs, order).await).await;
        }
    }
    for account_first in [true, false] {
        let order = if account_first { "account" } else { "rows" };
        let [.., (_, disguise)] = app.profiles else { continue };
        let theirs = Theirs::read(app, folder, disguise);
        let both = async |s: &Stage| {
            let who = theirs.people(&s.before).swap_remove(1);
            apart::both(app, s, &theirs, &who, &s.seed(&theirs, &who), account_first).await
        };
        trials.try_it(&format!("apart, then gone; {order} back first"), both).await;
    }
    trials.outcomes
}

struct Trials<'a> {
    app: &'static App,
    folder: &'a Path,
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
            None => match Stage::set(self.app, self.folder).await {
                Ok(stage) => stage,
                Err(Untried::Later(why)) => return self.outcomes.push(outcome.later(why)),
                Err(Untried::Wrong(why)) => return self.outcomes.push(outcome.because(why)),
            },
        };
        let begin = Instant::now();
        let (rows, wrong) = trial(&stage).await.unwrap_or_else(|why| (0, vec![why]));
        if wrong.is_empty() && stage.dump().await == stage.before {
            self.stage = Some(stage);
        }
        self.outcomes.push(Outcome { asked: "reactivation".to_owned(), rows, wrong, took: begin.elapsed(), ..outcome });
    }
}

/// People leave and return, one at a time.
async fn each(stage: &Stage, profile: &str, theirs: &Theirs) -> Tried {
    let (mut rows, mut wrong) = (0, Vec::new());
    for who in theirs.people(&stage.before).iter().take(SEVERAL) {
        let own = stage.scene.leave(profile, stage.seed(theirs, who), "1").await?;
        let after = stage.dump().await;
        let seen = theirs.compare(stage.app, who, &stage.before, &after);
        wrong.extend(seen.wrong);
        wrong.extend(while_away(stage, theirs, std::slice::from_ref(who), &after));
        rows += stage.scene.come_back(&own, &mut []).await?;
        wrong.extend(stage.before.differs(&stage.dump().await));
        if seen.rows == 0 {
            wrong.push("somebody who left had no rows".to_owned());
        }
        if !wrong.is_empty() {
            break;
        }
    }
    Ok((rows, wrong))
}

/// Several leave one after the other, and return in some order.
async fn several(stage: &Stage, profile: &str, theirs: &Theirs, order: Order) -> Tried {
    let people: Vec<Cell> = theirs.people(&stage.before).into_iter().take(SEVERAL).collect();
    let mut away: Vec<(Cell, Deactivation)> = Vec::new();
    let (mut rows, mut wrong) = (0, Vec::new());
    for (nth, who) in people.iter().enumerate() {
        let own = stage.scene.leave(profile, stage.seed(theirs, who), &format!("{nth}")).await;
        away.push((who.clone(), own.map_err(|why| format!("person {nth}: {why}"))?));
        wrong.extend(while_away(stage, theirs, &people[..=nth], &stage.dump().await));
    }
    while !away.is_empty() && wrong.is_empty() {
        let next = match &order {
            Order::Backwards => away.len() - 1,
            Order::AsTheyLeft => 0,
            Order::Any(number) => number % away.len(),
        };
        let (_, own) = away.remove(next);
        let (who, mut others): (Vec<Cell>, Vec<Deactivation>) = away.into_iter().unzip();
        let back = stage.scene.come_back(&own, &mut others).await;
        rows += back.map_err(|why| format!("person {} returns: {why}", own.case))?;
        away = who.into_iter().zip(others).collect();
        let still: Vec<Cell> = away.iter().map(|(who, _)| who.clone()).collect();
        wrong.extend(while_away(stage, theirs, &still, &stage.dump().await));
    }
    wrong.extend(stage.before.differs(&stage.dump().await));
    Ok((rows, wrong))
}

/// While some are away, nothing names them, and nobody else's rows are other than they were.
fn while_away(stage: &Stage, theirs: &Theirs, away: &[Cell], now: &Dump) -> Vec<String> {
    let words: Vec<String> = away.iter().flat_map(|w| theirs.words(&stage.before, w, stage.app.words)).collect();
    let mut wrong = theirs.others(stage.app, away, &words, &stage.before, now);
    if theirs.removes_people() {
        wrong.extend(now.residues(&words));
    }
    wrong
}
