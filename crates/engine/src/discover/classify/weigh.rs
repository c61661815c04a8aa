//! From what a name says, where it stands and what was sampled to one verdict.

use super::context::{Context, Named};
use super::names::{Said, Sign};
use super::seen::{Seen, contradicted, seen};
use super::values::{Kind, Tally};
use super::{Bond, Document, LIKELY, Setting, Verdict, document};
use crate::discover::people::Entity;
use crate::discover::sample::Sample;
use crate::policy::category::is_personal;
use crate::schema::Column;

const NOBODY: &str = "system.operations";

/// The verdict on one column that is no link.
pub fn weigh(setting: &Setting<'_>, context: &Context<'_>, column: &Column, named: &Named<'_>) -> Verdict {
    let said = named.said();
    let mut verdict = by_name(setting, context, named, &said);
    let sample = setting.samples.get(&column.name).filter(|s| s.rows > 0);
    if let Some(sample) = sample {
        let hint = match &said {
            Said::Sign(sign, _) => Some(*sign),
            _ => None,
        };
        let tally = Tally::of(sample, setting.today);
        if tally.values == 0 {
            verdict.evidence.push(format!("no value in {} sampled rows", sample.rows));
        } else {
            by_values(setting, context, named, hint, &tally, &mut verdict);
            look_inside(setting, column, sample, &tally, &mut verdict);
        }
    }
    settle(setting, &mut verdict);
    verdict
}

fn by_name(setting: &Setting<'_>, context: &Context<'_>, named: &Named<'_>, said: &Said<'_>) -> Verdict {
    let (sign, before) = match said {
        Said::Sign(sign, before) => (sign, before),
        Said::Turned => {
            let evidence = vec!["name speaks of a state, a time or a count".to_owned()];
            return Verdict { category: Some(NOBODY.to_owned()), confidence: 0.6, evidence, ..Verdict::default() };
        }
        Said::Nothing => return Verdict { category: Some(NOBODY.to_owned()), confidence: 0.4, ..Verdict::default() },
    };
    let entity = context.entity(named, before);
    let confidence = sign.sure * context.weight(named, sign, before, entity);
    // The title of a story is no job title: its author wrote it.
    let wrote = sign.written.as_deref().filter(|_| confidence < LIKELY && setting.bond == Bond::Authored);
    let (spoken, confidence) = match wrote {
        Some(category) => (category, 0.55),
        None => (sign.category.as_str(), confidence),
    };
    let mut evidence = vec![format!("name says {}", words(spoken))];
    evidence.extend(stands(setting, entity));
    // What lets a program in is a secret as well, but nobody's.
    let own = entity == Entity::Person || matches!(setting.bond, Bond::Record | Bond::Owned | Bond::Unknown);
    let category = if sign.secret && !own { "system.authentication" } else { spoken };
    Verdict {
        category: Some(category.to_owned()),
        text: sign.text || wrote.is_some(),
        secret: sign.secret,
        confidence,
        evidence,
        ..Verdict::default()
    }
}

/// `user.contact.email` as words.
fn words(category: &str) -> String {
    let last = category.rsplit('.').next().unwrap_or(category);
    last.replace('_', " ")
}

/// What the place of a column adds.
fn stands(setting: &Setting<'_>, entity: Entity) -> Option<String> {
    let links = setting.links.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let through = if links.is_empty() { String::new() } else { format!(" through {links}") };
    match (setting.bond, entity) {
        (Bond::Record, _) => Some("in the record of a person".to_owned()),
        (_, Entity::Premises) => Some("of a company or a place, it seems".to_owned()),
        (Bond::Owned, _) => Some(format!("table belongs to a person{through}")),
        (Bond::Authored, _) => Some(format!("table is tied to its author{through}")),
        (Bond::Part, _) => Some(format!("table is part of what belongs to a person{through}")),
        _ => None,
    }
}

/// What is seen says more than a name.
fn by_values(
    setting: &Setting<'_>,
    context: &Context<'_>,
    named: &Named<'_>,
    hint: Option<&Sign>,
    tally: &Tally,
    verdict: &mut Verdict,
) {
    let category = hint.map(|sign| sign.category.as_str());
    match seen(tally, category) {
        Some(seen) if believable(setting, context, named, hint, &seen) => agree(setting, category, seen, verdict),
        _ => {
            if let Some(why) = category.and_then(|c| contradicted(tally, c)) {
                verdict.confidence *= 0.3;
                verdict.text = false;
                verdict.evidence.push(why);
            } else if hint.is_none() && tally.values >= 20 && tally.distinct <= 5 {
                verdict.confidence = verdict.confidence.max(0.7);
                verdict.evidence.push(format!("only {} different values among {}", tally.distinct, tally.values));
            }
        }
    }
}

/// Names of people and days long ago are also those of streets, products and companies: they count where people stand.
fn believable(
    setting: &Setting<'_>,
    context: &Context<'_>,
    named: &Named<'_>,
    hint: Option<&Sign>,
    seen: &Seen,
) -> bool {
    let Some(category) = seen.category else { return true };
    let entity = context.entity(named, &[]);
    let bound = entity == Entity::Person || !matches!(setting.bond, Bond::Apart);
    match category {
        "user.demographic.date_of_birth" => {
            hint.is_some_and(|h| h.category == category)
                || (bound && entity == Entity::Person && matches!(named.said(), Said::Nothing))
        }
        c if c.starts_with("user.name") => {
            hint.is_none_or(|h| h.category.starts_with("user")) && (bound || seen.sure > 0.85)
        }
        _ => true,
    }
}

fn agree(setting: &Setting<'_>, hint: Option<&str>, seen: Seen, verdict: &mut Verdict) {
    verdict.evidence.push(seen.evidence);
    verdict.secret |= seen.secret;
    if seen.text {
        verdict.text = true;
    }
    let Some(category) = seen.category else {
        let bound = !matches!(setting.bond, Bond::Apart | Bond::Mentions);
        let nobody = verdict.category.as_deref().is_none_or(|c| c == NOBODY);
        if bound && (nobody || hint == Some("user.content")) {
            verdict.category = Some("user.content".to_owned());
            verdict.confidence = verdict.confidence.max(0.6);
        }
        return;
    };
    let same = hint.is_some_and(|h| h.starts_with(category) || category.starts_with(h));
    if same {
        // Of two that agree, the name may be the finer one.
        let finer = hint.filter(|h| h.len() > category.len()).unwrap_or(category);
        verdict.category = Some(finer.to_owned());
        verdict.confidence = seen.sure.max(verdict.confidence);
    } else if seen.sure > verdict.confidence || seen.sure >= 0.9 || hint.is_none() {
        let against = hint.is_some() && verdict.confidence >= LIKELY;
        verdict.category = Some(category.to_owned());
        verdict.confidence = if against { seen.sure - 0.15 } else { seen.sure };
    }
}

/// Documents: which paths within are personal.
fn look_inside(setting: &Setting<'_>, column: &Column, sample: &Sample, tally: &Tally, verdict: &mut Verdict) {
    let codecs = [(Kind::Json, "json", "JSON"), (Kind::Yaml, "yaml", "YAML"), (Kind::Php, "php", "serialized by PHP")];
    let Some((_, codec, says)) = codecs.into_iter().find(|(kind, _, _)| tally.share(*kind) >= 0.5) else { return };
    verdict.evidence.push(format!("documents: {says}"));
    let paths = if codec == "json" { document::paths(setting, &column.name, sample) } else { Vec::new() };
    let own = |verdict: &Verdict| verdict.category.as_deref().is_some_and(|c| c != NOBODY);
    for (path, inner) in &paths {
        let category = inner.category.as_deref().unwrap_or("user");
        verdict.evidence.push(format!("at {path}: {} ({})", words(category), inner.evidence.join("; ")));
    }
    if let Some(surest) = paths.iter().map(|(_, inner)| inner.confidence).reduce(f32::max)
        && !own(verdict)
    {
        verdict.category = Some("user".to_owned());
        verdict.confidence = surest;
    }
    if paths.is_empty() && tally.addressed > 0 {
        verdict.evidence.push(format!("{} of {} have an e-mail address within", tally.addressed, tally.values));
        verdict.text = true;
        if !own(verdict) {
            verdict.category = Some("user".to_owned());
            verdict.confidence = 0.7;
        }
    }
    let paths = paths.into_iter().filter_map(|(path, inner)| Some((path, inner.category?))).collect();
    verdict.document = Some(Document { codec, paths });
}

/// A guess that is unlikely is none, except for texts of people: those are searched whosever they are.
fn settle(setting: &Setting<'_>, verdict: &mut Verdict) {
    let bound = matches!(setting.bond, Bond::Record | Bond::Owned | Bond::Authored | Bond::Part);
    let kept = verdict.secret || (verdict.text && bound);
    if verdict.confidence < LIKELY && !kept {
        verdict.category = Some(NOBODY.to_owned());
        verdict.confidence = 1.0 - verdict.confidence.max(LIKELY);
    }
    verdict.personal = verdict.confidence >= LIKELY && verdict.category.as_deref().is_some_and(is_personal);
}
