//! Asking a recording: the question, and the table that answers it, batch by batch.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::types::{DurationNanosecondType, Int64Type, TimestampNanosecondType};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, ListArray, PrimitiveArray, RecordBatch, RecordBatchReader,
    new_null_array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use arrow_select::interleave::interleave;
use reelscope_wire::{Chunk, TimeKind};

use crate::columns::{ComponentColumn, columns, index_field};
use crate::recordings::Recording;
use crate::rows::{Shown, shown, times};
use crate::{Contents, QueryError};

/// Rows of a batch, unless they are large.
const BATCH_ROWS: usize = 1_024;
/// Bytes after which a batch ends. Arrow's lists cannot hold more than 2 GiB.
const BATCH_BYTES: usize = 64 << 20;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Which entities; all of them if empty.
    pub entities: Vec<Contents>,
    /// Which components (`VideoStream:sample`); all of them if empty.
    pub components: Vec<String>,
    /// Along which timeline; without one, only what holds at all times, in one row.
    pub index: Option<String>,
    /// From when to when, both inclusive, in the timeline's units.
    pub range: Option<(i64, i64)>,
    /// At which times, in place of those at which something was logged.
    pub at: Option<Vec<i64>>,
    /// Whether a cell in which nothing was logged has what was logged last before.
    pub fill_latest_at: bool,
}

/// The table that answers a question. It keeps what it is made of: the recording may go.
pub struct Table {
    chunks: Arc<Vec<Chunk>>,
    schema: SchemaRef,
    timelines: Vec<(String, TimeKind)>,
    columns: Vec<ComponentColumn>,
    index: Option<String>,
    times: Vec<i64>,
    fill: bool,
    next: usize,
}

impl Recording {
    /// Answers a question.
    ///
    /// # Errors
    /// [`QueryError::NoTimeline`], [`QueryError::NoSuchEntity`].
    pub fn select(&self, query: &Query) -> Result<Table, QueryError> {
        let timelines: Vec<(String, TimeKind)> = match &query.index {
            Some(_) => self.timelines().into_iter().collect(),
            None => Vec::new(),
        };
        if let Some(index) = &query.index
            && !timelines.iter().any(|(name, _)| name == index)
        {
            return Err(QueryError::NoTimeline {
                wanted: index.clone(),
                there: timelines.into_iter().map(|(name, _)| name).collect(),
            });
        }
        let mut columns = columns(self, query);
        if let Some(missing) = query
            .entities
            .iter()
            .find(|contents| !columns.iter().any(|column| contents.has(&column.entity)))
        {
            return Err(QueryError::NoSuchEntity {
                wanted: missing.to_string(),
                there: self.entities().into_iter().collect(),
            });
        }
        let is_there = |name: &&String| self.has_component(name);
        if let Some(missing) = query.components.iter().find(|name| !is_there(name)) {
            return Err(QueryError::NoSuchComponent {
                wanted: missing.clone(),
            });
        }
        if query.index.is_none() {
            columns.retain(|column| column.at_all_times.is_some());
        }
        let times = match query.index {
            Some(_) => times(&columns, query),
            // One row, if there is anything in it.
            None => vec![0; usize::from(!columns.is_empty())],
        };
        Ok(Table {
            chunks: Arc::clone(&self.chunks),
            schema: schema(&timelines, &columns),
            timelines,
            columns,
            index: query.index.clone(),
            times,
            fill: query.fill_latest_at,
            next: 0,
        })
    }
}

impl Table {
    /// The same without what holds at all times: one would have it in every row.
    pub(crate) fn without_static(mut self) -> Self {
        self.columns.retain(|column| column.at_all_times.is_none());
        self.schema = schema(&self.timelines, &self.columns);
        self
    }

    /// The columns: timelines by name, then components by entity and name.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// How many rows all batches together have.
    pub fn num_rows(&self) -> usize {
        self.times.len()
    }

    /// The rows of one batch: of each, what each column shows.
    fn rows(&mut self) -> Vec<(i64, Vec<Shown>)> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while let Some(time) = self.times.get(self.next).copied() {
            if rows.len() >= BATCH_ROWS || bytes >= BATCH_BYTES {
                break;
            }
            let columns = self.columns.iter();
            let row: Vec<Shown> = columns
                .map(|column| shown(column, time, self.fill))
                .collect();
            bytes += row.iter().map(|cell| self.size(*cell)).sum::<usize>();
            rows.push((time, row));
            self.next += 1;
        }
        rows
    }

    /// Bytes of a cell, about.
    fn size(&self, cell: Shown) -> usize {
        let (Shown::Value(place) | Shown::Always(place)) = cell else {
            return 0;
        };
        let chunk = self.chunks.get(place.chunk);
        chunk.map_or(0, |chunk| chunk.byte_size / chunk.rows.len().max(1))
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let rows = self.rows();
        if rows.is_empty() {
            return Ok(None);
        }
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (name, kind) in &self.timelines {
            let times = rows.iter().map(|(time, row)| {
                if self.index.as_ref() == Some(name) {
                    Some(*time)
                } else {
                    self.time_on(name, row)
                }
            });
            arrays.push(index_array(*kind, times));
        }
        for (number, column) in self.columns.iter().enumerate() {
            let cells = rows.iter().map(|(_, row)| row.get(number).copied());
            arrays.push(self.component_array(column, cells)?);
        }
        RecordBatch::try_new(self.schema.clone(), arrays).map(Some)
    }

    /// The latest time on another timeline of the rows that a row of the table is made of.
    fn time_on(&self, timeline: &str, row: &[Shown]) -> Option<i64> {
        let places = row.iter().filter_map(|cell| cell.place());
        let times = places.filter_map(|place| {
            let chunk = self.chunks.get(place.chunk)?;
            chunk.time(timeline)?.get(place.row)
        });
        times.max()
    }

    fn component_array(
        &self,
        column: &ComponentColumn,
        cells: impl Iterator<Item = Option<Shown>>,
    ) -> Result<ArrayRef, ArrowError> {
        // Nothing, and no value, are the first two; then come the chunks that are needed.
        let nothing = new_null_array(&column.data_type, 1);
        let empty = empty_list(&column.data_type)?;
        let mut arrays: Vec<&dyn Array> = vec![&*nothing, &*empty];
        let mut known: HashMap<usize, usize> = HashMap::new();
        let mut indices = Vec::new();
        for cell in cells {
            let index = match cell.unwrap_or(Shown::Nothing) {
                Shown::Nothing => (0, 0),
                Shown::Empty(_) => (1, 0),
                Shown::Value(place) | Shown::Always(place) => {
                    let chunk = self.chunks.get(place.chunk);
                    let array = chunk.and_then(|chunk| chunk.column(&column.component));
                    match (known.get(&place.chunk), array) {
                        (Some(at), _) => (*at, place.row),
                        (None, Some(array)) => {
                            arrays.push(array.array());
                            known.insert(place.chunk, arrays.len() - 1);
                            (arrays.len() - 1, place.row)
                        }
                        (None, None) => (0, 0),
                    }
                }
            };
            indices.push(index);
        }
        interleave(&arrays, &indices)
    }
}

fn schema(timelines: &[(String, TimeKind)], columns: &[ComponentColumn]) -> SchemaRef {
    let indexes = timelines
        .iter()
        .map(|(name, kind)| index_field(name, *kind));
    let fields = indexes.chain(columns.iter().map(ComponentColumn::field));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// An array with one empty list.
fn empty_list(data_type: &DataType) -> Result<ArrayRef, ArrowError> {
    let DataType::List(item) = data_type else {
        return Ok(new_null_array(data_type, 1));
    };
    let offsets = OffsetBuffer::from_lengths([0]);
    let values = arrow_array::new_empty_array(item.data_type());
    Ok(Arc::new(ListArray::try_new(
        item.clone(),
        offsets,
        values,
        None,
    )?))
}

fn index_array(kind: TimeKind, times: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    fn array<T: ArrowPrimitiveType<Native = i64>>(
        times: impl Iterator<Item = Option<i64>>,
    ) -> ArrayRef {
        Arc::new(PrimitiveArray::<T>::from_iter(times))
    }
    match kind {
        TimeKind::Sequence => array::<Int64Type>(times),
        TimeKind::Duration => array::<DurationNanosecondType>(times),
        TimeKind::Timestamp => array::<TimestampNanosecondType>(times),
    }
}

impl Iterator for Table {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl RecordBatchReader for Table {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
