//! How requests, messages and periods are handled, against what is said of them elsewhere.

use super::super::at;
use super::clash;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// Every request needs fields, and messages can be declined with a click.
pub fn exempt(said: &Said) -> Vec<Diagnostic> {
    let fields = said.find("setting", "verify.required_fields").filter(|s| !s.list("value").is_empty());
    let exempted = said.find("setting", "verify.exempt").is_some_and(|s| !s.list("value").is_empty());
    let by_link = said.of("message").find(|m| m.list("declined_by").contains(&"footer_link"));
    let Some((setting, message)) = fields.zip(by_link).filter(|_| !exempted) else { return Vec::new() };
    let text = format!("each request needs fields, and `{}` is declined without any", message.id.it);
    vec![
        clash(setting, "value", message, "declined_by", text)
            .help("name the requests that need none in `verify.exempt`"),
    ]
}

/// One subject in messages that can be declined and in others that cannot.
pub fn topics(said: &Said) -> Vec<Diagnostic> {
    let marketing = |m: &&Declaration| m.text("class") == Some("marketing");
    let bound = |m: &&Declaration| m.text("class") == Some("service") && m.list("declined_by").is_empty();
    let mut found = Vec::new();
    for message in said.of("message").filter(bound) {
        let topics = message.list("topics");
        let other = said.of("message").filter(marketing).find(|m| m.list("topics").iter().any(|t| topics.contains(t)));
        if let Some(other) = other {
            let text = format!("`{}` is about the same as `{}`, which is marketing", message.id.it, other.id.it);
            found.push(clash(message, "topics", other, "topics", text));
        }
    }
    found
}

/// Two periods for the same data from the same day, and nobody says which holds.
pub fn periods<'a>(said: &'a Said) -> Vec<Diagnostic> {
    if said.setting_flag("retention.stricter_wins") {
        return Vec::new();
    }
    let sorted = |mut list: Vec<&'a str>| {
        list.sort_unstable();
        list
    };
    let about = |r: &'a Declaration| (sorted(r.list("categories")), sorted(r.list("populations")));
    let same = |a: &'a Declaration, b: &'a Declaration| {
        about(a) == about(b) && ["from", "when"].iter().all(|key| a.text(key) == b.text(key))
    };
    let rules: Vec<&Declaration> = said.of("retention").filter(|r| !r.list("categories").is_empty()).collect();
    let mut found = Vec::new();
    for (nth, rule) in rules.iter().enumerate() {
        for other in rules[..nth].iter().filter(|o| same(o, rule) && o.text("period") != rule.text("period")) {
            let text = format!("`{}` and `{}` hold the same data for different periods", other.id.it, rule.id.it);
            let help = "write one of them, or give `retention.stricter_wins = true`";
            found.push(clash(rule, "period", other, "period", text).help(help));
        }
    }
    found
}

/// A restriction for the claims of the company alone: the ground exists for those of the person.
pub fn claims(said: &Said) -> Vec<Diagnostic> {
    let company = said.find("setting", "restriction.claims_of").filter(|s| s.text("value") == Some("company"));
    let finding = company.map(|s| {
        let text = "data is set aside for claims of the company, and not for those of the person";
        at(codes::NOTICE_CONTRADICTION, s, "value", text, "turned round").help("write `both`: that keeps both readings")
    });
    finding.into_iter().collect()
}
