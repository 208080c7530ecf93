//! Chunks: rows that were logged to one entity, as a table. Reading and writing them as Arrow IPC.

mod build;
mod cells;
mod column;
mod read;
mod times;
mod write;

use std::sync::Arc;

use arrow_buffer::Buffer;
use bytes::Bytes;

use crate::parts::Parts;
use crate::{RowId, WireError, payload};

pub(crate) use read::one_batch;
pub(crate) use times::array_of;
pub(crate) use write::{component_field, index_field, row_id_field, stream};

pub use build::{Cell, ChunkBuilder, Many, Value};
pub use cells::ImageFormat;
pub use column::{Column, Presence};
pub use times::{TimeColumn, TimeKind};

/// Rows of one entity. All columns have as many rows as there are row ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// Names this chunk among all.
    pub id: [u8; 16],
    /// The entity's path as it was sent: escaped, with a leading slash.
    pub entity: Arc<str>,
    /// One id for each row; usually but not always rising.
    pub rows: Vec<RowId>,
    /// One column for each timeline that the rows are on. Without any, the chunk is static.
    pub times: Vec<TimeColumn>,
    /// One column for each component.
    pub columns: Vec<Column>,
    /// When the logger encoded it, in nanoseconds since the Unix epoch.
    pub encoded_at: Option<i64>,
    /// The memory in bytes that its values hold.
    pub byte_size: usize,
}

impl Chunk {
    /// Reads a chunk from an Arrow IPC stream (uncompressed). The values are not copied if the bytes
    /// are aligned to 64.
    ///
    /// # Errors
    /// [`WireError::Arrow`] and others if the bytes are not a chunk. Never panics.
    pub fn decode(ipc: Bytes) -> Result<Self, WireError> {
        crate::message::caught(|| Self::from_ipc(payload::aligned(ipc)))
    }

    /// Like [`Chunk::decode`], but what Arrow did not foresee may panic.
    pub(crate) fn from_ipc(ipc: Buffer) -> Result<Self, WireError> {
        read::chunk(ipc)
    }

    /// Writes the chunk as an Arrow IPC stream (uncompressed).
    ///
    /// # Errors
    /// [`WireError::Arrow`] if its columns are not of one length.
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        let parts = write::chunk(self)?;
        let mut bytes = vec![0; parts.len()];
        parts.copy_to(&mut bytes);
        Ok(bytes)
    }

    /// The same, in parts.
    pub(crate) fn parts(&self) -> Result<Parts, WireError> {
        write::chunk(self)
    }

    /// Whether its values hold at all times.
    pub fn is_static(&self) -> bool {
        self.times.is_empty()
    }

    /// The column of a component.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| &*column.name == name)
    }

    /// The column of a timeline.
    pub fn time(&self, name: &str) -> Option<&TimeColumn> {
        self.times.iter().find(|times| &*times.name == name)
    }
}

/// Keys of metadata, and their values, as loggers write them.
mod keys {
    pub(super) const ENTITY_PATH: &str = "rerun:entity_path";
    pub(super) const CHUNK_ID: &str = "rerun:id";
    pub(super) const CHUNK_ID_PREFIX: &str = "chunk_";
    pub(super) const ENCODED_AT: &str = "rerun:timestamp_sdk_ipc_encoded";
    pub(super) const DIALECT: (&str, &str) = ("sorbet:version", "0.1.3");
    pub(super) const KIND: &str = "rerun:kind";
    pub(super) const INDEX_NAME: &str = "rerun:index_name";
    pub(super) const IS_SORTED: &str = "rerun:is_sorted";
    pub(super) const COMPONENT: &str = "rerun:component";
    pub(super) const ARCHETYPE: &str = "rerun:archetype";
    pub(super) const COMPONENT_TYPE: &str = "rerun:component_type";
    pub(super) const ROW_ID: &str = "rerun.controls.RowId";
    pub(super) const ROW_ID_METADATA: [(&str, &str); 2] = [
        ("ARROW:extension:name", "rerun.datatypes.TUID"),
        ("ARROW:extension:metadata", r#"{"namespace":"row"}"#),
    ];
}
