//! Annotated schemas made by chance, the same in every run: whatever annotations say together, both mean the same.

use super::case::Case;
use super::edges::edges;
use super::notes;
use super::sql::{Column, Reference, Rule, Table, Way};

/// The first cases of so many seeds, without those that `check` refuses: where an edge leads from or to rows that nobody
/// has a right to.
pub fn cases(count: usize) -> Vec<Case> {
    (0..).map(case).filter(|case| is_reached(&case.tables)).take(count).collect()
}

fn is_reached(tables: &[Table]) -> bool {
    let derived = notes::derived(tables);
    let outside = |table: &str| derived.get(table).is_none_or(notes::Outcome::is_outside);
    edges(tables).iter().all(|e| !outside(&e.table.name) && !outside(&e.reference.table))
}

fn case(seed: u64) -> Case {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let subjects = 1 + dice.below(2);
    let count = subjects + 2 + dice.below(4);
    let mut tables: Vec<Table> = Vec::new();
    for n in 0..count {
        let made = table(&mut dice, n, n < subjects, &tables);
        tables.push(made);
    }
    rules(&mut dice, &mut tables);
    let mut case = Case { name: format!("seed {seed}: {count} tables"), tables, ..Case::default() };
    case.fill();
    case.everybody(None);
    // Chance need not lead along every edge.
    case.thorough = false;
    case
}

fn table(dice: &mut Dice, n: usize, data_subject: bool, before: &[Table]) -> Table {
    let name = format!("{}{n}", if data_subject { "person" } else { "thing" });
    let column = |name: &str, is_int: bool| Column { name: name.to_owned(), is_int, ..Column::default() };
    let mut columns = vec![column("id", true), column("note", false), column("extra", true)];
    let mut references = Vec::new();
    let most = if data_subject { 2 } else { 4 };
    for at in 0..dice.below(most).max(usize::from(!data_subject)) {
        // One more than there are: the table itself.
        let target = before.get(dice.below(before.len() + usize::from(!data_subject)));
        let is_person = target.is_some_and(|t| t.data_subject);
        let way = match dice.below(20) {
            0..9 => Way::OwnedBy,
            9..14 => Way::AccessedBy,
            14 | 15 if !is_person && target.is_some() => Way::Owns,
            16 | 17 if !is_person && target.is_some() => Way::Accesses,
            18 => Way::Only,
            _ => Way::Plain,
        };
        if data_subject && target.is_none() {
            continue;
        }
        let own = format!("ref{at}");
        columns.push(column(&own, true));
        let table = target.map_or(&name, |t| &t.name).clone();
        references.push(Reference { column: own, way, table, to: "id".to_owned() });
    }
    Table { name, data_subject, columns, key: vec!["id".to_owned()], references, rules: Vec::new() }
}

/// Rules along some of the edges that reach a table, of its own columns.
fn rules(dice: &mut Dice, tables: &mut [Table]) {
    let reached: Vec<(String, String)> = edges(tables).iter().map(|e| (e.reaches().to_owned(), e.name())).collect();
    for (table, along) in reached {
        let Some(table) = tables.iter_mut().find(|t| t.name == table) else { continue };
        for forget in [false, true] {
            let columns: Vec<String> = table.columns[1..].iter().map(|c| c.name.clone()).collect();
            let columns = match dice.below(6) {
                0 => Vec::new(),
                1 | 2 => {
                    let some: Vec<String> = columns.into_iter().filter(|_| dice.below(2) == 0).collect();
                    if some.is_empty() { vec!["note".to_owned()] } else { some }
                }
                _ => continue,
            };
            table.rules.push(Rule { forget, along: along.clone(), columns });
        }
    }
}

/// Numbers that look like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(self.0 % end).unwrap_or_default()
    }
}
