//! Reading a recording from its start, also one that is cut off or still grows.

use std::io::{Read, Seek, SeekFrom};

use bytes::Bytes;
use prost::Message as _;

use super::layout::{self, FOOTER_ENTRY, FOOTER_TAIL, HEADER, MESSAGE_HEADER};
use super::manifest::{self, Manifest};
use crate::message::{MessageDecoder, caught};
use crate::{Chunk, LogMessage, StoreId, WireError, payload, proto};

/// How much is read at once, so that small messages do not cost a read each.
const AHEAD: u64 = 256 << 10;

/// The longest message that is read.
const MAX_MESSAGE: u64 = payload::MAX_PAYLOAD + (1 << 20);

/// How many manifests a footer may name. All known writers name one.
const MAX_FOOTER_ENTRIES: u64 = 16;

/// What comes next in a recording.
#[derive(Debug)]
pub enum Item {
    /// A message, and its length in the file.
    Message(LogMessage, usize),
    /// A message that is not readable. Those behind it are.
    Skipped(WireError),
    /// The writer has finished. Another recording may follow in the same file.
    End,
}

/// Reads a recording file.
#[derive(Debug)]
pub struct RecordingReader<R> {
    source: R,
    decoder: MessageDecoder,
    /// Where the next thing starts.
    position: u64,
    /// The last thing was the end of a recording: a footer or a header follows.
    after_end: bool,
    /// How many bytes of the next thing are not there.
    missing: u64,
    /// What was read ahead, and where from.
    ahead: (u64, Bytes),
}

impl<R: Read + Seek> RecordingReader<R> {
    /// Starts at the beginning of a file. An empty file is one that nothing was written to yet.
    ///
    /// # Errors
    /// [`WireError::NotARecording`], [`WireError::OlderRecording`], [`WireError::Io`].
    pub fn open(source: R) -> Result<Self, WireError> {
        let mut reader = Self {
            source,
            decoder: MessageDecoder::default(),
            position: 0,
            after_end: false,
            missing: 0,
            ahead: (0, Bytes::new()),
        };
        if let Some(first) = reader.fetch(0, HEADER)? {
            layout::check(&first)?;
        } else {
            let length = reader.source.seek(SeekFrom::End(0))?.min(HEADER);
            let start = reader.fetch(0, length)?.unwrap_or_default();
            let compared = start.len().min(layout::MAGIC.len());
            if start.get(..compared) != layout::MAGIC.get(..compared) {
                layout::check(&start)?;
                return Err(WireError::NotARecording);
            }
        }
        Ok(reader)
    }

    /// The next message. `None` if there is no whole one (for now: call it again when the file has
    /// grown).
    ///
    /// # Errors
    /// [`WireError::Io`]; [`WireError::UnknownKind`] where the file makes no sense any more.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator could not go on after it has given none"
    )]
    pub fn next(&mut self) -> Result<Option<Item>, WireError> {
        loop {
            self.missing = 0;
            let Some(head) = self.fetch(self.position, HEADER)? else {
                return Ok(None);
            };
            if head.starts_with(layout::MAGIC) && !head.starts_with(layout::FOOTER_MAGIC) {
                layout::check(&head)?;
                self.advance(HEADER);
                self.after_end = false;
                continue;
            }
            if self.after_end {
                match self.footer_length()? {
                    None => return Ok(None),
                    Some(0) => {}
                    Some(length) => {
                        self.advance(length);
                        continue;
                    }
                }
            }
            return self.message();
        }
    }

    /// How many bytes of the file were read as whole messages.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether the writer has finished, and nothing follows.
    pub fn is_ended(&self) -> bool {
        self.after_end && self.missing == 0
    }

    /// How many bytes at least the last message lacks, when [`RecordingReader::next`] has given
    /// `None`. Zero if the file ends with a whole message.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Where the chunks are, if the file says so. Its place among the messages stays as it is.
    pub fn manifest(&mut self) -> Option<Manifest> {
        let length = self.source.seek(SeekFrom::End(0)).ok()?;
        let missing = self.missing;
        let manifest = manifest::read(length, |offset, size| {
            self.fetch(offset, size).ok().flatten()
        });
        self.missing = missing;
        manifest
    }

    /// Reads one chunk of the manifest.
    ///
    /// # Errors
    /// [`WireError::NoChunkAt`], [`WireError::Io`], and those of a message that is not readable.
    pub fn read_chunk_at(&mut self, offset: u64, size: u64) -> Result<(StoreId, Chunk), WireError> {
        let nothing = || WireError::NoChunkAt { offset, size };
        if size > MAX_MESSAGE {
            return Err(nothing());
        }
        let missing = self.missing;
        let bytes = self.fetch(offset, size);
        self.missing = missing;
        let message = proto::ArrowMessage::decode(bytes?.ok_or_else(nothing)?)?;
        match caught(|| self.decoder.content(proto::Content::Arrow(message)))? {
            LogMessage::Chunk(store, chunk) => Ok((store, chunk)),
            LogMessage::Store(_) | LogMessage::Blueprint => Err(nothing()),
        }
    }

    fn message(&mut self) -> Result<Option<Item>, WireError> {
        let Some(head) = self.fetch(self.position, MESSAGE_HEADER)? else {
            return Ok(None);
        };
        let (kind, length) = layout::message_header(&head).unwrap_or_default();
        let offset = self.position;
        let unknown =
            (kind > layout::KIND_BLUEPRINT).then_some(WireError::UnknownKind { offset, kind });
        let start = offset + MESSAGE_HEADER;
        if self.after_end && kind == layout::KIND_END && length == 0 {
            return self.zeros().map(Some);
        }
        if length > MAX_MESSAGE || unknown.is_some() {
            let file = self.source.seek(SeekFrom::End(0))?;
            if start.checked_add(length).is_none_or(|end| end > file) {
                self.missing = start.saturating_add(length).saturating_sub(file);
                return unknown.map_or(Ok(None), Err);
            }
            self.advance(MESSAGE_HEADER + length);
            let limit = MAX_MESSAGE;
            let large = WireError::TooLarge {
                size: length,
                limit,
            };
            return Ok(Some(Item::Skipped(unknown.unwrap_or(large))));
        }
        let Some(body) = self.fetch(start, length)? else {
            return Ok(None);
        };
        self.advance(MESSAGE_HEADER + length);
        self.after_end = kind == layout::KIND_END;
        if kind == layout::KIND_END {
            return Ok(Some(Item::End));
        }
        let size = body.len() + MESSAGE_HEADER as usize;
        let decoder = &mut self.decoder;
        Ok(Some(match caught(|| decoded(decoder, kind, body)) {
            Ok(message) => Item::Message(message, size),
            Err(error) => Item::Skipped(error),
        }))
    }

    /// Skips zeros, which a file may end with after a power failure. No message starts with one.
    fn zeros(&mut self) -> Result<Item, WireError> {
        let offset = self.position;
        let file = self.source.seek(SeekFrom::End(0))?;
        while let Some(bytes) =
            self.fetch(self.position, AHEAD.min(file.saturating_sub(self.position)))?
        {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            self.advance(zeros as u64);
            if zeros < bytes.len() || bytes.is_empty() {
                break;
            }
        }
        let bytes = self.position - offset;
        Ok(Item::Skipped(WireError::Zeros { offset, bytes }))
    }

    /// The length of the footer here: 0 if this is none, `None` if that cannot be said yet.
    fn footer_length(&mut self) -> Result<Option<u64>, WireError> {
        let file = self.source.seek(SeekFrom::End(0))?;
        for entries in 0..=MAX_FOOTER_ENTRIES {
            let tail = self.position + entries * FOOTER_ENTRY;
            if tail + FOOTER_TAIL > file && entries > 1 {
                break;
            }
            let Some(bytes) = self.fetch(tail, FOOTER_TAIL)? else {
                return Ok(None);
            };
            let count = bytes
                .strip_prefix(layout::FOOTER_MAGIC)
                .and_then(|count| count.try_into().ok())
                .map(u32::from_le_bytes);
            if count.is_some_and(|count| u64::from(count) == entries) {
                return Ok(Some(entries * FOOTER_ENTRY + FOOTER_TAIL));
            }
        }
        Ok(Some(0))
    }

    fn advance(&mut self, length: u64) {
        self.position = self.position.saturating_add(length);
    }

    /// A part of the file, if all of it is there.
    fn fetch(&mut self, offset: u64, length: u64) -> Result<Option<Bytes>, WireError> {
        let end = offset.saturating_add(length);
        let (start, ahead) = &self.ahead;
        if offset >= *start && end <= start + ahead.len() as u64 {
            let from = (offset - start) as usize;
            return Ok(Some(ahead.slice(from..from + length as usize)));
        }
        let file = self.source.seek(SeekFrom::End(0))?;
        if end > file {
            // Nothing at all is not a part of something.
            self.missing = if offset < file || offset > self.position {
                end - file
            } else {
                0
            };
            return Ok(None);
        }
        let wanted = length.max(AHEAD).min(file - offset);
        self.source.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
        self.source.by_ref().take(wanted).read_to_end(&mut bytes)?;
        let bytes = Bytes::from(bytes);
        if (bytes.len() as u64) < length {
            return Ok(None);
        }
        let part = bytes.slice(..length as usize);
        self.ahead = if bytes.len() as u64 <= AHEAD {
            (offset, bytes)
        } else {
            (0, Bytes::new())
        };
        Ok(Some(part))
    }
}

/// The message of a kind.
fn decoded(decoder: &mut MessageDecoder, kind: u64, body: Bytes) -> Result<LogMessage, WireError> {
    decoder.content(match kind {
        layout::KIND_STORE => proto::Content::SetStoreInfo(proto::SetStoreInfo::decode(body)?),
        layout::KIND_CHUNK => proto::Content::Arrow(proto::ArrowMessage::decode(body)?),
        _ => return Ok(LogMessage::Blueprint),
    })
}
