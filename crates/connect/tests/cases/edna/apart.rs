//! One person leaves in two ways, and the two are taken back in either order.

use engine::plan::Seed;
use engine::plan::restore::Deactivation;

use super::apps::App;
use super::dump::{Cell, Dump};
use super::stage::Stage;
use super::theirs::Theirs;
use super::trials::{Shown, Tried};

/// First their rows are set apart, then their account goes. Whichever is taken back last, all is as it was.
pub async fn both(app: &App, stage: &Stage, first: &Theirs, who: &Cell, seed: &Seed, account_first: bool) -> Tried {
    let [(gdpr, _), (apart, _), ..] = app.profiles else { return Err("there is one way only".to_owned()) };
    let mut anonymous = stage.scene.leave(apart, seed.clone(), "1").await?;
    let between = stage.dump().await;
    let mut gone = stage.scene.leave(gdpr, seed.clone(), "2").await?;
    let mut rows = 0;
    let mut wrong = Vec::new();
    if account_first {
        rows += back(stage, &gone, &mut anonymous).await?;
        // The account is there again, and what was set apart still is.
        wrong.extend(between.differs(&stage.dump().await));
        rows += stage.scene.come_back(&anonymous, &mut []).await?;
    } else {
        rows += back(stage, &anonymous, &mut gone).await?;
        wrong.extend(named(first, stage, who, &stage.dump().await));
        rows += stage.scene.come_back(&gone, &mut []).await?;
    }
    wrong.extend(stage.before.differs(&stage.dump().await));
    Ok(Shown { rows, wrong, ..Shown::default() })
}

/// One comes back, the other stays sealed.
async fn back(stage: &Stage, own: &Deactivation, other: &mut Deactivation) -> Result<usize, String> {
    let mut others = [other.clone()];
    let rows = stage.scene.come_back(own, &mut others).await?;
    let [after] = others;
    *other = after;
    Ok(rows)
}

/// As long as the account is away, nothing leads to it.
fn named(theirs: &Theirs, stage: &Stage, who: &Cell, now: &Dump) -> Vec<String> {
    now.residues(&theirs.words(&stage.before, who, stage.app.words))
}
