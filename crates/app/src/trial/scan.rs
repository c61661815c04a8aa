//! What the sample's stores hold: card numbers, rows without a source, groups that are too small.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::coverage::{Scan, Trial};
use engine::policy::model::Policy;

use super::sample::{BYTES, Column, Made};

/// Reads every column of every database once.
pub async fn scanned(policy: &Policy, made: &Made) -> Result<Trial> {
    let columns = made.values().await?;
    let value = |name: &str| columns.iter().find(|c| c.name == name);
    let mut trial = Trial { cards: Some(cards(&columns)), ..Trial::default() };
    trial.columns = columns.iter().map(|c| c.name.clone()).collect();
    let recording = policy.said.of("source").flat_map(|source| source.list("columns"));
    for column in recording.filter_map(value) {
        let empty = column.values.iter().filter(|v| v.as_deref().is_none_or(|t| t.trim().is_empty())).count();
        trial.sourceless.insert(column.name.clone(), empty as u64);
        let mut marks: Vec<String> = column.values.iter().flatten().cloned().collect();
        marks.sort();
        marks.dedup();
        trial.sources.insert(column.name.clone(), marks);
    }
    for aggregate in policy.said.of("aggregate") {
        let counts = aggregate.text("counts").unwrap_or_default();
        let of = |table: &str| value(&format!("{table}.{counts}"));
        let all = aggregate.list("tables").into_iter().filter_map(of).flat_map(|c| &c.values);
        let smallest = all.flatten().filter_map(|v| v.parse::<u64>().ok()).min();
        if let Some(smallest) = smallest {
            trial.groups.insert(aggregate.id.it.clone(), smallest);
        }
    }
    Ok(trial)
}

fn cards(columns: &[Column]) -> Scan {
    let mut found = BTreeMap::new();
    let mut rows = 0;
    for column in columns {
        rows += column.values.len() as u64;
        let hits =
            column.values.iter().flatten().filter(|value| !value.starts_with(BYTES) && holds_card(value)).count();
        if hits > 0 {
            found.insert(column.name.clone(), hits as u64);
        }
    }
    Scan { columns: columns.len(), rows, found }
}

/// Does a text hold the number of a payment card: 13 to 19 digits, spaces and hyphens between them, that begin like one and
/// fulfil the check digit (ISO/IEC 7812)?
fn holds_card(text: &str) -> bool {
    let digit_or_gap = |c: char| c.is_ascii_digit() || c == ' ' || c == '-';
    let runs = text.split(|c: char| !digit_or_gap(c));
    runs.map(|run| run.bytes().filter(u8::is_ascii_digit).map(|b| u32::from(b - b'0')).collect::<Vec<_>>())
        .any(|digits| (13..=19).contains(&digits.len()) && matches!(digits[0], 2..=6) && checks(&digits))
}

fn checks(digits: &[u32]) -> bool {
    let doubled = |nth: usize, d: u32| match nth % 2 {
        1 if d > 4 => 2 * d - 9,
        1 => 2 * d,
        _ => d,
    };
    digits.iter().rev().enumerate().map(|(nth, d)| doubled(nth, *d)).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::holds_card;

    #[test]
    fn numbers_of_cards_and_others() {
        assert!(holds_card("my card is 4111 1111 1111 1111, thanks") && holds_card("5500-0000-0000-0004"));
        assert!(!holds_card("4111 1111 1111 1112") && !holds_card("+47 22 33 44 55") && !holds_card("tok_4111"));
    }
}
