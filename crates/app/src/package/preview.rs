//! The rows that the page shows: the first of each table, in words, within bounds. All others are only in the file.

use engine::plan::{Action, Step};
use engine::policy::model::Access;
use engine::schema::Class;
use engine::value::Value;

use super::manifest::Table;
use super::{exact, words};

/// Most rows of a table that the page shows.
pub const ROWS: usize = 200;
/// Most characters of one value that the page shows.
pub const CHARS: usize = 4_000;
/// Most bytes of one table that the page shows, so that a phone can open it.
const BYTES: usize = 512 * 1024;

/// What the page shows of one table.
#[derive(Default)]
pub struct Preview {
    /// Rows that arrived.
    pub rows: u64,
    /// Rows that are shown.
    pub shown: usize,
    bytes: usize,
    pub groups: Vec<Group>,
    zone: String,
}

/// Rows of one step: the same columns, for the same reason.
pub struct Group {
    pub level: Access,
    pub links: Vec<String>,
    pub columns: Vec<String>,
    classes: Vec<Class>,
    /// Rows that arrived.
    pub total: u64,
    /// Rows that are shown.
    pub rows: Vec<Vec<Cell>>,
}

/// One value in words.
pub enum Cell {
    /// NULL or the empty text.
    Empty,
    /// All of it.
    Whole(String),
    /// Its beginning, and how many characters it has.
    Cut(String, usize),
    /// Binary data, of this many bytes.
    Bytes(usize),
}

impl Preview {
    /// Rows of this step follow.
    pub fn begin(&mut self, step: &Step, table: &Table) {
        let Action::Export { level, links, .. } = &step.action else { return };
        let columns = exact::columns(step).to_vec();
        let class = |name: &String| table.column(name).map_or(Class::Other, |c| c.class);
        let classes = columns.iter().map(class).collect();
        self.zone.clone_from(&table.zone);
        self.groups.push(Group { level: *level, links: links.clone(), columns, classes, total: 0, rows: Vec::new() });
    }

    /// One row of the step.
    pub fn push(&mut self, row: &[Value]) {
        let Some(group) = self.groups.last_mut() else { return };
        self.rows += 1;
        group.total += 1;
        if self.shown == ROWS || self.bytes > BYTES {
            return;
        }
        let cells = row.iter().zip(&group.classes).map(|(v, class)| Cell::of(v, *class, &self.zone));
        let cells: Vec<Cell> = cells.collect();
        self.bytes += cells.iter().map(Cell::bytes).sum::<usize>();
        self.shown += 1;
        group.rows.push(cells);
    }
}

impl Cell {
    fn of(value: &Value, class: Class, zone: &str) -> Cell {
        match value {
            Value::Null => Cell::Empty,
            Value::Text(s) if s.is_empty() => Cell::Empty,
            Value::Text(s) => match words::moment(s, class, zone) {
                Some(written) => Cell::Whole(written),
                None => Cell::text(s),
            },
            Value::Bytes(b) => Cell::Bytes(b.len()),
            Value::Bool(b) => Cell::truth(*b),
            Value::Int(i @ (0 | 1)) if class == Class::Bool => Cell::truth(*i == 1),
            Value::Int(i) => Cell::Whole(i.to_string()),
            Value::Real(r) => Cell::Whole(r.to_string()),
        }
    }

    fn truth(yes: bool) -> Cell {
        Cell::Whole(if yes { "yes" } else { "no" }.to_owned())
    }

    fn text(text: &str) -> Cell {
        match text.char_indices().nth(CHARS) {
            None => Cell::Whole(text.to_owned()),
            Some((end, _)) => Cell::Cut(text[..end].to_owned(), text.chars().count()),
        }
    }

    /// Fits into a cell of a table?
    pub fn is_short(&self) -> bool {
        match self {
            Cell::Whole(s) => s.chars().count() <= 40 && !s.contains('\n'),
            Cell::Cut(..) => false,
            Cell::Empty | Cell::Bytes(_) => true,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Cell::Whole(s) | Cell::Cut(s, _) => s.len() + 64,
            Cell::Empty | Cell::Bytes(_) => 64,
        }
    }
}
