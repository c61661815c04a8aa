//! The rows that the pages show: the first of each table, within bounds. All others are only in the files.

use engine::plan::{Action, Step};
use engine::policy::model::{Access, Epoch};
use engine::schema::Class;
use engine::value::Value;

use super::manifest::Table;

/// Most rows of a table that pages show.
pub const ROWS: usize = 5_000;
/// Most characters of one value that pages show.
pub const CHARS: usize = 20_000;
/// Most bytes of all tables that pages show: a person may have millions of rows, and these are held in memory.
pub const BYTES: usize = 16 << 20;

/// What the pages show of one table.
#[derive(Default)]
pub struct Preview {
    /// Rows that arrived.
    pub rows: u64,
    /// Rows that are shown.
    pub shown: usize,
    pub groups: Vec<Group>,
}

/// Rows of one step: the same columns, for the same reason.
pub struct Group {
    pub level: Access,
    pub links: Vec<String>,
    pub columns: Vec<String>,
    pub classes: Vec<Class>,
    /// How the values of each column are read.
    readings: Vec<Reading>,
    /// Rows that arrived.
    pub total: u64,
    /// Rows that are shown.
    pub rows: Vec<Vec<Cell>>,
}

/// What is known of the values of a column, beside their class.
#[derive(Clone, Copy, Default)]
struct Reading {
    /// The unit of epoch numbers.
    time: Option<Epoch>,
    /// Under a key of the person.
    encrypted: bool,
    /// Bytes may be text.
    text: bool,
}

/// One value.
pub enum Cell {
    /// All of it.
    Whole(Value),
    /// The beginning of a long text, and how many characters it has.
    Cut(String, usize),
    /// Binary data, of this many bytes.
    Bytes(usize),
    /// Encrypted under a key of the person; of this many bytes.
    Encrypted(usize),
}

impl Reading {
    fn of(table: &Table, column: &str) -> Reading {
        let of =
            |c: &super::manifest::Column| Reading { time: c.time, encrypted: c.encrypted, text: c.free_text.is_some() };
        table.column(column).map_or_else(Reading::default, of)
    }

    fn cell(self, value: &Value) -> Cell {
        match (value, value.readable()) {
            (Value::Text(text), _) if self.encrypted && !text.is_empty() => Cell::Encrypted(text.len()),
            (Value::Bytes(bytes), _) if self.encrypted => Cell::Encrypted(bytes.len()),
            (Value::Bytes(_), Some(text)) if self.text => Cell::of(&Value::text(text)),
            _ => match self.time.and_then(|unit| unit.of(value)) {
                Some(moment) => Cell::Whole(Value::text(moment.to_string())),
                None => Cell::of(value),
            },
        }
    }
}

impl Preview {
    /// Rows of this step follow.
    pub fn begin(&mut self, step: &Step, table: &Table) {
        let Action::Export { level, links, .. } = &step.action else { return };
        let columns = step.shown().to_vec();
        let class = |name: &String| table.column(name).map_or(Class::Other, |c| c.class);
        let classes = columns.iter().map(class).collect();
        let readings = columns.iter().map(|name| Reading::of(table, name)).collect();
        let links = links.clone();
        self.groups.push(Group { level: *level, links, columns, classes, readings, total: 0, rows: Vec::new() });
    }

    /// One row of the step; `left` is how many bytes may still be shown.
    pub fn push(&mut self, row: &[Value], left: &mut usize) {
        let Some(group) = self.groups.last_mut() else { return };
        self.rows += 1;
        group.total += 1;
        if self.shown == ROWS || *left == 0 {
            return;
        }
        let cells: Vec<Cell> = row.iter().zip(&group.readings).map(|(value, reading)| reading.cell(value)).collect();
        *left = left.saturating_sub(cells.iter().map(Cell::bytes).sum());
        self.shown += 1;
        group.rows.push(cells);
    }
}

impl Group {
    /// The cell of a row in the column of that name.
    pub fn cell<'a>(&self, row: &'a [Cell], column: &str) -> Option<&'a Cell> {
        row.get(self.columns.iter().position(|c| c == column)?)
    }
}

impl Cell {
    fn of(value: &Value) -> Cell {
        match value {
            Value::Bytes(b) => Cell::Bytes(b.len()),
            Value::Text(text) => match text.char_indices().nth(CHARS) {
                Some((end, _)) => Cell::Cut(text[..end].to_owned(), text.chars().count()),
                None => Cell::Whole(value.clone()),
            },
            other => Cell::Whole(other.clone()),
        }
    }

    /// NULL or the empty text.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Whole(Value::Null)) || matches!(self, Cell::Whole(Value::Text(s)) if s.trim().is_empty())
    }

    /// Fits into a cell of a table?
    pub fn is_short(&self) -> bool {
        match self {
            Cell::Whole(Value::Text(s)) => s.chars().count() <= 40 && !s.contains('\n'),
            Cell::Cut(..) => false,
            Cell::Whole(_) | Cell::Bytes(_) | Cell::Encrypted(_) => true,
        }
    }

    /// What it takes on a page, roughly.
    pub fn bytes(&self) -> usize {
        match self {
            Cell::Whole(Value::Text(s)) | Cell::Cut(s, _) => s.len() + 64,
            Cell::Whole(_) | Cell::Bytes(_) | Cell::Encrypted(_) => 64,
        }
    }
}
