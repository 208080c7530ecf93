//! An Arrow IPC stream with one table, to a chunk.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::{DataType, Field};

use super::column::lists;
use super::{Chunk, Column, TimeColumn, keys};
use crate::{RowId, WireError};

/// What a column is for.
enum Kind {
    RowId,
    Time,
    Component,
}

/// Reads a chunk whose values stay where they are in `ipc`.
pub(super) fn chunk(ipc: Buffer) -> Result<Chunk, WireError> {
    let byte_size = ipc.len();
    let batch = one_batch(ipc)?;
    let schema = batch.schema();
    let metadata = schema.metadata();
    let entity = metadata.get(keys::ENTITY_PATH).ok_or(WireError::NoEntity)?;

    let mut rows = None;
    let mut times = Vec::new();
    let mut columns = Vec::new();
    for (field, array) in schema.fields().iter().zip(batch.columns()) {
        match kind(field) {
            Kind::RowId => rows = rows.or(row_ids(array)),
            Kind::Time => {
                let name = field.metadata().get(keys::INDEX_NAME);
                let name = name.unwrap_or(field.name()).as_str().into();
                times.push(TimeColumn::from_array(name, array)?);
            }
            Kind::Component => columns.push(component(field, array)?),
        }
    }
    let rows: Vec<RowId> = rows.ok_or(WireError::NoRowIds)?;
    let id = metadata.get(keys::CHUNK_ID).and_then(|id| chunk_id(id));
    Ok(Chunk {
        id: id.unwrap_or_else(|| RowId::new().to_bytes()),
        entity: entity.as_str().into(),
        rows,
        times,
        columns,
        encoded_at: metadata.get(keys::ENCODED_AT).and_then(|at| wall_clock(at)),
        byte_size,
    })
}

/// The table of a stream that has exactly one.
pub(crate) fn one_batch(mut ipc: Buffer) -> Result<RecordBatch, WireError> {
    check_buffers(&ipc)?;
    let mut decoder = StreamDecoder::new();
    let mut batch = None;
    let mut batches = 0;
    while let Some(next) = decoder.decode(&mut ipc)? {
        batch = Some(next);
        batches += 1;
    }
    decoder.finish()?;
    match batch {
        Some(batch) if batches == 1 => Ok(batch),
        _ => Err(WireError::Batches { batches }),
    }
}

/// Looks whether the buffers of all tables lie within their messages, which the decoder takes for granted.
/// What else may be wrong it finds itself.
fn check_buffers(ipc: &[u8]) -> Result<(), WireError> {
    /// Stands before the length of a message.
    const CONTINUATION: u32 = u32::MAX;
    let mut rest = ipc;
    let number = |rest: &mut &[u8]| {
        let (number, after) = rest.split_first_chunk()?;
        *rest = after;
        Some(u32::from_le_bytes(*number))
    };
    while let Some(first) = number(&mut rest) {
        let length = if first == CONTINUATION {
            number(&mut rest)
        } else {
            Some(first)
        };
        let Some((head, after)) = length
            .filter(|length| *length > 0)
            .and_then(|length| rest.split_at_checked(length as usize))
        else {
            break;
        };
        let Ok(message) = arrow_ipc::root_as_message(head) else {
            break;
        };
        let body = usize::try_from(message.bodyLength()).ok();
        let Some((body, after)) = body.and_then(|body| after.split_at_checked(body)) else {
            break;
        };
        let table = message.header_as_record_batch();
        let buffers = table.and_then(|table| table.buffers());
        let lies_within = |buffer: &arrow_ipc::Buffer| {
            let end = buffer.offset().checked_add(buffer.length());
            let end = end.and_then(|end| usize::try_from(end).ok());
            buffer.offset() >= 0 && buffer.length() >= 0 && end.is_some_and(|end| end <= body.len())
        };
        if buffers.is_some_and(|buffers| !buffers.iter().all(lies_within)) {
            let words = "values lie outside of their message".to_owned();
            return Err(arrow_schema::ArrowError::IpcError(words).into());
        }
        rest = after;
    }
    Ok(())
}

fn kind(field: &Field) -> Kind {
    match field.metadata().get(keys::KIND).map(String::as_str) {
        Some("control" | "row_id") => Kind::RowId,
        Some("index" | "time") => Kind::Time,
        _ => Kind::Component,
    }
}

/// `None` for a control column that holds something else.
fn row_ids(array: &ArrayRef) -> Option<Vec<RowId>> {
    let ids = array.as_fixed_size_binary_opt()?;
    if *ids.data_type() != DataType::FixedSizeBinary(16) {
        return None;
    }
    let ids = ids.iter().map(|id| {
        let id = id.unwrap_or_default().try_into().unwrap_or_default();
        RowId::from_bytes(id)
    });
    Some(ids.collect())
}

fn component(field: &Field, array: &ArrayRef) -> Result<Column, WireError> {
    let metadata = |key: &str| -> Option<Arc<str>> {
        let value = field.metadata().get(key)?;
        Some(value.as_str().into())
    };
    let name = metadata(keys::COMPONENT).unwrap_or_else(|| field.name().as_str().into());
    let list = lists(array).ok_or_else(|| WireError::ColumnType {
        column: name.to_string(),
        data_type: field.data_type().to_string(),
    })?;
    let archetype = metadata(keys::ARCHETYPE);
    Ok(Column::named(
        name,
        archetype,
        metadata(keys::COMPONENT_TYPE),
        list,
    ))
}

/// `chunk_` and 32 hexadecimal digits.
fn chunk_id(text: &str) -> Option<[u8; 16]> {
    let digits = text.strip_prefix(keys::CHUNK_ID_PREFIX).unwrap_or(text);
    (digits.len() == 32)
        .then(|| u128::from_str_radix(digits, 16).ok())?
        .map(u128::to_be_bytes)
}

/// `seconds.nanoseconds`, the latter with nine digits.
fn wall_clock(text: &str) -> Option<i64> {
    let (seconds, nanoseconds) = text.split_once('.').unwrap_or((text, "0"));
    let seconds: i64 = seconds.parse().ok()?;
    let nanoseconds: i64 = format!("{nanoseconds:0<9}").get(..9)?.parse().ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_clock_times_are_seconds_and_nanoseconds() {
        assert_eq!(
            wall_clock("1700000000.000000005"),
            Some(1_700_000_000_000_000_005)
        );
        assert_eq!(wall_clock("1.5"), Some(1_500_000_000));
        assert_eq!(wall_clock("12"), Some(12_000_000_000));
        assert_eq!(wall_clock("99999999999999999999.1"), None);
        assert_eq!(wall_clock("yesterday"), None);
    }

    #[test]
    fn chunk_ids_are_hexadecimal_in_either_case() {
        let id = chunk_id("chunk_18EA72dc43874B24FFFFFFFFffffffff").unwrap();
        assert_eq!(id[..4], [0x18, 0xea, 0x72, 0xdc]);
        assert_eq!(chunk_id("chunk_18"), None);
    }
}
