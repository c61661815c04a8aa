//! After a reactivation: is everything that came back as it was?

use super::super::how::How;
use super::super::types::{Action, Key, Plan, Why};
use crate::ask::{By, Row, Select};
use crate::plan::Residue;
use crate::seal::{Image, Sealed, SealedTable, digest_before, digest_of};

/// What a look at the rows showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Rows that are not as the plan says.
    pub residues: Vec<Residue>,
    /// Rows of the seal that are again as they were.
    pub exact: usize,
    /// Digest over the rows as they were sealed.
    pub sealed: String,
    /// The same over the rows as they are; equal where everything came back.
    pub found: String,
}

/// What is read to see it: system and question, in the order of the seal.
pub fn selects(own: &[Sealed]) -> Vec<(String, Select)> {
    let tables = own.iter().flat_map(|s| s.tables.iter().map(move |t| (s.system.clone(), t)));
    let select = |t: &SealedTable| {
        // Where the key itself was changed, and waits, the row is still known by the one it was given.
        let rows = t.rows.iter().filter(|i| i.before.is_some()).flat_map(|i| [&i.before, &i.after]);
        let mut keys: Vec<Key> = rows.flatten().map(|row| t.key_of(row)).collect();
        keys.sort();
        keys.dedup();
        let by = By::Values { columns: t.key.clone(), values: keys };
        Select { table: t.table.clone(), columns: t.columns.clone(), by, filter: Vec::new(), lock: false }
    };
    tables.map(|(system, t)| (system, select(t))).collect()
}

/// Compares the rows with the seal. What the plan left alone, and told, is no residue.
pub fn check(plan: &Plan, own: &[Sealed], rows: Vec<Vec<Row>>) -> Checked {
    let mut found = rows.iter();
    let digest = digest_of(&plan.token_key, own, |_, _| found.next().cloned().unwrap_or_default());
    let sealed = digest_before(&plan.token_key, own);
    let mut checked = Checked { residues: Vec::new(), exact: 0, sealed, found: digest };
    let tables = own.iter().flat_map(|s| s.tables.iter().map(move |t| (s, t)));
    for ((system, table), rows) in tables.zip(&rows) {
        let mut wrong = 0;
        for image in &table.rows {
            let Some(before) = &image.before else { continue };
            let known_by = |image: &Row| rows.iter().find(|row| table.key_of(row) == table.key_of(image));
            let row = known_by(before).or_else(|| known_by(image.after.as_ref()?));
            checked.exact += usize::from(row == Some(before));
            wrong += u64::from(row != Some(before) && !is_told(plan, system, table, image, row));
        }
        let gone = plan.kept.iter().filter(|k| k.system == system.system && k.table == table.table);
        let gone: usize = gone.filter(|k| matches!(k.reason, Why::Gone { .. })).map(|k| k.keys.len()).sum();
        let (system, of) = (system.system.clone(), table.table.clone());
        if wrong > 0 {
            let what = "are not as they were sealed".to_owned();
            checked.residues.push(Residue { system: system.clone(), table: of.clone(), rows: wrong, what });
        }
        if gone > 0 {
            let what = "cannot come back: what they refer to is gone".to_owned();
            checked.residues.push(Residue { system, table: of, rows: gone as u64, what });
        }
    }
    checked
}

/// Does the plan say why the row, or a column of it, is not as it was?
fn is_told(plan: &Plan, system: &Sealed, table: &SealedTable, image: &Image, row: Option<&Row>) -> bool {
    let key: Key = image.stands().map(|r| table.key_of(r)).unwrap_or_default();
    let of = |s: &str, t: &str| s == system.system && t == table.table;
    let kept = plan.kept.iter().filter(|k| of(&k.system, &k.table) && k.keys.contains(&key));
    let told: Vec<_> = kept.collect();
    if told.iter().any(|k| k.columns.is_empty()) {
        return true;
    }
    let (Some(row), Some(before)) = (row, &image.before) else { return false };
    let steps = plan.systems.iter().filter(|s| s.system == system.system).flat_map(|s| &s.steps);
    let steps: Vec<_> = steps.filter(|s| s.table == table.table && s.keys.contains(&key)).collect();
    (0..before.len()).filter(|at| row[*at] != before[*at]).all(|at| {
        let column = &table.columns[at];
        let other = steps.iter().any(|s| match &s.action {
            Action::Reinsert { instead, .. } => instead.iter().any(|(c, v)| c == column && *v == row[at]),
            Action::Change { columns, .. } => !columns.iter().any(|(c, how)| c == column && *how == How::Sealed),
            _ => false,
        });
        // A column that the deactivation left alone is somebody else's to change.
        let left_alone = image.after.as_ref().is_some_and(|after| after[at] == before[at]);
        other || left_alone || told.iter().any(|k| k.columns.contains(column))
    })
}
