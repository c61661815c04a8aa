//! The notice as people see it, and when it is looked at again.

use jiff::Span;

use super::Found;
use crate::coverage::{Kept, World};
use crate::notice::document::document;
use crate::notice::words;
use crate::policy::written::Given;

/// Built, the notice shows its title, its version and the day from which it holds before its first paragraph; that day is not
/// before the law allows it to be told.
pub fn head(world: &World<'_>, kept: Kept<'_>) -> Found {
    let built = document(world.policy, world.said, world.today);
    let first = built.head();
    for key in ["effective", "version", "title"] {
        if let Some(promised) = kept.text(key) {
            let shown = words::date(promised).unwrap_or_else(|| promised.to_owned());
            if !first.contains(&shown) {
                return Err(format!("the head of the built notice does not show {shown}"));
            }
        }
    }
    let day = world.said.find("notice", "head").and_then(|h| h.date("effective"));
    match day {
        Some(day) if first.contains(&words::date(&day.to_string()).unwrap_or_default()) => Ok(()),
        Some(_) => Err("the head of the built notice does not show its day".to_owned()),
        None => Err("the notice has no day from which it holds".to_owned()),
    }
}

/// With the clock moved past the review period, a review is due; today it is not.
pub fn review(world: &World<'_>, kept: Kept<'_>) -> Found {
    let every = match kept.parts().0 {
        "change" => world.said.find("change", kept.id()).and_then(|c| c.text("review_every")),
        _ => world.said.setting_text(kept.id()),
    };
    let period = every.and_then(|p| p.parse::<Span>().ok()).ok_or("no review is ever due")?;
    let promised = kept.value("review_every").or(kept.value("value")).and_then(Given::text);
    if promised.is_some() && promised != every {
        return Err(format!("reviews are due every {}", every.unwrap_or_default()));
    }
    let head = world.said.find("notice", "head");
    let begun = head.and_then(|h| h.date(if h.text("published").is_some() { "published" } else { "effective" }));
    let begun = begun.ok_or("the notice has no day from which it holds")?;
    match begun.checked_add(period) {
        Ok(due) if due >= world.today => Ok(()),
        Ok(due) => Err(format!("a review was due on {due}")),
        Err(_) => Err("no review is ever due".to_owned()),
    }
}
