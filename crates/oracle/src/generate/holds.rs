//! Holds from outside: on a kind or on everybody, on all rows or those of some tables, in force or not.

use engine::policy::model::{Policy, TableId};

use super::dice::Dice;

/// A hold, in some cases.
pub(super) fn draw(dice: &mut Dice, policy: &Policy) -> Option<String> {
    if !dice.chance(12) {
        return None;
    }
    let tables: Vec<TableId> = policy.table_ids().filter(|t| !policy.table(*t).made).collect();
    let name = |t: TableId| format!("{}:{}", policy.system(policy.table(t).system).name, policy.table(t).name);
    let mut text = "[hold.drawn]\nreason = \"Claim\"\nauthority = \"Court\"\n".to_owned();
    let kind = dice.pick(&policy.kinds).name;
    let general = dice.chance(40);
    if general || dice.chance(50) {
        text.push_str(&format!("subject = \"{kind}\"\n"));
    }
    if !general {
        text.push_str(&format!("tables = [\"{}\"]\n", name(dice.pick(&tables))));
    }
    text.push_str(dice.pick(&["", "", "", "until = 2026-01-15\n", "until = 2026-01-14\n", "since = 2026-01-16\n"]));
    let records = policy.kinds.iter().flat_map(|k| &k.populations).map(|p| p.table);
    let records: Vec<TableId> = records.filter(|t| tables.contains(t)).collect();
    if dice.chance(30) && !records.is_empty() {
        let table = dice.pick(&records);
        let column = dice.pick(&policy.table(table).columns).name;
        text.push_str(&format!("with = [\"{}.{column}\"]\n", name(table)));
    }
    Some(text)
}
