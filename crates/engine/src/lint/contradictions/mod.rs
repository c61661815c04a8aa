//! Two things that cannot both be so (U1106).

mod handling;
mod recorded;
mod sharing;

use jiff::civil::Date;

use super::at;
use crate::decide::collect::fields_of;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::category::{covers, is_card, is_payment};
use crate::policy::model::{Policy, Said};
use crate::policy::written::{Declaration, Given};

type Rule = fn(&Said) -> Vec<Diagnostic>;

#[rustfmt::skip]
const RULES: [Rule; 21] = [
    certifications, grounds, declined, deemed, editions, vault, marketing, tracking,
    recorded::closed, recorded::passwords, recorded::unlisted, recorded::nobody,
    sharing::letters, sharing::addresses, sharing::group, sharing::tainted, sharing::sides,
    handling::exempt, handling::topics, handling::periods, handling::claims,
];

/// Each rule on its own.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(said)).collect()
}

fn clash(one: &Declaration, key: &str, other: &Declaration, other_key: &str, message: String) -> Diagnostic {
    let second = other.get(other_key).map_or(other.id.at, |given| given.at);
    at(codes::NOTICE_CONTRADICTION, one, key, message, "one of the two").label(second, "and the other")
}

/// One scheme, two statuses: a certification is one fact.
fn certifications(said: &Said) -> Vec<Diagnostic> {
    let all: Vec<&Declaration> = said.of("certification").collect();
    let same = |a: &Declaration, b: &Declaration| {
        let holder = |d: &Declaration| d.text("holder").unwrap_or("us").to_owned();
        a.text("scheme") == b.text("scheme") && holder(a) == holder(b)
    };
    let mut found = Vec::new();
    for (nth, one) in all.iter().enumerate() {
        for other in all[..nth].iter().filter(|o| same(o, one) && o.text("status") != one.text("status")) {
            let scheme = one.text("scheme").unwrap_or_default();
            found.push(clash(one, "status", other, "status", format!("{scheme} is said to stand in two ways")));
        }
    }
    found
}

/// Payment data on one ground, and a purpose on another ground that uses it.
fn grounds(said: &Said) -> Vec<Diagnostic> {
    let marketing = said.of("purpose").filter(|p| p.flag("marketing") == Some(true));
    let closed = |p: &Declaration, key: &str| {
        let shut = p.list("closed_to").into_iter().filter_map(|id| said.find("category", id));
        shut.into_iter().any(|c| c.list("covers").iter().any(|own| covers(own, key)))
    };
    let using = marketing.filter(|p| p.list("categories").iter().any(|key| is_payment(key) && !closed(p, key)));
    using
        .map(|p| {
            let message =
                format!("the marketing purpose `{}` uses data of payments, whose ground is the contract", p.id.it);
            at(codes::NOTICE_CONTRADICTION, p, "categories", message, "holds data of payments")
                .help("take it out of `categories`, or name it in `closed_to`")
        })
        .collect()
}

/// Service messages that can be declined although the setting says that none can, and marketing that cannot.
fn declined(said: &Said) -> Vec<Diagnostic> {
    let marketing = |m: &&Declaration| matches!(m.text("class"), Some("marketing" | "third_party_marketing"));
    let bound = said.of("message").filter(marketing).filter(|m| m.list("declined_by").is_empty());
    bound
        .map(|m| {
            let message = format!("`{}` is marketing, and nobody can decline it", m.id.it);
            at(codes::NOTICE_CONTRADICTION, m, "declined_by", message, "no way to decline")
                .help("name the ways in `declined_by`, such as `footer_link`; people can always object")
        })
        .collect()
}

/// Going on using a service is no choice that was made beforehand.
fn deemed(said: &Said) -> Vec<Diagnostic> {
    let Some(setting) = said.find("setting", "acceptance.satisfies_choice") else { return Vec::new() };
    if !said.setting_flag("acceptance.satisfies_choice") {
        return Vec::new();
    }
    let message = "deemed acceptance is said to stand for a choice that is made beforehand";
    vec![at(codes::NOTICE_CONTRADICTION, setting, "value", message, "one excludes the other").help("write `false`")]
}

/// The setting says one thing of telemetry before a decision, an edition another.
fn editions(said: &Said) -> Vec<Diagnostic> {
    let Some(setting) = said.find("setting", "edition.telemetry") else { return Vec::new() };
    let run = said.of("edition").filter(|e| e.text("run_by") == Some("customer") && e.text("default").is_some());
    let other = run.filter(|e| e.text("default") != setting.text("value"));
    other
        .map(|e| {
            clash(e, "default", setting, "value", format!("`{}` sends before anybody decided, or does not", e.id.it))
        })
        .collect()
}

/// Nothing of cards is kept, and a point other than a checkout takes them.
fn vault(said: &Said) -> Vec<Diagnostic> {
    if !matches!(said.setting_text("payment.vault"), Some("forbidden" | "token")) {
        return Vec::new();
    }
    let Some(setting) = said.find("setting", "payment.vault") else { return Vec::new() };
    let card = |p: &&Declaration| p.text("kind") != Some("checkout") && fields_of(p).iter().any(|(_, c)| is_card(c));
    said.of("point")
        .filter(card)
        .map(|p| clash(p, "kind", setting, "value", format!("`{}` takes card numbers, and is no checkout", p.id.it)))
        .collect()
}

/// Marketing that needs agreement beforehand in one place and none in another.
fn marketing(said: &Said) -> Vec<Diagnostic> {
    if !said.setting_flag("marketing.stricter_wins") {
        return Vec::new();
    }
    let messages = said.of("message").filter(|m| m.text("class") == Some("marketing"));
    let loose = messages.filter(|m| matches!(m.text("consent"), Some("none" | "opt_out")));
    let Some(setting) = said.find("setting", "marketing.stricter_wins") else { return Vec::new() };
    let models: Vec<&str> = said
        .of("setting")
        .filter(|s| s.id.it.starts_with("marketing.model."))
        .filter_map(|s| s.text("value"))
        .collect();
    if !models.contains(&"opt_in") {
        return Vec::new();
    }
    loose
        .map(|m| {
            clash(
                m,
                "consent",
                setting,
                "value",
                format!("`{}` is sent without agreement, and the stricter rule counts", m.id.it),
            )
        })
        .collect()
}

/// A message of a class is measured although the class is not.
fn tracking(said: &Said) -> Vec<Diagnostic> {
    let allowed = |class: &str| match said.setting(&format!("tracking.email.{class}")) {
        Some(Given::List(list)) => Some(list.iter().filter_map(|g| g.text()).collect::<Vec<_>>()),
        _ => None,
    };
    let mut found = Vec::new();
    for message in said.of("message") {
        let class = message.text("class").unwrap_or_default();
        let Some(allowed) = allowed(class) else { continue };
        if let Some(more) = message.list("tracking").into_iter().find(|t| !allowed.contains(t)) {
            let text = format!("`{}` measures {more}, and messages of class {class} do not", message.id.it);
            found.push(at(codes::NOTICE_CONTRADICTION, message, "tracking", text, "measured all the same"));
        }
    }
    found
}
