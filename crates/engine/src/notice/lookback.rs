//! What was collected, disclosed, sold and shared in the months before a day, by category (Cal. Civ. Code 1798.110 to 1798.130).

use jiff::Span;
use jiff::civil::Date;
use serde::Serialize;

use crate::decide::disclose::{Class, active, classes, receives};
use crate::policy::model::Said;

/// One category in a window of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The category, by id.
    pub category: String,
    /// What the notice calls it.
    pub title: String,
    /// What a law calls it.
    pub law_name: Option<String>,
    /// Where it came from: sources by id.
    pub sources: Vec<String>,
    /// Kinds of recipients that received it for work for the company.
    pub disclosed: Vec<String>,
    /// Kinds of recipients to which it was sold, for money or something else of worth.
    pub sold: Vec<String>,
    /// Kinds of recipients that used it to advertise elsewhere.
    pub shared: Vec<String>,
}

/// The table for a window that ends on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookback {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Categories that were gathered.
    pub rows: Vec<Row>,
}

/// The last 12 months, unless said otherwise.
pub fn year() -> Span {
    Span::new().months(12)
}

/// What happened in the window that ends on a day.
pub fn lookback(said: &Said, to: Date, window: Span) -> Lookback {
    let from = to.checked_sub(window).unwrap_or(to);
    let gathered = said.of("category").filter(|c| c.flag("collected") != Some(false));
    let rows = gathered.map(|category| {
        let id = category.id.it.as_str();
        let of = |some: &[Class]| {
            let flows = said.of("recipient").filter(|r| receives(said, r, id) && active(r, from, to) && happened(r));
            let mut kinds: Vec<String> = flows
                .filter(|r| classes(said, r).iter().any(|c| some.contains(c)))
                .map(|r| r.text("kind").unwrap_or("other_processor").to_owned())
                .collect();
            kinds.sort();
            kinds.dedup();
            kinds
        };
        let sources = said.of("source").filter(|s| s.list("categories").contains(&id) && began(s, to));
        Row {
            category: id.to_owned(),
            title: category.text("title").unwrap_or(id).to_owned(),
            law_name: category.text("law_name").map(str::to_owned),
            sources: sources.map(|s| s.id.it.clone()).collect(),
            disclosed: of(&[Class::Service]),
            sold: of(&[Class::Sale, Class::Exchange]),
            shared: of(&[Class::Share]),
        }
    });
    Lookback { from, to, rows: rows.collect() }
}

/// Courts, authorities and buyers of the company receive data when something happens; without a day nothing has.
fn happened(recipient: &crate::policy::written::Declaration) -> bool {
    !matches!(recipient.text("needs"), Some("instrument" | "deal")) || recipient.text("since").is_some()
}

fn began(source: &crate::policy::written::Declaration, to: Date) -> bool {
    source.date("since").is_none_or(|since| since <= to)
}
