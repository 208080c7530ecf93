//! What the store keeps of a recording, written down again.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use reelscope_store::Recording;
use reelscope_wire as wire;
use wire::{RecordingWriter, StoreId, StoreInfo};

use super::{SaveError, State};

/// The chunks of a recording.
pub(super) struct Logged {
    id: StoreId,
    chunks: Vec<Arc<wire::Chunk>>,
}

impl Logged {
    /// What was logged up to now; `None` if that is nothing.
    pub(super) fn new(recording: &Recording) -> Option<Self> {
        let chunks: Vec<Arc<wire::Chunk>> = recording
            .logged()
            .filter_map(|(_, rows)| rows.origin.clone()?.downcast().ok())
            .collect();
        let id = StoreId::recording(&recording.name, &recording.run);
        (!chunks.is_empty()).then_some(Self { id, chunks })
    }

    pub(super) fn write(&self, file: &mut BufWriter<File>, state: &State) -> Result<(), SaveError> {
        let mut writer = RecordingWriter::new(file)?;
        writer.store(&StoreInfo {
            id: self.id.clone(),
            source: String::new(),
            sdk_version: None,
        })?;
        for (number, chunk) in self.chunks.iter().enumerate() {
            writer.chunk(&self.id, chunk)?;
            if state.tell(number + 1, self.chunks.len()).is_break() {
                return Err(SaveError::Cancelled);
            }
        }
        writer.finish()?;
        Ok(())
    }
}
