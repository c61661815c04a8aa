//! What becomes of a request before any row is looked at: is the way it came open, is it asked for again, and what counts more
//! where it meets somebody else's wish.

use super::Decision;
use crate::policy::model::Said;
use crate::policy::written::{Declaration, Given};

/// May a right be asked for by this way? A request that came by another one is never lost: the answer says what is done.
pub fn takes(said: &Said, right: &str, route: &str) -> Decision {
    let Some(declared) = said.find("right", right) else {
        return Decision::no(
            format!("the folder has no rule for {right}{}", super::names::hint(said, "right", right)),
            &[],
        );
    };
    let routes = declared.list("routes");
    if routes.is_empty() || routes.contains(&route) {
        return Decision::yes(format!("{right} can be asked for by {}", plain(route)), &[declared]);
    }
    let others: Vec<String> = routes.into_iter().map(plain).collect();
    let why = format!(
        "{right} is asked for by {}; what came by {} is noted, and the person is told the way",
        others.join(" or "),
        plain(route)
    );
    Decision::no(why, &[declared])
}

fn plain(route: &str) -> String {
    route.replace('_', " ")
}

/// Somebody who wishes to be erased, or about whom somebody else does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// It came online.
    pub online: bool,
    /// The person's age, where it is known.
    pub age: Option<u64>,
}

/// Is an erasure asked for a second time before it is carried out? That of a child is not: it waits for nothing.
pub fn asks_again(said: &Said, wish: Wish) -> Decision {
    if let (Some(limit), Some(age)) = (said.find("setting", "children.min_age"), wish.age)
        && age < whole(limit)
    {
        return Decision::no(format!("they are under {}: data of children goes at once", whole(limit)), &[limit]);
    }
    let own = said.find("right", "erasure").filter(|d| d.text("confirm").is_some());
    let Some(deciding) = own.or(said.find("setting", "erasure.confirm")) else {
        return Decision::no("nothing says that it is asked for twice", &[]);
    };
    match deciding.text("confirm").or(deciding.text("value")) {
        Some("always") => Decision::yes("every wish to be erased is asked for a second time", &[deciding]),
        Some("online") if wish.online => {
            Decision::yes("it came online, and those are asked for a second time", &[deciding])
        }
        Some("online") => Decision::no("only what comes online is asked for a second time", &[deciding]),
        _ => Decision::no("no wish to be erased is asked for a second time", &[deciding]),
    }
}

fn whole(setting: &Declaration) -> u64 {
    match setting.get("value").map(|given| &given.it) {
        Some(Given::Whole(n)) => *n,
        _ => 0,
    }
}

/// May data of somebody of an age be held? Under the limit it may not, save where the folder lets a parent's verified consent
/// count. Without a limit nothing forbids it.
pub fn may_hold(said: &Said, age: u64, parent_agreed: bool) -> Decision {
    let Some(limit) = said.find("setting", "children.min_age") else {
        return Decision::no("the folder does not say from which age on", &[]);
    };
    if age >= whole(limit) {
        return Decision::yes(format!("the limit is {}", whole(limit)), &[limit]);
    }
    match (said.find("setting", "children.parental_consent_allows"), parent_agreed) {
        (Some(allows), true) if said.setting_flag("children.parental_consent_allows") => {
            Decision::yes(format!("under {}, with a parent's consent", whole(limit)), &[limit, allows])
        }
        (Some(refuses), true) => Decision::no(
            format!("under {}, and a parent's consent allows nothing here", whole(limit)),
            &[limit, refuses],
        ),
        _ => Decision::no(format!("under {}", whole(limit)), &[limit]),
    }
}

/// What bears on whether data of a person is erased.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims<'a> {
    /// The person wishes it.
    pub requested: bool,
    /// A law that keeps the data, by id.
    pub law: Option<&'a str>,
    /// A customer wishes to keep the data, for this reason; without a reason it is no hold.
    pub hold: Option<&'a str>,
    /// A paid plan has ended.
    pub downgraded: bool,
}

/// What becomes of the data, and what the person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Is it erased?
    pub erased: Decision,
    /// What the person is told where their wish was not followed.
    pub told: Option<String>,
}

/// Is data erased? What stands first in `erasure.precedence` decides; what does not stand there counts for nothing, save a law,
/// which always counts. The end of a paid plan is no wish of anybody: it never beats one.
pub fn erases(said: &Said, claims: Claims<'_>) -> Outcome {
    let precedence = said.find("setting", "erasure.precedence");
    let order = precedence.map(|d| d.list("value")).unwrap_or_default();
    let by: Vec<&Declaration> = precedence.into_iter().collect();
    if let Some(law) = claims.law.and_then(|id| said.find("law", id)) {
        let title = law.text("title").unwrap_or(&law.id);
        return refused(claims, format!("{title} keeps it"), &[law]);
    }
    if let Some(id) = claims.law {
        // What nobody declared keeps nothing.
        let hint = super::names::hint(said, "law", id);
        return Outcome { erased: Decision::no(format!("{id} is no declared law{hint}"), &[]), told: None };
    }
    let place = |what: &str| order.iter().position(|own| *own == what);
    let hold = claims.hold.map(str::trim).filter(|reason| !reason.is_empty()).zip(place("tenant_hold"));
    match (claims.requested, hold) {
        (true, Some((reason, held))) if place("request").is_none_or(|asked| held < asked) => {
            refused(claims, format!("a customer keeps it: {reason}"), &by)
        }
        (true, _) => Outcome { erased: Decision::yes("the person wishes it", &by), told: None },
        (false, _) => Outcome { erased: unasked(said, claims.downgraded), told: None },
    }
}

fn refused(claims: Claims<'_>, why: String, by: &[&Declaration]) -> Outcome {
    let told = claims.requested.then(|| format!("not erased, and why: {why}"));
    Outcome { erased: Decision::no(why, by), told }
}

/// Nobody wishes it.
fn unasked(said: &Said, downgraded: bool) -> Decision {
    let rule = said.find("setting", "account.downgrade");
    match rule.filter(|_| downgraded).and_then(|d| d.text("value").map(|word| (word, d))) {
        Some(("starts_clock", d)) => Decision::no("the end of the plan starts the period after which it goes", &[d]),
        Some((_, d)) => Decision::no("the end of a plan erases nothing", &[d]),
        None => Decision::no("nobody wishes it", &[]),
    }
}
