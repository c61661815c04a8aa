//! Who is told and who receives, against what is said of them.

use super::super::at;
use super::clash;
use crate::decide::collect::fields_of;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// Persons get a letter about a breach, and are not among those who are told.
pub fn letters(said: &Said) -> Vec<Diagnostic> {
    let letter = said.find("setting", "breach.letter").filter(|s| s.text("value").is_some_and(|v| v != "none"));
    let told = said.find("setting", "breach.recipients").filter(|s| !s.list("value").contains(&"persons"));
    let both = letter.zip(told);
    both.map(|(letter, told)| {
        clash(letter, "value", told, "value", "persons have a right to a letter, and are not told".to_owned())
    })
    .into_iter()
    .collect()
}

/// Letters about a breach, and nobody is ever asked for a postal address.
pub fn addresses(said: &Said) -> Vec<Diagnostic> {
    let post = said.find("setting", "breach.channels").filter(|s| s.list("value").contains(&"post"));
    let asked = said.setting_flag("breach.ask_for_address");
    let gathered = said.of("point").any(|p| fields_of(p).iter().any(|(_, key)| covers("user.contact.address", key)));
    let Some(setting) = post.filter(|_| !asked && !gathered) else { return Vec::new() };
    let message = "letters are sent to people whose postal address nobody asks for";
    let finding = at(codes::NOTICE_CONTRADICTION, setting, "value", message, "no address to write to");
    vec![finding.help("give `breach.ask_for_address = true`, or a field of a collection point that asks for it")]
}

/// Companies of the group use data for marketing, and an objection does not reach them.
pub fn group(said: &Said) -> Vec<Diagnostic> {
    let Some(setting) = said.find("setting", "affiliates.suppression") else { return Vec::new() };
    if said.setting_flag("affiliates.suppression") {
        return Vec::new();
    }
    let marketing = |id: &&str| said.find("purpose", id).is_some_and(|p| p.flag("marketing") == Some(true));
    let related = |r: &&Declaration| matches!(r.text("kind"), Some("affiliate" | "parent"));
    let offers = said.of("recipient").filter(related).filter(|r| r.list("purposes").iter().any(&marketing));
    offers
        .map(|r| {
            let message = format!("people can object to marketing, and `{}` goes on with it", r.id.it);
            clash(r, "purposes", setting, "value", message)
        })
        .collect()
}

/// Data of a text message programme never reaches others for their marketing, and somebody has it for that.
pub fn tainted(said: &Said) -> Vec<Diagnostic> {
    let Some(setting) = said.find("setting", "taint.sms").filter(|s| s.text("value") == Some("never")) else {
        return Vec::new();
    };
    let texts: Vec<&str> =
        said.of("message").filter(|m| m.list("channels").contains(&"sms")).filter_map(|m| m.text("purpose")).collect();
    let markets = said.of("recipient").filter(|r| r.flag("direct_marketing") == Some(true));
    let fed = markets.filter(|r| r.list("purposes").iter().any(|p| texts.contains(p)));
    fed.map(|r| {
        let message = format!("`{}` has data of the text messages for its own marketing", r.id.it);
        clash(r, "purposes", setting, "value", message)
    })
    .collect()
}

/// A purpose names a recipient that has other purposes only; and marketing that no purpose of marketing stands behind.
pub fn sides(said: &Said) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for purpose in said.of("purpose") {
        let named = purpose.list("recipients").into_iter().filter_map(|id| said.find("recipient", id));
        for recipient in named.filter(|r| r.get("purposes").is_some()) {
            if !recipient.list("purposes").contains(&purpose.id.it.as_str()) {
                let message = format!("`{}` receives data for `{}`, and does not", recipient.id.it, purpose.id.it);
                found.push(clash(purpose, "recipients", recipient, "purposes", message));
            }
        }
    }
    if !said.of("purpose").any(|p| p.flag("marketing") == Some(true)) {
        found.extend(said.of("message").filter(|m| m.text("class") == Some("marketing")).map(|m| {
            let message = format!("`{}` is marketing, and no purpose of the folder is", m.id.it);
            at(codes::NOTICE_CONTRADICTION, m, "class", message, "sent for no declared purpose")
                .help("declare the purpose with `marketing = true`, so that people can object to it")
        }));
    }
    found
}
