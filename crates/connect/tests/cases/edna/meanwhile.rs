//! An application goes on while somebody is away: what it wrote since is not overwritten, and what it came to need stays.

use super::dump::Dump;
use super::stage::Stage;
use super::theirs::Theirs;
use super::trials::{Shown, Tried};

/// Statements of an application, run while somebody is away, and what is to be seen of them after the return.
pub struct Meanwhile {
    /// What the application does.
    pub does: &'static str,
    /// What differs from before once the person is back, place by place; `*` is a number that the database gave.
    pub differs: &'static [&'static str],
}

/// The first person leaves, the application does something, and they come back.
pub async fn changed(stage: &Stage, theirs: &Theirs) -> Tried {
    let Some(meanwhile) = &stage.app.meanwhile else { return Ok(Shown::default()) };
    let who = theirs.people(&stage.before).swap_remove(0);
    let (profile, _) = stage.app.profiles[0];
    let own = stage.scene.leave(profile, stage.seed(theirs, &who), "1").await?;
    stage.place.execute(meanwhile.does).await;
    let rows = stage.scene.come_back(&own, &mut []).await?;
    let now = stage.dump().await;
    Ok(Shown { rows, wrong: told(meanwhile, &stage.before, &now), ..Shown::default() })
}

fn told(meanwhile: &Meanwhile, before: &Dump, now: &Dump) -> Vec<String> {
    let mut found = before.differs(now);
    let mut wrong = Vec::new();
    for expected in meanwhile.differs {
        match found.iter().position(|f| is_so(expected, f)) {
            Some(at) => drop(found.remove(at)),
            None => wrong.push(format!("not so: {expected}")),
        }
    }
    wrong.into_iter().chain(found.into_iter().map(|f| format!("as well: {f}"))).collect()
}

fn is_so(expected: &str, found: &str) -> bool {
    let Some((begin, end)) = expected.split_once('*') else { return expected == found };
    let number = found.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
    number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}
