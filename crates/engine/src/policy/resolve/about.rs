//! What the folder says to people beside the data map.

use crate::policy::model::{About, Purpose, Recipient, Retention};
use crate::policy::written::{self, Folder};
use crate::source::At;

/// Company, purposes, recipients and retention as answers show them. Names that lead nowhere are left out here.
pub(super) fn about(folder: &Folder) -> About {
    let company = &folder.company;
    let labels = company.subjects.iter().filter_map(|(kind, l)| Some((kind.it.clone(), text(&l.label)?)));
    About {
        country: text(&company.country),
        contact: text(&company.contact),
        officer: text(&company.dpo),
        language: text(&company.language),
        kinds: labels.collect(),
        categories: company.taxonomy.iter().map(|(key, words)| (key.it.clone(), words.it.clone())).collect(),
        purposes: folder.purposes.iter().map(|p| purpose(folder, p)).collect(),
    }
}

/// Facts of the company that notices name, by key.
pub(super) fn company(company: &written::Company) -> Vec<(&'static str, String)> {
    let country = company.country.as_ref().map(|c| At::new(crate::policy::place::name(c), c.at));
    let facts = [
        ("name", &company.name),
        ("form", &company.form),
        ("address", &company.address),
        ("country", &country),
        ("contact", &company.contact),
        ("dpo", &company.dpo),
    ];
    facts.into_iter().filter_map(|(key, value)| Some((key, text(value)?))).collect()
}

fn purpose(folder: &Folder, purpose: &written::Purpose) -> Purpose {
    let receives = |r: &&written::Recipient| purpose.recipients.iter().any(|id| id.it == r.id.it);
    let rule = purpose.retention.as_ref().and_then(|id| folder.retention.iter().find(|r| r.id.it == id.it));
    Purpose {
        title: text(&purpose.title).unwrap_or_else(|| purpose.id.it.clone()),
        basis: text(&purpose.basis),
        categories: purpose.categories.iter().map(|c| c.it.clone()).collect(),
        recipients: folder.recipients.iter().filter(receives).map(recipient).collect(),
        retention: rule.map(|rule| retention(folder, rule)),
    }
}

fn recipient(recipient: &written::Recipient) -> Recipient {
    Recipient {
        name: text(&recipient.name).unwrap_or_else(|| recipient.id.it.clone()),
        role: text(&recipient.role),
        country: text(&recipient.country),
        mechanism: text(&recipient.mechanism),
    }
}

fn retention(folder: &Folder, rule: &written::Rule) -> Retention {
    let is_its = |l: &&written::Law| l.id.as_ref().map(|id| &id.it) == rule.law.as_ref().map(|law| &law.it);
    let law = rule.law.as_ref().and_then(|_| folder.company.laws.iter().find(is_its));
    let words = law.map(|l| [text(&l.title), text(&l.article)].into_iter().flatten().collect::<Vec<_>>().join(", "));
    Retention { period: text(&rule.period), from: text(&rule.from), action: text(&rule.action), law: words }
}

fn text(given: &Option<At<String>>) -> Option<String> {
    given.as_ref().map(|at| at.it.clone())
}
