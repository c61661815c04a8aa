//! Columns that name a file: where its bytes are, and with whom a row shares them.

use super::{ColumnIx, TableId};
use crate::value::Value;

/// Every system of kind `files` has this table: all its objects.
pub const OBJECTS: &str = "objects";

/// Key column of every table of a `files` system: the path of the object.
pub const PATH: &str = "path";

/// A file that a column names; its bytes go when the last row lets go of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The table `objects` of the files system.
    pub objects: TableId,
    /// How the path is put together.
    pub form: Form,
    /// Rows with the same value here share the bytes, beside those with the same path.
    pub shared_by: Option<ColumnIx>,
}

/// A path as literal pieces and columns of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form(pub Vec<Piece>);

/// A piece of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// The value of a column.
    Column(ColumnIx),
}

impl Form {
    /// The columns that the path is made of.
    pub fn columns(&self) -> impl Iterator<Item = ColumnIx> + '_ {
        self.0.iter().filter_map(|p| match p {
            Piece::Column(column) => Some(*column),
            Piece::Literal(_) => None,
        })
    }

    /// The path for a row, given by a function from column to value; `None` where one of them is empty, for then the row
    /// names no file.
    pub fn path<'a>(&self, value: impl Fn(ColumnIx) -> &'a Value) -> Option<String> {
        let mut path = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => path.push_str(text),
                Piece::Column(column) => path.push_str(&value(*column).join_text()?),
            }
        }
        Some(path)
    }

    /// All values of the columns, in the order of [`Form::columns`], that make this path.
    pub fn values(&self, path: &str) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        split(&self.0, path, &mut Vec::new(), &mut found);
        found
    }
}

fn split(pieces: &[Piece], path: &str, taken: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match pieces {
        [] if path.is_empty() => found.push(taken.clone()),
        [] => {}
        [Piece::Literal(text), rest @ ..] => {
            if let Some(path) = path.strip_prefix(text.as_str()) {
                split(rest, path, taken, found);
            }
        }
        [Piece::Column(_), rest @ ..] => {
            let ends = path.char_indices().map(|(at, _)| at).skip(1).chain(Some(path.len()).filter(|n| *n > 0));
            for end in ends {
                taken.push(path[..end].to_owned());
                split(rest, &path[end..], taken, found);
                taken.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Form {
        let mut pieces = Vec::new();
        for (n, part) in text.split('*').enumerate() {
            if n > 0 {
                pieces.push(Piece::Column(n - 1));
            }
            if !part.is_empty() {
                pieces.push(Piece::Literal(part.to_owned()));
            }
        }
        Form(pieces)
    }

    #[test]
    fn a_path_is_put_together_and_taken_apart() {
        let row = [Value::Int(7), Value::text("a b.png")];
        let path = form("tickets/*/*").path(|c| &row[c]);
        assert_eq!(path.as_deref(), Some("tickets/7/a b.png"));
        assert_eq!(form("tickets/*/*").values("tickets/7/a b.png"), [["7", "a b.png"]]);
        assert_eq!(form("*").values("x/y"), [["x/y"]]);
        assert_eq!(form("*/*").values("a/b/c"), [["a", "b/c"], ["a/b", "c"]]);
        for other in ["", "tickets/7", "tickets//", "tickets/7/", "other/7/x"] {
            assert!(form("tickets/*/*").values(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn an_empty_value_names_no_file() {
        for empty in [Value::Null, Value::text("")] {
            assert_eq!(form("a/*").path(|_| &empty), None);
        }
    }
}
