//! Statements of the notice, computed anew from what the folder says.

use jiff::civil::Date;

use super::disclose::{Class, active, classes, receives};
use super::transfer::{held, lawful};
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// Nothing, or why a statement does not follow.
type Found = Result<(), String>;

/// Does a statement follow from what is said? `cards`: in how many columns card numbers were found, where stores were searched.
pub fn holds(said: &Said, claim: &Declaration, today: Date, cards: Option<usize>) -> Found {
    let from = claim.period("window").map_or(today, |w| today.checked_sub(w).unwrap_or(today));
    let flows = || said.of("recipient").filter(|r| active(r, from, today));
    let is = |r: &Declaration, some: &[Class]| classes(said, r).iter().any(|c| some.contains(c));
    let none = |some: &[Class], what: &str| match flows().find(|r| is(r, some)) {
        Some(r) => Err(format!("{what} to {}", r.id.it)),
        None if said.of("recipient").next().is_none() => {
            Err("no recipient is declared, so nothing is known".to_owned())
        }
        None => Ok(()),
    };
    match claim.text("says").unwrap_or_default() {
        "not_sold" | "not_rented" => none(&[Class::Sale, Class::Exchange], "data is sold"),
        "not_sold_for_money" | "no_data_broker" => none(&[Class::Sale], "data is sold for money"),
        "not_shared_for_advertising" => none(&[Class::Share], "data for advertising elsewhere goes"),
        "minors_not_sold" => minors(said, flows()),
        "no_own_marketing_of_others" => own_marketing(flows()),
        "sensitive_not_beyond_limits" => sensitive(said, flows()),
        "payment_data_not_stored" => cards_not_stored(said, cards),
        "certified" => certified(said, claim, today, true),
        "not_certified" => certified(said, claim, today, false),
        "certification_applied_for" => applied_for(said, claim),
        "only_adequate_countries" => safeguarded(said, today).and_then(|()| adequate(said, today)),
        "transfer_safeguarded" => safeguarded(said, today),
        "sub_processors_listed" => listed(said),
        "source_limited" => sourced(said),
        other => Err(format!("nobody knows how to compute {other}")),
    }
}

/// Who buys or shares must be told to leave minors out.
fn minors<'a>(said: &Said, mut flows: impl Iterator<Item = &'a Declaration>) -> Found {
    let open = flows.find(|r| !serves(said, r) && r.flag("minors") != Some(false));
    match open {
        Some(r) => Err(format!("data of minors may go to {}", r.id.it)),
        None => said.setting("children.sale_min_age").map(drop).ok_or_else(|| "no age is set".to_owned()),
    }
}

/// It works for the company, and nothing more.
fn serves(said: &Said, recipient: &Declaration) -> bool {
    classes(said, recipient) == [Class::Service]
}

fn own_marketing<'a>(mut flows: impl Iterator<Item = &'a Declaration>) -> Found {
    let free = |r: &&Declaration| {
        r.flag("direct_marketing") == Some(true)
            && !matches!(r.text("needs"), Some("opt_in" | "consent" | "explicit_consent"))
    };
    flows.find(free).map_or(Ok(()), |r| Err(format!("{} uses data for its own marketing without consent", r.id.it)))
}

fn sensitive<'a>(said: &Said, mut flows: impl Iterator<Item = &'a Declaration>) -> Found {
    let sensitive: Vec<&Declaration> = said.of("category").filter(|c| c.flag("sensitive") == Some(true)).collect();
    let beyond = |r: &&Declaration| !serves(said, r) && sensitive.iter().any(|c| receives(said, r, &c.id));
    if let Some(r) = flows.find(beyond) {
        return Err(format!("sensitive data goes to {}", r.id.it));
    }
    let touches = |p: &Declaration, c: &Declaration| {
        let keys = c.list("covers");
        let open = !p.list("closed_to").contains(&c.id.it.as_str());
        open && p.list("categories").iter().any(|used| keys.iter().any(|key| covers(key, used) || covers(used, key)))
    };
    let uses = |p: &&Declaration| p.flag("marketing") == Some(true) && sensitive.iter().any(|c| touches(p, c));
    said.of("purpose").find(uses).map_or(Ok(()), |p| Err(format!("sensitive data is used for {}", p.id.it)))
}

fn cards_not_stored(said: &Said, cards: Option<usize>) -> Found {
    match (said.setting_text("payment.vault"), cards) {
        (Some("declared"), _) => Err("a place for card numbers is declared".to_owned()),
        (None, _) => Err("`payment.vault` is not decided".to_owned()),
        (_, Some(0)) => Ok(()),
        (_, Some(columns)) => Err(format!("card numbers stand in {columns} columns")),
        (_, None) => Err("the stores were not searched: the folder has no sample".to_owned()),
    }
}

fn scheme<'a>(said: &'a Said, claim: &Declaration) -> Option<&'a Declaration> {
    let wanted = claim.text("scheme")?;
    let own = |c: &&Declaration| c.text("scheme") == Some(wanted) && matches!(c.text("holder"), None | Some("us"));
    said.of("certification").find(own)
}

fn certified(said: &Said, claim: &Declaration, today: Date, expected: bool) -> Found {
    let register = scheme(said, claim).ok_or("the register does not have this scheme")?;
    match (held(register, today), expected) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err("it is certified".to_owned()),
        (false, true) => Err(format!("the register says {}", register.text("status").unwrap_or_default())),
    }
}

fn applied_for(said: &Said, claim: &Declaration) -> Found {
    match scheme(said, claim).and_then(|c| c.text("status")) {
        Some("applied_for") => Ok(()),
        Some(other) => Err(format!("the register says {other}")),
        None => Err("the register does not have this scheme".to_owned()),
    }
}

/// Every transfer of today rests on what a country or a framework offers, not on contracts or consent.
fn adequate(said: &Said, today: Date) -> Found {
    let adequate =
        |t: &Declaration| matches!(t.text("mechanism"), Some("none_needed" | "adequacy" | "data_privacy_framework"));
    let other = transfers(said, today).find(|t| !adequate(t));
    other.map_or(Ok(()), |t| Err(format!("{} rests on {}", t.id.it, t.text("mechanism").unwrap_or_default())))
}

/// Transfers that are not over.
fn transfers(said: &Said, today: Date) -> impl Iterator<Item = &Declaration> {
    said.of("transfer").filter(move |t| t.date("until").is_none_or(|end| end >= today))
}

/// Every transfer is lawful today.
fn safeguarded(said: &Said, today: Date) -> Found {
    if transfers(said, today).next().is_none() {
        return Err("no transfer is declared, so nothing is known".to_owned());
    }
    let unlawful = transfers(said, today).map(|t| (t, lawful(said, t, today))).find(|(_, answer)| !answer.allowed);
    unlawful.map_or(Ok(()), |(t, answer)| Err(format!("{}: {}", t.id.it, answer.because)))
}

fn listed(said: &Said) -> Found {
    let works = |r: &&Declaration| matches!(r.text("role"), Some("processor" | "sub_processor"));
    let hidden = said.of("recipient").filter(works).find(|r| r.flag("published") != Some(true));
    hidden.map_or(Ok(()), |r| Err(format!("{} is not listed", r.id.it)))
}

/// Every category that is gathered has a source.
fn sourced(said: &Said) -> Found {
    let from = |c: &&Declaration| said.of("source").any(|s| s.list("categories").contains(&c.id.it.as_str()));
    let orphan = said.of("category").filter(|c| c.flag("collected") != Some(false)).find(|c| !from(c));
    orphan.map_or(Ok(()), |c| Err(format!("{} comes from nowhere", c.id.it)))
}
