//! Writing a recording. What was written is a valid file at any time; finishing it adds a manifest.

use std::collections::BTreeMap;
use std::io::Write;

use prost::Message as _;

use super::layout::{self, FooterEntry, MESSAGE_HEADER};
use super::table::{Place, Summary};
use crate::message::{PackedChunk, set_store_info};
use crate::{Chunk, StoreId, StoreInfo, WireError, proto};

/// Writes a recording file. Wrap a file in a `BufWriter`.
#[derive(Debug)]
pub struct RecordingWriter<W> {
    target: W,
    position: u64,
    stores: BTreeMap<StoreId, Summary>,
}

impl<W: Write> RecordingWriter<W> {
    /// Starts a file.
    ///
    /// # Errors
    /// [`WireError::Io`], here and below. After it the file ends in the middle of a message; those
    /// before it are readable.
    pub fn new(target: W) -> Result<Self, WireError> {
        let mut writer = Self {
            target,
            position: 0,
            stores: BTreeMap::new(),
        };
        writer.write(&layout::header())?;
        Ok(writer)
    }

    /// Announces a recording. Again for one that was announced does no harm.
    ///
    /// # Errors
    /// [`WireError::Io`].
    pub fn store(&mut self, info: &StoreInfo) -> Result<(), WireError> {
        self.stores.entry(info.id.clone()).or_default();
        let message = set_store_info(info).encode_to_vec();
        self.message(layout::KIND_STORE, &message)?;
        Ok(())
    }

    /// Writes a chunk; announces its recording if that was not done.
    ///
    /// # Errors
    /// [`WireError::Io`]; [`WireError::Arrow`] if the chunk's columns are not of one length, and then
    /// nothing was written.
    pub fn chunk(&mut self, store: &StoreId, chunk: &Chunk) -> Result<(), WireError> {
        self.packed(store, chunk, PackedChunk::new(store, chunk)?)
    }

    /// Writes a chunk as it was received, without encoding it again.
    ///
    /// # Errors
    /// [`WireError::Io`].
    pub fn packed(
        &mut self,
        store: &StoreId,
        chunk: &Chunk,
        packed: PackedChunk,
    ) -> Result<(), WireError> {
        if !self.stores.contains_key(store) {
            self.store(&StoreInfo {
                id: store.clone(),
                source: String::new(),
                sdk_version: None,
            })?;
        }
        let uncompressed_size = packed.uncompressed_size();
        let message = packed.encode();
        let size = message.len() as u64;
        let offset = self.message_head(layout::KIND_CHUNK, size)?;
        message.iter().try_for_each(|part| self.write(part))?;
        let place = Place {
            offset,
            size,
            uncompressed_size,
        };
        self.stores
            .entry(store.clone())
            .or_default()
            .add(chunk, place);
        Ok(())
    }

    /// Passes on what is held back by the target.
    ///
    /// # Errors
    /// [`WireError::Io`].
    pub fn flush(&mut self) -> Result<(), WireError> {
        Ok(self.target.flush()?)
    }

    /// How many bytes were written.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Writes the manifest and gives the target back, flushed. A recording with very many chunks and
    /// components gets none: readers then look at all messages.
    ///
    /// # Errors
    /// [`WireError::Io`], [`WireError::Arrow`].
    pub fn finish(mut self) -> Result<W, WireError> {
        let stores = std::mem::take(&mut self.stores);
        let manifests = stores
            .iter()
            .map(|(store, summary)| summary.manifest(store));
        let manifests: Option<Vec<_>> = manifests.collect::<Result<_, _>>()?;
        let body = manifests.map_or_else(Vec::new, |manifests| {
            proto::Footer { manifests }.encode_to_vec()
        });
        let start = self.message(layout::KIND_END, &body)?;
        if !body.is_empty() {
            let entry = FooterEntry {
                start,
                length: body.len() as u64,
                checksum: layout::checksum(&body),
            };
            self.write(&entry.write())?;
        }
        self.target.flush()?;
        Ok(self.target)
    }

    /// Writes a message and tells where its body starts.
    fn message(&mut self, kind: u64, body: &[u8]) -> Result<u64, WireError> {
        let start = self.message_head(kind, body.len() as u64)?;
        self.write(body)?;
        Ok(start)
    }

    /// Writes what stands before a message's body and tells where that starts.
    fn message_head(&mut self, kind: u64, length: u64) -> Result<u64, WireError> {
        let mut head = [0; MESSAGE_HEADER as usize];
        let (first, second) = head.split_at_mut(8);
        first.copy_from_slice(&kind.to_le_bytes());
        second.copy_from_slice(&length.to_le_bytes());
        self.write(&head)?;
        Ok(self.position)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.target.write_all(bytes)?;
        self.position += bytes.len() as u64;
        Ok(())
    }
}
