//! The rows of a table: which times it has, and which cell stands at each.

use std::collections::BTreeSet;

use crate::columns::{Cell, ComponentColumn, Place};
use crate::select::Query;

/// A cell of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing was logged.
    Nothing,
    /// It was cleared: no value.
    Empty(Place),
    /// A row's value.
    Value(Place),
    /// A value that holds at all times.
    Always(Place),
}

impl Shown {
    /// The row that says when it was logged.
    pub(crate) fn place(self) -> Option<Place> {
        match self {
            Self::Nothing | Self::Always(_) => None,
            Self::Empty(place) | Self::Value(place) => Some(place),
        }
    }
}

impl From<Cell> for Shown {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Logged(place) => Self::Value(place),
            Cell::Cleared(place) => Self::Empty(place),
        }
    }
}

/// The times of the table's rows.
pub(crate) fn times(columns: &[ComponentColumn], query: &Query) -> Vec<i64> {
    if let Some(at) = &query.at {
        let at: BTreeSet<i64> = at.iter().copied().collect();
        return at.into_iter().collect();
    }
    let (from, to) = query.range.unwrap_or((i64::MIN, i64::MAX));
    let times = columns
        .iter()
        .flat_map(|column| column.cells.keys().copied());
    let times: BTreeSet<i64> = times.filter(|time| (from..=to).contains(time)).collect();
    times.into_iter().collect()
}

/// What a column shows at a time.
pub(crate) fn shown(column: &ComponentColumn, time: i64, fill: bool) -> Shown {
    if let Some(place) = column.at_all_times {
        return Shown::Always(place);
    }
    if let Some(cell) = column.cells.get(&time) {
        return (*cell).into();
    }
    if !fill {
        return Shown::Nothing;
    }
    // As the stock SDK has it: a row that clears is one of its own, and does not hide what was before.
    let mut before = column.cells.range(..time).rev();
    let logged = before.find_map(|(_, cell)| match cell {
        Cell::Logged(place) => Some(*place),
        Cell::Cleared(_) => None,
    });
    logged.map_or(Shown::Nothing, Shown::Value)
}
