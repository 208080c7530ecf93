//! Rows that wait to be sent, put together into chunks: those of one entity with the same timelines and
//! components share one.

use std::collections::HashMap;
use std::mem::Discriminant;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_wire::{Chunk, ChunkBuilder, Column, Many, RowId, TimeColumn, TimeKind, WireError};

use crate::archetypes::{Component, ComponentValue};
use crate::time::Times;

/// What a row takes beside its values, about.
const ROW_BYTES: usize = 64;

/// What rows of one chunk have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shape {
    entity: Arc<str>,
    timelines: Vec<(Arc<str>, TimeKind)>,
    components: Vec<(Arc<str>, Discriminant<ComponentValue>)>,
}

/// The rows of one chunk, column by column.
#[derive(Debug, Default)]
struct Rows {
    ids: Vec<RowId>,
    times: Vec<Vec<i64>>,
    values: Vec<Vec<ComponentValue>>,
}

/// Rows that wait.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    shapes: HashMap<Shape, usize>,
    rows: Vec<Rows>,
    ready: Vec<Chunk>,
    bytes: usize,
}

impl Batch {
    /// Adds a row. Without times it is static.
    pub(crate) fn push(&mut self, entity: Arc<str>, times: Times, components: Vec<Component>) {
        self.bytes += ROW_BYTES;
        let mut timelines = Vec::with_capacity(times.len());
        let mut at = Vec::with_capacity(times.len());
        for (name, kind, time) in times {
            timelines.push((name, kind));
            at.push(time);
        }
        let mut names = Vec::with_capacity(components.len());
        let mut values = Vec::with_capacity(components.len());
        for component in components {
            self.bytes += component.value.size();
            names.push((component.name, std::mem::discriminant(&component.value)));
            values.push(component.value);
        }
        let shape = Shape {
            entity,
            timelines,
            components: names,
        };
        let number = *self.shapes.entry(shape).or_insert_with(|| {
            self.rows.push(Rows {
                ids: Vec::new(),
                times: vec![Vec::new(); at.len()],
                values: vec![Vec::new(); values.len()],
            });
            self.rows.len() - 1
        });
        let Some(rows) = self.rows.get_mut(number) else {
            return;
        };
        rows.ids.push(RowId::new());
        rows.times
            .iter_mut()
            .zip(at)
            .for_each(|(column, time)| column.push(time));
        let columns = rows.values.iter_mut().zip(values);
        columns.for_each(|(column, value)| column.push(value));
    }

    /// Adds a chunk that was put together already.
    pub(crate) fn push_chunk(&mut self, chunk: Chunk) {
        self.bytes += chunk.byte_size;
        self.ready.push(chunk);
    }

    /// Memory that the rows take, about.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// True if nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The chunks, in the order in which their first rows came.
    ///
    /// # Errors
    /// [`WireError::ColumnLength`]; then nothing of that chunk is sent.
    pub(crate) fn chunks(self) -> Result<Vec<Chunk>, WireError> {
        let mut shapes: Vec<(Shape, usize)> = self.shapes.into_iter().collect();
        shapes.sort_unstable_by_key(|(_, number)| *number);
        let rows = shapes.into_iter().zip(self.rows);
        let mut chunks = Vec::with_capacity(rows.len() + self.ready.len());
        for ((shape, _), rows) in rows {
            chunks.push(chunk(shape, rows)?);
        }
        chunks.extend(self.ready);
        Ok(chunks)
    }
}

fn chunk(shape: Shape, rows: Rows) -> Result<Chunk, WireError> {
    let mut chunk = ChunkBuilder::new(&shape.entity).rows(rows.ids);
    for ((name, kind), times) in shape.timelines.iter().zip(rows.times) {
        chunk = chunk.time_column(TimeColumn::new(name, *kind, times));
    }
    for ((name, _), values) in shape.components.iter().zip(rows.values) {
        chunk = chunk.column(column(name, values));
    }
    chunk.build()
}

/// Picks the values of one kind; there are no others.
macro_rules! of_kind {
    ($name:expr, $values:expr, $kind:ident) => {
        Column::new(
            $name,
            $values.into_iter().filter_map(|value| match value {
                ComponentValue::$kind(value) => Some(value),
                _ => None,
            }),
        )
    };
}

/// The same for values of which there are any number in a row.
macro_rules! many_of_kind {
    ($name:expr, $values:expr, $kind:ident) => {
        Column::new(
            $name,
            $values.iter().filter_map(|value| match value {
                ComponentValue::$kind(values) => Some(Many(values)),
                _ => None,
            }),
        )
    };
}

/// A column of values that are all of the kind of the first one.
pub(crate) fn column(name: &str, values: Vec<ComponentValue>) -> Column {
    match values.first() {
        None => Column::new::<Bytes>(name, []),
        Some(ComponentValue::Bool(_)) => of_kind!(name, values, Bool),
        Some(ComponentValue::U32(_)) => of_kind!(name, values, U32),
        Some(ComponentValue::I64(_)) => of_kind!(name, values, I64),
        Some(ComponentValue::F32(_)) => of_kind!(name, values, F32),
        Some(ComponentValue::F64(_)) => of_kind!(name, values, F64),
        Some(ComponentValue::Blob(_)) => of_kind!(name, values, Blob),
        Some(ComponentValue::ImageFormat(_)) => of_kind!(name, values, ImageFormat),
        Some(ComponentValue::Text(_)) => Column::new(
            name,
            values.iter().filter_map(|value| match value {
                ComponentValue::Text(text) => Some(&**text),
                _ => None,
            }),
        ),
        Some(ComponentValue::Bools(_)) => many_of_kind!(name, values, Bools),
        Some(ComponentValue::I64s(_)) => many_of_kind!(name, values, I64s),
        Some(ComponentValue::F64s(_)) => many_of_kind!(name, values, F64s),
        Some(ComponentValue::Texts(_)) => many_of_kind!(name, values, Texts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archetypes::{AsComponents, VideoCodec, VideoStream};

    fn times(frame: i64) -> Times {
        vec![("frame".into(), TimeKind::Sequence, frame)]
    }

    #[test]
    fn rows_alike_share_a_chunk_and_others_have_their_own() {
        let mut batch = Batch::default();
        let codec = VideoStream::codec(VideoCodec::H264);
        batch.push("/cam".into(), Vec::new(), codec.components());
        for frame in 0..3 {
            let sample = VideoStream::sample(vec![frame as u8; 4]);
            batch.push("/cam".into(), times(frame), sample.components());
        }
        batch.push("/other".into(), times(9), codec.components());
        let chunks = batch.chunks().unwrap();
        let rows: Vec<usize> = chunks.iter().map(|chunk| chunk.rows.len()).collect();
        assert_eq!(rows, [1, 3, 1]);
        assert!(chunks[0].is_static());
        assert_eq!(chunks[1].time("frame").unwrap().get(2), Some(2));
        let samples = chunks[1].column("VideoStream:sample").unwrap();
        assert_eq!(samples.blob(1).unwrap(), [1; 4][..]);
    }

    #[test]
    fn values_of_another_kind_under_the_same_name_are_not_mixed() {
        let mut batch = Batch::default();
        for value in [ComponentValue::I64(1), ComponentValue::F64(2.0)] {
            let components = vec![Component::new("mine", value)];
            batch.push("/x".into(), times(0), components);
        }
        assert_eq!(batch.chunks().unwrap().len(), 2);
    }
}
