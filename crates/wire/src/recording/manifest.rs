//! Reading the manifest of a recording: where each chunk is, without reading any of them.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use arrow_array::{Array, RecordBatch};
use bytes::Bytes;
use prost::Message as _;

use super::layout::{self, FOOTER_ENTRY, FOOTER_TAIL, FooterEntry, HEADER};
use crate::chunk::one_batch;
use crate::message::caught;
use crate::{StoreId, StoreKind, WireError, payload, proto};

/// What a recording file says about its chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// All chunks of all recordings, in the order of the file.
    pub chunks: Vec<ManifestChunk>,
}

/// One chunk of a recording file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestChunk {
    /// The recording.
    pub store: StoreId,
    /// The entity's path, escaped.
    pub entity: Arc<str>,
    /// The chunk's id.
    pub id: [u8; 16],
    /// Whether its values hold at all times.
    pub is_static: bool,
    /// How many rows it has.
    pub rows: u64,
    /// Where it is in the file: for [`read_chunk_at`](super::RecordingReader::read_chunk_at).
    pub offset: u64,
    /// Its length there.
    pub size: u64,
}

/// The longest manifest that is read.
const MAX_MANIFEST: u64 = 1 << 30;

/// Reads the manifests of all streams of a file from its end to its start. `None` if one of them
/// has none, or a wrong one.
pub(super) fn read(
    length: u64,
    mut fetch: impl FnMut(u64, u64) -> Option<Bytes>,
) -> Option<Manifest> {
    let mut end = Some(length).filter(|length| *length > 0)?;
    let mut chunks = Vec::new();
    while end > 0 {
        let footer_start = end.checked_sub(FOOTER_ENTRY + FOOTER_TAIL)?;
        let entry = FooterEntry::read(&fetch(footer_start, FOOTER_ENTRY + FOOTER_TAIL)?)?;
        let body_start = footer_start.checked_sub(entry.length)?;
        let stream_start = body_start.checked_sub(entry.start)?;
        if entry.length > MAX_MANIFEST || stream_start >= end {
            return None;
        }
        layout::check(&fetch(stream_start, HEADER)?).ok()?;
        let body = fetch(body_start, entry.length)?;
        if layout::checksum(&body) != entry.checksum {
            return None;
        }
        let footer = proto::Footer::decode(body).ok()?;
        for manifest in &footer.manifests {
            let table = caught(|| table(manifest)).ok()?;
            chunks.extend(rows(manifest, &table, stream_start, body_start)?);
        }
        end = stream_start;
    }
    chunks.retain(|chunk| chunk.store.kind == StoreKind::Recording);
    chunks.sort_by_key(|chunk| chunk.offset);
    Some(Manifest { chunks })
}

fn table(manifest: &proto::Manifest) -> Result<RecordBatch, WireError> {
    let table = manifest.table.as_ref().ok_or(WireError::EmptyMessage)?;
    let ipc = payload::unpack(
        table.compression,
        table.uncompressed_size,
        table.payload.clone(),
        payload::MAX_PAYLOAD,
    )?;
    one_batch(ipc)
}

/// The chunks of one store, whose offsets count from `stream_start` and end before `end`.
fn rows(
    manifest: &proto::Manifest,
    table: &RecordBatch,
    stream_start: u64,
    end: u64,
) -> Option<Vec<ManifestChunk>> {
    let store = StoreId::from_proto(manifest.store_id.as_ref()?);
    let entities = table.column_by_name("chunk_entity_path")?;
    let entities = entities.as_string_opt::<i32>()?;
    let ids = table.column_by_name("chunk_id")?;
    let ids = ids.as_fixed_size_binary_opt()?;
    let is_static = table.column_by_name("chunk_is_static")?;
    let is_static = is_static.as_boolean_opt()?;
    let counts = numbers(table, "chunk_num_rows")?;
    let offsets = numbers(table, "chunk_byte_offset")?;
    let sizes = numbers(table, "chunk_byte_size")?;
    (0..table.num_rows())
        .map(|row| {
            let offset = offsets.get(row)?.checked_add(stream_start)?;
            let size = *sizes.get(row)?;
            if offset.checked_add(size)? > end || entities.is_null(row) {
                return None;
            }
            Some(ManifestChunk {
                store: store.clone(),
                entity: entities.value(row).into(),
                id: ids.value(row).try_into().ok()?,
                is_static: is_static.value(row),
                rows: *counts.get(row)?,
                offset,
                size,
            })
        })
        .collect()
}

fn numbers<'a>(table: &'a RecordBatch, name: &str) -> Option<&'a [u64]> {
    let column = table.column_by_name(name)?;
    Some(column.as_primitive_opt::<UInt64Type>()?.values())
}
