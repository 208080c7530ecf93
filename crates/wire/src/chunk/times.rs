//! A chunk's times on one timeline.

use std::sync::Arc;

use arrow_array::types::{DurationNanosecondType, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};

use crate::WireError;

/// What the numbers of a timeline count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeKind {
    /// Anything: frames, steps.
    Sequence,
    /// Nanoseconds.
    Duration,
    /// Nanoseconds since the Unix epoch.
    Timestamp,
}

impl TimeKind {
    /// Its name, as logging libraries call it: `sequence`, `duration`, `timestamp`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
            Self::Duration => "duration",
            Self::Timestamp => "timestamp",
        }
    }
}

/// The times of a chunk's rows on one timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeColumn {
    /// The timeline's name.
    pub name: Arc<str>,
    /// What its numbers count.
    pub kind: TimeKind,
    times: ScalarBuffer<i64>,
    nulls: Option<NullBuffer>,
}

impl TimeColumn {
    /// A time for each row.
    pub fn new(name: &str, kind: TimeKind, times: Vec<i64>) -> Self {
        Self {
            name: name.into(),
            kind,
            times: times.into(),
            nulls: None,
        }
    }

    /// A time for some rows.
    pub fn sparse(name: &str, kind: TimeKind, times: &[Option<i64>]) -> Self {
        Self {
            name: name.into(),
            kind,
            times: times.iter().map(|time| time.unwrap_or(0)).collect(),
            nulls: times
                .iter()
                .any(Option::is_none)
                .then(|| times.iter().map(Option::is_some).collect()),
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The time of a row; `None` if it has none here, or there is no such row.
    pub fn get(&self, row: usize) -> Option<i64> {
        let time = *self.times.get(row)?;
        match &self.nulls {
            Some(nulls) if nulls.is_null(row) => None,
            _ => Some(time),
        }
    }

    /// Whether the times never fall, and all rows have one.
    pub fn is_sorted(&self) -> bool {
        self.nulls.is_none() && self.times.is_sorted()
    }

    /// The least and the greatest time.
    pub fn range(&self) -> Option<(i64, i64)> {
        let times = || (0..self.len()).filter_map(|row| self.get(row));
        Some((times().min()?, times().max()?))
    }

    /// Reads a column of a table. Units coarser than nanoseconds are converted, and saturate.
    pub(super) fn from_array(name: Arc<str>, array: &dyn Array) -> Result<Self, WireError> {
        let (kind, unit) = match array.data_type() {
            DataType::Int64 => (TimeKind::Sequence, TimeUnit::Nanosecond),
            DataType::Duration(unit) => (TimeKind::Duration, *unit),
            DataType::Timestamp(unit, _) => (TimeKind::Timestamp, *unit),
            other => {
                return Err(WireError::ColumnType {
                    column: name.to_string(),
                    data_type: other.to_string(),
                });
            }
        };
        // All of these are 64-bit integers, whatever they count.
        let data = array.to_data();
        let integers = data
            .buffers()
            .first()
            .map(|values| ScalarBuffer::<i64>::new(values.clone(), data.offset(), data.len()))
            .unwrap_or_default();
        let times = match nanoseconds(unit) {
            1 => integers,
            scale => integers
                .iter()
                .map(|time| time.saturating_mul(scale))
                .collect(),
        };
        Ok(Self {
            name,
            kind,
            times,
            nulls: array
                .nulls()
                .filter(|nulls| nulls.null_count() > 0)
                .cloned(),
        })
    }

    /// The column of a table with these times.
    pub(super) fn to_array(&self) -> ArrayRef {
        array_of(self.kind, self.times.clone(), self.nulls.clone())
    }
}

/// Times as Arrow writes them.
pub(crate) fn array_of(
    kind: TimeKind,
    times: ScalarBuffer<i64>,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    match kind {
        TimeKind::Sequence => Arc::new(PrimitiveArray::<Int64Type>::new(times, nulls)),
        TimeKind::Duration => Arc::new(PrimitiveArray::<DurationNanosecondType>::new(times, nulls)),
        TimeKind::Timestamp => {
            Arc::new(PrimitiveArray::<TimestampNanosecondType>::new(times, nulls))
        }
    }
}

fn nanoseconds(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    }
}
