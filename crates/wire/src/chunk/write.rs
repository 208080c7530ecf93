//! A chunk to an Arrow IPC stream with one table, with the metadata that other tools look for.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, FixedSizeBinaryArray, RecordBatch, RecordBatchOptions};
use arrow_buffer::Buffer;
use arrow_ipc::writer::StreamEncoder;
use arrow_schema::{ArrowError, DataType, Field, Schema};

use super::{Chunk, Column, TimeColumn, keys};
use crate::WireError;
use crate::parts::Parts;

pub(super) fn chunk(chunk: &Chunk) -> Result<Parts, WireError> {
    let mut fields = vec![row_id_field(Some(chunk))];
    let mut arrays = vec![row_ids(chunk)?];
    for times in &chunk.times {
        let array = times.to_array();
        fields.push(time_field(times));
        arrays.push(array);
    }
    for column in &chunk.columns {
        fields.push(component_field(column));
        arrays.push(Arc::new(column.array().clone()) as ArrayRef);
    }
    let schema = Schema::new_with_metadata(fields, metadata(chunk));
    let options = RecordBatchOptions::new().with_row_count(Some(chunk.rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options)?;
    Ok(stream(&batch)?)
}

/// A table as an Arrow IPC stream. Its values are not copied.
pub(crate) fn stream(batch: &RecordBatch) -> Result<Parts, ArrowError> {
    let mut encoder = StreamEncoder::try_new(&batch.schema())?;
    let buffers = encoder.encode(batch)?;
    Ok(buffers.into_iter().chain(encoder.finish()?).collect())
}

fn metadata(chunk: &Chunk) -> HashMap<String, String> {
    let id = u128::from_be_bytes(chunk.id);
    let mut metadata = strings([
        (keys::ENTITY_PATH, &*chunk.entity),
        (
            keys::CHUNK_ID,
            &format!("{}{id:032X}", keys::CHUNK_ID_PREFIX),
        ),
        keys::DIALECT,
    ]);
    if let Some(at) = chunk.encoded_at {
        let (seconds, rest) = (at.div_euclid(1_000_000_000), at.rem_euclid(1_000_000_000));
        metadata.insert(keys::ENCODED_AT.to_owned(), format!("{seconds}.{rest:09}"));
    }
    metadata
}

fn strings<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> HashMap<String, String> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn row_ids(chunk: &Chunk) -> Result<ArrayRef, ArrowError> {
    let bytes: Vec<u8> = chunk.rows.iter().flat_map(|row| row.to_bytes()).collect();
    let ids = FixedSizeBinaryArray::try_new(16, Buffer::from_vec(bytes), None)?;
    Ok(Arc::new(ids))
}

/// The field of the row ids; whether they are sorted is said of a chunk, not of a recording.
pub(crate) fn row_id_field(chunk: Option<&Chunk>) -> Field {
    let mut metadata = strings(keys::ROW_ID_METADATA);
    metadata.insert(keys::KIND.to_owned(), "control".to_owned());
    if chunk.is_some_and(|chunk| chunk.rows.is_sorted()) {
        metadata.insert(keys::IS_SORTED.to_owned(), "true".to_owned());
    }
    Field::new(keys::ROW_ID, DataType::FixedSizeBinary(16), false).with_metadata(metadata)
}

/// The field of a timeline, without what only holds for one chunk.
pub(crate) fn index_field(name: &str, data_type: DataType) -> Field {
    let metadata = strings([(keys::KIND, "index"), (keys::INDEX_NAME, name)]);
    Field::new(name, data_type, true).with_metadata(metadata)
}

fn time_field(times: &TimeColumn) -> Field {
    let mut field = index_field(&times.name, times.to_array().data_type().clone());
    if times.is_sorted() {
        let mut metadata = field.metadata().clone();
        metadata.insert(keys::IS_SORTED.to_owned(), "true".to_owned());
        field.set_metadata(metadata);
    }
    field
}

/// The field of a component.
pub(crate) fn component_field(column: &Column) -> Field {
    use arrow_array::Array as _;
    let optional = [
        (keys::ARCHETYPE, &column.archetype),
        (keys::COMPONENT_TYPE, &column.component_type),
    ];
    let optional = optional
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_deref()?)));
    let always = [(keys::KIND, "data"), (keys::COMPONENT, &*column.name)];
    Field::new(&*column.name, column.array().data_type().clone(), true)
        .with_metadata(strings(always.into_iter().chain(optional)))
}
