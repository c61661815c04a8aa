//! Sampled values of one column: looked at, never shown.

use std::fmt;

use crate::value::Value;

/// What was read of one column. `Debug` shows counts only.
#[derive(Clone, Default)]
pub struct Sample {
    /// The values that are not NULL, as they came.
    pub values: Vec<Value>,
    /// Rows that were looked at, NULLs included.
    pub rows: u32,
}

impl Sample {
    /// From the cells of one column of a sample.
    pub fn of(cells: impl IntoIterator<Item = Value>) -> Self {
        let mut rows = 0;
        let values = cells.into_iter().inspect(|_| rows += 1).filter(|v| !v.is_null()).collect();
        Sample { values, rows }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sample({} values of {} rows)", self.values.len(), self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_are_counted_and_values_never_shown() {
        let sample = Sample::of([Value::text("ann@x.example"), Value::Null]);
        assert_eq!((sample.values.len(), sample.rows), (1, 2));
        assert_eq!(format!("{sample:?}"), "Sample(1 values of 2 rows)");
    }
}
