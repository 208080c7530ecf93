//! Making chunks, for what is logged or exported.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, GenericListBuilder, ListBuilder, PrimitiveBuilder, StringBuilder, StructBuilder,
};
use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt8Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ListArray, UInt8Array};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Fields};

use bytes::Bytes;

use super::{Chunk, Column, ImageFormat, TimeColumn, TimeKind};
use crate::{RowId, WireError};

/// What a row says about a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<T> {
    /// Nothing.
    Null,
    /// That it has no value from here on.
    Empty,
    /// That it has this value.
    Value(T),
}

/// A type that a cell can have.
pub trait Value: Sized {
    /// The cells as Arrow has them.
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray;
}

impl Column {
    /// A column with one value in each row. Archetype and type are filled in for names of
    /// [`component`](crate::component).
    pub fn new<T: Value>(name: &str, values: impl IntoIterator<Item = T>) -> Self {
        Self::from_cells(name, values.into_iter().map(Cell::Value))
    }

    /// A column with one cell in each row, otherwise like [`Column::new`].
    pub fn from_cells<T: Value>(name: &str, cells: impl IntoIterator<Item = Cell<T>>) -> Self {
        Self::from_list(name, T::lists(cells.into_iter()))
    }
}

macro_rules! primitive_values {
    ($($native:ty: $arrow:ty),*) => {$(
        impl Value for $native {
            fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
                built(PrimitiveBuilder::<$arrow>::new(), cells, |values, value| {
                    values.append_value(value);
                })
            }
        }
    )*};
}

primitive_values!(u8: UInt8Type, u32: UInt32Type, u64: UInt64Type, i64: Int64Type, f32: Float32Type, f64: Float64Type);

impl Value for bool {
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
        built(BooleanBuilder::new(), cells, |values, value| {
            values.append_value(value);
        })
    }
}

impl Value for &str {
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
        built(StringBuilder::new(), cells, |values, value| {
            values.append_value(value);
        })
    }
}

/// Any number of values in one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Many<'a, T>(pub &'a [T]);

macro_rules! many_values {
    ($($native:ty: $builder:ty),*) => {$(
        impl Value for Many<'_, $native> {
            fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
                built(<$builder>::new(), cells, |values, many| values.append_slice(many.0))
            }
        }
    )*};
}

many_values!(bool: BooleanBuilder, i64: PrimitiveBuilder::<Int64Type>, f64: PrimitiveBuilder::<Float64Type>);

impl Value for Many<'_, Arc<str>> {
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
        built(StringBuilder::new(), cells, |values, many| {
            many.0.iter().for_each(|text| values.append_value(text));
        })
    }
}

/// A blob.
impl Value for &[u8] {
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
        let bytes = ListBuilder::new(PrimitiveBuilder::<UInt8Type>::new()).with_field(Field::new(
            "item",
            DataType::UInt8,
            false,
        ));
        built(bytes, cells, |values, value| {
            values.values().append_slice(value);
            values.append(true);
        })
    }
}

/// A blob that need not be copied if it is the only one.
impl Value for Bytes {
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
        let cells: Vec<Cell<Self>> = cells.collect();
        if let [Cell::Value(blob)] = cells.as_slice()
            && let Ok(length) = i32::try_from(blob.len())
        {
            return only_blob(blob.clone(), length);
        }
        <&[u8]>::lists(cells.iter().map(|cell| match cell {
            Cell::Null => Cell::Null,
            Cell::Empty => Cell::Empty,
            Cell::Value(blob) => Cell::Value(&**blob),
        }))
    }
}

/// One row with one blob, in the memory that it has.
fn only_blob(blob: Bytes, length: i32) -> ListArray {
    let bytes = UInt8Array::new(ScalarBuffer::from(Buffer::from(blob)), None);
    let item = |data_type, nullable| Arc::new(Field::new("item", data_type, nullable));
    let offsets = |end| OffsetBuffer::new(vec![0, end].into());
    let blob = ListArray::new(
        item(DataType::UInt8, false),
        offsets(length),
        Arc::new(bytes),
        None,
    );
    let blob_type = item(blob.data_type().clone(), true);
    ListArray::new(blob_type, offsets(1), Arc::new(blob), None)
}

impl Value for ImageFormat {
    fn lists(cells: impl Iterator<Item = Cell<Self>>) -> ListArray {
        let fields = Fields::from(vec![
            Field::new("width", DataType::UInt32, false),
            Field::new("height", DataType::UInt32, false),
            Field::new("pixel_format", DataType::UInt8, true),
            Field::new("color_model", DataType::UInt8, true),
            Field::new("channel_datatype", DataType::UInt8, true),
        ]);
        let structs = StructBuilder::from_fields(fields, 0);
        built(structs, cells, |structs, format| {
            for (at, value) in [format.width, format.height].into_iter().enumerate() {
                if let Some(field) = structs.field_builder::<PrimitiveBuilder<UInt32Type>>(at) {
                    field.append_value(value);
                }
            }
            let options = [
                format.pixel_format,
                format.color_model,
                format.channel_datatype,
            ];
            for (at, value) in options.into_iter().enumerate() {
                if let Some(field) = structs.field_builder::<PrimitiveBuilder<UInt8Type>>(at + 2) {
                    field.append_option(value);
                }
            }
            structs.append(true);
        })
    }
}

/// Lists whose values `append` adds to `values`.
fn built<B: arrow_array::builder::ArrayBuilder, T>(
    values: B,
    cells: impl Iterator<Item = Cell<T>>,
    append: impl Fn(&mut B, T),
) -> ListArray {
    let mut lists: GenericListBuilder<i32, B> = ListBuilder::new(values);
    for cell in cells {
        match cell {
            Cell::Null => lists.append(false),
            Cell::Empty => lists.append(true),
            Cell::Value(value) => {
                append(lists.values(), value);
                lists.append(true);
            }
        }
    }
    lists.finish()
}

/// Puts a chunk together.
///
/// ```
/// use reelscope_wire::{ChunkBuilder, Column, TimeKind, component};
/// let samples: [&[u8]; 2] = [b"first access unit", b"second"];
/// let chunk = ChunkBuilder::new("/camera")
///     .times("frame", TimeKind::Sequence, vec![7, 8])
///     .column(Column::new(component::VIDEO_STREAM_SAMPLE, samples))
///     .build()
///     .unwrap();
/// assert_eq!(chunk.rows.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct ChunkBuilder {
    entity: Arc<str>,
    rows: Option<Vec<RowId>>,
    times: Vec<TimeColumn>,
    columns: Vec<Column>,
}

impl ChunkBuilder {
    /// A chunk of an entity: an escaped path with a leading slash.
    pub fn new(entity: &str) -> Self {
        Self {
            entity: entity.into(),
            rows: None,
            times: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// The ids of the rows. Without this they get new ones.
    pub fn rows(mut self, rows: Vec<RowId>) -> Self {
        self.rows = Some(rows);
        self
    }

    /// A time for each row on a timeline.
    pub fn times(self, name: &str, kind: TimeKind, times: Vec<i64>) -> Self {
        self.time_column(TimeColumn::new(name, kind, times))
    }

    /// The rows' times on a timeline.
    pub fn time_column(mut self, times: TimeColumn) -> Self {
        self.times.push(times);
        self
    }

    /// A component.
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// The chunk, with a new id.
    ///
    /// # Errors
    /// [`WireError::ColumnLength`] if not all columns have the same number of rows.
    pub fn build(self) -> Result<Chunk, WireError> {
        let lengths = || {
            let times = self.times.iter().map(|times| (&times.name, times.len()));
            times.chain(
                self.columns
                    .iter()
                    .map(|column| (&column.name, column.len())),
            )
        };
        let given = self.rows.as_ref().map(Vec::len);
        let expected = given.or_else(|| lengths().next().map(|(_, rows)| rows));
        let expected = expected.unwrap_or(0);
        if let Some((column, rows)) = lengths().find(|(_, rows)| *rows != expected) {
            return Err(WireError::ColumnLength {
                column: column.to_string(),
                rows,
                expected,
            });
        }
        let values = self
            .columns
            .iter()
            .map(|column| column.array().get_array_memory_size());
        let byte_size = values.sum::<usize>() + expected * 8 * self.times.len();
        let rows = self.rows;
        Ok(Chunk {
            id: RowId::new().to_bytes(),
            entity: self.entity,
            rows: rows.unwrap_or_else(|| (0..expected).map(|_| RowId::new()).collect()),
            times: self.times,
            columns: self.columns,
            encoded_at: None,
            byte_size,
        })
    }
}
